"""Where the traces of a panel come to lie in pixels, and which part of it they take."""

import numpy as np

from functions._lab import figure
from functions._lab.drafting.sheet import Axes, Pixels
from functions._lab.drafting.space import Space
from functions._lab.drafting.style import Style
from functions._lab.drafting.traces import Trace

_CELL = 8.0


def pixels(trace: Trace, axes: Axes) -> Pixels:
    """Places of a trace on the sheet (N, 2)."""
    scale = axes.right if trace.on_right and axes.right else axes.y
    return np.column_stack([axes.x.pixel(trace.x), scale.pixel(trace.y)])


def bars(trace: Trace, axes: Axes, *, upright: bool) -> tuple[Pixels, Pixels] | None:
    """Both ends of the error bars (N, 2), kept on the axes; None where there are none."""
    ends = trace.y_ends if upright else trace.x_ends
    if ends is None or not len(trace.x):
        return None
    y = axes.right if trace.on_right and axes.right else axes.y
    low, high = (np.clip(e, (y if upright else axes.x).low, None) for e in ends)
    if upright:
        x = axes.x.pixel(trace.x)
        return np.column_stack([x, y.pixel(low)]), np.column_stack([x, y.pixel(high)])
    level = y.pixel(trace.y)
    return np.column_stack([axes.x.pixel(low), level]), np.column_stack([axes.x.pixel(high), level])


def rule_points(trace: Trace, rule: figure.Rule, axes: Axes) -> Pixels:
    """The two ends of a rule."""
    box = axes.box
    if rule.axis == "x":
        x = float(axes.x.pixel(trace.x)[0])
        return np.array([[x, box.bottom], [x, box.top]])
    y = float(axes.y.pixel(trace.y)[0])
    return np.array([[box.left, y], [box.right, y]])


def occupied(shown: list[Trace], axes: Axes, style: Style) -> Space:
    """The panel's space with all data in it."""
    space = Space(axes.box, _CELL * style.unit)
    for trace in shown:
        match trace.item:
            case figure.Rule():
                if trace.x.size or trace.y.size:
                    space.take_line(rule_points(trace, trace.item, axes), 0.0)
            case figure.Curve():
                if len(trace.x) > 1:
                    space.take_line(pixels(trace, axes), style.stroke)
            case figure.Band():
                _take_band(space, trace, axes)
            case _:
                _take_points(space, trace, axes, style)
    return space


def _take_points(space: Space, trace: Trace, axes: Axes, style: Style) -> None:
    if not len(trace.x):
        return
    space.take_points(pixels(trace, axes), style.radius(len(trace.x)) + 3.0 * style.unit)
    for upright in (True, False):
        ends = bars(trace, axes, upright=upright)
        if ends:
            space.take_bars(*ends)


def _take_band(space: Space, trace: Trace, axes: Axes) -> None:
    if len(trace.x) < 2 or trace.y_ends is None:
        return
    low, high = (axes.y.pixel(ends) for ends in trace.y_ends)
    x = axes.x.pixel(trace.x)
    order = np.argsort(x, kind="stable")
    fine = np.arange(x[order[0]], x[order[-1]], space.cell / 2)
    first, last = (np.interp(fine, x[order], edge[order]) for edge in (low, high))
    space.take_bars(np.column_stack([fine, first]), np.column_stack([fine, last]))
