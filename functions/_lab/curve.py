"""Non-linear least squares with covariance.

Minimises S(p) = Σ ((y_i - f(x_i, p)) / u_i)² with SciPy (see ``descent``), to the end of the
arithmetic, so that parameters and standard deviations agree with certified ones to the digits that
the data carry.

Covariance of the parameters (Seber & Wild, *Nonlinear Regression*, 1989, 2.1.2):
V = s² (JᵀJ)⁻¹ with s² = S/(n - p) where the uncertainties of y are not known, and
V = (JᵀWJ)⁻¹ with infinite degrees of freedom where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy import special

from functions._lab.descent import (
    CLOSE,
    ConvergenceError,
    Floats,
    Model,
    Problem,
    descend,
    factor,
    offset,
    polish,
)
from functions._lab.ensemble import correlated
from functions._lab.errors import ReadingError
from functions._lab.result import Fit, Parameter

__all__ = ["ConvergenceError", "CurveFit", "fit_curve"]

_COVERAGE = 0.95


@dataclass(frozen=True)
class CurveFit:
    """A fitted curve.

    ``parameters`` are GTC uncertain numbers of one ensemble with ν degrees of freedom (Willink,
    *Metrologia* 44 (2007) 340), correlated as in ``covariance`` (p × p), in the order of ``names``.
    ``residuals`` (n,) are y - f(x), in the unit of y.
    """

    names: tuple[str, ...]
    x: Floats
    y: Floats
    values: Floats
    covariance: Floats
    fitted: Floats
    residuals: Floats
    degrees_of_freedom: int
    at_bound: tuple[str, ...]
    """Parameters that ended on a bound, where the stated uncertainties do not hold."""
    chi_squared: float | None
    """Σ(residual/u)², only where ``u_y`` was given."""
    label: str
    _problem: "Problem" = field(repr=False)

    @property
    def n(self) -> int:
        """Number of readings."""
        return int(self.y.size)

    @property
    def standard_uncertainties(self) -> Floats:
        """Standard uncertainties of the parameters (p,)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def residual_standard_deviation(self) -> float | None:
        """√(Σ residual² / ν), in the unit of y; None where ν = 0."""
        if self.degrees_of_freedom == 0:
            return None
        return float(np.sqrt(np.sum(self.residuals**2) / self.degrees_of_freedom))

    @property
    def chi_squared_probability(self) -> float | None:
        """P(χ² ≥ observed), where the weights are known and ν > 0."""
        if self.chi_squared is None or self.degrees_of_freedom == 0:
            return None
        return float(special.chdtrc(self.degrees_of_freedom, self.chi_squared))

    @cached_property
    def parameters(self) -> list[Any]:
        """The parameters as GTC uncertain numbers, one correlated ensemble."""
        dof = float("inf") if self.chi_squared is not None else float(self.degrees_of_freedom)
        labels = [f"{self.label} {name}".strip() for name in self.names]
        return correlated(self.values.tolist(), self.covariance, dof, labels)

    def at(self, x: Any) -> Floats:
        """The fitted curve at ``x``, shape as ``x``."""
        return self._problem.curve(np.asarray(x, dtype=float), self.values)

    def band(self, x: Any) -> Floats:
        """Half-width at 95 % of the confidence band of the curve at ``x``, shape as ``x``."""
        points = np.asarray(x, dtype=float)
        gradient = self._problem.gradient(np.atleast_1d(points), self.values)
        u = np.sqrt(np.sum((gradient @ self.covariance) * gradient, axis=1))
        quantile = (
            special.stdtrit(self.degrees_of_freedom, 0.5 + _COVERAGE / 2)
            if self.chi_squared is None
            else special.ndtri(0.5 + _COVERAGE / 2)
        )
        band: Floats = float(quantile) * u
        return band.reshape(points.shape[-1:] if points.ndim else ())

    def as_fit(self, name: str, model: str, parameters: Sequence[tuple[str, str, str]]) -> Fit:
        """For the answer; ``parameters`` gives (Chinese name, symbol, unit) of each."""
        rows = zip(parameters, self.values, self.standard_uncertainties, strict=True)
        return Fit(
            name=name,
            model=model,
            parameters=[Parameter(*texts, float(value), float(u)) for texts, value, u in rows],
            covariance=self.covariance.tolist(),
            n=self.n,
            degrees_of_freedom=self.degrees_of_freedom,
            residual_standard_deviation=self.residual_standard_deviation,
            chi_squared=self.chi_squared,
            chi_squared_probability=self.chi_squared_probability,
        )


def fit_curve(
    model: Model,
    x: Any,
    y: Any,
    start: Sequence[float],
    *,
    names: Sequence[str],
    jacobian: Model | None = None,
    u_y: Any = None,
    bounds: Sequence[tuple[float, float]] | None = None,
    label: str = "",
) -> CurveFit:
    """Fit ``model(x, *p)`` to readings.

    Parameters
    ----------
    model : takes x as given here (or complex, see below) and p numbers, returns shape (n,).
    x : (n,), or (k, n) for k predictors.
    y : (n,); with ``numpy.longdouble`` the last steps are made in that precision.
    start : p starting values, near enough for a descent.
    names : p names, used as labels of the influences.
    jacobian : ``jacobian(x, *p)`` of shape (n, p).  Without it derivatives come from a complex step
        where the model is found to be analytic, else from central differences of fourth order.
    u_y : known standard uncertainties of y, scalar or (n,); the parameters then have infinite ν.
    bounds : p pairs (lower, upper).
    label : put before the names in budgets.

    Raises
    ------
    ReadingError : fewer readings than the fit needs (n > p, or n ≥ p with ``u_y``).
    ConvergenceError : no minimum is reached, or the data leave a parameter undetermined.
    """
    readings = _checked(y, len(start) + (1 if u_y is None else 0))
    problem = Problem(model, jacobian, np.asarray(x, dtype=readings.dtype), readings, u_y, start)
    best = descend(problem, np.asarray(start, dtype=float), bounds)
    at_bound = _names_at_bound(best, bounds, names)
    values = best.astype(readings.dtype) if at_bound else polish(problem, best)
    return _conclude(problem, values, tuple(names), at_bound, label)


def _checked(y: Any, needed: int) -> Floats:
    """The readings as an array of double precision, or better where they came so."""
    readings = np.asarray(y)
    if readings.dtype != np.longdouble:
        readings = readings.astype(float)
    if readings.size < needed:
        raise ReadingError(f"只有 {readings.size} 个读数，拟合这条曲线至少需要 {needed} 个")
    return readings


def _names_at_bound(
    p: Floats, bounds: Sequence[tuple[float, float]] | None, names: Sequence[str]
) -> tuple[str, ...]:
    """Names of the parameters that lie on one of their bounds."""
    if bounds is None:
        return ()
    return tuple(
        name
        for name, value, (low, high) in zip(names, p, bounds, strict=True)
        if min(value - low, high - value) <= 1e-9 * max(1e-300, abs(value))
    )


def _conclude(
    problem: Problem, p: Floats, names: tuple[str, ...], at_bound: tuple[str, ...], label: str
) -> CurveFit:
    """Covariance and residuals at the solution.  Raises ConvergenceError where it is none."""
    weighted = problem.residuals(p)
    if not np.all(np.isfinite(weighted)):
        raise ConvergenceError("拟合没有收敛，请检查读数是否符合所选的模型")
    _, r, lengths = factor(problem, p)
    if not at_bound and offset(problem, p) > CLOSE:
        raise ConvergenceError("拟合没有收敛，请检查读数是否符合所选的模型")
    inverse = np.linalg.inv(r) / lengths[:, None]
    dof = weighted.size - p.size
    total = float(np.sum(weighted**2))
    scale = 1.0 if problem.known_weights else total / dof
    residuals = (weighted * problem.u).astype(float)
    return CurveFit(
        names=names,
        x=problem.x.astype(float),
        y=problem.y.astype(float),
        values=p.astype(float),
        covariance=scale * (inverse @ inverse.T),
        fitted=problem.y.astype(float) - residuals,
        residuals=residuals,
        degrees_of_freedom=dof,
        at_bound=at_bound,
        chi_squared=total if problem.known_weights else None,
        label=label,
        _problem=problem,
    )
