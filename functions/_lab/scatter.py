"""Scatter of readings around local parabolas, in units of what was expected.  Used by ``peaks``.

With the residuals r = M·y of m fits in one, y of covariance Σ·s², the scatter is s² = r²/tr(MΣM)
with ν = tr(MΣM)²/tr((MΣM)²) degrees of freedom (F. E. Satterthwaite, Biometrics Bull. 2 (1946)
110).  M takes out three functions of each window, so that 3 × 3 matrices give the traces.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from functions._lab.parabolas import Parabolas

Floats = NDArray[np.float64]

_SAME = 1e-12
"""Share of the larger of two shapes below which they count as one."""


@dataclass(frozen=True)
class _Residuals:
    """Weighted residuals of m windows and what they may be expected to be, in ``unit``."""

    basis: Floats
    unit: Floats
    """Typical standard deviation of the readings of a window (m,)."""
    rest: Floats
    """√w·r (m, k)."""
    variances: Floats
    """w·σ² (m, k)."""

    def projected(self, columns: Floats) -> Floats:
        """Columns (m, k, p) less what the parabolas hold of them."""
        return np.asarray(columns - self.basis.transpose(0, 2, 1) @ (self.basis @ columns))

    def traces(self) -> tuple[Floats, Floats]:
        """Of MΣM and of its square, for each window (m,)."""
        taken = np.sum(self.basis**2, axis=1)
        inner = (self.basis * self.variances[:, None, :]) @ self.basis.transpose(0, 2, 1)
        squares = self.variances**2
        second = np.sum(squares * (1 - 2 * taken), axis=1) + np.sum(inner**2, axis=(1, 2))
        return np.sum(self.variances * (1 - taken), axis=1), second


def _residuals(fits: Parabolas) -> _Residuals:
    weights = fits.windows.weights
    inside = weights > 0
    squares = np.sum(np.where(inside, fits.sigma, 0.0) ** 2, axis=1)
    unit = np.sqrt(squares / np.maximum(1, inside.sum(axis=1)))
    unit[unit == 0] = 1e-300
    sigma = np.where(inside, fits.sigma, 0.0) / unit[:, None]
    rest = np.sqrt(weights) * fits.residuals / unit[:, None]
    return _Residuals(fits.windows.basis, unit, rest, weights * sigma**2)


def single(fits: Parabolas) -> tuple[Floats, Floats]:
    """Scatter of each window by itself and its degrees of freedom, (m,) each."""
    seen = _residuals(fits)
    first, second = seen.traces()
    known = (first > 0) & (second > 0)
    size = np.sqrt(np.sum(seen.rest**2, axis=1) / np.where(known, first, 1.0))
    freedom = np.maximum(1.0, first**2 / np.where(known, second, 1.0))
    return np.where(known, size, 1.0), np.where(known, freedom, 1.0)


def common(fits: Parabolas) -> tuple[float, float]:
    """Scatter in all windows together and its degrees of freedom.

    The peaks are taken to be alike but for their height, size and place: y = a + b·f(t - t₀) with
    f = t² + α·t³ + β·t⁴ the same in all.  What belongs to α and β is not counted, nor, in each
    window, to a, b and t₀.  The parabolas alone would take t, not f', for a change of t₀, and
    their scatter, since each stands on its own vertex, would be up to 4 % too small.
    """
    seen, shapes = _residuals(fits), None
    if len(seen.rest) > 1:
        seen = _alike(fits, seen)
        shapes = _orthonormal(_powers(fits, seen))[0]
    first, second = (float(np.sum(trace)) for trace in seen.traces())
    rest = seen.rest
    if shapes is not None:
        rest = rest - shapes @ np.einsum("mkp,mk->p", shapes, rest)
        mixed = seen.projected(shapes * seen.variances[:, :, None])
        inner = np.einsum("mkp,mkq->pq", shapes, mixed)
        first -= float(np.trace(inner))
        second += float(np.sum(inner**2) - 2 * np.sum(mixed**2))
    if first <= 0 or second <= 0:
        return 1.0, 1.0
    return float(np.sqrt(np.sum(rest**2) / first)), max(1.0, first**2 / second)


def _alike(fits: Parabolas, seen: _Residuals) -> _Residuals:
    """The residuals with what changes of a, b and t₀ make out of f instead of a parabola."""
    shapes, inverse = _orthonormal(_powers(fits, seen))
    cubic, quartic = inverse @ np.einsum("mkp,mk->p", shapes, seen.rest)
    t, roots = fits.windows.offsets, np.sqrt(fits.windows.weights)
    shape = t * t * (1 + (cubic + quartic * t) * t)
    slope = t * (2 + (3 * cubic + 4 * quartic * t) * t)
    columns = np.stack([roots, roots * slope, roots * shape], axis=2)
    changed = replace(seen, basis=np.linalg.qr(columns)[0].transpose(0, 2, 1))
    return replace(changed, rest=changed.projected(seen.rest[:, :, None])[:, :, 0])


def _powers(fits: Parabolas, seen: _Residuals) -> Floats:
    """√w·b·t³ and √w·b·t⁴ beyond what single windows may hold of them (m, k, 2)."""
    t = fits.windows.offsets
    cubes = np.sqrt(fits.windows.weights) * (fits.coefficients[:, 2] / seen.unit)[:, None] * t**3
    return seen.projected(np.stack([cubes, cubes * t], axis=2))


def _orthonormal(columns: Floats) -> tuple[Floats, Floats]:
    """Orthonormal columns (m, k, p ≤ 2) that span the given ones, and these in terms of the latter.

    The second (2, p) turns amounts of orthonormal columns into amounts of the given ones.
    """
    sizes, ways = np.linalg.eigh(np.einsum("mkp,mkq->pq", columns, columns))
    clear = sizes > _SAME * sizes.max()
    inverse = ways[:, clear] / np.sqrt(sizes[clear])
    return np.asarray(columns @ inverse), np.asarray(inverse)
