"""Panels of the curves that any two columns may have: a fit, peaks, successive differences."""

from collections.abc import Sequence

import numpy as np

from functions._lab.figure import Band, Curve, Item, Mark, Panel, Points, Rule
from functions._lab.models import Fitted
from functions._lab.panels import residual_label, residual_panel
from functions._lab.peaks import Extrema, Extremum, orders
from functions._lab.reporting import significant
from functions._lab.result import Fit, Result
from functions._lab.successive import Successive

_MOST_NOTES = 6
_MOST_MARKS = 12
_FEWEST_GRID, _MOST_GRID, _PER_PERIOD = 300, 6000, 24

Spread = Sequence[float] | None


def fit_panels(
    result: Result, fitted: Fitted, x_label: str, y_label: str, u_x: Spread, u_y: Spread
) -> list[Panel]:
    """Readings with their curve and its 95 % band, and the residuals below."""
    grid = np.linspace(fitted.x.min(), fitted.x.max(), _grid_size(fitted))
    level = fitted.at(grid)
    items: list[Item] = []
    half = fitted.band(grid)
    if np.isfinite(half).all():
        items.append(Band(grid, level - half, level + half, "95 % 置信带"))
    items += [
        Curve(grid, level, fitted.fit.model),
        Points(fitted.x, fitted.y, "读数", u_x=u_x, u_y=u_y),
    ]
    note = [m.display for m in result.measurands[:_MOST_NOTES]]
    note += statistics(fitted.fit)
    return [
        Panel(x_label, y_label, items, note=note),
        residual_panel(fitted.x, fitted.residuals, x_label, y_label, u_y=u_y),
    ]


def statistics(fit: Fit) -> list[str]:
    """One line with χ²/ν and its probability, where the weights are known."""
    if fit.chi_squared is None or not fit.degrees_of_freedom:
        return []
    ratio = significant(fit.chi_squared / fit.degrees_of_freedom, 3)
    chance = fit.chi_squared_probability or 0.0
    percent = "< 0.1" if chance < 0.001 else f"= {significant(100 * chance, 2)}"
    return [f"χ²/ν = {ratio}（ν = {fit.degrees_of_freedom}，概率 {percent} %）"]


def _grid_size(fitted: Fitted) -> int:
    """Points enough for each period of a sine."""
    frequency = [
        float(value.x)
        for (_, symbol, _), value in zip(fitted.named, fitted.estimates, strict=True)
        if symbol == "f"
    ]
    periods = frequency[0] * float(np.ptp(fitted.x)) if frequency else 0.0
    return int(np.clip(_PER_PERIOD * periods, _FEWEST_GRID, _MOST_GRID))


def peak_panels(
    result: Result, extrema: Extrema, x_label: str, y_label: str, u_x: Spread, u_y: Spread
) -> list[Panel]:
    """Readings with their peaks and valleys, and below the positions against their number."""
    items: list[Item] = [
        Curve(extrema.x, extrema.y, series=0),
        Points(extrema.x, extrema.y, "读数"),
    ]
    for label, found, side in (("峰", extrema.peaks, True), ("谷", extrema.valleys, False)):
        if found:
            places, heights = [e.value for e in found], [e.height for e in found]
            items.append(Points(places, heights, label, series=1 if side else 2))
        items += [
            Mark(e.value, e.height, significant(e.value), "above" if side else "below")
            for e in found[:_MOST_MARKS]
        ]
    spacing = [m.display for m in result.measurands if m.symbol == "Δx"]
    panels = [Panel(x_label, y_label, items, note=spacing)]
    if len(extrema.peaks) >= 3:
        panels += _order_panels(extrema.peaks, x_label)
    return panels


def _order_panels(peaks: Sequence[Extremum], x_label: str) -> list[Panel]:
    number = np.array(orders(peaks), dtype=float)
    places = np.array([peak.value for peak in peaks])
    slope, start = np.polyfit(number, places, 1)
    u = [peak.standard_uncertainty for peak in peaks]
    fitted = start + slope * number
    items: list[Item] = [
        Curve(number, fitted, "峰位的拟合直线", series=1),
        Points(number, places, "峰位", u_y=u, series=1),
    ]
    axes = "峰的序号 n", x_label
    above = Panel(*axes, items, x_whole=True)
    return [above, residual_panel(number, places - fitted, *axes, u_y=u, series=1)]


def difference_panels(
    result: Result, found: Successive, x_label: str, y_label: str, u_x: Spread, u_y: Spread
) -> list[Panel]:
    """Readings with the line of the mean difference, and below the differences themselves."""
    ends = np.array([found.x[0], found.x[-1]])
    bars = None if u_y is None else [u_y[place] for place in found.order]
    items: list[Item] = [
        Curve(ends, found.at(ends), "逐差法的斜率，过平均点"),
        Points(found.x, found.y, "读数", u_y=bars),
    ]
    note = [m.display for m in result.measurands]
    count = len(found.differences)
    unit = residual_label(y_label).removeprefix("残差")
    differences = Panel(
        f"序号 i（相隔 {found.apart} 个间隔的两点）",
        f"逐差 d{unit}" if unit else "逐差（两数之差）d",
        [
            Points(np.arange(1.0, count + 1), found.differences, "各逐差"),
            Rule("y", float(found.differences.mean()), "平均"),
        ],
        x_whole=True,
    )
    return [Panel(x_label, y_label, items, note=note), differences]
