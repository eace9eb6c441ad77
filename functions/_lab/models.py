"""One way to fit each declared model, whatever it is: y against x, with start values of its own.

Knowledge of the readings, and what is made of it:

* nothing: least squares, u of the parameters from the residuals, ν = n - p;
* instrument limits Δ: as before, and beside it type B, u = Δ/√3, independent from reading to
  reading, infinite ν; a limit of x acts through the slope, |f'(x)| Δ;
* standard uncertainties of y: weights 1/u², infinite ν, χ² with ν = n - p;
* of x as well: the straight line with errors in both variables; other curves with the effective
  variance u_y² + (f'(x) u_x)², renewed until it stands still (J. Orear, Am. J. Phys. 50 (1982)
  912).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from functions._lab import units
from functions._lab._shaped import Shaped, fit_shape
from functions._lab._straight import Line, Named
from functions._lab.errors import LabError, ReadingError
from functions._lab.line import fit_line, fit_proportional
from functions._lab.linear import checked_pair, checked_uncertainties
from functions._lab.model_names import Model
from functions._lab.polynomial import Polynomial, fit_polynomial
from functions._lab.result import Fit
from functions._lab.shapes import OFFSET, SHAPES
from functions._lab.starts import Floats

Solution: TypeAlias = Line | Polynomial | Shaped

OFFSET_LEVEL = 0.01
"""Probability with which a constant that is not there is added."""
_MOST_ROUNDS = 12
_SETTLED = 1e-9


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted curve.  Arrays are in the order of the readings."""

    named: list[Named]
    estimates: list[Any]
    """The parameters as correlated GTC uncertain numbers, in the order of ``named``."""
    x: Floats
    y: Floats
    residuals: Floats
    at: Callable[[Any], Any]
    band: Callable[[Any], Any]
    """Half-width U (P = 95 %) of the curve."""
    fit: Fit
    u: Floats | None
    """Effective standard uncertainties of y (n,), where they are known."""
    type_a_known: bool = True
    """False where the readings are just as many as the parameters and nothing else is known."""

    @property
    def n(self) -> int:
        """Number of readings."""
        return len(self.x)

    @property
    def explained(self) -> float:
        """Share of Σ(y - ȳ)² that the curve explains; 1 where y does not vary."""
        total = float(np.sum((self.y - self.y.mean()) ** 2))
        return 1 - float(np.sum(self.residuals**2)) / total if total else 1.0


def equation(model: Model, *, degree: int = 2, offset: bool | None = None) -> str:
    """The model in plain Unicode."""
    if model in SHAPES:
        return SHAPES[model].equation + (f" + {OFFSET}" if with_offset(model, offset) else "")
    if model != "polynomial":
        return {"line": "y = a + b·x", "proportional": "y = b·x"}[model]
    higher = (f"c{units.subscript(k)}·x{units.superscript(k)}" for k in range(2, degree + 1))
    return "y = " + " + ".join(["c₀", "c₁·x", *higher])


def parameter_names(
    model: Model, x_unit: str, y_unit: str, *, degree: int = 2, offset: bool | None = None
) -> list[Named]:
    """Chinese name, symbol and unit of each parameter, in the order of the covariance."""
    slope = ("斜率", "b", units.quotient(y_unit, x_unit))
    if model == "line":
        return [("截距", "a", y_unit), slope]
    if model == "proportional":
        return [slope]
    if model == "polynomial":
        return [
            (f"{k} 次项系数", f"c{units.subscript(k)}", units.quotient(y_unit, x_unit, k))
            for k in range(degree + 1)
        ]
    constant = [("常数项", OFFSET, y_unit)] if with_offset(model, offset) else []
    return SHAPES[model].named(x_unit, y_unit) + constant


def with_offset(model: Model, offset: bool | None) -> bool:
    """Whether the curve has a constant C; ``offset`` decides where the model leaves it open."""
    shape = SHAPES[model]
    return shape.offset if offset is None or not shape.offset_optional else offset


def needs_offset(model: Model, x: ArrayLike, y: ArrayLike, u_y: ArrayLike | None = None) -> bool:
    """Whether the readings (n,) ask for a constant C beside a power or an exponential.

    F test of the two nested fits at ``OFFSET_LEVEL``, with ν = 1 and n - 3; with known ``u_y`` the
    test of χ² with ν = 1.  False where the model leaves nothing open, or the curve with C cannot be
    fitted or has no degree of freedom left.
    """
    if model not in ("power", "exponential"):
        return False
    readings = checked_pair(x, y, 1)
    spread = None if u_y is None else checked_uncertainties(u_y, len(readings[0]))
    dof = len(readings[0]) - 3
    if dof < 1:
        return False
    try:
        with_c, without = (
            fit_shape(SHAPES[model], *readings, constant, spread, 0.0, 0.0)
            for constant in (True, False)
        )
    except (LabError, ArithmeticError):
        return False
    weights = np.ones(dof + 3) if spread is None else 1 / spread
    rest = float(np.sum((with_c.curve.residuals * weights) ** 2))
    gain = max(float(np.sum((without.curve.residuals * weights) ** 2)) - rest, 0.0)
    if spread is not None:
        return bool(special.chdtrc(1, gain) < OFFSET_LEVEL)
    return bool(gain and (not rest or special.fdtrc(1, dof, gain / rest * dof) < OFFSET_LEVEL))


def fit_model(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    *,
    degree: int = 2,
    offset: bool | None = None,
    u_x: ArrayLike | None = None,
    u_y: ArrayLike | None = None,
    x_limit: float | None = None,
    y_limit: float | None = None,
    x_unit: str = "1",
    y_unit: str = "1",
) -> Fitted:
    """Fit a declared model to readings; see the module for what is known of them.

    Parameters
    ----------
    x, y : (n,).
    degree : of a polynomial.
    offset : whether a constant C is added to a power, an exponential or a Gaussian; None leaves it
        to the model (a Gaussian has one).  A sine always has one.
    u_x, u_y : standard uncertainties, one for all or (n,); only a line takes ``u_x`` alone.
    x_limit, y_limit : instrument limits of error; not beside u of the same readings.
    x_unit, y_unit : for the units of the parameters.

    Raises
    ------
    ReadingError : too few readings, x ≤ 0 under a power or logarithm (with field and index).
    ConvergenceError : no minimum was found, or the readings leave a parameter undetermined.
    """
    abscissae, ordinates = checked_pair(x, y, 1)
    named = parameter_names(model, x_unit, y_unit, degree=degree, offset=offset)
    text = equation(model, degree=degree, offset=offset)
    if model == "line":
        line = fit_line(
            abscissae,
            ordinates,
            x_limit=x_limit,
            y_limit=y_limit,
            u_x=u_x,
            u_y=u_y,
            x_label="x",
            y_label="y",
        )
        u = _effective(abscissae, u_x, u_y, np.full(line.n, float(line.slope.x)))
        return _straight(line, named, text, u)
    if u_x is not None and u_y is None:
        raise ReadingError("除直线外，给出 u_x 时还须给出 u_y", "u_x")
    if model == "proportional" and u_x is not None:
        line = fit_proportional(abscissae, ordinates, u_x=u_x, u_y=u_y, y_label="y")
        u = _effective(abscissae, u_x, u_y, np.full(line.n, float(line.slope.x)))
        return _straight(line, named, text, u)
    readings = abscissae, ordinates
    fit = _fitter(model, readings, degree, offset, x_limit or 0.0, y_limit or 0.0)
    fitted, u = _settled(fit, abscissae, u_x, u_y)
    if isinstance(fitted, Shaped):
        return _curved(fitted, named, text, u)
    return _straight(fitted, named, text, u)


def _fitter(
    model: Model,
    readings: tuple[Floats, Floats],
    degree: int,
    offset: bool | None,
    x_limit: float,
    y_limit: float,
) -> Callable[[Floats | None], Solution]:
    """The fit of a model as a function of the standard uncertainties of y."""
    x, y = readings
    if model in SHAPES:
        shape = SHAPES[model]
        constant = with_offset(model, offset)
        return lambda u: fit_shape(shape, x, y, constant, u, x_limit, y_limit)

    def simple(u: Floats | None, limit: float | None) -> Line | Polynomial:
        if model == "proportional":
            return fit_proportional(x, y, u_y=u, y_limit=limit, y_label="y")
        return fit_polynomial(x, y, degree, u_y=u, y_limit=limit, y_label="y")

    def limited(u: Floats | None) -> Line | Polynomial:
        if u is not None:
            return simple(u, None)
        if not x_limit:
            return simple(None, y_limit or None)
        gradient = _slope(simple(None, None), x)
        return simple(None, float(np.sqrt(y_limit**2 + x_limit**2 * np.mean(gradient**2))))

    return limited


def _settled(
    fit: Callable[[Floats | None], Solution],
    x: Floats,
    u_x: ArrayLike | None,
    u_y: ArrayLike | None,
) -> tuple[Solution, Floats | None]:
    """The fit, with effective variances where x is uncertain too, and the u of y that it used."""
    u = None if u_y is None else checked_uncertainties(u_y, len(x))
    fitted = fit(u)
    if u_x is None:
        return fitted, u
    for _ in range(_MOST_ROUNDS):
        renewed = _effective(x, u_x, u_y, _slope(fitted, x))
        fitted = fit(renewed)
        if u is not None and renewed is not None and np.allclose(renewed, u, rtol=_SETTLED, atol=0):
            break
        u = renewed
    return fitted, u


def _effective(
    x: Floats, u_x: ArrayLike | None, u_y: ArrayLike | None, slope: Floats
) -> Floats | None:
    """√(u_y² + (slope·u_x)²) of each reading, (n,); None where neither is known."""
    if u_x is None and u_y is None:
        return None
    spread_x, spread_y = (checked_uncertainties(u, len(x)) for u in (u_x, u_y))
    return np.asarray(np.hypot(spread_y, slope * spread_x))


def _slope(fitted: Solution, x: Floats) -> Floats:
    """Derivative of the curve at ``x``."""
    if isinstance(fitted, Shaped):
        return fitted.slope(x)
    step = 1e-6 * float(np.ptp(x)) or 1.0
    return np.asarray((fitted.at(x + step) - fitted.at(x - step)) / (2 * step))


def _straight(fitted: Line | Polynomial, named: list[Named], text: str, u: Floats | None) -> Fitted:
    if isinstance(fitted, Polynomial):
        estimates, wire = fitted.coefficients, fitted.as_fit("fit", text, named)
    elif len(named) == 1:
        estimates, wire = [fitted.slope], fitted.as_fit("fit", text, named[0])
    else:
        estimates = [fitted.intercept, fitted.slope]
        wire = fitted.as_fit("fit", text, named[1], named[0])
    return Fitted(
        named, estimates, fitted.x, fitted.y, fitted.residuals, fitted.at, fitted.band, wire, u,
        fitted.type_a_known,
    )  # fmt: skip


def _curved(fitted: Shaped, named: list[Named], text: str, u: Floats | None) -> Fitted:
    curve, wire = fitted.curve, fitted.as_fit("fit", text, named)
    x, y, residuals = (np.asarray(a, dtype=float) for a in (curve.x, curve.y, curve.residuals))
    return Fitted(named, fitted.parameters, x, y, residuals, curve.at, fitted.band, wire, u)
