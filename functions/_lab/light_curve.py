"""The characteristic of a solar cell under light: its measurands, warnings and panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from functions._lab import checks, verdict
from functions._lab.cell_ends import End, open_circuit, short_circuit
from functions._lab.errors import ReadingError
from functions._lab.figure import Curve, Item, Mark, Panel, Points
from functions._lab.measurand import measurand
from functions._lab.panels import spread
from functions._lab.photovoltaic import Maximum, as_fit, find_maximum
from functions._lab.photovoltaic import measurands as maximum_measurands
from functions._lab.reporting import fixed, significant
from functions._lab.response import Column
from functions._lab.result import Caution, Fit, Measurand
from functions._lab.sequence import sequence_checks
from functions._lab.slips import plain

FAR_FROM_VOLTAGE_AXIS, FAR_FROM_CURRENT_AXIS = 0.25, 0.10
"""Shares of U_oc and of I_sc beyond which an extrapolation to the axis is warned about."""
_STEPS = 120


@dataclass(frozen=True, eq=False)
class LightCurve:
    """What a characteristic under light gives; what it cannot give is None, with a warning."""

    voltage: Column
    current: Column
    maximum: Maximum | None
    short: End | None
    opened: End | None
    cautions: list[Caution]

    @property
    def measurands(self) -> list[Measurand]:
        """P_m, U_m, I_m, R_m, I_sc, U_oc and FF, as far as they were found."""
        found = [] if self.maximum is None else maximum_measurands(self.maximum)
        if self.short is not None:
            found.append(measurand("短路电流", "I_sc", "mA", self.short.value))
        if self.opened is not None:
            found.append(measurand("开路电压", "U_oc", "V", self.opened.value))
        if self.maximum is not None and self.short is not None and self.opened is not None:
            filling = self.maximum.power / (self.short.value * self.opened.value)
            found.append(measurand("填充因子", "FF", "1", filling))
        return found

    @property
    def fits(self) -> list[Fit]:
        """The local law around the maximum."""
        return [] if self.maximum is None else [as_fit(self.maximum)]

    @property
    def largest(self) -> tuple[float, float, float]:
        """The largest product among the readings in mW, with its voltage and current."""
        power = self.voltage.values * self.current.values
        top = int(np.argmax(power))
        return float(power[top]), float(self.voltage.values[top]), float(self.current.values[top])


def light_curve(voltage: Column, current: Column) -> LightCurve:
    """Analyse a characteristic in V and mA, (n,) each."""
    u, i = voltage.values, current.values
    limits: dict[str, Any] = {"voltage_limit": voltage.limit, "current_limit": current.limit}
    cautions = sequence_checks(voltage.name, u) + sequence_checks(current.name, i)
    maximum, short, opened = None, None, None
    try:
        maximum = find_maximum(u, i, **limits)
        dof = maximum.fit.degrees_of_freedom
        cautions += checks.few_points(dof, "最大功率附近的拟合", current.name)
    except ReadingError as reason:
        cautions.append(verdict.unfit(f"无法得到最大功率：{reason.message}", current.name))
    try:
        short = short_circuit(u, i, maximum, **limits)
        opened = open_circuit(u, i, short.value, maximum, **limits)
    except ReadingError as reason:
        what = "短路电流与开路电压" if short is None else "开路电压"
        cautions.append(verdict.unfit(f"无法得到{what}：{reason.message}", current.name))
    cautions += _far_ends(voltage.name, current.name, short, opened)
    return LightCurve(voltage, current, maximum, short, opened, cautions)


def efficiency(power: Any, area_cm2: Any, irradiance: Any) -> Any:
    """η in per cent from P_m in mW, cm² and W/m²; 1 cm² at 1 W/m² receives 0.1 mW."""
    return 100 * power / (0.1 * area_cm2 * irradiance)


def _far_ends(u: str, i: str, short: End | None, opened: End | None) -> list[Caution]:
    """Warn where the readings end far from the axis to which the curve is taken."""
    cautions = []
    if short is not None and short.gap > FAR_FROM_VOLTAGE_AXIS:
        share = f"{fixed(100 * short.gap, 0)} %"
        sentence = f"最小的电压还有最大电压的 {share}，I_sc 是外推值，请补测负载电阻更小的点"
        cautions.append(Caution("extrapolation", sentence, u))
    if opened is not None and opened.gap > FAR_FROM_CURRENT_AXIS:
        share = f"{fixed(100 * opened.gap, 0)} %"
        sentence = f"最小的电流还有 I_sc 的 {share}，U_oc 是外推值，请补测负载电阻更大的点"
        cautions.append(Caution("extrapolation", sentence, i))
    return cautions


def light_panel(curve: LightCurve, note: Sequence[str] = ()) -> Panel:
    """Current on the left, power on the right axis, the maximum marked, the ends to the axes."""
    u, i = curve.voltage.values, curve.current.values
    order = np.argsort(u, kind="stable")
    guide = np.append(0.0, u[order]), np.append(0.0, (u * i)[order])
    bars = spread(curve.voltage.limit, u.size), spread(curve.current.limit, u.size)
    items: list[Item] = [
        Points(u, i, "电流", u_x=bars[0], u_y=bars[1]),
        Curve(*guide, series=1, dash="dotted", on_right=True),
        Points(u, u * i, "功率", series=1, on_right=True),
    ]
    for number, end in enumerate(e for e in (curve.short, curve.opened) if e is not None):
        items.append(Curve(end.u, end.i, "" if number else "两端的拟合与外推", dash="dashed"))
    if curve.maximum is not None:
        items += _summit_items(curve.maximum, u)
    power, at, amount = curve.largest
    product = f"{significant(power, 5)} mW（{plain(at)} V，{plain(amount)} mA）"
    axes = curve.voltage.declared.axis, curve.current.declared.axis
    return Panel(*axes, items, note=[*note, f"最大的读数乘积 {product}"], right_label="功率 P / mW")


def _summit_items(maximum: Maximum, u: Any) -> list[Item]:
    """The local law as current and as power, and the maximum."""
    used = u[maximum.places]
    grid = np.linspace(float(used.min()), float(used.max()), _STEPS)
    law = maximum.current_at(grid)
    top, at = float(maximum.power.x), float(maximum.voltage.x)
    return [
        Curve(grid, grid * law, "最大值附近的拟合", series=1, on_right=True),
        Curve(grid, law),
        Mark(at, top, f"P_m = {significant(top, 4)} mW", "above", on_right=True),
    ]
