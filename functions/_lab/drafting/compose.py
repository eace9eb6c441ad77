"""From a figure to a sheet: everything that is drawn, in drawing order."""

import numpy as np

from functions._lab import figure
from functions._lab.drafting import fonts, layout
from functions._lab.drafting.blocks import Line, block_margin, sample_width
from functions._lab.drafting.frame import around, frame, grid
from functions._lab.drafting.furnish import leader, ring_radius
from functions._lab.drafting.plan import Plan
from functions._lab.drafting.plotted import bars, pixels, rule_points
from functions._lab.drafting.sheet import (
    Area,
    Axes,
    Box,
    Colour,
    Dots,
    Item,
    Pixels,
    Sheet,
    Stroke,
    Word,
)
from functions._lab.drafting.style import (
    INK,
    NAMED_DASHES,
    RULE,
    SERIES,
    WARNING,
    WHITE,
    Style,
    style,
)
from functions._lab.drafting.traces import Trace, marker, series_number

_CROWD = 150
_MANY = 60
"""Above so many points markers have no white edge."""


def compose(spec: figure.Figure, width: int) -> Sheet:
    """The sheet of a figure, ``width`` pixels wide."""
    look = style(width, spec.columns)
    arranged = layout.arrange(spec, width, look)
    sheet = Sheet(width, arranged.height, spec.title, description=spec.description)
    baseline = 0.6 * look.text + fonts.ASCENT * look.title
    for line in arranged.title:
        left = (width - fonts.measure(line, look.title)) / 2
        sheet.items.append(Word(line, left, baseline, look.title, INK))
        baseline += 1.3 * look.title
    for plan in arranged.plans:
        if plan.axes:
            sheet.axes.append(plan.axes)
            _panel(sheet.items, plan, plan.axes, look)
    _foot(sheet.items, arranged, look)
    return sheet


def _foot(items: list[Item], arranged: layout.Layout, look: Style) -> None:
    """The warnings under the panels, each behind a bar at the left."""
    for box, lines in arranged.foot:
        bar = np.array([[box.left, box.top], [box.left, box.bottom]])
        items.append(Stroke(bar, WARNING, 7.0 * look.unit))
        baseline = box.top + fonts.ASCENT * look.mark
        for line in lines:
            items.append(Word(line, box.left + 0.7 * look.mark, baseline, look.mark, INK))
            baseline += layout.FOOT_LINE * look.mark


def _panel(items: list[Item], plan: Plan, axes: Axes, look: Style) -> None:
    grid(items, plan, axes, look)
    for kind in _order(plan):
        for trace in plan.shown:
            if isinstance(trace.item, kind):
                _trace(items, trace, axes, look)
    frame(items, plan, axes, look)
    around(items, plan, axes, look)
    _inside(items, plan, look)


def _order(plan: Plan) -> list[type]:
    """Points over curves, unless there are so many that they would hide them."""
    crowded = any(
        isinstance(trace.item, figure.Points) and len(trace.x) > _CROWD for trace in plan.shown
    )
    between = [figure.Points, figure.Curve] if crowded else [figure.Curve, figure.Points]
    return [figure.Band, figure.Rule, *between, figure.Mark]


def _trace(items: list[Item], trace: Trace, axes: Axes, look: Style) -> None:
    match trace.item:
        case figure.Band():
            _band(items, trace, axes, SERIES[series_number(trace.item)])
        case figure.Rule():
            if trace.x.size or trace.y.size:
                points = rule_points(trace, trace.item, axes)
                items.append(Stroke(points, RULE, 2.5 * look.unit, NAMED_DASHES["dashed"]))
        case figure.Curve():
            if len(trace.x) > 1:
                items.append(_curve(pixels(trace, axes), trace, trace.item, look))
        case figure.Points():
            if len(trace.x):
                _points(items, trace, trace.item, axes, look)
        case figure.Mark():
            if len(trace.x):
                at = pixels(trace, axes)
                colour, width = (WARNING, 5.0) if trace.item.suspect else (INK, 2.5)
                ring = ring_radius(look)
                items.append(Dots(at, "circle", ring, None, colour, width * look.unit))


def _band(items: list[Item], trace: Trace, axes: Axes, colour: Colour) -> None:
    if len(trace.x) < 2 or trace.y_ends is None:
        return
    x = axes.x.pixel(trace.x)
    low, high = (np.column_stack([x, axes.y.pixel(edge)]) for edge in trace.y_ends)
    items.append(Area(np.vstack([low, high[::-1]]), colour, 0.16))


def _curve(points: Pixels, trace: Trace, item: figure.Curve, look: Style) -> Stroke:
    dash = tuple(part * look.unit for part in trace.dash)
    return Stroke(points, SERIES[series_number(item)], look.stroke, dash)


def _points(items: list[Item], trace: Trace, item: figure.Points, axes: Axes, look: Style) -> None:
    colour = SERIES[series_number(item)]
    places, radius = pixels(trace, axes), look.radius(len(trace.x))
    for upright in (True, False):
        ends = bars(trace, axes, upright=upright)
        if ends:
            lines = np.stack(ends, axis=1).reshape(-1, 2)
            cap = np.array([0.7 * radius, 0.0] if upright else [0.0, 0.7 * radius])
            caps = np.stack([lines - cap, lines + cap], axis=1).reshape(-1, 2)
            both = np.vstack([lines, caps])
            items.append(Stroke(both, colour, 2.6 * look.unit, pairs=True))
    items.append(_marker(places, item, radius, look, many=len(places) > _MANY))


def _marker(
    places: Pixels, item: figure.Points, radius: float, look: Style, *, many: bool = False
) -> Dots:
    colour, shape = SERIES[series_number(item)], marker(item)
    if item.hollow:
        return Dots(places, shape, radius, WHITE, colour, 3.0 * look.unit)
    edge = 0.0 if many else 2.0 * look.unit
    return Dots(places, shape, radius + edge / 2, colour, WHITE, edge)


def _inside(items: list[Item], plan: Plan, look: Style) -> None:
    """Tags of marks with leaders, legend and notes."""
    if plan.axes is None:
        return
    ways = [leader(tag.anchor, tag.box, look) for tag in plan.furniture.tags]
    items += [Stroke(way, RULE, 1.8 * look.unit) for way in ways if way is not None]
    for tag in plan.furniture.tags:
        box, size = tag.box, look.mark
        word = Word(tag.text, box.left + 0.25 * size, box.top + fonts.ASCENT * size, size, INK)
        if any(way is not None for way in ways):
            left, upper, right, lower = word.box
            corners = [(left, upper), (right, upper), (right, lower), (left, lower)]
            items.append(Area(np.array(corners), WHITE))
        items.append(word)
    for block, place in plan.furniture.blocks:
        _frame(items, place, look)
        _lines(items, block.lines, place, look)
    left, top = plan.axes.box.left, plan.axes.box.top - plan.head
    for homeless in plan.furniture.homeless:
        place = Box(left, top, left + homeless.width, top + homeless.height)
        _lines(items, homeless.lines, place, look)
        left = place.right


def _frame(items: list[Item], place: Box, look: Style) -> None:
    """A sheet of paper over the grid, with an edge."""
    inset = 0.2 * look.tick
    left, top, right, bottom = place
    left, top, right, bottom = left + inset, top + inset, right - inset, bottom - inset
    ring = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    items.append(Area(np.array(ring), WHITE))
    items.append(Stroke(np.array(ring), RULE, look.line))


def _lines(items: list[Item], lines: list[Line], place: Box, look: Style) -> None:
    margin = block_margin(look)
    x, middle = place.left + margin, place.top + margin + 0.5 * look.line_height
    for line in lines:
        for sample in line.samples:
            _sample(items, sample, x, middle, look)
        shift = sample_width(look) if line.samples or line.indented else 0.0
        items.append(Word(line.text, x + shift, middle + 0.36 * look.tick, look.tick, INK))
        middle += look.line_height


def _sample(items: list[Item], trace: Trace, x: float, y: float, look: Style) -> None:
    """What stands before the text of a legend entry, centred on height y."""
    long = sample_width(look) - 0.5 * look.tick
    ends = np.array([[x, y], [x + long, y]])
    match trace.item:
        case figure.Curve():
            items.append(_curve(ends, trace, trace.item, look))
        case figure.Band():
            half = 0.3 * look.tick
            corners = [(x, y - half), (x + long, y - half), (x + long, y + half), (x, y + half)]
            colour = SERIES[series_number(trace.item)]
            items.append(Area(np.array(corners), colour, 0.16))
        case figure.Points():
            radius = min(max(look.radius(len(trace.x)), look.radius(150)), look.radius(1))
            items.append(_marker(ends.mean(axis=0)[None, :], trace.item, radius, look))
