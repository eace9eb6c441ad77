"""Where a rising curve ends before its readings do: the discharge, or the meter's full scale.

Beyond that place the readings tell nothing of what is measured; they are shown, and named.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from functions._lab.suspects import step_of

Array = NDArray[np.float64]

_FEWEST = 12
_LEAST_SHARE = 0.4
"""Share of the readings that lies before the place, at least."""
_LEAP = 5.0
"""Least rise at the place, in the largest of those before it."""
_STANDING = 4
"""Readings at the top, at least, for the meter to be standing still."""
_RUSH = 3.0
"""Least rise to the top from reading to reading, in its last digits: a crest is reached slowly."""


@dataclass(frozen=True)
class Overload:
    """The first reading that is none of the curve, in order of the abscissa."""

    index: int
    kind: Literal["discharge", "full-scale"]


def find_overload(y: Array) -> Overload | None:
    """Where a curve (n,), in order of its abscissa, ends before its last reading; None mostly."""
    if y.size < _FEWEST:
        return None
    standing = _full_scale(y)
    leap = _leap(y[:standing])
    if leap is not None:
        return Overload(leap, "discharge")
    return Overload(standing, "full-scale") if standing < y.size else None


def _full_scale(y: Array) -> int:
    """First of the readings that stand at the top until the end; n where they do not.

    The last digit of a meter at its end may still flicker.
    """
    step = step_of(y)
    below = np.flatnonzero(y < y.max() - 1.5 * step)
    first = int(below[-1]) + 1 if below.size else 0
    if y.size - first < _STANDING or first < max(3, _LEAST_SHARE * y.size):
        return y.size
    rises = np.diff(y[first - 3 : first + 1])
    return first if float(rises.max()) > _RUSH * step else y.size


def _leap(y: Array) -> int | None:
    """First reading of a tail that lies above all before it, behind a rise without example."""
    rises = np.diff(y)
    if not rises.size:
        return None
    before = np.maximum.accumulate(np.abs(rises))
    above = np.minimum.accumulate(y[::-1])[::-1][1:] > np.maximum.accumulate(y)[:-1]
    example = np.concatenate([[np.inf], before[:-1]])
    found = np.flatnonzero(above & (rises > _LEAP * np.maximum(example, step_of(y)))) + 1
    found = found[found >= _LEAST_SHARE * y.size]
    return int(found[0]) if found.size else None
