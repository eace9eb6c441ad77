"""Equal spacing of the maxima (or minima) of a curve on a rising envelope.

A maximum on a rising envelope lies above its crest.  How far depends on what the curve is made of,
and a single curve does not say so beforehand: where the envelope *multiplies* a periodic shape, the
crests are where the curve touches its envelope (``peaks.touching_places``), and plain maxima are
too close together by some 0.5 to 1 %; where single humps of growing height *add up*, the maxima are
the crests but for little, and taking the envelope out would overdo it by as much.  The positions
themselves tell, since the shift s_n from crest to maximum falls off about as 1/n and bends the line
V_n against n.  So its share λ is a third parameter beside offset and spacing::

    V_max,n = V₀ + n·U₀ + λ·s_n

with s_n the shift that multiplication would make; λ = 1 is that case, λ = 0 no shift at all.  Prior
knowledge of λ is ½ ± 2, which hardly counts from four maxima on; with three or fewer, which cannot
tell, it is ½ ± ½.  Weighted least squares with the uncertainties of the single maxima, which are
known from the scatter of the readings; where χ² is too large for that (1 %), they are enlarged by
the Birge ratio √(χ²/ν) (R. T. Birge, Phys. Rev. 40 (1932) 207).  All that follows, the successive
differences too, comes from the same maxima and λ and is correlated as it should be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from GTC import multiple_ureal
from numpy.typing import NDArray
from scipy import special

from functions._lab.measurand import constant, limit
from functions._lab.peaks import Extremum, orders
from functions._lab.result import Fit, Parameter

Array = NDArray[np.float64]
Named = tuple[str, str, str]

_MIDDLE, _WIDE, _NARROW = 0.5, 2.0, 0.5
_FEW = 3
_IMPROBABLE = 0.01


@dataclass(frozen=True, eq=False)
class Spacing:
    """The line V_n = V₀ + n·U₀ of N extrema."""

    orders: list[int]
    maxima: Array
    """Abscissae of the plain extrema (N,)."""
    uncertainties: Array
    """Their standard uncertainties as the fit uses them (N,)."""
    crests: Array
    """Abscissae less λ·s_n (N,)."""
    offset: Any
    """V₀ as an uncertain number."""
    spacing: Any
    """U₀ as an uncertain number."""
    share: Any
    """λ as an uncertain number."""
    covariance: Array
    """Of V₀ and U₀ (2 × 2)."""
    chi_squared: float
    birge_ratio: float
    """Factor by which the uncertainties of the maxima are enlarged, 1 as a rule."""
    differences: Any
    """U₀ by successive differences (逐差法): crests half the series apart, each used once.

    The middle one of an odd number is left out.
    """

    @property
    def degrees_of_freedom(self) -> int:
        """ν = N - 2 of the line; that of the uncertainties comes from the readings."""
        return len(self.orders) - 2

    @property
    def residuals(self) -> Array:
        """Crests less the line (N,)."""
        line = float(self.offset.x) + float(self.spacing.x) * np.array(self.orders)
        return np.asarray(self.crests - line)

    def as_fit(self, name: str, model: str, spacing: Named, offset: Named) -> Fit:
        """The line for the wire, V₀ first."""
        dof = self.degrees_of_freedom
        pairs = (offset, self.offset), (spacing, self.spacing)
        return Fit(
            name=name,
            model=model,
            parameters=[Parameter(*named, float(p.x), float(p.u)) for named, p in pairs],
            covariance=self.covariance.tolist(),
            n=len(self.orders),
            degrees_of_freedom=dof,
            residual_standard_deviation=float(np.sqrt(np.sum(self.residuals**2) / dof))
            if dof
            else None,
            chi_squared=self.chi_squared,
            chi_squared_probability=float(special.chdtrc(dof, self.chi_squared)) if dof else None,
        )


def fit_spacing(
    plain: Sequence[Extremum],
    touching: Array,
    *,
    x_limit: float | None = None,
    label: str = "峰位",
    x_label: str = "电压",
    first: int | None = None,
) -> Spacing:
    """Spacing of N ≥ 2 extrema.

    Parameters
    ----------
    plain, touching : the extrema and where the curve touches its envelope near them, N each, by x.
    x_limit : instrument limit of error Δ of the abscissae, independent from one to the next.
    label, x_label : names of the extrema and of the abscissa in budgets.
    first : order number of the first one; without it, the one that leaves V₀ within
        -0.15 … 0.85 spacings.
    """
    places = np.array([e.value for e in plain])
    shifts = places - touching
    if not np.isfinite(shifts).all():
        shifts = np.zeros_like(places)
    own = np.array([e.standard_uncertainty for e in plain])
    numbers = np.array(orders(plain)) - 1
    typical = float(places[-1] - places[0]) / int(numbers[-1])
    numbers += max(int(places[0] / typical + 0.15), 0) if first is None else first
    prior = _NARROW if len(plain) <= _FEW else _WIDE
    u = np.hypot(own, (x_limit or 0.0) / np.sqrt(3))
    gain, chi_squared = _solve(numbers, shifts, places, u, prior)
    dof, birge = len(plain) - 2, 1.0
    if dof and special.fdtrc(dof, plain[0].degrees_of_freedom, chi_squared / dof) < _IMPROBABLE:
        birge = float(np.sqrt(chi_squared / dof))
    leaves = _leaves(plain, own * birge, label)
    if x_limit is not None:
        leaves = [leaf + limit(x_limit * birge, x_label) for leaf in leaves]
    known = [*leaves, constant(_MIDDLE, prior, "包络影响的份额")]
    offset, spacing, share = (_combined(row, known) for row in gain)
    spread = gain * np.append(u * birge, prior)
    of_crests = np.eye(places.size, places.size + 1) - np.outer(shifts, gain[2])
    return Spacing(
        orders=[int(n) for n in numbers],
        maxima=places,
        uncertainties=u * birge,
        crests=places - float(share.x) * shifts,
        offset=offset,
        spacing=spacing,
        share=share,
        covariance=(spread @ spread.T)[:2, :2],
        chi_squared=chi_squared,
        birge_ratio=birge,
        differences=_combined(_successive(numbers) @ of_crests, known),
    )


def _successive(numbers: NDArray[np.int_]) -> Array:
    """Weights of the crests in the spacing by successive differences (N,)."""
    half = numbers.size // 2
    weights = np.zeros(numbers.size)
    weights[:half], weights[numbers.size - half :] = -1, 1
    return np.asarray(weights / (weights @ numbers))


def _leaves(extrema: Sequence[Extremum], u: Array, label: str) -> list[Any]:
    """The abscissae as uncertain numbers whose common scatter has common degrees of freedom."""
    values = [e.value for e in extrema]
    dof = extrema[0].degrees_of_freedom
    return list(multiple_ureal(values, u.tolist(), dof, [label] * len(values)))


def _solve(
    numbers: NDArray[np.int_], shifts: Array, places: Array, u: Array, prior: float
) -> tuple[Array, float]:
    """Estimates of V₀, U₀, λ as linear functions (3 × N + 1) of places and prior, and χ²."""
    columns = np.stack([np.ones(places.size), numbers, shifts], axis=1)
    design = np.vstack([columns, [0.0, 0.0, 1.0]])
    scale = np.append(np.maximum(u, 1e-9 * float(np.ptp(places))), prior)
    gain = np.linalg.pinv(design / scale[:, None]) / scale
    known = np.append(places, _MIDDLE)
    residuals = (known - design @ (gain @ known)) / scale
    return gain, float(residuals @ residuals)


def _combined(weights: Array, leaves: Sequence[Any]) -> Any:
    """Sum of leaves with their weights."""
    terms = [float(w) * leaf for w, leaf in zip(weights, leaves, strict=True)]
    return sum(terms[1:], terms[0])
