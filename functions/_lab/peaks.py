"""Maxima and minima of a sampled curve, with the uncertainties of their positions.

**Finding.**  The curve is smoothed by local parabolas.  Its turning points, with the two ends, are
then thinned: the neighbouring maximum and minimum that differ least, measured by the noise, are
taken out together until every remaining rise and fall exceeds the noise sixfold (topological
persistence).  A flat top of equal readings is one turning point of the smooth curve.

For a ``periodic`` curve (Franck–Hertz) the period comes from the data first; the smoothing follows
it, and of two maxima closer than 0.6 periods the lesser one goes: ripples 2 V apart are no peaks.

**Refining.**  A local parabola with tricube weights over the width of the peak gives the position
x = -c₁/(2 c₂) and its uncertainty.  For the size of the noise of a periodic curve the scatter in
the windows of all peaks (``scatter.common``) is pooled with that of every reading of the curve
about its six neighbours: four do not bend with a curve that is read in a dozen steps a period.

**Envelope.**  On a rising envelope a maximum lies too high in x and a minimum too low, the first
ones most, so that the spacing of plain maxima is too small.  Where the curve is a periodic shape
between a lower envelope L and an upper one U, y = L + (U - L)·m(x), the crests of m are not where
y' = 0 but where the curve touches the envelope, y' = U' (and y' = L' in the troughs); to first
order a crest lies at x_max + U'/y''.  :func:`touching_places` therefore fits smooth envelopes
through the crests and troughs, looks for the maxima of y/U and the minima of (y - L)/(U - L), and
repeats with the envelopes through the new places.
What stays: on a skew shape the parabola's vertex is not the crest, but by the same amount in all
peaks, so that the spacing is right and only the offset V₀ of the row of peaks is moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab.envelope import fit_envelope
from functions._lab.errors import ReadingError
from functions._lab.extrema import Extrema, Extremum, refined
from functions._lab.parabolas import windows
from functions._lab.smoothing import noise, period
from functions._lab.suspects import step_of
from functions._lab.turning import half_width, turning_points

__all__ = [
    "Extrema",
    "Extremum",
    "Touching",
    "find_extrema",
    "orders",
    "orders_of",
    "touching_places",
]

Floats = NDArray[np.float64]

_FEWEST = 5
_REACH = 0.28
"""Half-width of a local parabola in periods."""
_KNOWN = 0.2
"""Largest uncertainty of an extremum in periods; what lies anywhere is none."""
_ROUNDS = 20
_CLOSE = 1e-5
"""Move of an extremum, in half-widths, after which its envelope counts as found."""


def find_extrema(
    x: Any,
    y: Any,
    *,
    periodic: bool = False,
    min_separation: float | None = None,
    digit: float | None = None,
) -> Extrema:
    """Find and refine the maxima and minima of a sampled curve.

    Parameters
    ----------
    x, y : (n,), in any order of x; readings at the same x are averaged.
    periodic : peaks recur at about equal distances, which are estimated from the data.
    min_separation : least distance of two maxima, in the unit of x.
    digit : step of the last digit of a reading, where ``y`` are means of several; else it is that
        of ``y``.

    Raises
    ------
    ReadingError : fewer than five different abscissae.
    """
    xs, ys, order = _sorted(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    if xs.size < _FEWEST:
        raise ReadingError(f"寻找峰和谷至少需要 {_FEWEST} 个不同的横坐标")
    recurrence = period(xs, ys) if periodic else None
    separation = min_separation or 0.0
    if recurrence is not None:
        separation = max(separation, 0.6 * recurrence)
    sigma = noise(xs, ys, beside=2 if recurrence is None else 3)
    step = step_of(ys) if digit is None else digit
    turning = turning_points(xs, ys, sigma, separation / 2.4, separation, step)
    bare = Extrema([], [], recurrence, xs, ys, sigma, order)
    found = {}
    for top in (True, False):
        kept = [t for t in turning if t.top == top]
        places = np.array([t.x for t in kept])
        if recurrence is None:
            widths = np.array([half_width(xs, ys, t) for t in kept])
        else:
            widths = np.full(places.size, _REACH * recurrence)
        found[top] = [
            extremum
            for extremum in refined(bare, places, widths)
            if recurrence is None or extremum.standard_uncertainty < _KNOWN * recurrence
        ]
    return replace(bare, peaks=found[True], valleys=found[False])


@dataclass(frozen=True)
class Touching:
    """Abscissae where a curve touches its upper and its lower envelope, by x."""

    peaks: Floats
    valleys: Floats


def touching_places(extrema: Extrema) -> Touching:
    """Where the curve touches its envelopes, near its maxima and minima.

    Needs two peaks at least for the peaks and two valleys as well for the valleys; what cannot be
    corrected is returned as it is.
    """
    valleys = np.array([e.value for e in extrema.valleys])
    if len(extrema.peaks) < 2:
        return Touching(np.array([e.value for e in extrema.peaks]), valleys)
    plain = [*extrema.peaks, *(extrema.valleys if valleys.size >= 2 else [])]
    top = np.arange(len(plain)) < len(extrema.peaks)
    places, widths, u = np.array([(e.value, e.half_width, e.height_uncertainty) for e in plain]).T
    centres, which = places, (~top).astype(np.intp)[:, None]
    for _ in range(_ROUNDS):
        around = windows(extrema.x, centres, widths)
        heights = around.coefficients(extrema.y[around.index])[:, 0]
        curves = _flattened(extrema, centres, heights, u, top)
        vertices = around.vertices(around.coefficients(curves[which, around.index]))
        before, centres = centres, np.clip(vertices, places - widths / 2, places + widths / 2)
        if np.max(np.abs(centres - before) / widths) < _CLOSE:
            break
    return Touching(centres[top], centres[~top] if valleys.size >= 2 else valleys)


def _flattened(
    extrema: Extrema, places: Floats, heights: Floats, u: Floats, top: NDArray[np.bool_]
) -> Floats:
    """The curve over its upper envelope, and its height above the lower one over their distance.

    As rows; the second only where there are two minima to lay the lower envelope through.
    """
    ceiling = fit_envelope(places[top], heights[top], u[top]).at(extrema.x)
    if top.all():
        return np.asarray(extrema.y / ceiling)[None]
    floor = fit_envelope(places[~top], heights[~top], u[~top]).at(extrema.x)
    return np.stack([extrema.y / ceiling, (extrema.y - floor) / (ceiling - floor)])


def orders(extrema: Sequence[Extremum]) -> list[int]:
    """Order numbers of neighbouring peaks, as :func:`orders_of` gives them."""
    return orders_of(np.array([e.value for e in extrema]))


def orders_of(places: Floats) -> list[int]:
    """Order numbers n = 1, 2, … of peaks at ``places`` (n,), with gaps where one is missing.

    A distance counts as two periods where it is more than 1.5 times the median distance.
    """
    if places.size < 2:
        return list(range(1, places.size + 1))
    gaps = np.diff(places)
    steps = np.maximum(1, np.rint(gaps / np.median(gaps))).astype(int)
    return [1, *(1 + np.cumsum(steps)).tolist()]


def _sorted(x: Floats, y: Floats) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Different abscissae in order, the mean reading of each, and the place of its first one."""
    xs, first, inverse, counts = np.unique(
        x, return_index=True, return_inverse=True, return_counts=True
    )
    return xs, np.bincount(inverse, weights=y) / counts, first
