"""Whole columns in a wrong unit: what no apparatus of an experiment gives, and which column it is.

An experiment declares the usual range of its columns and of a few quantities that follow from them
(:class:`Usual`).  Where one of these is out of its range, every column is tried as if typed in
another unit, or with its decimal point elsewhere, and the whole is judged again: the column is
named that alone brings everything back into its range.  Ranges are those of the apparatus in
student laboratories, wide where the physics sets no limit; their sources stand where they are
declared.  A column that is compared with itself only can be of any size, and moves no result.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from functions._lab.fields import Field
from functions._lab.reporting import significant
from functions._lab.result import Caution
from functions._lab.slips import plain
from functions._lab.units import typed_in

Array = NDArray[np.float64]
Columns = Mapping[str, Array]

POWERS = (-3, -2, -1, 1, 2, 3)
_MOST = 3
"""Columns of one request that may be in a wrong unit."""
_KEPT = 5
"""Explanations that are followed up where one column does not explain everything."""
_HARDLY = 1e-9
_NEGATIVE = 3.0
"""Powers of ten by which a negative value of a positive quantity counts as outside."""
_UNNAMED = 0.5
"""What a change of unit that has no name costs beside one that has, in powers of ten."""
_RIVAL = 0.3
"""Difference of two explanations, in powers of ten, within which both are said."""
ZERO_C = 273.15


@dataclass(frozen=True)
class Span:
    """The usual range of a quantity that is positive, or of a temperature in °C."""

    low: float
    high: float

    def beyond(self, value: float) -> float:
        """Powers of ten by which a value is outside; 0 inside, and for 0, which has no size."""
        if value <= 0:
            return _NEGATIVE if value else 0.0
        power = math.log10(value)
        below = math.log10(self.low) - power if self.low > 0 else 0.0
        return max(below, power - math.log10(self.high), 0.0)

    def off_centre(self, value: float) -> float:
        """Powers of ten to the middle of the range."""
        high = math.log10(self.high)
        middle = (math.log10(self.low) + high) / 2 if self.low > 0 else high
        return abs(math.log10(value) - middle) if value > 0 else 0.0


@dataclass(frozen=True)
class Quantity:
    """What follows from several columns, with its usual range."""

    title: str
    value: float
    unit: str
    span: Span
    advice: str = ""
    """What else than a unit may be the cause, Chinese."""


@dataclass(frozen=True)
class Usual:
    """What the columns of an experiment are like."""

    columns: Mapping[str, Span]
    """Of the second largest magnitude of a column: one slip changes little of that."""
    derived: Callable[[Columns], Iterable[Quantity]] = field(default=lambda _: ())
    never: Mapping[str, Span] = field(default_factory=dict)
    """What no single reading of a column is outside of."""
    stepped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns that are set, mostly in equal steps, and those that are read beside them."""
    smooth: Mapping[str, str] = field(default_factory=dict)
    """Columns that have no jump, and the column over which."""
    ordered: Mapping[str, str] = field(default_factory=dict)
    """Columns that only rise or only fall, and the column over which."""
    humped: Mapping[str, str] = field(default_factory=dict)
    """Columns with one maximum, and the column over which."""
    by_machine: frozenset[str] = frozenset()
    """Those of them that a machine sets."""


@dataclass(frozen=True)
class _Change:
    """A column as it would be in its own unit."""

    name: str
    power: int
    """The column was typed too large by 10 to this power; 0 for kelvin."""
    values: Array
    unit: str
    """The unit in which it was typed; empty for one without a name."""


Plan: TypeAlias = tuple[float, float, tuple[_Change, ...]]
"""What stays out of range and the cost of some changes, and these."""


def size(values: Array) -> np.float64:
    """The second largest magnitude of a column."""
    magnitudes = np.sort(np.abs(values))
    return np.float64(magnitudes[-2] if magnitudes.size > 1 else magnitudes[-1])


def slope(x: Array, y: Array) -> np.float64:
    """Least-squares slope; not a number, or infinite, where there is none."""
    centred = x - x.mean()
    return np.float64(centred @ (y - y.mean()) / (centred @ centred))


def unit_checks(columns: Columns, usual: Usual, declared: Mapping[str, Field]) -> list[Caution]:
    """The columns that are probably in another unit, or what is out of its range.

    Parameters
    ----------
    columns : field path to its readings (n,), a single quantity as one reading.
    usual : ranges of columns and derived quantities.
    declared : declarations by the same paths.
    """
    strange = list(_strange(columns, usual))
    if not strange:
        return []
    plan, rivals = _plan(columns, usual, declared, sum(beyond for beyond, _ in strange))
    if not plan:
        return [_out_of_range(quantity) for _, quantity in strange if quantity.advice]
    found, current = [], dict(columns)
    for change in plan:
        reason = max(_strange(current, usual), key=lambda one: one[0])[1]
        found.append(_caution(change, rivals if len(plan) == 1 else [], reason, declared))
        current[change.name] = change.values
    return found


def _plan(
    columns: Columns, usual: Usual, declared: Mapping[str, Field], before: float
) -> tuple[tuple[_Change, ...], list[_Change]]:
    """The fewest changes that bring most into its range, and what else explains a single one."""
    first = [one for one in _ranked(columns, usual, declared) if one[0] < before - _HARDLY]
    plans: list[Plan] = [(left, cost, (change,)) for left, cost, change in first]
    best = plans[:1]
    for _ in range(_MOST - 1):
        if not plans or best[0][0] <= _HARDLY:
            break
        plans = [
            (left, cost + _UNNAMED * sum(not change.unit for change in changes), (*changes, change))
            for least, _, changes in plans[:_KEPT]
            for left, cost, change in _ranked(_changed(columns, changes), usual, declared)
            if left < least - _HARDLY and change.name not in {one.name for one in changes}
        ]
        plans.sort(key=_rank)
        best = min((best, plans[:1]), key=lambda one: _rank(one[0]) if one else (np.inf, np.inf))
    if not best:
        return (), []
    left, cost, changes = best[0]
    near = [one for one in first if one[0] <= left + _HARDLY and one[1] < cost + _RIVAL]
    return changes, [change for *_, change in near if change.name != changes[0].name][:1]


def _changed(columns: Columns, changes: Iterable[_Change]) -> Columns:
    return {**columns, **{change.name: change.values for change in changes}}


def _rank(plan: tuple[float, float, Any]) -> tuple[float, float]:
    return round(plan[0], 6), plan[1]


def _strange(columns: Columns, usual: Usual) -> Iterator[tuple[float, Quantity]]:
    """What is out of its range, and by how many powers of ten."""
    for quantity in _judged(columns, usual):
        beyond = quantity.span.beyond(quantity.value)
        if beyond > 0:
            yield beyond, quantity


def _judged(columns: Columns, usual: Usual) -> Iterator[Quantity]:
    """The sizes of columns, with the title empty, and the derived quantities."""
    for name, span in usual.columns.items():
        if name in columns and columns[name].size:
            yield Quantity("", size(columns[name]), name, span)
    with np.errstate(all="ignore"):
        for quantity in usual.derived(columns):
            if np.isfinite(quantity.value):
                yield quantity


def _ranked(
    columns: Columns, usual: Usual, declared: Mapping[str, Field]
) -> list[tuple[float, float, _Change]]:
    """All changes of one column: what stays out of range, the cost, and the change; best first."""
    found = []
    for name, values in columns.items():
        for change in _changes(name, values, declared[name].unit):
            judged = list(_judged(_changed(columns, [change]), usual))
            left = sum(quantity.span.beyond(quantity.value) for quantity in judged)
            cost = sum(quantity.span.off_centre(quantity.value) for quantity in judged)
            found.append((left, cost + (0.0 if change.unit else _UNNAMED), change))
    return sorted(found, key=_rank)


def _changes(name: str, values: Array, unit: str) -> Iterator[_Change]:
    if not np.any(values):
        return
    if unit == "°C":
        yield _Change(name, 0, values - ZERO_C, "K")
    for power in POWERS:
        yield _Change(name, power, values / 10.0**power, typed_in(unit, power))


def _caution(
    change: _Change, rivals: list[_Change], strange: Quantity, declared: Mapping[str, Field]
) -> Caution:
    own = declared[change.name]
    if change.power == 0:
        sentence = f"{_named(own)} 的读数像是以 K 填写的，应为 {own.unit}"
        return Caution("unit", sentence, change.name)
    side = "大" if change.power > 0 else "小"
    sentence = f"{_named(own)} 的读数普遍偏{side}约 {plain(10.0 ** abs(change.power))} 倍"
    if change.unit:
        sentence += f"，像是以 {change.unit} 填写的，应为 {own.unit}"
    else:
        sentence += "，请核对小数点、量程或倍率"
    if strange.title:
        sentence += f"（{_reason(strange)}）"
    others = [f"{_named(declared[rival.name])}的单位" for rival in rivals]
    others += [strange.advice] if strange.advice else []
    if others:
        sentence += f"；也请检查{'、'.join(others)}"
    return Caution("unit", sentence, change.name)


def _out_of_range(quantity: Quantity) -> Caution:
    return Caution("unit", f"{_reason(quantity)}，请检查单位；{quantity.advice}", "")


def _reason(quantity: Quantity) -> str:
    low, high = (plain(limit) for limit in (quantity.span.low, quantity.span.high))
    unit = f" {quantity.unit}" if quantity.unit else ""
    amount = significant(quantity.value, 2)
    return f"{quantity.title}为 {amount}{unit}，常见 {low}～{high}{unit}"


def _named(declared: Field) -> str:
    return f"{declared.title.partition('（')[0]} {declared.symbol}".strip()
