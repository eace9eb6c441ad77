"""Maxima and minima of a sampled curve, with the uncertainties of their positions.

**Finding.**  The curve is smoothed by local parabolas.  Its turning points, with the two ends, are
then thinned: the neighbouring maximum and minimum that differ least, measured by the noise, are
taken out together until every remaining rise and fall exceeds the noise sixfold (topological
persistence).  A flat top of equal readings is one turning point of the smooth curve.

For a ``periodic`` curve (Franck–Hertz) the period comes from the data first; the smoothing follows
it, and of two maxima closer than 0.6 periods the lesser one goes: ripples 2 V apart are no peaks.

**Refining.**  A local parabola with tricube weights over the width of the peak gives the position
x = -c₁/(2 c₂) and its uncertainty, with the scatter around the parabolas of all peaks pooled.

**Envelope.**  On a rising envelope a maximum lies too high in x and a minimum too low, the first
ones most, so that the spacing of plain maxima is too small.  Where the curve is a periodic shape
between a lower envelope L and an upper one U, y = L + (U - L)·m(x), the crests of m are not where
y' = 0 but where the curve touches the envelope, y' = U' (and y' = L' in the troughs); to first
order a crest lies at x_max + U'/y''.  :func:`take_out_envelope` therefore fits smooth envelopes
through the crests and troughs, looks for the maxima of y/U and the minima of (y - L)/(U - L), and
repeats with the envelopes through the new places.  The uncertainty of an envelope's slope is in u.
What stays: on a skew shape the parabola's vertex is not the crest, but by the same amount in all
peaks, so that the spacing is right and only the offset V₀ of the row of peaks is moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from GTC import ureal
from numpy.typing import NDArray
from scipy import special

from functions._lab.envelope import Envelope, fit_envelope
from functions._lab.errors import ReadingError
from functions._lab.smoothing import Parabola, local_parabola, noise, period, scatter
from functions._lab.turning import half_width, turning_points

Floats = NDArray[np.float64]

_FEWEST = 5
_REACH = 0.28
"""Half-width of a local parabola in periods."""
_ROUNDS = 5


@dataclass(frozen=True)
class Extremum:
    """One maximum or minimum."""

    value: float
    """Its abscissa."""
    standard_uncertainty: float
    degrees_of_freedom: float
    height: float
    """The curve there, from the local parabola."""
    height_uncertainty: float
    index: int
    """Nearest reading, in the order given."""
    half_width: float
    """Half-width of the local parabola."""
    bend: float
    """Its coefficient of (x - value)², of the curve with its envelope taken out if that was."""
    plain: float
    """Abscissa on the curve as it is; differs from ``value`` where an envelope was taken out."""

    @cached_property
    def position(self) -> Any:
        """The abscissa as a GTC uncertain number."""
        return ureal(self.value, self.standard_uncertainty, self.degrees_of_freedom)


@dataclass(frozen=True)
class Extrema:
    """Maxima and minima of a curve, each in order of x."""

    peaks: list[Extremum]
    valleys: list[Extremum]
    period: float | None
    """Estimated from the whole curve; None where it was not looked for or not found."""
    x: Floats
    y: Floats
    sigma: Floats
    """Noise of each reading as the curve itself shows it."""
    order: NDArray[np.intp]
    """``x`` and ``y`` are sorted; places of their readings in the columns as given."""


def find_extrema(
    x: Any, y: Any, *, periodic: bool = False, min_separation: float | None = None
) -> Extrema:
    """Find and refine the maxima and minima of a sampled curve.

    Parameters
    ----------
    x, y : (n,), in any order of x; readings at the same x are averaged.
    periodic : peaks recur at about equal distances, which are estimated from the data.
    min_separation : least distance of two maxima, in the unit of x.

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
    turning = turning_points(xs, ys, separation / 2.4, separation)
    bare = Extrema([], [], recurrence, xs, ys, noise(xs, ys), order)
    found = {}
    for top in (True, False):
        places = [t.x for t in turning if t.top == top]
        if recurrence is None:
            widths = [half_width(xs, ys, t) for t in turning if t.top == top]
        else:
            widths = [_REACH * recurrence] * len(places)
        found[top] = _refine(bare, ys, bare.sigma, places, widths)
    return replace(bare, peaks=found[True], valleys=found[False])


def take_out_envelope(extrema: Extrema) -> Extrema:
    """Places where the curve touches its envelopes instead of its plain maxima and minima.

    Needs two peaks at least for the peaks and two valleys as well for the valleys; what cannot be
    corrected is returned as it is.
    """
    if len(extrema.peaks) < 2:
        return extrema
    peaks, valleys = extrema.peaks, extrema.valleys
    x, y, sigma = extrema.x, extrema.y, extrema.sigma
    for _ in range(_ROUNDS):
        top = _through(peaks)
        upper = top.at(x)
        peaks = _moved(extrema, y / upper, sigma / upper, peaks, top, upper)
        if len(valleys) >= 2:
            bottom = _through(valleys)
            lower = bottom.at(x)
            gap = upper - lower
            valleys = _moved(extrema, (y - lower) / gap, sigma / gap, valleys, bottom, gap)
    return replace(extrema, peaks=peaks, valleys=valleys)


def orders(extrema: Sequence[Extremum]) -> list[int]:
    """Order numbers n = 1, 2, … of neighbouring peaks, with gaps where one is missing.

    A distance counts as two periods where it is more than 1.5 times the median distance.
    """
    places = np.array([e.value for e in extrema])
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


def _refine(
    bare: Extrema,
    curve: Floats,
    sigma: Floats,
    places: Sequence[float],
    widths: Sequence[float],
) -> list[Extremum]:
    """Extrema of ``curve`` (n,) with noise ``sigma`` (n,) near the given places.

    The noise of a periodic curve is taken to have the course of ``sigma``, so that all windows tell
    of its size together.  Else each window stands for itself, but not below ``sigma``.
    """
    if not places:
        return []
    fits = [_vertex(bare.x, curve, sigma, *pair) for pair in zip(places, widths, strict=True)]
    if bare.period is None:
        sizes = [scatter([fit], same_shape=False) for fit in fits]
        sizes = [(max(1.0, size), freedom) for size, freedom in sizes]
    else:
        sizes = [_pooled(bare.x.size, *scatter(fits, same_shape=True))] * len(fits)
    found = []
    for fit, width, (size, freedom) in zip(fits, widths, sizes, strict=True):
        place, cut = fit.vertex, _cut_short(bare.x, curve, sigma, fit, fits)
        here = local_parabola(bare.x, bare.y, bare.sigma, place, width)
        found.append(
            Extremum(
                value=place,
                standard_uncertainty=float(np.hypot(size * fit.vertex_uncertainty, cut)),
                degrees_of_freedom=freedom,
                height=float(here.coefficients[0]),
                height_uncertainty=size * float(np.sqrt(here.covariance[0, 0])),
                index=int(bare.order[np.argmin(np.abs(bare.x - place))]),
                half_width=width,
                bend=float(fit.coefficients[2]),
                plain=place,
            )
        )
    return found


def _cut_short(
    x: Floats, y: Floats, sigma: Floats, fit: Parabola, others: Sequence[Parabola]
) -> float:
    """Uncertainty of a vertex whose window the end of the curve cuts, 0 where it does not.

    What such a cut does to the whole windows of the others, or, without any, what a symmetric
    window does to this one.
    """

    def inside(one: Parabola) -> float:
        return float(min(one.centre - x[0], x[-1] - one.centre))

    rest = inside(fit)
    if rest >= fit.reach or rest <= 0:
        return 0.0
    shifts = []
    for other in others:
        if inside(other) >= other.reach:
            at_end = x[-1] - fit.centre < fit.centre - x[0]
            part = x <= other.centre + rest if at_end else x >= other.centre - rest
            cut = _vertex(x[part], y[part], sigma[part], other.centre, other.reach)
            shifts.append(cut.vertex - other.vertex)
    if not shifts:
        shifts.append(_vertex(x, y, sigma, fit.vertex, rest).vertex - fit.vertex)
    return float(np.sqrt(np.mean(np.square(shifts))))


def _pooled(n: int, size: float, freedom: float) -> tuple[float, float]:
    """Scatter in the windows joined with the noise of the whole curve (1, by definition).

    The latter is a median over n overlapping distances, worth about n/5 degrees of freedom.  It
    comes out too large where the curve bends within few readings; then the windows alone count.
    """
    if size**2 < special.chdtri(freedom, 0.9999) / freedom:
        return size, freedom
    both = freedom + n / 5
    return float(np.sqrt((freedom * size**2 + n / 5) / both)), both


def _vertex(x: Floats, y: Floats, sigma: Floats, place: float, width: float) -> Parabola:
    """Parabola centred on its own vertex, which stays within half a width of ``place``."""
    centre = place
    fit = local_parabola(x, y, sigma, centre, width)
    for _ in range(12):
        moved = float(np.clip(fit.vertex, place - width / 2, place + width / 2))
        if abs(moved - centre) < 1e-5 * width:
            break
        centre = moved
        fit = local_parabola(x, y, sigma, centre, width)
    return fit


def _moved(
    extrema: Extrema,
    curve: Floats,
    sigma: Floats,
    before: Sequence[Extremum],
    envelope: Envelope,
    gap: Floats,
) -> list[Extremum]:
    """The extrema found anew on ``curve``, with the part that the envelope's slope has in u.

    An uncertainty u(E') of the envelope's slope moves the touching point by u(E')/|y''|.
    """
    widths = [e.half_width for e in before]
    after = _refine(extrema, curve, np.abs(sigma), [e.value for e in before], widths)
    moved = []
    for new, old in zip(after, before, strict=True):
        scale = 2 * abs(new.bend * float(np.interp(new.value, extrema.x, gap)))
        part = envelope.slope_uncertainty(new.value) / max(scale, 1e-300)
        u = float(np.hypot(new.standard_uncertainty, min(part, new.half_width)))
        moved.append(replace(new, standard_uncertainty=u, plain=old.plain))
    return moved


def _through(extrema: Sequence[Extremum]) -> Envelope:
    """The envelope through two extrema at least."""
    return fit_envelope(
        [e.value for e in extrema],
        [e.height for e in extrema],
        [e.height_uncertainty for e in extrema],
    )
