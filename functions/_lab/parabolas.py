"""Local parabolas over a sampled curve, many at once.

Each is fitted by least squares with tricube weights w = (1 - |t|³)³ over the readings within the
half-width h of a point, t = (x - point)/h (W. S. Cleveland, *J. Am. Stat. Assoc.* 74 (1979) 829),
in polynomials orthogonal over these readings.  Arrays hold one row for each of m windows, filled
up with readings of weight 0 to the length k of the longest.  Used by ``peaks`` and ``turning``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

_FEWEST = 5
"""Readings in a window at least."""
_BLOCK = 200_000
"""Numbers in one array at most, so that long curves take little memory."""
_TINY = 1e-300


@dataclass(frozen=True)
class Windows:
    """Weighted readings around m points, and what fits parabolas to curves there."""

    centres: Floats
    reach: Floats
    """Half-widths (m,), more than asked for where fewer than five readings were within."""
    index: Whole
    """Places of the readings in the curve (m, k)."""
    offsets: Floats
    """t = (x - centre)/reach (m, k)."""
    weights: Floats
    """Tricube, 0 outside of the window (m, k)."""

    @cached_property
    def _orthogonal(self) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats]]:
        """1, t - μ, t² - α - β(t - μ) at the readings (m, 3, k), their sums of w·p², and μ, α, β.

        A polynomial that the readings cannot tell from lower ones has an infinite sum: its
        coefficient comes out as 0.
        """
        t, w = self.offsets, self.weights
        p = np.empty((t.shape[0], 3, t.shape[1]))
        sums = np.empty((t.shape[0], 3))
        p[:, 0] = 1.0
        sums[:, 0] = w.sum(axis=1)
        wt = w * t
        mu = wt.sum(axis=1) / sums[:, 0]
        np.subtract(t, mu[:, None], out=p[:, 1])
        wp = w * p[:, 1]
        sums[:, 1] = (wp * p[:, 1]).sum(axis=1)
        square = t * t
        alpha = (wt * t).sum(axis=1) / sums[:, 0]
        beta = (wp * square).sum(axis=1) / np.maximum(sums[:, 1], _TINY)
        np.subtract(square, alpha[:, None] + beta[:, None] * p[:, 1], out=p[:, 2])
        sums[:, 2] = (w * p[:, 2] ** 2).sum(axis=1)
        sums[sums <= 1e-14 * sums[:, :1]] = np.inf
        return p, sums, (mu, alpha, beta)

    @cached_property
    def rows(self) -> Floats:
        """Coefficients of 1, t, t² as linear functions of the readings (m, 3, k)."""
        p, sums, (mu, alpha, beta) = self._orthogonal
        rows = p * self.weights[:, None, :] / sums[:, :, None]
        rows[:, 1] -= beta[:, None] * rows[:, 2]
        rows[:, 0] -= mu[:, None] * rows[:, 1] + alpha[:, None] * rows[:, 2]
        return rows

    @cached_property
    def basis(self) -> Floats:
        """Orthonormal columns that span √w·(1, t, t²), as rows (m, 3, k)."""
        p, sums, _ = self._orthogonal
        return np.asarray(p * np.sqrt(self.weights)[:, None, :] / np.sqrt(sums)[:, :, None])

    def coefficients(self, readings: Floats) -> Floats:
        """c₀, c₁, c₂ (m, 3) of y = c₀ + c₁·t + c₂·t² for readings (m, k)."""
        return np.asarray((self.rows @ readings[:, :, None])[:, :, 0])

    def vertices(self, coefficients: Floats) -> Floats:
        """Abscissae of the extrema (m,); the centre of a window whose parabola is a line."""
        _, slope, bend = coefficients.T
        flat = bend == 0
        return np.asarray(self.centres - self.reach * slope / np.where(flat, np.inf, 2 * bend))


def windows(
    x: Floats,
    centres: Floats,
    half_widths: Floats,
    between: tuple[Floats, Floats] | None = None,
) -> Windows:
    """Windows of sorted x (n,) around m points.

    ``between`` (m,), (m,) gives bounds that the readings of each window must keep, too.
    """
    n, reach = x.size, half_widths
    start, stop = np.zeros(centres.size, dtype=np.intp), np.full(centres.size, n)
    if between is not None:
        start, stop = np.searchsorted(x, between[0]), np.searchsorted(x, between[1], "right")
    first = np.maximum(np.searchsorted(x, centres - reach), start)
    last = np.minimum(np.searchsorted(x, centres + reach), stop)
    few = np.flatnonzero(last - first < _FEWEST)
    if few.size:
        reach = reach.copy()
        reach[few] = _widened(x, centres[few], reach[few], first[few], start[few], stop[few])
        first[few] = np.maximum(np.searchsorted(x, centres[few] - reach[few]), start[few])
        last[few] = np.minimum(np.searchsorted(x, centres[few] + reach[few]), stop[few])
    index = first[:, None] + np.arange(max(1, int((last - first).max())))
    inside = index < last[:, None]
    index = np.minimum(index, n - 1)
    offsets = (x[index] - centres[:, None]) / reach[:, None]
    size = np.abs(offsets)
    weights = np.maximum(1 - size * size * size, 0.0)
    weights = weights * weights * weights
    if not inside.all():
        offsets, weights = np.where(inside, offsets, 0.0), np.where(inside, weights, 0.0)
    return Windows(centres, reach, index, offsets, weights)


def _widened(
    x: Floats, centres: Floats, reach: Floats, first: Whole, start: Whole, stop: Whole
) -> Floats:
    """Half-widths that reach a little beyond the fifth of the readings nearest to each point."""
    near = first[:, None] + np.arange(-_FEWEST, 2 * _FEWEST)
    inside = (near >= start[:, None]) & (near < stop[:, None])
    distances = np.abs(x[np.clip(near, 0, x.size - 1)] - centres[:, None])
    ordered = np.sort(np.where(inside, distances, np.inf), axis=1)
    last = np.minimum(_FEWEST, inside.sum(axis=1)) - 1
    return np.asarray(np.maximum(reach, 1.05 * ordered[np.arange(centres.size), last]))


def blocks(x: Floats, centres: Floats, half_widths: Floats) -> Iterator[slice]:
    """Parts of m points whose windows make arrays of moderate size."""
    low, high = (np.searchsorted(x, centres + side * half_widths) for side in (-1, 1))
    size = max(1, _BLOCK // max(_FEWEST, int((high - low).max(initial=0))))
    for begin in range(0, centres.size, size):
        yield slice(begin, begin + size)


def smooth(x: Floats, y: Floats, at: Floats, half_width: float) -> tuple[Floats, Floats]:
    """Local-parabola curve at the points ``at``, and its standard deviation per unit of noise."""
    values, gains = np.empty(at.size), np.empty(at.size)
    half_widths = np.full(at.size, half_width)
    for part in blocks(x, at, half_widths):
        found = windows(x, at[part], half_widths[part])
        row = found.rows[:, 0]
        values[part] = (row * y[found.index]).sum(axis=1)
        gains[part] = np.sqrt((row * row).sum(axis=1))
    return values, gains


@dataclass(frozen=True)
class Parabolas:
    """The parabolas of m windows over readings with known standard deviations."""

    windows: Windows
    sigma: Floats
    """Expected standard deviations of the readings (m, k)."""
    coefficients: Floats
    """c₀, c₁, c₂ (m, 3) of y = c₀ + c₁·t + c₂·t²."""
    residuals: Floats
    """Readings less the parabola (m, k)."""

    @property
    def vertices(self) -> Floats:
        """Abscissae of the extrema (m,)."""
        return self.windows.vertices(self.coefficients)

    @property
    def vertex_uncertainties(self) -> Floats:
        """Standard uncertainties of the vertices for the standard deviations given (m,)."""
        _, slope, bend = self.coefficients.T
        flat = bend == 0
        double = np.where(flat, np.inf, 2 * bend)
        rows = self.windows.rows
        row = rows[:, 2] * (2 * slope / double**2)[:, None] - rows[:, 1] / double[:, None]
        u = np.sqrt(np.sum((row * self.sigma) ** 2, axis=1))
        return np.asarray(self.windows.reach * np.where(flat, 1.0, u))

    @property
    def height_uncertainties(self) -> Floats:
        """Standard uncertainties of c₀ for the standard deviations given (m,)."""
        return np.asarray(np.sqrt(np.sum((self.windows.rows[:, 0] * self.sigma) ** 2, axis=1)))

    @property
    def bends(self) -> Floats:
        """Coefficients of (x - centre)² (m,)."""
        return np.asarray(self.coefficients[:, 2] / self.windows.reach**2)


def parabolas(windows: Windows, readings: Floats, sigma: Floats) -> Parabolas:
    """Parabolas over readings (m, k) with standard deviations ``sigma`` (m, k)."""
    found, t = windows.coefficients(readings), windows.offsets
    curve = found[:, :1] + (found[:, 1:2] + found[:, 2:] * t) * t
    return Parabolas(windows, sigma, found, readings - curve)
