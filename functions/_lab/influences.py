"""The influences that an uncertain number depends on, as lines of its uncertainty budget.

How a budget knows the type of an influence: finite degrees of freedom mean type A, infinite ones
type B.  A type-B influence whose own reliability is judged (finite ν, JCGM 100:2008, G.4.2) has
the ending :data:`TYPE_B` in its label, which the budget takes off again.  Each influence has the
weight that the rule in force gives it.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from GTC.lib import UncertainReal

from functions._lab.result import Influence
from functions._lab.rules.factors import weight

TYPE_B = "（B 类）"
INFINITE = 1e6
"""GTC's own bound: more degrees of freedom than this are infinitely many."""


@dataclass(frozen=True)
class _Component:
    """One influence, or one group of correlated influences."""

    name: str
    type: str
    u: float | None
    signed_contribution: float
    degrees_of_freedom: float
    quantity: Hashable
    """Components of the same quantity, if any, add up linearly."""


def quoted(estimate: UncertainReal) -> tuple[float, float | None]:
    """Uncertainty that the rule in force quotes, before the coverage factor, and ν; None for ∞."""
    parts = [_component(part) for part in _independent_parts(estimate)]
    sums: dict[Hashable, float] = {}
    for number, part in enumerate(parts):
        key = ("", number) if part.quantity is None else part.quantity
        sums[key] = sums.get(key, 0.0) + abs(part.signed_contribution)
    u = math.hypot(*sums.values())
    return u, _effective(parts, u) if parts and u else None


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
    labels = list(dict.fromkeys(_label(leaf) for leaf, _ in part))
    dof = min(float(leaf.df) for leaf, _ in part)
    is_type_b = dof > INFINITE or any(label.endswith(TYPE_B) for label in labels)
    weights = {leaf.uid: weight(leaf, math.inf if is_type_b else dof) for leaf, _ in part}
    part = [(leaf, contribution * weights[leaf.uid].factor) for leaf, contribution in part]
    contributions = {leaf.uid: contribution for leaf, contribution in part}
    variance = math.fsum(
        contribution * r * contributions.get(uid, 0.0)
        for leaf, contribution in part
        for uid, r in getattr(leaf, "correlation", {leaf.uid: 1.0}).items()
    )
    alone, first = len(part) == 1, part[0][0]
    return _Component(
        name="、".join(label.removesuffix(TYPE_B) for label in labels),
        type="B" if is_type_b else "A",
        u=float(first.u) * weights[first.uid].factor if alone else None,
        signed_contribution=part[0][1] if alone else math.sqrt(max(variance, 0.0)),
        degrees_of_freedom=dof,
        quantity=weights[first.uid].quantity,
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
    return None if dof > INFINITE else dof
