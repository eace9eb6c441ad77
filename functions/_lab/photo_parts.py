"""One panel's worth of a photoelectric device: its measurands, warnings and panels.

Every part is a pair of typed columns.  A part that cannot be analysed keeps its readings in its
panel and carries a warning in place of the measurands.

Straight branches are told by the data: the readings beyond the knee of a continuous two-segment
line (``segments``) where it bends clearly, all of them where it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab import checks, laser, verdict
from functions._lab.errors import ReadingError
from functions._lab.figure import Curve, Item, Panel, Points
from functions._lab.measurand import measurand
from functions._lab.models import fit_model
from functions._lab.panels import residual_panel, spread
from functions._lab.polynomial import fit_polynomial
from functions._lab.reporting import number
from functions._lab.response import Column, fit_response, striking
from functions._lab.result import Caution, Fit, Measurand
from functions._lab.segments import fit_two_segments
from functions._lab.suspects import FittedCurve

Array = NDArray[np.float64]

_BENT = 3.0
"""Least ratio of the slopes before and beyond a knee."""
_FEWEST_OF_BRANCH, _FEWEST_FOR_KNEE = 3, 5
_FEWEST_FOR_PARABOLA = 5
_STEPS = 80
_TABLES = 8
"""Tables of a full request in which readings are checked against a line or curve."""


@dataclass(frozen=True)
class Part:
    """What one pair of columns gives; ``panels`` is the curve and, where fitted, its residuals."""

    measurands: list[Measurand]
    fits: list[Fit]
    cautions: list[Caution]
    panels: list[Panel]


def short(found: Sequence[Measurand]) -> list[str]:
    """The results for a panel, without coverage factor: ``S = (24.51 ± 0.39) nA/lx``."""
    return [f"{m.symbol} = {number(m.value, m.expanded_uncertainty, m.unit)}" for m in found]


def unanalysed(x: Column, y: Column, title: str, reason: ReadingError) -> Part:
    """The readings alone, and the warning that stands in place of the measurands."""
    panel = Panel(x.declared.axis, y.declared.axis, [points(x, y)], title=title)
    sentence = f"{title}：{reason.message}"
    return Part([], [], [Caution("no-measurand", sentence, y.name)], [panel])


def junction(current: Column, voltage: Column, device: str, title: str) -> Part:
    """Turn-on voltage and differential resistance: U = U_on + r I above the knee, mA and V.

    The current is what was set, so that the voltage carries the scatter and is fitted on it.
    """
    places = _branch(current.values, voltage.values)
    found = fit_response(current, voltage, places=places)
    line, results = found.line, []
    if verdict.has_uncertainty(line):
        results = [
            measurand(f"{device} 开启电压", f"U_{device}", "V", line.intercept),
            measurand(f"{device} 微分电阻", f"r_{device}", "Ω", 1000 * line.slope),
        ]
    drawn = np.array([0.0, float(current.values.max())])
    items = [
        *_used_points(voltage, current, places),
        Curve(line.at(drawn), drawn, "拟合直线"),
    ]
    axes = voltage.declared.axis, current.declared.axis
    panels = [
        Panel(*axes, items, title=title, note=short(results)),
        residual_panel(found.y.values, line.residuals, axes[0], voltage.declared.axis),
    ]
    return Part(results, [found.as_fit(f"{device}-iv", "kΩ")], found.cautions(_TABLES), panels)


def led_power(current: Column, power: Column, title: str) -> Part:
    """Initial slope of P over I: P = a + b I + c I², for a LED loses efficiency as it warms.

    A straight line with fewer than five readings.  mA and μW; the slope is in mW/A.
    """
    x, y = current.values, power.values
    degree = 2 if np.unique(x).size >= _FEWEST_FOR_PARABOLA else 1
    _require_spread(current)
    if np.ptp(y) == 0:
        raise ReadingError("光功率不随电流变化", power.name)
    fit = fit_polynomial(
        x, y, degree, y_limit=power.limit, label="LED P–I 拟合", y_label=power.declared.title
    )
    if x.size == degree + 1 and power.limit is None:
        raise ReadingError("读数太少，无法评定斜率的不确定度，请增加测量点", power.name)
    found = [measurand("LED 斜率效率（I → 0）", "η_LED", "mW/A", fit.coefficients[1])]
    names = [("截距", "a", "μW"), ("起始斜率", "b", "μW/mA"), ("二次项", "c", "μW/mA²")]
    law = "P = a + b·I" + (" + c·I²" if degree == 2 else "")

    def refit(at: Array, values: Array) -> FittedCurve:
        size = float(np.abs(at).max()) or 1.0
        powers = np.vander(at / size, degree + 1)
        curve = np.linalg.lstsq(powers, values, rcond=None)[0]
        return FittedCurve(
            lambda where: np.asarray(np.polyval(curve, where / size)),
            lambda where: np.vander(where / size, degree + 1),
        )

    cautions = checks.line_checks(
        current.name, x, power.name, y, model=refit, parameters=degree + 1, x_monotonic=True
    )
    columns = np.vander(x, degree + 1, increasing=True)
    cautions = striking(cautions, columns, np.asarray(fit.residuals), _TABLES)
    cautions += checks.few_points(x.size - degree - 1, title, power.name)
    grid = np.linspace(float(x.min()), float(x.max()), _STEPS)
    items: list[Item] = [
        Curve(grid, np.asarray(fit.at(grid)), "拟合曲线"),
        points(current, power),
    ]
    panels = _fitted_panels(current, power, items, np.asarray(fit.residuals), title, found)
    return Part(found, [fit.as_fit("LED-pi", law, names[: degree + 1])], cautions, panels)


def laser_power(
    current: Column, power: Column, start: int | None, start_field: str, title: str
) -> Part:
    """Threshold current and slope efficiency of the laser diode, mA and μW; see ``laser``."""
    found = laser.threshold(
        current.values,
        power.values,
        start=start,
        current_limit=current.limit,
        power_limit=power.limit,
        current_label=current.declared.title,
        power_label=power.declared.title,
        power_field=power.name,
    )
    results = laser.measurands(found, unit="mW/A")
    panels = _fitted_panels(current, power, laser.items(found), None, title, results)
    branch, axes = found.line, (current.declared.axis, power.declared.axis)
    panels.append(residual_panel(branch.x, branch.residuals, *axes))
    fit = laser.as_fit(found, "μW")
    return Part(
        results,
        [fit],
        laser.cautions(found, current.name, power.name, start_field, tables=_TABLES),
        panels,
    )


def illuminance(light: Column, current: Column, device: str, title: str) -> Part:
    """Sensitivity dI/dE by a straight line, and γ of I = c E^γ by least squares of I itself.

    A reading at E = 0 has no place in the power law and is left out of it.
    """
    found = fit_response(light, current)
    unit = f"{current.declared.unit}/lx"
    cautions, results = found.cautions(_TABLES), []
    if verdict.has_uncertainty(found.line):
        name = f"{device}光照灵敏度"
        results.append(measurand(name, f"S_{device_tag(device)}", unit, found.line.slope))
    more: list[Item] = []
    try:
        lit = light.values > 0
        if (current.values[lit] <= 0).all():
            raise ReadingError("有光照时没有正的光电流")
        if np.ptp(current.values[lit]) == 0:
            raise ReadingError("光电流不随光照度变化")
        law = fit_model(
            "power",
            light.values[lit],
            current.values[lit],
            x_limit=light.limit,
            y_limit=current.limit,
            x_unit="lx",
            y_unit=current.declared.unit,
        )
        gamma = law.estimates[1]
        results.append(measurand(f"{device}光照指数", f"γ_{device_tag(device)}", "1", gamma))
        grid = np.linspace(float(light.values[lit].min()), float(light.values.max()), _STEPS)
        more.append(Curve(grid, np.asarray(law.at(grid)), "I ∝ E^γ", series=1, dash="dashed"))
    except ReadingError as reason:
        sentence = f"{title}：无法得到光照指数 γ，{reason.message}"
        cautions.append(Caution("no-measurand", sentence, current.name))
    panels = found.panels(short(results), more, title)
    return Part(results, [found.as_fit(f"{device_tag(device)}-light", unit)], cautions, panels)


def bias(voltage: Column, current: Column, device: str, title: str) -> Part:
    """Saturated branch I = I_s + g U: its current taken back to U = 0, and its slope."""
    places = _branch(voltage.values, current.values)
    found = fit_response(voltage, current, places=places)
    unit, results = current.declared.unit, []
    if verdict.has_uncertainty(found.line):
        tag = device_tag(device)
        results = [
            measurand(f"{device}饱和电流（外推到 U = 0）", f"I_{tag}", unit, found.line.intercept),
            measurand(f"{device}饱和段斜率", f"g_{tag}", f"{unit}/V", found.line.slope),
        ]
    left_out = np.setdiff1d(np.arange(voltage.values.size), places)
    more: list[Item] = []
    if left_out.size:
        rest = voltage.part(left_out), current.part(left_out)
        more.append(Points(rest[0].values, rest[1].values, "未饱和", series=1, hollow=True))
    fit = found.as_fit(f"{device_tag(device)}-bias", f"{unit}/V")
    return Part(results, [fit], found.cautions(_TABLES), found.panels(short(results), more, title))


def _branch(x: Array, y: Array) -> list[int]:
    """Places of the readings beyond the knee after which y rises far less, or of all."""
    everything = [int(place) for place in range(x.size)]
    if np.unique(x).size < _FEWEST_FOR_KNEE:
        return everything
    try:
        found = fit_two_segments(x, y)
    except ReadingError:  # no bend
        return everything
    covariance = found.covariance
    variance = covariance[1, 1] + covariance[2, 2] - 2 * covariance[1, 2]
    fall = found.values[1] - found.values[2]
    bent = fall > 4 * np.sqrt(variance) and found.values[1] > _BENT * abs(found.values[2])
    branch = [int(place) for place in found.order[found.start_of_branch :]]
    return sorted(branch) if bent and len(branch) >= _FEWEST_OF_BRANCH else everything


def _require_spread(x: Column) -> None:
    if np.ptp(x.values) == 0:
        raise ReadingError("所有读数都相同，无法拟合", x.name)


def device_tag(device: str) -> str:
    """``PD`` or ``PT`` for symbols."""
    return {"光电二极管": "PD", "光电三极管": "PT"}.get(device, device)


def points(x: Column, y: Column) -> Points:
    bars: Any = spread(x.limit, x.values.size), spread(y.limit, y.values.size)
    return Points(x.values, y.values, "读数", u_x=bars[0], u_y=bars[1])


def _used_points(x: Column, y: Column, places: list[int]) -> list[Item]:
    """Readings of the branch, and hollow those before it."""
    used = np.isin(np.arange(x.values.size), places)
    order = np.argsort(x.values, kind="stable")
    along = Curve(x.values[order], y.values[order], "实测特性", series=1, dash="dotted")
    drawn: list[Item] = [along, points(x.part(used), y.part(used))]
    if not used.all():
        rest = x.values[~used], y.values[~used]
        drawn.append(Points(*rest, "拐点以下", series=1, hollow=True))
    return drawn


def _fitted_panels(
    x: Column,
    y: Column,
    items: Sequence[Item],
    residuals: Array | None,
    title: str,
    found: Sequence[Measurand],
) -> list[Panel]:
    axes = x.declared.axis, y.declared.axis
    panels = [Panel(*axes, items, title=title, note=short(found))]
    if residuals is not None:
        panels.append(residual_panel(x.values, residuals, *axes))
    return panels
