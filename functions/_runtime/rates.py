"""How often something may happen: moving windows of a minute, kept by the ``limits`` package."""

import contextlib
import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from functions._runtime.errors import BadInput, Busy

if TYPE_CHECKING:
    from limits import RateLimitItemPerMinute
    from limits.strategies import MovingWindowRateLimiter


class Rates:
    """Limit per minute and key, for this instance.

    Parameters
    ----------
    per_minute : how often, for each key.
    refusal : the Chinese sentence for one time too many.
    """

    def __init__(self, per_minute: int, refusal: str = "提交过于频繁，请稍后再试") -> None:
        self._per_minute = per_minute
        self._refusal = refusal
        self._limiter: MovingWindowRateLimiter | None = None
        self._limit: RateLimitItemPerMinute | None = None

    def load(self) -> None:
        """Import the package and begin to count; at the first time unless called before."""
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._limit = RateLimitItemPerMinute(self._per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self, key: object) -> None:
        """Count one more.  Raises Busy with the seconds to wait where it is one too many."""
        limiter, limit = self._loaded()
        if not limiter.hit(limit, str(key)):
            raise self._busy(key)

    def require_room(self, key: object) -> None:
        """Raise Busy as :meth:`admit` would, and count nothing."""
        limiter, limit = self._loaded()
        if not limiter.test(limit, str(key)):
            raise self._busy(key)

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
