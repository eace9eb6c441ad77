"""From values to pixels: linear and logarithmic scales and the ranges that they cover."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LARGEST = 1e290
_NARROWEST = 1e-9
"""Smallest width of a range against the size of its values: floating point must resolve it."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Values ``low`` … ``high`` on pixels ``start`` … ``end``."""

    low: float
    high: float
    start: float = 0.0
    end: float = 1.0
    log: bool = False
    whole: bool = False
    """It counts: there is nothing between whole numbers."""

    def pixel(self, values: ArrayLike) -> NDArray[np.float64]:
        """Pixel of each value; a logarithmic scale takes positive values only."""
        numbers = np.asarray(values, dtype=np.float64)
        low, high = self.low, self.high
        if self.log:
            numbers, low, high = np.log10(numbers), np.log10(low), np.log10(high)
        return np.asarray(self.start + (numbers - low) * ((self.end - self.start) / (high - low)))

    def at(self, start: float, end: float) -> "Scale":
        """The same range on other pixels."""
        return replace(self, start=start, end=end)

    def stretched(self, below: float, above: float) -> "Scale":
        """The range made longer by these fractions of itself at either end."""
        if self.log:
            low, high = np.log10(self.low), np.log10(self.high)
            width = high - low
            return replace(
                self,
                low=float(10.0 ** (low - below * width)),
                high=float(10.0 ** (high + above * width)),
            )
        width = self.high - self.low
        return replace(self, low=self.low - below * width, high=self.high + above * width)


def drawable(values: ArrayLike, log: bool) -> NDArray[np.bool_]:
    """Which values have a place on the scale: finite, and positive where it is logarithmic."""
    numbers = np.asarray(values, dtype=np.float64)
    return (np.abs(numbers) < _LARGEST) & (numbers > 1e-300 if log else True)


def covering(extents: Iterable[ArrayLike], log: bool, pad: float) -> Scale:
    """The scale that holds all ``extents`` with ``pad`` of its width to spare at both ends.

    Without any drawable value it is 0 … 1 (linear); one value only gets room on both sides.
    """
    low, high = np.inf, -np.inf
    for values in extents:
        numbers = np.atleast_1d(np.asarray(values, dtype=np.float64))
        numbers = numbers[drawable(numbers, log)]
        if numbers.size:
            low, high = min(low, float(numbers.min())), max(high, float(numbers.max()))
    if not low <= high:
        return Scale(0.1, 10.0, log=True) if log else Scale(0.0, 1.0)
    if log:
        if high / low < 1.0 + _NARROWEST:
            low, high = low / 3.0, high * 3.0
        return Scale(low, high, log=True).stretched(pad, pad)
    size = max(abs(low), abs(high))
    if high - low <= _NARROWEST * size or high == low:
        half = 0.1 * size or 1.0
        return Scale(low - half, high + half)
    padded = Scale(low, high).stretched(pad, pad)
    return replace(padded, low=0.0) if low > 0.0 > padded.low else padded
