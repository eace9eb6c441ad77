"""How often one user may submit: a moving window kept by the ``limits`` package."""

import math
import time
from typing import TYPE_CHECKING

from functions._runtime.errors import Busy

if TYPE_CHECKING:
    from limits import RateLimitItemPerMinute
    from limits.strategies import MovingWindowRateLimiter


class Rates:
    """Limit of submissions per minute and user, for this instance."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._limiter: MovingWindowRateLimiter | None = None
        self._limit: RateLimitItemPerMinute | None = None

    def load(self) -> None:
        """Import the package and begin to count; at the first submission unless called before."""
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._limit = RateLimitItemPerMinute(self._per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self, user_id: int) -> None:
        """Count one submission.  Raises Busy with the seconds to wait where it is one too many."""
        if self._limiter is None or self._limit is None:
            self.load()
        assert self._limiter is not None
        assert self._limit is not None
        if not self._limiter.hit(self._limit, str(user_id)):
            window = self._limiter.get_window_stats(self._limit, str(user_id))
            wait = max(1, math.ceil(window.reset_time - time.time()))
            raise Busy("提交过于频繁，请稍后再试", retry_after=wait)
