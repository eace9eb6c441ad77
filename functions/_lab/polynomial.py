"""Polynomials by least squares, reckoned in Chebyshev polynomials of the scaled abscissa.

Powers of x as they are lose half of the digits and more (NIST StRD, Filip: the design has a
condition number of 10¹⁵); on [-1, 1] the Chebyshev polynomials keep the problem well conditioned
(G. E. Forsythe, J. SIAM 5 (1957) 74, on orthogonal bases).  The coefficients of the powers of x
follow by an exact change of basis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from GTC import inf, multiple_ureal
from GTC.lib import UncertainReal
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike

from functions._lab._straight import Named
from functions._lab.errors import ReadingError
from functions._lab.linear import (
    Extended,
    Floats,
    LinearSolution,
    checked_pair,
    checked_scales,
    chi_squared_probability,
    combined,
    expanded,
    least_squares,
)
from functions._lab.result import Fit, Parameter
from functions._lab.rules import factors

__all__ = ["Polynomial", "fit_polynomial", "least_squares"]


@dataclass(frozen=True, eq=False)
class Polynomial:
    """y = c₀ + c₁ x + … + c_d x^d.  Arrays are in the order of the readings."""

    coefficients: list[UncertainReal]
    """c₀ … c_d, correlated, one ensemble."""
    series: list[UncertainReal]
    """Chebyshev coefficients in t = (x - centre) / width, of the same ensemble."""
    centre: float
    width: float
    covariance: Floats
    """Of the coefficients c₀ … c_d, types A and B together, shape (d + 1, d + 1)."""
    x: Floats
    y: Floats
    fitted: Floats
    residuals: Floats
    degrees_of_freedom: int
    """n - d - 1."""
    residual_standard_deviation: float | None
    """√(Σ residual² / ν), in the unit of y, without weights; None where ν = 0."""
    type_a_known: bool
    """False where ν = 0 and no uncertainty was given: then u is not what it seems."""
    basis_covariance: Floats
    """Of the Chebyshev coefficients, types A and B together."""
    type_a_share: float
    """Part of every variance that has ν degrees of freedom; the rest has infinitely many."""
    chi_squared: float | None = None
    """Only where the weights are known."""

    @property
    def n(self) -> int:
        """Number of readings."""
        return len(self.x)

    @property
    def degree(self) -> int:
        """d."""
        return len(self.coefficients) - 1

    def _basis(self, x: ArrayLike) -> Floats:
        scaled = (np.asarray(x, dtype=np.float64) - self.centre) / self.width
        basis = np.asarray(chebyshev.chebvander(scaled, self.degree), dtype=np.float64)
        return basis.reshape(*scaled.shape, self.degree + 1)

    def at(self, x: ArrayLike) -> Floats:
        """Ordinates of the polynomial, same shape as ``x``."""
        return np.asarray(self._basis(x) @ [float(c.x) for c in self.series])

    def band(self, x: ArrayLike) -> Floats:
        """Half-width U (P = 95 %) of the mean curve, same shape as ``x``.

        NaN where the scatter is unknown (``type_a_known`` is False).
        """
        basis = self._basis(x)
        if not self.type_a_known:
            return np.full(basis.shape[:-1], np.nan)
        variance = np.einsum("...i,ij,...j->...", basis, self.basis_covariance, basis)
        return expanded(variance, self.type_a_share * variance, self.degrees_of_freedom)

    def predict(self, x: float | UncertainReal) -> UncertainReal:
        """Ordinate at ``x`` as an uncertain number."""
        scaled = (x - self.centre) / self.width
        before, now = 1.0, scaled
        total = self.series[0]
        for coefficient in self.series[1:]:
            total = total + coefficient * now
            before, now = now, 2 * scaled * now - before
        return total

    def extremum(self) -> tuple[UncertainReal, UncertainReal]:
        """Position and height of the vertex of a parabola.

        Raises ReadingError where it has no curvature, ValueError for another degree than 2.
        """
        if self.degree != 2:
            raise ValueError("only a parabola has one extremum")
        level, slope, curvature = self.series
        if not float(curvature.x):
            raise ReadingError("拟合抛物线没有弯曲，没有极值")
        scaled = -slope / (4 * curvature)
        height = level - curvature - slope**2 / (8 * curvature)
        return self.centre + self.width * scaled, height

    def as_fit(self, name: str, model: str, parameters: Sequence[Named]) -> Fit:
        """The polynomial for the wire; ``parameters`` names c₀ … c_d in this order."""
        return Fit(
            name=name,
            model=model,
            parameters=[
                Parameter(*named, float(c.x), float(u))
                for named, c, u in zip(
                    parameters, self.coefficients, np.sqrt(np.diag(self.covariance)), strict=True
                )
            ],
            covariance=self.covariance.tolist(),
            n=self.n,
            degrees_of_freedom=self.degrees_of_freedom,
            residual_standard_deviation=self.residual_standard_deviation,
            chi_squared=self.chi_squared,
            chi_squared_probability=(
                None
                if self.chi_squared is None
                else chi_squared_probability(self.chi_squared, self.degrees_of_freedom)
            ),
        )


def fit_polynomial(
    x: ArrayLike,
    y: ArrayLike,
    degree: int,
    *,
    y_limit: float | None = None,
    u_y: ArrayLike | None = None,
    label: str = "",
    y_label: str = "",
) -> Polynomial:
    """Fit a polynomial of the given degree.

    Parameters
    ----------
    x, y : shape (n,), n > ``degree``.
    degree : d ≥ 1.
    y_limit : instrument limit of error Δ of y: type B beside type A from the residuals.
    u_y : known standard uncertainties of y, one for all or shape (n,): weighted fit, infinite ν.
        Excludes ``y_limit``.
    label, y_label : what the curve and the ordinate are, for the budget.

    Raises ReadingError for too few distinct abscissae, lengths that differ, NaN.
    """
    if degree < 1:
        raise ValueError("the degree is 1 or more")
    if u_y is not None and y_limit is not None:
        raise ValueError("give either an instrument limit or known standard uncertainties")
    abscissae, ordinates = checked_pair(x, y, degree + 1)
    if len(np.unique(abscissae)) <= degree:
        raise ReadingError(f"不同的横坐标不足 {degree + 1} 个，无法拟合 {degree} 次多项式")
    spread = checked_scales(u_y, len(abscissae))
    low, high = float(abscissae.min()), float(abscissae.max())
    centre, width = low + (high - low) / 2, (high - low) / 2
    scaled = (abscissae.astype(np.longdouble) - centre) / width
    solution = _solved(scaled, ordinates, spread, degree)
    causes = [_Cause(f"{label} 已知不确定度".strip(), 1.0)]
    if u_y is None:
        causes = _causes(solution, y_limit or 0.0, label, y_label or label)
    readings = abscissae, ordinates, (solution.residuals * spread).astype(np.float64)
    return _polynomial(readings, centre, width, solution, causes, u_y is not None)


@dataclass(frozen=True)
class _Cause:
    """One cause of uncertainty: label, u of a reading (of weight one), degrees of freedom."""

    label: str
    u: float
    degrees_of_freedom: float = inf
    limited: bool = False
    """Whether it is an instrument's limit of error."""


def _solved(scaled: Extended, y: Floats, spread: Floats, degree: int) -> LinearSolution:
    """Chebyshev coefficients of readings at ``scaled`` in [-1, 1], each row divided by its u."""
    design = chebyshev.chebvander(scaled, degree) / spread[:, None]
    return least_squares(design, y / spread.astype(np.longdouble))


def _causes(solution: LinearSolution, limit: float, label: str, y_label: str) -> list[_Cause]:
    """Instrument limit and scatter of readings of unknown, equal uncertainty."""
    causes = [_Cause(f"{y_label} 仪器误差限".strip(), limit / np.sqrt(3), limited=True)]
    scatter = solution.residual_standard_deviation
    if scatter is not None:
        name = f"{label} 拟合残差".strip()
        causes.append(_Cause(name, scatter, solution.degrees_of_freedom))
    return causes


def _polynomial(
    readings: tuple[Floats, Floats, Floats],
    centre: float,
    width: float,
    solution: LinearSolution,
    causes: Sequence[_Cause],
    weights_known: bool,
) -> Polynomial:
    """Polynomial from abscissae, ordinates and residuals, its uncertain coefficients of causes."""
    x, y, residuals = readings
    powers = _powers(len(solution.estimates) - 1, centre, width)
    in_powers = powers @ solution.root
    ensembles = [_ensemble(cause, len(powers)) for cause in causes if cause.u]
    variance = sum(cause.u**2 for cause in causes)
    type_a = sum(cause.u**2 for cause in causes if cause.degrees_of_freedom < inf)
    dof = solution.degrees_of_freedom
    return Polynomial(
        coefficients=_uncertain(_cleared(powers @ solution.estimates, x, y), in_powers, ensembles),
        series=_uncertain(solution.estimates, solution.root, ensembles),
        centre=centre,
        width=width,
        covariance=np.asarray(variance * (in_powers @ in_powers.T), dtype=np.float64),
        x=x,
        y=y,
        fitted=y - residuals,
        residuals=residuals,
        degrees_of_freedom=dof,
        residual_standard_deviation=float(np.sqrt(np.sum(residuals**2) / dof)) if dof else None,
        type_a_known=dof > 0 or weights_known,
        basis_covariance=variance * solution.inverse,
        type_a_share=type_a / variance if variance else 0.0,
        chi_squared=solution.residual_sum_of_squares if weights_known else None,
    )


def _cleared(coefficients: Extended, x: Floats, y: Floats) -> Extended:
    """Coefficients (d + 1,) with 0 for what is nothing but the rounding of doubles."""
    reach = np.abs(x).max() ** np.arange(len(coefficients), dtype=float)
    noise = 4 * np.finfo(float).eps * float(np.abs(y).max())
    return np.where(np.abs(coefficients) * reach < noise, 0, coefficients)


def _ensemble(cause: _Cause, count: int) -> list[UncertainReal]:
    """Independent zero-valued uncertain numbers that Welch–Satterthwaite counts once."""
    u, labels = [cause.u] * count, [cause.label] * count
    numbers = list(multiple_ureal([0.0] * count, u, cause.degrees_of_freedom, labels))
    return [factors.limited(number) for number in numbers] if cause.limited else numbers


def _uncertain(
    values: Extended, weights: Extended | Floats, ensembles: Sequence[list[UncertainReal]]
) -> list[UncertainReal]:
    """Uncertain numbers of those values, row i of ``weights`` being on each ensemble."""
    leaves = [leaf for ensemble in ensembles for leaf in ensemble]
    return [
        combined(float(value), [*row] * len(ensembles), leaves)
        for value, row in zip(values, weights, strict=True)
    ]


def _powers(degree: int, centre: float, width: float) -> Extended:
    """Matrix from Chebyshev coefficients in (x - centre) / width to those of the powers of x.

    Column k holds T_k((x - centre) / width), by T_k+1 = 2 t T_k - T_k-1 in exact fractions.
    """
    middle, half = Fraction(centre), Fraction(width)
    size = degree + 1

    def times_t(polynomial: list[Fraction]) -> list[Fraction]:
        raised = [Fraction(0), *polynomial[:-1]]
        return [(up - middle * c) / half for up, c in zip(raised, polynomial, strict=True)]

    columns = [[Fraction(int(i == 0)) for i in range(size)]]
    columns.append(times_t(columns[0]))
    while len(columns) < size:
        raised, before = times_t(columns[-1]), columns[-2]
        columns.append([2 * up - down for up, down in zip(raised, before, strict=True)])
    extended = [[_extended(entry) for entry in column] for column in columns[:size]]
    return np.array(extended, dtype=np.longdouble).T


def _extended(exact: Fraction) -> np.longdouble:
    """A fraction in extended precision, as a float and the float that it leaves."""
    leading = float(exact)
    return np.longdouble(leading) + np.longdouble(float(exact - Fraction(leading)))
