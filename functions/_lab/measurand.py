"""From an uncertain number to the measurand of a report: ν_eff, k, U, budget and reference.

Uncertain numbers are ``ureal`` objects of GTC, the GUM Tree Calculator of the Measurement
Standards Laboratory of New Zealand.  Degrees of freedom combine by the Welch–Satterthwaite
formula (JCGM 100:2008, G.4), for members of one correlated ensemble as one component
(R. Willink, Metrologia 44 (2007) 340).

How a budget knows the type of an influence: finite degrees of freedom mean type A, infinite ones
type B.  A type-B influence whose own reliability is judged (finite ν, JCGM 100:2008, G.4.2) has
the ending ``（B 类）`` in its label; :func:`constant` sets it, :func:`budget` takes it off again.
"""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from GTC import inf, ureal
from GTC import reporting as gtc_reporting
from GTC.lib import UncertainReal
from scipy import special

from functions._lab.errors import ReadingError, ResultError
from functions._lab.reporting import display
from functions._lab.resolution import hidden
from functions._lab.result import Influence, Measurand, Reference

COVERAGE_PROBABILITY = 0.95

_TYPE_B = "（B 类）"
_INFINITE = 1e6
"""GTC's own bound: more degrees of freedom than this are infinitely many."""


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
    value, u = float(estimate.x), float(estimate.u)
    if not (math.isfinite(value) and math.isfinite(u)):
        raise ResultError(f"{name}: estimate {value!r}, standard uncertainty {u!r}")
    dof = degrees_of_freedom(estimate)
    k = coverage_factor(dof)
    return Measurand(
        name=name,
        symbol=symbol,
        unit=unit,
        value=value,
        standard_uncertainty=u,
        degrees_of_freedom=dof,
        coverage_factor=k,
        expanded_uncertainty=k * u,
        coverage_probability=COVERAGE_PROBABILITY,
        display=display(value, k * u, unit, symbol, k, COVERAGE_PROBABILITY),
        budget=budget(estimate),
        reference=None if reference is None else _compare(value, k * u, *reference),
    )


def degrees_of_freedom(estimate: UncertainReal) -> float | None:
    """Effective degrees of freedom; None where infinite, or where there is no uncertainty."""
    dof = float(estimate.df)
    if math.isnan(dof):
        return None
    return None if dof > _INFINITE else max(dof, 1.0)


def coverage_factor(dof: float | None, probability: float = COVERAGE_PROBABILITY) -> float:
    """Student's t for a two-sided interval; 1.96 for infinite ``dof`` and P = 95 %."""
    return float(gtc_reporting.k_factor(inf if dof is None else dof, p=100 * probability))


def repeated(
    values: Sequence[float], *, limit: float | None = None, label: str = "", field: str = ""
) -> UncertainReal:
    """Mean of repeated readings.

    Type A from their scatter, s/√n with ν = n - 1; where a limit of error Δ (same unit) is given,
    type B Δ/√3 common to all of them (JJF 1059.1-2012, 4.3.2 and 4.3.3).  Equal readings without a
    limit are known to half a step of their last digit (see ``resolution``).

    Raises ReadingError (naming ``field``) for no reading, and for a single one without limit.
    """
    if not values or (len(values) == 1 and limit is None):
        raise ReadingError("只有一个读数，又没有给出仪器误差限，不确定度无法评定", field)
    mean = statistics.fmean(values)
    offset = 0.0 if limit is None else _rectangular(limit, label)
    if len(values) == 1:
        return mean + offset
    spread = statistics.stdev(values)
    if limit is None and (half := hidden(values, spread)) is not None:
        return mean + _rectangular(half, f"{label} 分辨力".strip())
    u = spread / math.sqrt(len(values))
    return ureal(mean, u, len(values) - 1, label=f"{label} 重复测量".strip()) + offset


def limit(delta: float, label: str = "") -> UncertainReal:
    """Zero with the type-B uncertainty Δ/√3 of an instrument's limit of error (rectangular)."""
    return _rectangular(delta, label)


def constant(
    value: float, u: float, label: str, degrees_of_freedom: float = math.inf
) -> UncertainReal:
    """A type-B quantity known from elsewhere, with standard uncertainty ``u`` (0 for exact)."""
    if math.isinf(degrees_of_freedom):
        return ureal(value, u, label=label)
    return ureal(value, u, degrees_of_freedom, label=label + _TYPE_B)


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
    return GroupedMean(estimate, between, within, ratio, float(special.fdtrc(low, high, ratio)))


def budget(estimate: UncertainReal) -> list[Influence]:
    """Uncertainty budget of ``estimate``, the largest contribution first.

    Contributions (in the unit of ``estimate``, not negative) add in quadrature to u: influences
    that are correlated, and independent ones of the same label and type, are given as one.  Where
    the members of one line differ in u, the line states the contribution itself as its standard
    uncertainty, with a sensitivity coefficient of 1.
    """
    lines: dict[tuple[str, str], list[_Component]] = {}
    for part in _independent_parts(estimate):
        line = _component(part)
        lines.setdefault((line.name, line.type), []).append(line)
    merged = [_influence(parts) for parts in lines.values()]
    return sorted(merged, key=lambda influence: -influence.contribution)


@dataclass(frozen=True)
class _Component:
    """One influence, or one group of correlated influences."""

    name: str
    type: str
    u: float | None
    signed_contribution: float
    degrees_of_freedom: float


def _rectangular(delta: float, label: str) -> UncertainReal:
    return ureal(0.0, delta / math.sqrt(3), label=f"{label} 仪器误差限".strip())


def _independent_parts(estimate: UncertainReal) -> Iterable[list[tuple[Any, float]]]:
    """Leaves of GTC's tree with their signed contributions, those that are correlated together.

    GTC's public ``budget`` gives neither sign, nor degrees of freedom, nor correlation.
    """
    if not hasattr(estimate, "_u_components"):
        return
    for leaf, contribution in estimate._u_components.iteritems():
        yield [(leaf, contribution)]
    pending = {leaf.uid: (leaf, u) for leaf, u in estimate._d_components.iteritems()}
    while pending:
        group = [pending.pop(next(iter(pending)))]
        for leaf, _ in group:  # grows while it is walked
            partners = set(leaf.correlation) | set(leaf.ensemble)
            group.extend(pending.pop(uid) for uid in sorted(partners & pending.keys()))
        yield group


def _component(part: list[tuple[Any, float]]) -> _Component:
    contributions = {leaf.uid: contribution for leaf, contribution in part}
    variance = math.fsum(
        contribution * r * contributions.get(uid, 0.0)
        for leaf, contribution in part
        for uid, r in getattr(leaf, "correlation", {leaf.uid: 1.0}).items()
    )
    labels = list(dict.fromkeys(_label(leaf) for leaf, _ in part))
    dof = min(float(leaf.df) for leaf, _ in part)
    is_type_b = dof > _INFINITE or any(label.endswith(_TYPE_B) for label in labels)
    alone = len(part) == 1
    return _Component(
        name="、".join(label.removesuffix(_TYPE_B) for label in labels),
        type="B" if is_type_b else "A",
        u=float(part[0][0].u) if alone else None,
        signed_contribution=part[0][1] if alone else math.sqrt(max(variance, 0.0)),
        degrees_of_freedom=dof,
    )


def _label(leaf: Any) -> str:
    return str(leaf.label) if leaf.label else "未命名的影响量"


def _influence(parts: list[_Component]) -> Influence:
    """One line of the budget from components of the same name and type."""
    contribution = math.sqrt(math.fsum(p.signed_contribution**2 for p in parts))
    first = parts[0]
    if len(parts) == 1 and first.u:
        u, sensitivity = first.u, first.signed_contribution / first.u
    elif first.u and all(p.u and math.isclose(p.u, first.u) for p in parts):
        u, sensitivity = first.u, contribution / first.u
    else:
        u, sensitivity = contribution, 1.0
    return Influence(
        name=first.name,
        type="B" if first.type == "B" else "A",
        standard_uncertainty=u,
        sensitivity_coefficient=sensitivity,
        contribution=contribution,
        degrees_of_freedom=_effective(parts, contribution),
    )


def _effective(parts: list[_Component], contribution: float) -> float | None:
    """Welch–Satterthwaite over the components of one line; None for infinite."""
    dofs = {p.degrees_of_freedom for p in parts}
    if len(parts) == 1 or not contribution:
        dof = min(dofs)
    else:
        weights = ((p.signed_contribution / contribution, p.degrees_of_freedom) for p in parts)
        inverse = math.fsum(w**4 / nu for w, nu in weights)
        dof = 1 / inverse if inverse else math.inf
    return None if dof > _INFINITE else dof


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
