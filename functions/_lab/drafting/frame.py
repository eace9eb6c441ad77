"""What is drawn around the data: grid, frame, ticks, the labels of the axes, panel titles."""

import numpy as np

from functions._lab import figure
from functions._lab.drafting import fonts
from functions._lab.drafting.plan import Plan, foot_gap, reach, side_lines, title_room
from functions._lab.drafting.scale import Scale
from functions._lab.drafting.sheet import Axes, Box, Colour, Item, Pixels, Stroke, Word
from functions._lab.drafting.style import FINE_GRID, FRAME, GRID, INK, RULE, SERIES, Style
from functions._lab.drafting.traces import series_number

_CAP_HEIGHT = 0.36
"""Half the height of a digit: from the baseline to the middle of a tick label."""


def _segments(places: Pixels, box: Box, *, upright: bool) -> Pixels:
    """Lines across the box at the given pixels, two points each (2N, 2)."""
    ends = np.empty((len(places), 2, 2))
    ends[:, :, 0 if upright else 1] = places[:, None]
    span = (box.bottom, box.top) if upright else (box.left, box.right)
    ends[:, :, 1 if upright else 0] = span
    return ends.reshape(-1, 2)


def _crisp(values: Pixels, scale: Scale, width: float) -> Pixels:
    """Pixels of tick values, moved by at most half of one so that thin lines stay sharp."""
    middle = 0.5 * (width % 2.0)
    return np.asarray(np.floor(scale.pixel(values) + 0.5 - middle) + middle)


def grid(items: list[Item], plan: Plan, axes: Axes, look: Style) -> None:
    marks = ((plan.x_ticks, axes.x, True), (plan.y_ticks, axes.y, False))
    for fine in (True, False):
        for found, scale, upright in marks:
            if found is None:
                continue
            colour, width = (FINE_GRID, 1.0) if fine else (GRID, look.line)
            places = _crisp(found.minor if fine else found.major, scale, width)
            if len(places):
                lines = _segments(places, axes.box, upright=upright)
                items.append(Stroke(lines, colour, width, pairs=True))
    if plan.panel.residual and axes.y.low < 0.0 < axes.y.high:
        zero = _segments(_crisp(np.zeros(1), axes.y, look.line), axes.box, upright=False)
        items.append(Stroke(zero, RULE, look.line))


def frame(items: list[Item], plan: Plan, axes: Axes, look: Style) -> None:
    box, line = axes.box, look.line
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom)]
    corners += [(box.left, box.bottom), (box.left, box.top), (box.right, box.top)]
    items.append(Stroke(np.array(corners, dtype=np.float64), FRAME, line))
    sides = [(plan.x_ticks, axes.x, True, box.bottom, -1.0)]
    sides.append((plan.y_ticks, axes.y, False, box.left, 1.0))
    if axes.right:
        sides.append((plan.right_ticks, axes.right, False, box.right, -1.0))
    for found, scale, upright, start, inward in sides:
        if found is None:
            continue
        ends = []
        for values, length in ((found.major, 0.36), (found.minor, 0.2)):
            places = _crisp(values, scale, line)
            tip = start + inward * length * look.tick
            lines = np.empty((len(places), 2, 2))
            lines[:, :, 0 if upright else 1] = places[:, None]
            lines[:, :, 1 if upright else 0] = (start, tip)
            ends.append(lines.reshape(-1, 2))
        items.append(Stroke(np.vstack(ends), FRAME, line, pairs=True))


def around(items: list[Item], plan: Plan, axes: Axes, look: Style) -> None:
    """Tick labels, axis labels, offsets and the panel's title."""
    _beside(items, plan, axes, look, right=False)
    if axes.right:
        _beside(items, plan, axes, look, right=True)
    if not plan.bare:
        _below(items, plan, axes, look)
    box = axes.box
    title = plan.panel.title.strip()
    if title:
        text = fonts.fit(title, look.text, title_room(plan, look))
        left = (box.left + box.right - fonts.measure(text, look.text)) / 2
        baseline = box.top - 0.16 * look.text - fonts.DESCENT * look.text
        items.append(Word(text, left, baseline, look.text, INK))


def _beside(items: list[Item], plan: Plan, axes: Axes, look: Style, *, right: bool) -> None:
    found = plan.right_ticks if right else plan.y_ticks
    scale = axes.right if right else axes.y
    if found is None or scale is None:
        return
    colour = _right_colour(plan) if right else INK
    box, size = axes.box, look.tick
    free = np.inf
    for place, text in zip(scale.pixel(found.major).tolist(), found.labels, strict=True):
        width = fonts.measure(text, size)
        baseline = place + _CAP_HEIGHT * size
        if baseline + fonts.DESCENT * size > free:
            continue
        free = baseline - fonts.ASCENT * size
        left = box.right + look.gap if right else box.left - look.gap - width
        items.append(Word(text, left, baseline, size, colour))
    if found.offset:
        left = box.right - fonts.measure(found.offset, size) if right else box.left
        above = box.top - (fonts.DESCENT + 0.06) * size
        items.append(Word(found.offset, left, above, size, colour))
    label = plan.panel.right_label if right else plan.panel.y_label
    lines = side_lines(label, plan.height, look)
    margin = plan.right_margin if right else plan.left_margin
    for number, line in enumerate(lines):
        start = box.right + margin - 1.25 * look.text * len(lines) if right else box.left - margin
        x = start + 1.25 * look.text * number + fonts.ASCENT * look.text
        y = (box.top + box.bottom + fonts.measure(line, look.text)) / 2
        items.append(Word(line, x, y, look.text, colour, vertical=True))


def _right_colour(plan: Plan) -> Colour:
    for trace in plan.shown:
        if trace.on_right and isinstance(trace.item, figure.Points | figure.Curve):
            return tuple(0.75 * part for part in SERIES[series_number(trace.item)])  # type: ignore[return-value]
    return INK


def _below(items: list[Item], plan: Plan, axes: Axes, look: Style) -> None:
    found, box, size = plan.x_ticks, axes.box, look.tick
    if found is None:
        return
    baseline = box.bottom + foot_gap(look) + fonts.ASCENT * size
    free, end = reach(plan, look)
    for place, text in zip(axes.x.pixel(found.major).tolist(), found.labels, strict=True):
        left = place - fonts.measure(text, size) / 2
        if left < free or left + fonts.measure(text, size) > end:
            continue
        free = left + fonts.measure(text, size) + 0.3 * size
        items.append(Word(text, left, baseline, size, INK))
    baseline += fonts.DESCENT * size + 0.1 * look.text + fonts.ASCENT * look.text
    room = box.width
    if found.offset:
        length = fonts.measure(found.offset, size)
        items.append(Word(found.offset, box.right - length, baseline, size, INK))
        room -= 2 * (length + look.gap)
    label = fonts.fit(plan.panel.x_label.strip(), look.text, room)
    left = (box.left + box.right - fonts.measure(label, look.text)) / 2
    if label:
        items.append(Word(label, left, baseline, look.text, INK))
