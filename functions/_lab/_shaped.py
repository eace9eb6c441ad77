"""Fit of one of the ``shapes``: descent from its own starts, then ``curve``, then type B."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from functions._lab._straight import Named
from functions._lab.curve import ConvergenceError, CurveFit, fit_curve
from functions._lab.ensemble import correlated
from functions._lab.errors import ReadingError
from functions._lab.linear import expanded
from functions._lab.result import Fit
from functions._lab.rules import factors
from functions._lab.shapes import OFFSET, Shape
from functions._lab.starts import Floats, Start, Theta, best_starts, thinned

_MOST_EVALUATIONS = 250
_WORTH_ANOTHER_DESCENT = 0.7
_STEP = 1e-30
_STUCK = "没有找到收敛的拟合，请检查读数是否符合所选的模型"


@dataclass(frozen=True, eq=False)
class Shaped:
    """A fitted curve with the uncertainty that instrument limits add to it."""

    shape: Shape
    curve: CurveFit
    type_b: Floats
    """Covariance (p, p) of the parameters by instrument limits."""

    @property
    def values(self) -> Floats:
        """The parameters (p,)."""
        return np.asarray(self.curve.values, dtype=float)

    @property
    def covariance(self) -> Floats:
        """Covariance (p, p), types A and B together."""
        return np.asarray(self.curve.covariance + self.type_b)

    @cached_property
    def parameters(self) -> list[Any]:
        """The parameters as GTC uncertain numbers."""
        curve, count = self.curve, len(self.curve.names)
        known = curve.chi_squared is not None
        dof = np.inf if known else float(curve.degrees_of_freedom)
        labels = ["已知不确定度" if known else "拟合残差"] * count
        numbers = correlated(curve.values.tolist(), curve.covariance, dof, labels)
        if not self.type_b.any():
            return numbers
        more = correlated([0.0] * count, self.type_b, np.inf, ["仪器误差限"] * count)
        return [a + factors.limited(b) for a, b in zip(numbers, more, strict=True)]

    def slope(self, x: ArrayLike) -> Floats:
        """Derivative of the curve, as ``x``."""
        return _slope(self.shape, np.asarray(x, dtype=float), self.values)

    def band(self, x: ArrayLike) -> Floats:
        """Half-width U (P = 95 %) of the curve, as ``x``."""
        gradient = gradient_of(self.shape, np.asarray(x, dtype=float), self.values)
        by_a = np.einsum("ni,ij,nj->n", gradient, self.curve.covariance, gradient)
        by_b = np.einsum("ni,ij,nj->n", gradient, self.type_b, gradient)
        finite = by_a if self.curve.chi_squared is None else np.zeros_like(by_a)
        return expanded(by_a + by_b, finite, self.curve.degrees_of_freedom)

    def as_fit(self, name: str, model: str, named: Sequence[Named]) -> Fit:
        """For the wire, types A and B together."""
        return replace(self.curve, covariance=self.covariance).as_fit(name, model, named)


def fit_shape(
    shape: Shape,
    x: Floats,
    y: Floats,
    offset: bool,
    u: Floats | None,
    x_limit: float,
    y_limit: float,
) -> Shaped:
    """Fit ``shape``, with a constant where ``offset``, to readings (n,) of which ``u`` is known.

    Raises ReadingError for too few readings and for x ≤ 0 where that has no value,
    ConvergenceError where no minimum is found.
    """
    if shape.positive_x and (x <= 0).any():
        raise ReadingError("所选模型要求 x 大于零", "x", int(np.argmax(x <= 0)))
    names = [*shape.parameters, *([OFFSET] if offset else [])]
    needed = len(names) + (u is None)
    if x.size < needed or np.unique(x).size < len(names):
        raise ReadingError(f"拟合这个模型至少需要 {needed} 个读数，且横坐标不能只有少数几个值", "x")
    if offset and np.ptp(y) == 0:
        raise ConvergenceError("所有读数都相同，不能确定曲线的全部参数", "y")
    spread = np.ones(x.size) if u is None else u

    begin = descend(shape, x, y, spread, offset)
    fitted = _concluded(shape, x, y, begin, names, u)
    normal = np.asarray(fitted.values, dtype=float)
    type_b = np.zeros((len(names), len(names)))
    if u is None and (x_limit or y_limit):
        variances = (y_limit**2 + (x_limit * _slope(shape, x, normal)) ** 2) / 3
        inverse = np.asarray(np.linalg.pinv(gradient_of(shape, x, normal)))
        type_b = np.asarray((inverse * variances) @ inverse.T)
    return Shaped(shape, fitted, type_b)


def _concluded(
    shape: Shape, x: Floats, y: Floats, begin: Floats, names: Sequence[str], u: Floats | None
) -> CurveFit:
    """The strict fit from near the minimum, its parameters in their normal form."""

    def final(start: Floats) -> CurveFit:
        return fit_curve(
            curve_of(shape),
            x,
            y,
            start.tolist(),
            names=names,
            jacobian=lambda at, *p: gradient_of(shape, at, np.array(p)),
            u_y=u,
        )

    fitted = final(begin)
    normal = shape.normal(np.asarray(fitted.values, dtype=float))
    return fitted if np.array_equal(normal, fitted.values) else final(normal)


def descend(shape: Shape, x: Floats, y: Floats, u: Floats, offset: bool) -> Floats:
    """Parameters (p,) of least squares after a bounded number of evaluations.

    From the best starts that the readings give.  Raises ConvergenceError.
    """
    curve = curve_of(shape)

    def misfit(p: Floats) -> Floats:
        with np.errstate(all="ignore"):
            weighted = (y - curve(x, *p)) / u
        return np.asarray(np.clip(np.nan_to_num(weighted, nan=1e100), -1e100, 1e100))

    def slopes(p: Floats) -> Floats:
        with np.errstate(all="ignore"):
            matrix = -gradient_of(shape, x, p) / u[:, None]
        return np.clip(np.nan_to_num(matrix), -1e100, 1e100)

    best, lowest = None, np.inf
    for place, rss in _starts(shape, x, y, u, offset):
        if best is not None and rss * _WORTH_ANOTHER_DESCENT > lowest:
            break
        outcome = optimize.least_squares(
            misfit, place, slopes, method="lm", x_scale="jac", max_nfev=_MOST_EVALUATIONS
        )
        if outcome.success and 2 * outcome.cost < lowest:
            best, lowest = outcome.x, 2 * float(outcome.cost)
    if best is None:
        raise ConvergenceError(_STUCK)
    return shape.normal(best)


def _starts(
    shape: Shape, x: Floats, y: Floats, u: Floats, offset: bool
) -> list[tuple[Floats, float]]:
    """Start parameters and their weighted sum of squares, the best one first."""
    readings = (x, y, u) if shape.periodic else thinned(x, y, u)

    def basis(at: Floats, theta: Theta) -> list[Floats]:
        columns = list(shape.basis(at, theta))
        return [*columns, np.ones_like(at)] if offset else columns

    def parameters(start: Start) -> Floats:
        tail = [float(start.linear[-1])] if offset else []
        return np.array([*shape.start(start.theta, start.linear), *tail])

    trials = shape.trials(readings[0], readings[1])
    found = best_starts(basis, trials, *readings)
    scale = x.size / readings[0].size
    return [(parameters(start), start.rss * scale) for start in found]


def curve_of(shape: Shape) -> Any:
    """f(x, *p), the last p being the constant where there is one more than the shape has."""
    count = len(shape.parameters)

    def curve(x: Any, *p: Any) -> Any:
        value = shape.curve(x, *p[:count])
        return value + p[count] if len(p) > count else value

    return curve


def _slope(shape: Shape, x: Floats, p: Floats) -> Floats:
    """df/dx by a complex step (Squire and Trapp, SIAM Review 40 (1998) 110), as ``x``."""
    return np.asarray(np.imag(curve_of(shape)(x + 1j * _STEP, *p)) / _STEP)


def gradient_of(shape: Shape, x: Floats, p: Floats) -> Floats:
    """df/dp, (n, p)."""
    count = len(shape.parameters)
    columns = shape.gradient(x, *p[:count])
    constant = [np.ones_like(x)] if p.size > count else []
    return np.stack([*columns, *constant], axis=1)
