"""MySQL 5.7, 8.0 and MariaDB through PyMySQL.

Error numbers: https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html and
client-error-reference.html; 9449 is what a sleeping serverless cluster of the cloud answers.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from storage.address import MysqlAddress
from storage.engine import Connection, execute
from storage.errors import StorageFull, StorageReadOnly, StorageUnavailable
from storage.orm import peewee
from storage.records import DatabaseInfo

_UNKNOWN_DATABASE = 1049
_LOST = frozenset({0, 1053, 1152, 1153, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 2014, 2055, 4031})
_ASLEEP = frozenset({1040, 1130, 1129, 2002, 2003, 2005, 9449})
_LOCKED = frozenset({1205, 1213, 3572})
_READ_ONLY = frozenset({1036, 1290, 1792, 1836, 3989})
_FULL = frozenset({1021, 1114, 3019})
_REFUSED = frozenset({1044, 1045, 1142, 1227, 1698})
_MISTAKES = frozenset({1052, 1054, 1064, 1109, 1136, 1364})
_NO_TABLE = frozenset({1046, 1146, _UNKNOWN_DATABASE})
_CONNECT_S = 5.0
_STATEMENT_S = 20.0
_PING_AFTER_S = 2.0
_PING_S = 2.0


class _MysqlConnection(peewee.MySQLDatabase):
    """peewee's MySQL dialect on a connection that PyMySQL opens for us."""

    def _connect(self) -> Any:
        import pymysql  # type: ignore[import-untyped]
        from pymysql.constants import CLIENT  # type: ignore[import-untyped]

        opened = pymysql.connect(
            database=self.database,
            autocommit=True,
            client_flag=CLIENT.FOUND_ROWS,  # an UPDATE counts matched rows, as SQLite does
            **self.connect_params,
        )
        # Until here this was the time to wait for the greeting: a server that wakes may accept at
        # once and be silent for long.  PyMySQL has no public way to set it later.
        opened._read_timeout = _STATEMENT_S
        return opened

    def answers(self) -> bool:
        """Ask whether the server still knows the connection; never wait long for a dead one."""
        opened: Any = self.connection()  # type: ignore[no-untyped-call]
        opened._read_timeout = _PING_S
        try:
            opened.ping(reconnect=False)
        except Exception:  # whatever the driver says, a new connection is the answer
            return False
        finally:
            opened._read_timeout = _STATEMENT_S
        return True


class MysqlEngine:
    """The database at ``address``."""

    def __init__(self, address: MysqlAddress) -> None:
        self.address = address

    @property
    def identity(self) -> object:
        return self.address.database

    def connect(self, timeout: float) -> Connection:
        """Log in; where the database is missing, create it with utf8mb4."""
        try:
            return self._open(self.address.database, timeout)
        except peewee.OperationalError as exception:
            if error_number(exception) != _UNKNOWN_DATABASE:
                raise
        server = self._open(None, timeout)
        try:
            name = self.address.database.replace("`", "``").replace("%", "%%")
            execute(server, f"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4")
        finally:
            server.close()
        return self._open(self.address.database, timeout)

    def _open(self, database: str | None, timeout: float) -> Connection:
        # peewee takes an empty name for "not yet known"; a space is no name of a database.
        patience = max(1, round(min(_CONNECT_S, timeout)))
        connection = _MysqlConnection(
            database or " ",
            thread_safe=False,
            host=self.address.host,
            port=self.address.port,
            user=self.address.user,
            password=self.address.password.encode(),  # PyMySQL would take Latin-1
            ssl_ca=self.address.ssl_ca,
            charset="utf8mb4",
            sql_mode="STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION",
            connect_timeout=patience,
            read_timeout=patience,
            write_timeout=_STATEMENT_S,
        )
        if database is None:
            connection.database = None
        connection.connect()
        return connection

    def is_usable(self, connection: Connection, idle_s: float) -> bool:
        """Ask the server, unless the connection was in use a moment ago."""
        return idle_s < _PING_AFTER_S or cast(_MysqlConnection, connection).answers()

    def judge(self, exception: Exception) -> StorageUnavailable | None:
        """Translate by error number."""
        number = error_number(exception)
        text = str(exception)
        if number in _MISTAKES:
            return None
        if number in _FULL or (number in (3, 1030) and "28" in text):
            return StorageFull(text)
        if number in _READ_ONLY:
            return StorageReadOnly(text)
        if number in _REFUSED:
            return StorageUnavailable(text)
        if number in _LOCKED:
            return StorageUnavailable(text, passing=True)
        if number in _LOST or number in _ASLEEP or isinstance(exception, peewee.InterfaceError):
            return StorageUnavailable(text, passing=True, lost=True)
        if number in _NO_TABLE or isinstance(exception, peewee.OperationalError):
            return StorageUnavailable(text, lost=True)
        return None

    @contextmanager
    def migration_lock(self, connection: Connection, timeout: float) -> Iterator[None]:
        """Hold a named lock of the server; it goes with the session if we die."""
        name = f"lab_schema:{self.address.database}"[:64]
        deadline = time.monotonic() + timeout
        while execute(connection, "SELECT GET_LOCK(%s, 1)", name) != [(1,)]:
            if time.monotonic() > deadline:
                raise StorageUnavailable("another instance is migrating", passing=True)
        try:
            yield
        finally:
            execute(connection, "SELECT RELEASE_LOCK(%s)", name)

    def info(self, connection: Connection) -> DatabaseInfo:
        """Name server and database, without user and password."""
        tables = sorted(connection.get_tables())
        return DatabaseInfo(
            "mysql", self.address.host, self.address.port, self.address.database, tables
        )


def error_number(exception: Exception) -> int:
    """Give the server's or client's error number; -1 where there is none."""
    first = exception.args[0] if exception.args else None
    return first if isinstance(first, int) else -1
