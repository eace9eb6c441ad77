"""What the two database engines have in common, as the rest of the storage uses them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Protocol, TypeAlias

from storage.errors import StorageUnavailable
from storage.orm import peewee
from storage.records import DatabaseInfo

# One peewee Database object holds exactly one open connection here, so that it can be lent to one
# thread at a time and needs neither thread-local state nor a lock around connecting.
Connection: TypeAlias = peewee.Database


class Engine(Protocol):
    """A kind of database."""

    @property
    def identity(self) -> object:
        """Changes when the database was replaced, so that idle connections are to the old one."""

    def connect(self, timeout: float) -> Connection:
        """Open a connection within ``timeout`` seconds; create a missing database."""

    def is_usable(self, connection: Connection, idle_s: float) -> bool:
        """Tell whether a connection that lay idle for ``idle_s`` seconds can still be used."""

    def limit(self, connection: Connection, seconds: float) -> None:
        """Let no statement on a connection that is lent now wait longer than ``seconds``."""

    def judge(self, exception: Exception) -> StorageUnavailable | None:
        """Translate a driver's exception; None for a mistake of ours, which must be seen."""

    def migration_lock(
        self, connection: Connection, timeout: float
    ) -> AbstractContextManager[None]:
        """Keep every other instance from migrating meanwhile."""

    def give_back_space(self, connection: Connection) -> None:
        """Return what deleted rows took to the disk, piece by piece, if nobody is in the way."""

    def info(self, connection: Connection) -> DatabaseInfo:
        """Describe the database without credentials."""


def execute(connection: Connection, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run one statement that is no query of the models; give its rows."""
    cursor = connection.execute_sql(sql, parameters)  # type: ignore[no-untyped-call]
    return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def transaction(connection: Connection, *mode: str) -> Iterator[None]:
    """Commit at the end of the block, or roll back.

    peewee's own ``atomic`` lets a rollback that fails (SQLite has done it by itself when the disk
    was full, a lost server cannot any more) hide the reason why it was needed.

    Parameters
    ----------
    mode : of SQLite's BEGIN, where it is not the connection's usual one.
    """
    connection.begin(*mode)
    try:
        yield
    except BaseException:
        with suppress(peewee.PeeweeException):
            connection.rollback()
        raise
    connection.commit()


def now(connection: Connection) -> Any:
    """Give the SQL expression of the database's own time in microseconds since 1970.

    Leases are compared on this clock alone, so instances whose clocks differ agree on them.
    """
    if isinstance(connection, peewee.SqliteDatabase):
        return peewee.fn.now_us()
    return peewee.SQL("TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))")
