"""Connections whose other end takes its time: each is given up after a while, and few may wait.

Uvicorn waits for ever for the rest of a request, and for a client that does not read its answer.
Here a request must have come whole some seconds after its first byte (after the connection, for the
first one), and an answer must be read on in as many.  Where too many connections have no whole
request, the oldest of them goes, unless it is of the last second as in a burst of logins: whoever
means it has sent a request long before.
"""

import asyncio
import resource
from collections import OrderedDict
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_WAITING = 512
_YOUNG_S = 1.0


def more_files() -> int:
    """Let this process open as many files as it may; how many that are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Bounded(H11Protocol):
    """One connection.  :func:`bounded` gives the class with its bounds."""

    seconds: ClassVar[float]
    most_waiting: ClassVar[int]
    waiting: "ClassVar[OrderedDict[Bounded, float]]"
    """Connections without a whole request, with the loop's time since when; the oldest first."""

    _receiving: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._await_request()
        else:
            self._whole()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._whole()
        self._read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(self.seconds, self._give_up)

    def resume_writing(self) -> None:
        self._read()
        super().resume_writing()

    def _await_request(self) -> None:
        """Begin to wait for a whole request; nothing where that is so already."""
        if self._receiving is not None or self.transport.is_closing():
            return
        self._receiving = self.loop.call_later(self.seconds, self._give_up)
        self.waiting[self] = self.loop.time()
        oldest, since = next(iter(self.waiting.items()))
        if len(self.waiting) > self.most_waiting and self.loop.time() - since > _YOUNG_S:
            oldest._give_up()

    def _whole(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None
            self.waiting.pop(self, None)

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up(self) -> None:
        self._whole()
        self.transport.abort()


def bounded(seconds: float, most_waiting: int = MOST_WAITING) -> type[Bounded]:
    """Uvicorn's HTTP/1.1 with these bounds, for its setting ``http``.

    Parameters
    ----------
    seconds : patience with one request, and with a client that reads nothing of its answer.
    most_waiting : connections without a whole request, at most.
    """
    bounds = {"seconds": seconds, "most_waiting": most_waiting, "waiting": OrderedDict()}
    return type("BoundedHere", (Bounded,), bounds)
