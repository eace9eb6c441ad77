"""Where the panels lie: margins computed from the texts that stand in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions._lab import figure
from functions._lab.drafting import fonts
from functions._lab.drafting.blocks import has_block
from functions._lab.drafting.furnish import furnish, room_for_marks
from functions._lab.drafting.plan import Plan, edge, foot_height, measure, set_ticks
from functions._lab.drafting.sheet import Axes, Box
from functions._lab.drafting.style import Style
from functions._lab.drafting.traces import traces, x_scale, y_scale

_PASSES = 8
_STRETCHES = 5
_FOOT_LINES = 3
FOOT_LINE = 1.3
"""From baseline to baseline of a warning, in its text size."""


@dataclass(slots=True)
class Cell:
    """A panel and the residual panel under it, in a place of the grid."""

    column: int
    row: int
    plans: list[Plan]


@dataclass(slots=True)
class Layout:
    """The finished arrangement."""

    width: int
    height: int
    title: list[str]
    cells: list[Cell]
    foot: list[tuple[Box, list[str]]]
    """Warnings under the panels: their places and lines."""

    @property
    def plans(self) -> list[Plan]:
        """All panels in the order of the figure."""
        return [plan for cell in self.cells for plan in cell.plans]


def arrange(spec: figure.Figure, width: int, style: Style) -> Layout:
    """Lay a figure out: the height follows from its rows."""
    columns = max(1, spec.columns)
    cells = _cells(spec.panels, columns, style)
    border = 0.6 * style.text
    title = fonts.wrap(spec.title, style.title, width - 2 * border, 2)
    top = border + len(title) * 1.3 * style.title
    bottom = top
    plans = [plan for cell in cells for plan in cell.plans]
    for _ in range(_PASSES):
        before = [plan.state for plan in plans]
        for plan in plans:
            measure(plan, style)
        bottom = _set_boxes(cells, columns, width, top, style)
        for plan in plans:
            _furnish(plan, style)
        if before == [plan.state for plan in plans]:
            break
    for plan in plans:
        set_ticks(plan, style)
    foot = _foot(spec.warnings, border, width - border, bottom, style)
    if foot:
        bottom = foot[-1][0].bottom + 0.6 * border
    return Layout(width, round(bottom + 0.3 * border), title, cells, foot)


def _foot(
    warnings: Sequence[str], left: float, right: float, top: float, style: Style
) -> list[tuple[Box, list[str]]]:
    """A box for each warning, wrapped to the width, from ``top`` downwards."""
    found = []
    for warning in warnings:
        room = right - left - style.mark
        lines = fonts.wrap(warning, style.mark, room, _FOOT_LINES)
        if lines:
            height = (fonts.ASCENT + fonts.DESCENT + FOOT_LINE * (len(lines) - 1)) * style.mark
            found.append((Box(left, top, right, top + height), lines))
            top += height + 0.35 * style.mark
    return found


def _cells(panels: Sequence[figure.Panel], columns: int, style: Style) -> list[Cell]:
    groups: list[list[figure.Panel]] = []
    for panel in panels:
        if panel.residual and groups and not groups[-1][-1].residual:
            groups[-1].append(panel)
        else:
            groups.append([panel])
    return [
        Cell(number % columns, number // columns, _plans(group, style))
        for number, group in enumerate(groups)
    ]


def _plans(group: list[figure.Panel], style: Style) -> list[Plan]:
    group = [replace(panel, x_log=group[0].x_log) for panel in group]
    shown = [traces(panel) for panel in group]
    x = x_scale([trace for one in shown for trace in one], group[0].x_log)
    x = replace(x, whole=group[0].x_whole)
    plans = []
    for panel, one in zip(group, shown, strict=True):
        twin = any(trace.on_right for trace in one)
        right = y_scale(panel, one, right=True) if twin else None
        height = style.plot_height * (0.92 if len(group) > 1 else 1.0)
        if panel is not group[0]:
            height = style.residual_height
        plans.append(Plan(panel, one, x, y_scale(panel, one, right=False), right, height))
    plans[0].bare = len(plans) > 1
    return plans


def _set_boxes(cells: list[Cell], columns: int, width: int, top: float, style: Style) -> float:
    """Give every panel its axes and return the lower end of the last row."""
    margin = edge(style)
    left = [_most(cells, "column", c, "left_margin") + margin for c in range(columns)]
    right = [_most(cells, "column", c, "right_margin") + margin * 2.2 for c in range(columns)]
    rows = 1 + max((cell.row for cell in cells), default=-1)
    for row in range(rows):
        heads = [cell.plans[0].head for cell in cells if cell.row == row]
        apart = 0.4 * style.text if row and any(heads) else 0.0
        start = top + apart + max([0.35 * style.text, *heads])
        bottoms = []
        for cell in (cell for cell in cells if cell.row == row):
            near = cell.column * width / columns + left[cell.column]
            far = (cell.column + 1) * width / columns - right[cell.column]
            upper = round(start)
            for plan in cell.plans:
                plan.left_margin = left[cell.column] - margin
                plan.right_margin = right[cell.column] - margin * 2.2
                if plan is not cell.plans[0]:
                    upper = round(upper + max(1.3 * style.tick, plan.head + 0.5 * style.tick))
                lower = round(upper + plan.height)
                box = Box(round(near), upper, round(far), lower)
                plan.axes = _axes(plan, box)
                upper = lower
            bottoms.append(upper + foot_height(cell.plans[-1], style))
        top = max(bottoms)
    return top


def _most(cells: list[Cell], place: str, number: int, margin: str) -> float:
    found = [
        getattr(plan, margin)
        for cell in cells
        if getattr(cell, place) == number
        for plan in cell.plans
    ]
    return max(found, default=0.0)


def _axes(plan: Plan, box: Box) -> Axes:
    right = plan.right.at(box.bottom, box.top) if plan.right else None
    return Axes(box, plan.x.at(box.left, box.right), plan.y.at(box.bottom, box.top), right)


def _furnish(plan: Plan, style: Style) -> None:
    """Place the inner texts, with a longer y-range or above the axes where they need it."""
    if plan.axes is None or plan.furnished == (plan.axes, plan.outside):
        return
    if not plan.stretches:
        _stretch(plan, *room_for_marks(plan.shown, plan.axes, style))
    while True:
        plan.furnished = plan.axes, plan.outside
        found = furnish(plan.panel, plan.shown, plan.axes, style, outside=plan.outside)
        plan.furniture = found
        plan.outside = bool(found.homeless)
        if not (found.below or found.above):
            return
        if plan.stretches < _STRETCHES:
            _stretch(plan, found.below, found.above)
        elif found.blocks or plan.outside or not has_block(plan.panel, plan.shown):
            return
        else:
            plan.outside = True


def _stretch(plan: Plan, below: float, above: float) -> None:
    plan.stretches += 1
    if plan.axes is None or not (below > 0.0 or above > 0.0):
        return
    plan.y = plan.y.stretched(below, above)
    if plan.right:
        plan.right = plan.right.stretched(below, above)
    plan.axes = _axes(plan, plan.axes.box)
