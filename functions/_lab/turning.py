"""Turning points of a sampled curve that stand clear of its noise.  Used by ``peaks``."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from functions._lab.parabolas import smooth

Floats = NDArray[np.float64]

_CLEAR = 6.0
"""Least rise or fall beside a peak, in standard deviations of the curve."""
_MOST_POINTS = 4000
_DIGITS = 2.0
"""Least rise or fall in steps of the readings' last digit: rounding is no noise that averages."""
_ROUNDED = 1e-13
"""Share of the largest reading that arithmetic may make out of nothing."""


@dataclass(frozen=True)
class Turning:
    """A maximum (``top``) or minimum of the smooth curve."""

    x: float
    y: float
    top: bool
    fall: float
    """Difference in y to the nearer of its two neighbours."""


def turning_points(
    x: Floats, y: Floats, sigma: Floats, smoothing: float, separation: float, digit: float
) -> list[Turning]:
    """Maxima and minima in turn.

    Parameters
    ----------
    x, y, sigma : readings (n,) with their noise, x strictly increasing.
    smoothing : half-width of the local parabolas of the smooth curve, 0 for the curve as it is.
    separation : of two maxima closer than this the lesser one is left out.
    digit : step of the last digit of a reading.
    """
    at, curve = x, y
    # Over n readings of pure noise, extremes of ±√(2 ln n) σ are to be expected; σ itself is known
    # from few readings only roughly.
    clear = max(_CLEAR, 2 + 2 * float(np.sqrt(2 * np.log(x.size)))) * (1 + 8 / x.size)
    if smoothing > 0:
        at = np.linspace(x[0], x[-1], min(int(np.ptp(x) / smoothing * 6) + 2, _MOST_POINTS))
        curve, gain = smooth(x, y, at, smoothing)
        sigma = np.interp(at, x, sigma) * gain
        clear = _CLEAR
    least = max(_ROUNDED * float(np.abs(y).max()), _DIGITS * digit / clear)
    sigma = np.maximum(sigma, least)
    at, curve, sigma = _flat_tops_joined(at, curve, sigma)
    kept = _thinned(curve, sigma, _bends(curve, np.arange(at.size)), clear)
    kept = _apart(at, curve, kept, separation)
    points = [
        Turning(
            x=float(at[i]),
            y=float(curve[i]),
            top=bool(curve[i] > curve[before]),
            fall=float(min(abs(curve[i] - curve[before]), abs(curve[i] - curve[after]))),
        )
        for before, i, after in zip(kept, kept[1:], kept[2:], strict=False)
    ]
    return [point for point in points if x[1] <= point.x <= x[-2]]


def half_width(x: Floats, y: Floats, point: Turning) -> float:
    """Distance from a turning point to where half of its fall is reached, on the nearer side."""
    inside = (y > point.y - point.fall / 2) if point.top else (y < point.y + point.fall / 2)
    outside = x[~inside]
    if outside.size == 0:
        return float(np.ptp(x)) / 2
    return float(np.min(np.abs(outside - point.x)))


def _flat_tops_joined(at: Floats, y: Floats, sigma: Floats) -> tuple[Floats, Floats, Floats]:
    """Runs of equal readings become one reading in their middle."""
    first = np.flatnonzero(np.concatenate([[True], np.diff(y) != 0]))
    last = np.append(first[1:], y.size) - 1
    return (at[first] + at[last]) / 2, y[first], sigma[first]


def _bends(y: Floats, kept: NDArray[np.intp]) -> NDArray[np.intp]:
    """Of the points ``kept``, those where the curve through them turns, and the two ends."""
    rises = np.diff(y[kept])
    turns = np.flatnonzero(rises[1:] * rises[:-1] < 0) + 1
    return kept[np.concatenate([[0], turns, [kept.size - 1]])] if kept.size > 1 else kept


def _thinned(y: Floats, sigma: Floats, kept: NDArray[np.intp], clear: float) -> NDArray[np.intp]:
    """Without the rises and falls, smallest first, that are below ``clear`` in units of noise."""
    while kept.size > 2:
        heights = np.abs(np.diff(y[kept]))
        scale = np.hypot(sigma[kept[1:]], sigma[kept[:-1]]) / np.sqrt(2)
        ratios = heights / np.maximum(scale, 1e-300)
        least = int(np.argmin(ratios))
        if ratios[least] >= clear:
            break
        pair = [i for i in (least, least + 1) if 0 < i < kept.size - 1]
        kept = _bends(y, np.delete(kept, pair))
    return kept


def _apart(at: Floats, y: Floats, kept: NDArray[np.intp], separation: float) -> NDArray[np.intp]:
    """Without the lesser one of two maxima closer than ``separation``."""
    while True:
        inner = kept[1:-1]
        tops = inner[y[inner] > y[kept[:-2]]]
        close = np.flatnonzero(np.diff(at[tops]) < separation)
        if close.size == 0:
            return kept
        pair = tops[close[0] : close[0] + 2]
        between = kept[(kept > pair[0]) & (kept < pair[1])]
        lesser = pair[int(np.argmin(y[pair]))]
        kept = _bends(y, kept[~np.isin(kept, [lesser, *between])])
