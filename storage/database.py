"""The database as the functions of this package take it."""

import copy
import functools
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from storage.address import parse_address
from storage.engine import Connection, Engine, transaction
from storage.errors import StorageUnavailable
from storage.migrations import migrate
from storage.orm import peewee
from storage.pool import Pool, close_quietly
from storage.records import DatabaseInfo

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE_S = 8.0
"""Seconds that an operation may take while a server wakes, inside the 15 s of a client's call."""

_CONNECTIONS = 8
_FIRST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 0.5
_COLLISIONS = 5


class Database:
    """A database that is reached when it is first needed, from any thread.

    Nothing is opened at construction, so that an instance starts while its server sleeps.  Each
    operation takes a connection, and gives it back before it returns.
    """

    def __init__(self, engine: Engine, data_dir: Path, patience_s: float, connections: int) -> None:
        self.data_dir = data_dir
        self._engine = engine
        self._patience_s = patience_s
        self._pool = Pool(engine, self._open, connections)

    def within(self, seconds: float) -> "Database":
        """Give the same database, with another time that an operation may take in all."""
        other = copy.copy(self)
        other._patience_s = seconds
        return other

    def end_by(self, moment: float) -> None:
        """Let no operation wait beyond a time of ``time.monotonic()``: the process is ending."""
        self._pool.latest = moment

    def prepare(self) -> None:
        """Create or migrate the tables now rather than at the first operation.

        Raises
        ------
        StorageUnavailable : not reached within the patience.
        """
        self.perform(lambda _: None)

    def info(self) -> DatabaseInfo:
        """Describe the database without credentials."""
        return self.perform(self._engine.info)

    def give_back_space(self) -> None:
        """Return what deleted rows took to the disk; what cannot be now is at another time."""
        deadline = min(time.monotonic() + self._patience_s, self._pool.latest)
        tolerated = suppress(StorageUnavailable, peewee.PeeweeException)
        with tolerated, self._pool.connection(deadline) as connection:
            self._engine.give_back_space(connection)

    def close(self) -> None:
        """Close what is idle; an operation after this opens anew."""
        self._pool.close_idle()

    def perform(self, body: Callable[[Connection], R]) -> R:
        """Run ``body`` in one transaction, and again where its connection broke.

        ``body`` must be safe to repeat.  A row refused by a unique key was written by someone else
        meanwhile, so that is tried again too: ``body`` finds the row then.

        Raises
        ------
        StorageUnavailable : impossible still when the patience is over, or hopeless at once.
        """
        deadline = time.monotonic() + self._patience_s
        pause, collisions = _FIRST_PAUSE_S, 0
        while True:
            try:
                return self._try(body, min(deadline, self._pool.latest))
            except StorageUnavailable as exception:
                fault = exception
            except peewee.PeeweeException as exception:
                collisions += isinstance(exception, peewee.IntegrityError)
                fault = self._judge(exception, collisions)
                fault.__cause__ = exception
            if fault.lost:
                self._pool.close_idle()
            if not fault.passing or time.monotonic() + pause > min(deadline, self._pool.latest):
                raise fault
            if not self._pool.wait(pause, away=fault.lost):
                raise fault
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _try(self, body: Callable[[Connection], R], deadline: float) -> R:
        with self._pool.connection(deadline) as connection, transaction(connection):
            return body(connection)

    def _open(self, timeout: float) -> Connection:
        """Open a connection to tables of the newest version, also where they were deleted."""
        connection = self._engine.connect(timeout)
        try:
            migrate(self._engine, connection, timeout)
        except BaseException:
            close_quietly(connection)
            raise
        return connection

    def _judge(self, exception: peewee.PeeweeException, collisions: int) -> StorageUnavailable:
        if isinstance(exception, peewee.IntegrityError) and collisions <= _COLLISIONS:
            return StorageUnavailable(str(exception), passing=True)
        fault = self._engine.judge(exception)
        if fault is None:
            raise exception
        return fault


def operation(
    body: Callable[Concatenate[Connection, P], R],
) -> Callable[Concatenate[Database, P], R]:
    """Make a function of a connection into one of a :class:`Database`, as ``perform`` runs it."""

    @functools.wraps(body)
    def perform(database: Database, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return database.perform(lambda connection: body(connection, *args, **kwargs))

    return perform


def open_database(
    mysql_url: str | None,
    data_dir: Path,
    *,
    patience_s: float = PATIENCE_S,
    connections: int = _CONNECTIONS,
) -> Database:
    """Give the MySQL database at ``mysql_url``, or SQLite in ``data_dir`` where there is none.

    Parameters
    ----------
    mysql_url : as in the deployment guide; None or empty for SQLite.
    data_dir : folder of the SQLite file and of the figures.
    patience_s : seconds that an operation may take in all, with waiting for a sleeping server.
    connections : most connections open at once.

    Raises
    ------
    AddressInvalid : ``mysql_url`` cannot be read.
    """
    engine: Engine
    if mysql_url:
        from storage.mysql import MysqlEngine

        engine = MysqlEngine(parse_address(mysql_url))
    else:
        from storage.sqlite import SqliteEngine

        engine = SqliteEngine(data_dir)
    return Database(engine, data_dir, patience_s, connections)
