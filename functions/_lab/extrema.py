"""Places of maxima and minima from local parabolas, with their uncertainties; for ``peaks``."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from GTC import ureal
from numpy.typing import NDArray
from scipy import special

from functions._lab import scatter
from functions._lab.parabolas import Parabolas, blocks, parabolas, windows

Floats = NDArray[np.float64]

_STEPS = 20
_OVERLAP = 6.2
"""Readings to one degree of freedom of the noise found from six neighbours of each."""
_CLOSE = 1e-5
"""Move of a centre, in half-widths, after which it counts as the vertex."""


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


def refined(bare: Extrema, places: Floats, widths: Floats) -> list[Extremum]:
    """Extrema of the bare curve near the given places (m,), with parabolas of half-widths (m,).

    The noise of a periodic curve is taken to have the course of its ``sigma``, so that all windows
    tell of its size together.  Else each window stands for itself, but not below ``sigma``.
    """
    found: list[Extremum] = []
    parts = [slice(None)] if bare.period else blocks(bare.x, places, widths)
    for part in parts:
        if places[part].size:
            fits = _located(bare, places[part], widths[part])
            found += _described(bare, fits, widths[part])
    return found


def _located(
    bare: Extrema, places: Floats, widths: Floats, between: tuple[Floats, Floats] | None = None
) -> Parabolas:
    """Parabolas centred on their own vertices, which stay within half a width of ``places`` (m,).

    ``between`` as in ``parabolas.windows``.
    """
    centres = places
    for _ in range(_STEPS):
        around = windows(bare.x, centres, widths, between)
        vertices = around.vertices(around.coefficients(bare.y[around.index]))
        moved = np.clip(vertices, places - widths / 2, places + widths / 2)
        if np.max(np.abs(moved - centres) / widths) < _CLOSE:
            break
        centres = moved
    return parabolas(around, bare.y[around.index], bare.sigma[around.index])


def _described(bare: Extrema, fits: Parabolas, widths: Floats) -> list[Extremum]:
    """The extrema that the parabolas show, whose windows were to have half-widths (m,)."""
    if bare.period is None:
        sizes, freedoms = scatter.single(fits)
        sizes = np.maximum(1.0, sizes)
    else:
        size, freedom = _pooled(bare.x.size, *scatter.common(fits))
        sizes, freedoms = np.full(widths.size, size), np.full(widths.size, freedom)
    places = fits.vertices
    around = windows(bare.x, places, widths)
    here = parabolas(around, bare.y[around.index], bare.sigma[around.index])
    columns = (
        places,
        np.hypot(sizes * fits.vertex_uncertainties, _cut_short(bare, fits)),
        freedoms,
        here.coefficients[:, 0],
        sizes * here.height_uncertainties,
        bare.order[np.abs(bare.x - places[:, None]).argmin(axis=1)],
        widths,
    )
    return [Extremum(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def _cut_short(bare: Extrema, fits: Parabolas) -> Floats:
    """Uncertainties of vertices whose windows the ends of the curve cut, 0 elsewhere (m,).

    What such a cut does to the whole windows of the others, or, without any, what a symmetric
    window does to this one.
    """
    x, centres, reach = bare.x, fits.windows.centres, fits.windows.reach
    rest = np.minimum(centres - x[0], x[-1] - centres)
    whole = rest >= reach
    u = np.zeros(centres.size)
    for i in np.flatnonzero(~whole & (rest > 0)):
        if whole.any():
            other = centres[whole]
            at_end = x[-1] - centres[i] < centres[i] - x[0]
            low = np.full(other.size, x[0]) if at_end else other - rest[i]
            high = other + rest[i] if at_end else np.full(other.size, x[-1])
            cut = _located(bare, other, reach[whole], (low, high))
            shifts = cut.vertices - fits.vertices[whole]
        else:
            only = slice(i, i + 1)
            shifts = _located(bare, fits.vertices[only], rest[only]).vertices
            shifts = shifts - fits.vertices[only]
        u[i] = np.sqrt(np.mean(np.square(shifts)))
    return u


def _pooled(n: int, size: float, freedom: float) -> tuple[float, float]:
    """Scatter in the windows joined with the noise of the whole curve (1, by definition).

    The latter is a median over n overlapping distances, worth few degrees of freedom.  It comes
    out too large where the curve bends within few readings; then the windows alone count.
    """
    if size**2 < special.chdtri(freedom, 0.9999) / freedom:
        return size, freedom
    both = freedom + n / _OVERLAP
    return float(np.sqrt((freedom * size**2 + n / _OVERLAP) / both)), both
