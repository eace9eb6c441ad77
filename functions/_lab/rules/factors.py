"""What the rule in force makes of an influence, by what the influence is.

An influence that nothing is noted of is a parameter of a fit where its degrees of freedom are
finite, else a standard uncertainty known from elsewhere.
"""

import math
from collections.abc import Sequence
from typing import Any

from scipy import special

from functions._lab.rules.declared import Divisor, Rules
from functions._lab.rules.force import Weight, in_force, note, noted
from functions._lab.suspects import step_of

_C: dict[Divisor, float] = {"1": 1.0, "√3": math.sqrt(3), "√6": math.sqrt(6), "3": 3.0}
_NEGLIGIBLE = 1 / 3


def note_repeats(estimate: Any, count: int) -> None:
    """Note the mean of ``count`` readings, with its scatter alone."""
    rules = in_force()
    if rules.scales:
        note(_uid(estimate), Weight(of_repeats(rules, count)))


def limited(influence: Any) -> Any:
    """What an instrument's limit of error Δ does, u = Δ/√3, after it has been noted."""
    rules = in_force()
    if rules.scales:
        note(_uid(influence), Weight(_of_limit(rules)))
    return influence


def note_direct(scatter: Any, offset: Any, values: Sequence[float]) -> None:
    """Note a direct quantity: the mean of its readings, None for a single one, and its limit.

    ``offset`` is a zero, uncertain by u = Δ/√3, or a float where there is no limit.
    """
    rules = in_force()
    if not rules.scales:
        return
    if isinstance(offset, float) or not offset.u:
        note_repeats(scatter, len(values))
        return
    delta, step = float(offset.u) * math.sqrt(3), step_of(values)
    limit = _quoted_limit(rules, delta, step, single=scatter is None)
    together = None
    if scatter is not None:
        factor = of_repeats(rules, len(values))
        small = factor * float(scatter.u) < _NEGLIGIBLE * limit
        together = _uid(offset) if rules.combination == "linear" else None
        kept = not (rules.negligible_type_a and small)
        note(_uid(scatter), Weight(factor if kept else 0.0, together))
    note(_uid(offset), Weight(limit / float(offset.u), together))


def weight(influence: Any, degrees_of_freedom: float) -> Weight:
    """The weight of an influence (a leaf of GTC's tree); ν is infinite for type B."""
    rules = in_force()
    known = noted(influence.uid)
    if known is not None:
        return known
    if math.isinf(degrees_of_freedom):
        return Weight(1.0 if rules.input_probability is None else _normal(rules))
    return Weight(of_fit(rules, degrees_of_freedom))


def probability(rules: Rules) -> float:
    """P of U: the one stated, else that of a normal distribution."""
    if rules.probability is not None:
        return rules.probability
    k = 1.0 if rules.coverage == "t" else rules.coverage
    return float(1 - 2 * special.ndtr(-k * (_normal(rules) if rules.input_probability else 1.0)))


def of_fit(rules: Rules, degrees_of_freedom: float) -> float:
    """What the standard error of a fit's parameter is multiplied by."""
    return _student(rules, degrees_of_freedom) if rules.slope_t else 1.0


def of_repeats(rules: Rules, count: int) -> float:
    """What s/√n of so many readings is multiplied by."""
    takes_t = rules.t_factor and (rules.t_below is None or count < rules.t_below)
    return _student(rules, count - 1) if takes_t else 1.0


def of_limit(rules: Rules) -> tuple[float, float]:
    """Multiplier and divisor C that make of a limit Δ its part of a quoted uncertainty."""
    return _multiplier(rules), _C[rules.divisor]


def _of_limit(rules: Rules) -> float:
    multiplier, divisor = of_limit(rules)
    return multiplier * (math.sqrt(3) / divisor)


def _quoted_limit(rules: Rules, delta: float, step: float, *, single: bool) -> float:
    """Type B part of a direct quantity with limit Δ."""
    estimated = rules.estimation_steps * step
    if rules.estimation == "limit":
        delta = math.hypot(delta, estimated)
    whole = single and rules.single_reading == "limit"
    part = delta if whole else _multiplier(rules) * delta / _C[rules.divisor]
    return math.hypot(part, estimated) if single and rules.estimation == "single" else part


def _multiplier(rules: Rules) -> float:
    if rules.multiplier == "1":
        return 1.0
    assert rules.input_probability is not None
    return _normal(rules) if rules.multiplier == "k_P" else rules.input_probability


def _normal(rules: Rules) -> float:
    """k_P, two-sided."""
    assert rules.input_probability is not None
    return _as_in_table(rules, float(special.ndtri((1 + rules.input_probability) / 2)))


def _student(rules: Rules, degrees_of_freedom: float) -> float:
    """t_P(ν), two-sided."""
    assert rules.input_probability is not None
    two_sided = (1 + rules.input_probability) / 2
    return _as_in_table(rules, float(special.stdtrit(degrees_of_freedom, two_sided)))


def _as_in_table(rules: Rules, factor: float) -> float:
    return factor if rules.factor_decimals is None else round(factor, rules.factor_decimals)


def _uid(estimate: Any) -> Any:
    return estimate._node.uid
