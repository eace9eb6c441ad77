"""The connection to a MySQL server, as PyMySQL makes it; imported at the first one."""

from typing import Any

from pymysql.connections import Connection  # type: ignore[import-untyped]
from pymysql.constants import CLIENT, ER  # type: ignore[import-untyped]
from pymysql.err import OperationalError  # type: ignore[import-untyped]

_STATEMENT_S = 20.0
_PING_S = 2.0
_HEADER = 1  # the byte that says "query" before its text


class WireConnection(Connection):  # type: ignore[misc]
    """A connection that can be limited in time, and that knows what the server takes at once.

    PyMySQL has no public way to set a connection's time limits after it was opened.
    """

    largest = 0

    def wait_at_most(self, seconds: float) -> None:
        """Give up a statement that is not sent, or not answered, for this long."""
        self._read_timeout = self._write_timeout = seconds

    def answers(self) -> bool:
        """Ask whether the server still knows the connection; never wait long for a dead one."""
        self.wait_at_most(_PING_S)
        try:
            self.ping(reconnect=False)
        except Exception:  # whatever the driver says, a new connection is the answer
            return False
        return True

    def query(self, sql: Any, unbuffered: bool = False) -> Any:
        """Send a statement; one that is too large is not begun, since a server may hang up on it.

        Raises
        ------
        OperationalError : number 1153, as from the server.
        """
        text = sql.encode(self.encoding) if isinstance(sql, str) else sql
        if self.largest and len(text) + _HEADER > self.largest:
            raise OperationalError(
                ER.NET_PACKET_TOO_LARGE, f"{len(text)} bytes: max_allowed_packet is {self.largest}"
            )
        return super().query(text, unbuffered)


def connect(**parameters: Any) -> WireConnection:
    """Open a connection; ``parameters`` as PyMySQL takes them."""
    opened = WireConnection(
        autocommit=True,
        client_flag=CLIENT.FOUND_ROWS,  # an UPDATE counts matched rows, as SQLite does
        **parameters,
    )
    # Until here the time limit was that of waiting for the greeting: a server that wakes may accept
    # at once and be silent for long.
    opened.wait_at_most(_STATEMENT_S)
    try:
        with opened.cursor() as cursor:
            cursor.execute("SELECT @@max_allowed_packet")
            (opened.largest,) = cursor.fetchone()
    except BaseException:
        opened.close()
        raise
    return opened
