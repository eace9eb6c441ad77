"""The result of an experiment that was declared: measurands, fits, warnings and figures."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from functions._lab import (
    budget_panels,
    checks,
    fitted_panels,
    measurand,
    panels,
    typed,
)
from functions._lab.figure import Figure, Panel
from functions._lab.notation import doubts, evaluation
from functions._lab.notation.evaluation import Evaluated
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    Accepted,
    Column,
    Intercept,
    Node,
    Plot,
    Repeats,
    Slope,
    Successive,
)
from functions._lab.notation.nodes import Result as Declared
from functions._lab.result import Caution, Fit, Measurand, Result


def analyse(kind: type[Experiment], readings: Any) -> Result:
    """Measurands in the order of the class, the fits, and what looks wrong.

    Raises ReadingError where the readings do not allow it.
    """
    done = evaluation.evaluate(kind, readings)
    measurands = list(_measurands(done))
    cautions = list(doubts.doubts(done))
    computed = iter(measurands)
    for name, node in kind.nodes.items():
        if isinstance(node, Declared) and name in done.failed:
            lost = done.failed[name]
            cautions.append(Caution("not-computed", lost.message, lost.field, lost.index))
        elif isinstance(node, Declared):
            own = next(computed)
            cautions += checks.reference_check(own, node.causes)
            dof = own.by_gum.degrees_of_freedom
            if dof is not None:
                cautions += checks.few_points(dof, f"{node.label} ")
    cautions = typed.checked(cautions, doubts.usual(kind), ("", readings))
    return Result(measurands=measurands, fits=list(_fits(done)), warnings=_distinct(cautions))


def _distinct(cautions: Iterable[Caution]) -> list[Caution]:
    """Every warning once: one column may stand in several lines."""
    return list(dict.fromkeys(cautions))


def _measurands(done: Evaluated) -> Iterator[Measurand]:
    for name, node in done.kind.nodes.items():
        if isinstance(node, Declared) and name not in done.failed:
            estimate = done.estimates[name]
            if not hasattr(estimate, "u"):
                estimate = measurand.constant(float(estimate), 0.0, node.label)
            reference = _reference(done, node)
            yield measurand.measurand(
                node.title, node.symbol, node.unit, estimate, reference=reference
            )


def _reference(done: Evaluated, node: Declared) -> Accepted | None:
    """The accepted value, or that which the readings give."""
    if not isinstance(node.accepted, Node):
        return node.accepted
    name = done.kind.name_of(node.accepted)
    if name in done.failed:
        return None
    estimate = done.estimates[name]
    value, u = float(getattr(estimate, "x", estimate)), float(getattr(estimate, "u", 0.0))
    return value, u, node.accepted.title


def _fits(done: Evaluated) -> Iterator[Fit]:
    nodes = done.kind.nodes
    for name, line in done.lines.items():
        node = nodes[name]
        assert isinstance(node, Slope)
        slope = (node.title, node.symbol, node.unit)
        if node.through_origin:
            yield line.as_fit(name, f"{node.y.symbol} = {node.symbol}·{node.x.symbol}", slope)
            continue
        own = next((n for n in nodes.values() if isinstance(n, Intercept) and n.of is node), None)
        symbol = own.symbol if own else "a"
        model = f"{node.y.symbol} = {symbol} + {node.symbol}·{node.x.symbol}"
        title = own.title if own else "截距"
        yield line.as_fit(name, model, slope, (title, symbol, node.y.unit))
    for name, differences in done.differences.items():
        node = nodes[name]
        assert isinstance(node, Successive)
        model = f"{node.symbol} = 逐差法（{node.y.symbol} 对 {node.x.symbol}）"
        yield differences.as_fit(name, model, (node.title, node.symbol, node.unit))


def figures(kind: type[Experiment], readings: Any, result: Result) -> dict[str, Figure]:
    """The declared figures; where there is none, the budget of the first result and the repeats."""
    done = evaluation.evaluate(kind, readings)
    drawn = {
        name: _line_figure(done, plot, result)
        for name, plot in kind.plots.items()
        if kind.name_of(plot.of) not in done.failed
    }
    main = result.measurands[0]
    if not drawn:
        title = f"{main.name} {main.symbol} 的不确定度分量"
        drawn["budget"] = Figure(title, [budget_panels.budget_panel(main)])
        repeated = [_repeats_panel(done, n) for n in kind.nodes if _is_repeated(kind, n)]
        if repeated:
            columns = min(2, len(repeated))
            drawn["readings"] = Figure("各量的重复读数", repeated[:6], columns=columns)
    return drawn


def _is_repeated(kind: type[Experiment], name: str) -> bool:
    return isinstance(kind.nodes[name], Repeats)


def _repeats_panel(done: Evaluated, name: str) -> Panel:
    node, readings = done.kind.nodes[name], getattr(done.readings, name)
    return budget_panels.repeats_panel(node.label, node.unit, readings, done.limit(name))


def _line_figure(done: Evaluated, plot: Plot, result: Result) -> Figure:
    name = done.kind.name_of(plot.of)
    note = [measurand.display for measurand in result.measurands]
    x, y = done.column(plot.of.x), done.column(plot.of.y)
    if name in done.lines:
        drawn = panels.line_panels(
            done.lines[name],
            plot.x_label,
            plot.y_label,
            note=note,
            x_limit=x.limits,
            y_limit=y.limits,
            reach=[0.0] if isinstance(plot.of, Slope) and plot.of.through_origin else [],
        )
    else:
        bars = panels.spread(y.limits, len(y.values))
        labels = plot.x_label, plot.y_label
        drawn = fitted_panels.difference_panels(result, done.differences[name], *labels, None, bars)
    counted = isinstance(plot.of.x, Column) and plot.of.x.counted
    return Figure(plot.title, [replace(drawn[0], x_whole=counted), *drawn[1:]])
