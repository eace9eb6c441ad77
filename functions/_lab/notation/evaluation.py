"""An experiment evaluated: from readings to uncertain numbers, node by node.

Values, degrees of freedom and correlations are GTC's; lines, successive differences and means are
the kernels that hand-written experiments use.  Formulas are reckoned in SI; each node keeps its
estimate in its own unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab import dimension, limits, line, measurand, successive
from functions._lab.errors import ReadingError
from functions._lab.line import Line
from functions._lab.notation import arrays
from functions._lab.notation.derivative import differentiate
from functions._lab.notation.experiment import Experiment, require_units
from functions._lab.notation.formula import canonical
from functions._lab.notation.instruments import Fixed, Instrument
from functions._lab.notation.instruments import limits as limits_of
from functions._lab.notation.nodes import (
    Column,
    Derived,
    Intercept,
    Known,
    Mean,
    Node,
    Repeats,
    Result,
    Single,
    Slope,
    Successive,
    Typed,
)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Values:
    """A column: its values (n,), and how far the limit of each typed column moves each of them."""

    values: Array
    moved: Mapping[str, Array]
    """Attribute of a typed column to signed changes (n,), in the unit of the values."""

    @property
    def limits(self) -> list[float] | None:
        """Limit of error of each value, those of the typed columns in quadrature; None for none."""
        if not self.moved:
            return None
        squares = sum(np.square(moved) for moved in self.moved.values())
        return [float(delta) for delta in np.sqrt(squares)]


@dataclass(frozen=True)
class Evaluated:
    """All that was worked out; by attribute, each in the unit of its node."""

    kind: type[Experiment]
    readings: Any
    columns: dict[str, Values] = field(default_factory=dict)
    estimates: dict[str, Any] = field(default_factory=dict)
    """GTC uncertain numbers, or plain numbers for what is exact."""
    lines: dict[str, Line] = field(default_factory=dict)
    differences: dict[str, successive.Successive] = field(default_factory=dict)
    failed: dict[str, ReadingError] = field(default_factory=dict)
    """What the readings do not allow, and why, where other results are there."""
    sent: Mapping[str, Any] = field(default_factory=dict)
    """The request with its numbers as texts, where it is known."""

    def instrument(self, name: str) -> Instrument | None:
        """What limits the readings of a node: what the student gave, else what is declared."""
        given = self.readings.limit(name)
        node = self.kind.nodes[name]
        assert isinstance(node, Typed)
        return node.instrument if given is None else Fixed(given)

    def limit(self, name: str) -> float | None:
        """Limit of error of a single quantity or of the mean of its repeats."""
        instrument = self.instrument(name)
        typed = getattr(self.readings, name)
        middle = float(np.mean(typed))
        return None if instrument is None else instrument.limit(middle)

    def column(self, node: Node) -> Values:
        """Values of a column."""
        return self.columns[self.kind.name_of(node)]


def evaluate(
    kind: type[Experiment], readings: Any, sent: Mapping[str, Any] | None = None
) -> Evaluated:
    """Work out every node of an experiment, in the order of its class.

    ``sent`` : the request with its numbers as texts, for the steps to show them as typed.

    A formula, or successive differences, that the readings do not allow are left out with what
    hangs on them, as long as a result remains.  Raises ReadingError where none does, or where a
    column, a mean or a line cannot be had.
    """
    require_units(kind)
    done = Evaluated(kind, readings, sent=sent or {})
    for name, node in kind.nodes.items():
        if lost := [done.failed[part] for part in _needed(done, name, node) if part in done.failed]:
            done.failed[name] = lost[0]
        elif kind.is_column(name):
            done.columns[name] = _column(done, name, node)
        else:
            try:
                done.estimates[name] = _estimate(done, name, node)
            except ReadingError as error:
                if not isinstance(node, Derived | Successive):
                    raise
                done.failed[name] = error
    results = [name for name, node in kind.nodes.items() if isinstance(node, Result)]
    if done.failed and all(name in done.failed for name in results):
        raise next(iter(done.failed.values()))
    return done


def _needed(done: Evaluated, name: str, node: Node) -> list[str]:
    """Attributes of what a node is made of."""
    if isinstance(node, Derived):
        return done.kind.parts(name)
    return [done.kind.name_of(source) for source in node.sources]


def size(unit: str) -> float:
    """What one ``unit`` is in SI."""
    factor = dimension.size(unit)
    assert factor is not None, unit
    return factor


def _column(done: Evaluated, name: str, node: Node) -> Values:
    if isinstance(node, Column):
        typed = np.array(getattr(done.readings, name), float)
        deltas = limits_of(done.instrument(name), typed.tolist())
        return Values(typed, {} if deltas is None else {name: np.array(deltas)})
    assert isinstance(node, Derived)
    return _by_rows(done, name, node)


def _by_rows(done: Evaluated, name: str, node: Derived) -> Values:
    """A column by a formula over others."""
    tree, parts = done.kind.formulas[name].tree, done.kind.parts(name)
    known = {canonical(part): numbers(done, part) for part in parts}
    own = size(node.unit)
    values = np.asarray(arrays.value(tree, known), float) / own
    columns = [part for part in parts if part in done.columns]
    _require_finite(done, values, node, columns)
    moved: dict[str, Array] = {}
    for part in columns:
        by_part = arrays.value(differentiate(tree, canonical(part)), known)
        slope = np.asarray(by_part * size(done.kind.nodes[part].unit) / own)
        _require_finite(done, np.broadcast_to(slope, values.shape), node, columns)
        for typed, change in done.columns[part].moved.items():
            moved[typed] = moved.get(typed, 0.0) + slope * change
    return Values(values, moved)


def numbers(done: Evaluated, name: str) -> Any:
    """Values of a node in SI, without uncertainty: an array for a column."""
    factor = size(done.kind.nodes[name].unit)
    if name in done.columns:
        return done.columns[name].values * factor
    estimate = done.estimates[name]
    return float(getattr(estimate, "x", estimate)) * factor


def _require_finite(done: Evaluated, values: Array, node: Derived, columns: Sequence[str]) -> None:
    wrong = np.flatnonzero(~np.isfinite(values))
    if not wrong.size:
        return
    typed = [part for part in columns if isinstance(done.kind.nodes[part], Column)]
    sentence = f"由此算不出{node.title} {node.symbol}，请核对"
    raise ReadingError(sentence, typed[-1] if typed else "", int(wrong[0]))


def _estimate(done: Evaluated, name: str, node: Node) -> Any:
    match node:
        case Single():
            return _single(done, name, node)
        case Known(value=value):
            return value
        case Repeats():
            readings = getattr(done.readings, name)
            limit = done.limit(name)
            return measurand.repeated(readings, limit=limit, label=node.label, field=name)
        case Derived():
            return _by_formula(done, name, node)
        case Mean():
            return _mean(done, done.column(node.of), node)
        case Slope():
            return _slope(done, name, node)
        case Intercept():
            return done.lines[done.kind.name_of(node.of)].intercept
        case Successive():
            return _successive(done, name, node)
    raise AssertionError(node)


def _single(done: Evaluated, name: str, node: Single) -> Any:
    typed, limit = float(getattr(done.readings, name)), done.limit(name)
    return typed if limit is None else typed + measurand.limit(limit, node.label)


def _by_formula(done: Evaluated, name: str, node: Derived) -> Any:
    parts = done.kind.parts(name)
    known = {
        part: done.estimates[part] * size(done.kind.nodes[part].unit)  # in SI
        for part in parts
    }
    try:
        value = done.kind.formulas[name].evaluate(known)
    except ReadingError as error:
        reason = error.message.rpartition("：")[2]
        raise ReadingError(f"由这些读数算不出{node.title} {node.symbol}：{reason}") from None
    return value / size(node.unit)


def _mean(done: Evaluated, of: Values, node: Mean) -> Any:
    values = of.values.tolist()
    single = len(values) == 1 and of.moved
    estimate = (
        values[0]
        if single
        else measurand.repeated(values, label=node.label, limited=bool(of.moved))
    )
    for typed, moved in of.moved.items():
        delta = abs(float(np.mean(moved)))
        estimate = estimate + measurand.limit(delta, done.kind.nodes[typed].label)
    return estimate


def _slope(done: Evaluated, name: str, node: Slope) -> Any:
    x, y = _of_a_line(done.column(node.x), done.column(node.y))
    label = f"{node.y.symbol}–{node.x.symbol} 直线"
    if node.through_origin:
        fitted = line.fit_proportional(
            x.values, y.values, y_limit=limits.mean(y.limits), label=label, y_label=node.y.label
        )
    else:
        fitted = line.fit_line(
            x.values,
            y.values,
            x_limit=limits.mean(x.limits),
            y_limit=limits.mean(y.limits),
            label=label,
            x_label=node.x.label,
            y_label=node.y.label,
        )
        if x.limits is None and y.limits is not None and np.ptp(y.limits) > 0:
            fitted = limits.uneven(fitted, {node.y.label: (1.0, np.array(y.limits))})
    done.lines[name] = fitted
    return fitted.slope


def _of_a_line(x: Values, y: Values) -> tuple[Values, Values]:
    """Columns whose errors are independent.

    Where a typed column moves both, what it does to the distance from the line is put into y.
    """
    if not set(x.moved) & set(y.moved):
        return x, y
    slope = float(np.polyfit(x.values, y.values, 1)[0])
    names = dict.fromkeys([*x.moved, *y.moved])
    still = np.zeros(len(x.values))
    moved = {name: y.moved.get(name, still) - slope * x.moved.get(name, still) for name in names}
    return Values(x.values, {}), Values(y.values, moved)


def _successive(done: Evaluated, name: str, node: Successive) -> Any:
    x, y = done.column(node.x), done.column(node.y)
    try:
        differences = successive.successive_differences(
            x.values,
            y.values,
            y_limit=limits.mean(y.limits),
            x_limit=limits.mean(x.limits),
            x_label=node.x.label,
            y_label=node.y.label,
        )
    except ReadingError as error:
        place = next(iter(x.moved or y.moved), "")
        raise ReadingError(error.message, place, error.index) from None
    done.differences[name] = differences
    return differences.slope
