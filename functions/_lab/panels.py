"""Panels that every fitted figure has: readings and curve above, residuals below."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from functions._lab.figure import Band, Curve, Item, Panel, Points
from functions._lab.line import Line
from functions._lab.reporting import concise, fixed

Array = NDArray[np.float64]


def residual_label(y_label: str) -> str:
    """Label of the residuals' axis, with the unit of ``y_label``: ``残差 / V``."""
    _, slash, unit = y_label.rpartition(" / ")
    return f"残差 / {unit}" if slash else "残差"


def quantity(label: str) -> str:
    """What is plotted by an axis label: ``R`` of ``Pt100 电阻 R / Ω``, ``ln(P / mW)`` itself."""
    unbroken = re.sub(r"\([^()]*\)", lambda found: found.group().replace(" ", "\0"), label)
    named = unbroken.rpartition(" / ")[0] or unbroken
    return named.split(" ")[-1].replace("\0", " ")


def equation(line: Line, x_label: str, y_label: str) -> list[str]:
    """The fitted line in numbers, each with its u in brackets; how many readings, and r."""
    y, x = quantity(y_label), quantity(x_label)
    slope = concise(line.slope.x, line.slope.u)
    through_origin = not line.intercept.x and not line.intercept.u
    if through_origin:
        return [f"{y} = {slope}·{x}", f"括号内为 u，n = {line.n}"]
    sign = "−" if slope.startswith("−") else "+"
    term = f"{sign} {slope.removeprefix('−')}·{x}"
    r = float(np.corrcoef(line.x, line.y)[0, 1])
    said = ["括号内为 u", f"n = {line.n}"] if line.n > 2 else [f"n = {line.n}"]
    if line.n > 2 and np.isfinite(r):
        said.append(f"r = {fixed(r, _decimals_of_correlation(r))}")
    return [f"{y} = {concise(line.intercept.x, line.intercept.u)} {term}", "，".join(said)]


def _decimals_of_correlation(r: float) -> int:
    """As many decimals as show how far r is from ±1."""
    away = 1 - abs(r)
    return min(max(4, 1 - int(np.floor(np.log10(away)))), 8) if away > 0 else 4


def spread(limit: float | Sequence[float] | None, n: int) -> list[float] | None:
    """Standard uncertainty Δ/√3 of each of ``n`` readings, or None without a limit.

    ``limit`` : Δ of all readings, or of each (n,).
    """
    if limit is None:
        return None
    return [one / 3**0.5 for one in ([limit] * n if isinstance(limit, float | int) else limit)]


def line_panels(
    line: Line,
    x_label: str,
    y_label: str,
    *,
    note: Sequence[str] = (),
    label: str = "读数",
    curve_label: str = "拟合直线",
    x_limit: float | Sequence[float] | None = None,
    y_limit: float | Sequence[float] | None = None,
    u_y: Sequence[float] | Array | None = None,
    reach: Sequence[float] = (),
    more: Sequence[Item] = (),
    title: str = "",
    x_whole: bool = False,
) -> list[Panel]:
    """A fitted straight line with its 95 % band, and its residuals below, if there can be any.

    Parameters
    ----------
    line : the fit.
    x_label, y_label : axis labels.
    note : results as on the report; the equation of the line follows them.
    x_limit, y_limit : instrument limits of error Δ of the plotted quantities, of all readings or
        of each (n,), for error bars.
    u_y : standard uncertainties of the ordinates, (n,), instead of ``y_limit``.
    title : of one panel among many; there is no room for the equation then.
    reach : abscissae beyond the readings at which the line is used and so drawn.
    more : further items of the upper panel.
    x_whole : the abscissae are counted.
    """
    u_x = spread(x_limit, line.n)
    bars = u_y if u_y is not None else spread(y_limit, line.n)
    ends = [*line.x, *reach]
    grid = np.linspace(min(ends), max(ends), 60)
    items: list[Item] = []
    half = line.band(grid)
    if np.isfinite(half).all():
        items.append(Band(grid, line.at(grid) - half, line.at(grid) + half, "95 % 置信带"))
    items += [
        Curve(grid, line.at(grid), curve_label),
        Points(line.x, line.y, label, u_x=u_x, u_y=bars),
        *more,
    ]
    told = [*note, *equation(line, x_label, y_label)] if not title else list(note)
    panels = [Panel(x_label, y_label, items, title=title, note=told, x_whole=x_whole)]
    if line.degrees_of_freedom:
        panels.append(residual_panel(line.x, line.residuals, x_label, y_label, u_y=bars))
    return panels


def residual_panel(
    x: Sequence[float] | Array,
    residuals: Sequence[float] | Array,
    x_label: str,
    y_label: str,
    *,
    u_y: Sequence[float] | Array | None = None,
    series: int = 0,
) -> Panel:
    """The residuals of a fit, (n,), under the panel of the fit."""
    points = Points(x, residuals, u_y=u_y, series=series)
    return Panel(x_label, residual_label(y_label), [points], residual=True)
