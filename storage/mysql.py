"""MySQL 5.7, 8.0 and MariaDB through PyMySQL.

Error numbers: https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html and
client-error-reference.html; 9449 is what a sleeping serverless cluster of the cloud answers.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from storage.address import MysqlAddress
from storage.engine import Connection, execute
from storage.errors import StorageFull, StorageReadOnly, StorageTooLarge, StorageUnavailable
from storage.orm import peewee
from storage.records import DatabaseInfo

if TYPE_CHECKING:
    from storage.wire import WireConnection

_UNKNOWN_DATABASE = 1049
_LOST = frozenset({0, 1053, 1152, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 2014, 2055, 4031})
_ASLEEP = frozenset({1040, 1047, 1130, 1129, 1203, 1226, 2002, 2003, 2005, 9449})
_LOCKED = frozenset({1020, 1205, 1213, 1317, 1412, 1969, 3024, 3101, 3572})
_TOO_LARGE = frozenset({1153})
_READ_ONLY = frozenset({1036, 1290, 1792, 1836, 3989})
_FULL = frozenset({1021, 1114, 3019})
_REFUSED = frozenset({1044, 1045, 1142, 1227, 1698})
_MISTAKES = frozenset({1052, 1054, 1064, 1109, 1136, 1364})
_NO_TABLE = frozenset({1046, 1146, _UNKNOWN_DATABASE})
_CONNECT_S = 5.0
_PING_AFTER_S = 2.0

_SESSION = "SET SESSION innodb_lock_wait_timeout = 2, wait_timeout = 60"
"""Locks are given up while there is time to try again.  And when a host is lost, no farewell comes:
the server ends the session after this silence, and with it the locks on rows, else for 8 hours."""


class _MysqlConnection(peewee.MySQLDatabase):
    """peewee's MySQL dialect on a connection that PyMySQL opens for us."""

    def _connect(self) -> Any:
        from storage.wire import connect

        return connect(database=self.database, init_command=_SESSION, **self.connect_params)

    @property
    def wire(self) -> "WireConnection":
        """The open connection itself."""
        opened: WireConnection = self.connection()  # type: ignore[no-untyped-call]
        return opened


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
        )
        if database is None:
            connection.database = None
        connection.connect()
        return connection

    def is_usable(self, connection: Connection, idle_s: float) -> bool:
        """Ask the server, unless the connection was in use a moment ago."""
        return idle_s < _PING_AFTER_S or cast(_MysqlConnection, connection).wire.answers()

    def limit(self, connection: Connection, seconds: float) -> None:
        """Give a server that hangs no more time than the operation has."""
        cast(_MysqlConnection, connection).wire.wait_at_most(seconds)

    def judge(self, exception: Exception) -> StorageUnavailable | None:
        """Translate by error number."""
        number = error_number(exception)
        text = str(exception)
        if number in _MISTAKES:
            return None
        if number in _FULL or (number in (3, 1030) and "28" in text):
            return StorageFull(text)
        if number in _TOO_LARGE:
            return StorageTooLarge(text)
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

    def give_back_space(self, connection: Connection) -> None:
        """Nothing: the server uses the pages again."""

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
