"""Places that are given out in turn: whoever asks for many waits behind whoever asks for one."""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator, Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    place: "asyncio.Future[None]"
    most: int | None


class Turns:
    """A number of places, each free one given to the user whose turn was longest ago.

    Parameters
    ----------
    places : how many may be held at once.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._held: Counter[Hashable] = Counter()
        self._lines: dict[Hashable, deque[_Waiter]] = {}
        """Who waits, by user; the first user is the next to be given a place."""

    @contextlib.asynccontextmanager
    async def of(self, user: Hashable, most: int | None = None) -> AsyncIterator[None]:
        """Hold a place for ``user``.

        Parameters
        ----------
        most : wait for as long as the user holds this many places.
        """
        await self._take(user, most)
        try:
            yield
        finally:
            self._give_back(user)

    async def _take(self, user: Hashable, most: int | None) -> None:
        waiter = _Waiter(asyncio.get_running_loop().create_future(), most)
        self._lines.setdefault(user, deque()).append(waiter)
        self._serve()
        try:
            await waiter.place
        except asyncio.CancelledError:
            if waiter.place.done() and not waiter.place.cancelled():
                self._give_back(user)  # it was given in the same moment
            else:
                self._leave(user, waiter)
            raise

    def _give_back(self, user: Hashable) -> None:
        self._free += 1
        self._held[user] -= 1
        if not self._held[user]:
            del self._held[user]
        self._serve()

    def _leave(self, user: Hashable, waiter: _Waiter) -> None:
        self._lines[user].remove(waiter)
        if not self._lines[user]:
            del self._lines[user]

    def _serve(self) -> None:
        while self._free and (found := self._next()) is not None:
            user, waiter = found
            line = self._lines.pop(user)
            line.remove(waiter)
            if line:
                self._lines[user] = line  # behind all others
            self._free -= 1
            self._held[user] += 1
            waiter.place.set_result(None)

    def _next(self) -> tuple[Hashable, _Waiter] | None:
        for user, line in self._lines.items():
            for waiter in line:
                allowed = waiter.most is None or self._held[user] < waiter.most
                if allowed and not waiter.place.cancelled():
                    return user, waiter
        return None
