"""The items of a panel as arrays, without what its axes cannot show, and the ranges they need."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from functions._lab import figure
from functions._lab.drafting.scale import Scale, covering, drawable
from functions._lab.drafting.sheet import Dash, Shape
from functions._lab.drafting.style import DASHES, NAMED_DASHES, SERIES, SHAPES

Values = NDArray[np.float64]
_PAD_X, _PAD_Y = 0.03, 0.07


@dataclass(frozen=True, slots=True)
class Trace:
    """One item: its places, and the ends of its error bars or of its band."""

    item: figure.Item
    x: Values
    y: Values
    x_ends: tuple[Values, Values] | None = None
    y_ends: tuple[Values, Values] | None = None
    on_right: bool = False
    dash: Dash = ()

    @property
    def label(self) -> str:
        """Text for the legend; marks and rules are labelled on the spot."""
        return "" if isinstance(self.item, figure.Mark | figure.Rule) else self.item.label


def series_number(item: figure.Points | figure.Curve | figure.Band) -> int:
    """The style of a series, counted round the house's six."""
    return item.series % len(SERIES)


def traces(panel: figure.Panel) -> list[Trace]:
    """The items of a panel in their order."""
    pointed = {item.series for item in panel.items if isinstance(item, figure.Points)}
    return [_trace(item, panel, pointed) for item in panel.items]


def _trace(item: figure.Item, panel: figure.Panel, pointed: set[int]) -> Trace:
    match item:
        case figure.Rule():
            at = np.array([item.at] if drawable(item.at, _is_log(item.axis, panel)) else [])
            none = np.array([])
            return Trace(item, at if item.axis == "x" else none, none if item.axis == "x" else at)
        case figure.Band():
            x, low, high = _shown(panel, False, item.x, item.lower, item.upper)
            return Trace(item, x, low, y_ends=(low, high))
        case figure.Curve():
            x, y = _shown(panel, item.on_right, item.x, item.y)
            dash = NAMED_DASHES[item.dash]
            if item.dash == "solid" and item.series not in pointed:
                dash = DASHES[series_number(item)]
            return Trace(item, x, y, on_right=item.on_right, dash=dash)
        case figure.Mark():
            x, y = _shown(panel, item.on_right, [item.x], [item.y])
            return Trace(item, x, y, on_right=item.on_right)
        case figure.Points():
            return _points(item, panel)


def _points(item: figure.Points, panel: figure.Panel) -> Trace:
    zero = np.zeros(len(item.x))
    u_x = zero if item.u_x is None else np.abs(np.asarray(item.u_x, dtype=np.float64))
    u_y = zero if item.u_y is None else np.abs(np.asarray(item.u_y, dtype=np.float64))
    x, y, u_x, u_y = _shown(panel, item.on_right, item.x, item.y, u_x, u_y)
    return Trace(
        item,
        x,
        y,
        None if item.u_x is None else (x - u_x, x + u_x),
        None if item.u_y is None else (y - u_y, y + u_y),
        item.on_right,
    )


def _is_log(axis: str, panel: figure.Panel) -> bool:
    return panel.x_log if axis == "x" else panel.y_log


def _shown(
    panel: figure.Panel, on_right: bool, x: "figure.Numbers", *ordinates: "figure.Numbers"
) -> list[Values]:
    """The arrays cut to the places that have an x and a (first) y on the axes."""
    arrays = [np.asarray(values, dtype=np.float64) for values in (x, *ordinates)]
    keep = drawable(arrays[0], panel.x_log)
    keep = keep & drawable(arrays[1], panel.y_log and not on_right)
    return [values[keep] for values in arrays]


def x_scale(shared: Sequence[Trace], log: bool) -> Scale:
    """The range of abscissas of all ``shared`` traces."""
    extents = [v for t in shared for v in (t.x, *(t.x_ends or ()))]
    return covering(extents, log, _PAD_X)


def y_scale(panel: figure.Panel, shown: Sequence[Trace], *, right: bool) -> Scale:
    """The range of ordinates on the left or right axis; about zero for a residual panel."""
    extents = [v for t in shown if t.on_right == right for v in (t.y, *(t.y_ends or ()))]
    scale = replace(covering(extents, panel.y_log and not right, _PAD_Y), whole=panel.y_whole)
    if panel.residual and not right and not panel.y_log:
        size = 1.08 * max(abs(scale.low), abs(scale.high))
        return Scale(-size, size)
    return scale


def marker(item: figure.Points) -> Shape:
    """The marker of a series; where colours come round again it is another one."""
    return SHAPES[(item.series + item.series // len(SERIES)) % len(SHAPES)]
