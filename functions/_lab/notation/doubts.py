"""What looks wrong in the readings of a declared experiment."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab import checks, plausible, verdict
from functions._lab.notation import arrays, evaluation
from functions._lab.notation.evaluation import Evaluated, size
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.formula import canonical
from functions._lab.notation.nodes import (
    Column,
    Derived,
    Known,
    Mean,
    Node,
    Repeats,
    Single,
    Slope,
    Successive,
)
from functions._lab.notation.nodes import Result as Declared
from functions._lab.result import Caution

Array = NDArray[np.float64]


def doubts(done: Evaluated) -> Iterator[Caution]:
    """Readings beside their repeats or their line, and readings without type B."""
    yield from _readings_checks(done)
    yield from _fit_checks(done)
    yield from _without_limits(done)


def _readings_checks(done: Evaluated) -> Iterator[Caution]:
    """Readings of a quantity beside its other readings."""
    for name, node in done.kind.nodes.items():
        if isinstance(node, Repeats):
            readings = getattr(done.readings, name)
            number = np.arange(1.0, len(readings) + 1)
            yield from checks.line_checks(
                name, number, name, readings, model=_level, parameters=1, x_counted=True
            )
        elif isinstance(node, Mean):
            of = done.column(node.of)
            field = next(iter(_typed_of(done.kind, node.of)))
            number = np.arange(1.0, len(of.values) + 1)
            transform = _transform(done, node.of, field)
            yield from checks.line_checks(
                field,
                number,
                field,
                getattr(done.readings, field),
                model=_level,
                parameters=1,
                to_y=transform,
                x_counted=True,
            )


def _level(x: Array, y: Array) -> Any:
    del x
    level = float(y.mean())
    return lambda at: np.full(len(at), level)


def _fit_checks(done: Evaluated) -> Iterator[Caution]:
    """Readings beside the line on which they should lie, by each typed column in turn."""
    for name, node in done.kind.nodes.items():
        if not isinstance(node, Slope | Successive):
            continue
        x_field = next(iter(_typed_of(done.kind, node.x)))
        x_node = done.kind.nodes[x_field]
        counted = isinstance(x_node, Column) and x_node.counted
        origin = isinstance(node, Slope) and node.through_origin
        for y_field in _typed_of(done.kind, node.y):
            if y_field == x_field:
                continue
            yield from checks.line_checks(
                x_field,
                getattr(done.readings, x_field),
                y_field,
                getattr(done.readings, y_field),
                model="proportional" if origin else "line",
                to_x=_transform(done, node.x, x_field),
                to_y=_transform(done, node.y, y_field),
                x_counted=counted,
            )
        if name in done.lines:
            what = f"{node.y.symbol}–{node.x.symbol} 直线"
            yield from verdict.scatter_checks(done.lines[name], what)


def _typed_of(kind: type[Experiment], node: Node) -> list[str]:
    """The typed columns that a column is made of."""
    name = kind.name_of(node)
    if isinstance(node, Column):
        return [name]
    parts = [kind.nodes[part] for part in kind.parts(name) if kind.is_column(part)]
    return list(dict.fromkeys(one for part in parts for one in _typed_of(kind, part)))


def _transform(done: Evaluated, node: Node, field: str) -> Any:
    """The column of a node as a function of one typed column, the others as they are."""

    def transformed(values: Array) -> Array:
        return _along(done, node, {field: values})

    return transformed


def _along(done: Evaluated, node: Node, changed: dict[str, Array]) -> Array:
    name = done.kind.name_of(node)
    if name in changed:
        return changed[name]
    if isinstance(node, Column) or not isinstance(node, Derived):
        return done.columns[name].values
    known = {}
    for part in done.kind.parts(name):
        own = done.kind.nodes[part]
        if done.kind.is_column(part):
            known[canonical(part)] = _along(done, own, changed) * size(own.unit)
        else:
            known[canonical(part)] = evaluation.numbers(done, part)
    value: Array = arrays.value(done.kind.formulas[name].tree, known) / size(node.unit)
    return value


def _without_limits(done: Evaluated) -> list[Caution]:
    """Say which readings carry no type B."""
    measured = (Single, Repeats, Column)
    names = [
        node.label
        for name, node in done.kind.nodes.items()
        if isinstance(node, measured)
        and done.instrument(name) is None
        and not (isinstance(node, Column) and node.counted)
        and not (isinstance(node, Single) and node.default is not None)
    ]
    if not names:
        return []
    sentence = f"{'、'.join(names)} 没有填仪器误差限，未计入 B 类不确定度"
    return [Caution("no-type-b", sentence)]


def usual(kind: type[Experiment]) -> plausible.Usual:
    """Ranges of what is typed, and of the results as they follow from columns as typed."""
    columns = {
        name: plausible.Span(*node.usual) for name, node in kind.typed().items() if node.usual
    }

    def derived(given: plausible.Columns) -> Iterator[plausible.Quantity]:
        values = _middle(kind, given)
        for name, node in kind.nodes.items():
            if isinstance(node, Declared) and node.plausible:
                span, advice = plausible.Span(*node.plausible), "；".join(node.causes[:1])
                yield plausible.Quantity(node.label, values[name], node.unit, span, advice)

    return plausible.Usual(columns, derived)


def _middle(kind: type[Experiment], given: plausible.Columns) -> dict[str, Any]:
    """Values of all nodes, without uncertainties, for columns as typed; not a number for none."""
    values: dict[str, Any] = {}
    for name, node in kind.nodes.items():
        values[name] = _plainly(kind, name, node, given, values)
    return values


def _plainly(
    kind: type[Experiment], name: str, node: Node, given: plausible.Columns, values: dict[str, Any]
) -> Any:
    match node:
        case Column():
            return given[name]
        case Known(value=value):
            return value
        case Single() | Repeats():
            return float(given[name].mean())
        case Derived():
            known = {
                canonical(part): values[part] * size(kind.nodes[part].unit)
                for part in kind.parts(name)
            }
            return arrays.value(kind.formulas[name].tree, known) / size(node.unit)
        case Mean():
            return float(values[kind.name_of(node.of)].mean())
        case Slope() | Successive():
            x, y = (values[kind.name_of(one)] for one in (node.x, node.y))
            if isinstance(node, Slope) and node.through_origin:
                return float(x @ y) / float(x @ x)
            return float(plausible.slope(x, y))
    return math.nan
