"""The straight line as a result: uncertain parameters, band, predictions, and its wire form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from GTC import inf, multiple_ureal
from GTC.lib import UncertainReal
from numpy.typing import ArrayLike

from functions._lab.errors import ReadingError
from functions._lab.linear import Floats, chi_squared_probability, combined, expanded
from functions._lab.result import Fit, Parameter
from functions._lab.rules import factors

Named: TypeAlias = tuple[str, str, str]
"""Chinese name, symbol and unit of a parameter."""


@dataclass(frozen=True)
class Component:
    """One cause of uncertainty of a line: of its height at ``pivot`` and, apart, of its slope."""

    label: str
    u_height: float
    u_slope: float
    pivot: float
    degrees_of_freedom: float = inf
    limited: bool = False
    """Whether it is what an instrument's limit of error does."""

    @property
    def covariance(self) -> Floats:
        """Covariance of (intercept, slope), shape (2, 2)."""
        height, slope, x = self.u_height**2, self.u_slope**2, self.pivot
        return np.array([[height + x * x * slope, -x * slope], [-x * slope, slope]])

    def leaves(self) -> list[UncertainReal]:
        """Zero-valued uncertain numbers of height and slope, which make one ensemble."""
        u, labels = [self.u_height, self.u_slope], [self.label] * 2
        leaves = list(multiple_ureal([0.0, 0.0], u, self.degrees_of_freedom, labels))
        return [factors.limited(leaf) for leaf in leaves] if self.limited else leaves

    def variance_at(self, x: Floats) -> Floats:
        """Variance of the ordinate at ``x``, same shape."""
        return self.u_height**2 + (self.u_slope * (x - self.pivot)) ** 2


@dataclass(frozen=True, eq=False)
class Line:
    """A fitted straight line y = a + b x.  Arrays are in the order of the readings."""

    intercept: UncertainReal
    slope: UncertainReal
    height: UncertainReal
    """Ordinate at ``pivot``; all three are correlated as they should be."""
    pivot: float
    """Abscissa amid the readings from which the line is reckoned; 0 through the origin."""
    x: Floats
    y: Floats
    degrees_of_freedom: int
    """n - 2, through the origin n - 1; of the residuals, also where the weights are known."""
    type_a_known: bool
    """False where ν = 0 and no uncertainty was given: then u is not what it seems."""
    components: tuple[Component, ...]
    """The causes of uncertainty, independent of one another."""
    chi_squared: float | None = None
    """Only where the weights are known."""
    r_squared: float | None = None
    """Only for an ordinary line with intercept."""

    @property
    def n(self) -> int:
        """Number of readings."""
        return len(self.x)

    @property
    def fitted(self) -> Floats:
        """Ordinates of the line at the readings."""
        return self.at(self.x)

    @property
    def residuals(self) -> Floats:
        """y - fitted."""
        return self.y - self.fitted

    @property
    def residual_standard_deviation(self) -> float | None:
        """√(Σ residual² / ν), in the unit of y, without weights; None where ν = 0."""
        if not self.degrees_of_freedom:
            return None
        return float(np.sqrt(np.sum(self.residuals**2) / self.degrees_of_freedom))

    @property
    def chi_squared_probability(self) -> float | None:
        """P(χ² ≥ observed); None for unknown weights and where ν = 0."""
        if self.chi_squared is None:
            return None
        return chi_squared_probability(self.chi_squared, self.degrees_of_freedom)

    @property
    def covariance(self) -> Floats:
        """Covariance of (intercept, slope), types A and B together, shape (2, 2)."""
        return sum((c.covariance for c in self.components), np.zeros((2, 2)))

    def at(self, x: ArrayLike) -> Floats:
        """Ordinates of the line, same shape as ``x``."""
        distance = np.asarray(x, dtype=np.float64) - self.pivot
        return np.asarray(float(self.height.x) + float(self.slope.x) * distance)

    def band(self, x: ArrayLike) -> Floats:
        """Half-width U (P = 95 %) of the mean line, same shape as ``x``.

        NaN where the scatter is unknown (``type_a_known`` is False).
        """
        abscissae = np.asarray(x, dtype=np.float64)
        if not self.type_a_known:
            return np.full_like(abscissae, np.nan)
        variances = [(c.variance_at(abscissae), c.degrees_of_freedom) for c in self.components]
        nothing = np.zeros_like(abscissae)
        total = sum((v for v, _ in variances), nothing)
        type_a = sum((v for v, dof in variances if dof < inf), nothing)
        return expanded(total, type_a, self.degrees_of_freedom)

    def predict(self, x: float | UncertainReal) -> UncertainReal:
        """Ordinate of the line at ``x`` as an uncertain number."""
        return self.height + self.slope * (x - self.pivot)

    def inverse(self, y: float | UncertainReal) -> UncertainReal:
        """Abscissa at which the line reaches ``y``.  Raises ReadingError for a slope of zero."""
        if not float(self.slope.x):
            raise ReadingError("拟合直线的斜率为零，没有交点")
        return self.pivot + (y - self.height) / self.slope

    @property
    def x_intercept(self) -> UncertainReal:
        """-a/b, with the covariance.  Raises ReadingError for a slope of zero."""
        return self.inverse(0.0)

    def as_fit(self, name: str, model: str, slope: Named, intercept: Named | None = None) -> Fit:
        """The line for the wire; the intercept comes first, and is left out where not named."""
        pairs = [(intercept, self.intercept)] if intercept else []
        pairs.append((slope, self.slope))
        first = 2 - len(pairs)
        return Fit(
            name=name,
            model=model,
            parameters=[Parameter(*named, float(p.x), float(p.u)) for named, p in pairs],
            covariance=self.covariance[first:, first:].tolist(),
            n=self.n,
            degrees_of_freedom=self.degrees_of_freedom,
            residual_standard_deviation=self.residual_standard_deviation,
            chi_squared=self.chi_squared,
            chi_squared_probability=self.chi_squared_probability,
            r_squared=self.r_squared,
        )


def assemble(
    x: Floats,
    y: Floats,
    pivot: float,
    height: Any,
    slope: Any,
    components: Sequence[Component],
    degrees_of_freedom: int,
    *,
    chi_squared: float | None = None,
    r_squared: float | None = None,
) -> Line:
    """Line through (``pivot``, ``height``), its uncertain parameters made of the components.

    Welch–Satterthwaite counts each component once.
    """
    parts = tuple(c for c in components if c.u_slope or c.u_height)
    leaves = [leaf for c in parts for leaf in c.leaves()]
    on_height = [weight for c in parts for weight in (1.0, pivot - c.pivot)]
    on_intercept = [weight for c in parts for weight in (1.0, -c.pivot)]
    intercept = float(height - slope * pivot)
    if abs(intercept) < 4 * np.finfo(float).eps * abs(float(height)):
        intercept = 0.0  # nothing but rounding
    return Line(
        intercept=combined(intercept, on_intercept, leaves),
        slope=combined(float(slope), [0.0, 1.0] * len(parts), leaves),
        height=combined(float(height), on_height, leaves),
        pivot=pivot,
        x=x,
        y=y,
        degrees_of_freedom=degrees_of_freedom,
        type_a_known=degrees_of_freedom > 0 or chi_squared is not None,
        components=parts,
        chi_squared=chi_squared,
        r_squared=r_squared,
    )
