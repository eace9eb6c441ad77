"""A formula of uncertain quantities with units: its value, its unit, and what is doubtful in it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions._lab import dimension
from functions._lab.errors import ReadingError
from functions._lab.notation.formula import Formula
from functions._lab.reporting import significant
from functions._lab.result import Caution

NOT_LINEAR = 0.2
"""Second-order change of y over u(y) from which the linear combination is doubtful."""

_NONE = ("", "1")


@dataclass(frozen=True)
class Reckoned:
    """The result of a formula in ``unit``; ``value`` is a float or a GTC uncertain number."""

    value: Any
    unit: str
    cautions: list[Caution]


def reckon(
    formula: Formula, estimates: Mapping[str, Any], units: Mapping[str, str], wanted: str
) -> Reckoned:
    """Value of a formula, in the unit ``wanted`` or, without one, in the one that follows.

    Parameters
    ----------
    estimates : uncertain numbers of the variables, each in its unit.
    units : what the student typed; "" or "1" for none.

    Raises ReadingError as ``Formula.evaluate``.
    """
    sizes = {name: dimension.size(unit.strip()) for name, unit in units.items()}
    unknown = [unit.strip() for name, unit in units.items() if sizes[name] is None]
    by_hand = dimension.converts_by_hand(formula.tree)
    factors = {name: 1.0 if by_hand else size or 1.0 for name, size in sizes.items()}
    scaled = {name: value * factors[name] for name, value in estimates.items()}
    angles: list[float] = []
    value = formula.evaluate(scaled, angles)
    cautions = _linearity(formula, scaled, value)
    if not any(dimension.is_angle(unit) for unit in units.values()):
        cautions += _angle_check(angles)
    if unknown:
        sentence = f"不认识单位 {'、'.join(unknown)}，结果的单位请自行核对"
        plain = formula.evaluate(estimates)
        return Reckoned(plain, wanted, [*cautions, Caution("unit", sentence, "quantities")])
    value, unit, more = _in_unit(formula, value, scaled, units, wanted.strip(), by_hand)
    return Reckoned(value, unit, cautions + more)


def _in_unit(
    formula: Formula,
    value: Any,
    scaled: Mapping[str, Any],
    units: Mapping[str, str],
    wanted: str,
    by_hand: bool,
) -> tuple[Any, str, list[Caution]]:
    """The value in its unit, the unit, and what does not fit together."""
    dimensions = {name: dimension.dimension(unit.strip()) for name, unit in units.items()}
    try:
        found = dimension.of_formula(formula.tree, dimensions, scaled)
    except dimension.Unlike as problem:
        first, second = (dimension.name(one) for one in problem.args)
        sentence = f"公式把单位不同的两项相加减（{first} 与 {second}），请核对公式与各量的单位"
        return value, wanted, [Caution("unit", sentence, "formula")]
    if wanted in _NONE:
        return _derived(value, found, units, by_hand)
    size = dimension.size(wanted)
    if size is None:
        sentence = f"不认识结果的单位 {wanted}，数值按国际单位 {dimension.name(found)} 给出"
        return value, wanted, [Caution("unit", sentence, "result_unit")]
    if by_hand:
        return value, wanted, []
    if dimension.dimension(wanted) == found:
        return value / size, wanted, []
    if all(unit.strip() in _NONE for unit in units.values()):
        return value, wanted, []
    sentence = f"由各量的单位，结果的单位应为 {dimension.name(found)}，与所填的 {wanted} 不符"
    return value, wanted, [Caution("unit", f"{sentence}，请核对公式与单位", "result_unit")]


def _derived(
    value: Any, found: dimension.Dimension, units: Mapping[str, str], by_hand: bool
) -> tuple[Any, str, list[Caution]]:
    """The value in the unit of a quantity of the same kind, else of the SI; a word where none."""
    if all(unit.strip() in _NONE for unit in units.values()):
        sentence = "各量都没有填单位，结果也就没有单位：若不是纯数，请填写"
        return value, "1", [Caution("unit", sentence, "result_unit")]
    if by_hand:
        sentence = "公式里有换算系数，数值按所写的公式计算，结果的单位请自行填写"
        return value, "1", [Caution("unit", sentence, "result_unit")]
    for unit in map(str.strip, units.values()):
        if found and dimension.dimension(unit) == found:
            return value / (dimension.size(unit) or 1.0), unit, []
    return value, dimension.name(found), []


def _angle_check(angles: list[float]) -> list[Caution]:
    """Warn where an angle without a unit is more than a turn."""
    largest = max(map(abs, angles), default=0.0)
    if largest <= 2 * math.pi:
        return []
    sentence = f"三角函数里的角为 {significant(largest, 4)}，按弧度计算；若是度，请把单位填为 °"
    return [Caution("unit", sentence, "formula")]


def _linearity(formula: Formula, estimates: Mapping[str, Any], value: Any) -> list[Caution]:
    """Warn where f bends within ± u of a quantity (JCGM 100:2008, 5.1.2, note)."""
    middle = {name: float(estimate.x) for name, estimate in estimates.items()}
    centre, u = float(getattr(value, "x", value)), float(getattr(value, "u", 0.0))
    for name, estimate in estimates.items():
        try:
            ends = [
                float(formula.evaluate({**middle, name: middle[name] + side * float(estimate.u)}))
                for side in (-1, 1)
            ]
        except ReadingError:
            ends = [float("inf")]
        bend = abs(sum(ends) / 2 - centre)
        if bend > max(NOT_LINEAR * u, 1e-9 * abs(centre)):
            sentence = f"在 {name} 的不确定度范围内公式明显弯曲，线性合成的不确定度不可靠"
            return [Caution("linearity", sentence, "formula")]
    return []
