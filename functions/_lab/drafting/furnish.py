"""What is written inside a panel, set where there is room: labels of marks, legend, notes."""

import math
from dataclasses import dataclass, field

import numpy as np

from functions._lab import figure
from functions._lab.drafting import fonts
from functions._lab.drafting.blocks import (
    Block,
    Line,
    block,
    block_margin,
    legend_lines,
    note_lines,
)
from functions._lab.drafting.plotted import occupied, pixels, rule_points
from functions._lab.drafting.sheet import Axes, Box, Pixels
from functions._lab.drafting.space import Space
from functions._lab.drafting.style import Style
from functions._lab.drafting.traces import Trace

_FLATTER = 1.4
"""How many times farther a text may be beside its mark than above it."""
_NARROWEST = 20.0
"""Width in sizes of their text that notes beside a legend must have."""
_NEAR = 4.0
"""Distance in heights of a text within which a place for it is looked for first."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The text of a mark or rule with the point it belongs to and the place that it found."""

    text: str
    anchor: tuple[float, float]
    box: Box


@dataclass(slots=True)
class Furniture:
    """Placed texts; ``below`` and ``above`` say how much longer the y-range ought to be."""

    tags: list[Tag] = field(default_factory=list)
    blocks: list[tuple[Block, Box]] = field(default_factory=list)
    below: float = 0.0
    above: float = 0.0
    homeless: list[Block] = field(default_factory=list)
    """Blocks without a place inside, to be set side by side above the axes."""


def furnish(
    panel: figure.Panel, shown: list[Trace], axes: Axes, style: Style, *, outside: bool
) -> Furniture:
    """Places for all texts of a panel, or by how much its range is too short for them.

    With ``outside`` legend and notes are left to be set above the axes.
    """
    space = occupied(shown, axes, style)
    furniture = Furniture()
    _tag(shown, axes, style, space, furniture)
    visible = [trace for trace in shown if not _hidden(trace, axes, style)]
    legend = legend_lines(visible, axes.box.width, style)
    notes = note_lines(panel, axes.box.width, style)
    if not legend and not notes:
        return furniture
    whole = block(legend + notes, style)
    parts = [block(lines, style) for lines in (notes, legend) if lines]
    if outside:
        furniture.homeless = _above(panel, legend, parts, axes.box.width, style)
        return furniture
    for attempt in ([whole], parts):
        placed = _settle(attempt, space, axes.box)
        if placed:
            furniture.blocks = placed
            return furniture
    if whole.height > 0.45 * axes.box.height or whole.width > axes.box.width:
        furniture.homeless = _above(panel, legend, parts, axes.box.width, style)
    else:
        _ask_for_room(whole, space, axes.box, furniture)
    return furniture


def _above(
    panel: figure.Panel, legend: list[Line], parts: list[Block], width: float, style: Style
) -> list[Block]:
    """Notes and legend side by side above the axes, the notes wrapped to what the legend leaves."""
    if len(parts) < 2:
        return parts
    notes, keys = parts
    left = width - keys.width
    if notes.width > left >= _NARROWEST * style.tick:
        room = left - 2 * block_margin(style)
        notes = block(note_lines(panel, width, style, room), style)
    if notes.width <= left:
        return [notes, keys]
    return [block(legend + note_lines(panel, width, style), style)]


def _hidden(trace: Trace, axes: Axes, style: Style) -> bool:
    """Whether a band is so narrow that its curve hides it."""
    if not isinstance(trace.item, figure.Band) or trace.y_ends is None or not len(trace.x):
        return False
    low, high = (axes.y.pixel(edge) for edge in trace.y_ends)
    return bool(np.max(np.abs(high - low)) < 2.0 * style.stroke)


def _settle(blocks: list[Block], space: Space, box: Box) -> list[tuple[Block, Box]]:
    """A free place for every block, as near as can be to a corner; nothing if one has none."""
    before = space.taken.copy()
    placed = []
    for part in blocks:
        spots = [
            (box.left, box.top),
            (box.right - part.width, box.top),
            (box.right - part.width, box.bottom - part.height),
            (box.left, box.bottom - part.height),
        ]

        def away(left: Pixels, top: Pixels, spots: list[tuple[float, float]] = spots) -> Pixels:
            ways = [np.hypot(left - x, top - y) + 4.0 * n for n, (x, y) in enumerate(spots)]
            return np.asarray(np.minimum.reduce(ways))

        found = space.place(part.width, part.height, away)
        if found is None:
            space.taken[:] = before
            return []
        space.take_box(found)
        placed.append((part, found))
    return placed


def _ask_for_room(whole: Block, space: Space, box: Box, furniture: Furniture) -> None:
    """Ask for a longer range above or below the data."""
    slack = 2.0 * space.cell
    stretch = []
    for at_top in (True, False):
        lacking = whole.height + slack - space.headroom(whole.width, at_top=at_top)
        stretch.append(max(0.02, lacking / (box.height - whole.height - slack)))
    above, below = stretch
    if above <= 1.2 * below:
        furniture.above = max(furniture.above, above)
    else:
        furniture.below = below


def _tag(shown: list[Trace], axes: Axes, style: Style, space: Space, furniture: Furniture) -> None:
    size = style.mark
    for trace in shown:
        text, side, anchor = _wanted_tag(trace, axes)
        if not text:
            continue
        text = fonts.fit(text, size, 0.5 * axes.box.width)
        gap = 0.25 * size
        width = fonts.measure(text, size) + 2 * gap
        height = (fonts.ASCENT + fonts.DESCENT) * size
        wrong = {"above": 1.0, "below": -1.0, "auto": 0.0}[side] * axes.box.height
        place = _beside(anchor, width, height, wrong, space)
        if place is None:
            furniture.above = max(furniture.above, 0.15)
            continue
        space.take_box(place)
        way = leader(anchor, place, style)
        if way is not None:
            space.take_line(way, 0.0)
        furniture.tags.append(Tag(text, anchor, place))


def _beside(
    anchor: tuple[float, float], width: float, height: float, wrong: float, space: Space
) -> Box | None:
    """The free place nearest to the anchor, on the other side of it only if there is none here.

    ``wrong`` > 0 asks for a place above the anchor, < 0 for one below.  Its size is the price of
    the other side.
    """

    def away(left: Pixels, top: Pixels) -> Pixels:
        down = top + height / 2 - anchor[1]
        cost = np.hypot(left + width / 2 - anchor[0], _FLATTER * down)
        return np.asarray(cost + np.where(down * wrong > 0.0, abs(wrong), 0.0))

    reach, x, y = _NEAR * height, anchor[0] - width / 2, anchor[1] - height / 2
    around = Box(x - reach, y - reach / _FLATTER, x + reach, y + reach / _FLATTER)
    near = space.place(width, height, away, around)
    if near is not None and float(away(np.array(near.left), np.array(near.top))) < reach:
        return near
    return space.place(width, height, away)


def leader(anchor: tuple[float, float], box: Box, style: Style) -> Pixels | None:
    """The line (2, 2) from the ring of a mark to its text, where they are far apart."""
    near = (min(max(anchor[0], box.left), box.right), min(max(anchor[1], box.top), box.bottom))
    way = np.subtract(near, anchor)
    distance, ring = float(np.hypot(*way)), ring_radius(style)
    if distance < 1.3 * style.mark + ring:
        return None
    return np.array([np.add(anchor, way * (ring / distance)), near])


def ring_radius(style: Style) -> float:
    """Radius of the ring around a marked point."""
    return 1.5 * style.radius(1)


def room_for_marks(shown: list[Trace], axes: Axes, style: Style) -> tuple[float, float]:
    """How much longer the range must be below and above for the texts of the outermost marks."""
    need = ring_radius(style) + (fonts.ASCENT + fonts.DESCENT + 0.3) * style.mark
    below = above = 0.0
    for trace in shown:
        if isinstance(trace.item, figure.Mark) and len(trace.x) and trace.item.text.strip():
            place = float(pixels(trace, axes)[0, 1])
            if trace.item.side != "below":
                above = max(above, need - (place - axes.box.top))
            if trace.item.side == "below":
                below = max(below, need - (axes.box.bottom - place))
    return below / axes.box.height, above / axes.box.height


def _wanted_tag(trace: Trace, axes: Axes) -> tuple[str, str, tuple[float, float]]:
    match trace.item:
        case figure.Mark() if len(trace.x):
            x, y = pixels(trace, axes)[0].tolist()
            return trace.item.text.strip(), trace.item.side, (x, y)
        case figure.Rule() if trace.x.size or trace.y.size:
            x, y = rule_points(trace, trace.item, axes)[1].tolist()
            return trace.item.label.strip(), "auto", (x, y)
    return "", "auto", (math.nan, math.nan)
