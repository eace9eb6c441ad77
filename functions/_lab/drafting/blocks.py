"""Legend and notes as blocks of lines."""

from dataclasses import dataclass

from functions._lab import figure
from functions._lab.drafting import fonts
from functions._lab.drafting.style import Style
from functions._lab.drafting.traces import Trace

_NOTE_LINES = 4
_LEGEND_LINES = 2
_BLOCK_LINES = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block: a text, with samples of its traces before it in a legend."""

    text: str
    samples: tuple[Trace, ...] = ()
    indented: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stay together, and the size that they take with a margin around."""

    lines: list[Line]
    width: float
    height: float


def sample_width(style: Style) -> float:
    """Length of the line or marker before the text of a legend."""
    return 2.1 * style.tick


def has_block(panel: figure.Panel, shown: list[Trace]) -> bool:
    """Whether a panel has a legend or notes."""
    return any(trace.label.strip() for trace in shown) or any(n.strip() for n in panel.note)


def legend_lines(shown: list[Trace], width: float, style: Style) -> list[Line]:
    """One entry per label, in the order of the items."""
    room = _text_room(width, style) - sample_width(style)
    lines: list[Line] = []
    seen: set[str] = set()
    for trace in shown:
        if not trace.label.strip() or trace.label in seen:
            continue
        seen.add(trace.label)
        texts = fonts.wrap(trace.label, style.tick, room, _LEGEND_LINES)
        lines.append(Line(texts[0], (*_companions(trace, shown), trace)))
        lines += [Line(text, indented=True) for text in texts[1:]]
    return _shortened(lines)


def _companions(trace: Trace, shown: list[Trace]) -> list[Trace]:
    """The curve through the points of a trace, where it has no label of its own."""
    if not isinstance(trace.item, figure.Points):
        return []
    return [
        other
        for other in shown
        if isinstance(other.item, figure.Curve)
        and other.item.series == trace.item.series
        and other.on_right == trace.on_right
        and other.label in {"", trace.label}
    ][:1]


def note_lines(
    panel: figure.Panel, width: float, style: Style, room: float | None = None
) -> list[Line]:
    """The notes of a panel, wrapped to ``room`` pixels, or to a good part of its width."""
    room = _text_room(width, style) if room is None else room
    texts = [fonts.wrap(note, style.tick, room, _NOTE_LINES) for note in panel.note]
    return _shortened([Line(text) for wrapped in texts for text in wrapped])


def _shortened(lines: list[Line]) -> list[Line]:
    return lines if len(lines) <= _BLOCK_LINES else [*lines[: _BLOCK_LINES - 1], Line("…")]


def _text_room(width: float, style: Style) -> float:
    return min(0.9 * width, max(0.62 * width, 22.0 * style.tick))


def block(lines: list[Line], style: Style) -> Block:
    """The lines as one block."""
    width = max(
        fonts.measure(line.text, style.tick)
        + (sample_width(style) if line.samples or line.indented else 0.0)
        for line in lines
    )
    margin = block_margin(style)
    return Block(lines, width + 2 * margin, len(lines) * style.line_height + 2 * margin)


def block_margin(style: Style) -> float:
    """Clear space around a block."""
    return 0.6 * style.tick
