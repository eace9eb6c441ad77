"""Panels of a curve with equally spaced crests: the curve itself, and the line V_n against n."""

from collections.abc import Sequence

import numpy as np

from functions._lab.figure import Curve, Item, Mark, Panel, Points
from functions._lab.panels import residual_label
from functions._lab.parabolas import smooth
from functions._lab.peaks import Extrema
from functions._lab.reporting import fixed
from functions._lab.spacing import Spacing

_MOST_MARKS = 20
_GRID = 400
_SMOOTHING = 0.2
"""Half-width of the local parabolas of the smooth curve in periods."""
_NUMBER = "序号 n"


def curve_items(extrema: Extrema) -> list[Item]:
    """The smooth curve, and the maxima (and minima) marked with their abscissae as they are."""
    items: list[Item] = []
    if extrema.period is not None:
        step = float(np.median(np.diff(extrema.x)))
        grid = np.linspace(extrema.x[0], extrema.x[-1], _GRID)
        width = max(_SMOOTHING * extrema.period, 2.6 * step)
        items.append(Curve(grid, smooth(extrema.x, extrema.y, grid, width)[0], "平滑曲线"))
    for peak in extrema.peaks[:_MOST_MARKS]:
        items.append(Mark(peak.value, peak.height, fixed(peak.value, 1), "above"))
    for valley in extrema.valleys[:_MOST_MARKS]:
        items.append(Mark(valley.value, valley.height, fixed(valley.value, 1), "below"))
    return items


def line_panels(maxima: Spacing, minima: Spacing | None, note: Sequence[str]) -> list[Panel]:
    """V_n against n of maxima and minima with their lines, and the residuals of both."""
    axes = _NUMBER, "峰、谷位 Vₙ / V"
    items = _line_items(maxima, "峰", 0)
    rest = [_residuals(maxima, 0)]
    if minima is not None:
        items += _line_items(minima, "谷", 1)
        rest.append(_residuals(minima, 1))
    below = Panel(_NUMBER, residual_label(axes[1]), rest, residual=True)
    return [Panel(*axes, items, note=note, x_whole=True), below]


def _residuals(line: Spacing, series: int) -> Points:
    return Points(line.orders, line.residuals, u_y=line.uncertainties, series=series)


def _shifts(line: Spacing) -> str:
    """How far the envelope pulls the marked extrema from where they are drawn here, in V."""
    away = np.abs(np.subtract(line.maxima, line.crests))
    least, most = fixed(float(away.min()), 2), fixed(float(away.max()), 2)
    return least if least == most else f"{least}～{most}"


def _line_items(line: Spacing, name: str, series: int) -> list[Item]:
    """Positions less the envelope's pull, with their line down to n = 0."""
    ends = np.array([min(0, line.orders[0]), line.orders[-1]])
    heights = float(line.offset.x) + float(line.spacing.x) * ends
    taken = "" if line.share is None else f"（扣除包络 {_shifts(line)} V）"
    return [
        Curve(ends, heights, f"{name}位直线", series=series, dash="dashed" if series else "solid"),
        Points(line.orders, line.crests, f"{name}位 Vₙ{taken}", series=series),
    ]
