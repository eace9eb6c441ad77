"""How often something may happen: moving windows, kept by the ``limits`` package."""

import asyncio
import contextlib
import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from functions._runtime.errors import BadInput, Busy

if TYPE_CHECKING:
    from limits import RateLimitItemPerMinute
    from limits.strategies import MovingWindowRateLimiter


CODES_PER_MINUTE = 6
"""Codes that one person may ask for."""
WRONG_CODES, WRONG_MINUTES = 20, 10
"""Wrong codes from one address: a class behind one address mistypes, too."""
WRONG_IN_ALL, IN_ALL_MINUTES = 100, 10
"""Wrong short codes from everywhere, after which somebody is trying them out."""


class Rates:
    """Limit per window and key, for this instance.

    Parameters
    ----------
    times : how often in a window, for each key.
    refusal : the Chinese sentence for one time too many.
    minutes : the window.
    """

    def __init__(
        self, times: int, refusal: str = "提交过于频繁，请稍后再试", minutes: int = 1
    ) -> None:
        self._times = times
        self._minutes = minutes
        self._refusal = refusal
        self._limiter: MovingWindowRateLimiter | None = None
        self._limit: RateLimitItemPerMinute | None = None

    def load(self) -> None:
        """Import the package and begin to count; at the first time unless called before."""
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._limit = RateLimitItemPerMinute(self._times, self._minutes)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self, key: object) -> None:
        """Count one more.  Raises Busy with the seconds to wait where it is one too many."""
        limiter, limit = self._loaded()
        if not limiter.hit(limit, str(key)):
            raise self._busy(key)

    def require_room(self, key: object) -> None:
        """Raise Busy as :meth:`admit` would, and count nothing."""
        if not self.has_room(key):
            raise self._busy(key)

    def has_room(self, key: object) -> bool:
        """Whether :meth:`admit` would let one more in."""
        limiter, limit = self._loaded()
        return limiter.test(limit, str(key))

    def count(self, key: object) -> None:
        """Count one more, whether there is room or not."""
        limiter, limit = self._loaded()
        limiter.hit(limit, str(key))

    @contextlib.contextmanager
    def of_refused(self, key: object | None) -> Iterator[None]:
        """Count what is refused inside the block, and let nothing in where there is no room.

        To read a body costs the same whether it is accepted or not.  ``None`` is not counted.
        """
        if key is not None:
            self.require_room(key)
        try:
            yield
        except BadInput:
            if key is not None:
                self.count(key)
            raise

    def _loaded(self) -> "tuple[MovingWindowRateLimiter, RateLimitItemPerMinute]":
        if self._limiter is None or self._limit is None:
            self.load()
        assert self._limiter is not None
        assert self._limit is not None
        return self._limiter, self._limit

    def _busy(self, key: object) -> Busy:
        limiter, limit = self._loaded()
        window = limiter.get_window_stats(limit, str(key))
        wait = max(1, math.ceil(window.reset_time - time.time()))
        return Busy(self._refusal, retry_after=wait)


class Guesses:
    """Wrong guesses, by address and of short codes in all.

    Where an address can be made up, counting by address holds nobody back; what then holds is that
    few short codes may be wrong in all, and that long ones are given out meanwhile: nobody guesses
    those, so who has one is kept out by nobody else.
    """

    def __init__(self) -> None:
        by_address, in_all = "输错的次数过多，请稍后再试", "输错的次数过多，请重新获取登录数字"
        self._by_address = Rates(WRONG_CODES, by_address, WRONG_MINUTES)
        self._in_all = Rates(WRONG_IN_ALL, in_all, IN_ALL_MINUTES)
        self.one_at_a_time = asyncio.Lock()
        """To be held from the question for room to the count: many at once find room for one."""

    @property
    def besieged(self) -> bool:
        """Whether short codes are being tried out."""
        return not self._in_all.has_room("")

    def require_room(self, address: str, *, short: bool) -> None:
        """Raise Busy where this address, or for a short code everybody, has guessed too often."""
        self._by_address.require_room(address)
        if short:
            self._in_all.require_room("")

    def count(self, address: str, *, short: bool) -> None:
        """One more was wrong."""
        self._by_address.count(address)
        if short:
            self._in_all.count("")
