"""From an uncertain number to the measurand of a report: ν_eff, k, U, budget and reference.

Uncertain numbers are ``ureal`` objects of GTC, the GUM Tree Calculator of the Measurement
Standards Laboratory of New Zealand.  Degrees of freedom combine by the Welch–Satterthwaite
formula (JCGM 100:2008, G.4), for members of one correlated ensemble as one component
(R. Willink, Metrologia 44 (2007) 340).

Under another rule than that of the GUM, what stands for u is the uncertainty that the rule quotes,
k is its coverage factor, and ν is infinite unless k is t(ν_eff); see ``rules``.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from GTC import inf, ureal
from GTC import reporting as gtc_reporting
from GTC.lib import UncertainReal
from msgspec import UNSET
from scipy import special

from functions._lab.errors import ReadingError, ResultError
from functions._lab.influences import INFINITE, TYPE_B, quoted
from functions._lab.influences import budget as budget
from functions._lab.reporting import display
from functions._lab.resolution import hidden
from functions._lab.result import GumUncertainty, Measurand, Reference
from functions._lab.rules import DEFAULT, factors, in_force

COVERAGE_PROBABILITY = 0.95


def measurand(
    name: str,
    symbol: str,
    unit: str,
    estimate: UncertainReal,
    *,
    reference: tuple[float, float, str] | None = None,
) -> Measurand:
    """The measurand as it goes on the wire.

    Parameters
    ----------
    name, symbol, unit : Chinese name, symbol in plain Unicode, unit of ``estimate``.
    estimate : GTC uncertain real number.
    reference : accepted value, its standard uncertainty (same unit) and source, where one exists.

    Raises ResultError where the estimate or its uncertainty is not finite.
    """
    value, gum, rule = float(estimate.x), _by_gum(estimate), in_force()
    u, dof = gum.standard_uncertainty, gum.degrees_of_freedom
    if rule.scales:
        u, dof = quoted(estimate)
    if not (math.isfinite(value) and math.isfinite(u)):
        raise ResultError(f"{name}: estimate {value!r}, standard uncertainty {u!r}")
    probability = factors.probability(rule)
    if rule.coverage == "t":
        k = coverage_factor(dof, probability)
    else:
        dof, k = None, rule.coverage
    wide = gum.expanded_uncertainty
    return Measurand(
        name=name,
        symbol=symbol,
        unit=unit,
        value=value,
        standard_uncertainty=u,
        degrees_of_freedom=dof,
        coverage_factor=k,
        expanded_uncertainty=k * u,
        coverage_probability=probability,
        display=display(value, k * u, unit, symbol, k, probability),
        budget=budget(estimate),
        reference=None if reference is None else _compare(value, wide, *reference),
        gum=UNSET if rule.name == DEFAULT else gum,
    )


def _by_gum(estimate: UncertainReal) -> GumUncertainty:
    u, dof = float(estimate.u), degrees_of_freedom(estimate)
    return GumUncertainty(u, dof, coverage_factor(dof) * u)


def degrees_of_freedom(estimate: UncertainReal) -> float | None:
    """Effective degrees of freedom; None where infinite, or where there is no uncertainty."""
    dof = float(estimate.df)
    if math.isnan(dof):
        return None
    return None if dof > INFINITE else max(dof, 1.0)


def coverage_factor(dof: float | None, probability: float = COVERAGE_PROBABILITY) -> float:
    """Student's t for a two-sided interval; 1.96 for infinite ``dof`` and P = 95 %."""
    return float(gtc_reporting.k_factor(inf if dof is None else dof, p=100 * probability))


def repeated(
    values: Sequence[float],
    *,
    limit: float | None = None,
    label: str = "",
    field: str = "",
    limited: bool = False,
) -> UncertainReal:
    """Mean of repeated readings.

    Type A from their scatter, s/√n with ν = n - 1; where a limit of error Δ (same unit) is given,
    type B Δ/√3 common to all of them (JJF 1059.1-2012, 4.3.2 and 4.3.3).  Equal readings without a
    limit are known to half a step of their last digit (see ``resolution``), unless they are
    ``limited``: the caller adds their limits.  What another rule in force makes of both is noted
    with them.

    Raises ReadingError (naming ``field``) for no reading, and for a single one without limit.
    """
    if not values or (len(values) == 1 and limit is None):
        raise ReadingError("只有一个读数，又没有给出仪器误差限，不确定度无法评定", field)
    mean = statistics.fmean(values)
    offset: Any = 0.0 if limit is None else _rectangular(limit, label)
    if len(values) == 1:
        factors.note_direct(None, offset, values)
        return mean + offset
    spread = statistics.stdev(values)
    if limit is None and not limited and (half := hidden(values, spread)) is not None:
        return mean + _rectangular(half, f"{label} 分辨力".strip())
    u = spread / math.sqrt(len(values))
    scatter = ureal(mean, u, len(values) - 1, label=f"{label} 重复测量".strip())
    factors.note_direct(scatter, offset, values)
    return scatter + offset


def limit(delta: float, label: str = "") -> UncertainReal:
    """Zero with the type-B uncertainty Δ/√3 of an instrument's limit of error (rectangular)."""
    return _rectangular(delta, label)


def constant(
    value: float, u: float, label: str, degrees_of_freedom: float = math.inf
) -> UncertainReal:
    """A type-B quantity known from elsewhere, with standard uncertainty ``u`` (0 for exact)."""
    if math.isinf(degrees_of_freedom):
        return ureal(value, u, label=label)
    return ureal(value, u, degrees_of_freedom, label=label + TYPE_B)


@dataclass(frozen=True)
class GroupedMean:
    """Mean of groups of repeats, with the analysis of variance of JCGM 100:2008, H.5."""

    mean: UncertainReal
    between: float
    """Standard deviation of the group means, ν = J - 1."""
    within: float
    """Pooled standard deviation within the groups, ν = J(K - 1)."""
    f_ratio: float
    f_probability: float
    """P(F ≥ observed) if there were no effect between the groups."""


def grouped_mean(
    means: Sequence[float],
    spreads: Sequence[float],
    repeats: int,
    *,
    label: str = "",
    between_groups: bool = True,
) -> GroupedMean:
    """Mean of J groups of K ≥ 2 repeats each, from their means and standard deviations.

    With ``between_groups`` the uncertainty is that of the J group means (H.5.2.4), which holds
    whether or not the groups differ; without it all J·K readings are pooled (H.5.2.5), which is
    right only where the groups are known to agree.

    Raises ValueError for fewer than two groups or fewer than two repeats.
    """
    count = len(means)
    if count < 2 or repeats < 2 or len(spreads) != count:
        raise ValueError("needs two groups or more, of two repeats or more, one spread for each")
    between = statistics.stdev(means)
    within = math.sqrt(statistics.fmean(s * s for s in spreads))
    low, high = count - 1, count * (repeats - 1)
    ratio = repeats * between**2 / within**2 if within else math.inf
    u, dof = between / math.sqrt(count), low
    if not between_groups:
        dof = count * repeats - 1
        pooled = (low * repeats * between**2 + high * within**2) / dof
        u = math.sqrt(pooled / (count * repeats))
    estimate = ureal(statistics.fmean(means), u, dof, label=f"{label} 重复测量".strip())
    factors.note_repeats(estimate, dof + 1)
    return GroupedMean(estimate, between, within, ratio, float(special.fdtrc(low, high, ratio)))


def _rectangular(delta: float, label: str) -> UncertainReal:
    offset = ureal(0.0, delta / math.sqrt(3), label=f"{label} 仪器误差限".strip())
    return factors.limited(offset)


def _compare(value: float, expanded: float, accepted: float, u: float, source: str) -> Reference:
    """Relative deviation and Eₙ (ISO/IEC 17043, U of the reference at the same probability)."""
    if not accepted:
        raise ValueError("a reference value of zero has no relative deviation")
    spread = math.hypot(expanded, coverage_factor(None) * u)
    return Reference(
        value=accepted,
        standard_uncertainty=u,
        source=source,
        relative_deviation=(value - accepted) / accepted,
        normalized_error=(value - accepted) / spread if spread else None,
    )
