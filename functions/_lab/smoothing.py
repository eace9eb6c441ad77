"""Local parabolas over a sampled curve, its noise and its period.

A local parabola is fitted by least squares with tricube weights w = (1 - |t/h|³)³ over readings
within the half-width h of a point (W. S. Cleveland, *J. Am. Stat. Assoc.* 74 (1979) 829).
Used by ``peaks``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Floats = NDArray[np.float64]

_FEWEST = 5
"""Readings under a local parabola at least."""


@dataclass(frozen=True)
class Parabola:
    """y = c₀ + c₁·(x - centre) + c₂·(x - centre)² around one point."""

    centre: float
    coefficients: Floats
    """c₀, c₁, c₂."""
    covariance: Floats
    """Of the coefficients, for the standard deviations given (3 × 3)."""
    reach: float
    """Half-width of the window."""
    offsets: Floats
    """t = (x - centre)/reach of the readings in the window (k,)."""
    roots: Floats
    """Square roots of their weights (k,)."""
    residuals: Floats
    """y less the parabola (k,)."""
    sigma: Floats
    """Expected standard deviations of y (k,)."""

    @property
    def vertex(self) -> float:
        """Abscissa of the extremum."""
        _, slope, bend = self.coefficients
        return self.centre - float(slope / (2 * bend)) if bend else self.centre

    @property
    def vertex_uncertainty(self) -> float:
        """Standard uncertainty of the vertex for the standard deviations given."""
        _, slope, bend = self.coefficients
        if bend == 0:
            return self.reach
        gradient = np.array([0, -1 / (2 * bend), slope / (2 * bend**2)])
        return float(np.sqrt(gradient @ self.covariance @ gradient))


def local_parabola(
    x: Floats, y: Floats, sigma: Floats, centre: float, half_width: float
) -> Parabola:
    """The parabola around ``centre`` over sorted x, y with standard deviations sigma (n,)."""
    h, window = _window(x, centre, half_width)
    t = (x[window] - centre) / h
    roots = np.maximum(1 - np.abs(t) ** 3, 0.0) ** 1.5  # |t| may round to just over 1
    columns = np.stack([np.ones_like(t), t, t * t], axis=1)
    smoother = np.linalg.pinv(roots[:, None] * columns) * roots
    coefficients = smoother @ y[window]
    spread = smoother * sigma[window]
    units = np.array([1, 1 / h, 1 / h**2])
    return Parabola(
        centre=centre,
        coefficients=coefficients * units,
        covariance=(spread @ spread.T) * np.outer(units, units),
        reach=h,
        offsets=t,
        roots=roots,
        residuals=y[window] - columns @ coefficients,
        sigma=sigma[window],
    )


def scatter(fits: Sequence[Parabola], *, same_shape: bool) -> tuple[float, float]:
    """Scatter around the parabolas in units of their ``sigma``, and its degrees of freedom.

    With ``same_shape`` the peaks are alike but for their size, so that what the parabola misses in
    all of them, a third and a fourth power of t in proportion to the bend, is not counted.
    """
    seen, makers, shapes = [], [], []
    for fit in fits:
        t, roots = fit.offsets, fit.roots
        unit = float(np.sqrt(np.mean(fit.sigma**2))) or 1e-300
        q = np.linalg.qr(roots[:, None] * np.stack([np.ones_like(t), t, t * t], axis=1))[0]
        powers = roots[:, None] * np.stack([t**3, t**4], axis=1)
        bend = fit.coefficients[2] * fit.reach**2
        seen.append(roots * fit.residuals / unit)
        makers.append((np.eye(t.size) - q @ q.T) * (roots * fit.sigma / unit))
        shapes.append((powers - q @ (q.T @ powers)) * (bend / unit))
    rest, kernel = np.concatenate(seen), linalg.block_diag(*makers)
    if same_shape and len(fits) > 1:
        q = np.linalg.svd(np.concatenate(shapes), full_matrices=False)[0]
        rest, kernel = rest - q @ (q.T @ rest), kernel - q @ (q.T @ kernel)
    squared = kernel @ kernel.T
    expected = float(np.trace(squared))
    if expected <= 0:
        return 1.0, 1.0
    freedom = expected**2 / float(np.sum(squared**2))
    return float(np.sqrt(np.sum(rest**2) / expected)), max(1.0, freedom)


def smooth(x: Floats, y: Floats, at: Floats, half_width: float) -> tuple[Floats, Floats]:
    """Local-parabola curve at the points ``at``, and its standard deviation per unit of noise."""
    values, gains = np.empty(at.size), np.empty(at.size)
    for i, centre in enumerate(at):
        h, window = _window(x, float(centre), half_width)
        t = (x[window] - centre) / h
        w = (1 - np.abs(t) ** 3) ** 3
        moments = [float(np.sum(w * t**k)) for k in range(5)]
        normal = [moments[0:3], moments[1:4], moments[2:5]]
        a, b, c = np.linalg.solve(np.array(normal), np.array([1.0, 0.0, 0.0]))
        row = w * (a + b * t + c * t * t)
        values[i], gains[i] = row @ y[window], np.sqrt(row @ row)
    return values, gains


def _window(x: Floats, centre: float, half_width: float) -> tuple[float, slice]:
    """Half-width, more than asked for where fewer than five readings are within, and the window."""
    first, last = np.searchsorted(x, [centre - half_width, centre + half_width])
    if last - first < _FEWEST:
        low, high = max(0, first - _FEWEST), min(x.size, last + _FEWEST)
        distances = np.sort(np.abs(x[low:high] - centre))
        half_width = max(half_width, float(distances[min(_FEWEST, distances.size) - 1]) * 1.05)
        first, last = np.searchsorted(x, [centre - half_width, centre + half_width])
    return half_width, slice(int(first), int(last))


def noise(x: Floats, y: Floats) -> Floats:
    """Standard deviation of the scatter of y around each reading (n,), rounding included.

    From the distance of each reading to the cubic through its four neighbours.  The scatter is
    taken as constant or as proportional to |y|, whichever makes the distances more likely.
    """
    steps = np.diff(np.unique(y))
    rounding = float(steps.min()) / np.sqrt(12) if steps.size else 0.0
    if x.size < 7:
        return np.full(x.size, rounding)
    level = np.abs(np.convolve(np.pad(y, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid"))
    distances = np.abs(_distances(x, y))
    best, most_likely = np.full(x.size, rounding), np.inf
    for shape in (np.ones(x.size), level):
        inner = np.maximum(shape[2:-2], 1e-9 * shape.max() + 1e-300)
        scale = float(np.median(distances / inner)) / 0.6745
        sigma = np.hypot(rounding, scale * shape)
        narrow = np.maximum(sigma[2:-2], 1e-300)
        surprise = float(np.sum(np.log(narrow) + distances / narrow))
        if surprise < most_likely:
            best, most_likely = sigma, surprise
    return best


def _distances(x: Floats, y: Floats) -> Floats:
    """Distances to the cubic through four neighbours (n - 4,), scaled to the noise of y."""
    middle = np.arange(2, x.size - 2)
    neighbours = np.stack([middle - 2, middle - 1, middle + 1, middle + 2])
    weights = np.ones(neighbours.shape)
    for i in range(4):
        for j in range(4):
            if i != j:
                gap = x[neighbours[i]] - x[neighbours[j]]
                weights[i] *= (x[middle] - x[neighbours[j]]) / gap
    distances = y[middle] - np.sum(weights * y[neighbours], axis=0)
    return np.asarray(distances / np.sqrt(1 + np.sum(weights**2, axis=0)))


def period(x: Floats, y: Floats) -> float | None:
    """Period of an oscillation whose mean and amplitude change slowly, or None.

    Least-squares periodogram: y is fitted by a cubic plus a cosine and a sine with amplitudes
    linear in x, for trial periods from four steps to 1/2.2 of the range, and the best one is taken.
    """
    x, y = _thinned(x, y)
    span, step = float(np.ptp(x)), float(np.median(np.diff(x)))
    shortest, longest = 4 * step, span / 2.2
    if longest <= shortest:
        return None
    t = 2 * (x - x[0]) / span - 1
    trend = np.stack([np.ones_like(t), t, t**2, t**3], axis=1)
    base = np.linalg.qr(trend)[0]
    rest = y - base @ (base.T @ y)

    def explained(frequency: float) -> float:
        phase = 2 * np.pi * frequency * x
        waves = np.stack([np.cos(phase), np.sin(phase)], axis=1)
        columns = np.hstack([waves, waves * t[:, None]])
        columns -= base @ (base.T @ columns)
        q = np.linalg.qr(columns)[0]
        return float(np.sum((q.T @ rest) ** 2))

    trials = np.arange(1 / longest, 1 / shortest, 0.1 / span)
    best = max(trials, key=explained)
    near = np.linspace(best - 0.1 / span, best + 0.1 / span, 21)
    return float(1 / max(near, key=explained))


def _thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Means over equal numbers of neighbouring readings, at most some 500 of them."""
    bunch = -(-x.size // 500)
    if bunch == 1:
        return x, y
    whole = x.size // bunch * bunch

    def mean(values: Any) -> Floats:
        return np.asarray(values[:whole].reshape(-1, bunch).mean(axis=1))

    return mean(x), mean(y)
