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
the Birge ratio √(χ²/ν) (R. T. Birge, Phys. Rev. 40 (1932) 207) and known with ν = N - 2 only.

In many real tubes other things bend the line more, distances that grow with n first of all (Rapior
et al., Am. J. Phys. 74 (2006) 423).  They show in a λ outside 0 … 1: then the envelope explains
nothing, and the line is the plain one of the maxima as they are, with the scatter about it as
uncertainty, ν = N - 2.

The successive differences (逐差法) are always those of the maxima as they are, as a figure marks
them; what the envelope may do to them is a part of their uncertainty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from GTC import multiple_ureal
from numpy.typing import NDArray
from scipy import special

from functions._lab.measurand import constant, limit
from functions._lab.peaks import Extremum, orders_of
from functions._lab.result import Fit, Parameter

Array = NDArray[np.float64]
Named = tuple[str, str, str]

_MIDDLE, _WIDE, _NARROW = 0.5, 2.0, 0.5
_FEW = 3
_IMPROBABLE = 0.01
_OUTSIDE = 3.0
"""Distance of λ from 0 … 1, in its u, that is too much for the envelope."""


@dataclass(frozen=True, eq=False)
class Spacing:
    """The line V_n = V₀ + n·U₀ of N extrema."""

    orders: list[int]
    maxima: Array
    """Abscissae of the plain extrema (N,)."""
    uncertainties: Array
    """Their standard uncertainties as the fit uses them (N,)."""
    crests: Array
    """Abscissae less λ·s_n (N,), the abscissae themselves for a plain line."""
    offset: Any
    """V₀ as an uncertain number."""
    spacing: Any
    """U₀ as an uncertain number."""
    share: Any
    """λ as an uncertain number; None for a plain line."""
    covariance: Array
    """Of V₀ and U₀ (2 × 2)."""
    chi_squared: float | None
    """None for a plain line, whose weights are not known."""
    differences: Any
    """U₀ by successive differences (逐差法): maxima half the series apart, each used once.

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
            chi_squared_probability=float(special.chdtrc(dof, self.chi_squared))
            if dof and self.chi_squared is not None
            else None,
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
    """Spacing of N ≥ 2 extrema of a curve, with the share of the envelope where that explains it.

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
    numbers = order_numbers(places, first)
    prior = _NARROW if len(plain) <= _FEW else _WIDE
    u = np.hypot(own, (x_limit or 0.0) / np.sqrt(3))
    gain, chi_squared = _solve(numbers, shifts, places, u, prior)
    dof, freedom, birge = len(plain) - 2, plain[0].degrees_of_freedom, 1.0
    if dof and special.fdtrc(dof, freedom, chi_squared / dof) < _IMPROBABLE:
        birge, freedom = float(np.sqrt(chi_squared / dof)), min(freedom, dof)
    leaves = _leaves(places, own * birge, freedom, label, x_limit, x_label, birge)
    known = [*leaves, constant(_MIDDLE, prior, "包络影响的份额")]
    offset, spacing, share = (_combined(row, known) for row in gain)
    outside = max(float(share.x) - 1, -float(share.x)) > _OUTSIDE * float(share.u) / birge
    if dof and outside:
        return plain_spacing(
            places, own, x_limit=x_limit, label=label, x_label=x_label, first=int(numbers[0])
        )
    spread = gain * np.append(u * birge, prior)
    weights = _successive(numbers)
    pull = float(np.hypot(float(share.x), float(share.u))) * abs(float(weights @ shifts))
    pulled = constant(0.0, pull, "未扣除的包络影响")
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
        differences=_combined(weights, leaves) + pulled,
    )


def plain_spacing(
    places: Array,
    own: Array,
    *,
    x_limit: float | None = None,
    label: str = "峰位",
    x_label: str = "电压",
    first: int | None = None,
) -> Spacing:
    """Spacing of N ≥ 3 extrema by ordinary least squares of V_n on n.

    Parameters
    ----------
    places, own : the extrema in order, and what is known of their standard uncertainties, (N,);
        the scatter about the line is taken as these at least.
    x_limit, label, x_label, first : as for :func:`fit_spacing`.
    """
    numbers, dof = order_numbers(places, first), places.size - 2
    gain = np.linalg.pinv(np.stack([np.ones(places.size), numbers], axis=1))
    offset, spacing = gain @ places
    residuals = places - offset - spacing * numbers
    scatter = float(np.sqrt(np.sum(residuals**2) / dof))
    u = np.full(places.size, max(scatter, float(np.sqrt(np.mean(own**2)))))
    leaves = _leaves(places, u, dof, label, x_limit, x_label)
    offset, spacing = (_combined(row, leaves) for row in gain)
    whole = np.hypot(u, (x_limit or 0.0) / np.sqrt(3))
    return Spacing(
        orders=[int(n) for n in numbers],
        maxima=places,
        uncertainties=whole,
        crests=places,
        offset=offset,
        spacing=spacing,
        share=None,
        covariance=(gain * whole) @ (gain * whole).T,
        chi_squared=None,
        differences=_combined(_successive(numbers), leaves),
    )


def order_numbers(places: Array, first: int | None = None) -> NDArray[np.int_]:
    """Order numbers n of extrema (N,), N ≥ 2, with gaps where one is missing.

    Without ``first``, n of the first one is what leaves V₀ within -0.15 … 0.85 spacings.
    """
    numbers = np.array(orders_of(places)) - 1
    typical = float(places[-1] - places[0]) / int(numbers[-1])
    start = max(int(places[0] / typical + 0.15), 0) if first is None else first
    return np.asarray(numbers + start)


def _successive(numbers: NDArray[np.int_]) -> Array:
    """Weights of the crests in the spacing by successive differences (N,)."""
    half = numbers.size // 2
    weights = np.zeros(numbers.size)
    weights[:half], weights[numbers.size - half :] = -1, 1
    return np.asarray(weights / (weights @ numbers))


def _leaves(
    places: Array,
    u: Array,
    dof: float,
    label: str,
    x_limit: float | None,
    x_label: str,
    enlarged: float = 1.0,
) -> list[Any]:
    """The abscissae as uncertain numbers whose common scatter has common degrees of freedom."""
    labels = [label] * places.size
    leaves = list(multiple_ureal(places.tolist(), u.tolist(), dof, labels))
    return (
        leaves
        if x_limit is None
        else [leaf + limit(x_limit * enlarged, x_label) for leaf in leaves]
    )


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
