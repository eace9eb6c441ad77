"""One panel while it is laid out: its ticks, and the margins that the texts around it need."""

from dataclasses import dataclass, field
from itertools import pairwise

from functions._lab import figure
from functions._lab.drafting import fonts
from functions._lab.drafting.furnish import Furniture
from functions._lab.drafting.scale import Scale
from functions._lab.drafting.sheet import Axes
from functions._lab.drafting.style import Style
from functions._lab.drafting.ticks import Ticks, ticks
from functions._lab.drafting.traces import Trace

_X_COUNTS = (10, 8, 6, 5, 4, 3, 2, 1)


@dataclass(slots=True)
class Plan:
    """One panel while it is laid out."""

    panel: figure.Panel
    shown: list[Trace]
    x: Scale
    y: Scale
    right: Scale | None
    height: float
    axes: Axes | None = None
    x_ticks: Ticks | None = None
    y_ticks: Ticks | None = None
    right_ticks: Ticks | None = None
    furniture: Furniture = field(default_factory=Furniture)
    bare: bool = False
    """Its abscissa is written under the residual panel below it."""
    left_margin: float = 0.0
    right_margin: float = 0.0
    head: float = 0.0
    """Height of title, ``×10ⁿ`` and blocks above the axes."""
    outside: bool = False
    """Legend and notes stand above the axes: there is no room inside."""
    stretches: int = 0
    furnished: tuple[Axes, bool] | None = None
    """The axes, and whether blocks were kept ``outside``, for which the texts have been placed."""

    @property
    def state(self) -> tuple[Scale, Scale | None, bool]:
        """What the next pass would start from."""
        return self.y, self.right, self.outside


def measure(plan: Plan, style: Style) -> None:
    """Ticks and the margins that the texts around the axes need; margins never shrink."""
    left_ticks = _set_upright_ticks(plan, style)
    left = _side(left_ticks, plan.panel.y_label, plan.height, style)
    right = 0.0
    if plan.right_ticks:
        right = _side(plan.right_ticks, plan.panel.right_label, plan.height, style)
    right = max(right, 0.5 * _widest(ticks(plan.x, 5), style) - style.gap)
    head = 1.4 * style.text if plan.panel.title.strip() else 0.0
    if _offset_width(plan, style):
        head = max(head, 1.25 * style.tick)
    head += max((block.height for block in plan.furniture.homeless), default=0.0)
    plan.left_margin = max(plan.left_margin, left)
    plan.right_margin = max(plan.right_margin, right)
    plan.head = max(plan.head, head)


def _set_upright_ticks(plan: Plan, style: Style) -> Ticks:
    count = style.ticks_within(plan.height, dense=plan.panel.residual)
    plan.y_ticks = _at_least_three(plan.y, count)
    plan.right_ticks = _at_least_three(plan.right, count) if plan.right else None
    return plan.y_ticks


def _at_least_three(scale: Scale, count: int) -> Ticks:
    found = ticks(scale, count)
    for more in range(count + 1, 2 * count):
        if len(found.labels) >= 3:
            break
        found = ticks(scale, more)
    return found


def _widest(marks: Ticks, style: Style) -> float:
    return max((fonts.measure(text, style.tick) for text in marks.labels), default=0.0)


def _offset_width(plan: Plan, style: Style) -> float:
    """Width of the widest ``×10ⁿ`` above the axes."""
    sides = (plan.y_ticks, plan.right_ticks)
    return max(fonts.measure(side.offset, style.tick) if side else 0.0 for side in sides)


def title_room(plan: Plan, style: Style) -> float:
    """Width for the panel's title, clear of ``×10ⁿ`` at the ends of its line."""
    width = plan.axes.box.width if plan.axes else 0.0
    taken = _offset_width(plan, style)
    return width - 2 * (taken + style.gap) if taken else width


def reach(plan: Plan, style: Style) -> tuple[float, float]:
    """The leftmost and rightmost pixel that texts below the panel may take."""
    if plan.axes is None:
        return 0.0, 0.0
    box = plan.axes.box
    return box.left - plan.left_margin, box.right + plan.right_margin + 1.3 * edge(style)


def edge(style: Style) -> float:
    return 0.45 * style.text


def side_lines(label: str, height: float, style: Style) -> list[str]:
    """The lines of the label beside an axis."""
    return fonts.wrap(label, style.text, 1.02 * height, 2)


def _side(marks: Ticks, label: str, height: float, style: Style) -> float:
    widest = _widest(marks, style)
    lines = len(side_lines(label, height, style))
    return widest + 1.25 * style.text * lines + style.gap * (2.0 if lines else 1.4)


def foot_height(plan: Plan, style: Style) -> float:
    """Height of tick labels and axis label below a panel."""
    below = plan.panel.x_label.strip() or ticks(plan.x, 5).offset
    labelled = 1.35 * style.text if below else 0.0
    return foot_gap(style) + 1.2 * style.tick + labelled + 0.4 * style.text


def foot_gap(style: Style) -> float:
    """From the axis down to the box of its tick labels, clear of the labels beside it."""
    return 0.22 * style.tick


def set_ticks(plan: Plan, style: Style) -> None:
    """The final ticks; along the abscissa as many as their texts leave room for."""
    if plan.axes is None:
        return
    _set_upright_ticks(plan, style)
    for count in _X_COUNTS:
        plan.x_ticks = ticks(plan.x, count)
        places = plan.axes.x.pixel(plan.x_ticks.major).tolist()
        widths = [fonts.measure(text, style.tick) for text in plan.x_ticks.labels]
        ends = [(p - w / 2, p + w / 2) for p, w in zip(places, widths, strict=True)]
        if all(b[0] - a[1] > style.gap for a, b in pairwise(ends)):
            return
