"""Linear least squares in many columns, to the last digits that the readings support.

QR of the column-scaled design, then iterative refinement with the gradient Xᵀ(y - Xβ) formed in
NumPy's extended precision: corrected semi-normal equations (Å. Björck, Numerical Methods for Least
Squares Problems, SIAM 1996).  The fixed point is the solution of the design as given, not of its
rounded factorization.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from GTC import constant
from numpy.typing import ArrayLike, NDArray
from scipy import linalg, special

from functions._lab.errors import ReadingError

Floats = NDArray[np.float64]
Extended = NDArray[np.longdouble]

COVERAGE = 0.95
"""Coverage probability of every band."""

_SINGULAR = 1e-13
_REFINEMENTS = 12


@dataclass(frozen=True, eq=False)
class LinearSolution:
    """Least-squares solution of y ≈ X β with n rows and p columns."""

    estimates: Extended
    """β, shape (p,)."""
    root: Floats
    """T of shape (p, p) with (XᵀX)⁻¹ = T Tᵀ."""
    residuals: Extended
    """y - X β, shape (n,)."""
    residual_sum_of_squares: float
    n: int
    degrees_of_freedom: int
    """n - p."""

    @property
    def inverse(self) -> Floats:
        """(XᵀX)⁻¹, shape (p, p); times the variance of a reading it is the covariance of β."""
        return np.asarray(self.root @ self.root.T)

    @property
    def residual_standard_deviation(self) -> float | None:
        """√(RSS / ν); None where ν = 0."""
        if not self.degrees_of_freedom:
            return None
        return float(np.sqrt(self.residual_sum_of_squares / self.degrees_of_freedom))


def least_squares(design: ArrayLike, y: ArrayLike) -> LinearSolution:
    """Least-squares solution of y ≈ X β.

    Parameters
    ----------
    design : X, shape (n, p); give it in extended precision where its columns are computed.
    y : shape (n,).

    Raises ReadingError for fewer rows than columns and for columns that are linearly dependent.
    """
    columns = np.asarray(design, dtype=np.longdouble)
    target = np.asarray(y, dtype=np.longdouble)
    n, p = columns.shape
    if n < p:
        raise ReadingError(f"只有 {n} 个读数，拟合 {p} 个参数至少需要 {p} 个")
    scale = np.sqrt(np.sum(columns**2, axis=0))
    if not np.all(scale > 0):
        raise ReadingError("有一列全为零，无法拟合")
    scaled = columns / scale
    factor = np.asarray(np.linalg.qr(scaled.astype(np.float64)).R)
    sizes = np.linalg.svd(factor, compute_uv=False)
    if sizes[-1] < _SINGULAR * sizes[0]:
        raise ReadingError("各列线性相关，无法定出全部参数")
    solution = _refined(scaled, target, factor)
    residuals = target - scaled @ solution
    inverse_factor = linalg.solve_triangular(factor, np.eye(p))
    return LinearSolution(
        estimates=solution / scale,
        root=inverse_factor / scale.astype(np.float64)[:, None],
        residuals=residuals,
        residual_sum_of_squares=float(np.sum(residuals**2)),
        n=n,
        degrees_of_freedom=n - p,
    )


def _refined(columns: Extended, target: Extended, factor: Floats) -> Extended:
    """Solution by corrected semi-normal equations, from zero until it stands still."""
    solution = np.zeros(columns.shape[1], dtype=np.longdouble)
    last = np.inf
    for _ in range(_REFINEMENTS):
        gradient = (columns.T @ (target - columns @ solution)).astype(np.float64)
        half = linalg.solve_triangular(factor, gradient, trans="T")
        step = linalg.solve_triangular(factor, half)
        size = float(np.max(np.abs(step)))
        if not size < last:
            break
        solution = solution + step
        last = size
    return solution


def checked(name: str, values: ArrayLike) -> Floats:
    """One column of readings as a float array.

    Raises ReadingError where it is not one-dimensional or holds NaN or infinity (with the index).
    """
    column = np.array(values, dtype=np.float64)
    if column.ndim != 1:
        raise ReadingError(f"{name} 应当是一列数")
    wrong = np.flatnonzero(~np.isfinite(column))
    if wrong.size:
        raise ReadingError(f"{name} 的第 {wrong[0] + 1} 个读数不是有限的数", index=int(wrong[0]))
    return column


def checked_pair(x: ArrayLike, y: ArrayLike, at_least: int) -> tuple[Floats, Floats]:
    """Two columns of one table.

    Raises ReadingError where they differ in length, are too short or are not finite.
    """
    abscissae, ordinates = checked("x", x), checked("y", y)
    if len(abscissae) != len(ordinates):
        raise ReadingError(f"x 有 {len(abscissae)} 个读数，y 有 {len(ordinates)} 个，应当一样多")
    if len(abscissae) < at_least:
        raise ReadingError(f"只有 {len(abscissae)} 个读数，拟合至少需要 {at_least} 个")
    return abscissae, ordinates


def checked_uncertainties(u: ArrayLike | None, n: int) -> Floats:
    """Standard uncertainties of n readings from one for all, one for each, or None (zero).

    Raises ReadingError for a negative one, one that is not finite, or a wrong number of them.
    """
    values = np.zeros(n) if u is None else np.array(u, dtype=np.float64)
    if values.ndim == 0:
        values = np.full(n, values)
    values = checked("标准不确定度", values)
    if len(values) != n:
        raise ReadingError(f"有 {len(values)} 个标准不确定度，而读数有 {n} 个，应当一样多")
    wrong = np.flatnonzero(values < 0)
    if wrong.size:
        raise ReadingError("标准不确定度不能为负", index=int(wrong[0]))
    return values


def checked_scales(u: ArrayLike | None, n: int) -> Floats:
    """Divisors of the rows of n weighted readings, their u; one where no u is given.

    Raises ReadingError as :func:`checked_uncertainties`, and for a u of zero.
    """
    scales = checked_uncertainties(1.0 if u is None else u, n)
    if not scales.all():
        raise ReadingError("不确定度为零，无法加权", index=int(np.argmin(scales)))
    return scales


def expanded(variance: ArrayLike, variance_a: ArrayLike, degrees_of_freedom: ArrayLike) -> Floats:
    """U = t₀.₉₅(ν_eff)·u for each total variance, of which ``variance_a`` has the ν given.

    ν_eff by Welch–Satterthwaite (JCGM 100:2008, G.4.1), the rest having infinite ν.
    """
    total = np.asarray(variance, dtype=np.float64)
    part = np.asarray(variance_a, dtype=np.float64)
    share = np.divide(part, total, out=np.zeros_like(total), where=total > 0)
    effective = np.full_like(total, np.inf)
    np.divide(degrees_of_freedom, share**2, out=effective, where=share > 0)
    two_sided = (1 + COVERAGE) / 2
    normal = special.ndtri(two_sided)
    student = special.stdtrit(np.minimum(effective, 1e9), two_sided)
    k = np.where(effective > 1e6, normal, student)
    return np.asarray(k * np.sqrt(total))


def chi_squared_probability(chi_squared: float, degrees_of_freedom: int) -> float | None:
    """P(χ² ≥ observed); None where ν = 0."""
    if not degrees_of_freedom:
        return None
    return float(special.chdtrc(degrees_of_freedom, chi_squared))


def combined(value: float, coefficients: Sequence[float], leaves: Sequence[Any]) -> Any:
    """Uncertain number ``value`` + Σ coefficient · leaf, the leaves being zero-valued ureals."""
    total: Any = constant(value)
    for coefficient, leaf in zip(coefficients, leaves, strict=True):
        if coefficient:
            total = total + float(coefficient) * leaf
    return total
