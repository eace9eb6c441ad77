"""The method of successive differences (逐差法) for readings whose halves are equally far apart.

2m readings (of an odd number the middle one stands by): d_i = y_(i+h) - y_i for i = 1 … m with h =
m, or m + 1 for an odd number, and the slope is d̄/D with D = x_(i+h) - x_i the same for all i, as
it is for equal steps of x and for two blocks of them.  Every reading is used once, so that the d_i
are independent: type A is s(d)/√m with ν = m - 1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from GTC import inf, ureal
from numpy.typing import ArrayLike
from scipy import special

from functions._lab._straight import Named
from functions._lab.errors import ReadingError
from functions._lab.linear import Floats, checked_pair, checked_uncertainties
from functions._lab.result import Fit, Parameter
from functions._lab.rules import factors

_EQUAL = 5e-3
"""How far a step of x may be from the usual one, relative: abscissae are typed rounded."""


@dataclass(frozen=True, eq=False)
class Successive:
    """Differences and what follows from them.  Readings are in order of x."""

    mean: Any
    """d̄, GTC uncertain number."""
    step: Any
    """Change of y over one step of x, GTC uncertain number; None where the steps differ."""
    distance: float
    """D, in the unit of x."""
    slope: Any
    """Change of y per unit of x, GTC uncertain number."""
    x: Floats
    y: Floats
    order: list[int]
    """Places of the readings in the columns as given."""
    differences: Floats
    """d_i, (m,)."""
    apart: int
    """Steps of x between the two readings of a difference."""
    chi_squared: float | None
    """Σ ((d_i - d̄)/u(d_i))², only where u of y is known."""

    @property
    def unused(self) -> int | None:
        """Place of the middle one of an odd number of readings."""
        return self.order[len(self.order) // 2] if len(self.order) % 2 else None

    @property
    def degrees_of_freedom(self) -> int:
        """m - 1."""
        return len(self.differences) - 1

    @property
    def residuals(self) -> Floats:
        """y less the line of that slope through the mean of the readings, (n,)."""
        return self.y - self.at(self.x)

    def at(self, x: ArrayLike) -> Floats:
        """The line of that slope through the mean of the readings."""
        distance = np.asarray(x, dtype=float) - self.x.mean()
        return np.asarray(self.y.mean() + float(self.slope.x) * distance)

    def as_fit(self, name: str, model: str, slope: Named) -> Fit:
        """For the wire; the residual standard deviation is that of the differences."""
        dof, chi_squared = self.degrees_of_freedom, self.chi_squared
        known = chi_squared is not None and dof > 0
        return Fit(
            name=name,
            model=model,
            parameters=[Parameter(*slope, float(self.slope.x), float(self.slope.u))],
            covariance=[[float(self.slope.v)]],
            n=len(self.x),
            degrees_of_freedom=dof,
            residual_standard_deviation=float(np.std(self.differences, ddof=1)) if dof else None,
            chi_squared=chi_squared,
            chi_squared_probability=float(special.chdtrc(dof, chi_squared)) if known else None,
        )


def successive_differences(
    x: ArrayLike,
    y: ArrayLike,
    *,
    u_x: ArrayLike | None = None,
    u_y: ArrayLike | None = None,
    x_limit: float | None = None,
    y_limit: float | None = None,
    x_label: str = "x",
    y_label: str = "y",
) -> Successive:
    """Slope of y over x whose halves are equally far apart.

    Parameters
    ----------
    x, y : (n,), in any order, n ≥ 4, or n ≥ 2 where an uncertainty is given.
    u_y : standard uncertainties of y, one for all or (n,): known, infinite ν; with them ``u_x`` of
        x, carried to y along the line.
    x_limit, y_limit : instrument limits of error, Δ/√3 for each reading, beside type A; that of x
        acts on the slope.
    x_label, y_label : names of the quantities, for the budget.

    Raises ReadingError for too few readings and for distances that are not equal (with the index).
    """
    abscissae, ordinates = checked_pair(x, y, 2)
    order = np.argsort(abscissae, kind="stable")
    at, level = abscissae[order], ordinates[order]
    m, apart = at.size // 2, (at.size + 1) // 2
    if m < 2 and u_y is None and y_limit is None:
        raise ReadingError(f"只有 {at.size} 个读数，逐差法至少需要 4 个", "x")
    distance = _distance(at, m, apart, order)
    differences = level[apart:] - level[:m]
    mean, chi_squared = float(differences.mean()), None
    if u_y is not None:
        along = mean / distance * checked_uncertainties(u_x, at.size)[order]
        u = np.hypot(checked_uncertainties(u_y, at.size)[order], along)
        each = np.hypot(u[apart:], u[:m])
        chi_squared = float(np.sum(((differences - mean) / each) ** 2)) if each.all() else None
        difference = ureal(
            mean, float(np.sqrt(np.sum(each**2))) / m, inf, f"{y_label} 已知不确定度"
        )
    else:
        difference = _scattered(differences) + _limited(y_limit, m, y_label)
    slope = difference / distance + _limited(x_limit, m, x_label) * abs(mean) / distance**2
    step = difference / apart if _equal(np.diff(at)) else None
    return Successive(
        difference,
        step,
        distance,
        slope,
        at,
        level,
        order.tolist(),
        differences,
        apart,
        chi_squared,
    )


def _scattered(differences: Floats) -> Any:
    """Mean of the differences, with the uncertainty of their scatter where there are several."""
    mean, m = ureal(float(differences.mean()), 0.0), differences.size
    if m == 1:
        return mean
    u = float(np.std(differences, ddof=1) / np.sqrt(m))
    scatter = ureal(0.0, u, m - 1, "逐差的分散")
    factors.note_repeats(scatter, m)
    return mean + scatter


def _limited(limit: float | None, m: int, column: str) -> Any:
    """Zero with the uncertainty that a limit of the readings gives the mean of m differences."""
    u = (limit or 0.0) * float(np.sqrt(2 / (3 * m)))
    return factors.limited(ureal(0.0, u, inf, f"{column} 仪器误差限"))


def _distance(at: Floats, m: int, apart: int, order: Any) -> float:
    """Distance of the halves.  Raises ReadingError, with the index, where one differs."""
    distances = at[apart:] - at[:m]
    usual = float(np.median(distances))
    if usual <= 0:
        raise ReadingError("逐差法要求 x 等间隔且互不相同", "x")
    wrong = np.flatnonzero(np.abs(distances - usual) > _EQUAL * usual)
    if not wrong.size:
        return float(distances.mean())
    steps = np.diff(at)
    odd = np.flatnonzero(np.abs(steps - np.median(steps)) > _EQUAL * abs(float(np.median(steps))))
    place = int(odd[0]) + 1 if odd.size else int(wrong[0]) + apart
    sentence = "逐差法要求 x 等间隔（或前后两组一一等距），此处间隔与其余的不同"
    raise ReadingError(sentence, "x", int(order[place]))


def _equal(steps: Floats) -> bool:
    usual = float(np.median(steps))
    return bool((np.abs(steps - usual) <= _EQUAL * abs(usual)).all())
