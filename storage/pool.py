"""A bounded pool of connections, lent to one thread at a time.

Connecting happens outside every lock: while one thread waits for a sleeping server, others can
take and give back what is open.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from storage.engine import Connection, Engine
from storage.errors import StorageUnavailable
from storage.orm import peewee

_WAITING_PER_CONNECTION = 2
_BETWEEN_ATTEMPTS_S = 0.1
_SHORTEST_S = 0.3


class _Idle(NamedTuple):
    connection: Connection
    since: float
    identity: object


class Pool:
    """At most ``size`` connections to the database of ``engine``.

    Parameters
    ----------
    open_ : opens a connection within a number of seconds.

    Attributes
    ----------
    latest : time of ``time.monotonic()`` beyond which nobody waits for anything.
    """

    def __init__(self, engine: Engine, open_: Callable[[float], Connection], size: int) -> None:
        self._engine = engine
        self._open = open_
        self._free = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[_Idle] = []
        self._waiting = threading.BoundedSemaphore(_WAITING_PER_CONNECTION * size)
        self._away = False
        self._next_attempt = -math.inf
        self.latest = math.inf

    def wait(self, seconds: float, *, away: bool) -> bool:
        """Pause before another attempt; False, at once, where too many wait already.

        Only some may wait for a server that is ``away``: else every thread of the process would,
        and what needs no database would stand still too.
        """
        if not away:
            time.sleep(seconds)
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            time.sleep(seconds)
        finally:
            self._waiting.release()
        return True

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
                connection = self._open_in_turn(deadline)
                identity = self._engine.identity
            try:
                self._engine.limit(connection, max(_SHORTEST_S, deadline - time.monotonic()))
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

    def _open_in_turn(self, deadline: float) -> Connection:
        """Open a connection; while the server is away, one thread tries for all, now and then.

        An attempt costs some 15 ms of CPU (a TLS context), so that many at once would take the
        whole process with them.
        """
        with self._lock:
            moment = time.monotonic()
            if moment < self._next_attempt:
                raise StorageUnavailable(
                    "the server was away a moment ago", passing=True, lost=True
                )
            if self._away:
                self._next_attempt = math.inf
        try:
            connection = self._open(max(0.1, deadline - moment))
        except BaseException:
            with self._lock:
                self._away = True
                self._next_attempt = time.monotonic() + _BETWEEN_ATTEMPTS_S
            raise
        with self._lock:
            self._away = False
            self._next_attempt = -math.inf
        return connection

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
