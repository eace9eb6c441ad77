"""A bounded pool of connections, lent to one thread at a time.

Connecting happens outside every lock: while one thread waits for a sleeping server, others can
take and give back what is open.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from storage.engine import Connection, Engine
from storage.errors import StorageUnavailable
from storage.orm import peewee


class _Idle(NamedTuple):
    connection: Connection
    since: float
    identity: object


class Pool:
    """At most ``size`` connections to the database of ``engine``.

    Parameters
    ----------
    open_ : opens a connection within a number of seconds.
    """

    def __init__(self, engine: Engine, open_: Callable[[float], Connection], size: int) -> None:
        self._engine = engine
        self._open = open_
        self._free = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[_Idle] = []

    @contextmanager
    def connection(self, deadline: float) -> Iterator[Connection]:
        """Lend a connection until the block ends; one that failed is closed, not kept.

        ``deadline`` is a time of ``time.monotonic()``.

        Raises
        ------
        StorageUnavailable : all connections stay in use until the deadline.
        peewee.PeeweeException : as the engine's driver raises it.
        """
        if not self._free.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise StorageUnavailable("all connections are in use", passing=True)
        try:
            identity = self._engine.identity
            connection = self._take(identity)
            if connection is None:
                connection = self._open(max(0.1, deadline - time.monotonic()))
                identity = self._engine.identity
            try:
                yield connection
            except BaseException as exception:
                if _leaves_connection_whole(exception):
                    self._keep(connection, identity)
                else:
                    close_quietly(connection)
                raise
            self._keep(connection, identity)
        finally:
            self._free.release()

    def _take(self, identity: object) -> Connection | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                idle = self._idle.pop()
            idle_s = time.monotonic() - idle.since
            if idle.identity == identity and self._engine.is_usable(idle.connection, idle_s):
                return idle.connection
            close_quietly(idle.connection)

    def _keep(self, connection: Connection, identity: object) -> None:
        with self._lock:
            self._idle.append(_Idle(connection, time.monotonic(), identity))

    def close_idle(self) -> None:
        """Close all that is not lent now, after the server went away or at the end."""
        with self._lock:
            idle, self._idle = self._idle, []
        for one in idle:
            close_quietly(one.connection)


def _leaves_connection_whole(exception: BaseException) -> bool:
    """Only an error that is ours, or a refused row, says nothing against the connection."""
    if isinstance(exception, peewee.IntegrityError):
        return True
    return isinstance(exception, Exception) and not isinstance(exception, peewee.PeeweeException)


def close_quietly(connection: Connection) -> None:
    """Close a connection that may be broken."""
    with suppress(Exception):  # it is given up anyway
        connection.close()
