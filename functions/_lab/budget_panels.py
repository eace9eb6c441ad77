"""Panels of quantities that were read several times, and of what makes an uncertainty."""

from collections.abc import Sequence

from functions._lab.fields import axis_label
from functions._lab.figure import Band, Curve, Item, Mark, Panel, Points, Rule
from functions._lab.panels import spread
from functions._lab.reporting import significant
from functions._lab.result import Measurand

MOST_BARS = 10


def budget_panel(main: Measurand) -> Panel:
    """A bar for each influence, the largest on top, with its share of u²."""
    u = main.standard_uncertainty
    items: list[Item] = []
    for place, influence in enumerate(reversed(main.budget[:MOST_BARS]), 1):
        end, low, high = influence.contribution, place - 0.38, place + 0.06
        kind, label = (0, "A 类") if influence.type == "A" else (1, "B 类")
        items.append(Band([0.0, end], [low] * 2, [high] * 2, label, series=kind))
        items.append(Curve([0.0, end, end, 0.0], [low, low, high, high], series=kind))
        share = significant(100 * (end / u) ** 2, 2) if u else "0"
        items.append(Mark(end, place + 0.06, f"{influence.name}（{share} %）", "above"))
    if u:
        items.append(Rule("x", u, "合成 u"))
    label = axis_label(f"对 {main.symbol} 标准不确定度的贡献", main.unit)
    return Panel(label, "影响量序号", items, note=[main.display], y_whole=True)


def repeats_panel(label: str, unit: str, readings: Sequence[float], limit: float | None) -> Panel:
    """Readings (n,) in the order of their taking, with their mean.

    Parameters
    ----------
    label : title and symbol; ``unit``: "" or "1" for none; ``limit``: Δ of each reading.
    """
    plain = unit in ("", "1")
    shown = f"{label} 的读数" if plain else axis_label(label, unit)
    number = [float(i) for i in range(1, len(readings) + 1)]
    mean = sum(readings) / len(readings)
    points = Points(number, readings, u_y=spread(limit, len(number)))
    return Panel("读数的序号", shown, [points, Rule("y", mean, "平均")], x_whole=True)
