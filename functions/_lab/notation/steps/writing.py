"""A whole ledger of a declared experiment, section by section."""

from collections.abc import Callable, Iterator
from typing import Any

from functions._lab.notation.evaluation import Evaluated
from functions._lab.notation.ledger import (
    Ledger,
    Section,
    Step,
    Table,
    as_sent,
    listed,
    reading,
    rounded,
    text_of,
)
from functions._lab.notation.nodes import (
    Column,
    Derived,
    Intercept,
    Known,
    Mean,
    Node,
    Repeats,
    Single,
    Slope,
    Successive,
)
from functions._lab.notation.nodes import Result as Declared
from functions._lab.notation.steps.formulas import derived
from functions._lab.notation.steps.lines import intercept, slope, successive
from functions._lab.notation.steps.scattered import mean, repeats, single
from functions._lab.notation.steps.statements import statement
from functions._lab.result import Result

_WRITERS: dict[type[Node], Callable[[Evaluated, str, Any], Iterator[Step]]] = {
    Single: single,
    Repeats: repeats,
    Mean: mean,
    Derived: derived,
    Declared: derived,
    Slope: slope,
    Intercept: intercept,
    Successive: successive,
}


def ledger(done: Evaluated, result: Result) -> Ledger:
    """Readings and steps of an experiment; ``result`` is what its analysis gave."""
    sections: list[Section] = []
    measurands = iter(result.measurands)
    for name, node in done.kind.nodes.items():
        if isinstance(node, Column | Known):
            continue
        if name in done.failed:
            sections.append(Section(node.label, (Step(done.failed[name].message),)))
            continue
        steps = list(_WRITERS[type(node)](done, name, node))
        if isinstance(node, Declared):
            steps += statement(next(measurands))
        if steps:
            sections.append(Section(node.label, tuple(steps), _rows(done, name, node)))
    return Ledger(tuple(_readings(done)), tuple(sections))


def _readings(done: Evaluated) -> Iterator[Table]:
    """What was typed: the columns table by table, the repeats, then the single readings."""
    tables: dict[str, list[str]] = {}
    nodes = done.kind.typed()
    for name, node in nodes.items():
        if isinstance(node, Column | Repeats):
            title = node.table if isinstance(node, Column) else node.title
            tables.setdefault(title, []).append(name)
    for title, names in tables.items():
        columns = tuple(_as_sent(done, name) for name in names)
        yield Table(title, tuple(_head(nodes[name]) for name in names), columns)
    ones = {n: one for n, one in done.kind.nodes.items() if isinstance(one, Single | Known)}
    if ones:
        numbers = [_alone(done, name, node) for name, node in ones.items()]
        yield listed("单次读数与常量", [_head(node) for node in ones.values()], numbers)


def _as_sent(done: Evaluated, name: str) -> tuple[str, ...]:
    given = getattr(done.readings, name)
    values = given if isinstance(given, list) else [float(given)]
    return as_sent(values, done.sent.get(name))


def _alone(done: Evaluated, name: str, node: Node) -> str:
    return text_of(reading(node.value)) if isinstance(node, Known) else _as_sent(done, name)[0]


def _head(node: Node) -> tuple[str, str, str]:
    return node.title, node.symbol, node.unit


def _rows(done: Evaluated, name: str, node: Node) -> Table | None:
    """Values of a derived column beside what it is made of."""
    if not isinstance(node, Derived) or not done.kind.is_column(name):
        return None
    parts = [part for part in done.kind.parts(name) if done.kind.is_column(part)]
    heads = [_head(done.kind.nodes[part]) for part in [*parts, name]]
    columns = [_shown(done, part) for part in [*parts, name]]
    return Table(node.title, tuple(heads), tuple(columns))


def _shown(done: Evaluated, name: str) -> tuple[str, ...]:
    """A column as typed, or rounded to what its limits leave sensible."""
    column = done.columns[name]
    if isinstance(done.kind.nodes[name], Column):
        return _as_sent(done, name)
    limits = column.limits or [0.0] * len(column.values)
    pairs = zip(column.values.tolist(), limits, strict=True)
    shown = [rounded(number, limit) for number, limit in pairs]
    return tuple(text_of(digits) for digits in shown)
