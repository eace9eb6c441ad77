"""What every analysis returns: measurands, fits and warnings, as Structs that go on the wire."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType


class Influence(Struct, frozen=True):
    """One line of an uncertainty budget (JCGM 100:2008, 4.3 and 5.1)."""

    name: str
    type: Literal["A", "B"]
    standard_uncertainty: float
    sensitivity_coefficient: float
    contribution: float
    degrees_of_freedom: float | None
    """None means infinite."""


class Reference(Struct, frozen=True):
    """The accepted value of a measurand, and how far the estimate is from it."""

    value: float
    standard_uncertainty: float
    source: str
    relative_deviation: float
    """(estimate - value) / value."""
    normalized_error: float | None
    """Eₙ = (estimate - value) / √(U² + U_ref²); None where both are zero."""


class GumUncertainty(Struct, frozen=True):
    """u, ν and U = t₀.₉₅(ν)·u by the GUM."""

    standard_uncertainty: float
    degrees_of_freedom: float | None
    expanded_uncertainty: float


class Measurand(Struct, frozen=True):
    """A measured quantity as on a report: estimate, u, ν, k, U = k·u at P = 95 %, budget.

    Under another rule than that of the GUM, ``standard_uncertainty`` is what that rule quotes.
    """

    name: str
    symbol: str
    unit: str
    value: float
    standard_uncertainty: float
    degrees_of_freedom: float | None
    coverage_factor: float
    expanded_uncertainty: float
    coverage_probability: float
    display: str
    budget: list[Influence] = []
    reference: Reference | None = None
    gum: GumUncertainty | UnsetType = UNSET
    """Where another rule made the uncertainties above."""

    @property
    def by_gum(self) -> GumUncertainty:
        """What the GUM makes of it, whichever rule is in force."""
        if isinstance(self.gum, GumUncertainty):
            return self.gum
        return GumUncertainty(
            self.standard_uncertainty, self.degrees_of_freedom, self.expanded_uncertainty
        )


class Parameter(Struct, frozen=True):
    """One parameter of a fitted curve."""

    name: str
    symbol: str
    unit: str
    value: float
    standard_uncertainty: float


class Fit(Struct, frozen=True):
    """A fitted curve; ``covariance`` is of the parameters, in their order."""

    name: str
    model: str
    """The equation in plain Unicode, ``T² = a + b·M``."""
    parameters: list[Parameter]
    covariance: list[list[float]]
    n: int
    degrees_of_freedom: int
    residual_standard_deviation: float | None
    """None where ν = 0."""
    chi_squared: float | None = None
    chi_squared_probability: float | None = None
    """P(χ² ≥ observed); only where the weights are known."""
    r_squared: float | None = None


class Caution(Struct, frozen=True):
    """A warning to the student: names the reading and what to look at; never changes a reading."""

    code: str
    """``outlier``, ``decimal-slip``, ``digit-swap``, ``order``, ``repeats``, ``few-points``,
    ``reference``, ``offset``, ``no-measurand``, ``integer``, ``extrapolation``, ``ignored``…"""
    message: str
    field: str = ""
    index: int | None = None


class Result(Struct, frozen=True, kw_only=True):
    """Outcome of one analysis.

    An experiment that needs more than this in its figures (the points of a branch, say) subclasses
    it; only the three fields below go on the wire.
    """

    measurands: list[Measurand] = []
    fits: list[Fit] = []
    warnings: list[Caution] = []

    def fit(self, name: str) -> Fit:
        """The fit of that name.  Raises KeyError where there is none."""
        for candidate in self.fits:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def measurand(self, symbol: str) -> Measurand:
        """The measurand with that symbol.  Raises KeyError where there is none."""
        for candidate in self.measurands:
            if candidate.symbol == symbol:
                return candidate
        raise KeyError(symbol)
