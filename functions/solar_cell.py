"""Solar cell: dark characteristic, characteristic under light, and the effect of the intensity.

Model
    Dark: I = I₀ (exp(βU) - 1) + U/R_sh.  Light: P = U I.  Intensity: I_sc linear in it, U_oc linear
    in its logarithm.
Measurands
    I₀, β, R_sh (where the readings show one) and the ideality factor n = q/(β k T N); P_m, U_m, I_m
    and R_m = U_m/I_m from a local fit around the largest product; I_sc and U_oc from the two ends
    of the curve; FF = P_m/(U_oc I_sc); η = P_m/(A E); the slopes of I_sc on the relative
    intensity J and on the power P, and of U_oc on ln J and ln P, the last with
    n = slope · q/(k T N).
Uncertainty
    Type A from the scatter about each fit; instrument limits independent from reading to reading.
    The three fits of the light curve share no reading, so their scatter is independent; I_sc enters
    U_oc, and FF takes account of it.  A limit of the intensity acts on its logarithm as Δ/J.
    Without ``temperature_C`` the slope of U_oc takes 25 °C with a limit of 5 °C.
Sources
    M. A. Green, Solar Cells (Prentice-Hall 1982), chapters 4 and 5; W. Shockley, Bell Syst.
    Tech. J. 28 (1949) 435; q and k of the SI, exact; IEC 60904-3 for the definition of η.
"""

from typing import Annotated, Any

from msgspec import Meta

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    Positive,
    Readings,
    Real,
    column,
    field,
    require_equal_lengths,
    require_points,
    scalar,
)
from functions._lab.figure import Figure
from functions._lab.result import Caution, Fit, Measurand, Result
from functions._runtime.experiment import experiment

ROOM_C, ROOM_LIMIT_C = 25.0, 5.0
FEWEST_DARK, FEWEST_LIGHT = 3, 3
TABLES = 3
"""Independent tables of a full request in which readings are checked: dark, I_sc and U_oc."""
DARK = ("dark_voltage", "dark_current")
LIGHT = ("light_voltage", "light_current")
INTENSITY = ("relative_intensity", "light_power")
RESPONSE = ("short_circuit_current", "open_circuit_voltage")

Cells = Annotated[int, Meta(ge=1, le=1000)]
Temperature = Annotated[float, Meta(ge=-100, le=300)]


class SolarCell(Readings, frozen=True):
    """Three tables, each of which may be missing, and what is known of the cell."""

    dark_voltage: Annotated[list[Real], column("电压", "U", "V", table="暗特性")] | None = None
    dark_current: Annotated[list[Real], column("电流", "I", "mA", table="暗特性")] | None = None
    light_voltage: Annotated[list[Real], column("电压", "U", "V", table="光照特性")] | None = None
    light_current: Annotated[list[Real], column("电流", "I", "mA", table="光照特性")] | None = None
    relative_intensity: (
        Annotated[list[Positive], column("相对光强", "J/J₀", "1", table="光强特性")] | None
    ) = None
    light_power: (
        Annotated[list[Positive], column("入射光功率", "P", "mW", table="光强特性")] | None
    ) = None
    short_circuit_current: (
        Annotated[list[Real], column("短路电流", "I_sc", "mA", table="光强特性")] | None
    ) = None
    open_circuit_voltage: (
        Annotated[list[Real], column("开路电压", "U_oc", "V", table="光强特性")] | None
    ) = None
    cells_in_series: Annotated[Cells, scalar("串联电池片数", "N", "1", limited=False)] | None = None
    temperature_C: Annotated[Temperature, scalar("电池温度", "t", "°C")] | None = None
    area_cm2: Annotated[Positive, scalar("受光面积", "A", "cm²")] | None = None
    irradiance_W_m2: Annotated[Positive, scalar("辐照度", "E", "W/m²")] | None = None

    def __post_init__(self) -> None:
        dark, light = _columns(self, *DARK), _columns(self, *LIGHT)
        intensity, response = _columns(self, *INTENSITY), _columns(self, *RESPONSE)
        if not (dark or light or intensity or response):
            raise ReadingError("没有收到任何一组读数")
        for part, names, fewest in ((dark, DARK, FEWEST_DARK), (light, LIGHT, FEWEST_LIGHT)):
            _require_both(part, names)
            if part:
                require_equal_lengths(**part)
                require_points(names[0], part[names[0]], fewest, "分析这条曲线")
        if bool(intensity) != bool(response):
            given, missing = (intensity, RESPONSE) if intensity else (response, INTENSITY)
            raise ReadingError(f"缺少与之对应的 {' 或 '.join(missing)}", next(iter(given)))
        if intensity:
            require_equal_lengths(**intensity, **response)
            for name, values in intensity.items():
                require_points(name, values, 2, "拟合直线")


def _columns(readings: SolarCell, *names: str) -> dict[str, list[float]]:
    """The columns that were given, of those named."""
    return {name: values for name in names if (values := getattr(readings, name)) is not None}


def _require_both(part: dict[str, list[float]], names: tuple[str, ...]) -> None:
    """Raise ReadingError where only one column of a table was given."""
    missing = [name for name in names if name not in part]
    if part and missing:
        raise ReadingError(f"缺少与之对应的 {missing[0]}", next(iter(part)))


class Cell(Result, frozen=True, kw_only=True):
    """The result with the fits that the figures draw: diode and light curve, or None, and lines."""

    diode: Any
    curve: Any
    lines: dict[str, Any]


def analyse(readings: SolarCell) -> Cell:
    """All parts that were given; what cannot be had is a warning in its place."""
    found: list[Measurand] = []
    fits: list[Fit] = []
    cautions: list[Caution] = []
    diode = _dark(readings, found, fits, cautions)
    curve = _light(readings)
    if curve is not None:
        found += curve.measurands + _efficiency(readings, curve)
        fits += curve.fits
        cautions += curve.cautions
    lines = _intensity(readings, found, fits, cautions)
    cautions += lab.response.sign_checks(readings, (*LIGHT, *RESPONSE))
    cautions = lab.typed.checked(cautions, lab.usual_light.SOLAR_CELL, ("", readings))
    return Cell(
        measurands=found,
        fits=fits,
        warnings=lab.response.first_warnings(cautions),
        diode=diode,
        curve=curve,
        lines=lines,
    )


def _temperature(readings: SolarCell) -> Any:
    """Temperature in °C as an uncertain number, at room where it was not given."""
    if readings.temperature_C is None:
        return ROOM_C + lab.measurand.limit(ROOM_LIMIT_C, "室温（未给出，取 25 °C）")
    limit = readings.limit("temperature_C")
    return readings.temperature_C + (lab.measurand.limit(limit, "电池温度") if limit else 0.0)


def _dark(
    readings: SolarCell, found: list[Measurand], fits: list[Fit], cautions: list[Caution]
) -> Any:
    """The diode with I₀, β, R_sh and n; None where there is none."""
    if readings.dark_voltage is None:
        return None
    voltage, current = (lab.response.column_of(readings, name) for name in DARK)
    try:
        diode = lab.diode.fit_diode(
            voltage.values,
            current.values,
            voltage_limit=voltage.limit,
            current_limit=current.limit,
        )
    except ReadingError as reason:
        cautions.append(lab.verdict.unfit(f"暗特性无法拟合：{reason.message}", DARK[1]))
        cautions += lab.diode.dark_checks(voltage, current, None, TABLES)
        return None
    cautions += lab.diode.dark_checks(voltage, current, diode, TABLES)
    make = lab.measurand.measurand
    found.append(make("反向饱和电流", "I₀", "mA", diode.saturation_current))
    found.append(make("指数系数", "β", "V⁻¹", diode.beta))
    shunt = diode.conductance
    if shunt is not None and shunt.x > 3 * shunt.u:
        found.append(make("并联电阻", "R_sh", "kΩ", 1 / shunt))
    if readings.cells_in_series is not None and readings.temperature_C is not None:
        n = lab.diode.ideality_factor(diode.beta, _temperature(readings), readings.cells_in_series)
        found.append(make("二极管理想因子（暗特性）", "n", "1", n))
    names = [("反向饱和电流", "I₀", "mA"), ("指数系数", "β", "V⁻¹"), ("并联电导", "1/R_sh", "mA/V")]
    law = "I = I₀·(exp(β·U) − 1)" + (" + U/R_sh" if shunt is not None else "")
    fits.append(diode.fit.as_fit("dark-iv", law, names[: diode.fit.values.size]))
    cautions += lab.checks.few_points(diode.fit.degrees_of_freedom, "暗特性拟合", DARK[1])
    return diode


def _light(readings: SolarCell) -> Any:
    """The curve under light, or None where it was not given."""
    if readings.light_voltage is None:
        return None
    columns = (lab.response.upright(lab.response.column_of(readings, name)) for name in LIGHT)
    return lab.light_curve.light_curve(*columns)


def _efficiency(readings: SolarCell, curve: Any) -> list[Measurand]:
    """η where the area and the irradiance were given."""
    if curve is None or curve.maximum is None:
        return []
    if readings.area_cm2 is None or readings.irradiance_W_m2 is None:
        return []
    known = []
    for name in ("area_cm2", "irradiance_W_m2"):
        limit, title = readings.limit(name), field(SolarCell, name).title
        known.append(
            getattr(readings, name) + (lab.measurand.limit(limit, title) if limit else 0.0)
        )
    share = lab.light_curve.efficiency(curve.maximum.power, *known)
    return [lab.measurand.measurand("转换效率", "η", "%", share)]


LINES = {
    "isc-intensity": ("short_circuit_current", "relative_intensity", "dI_sc/dJ", "mA"),
    "uoc-intensity": ("open_circuit_voltage", "relative_intensity", "dU_oc/dlnJ", "V"),
    "isc-power": ("short_circuit_current", "light_power", "dI_sc/dP", "mA/mW"),
    "uoc-power": ("open_circuit_voltage", "light_power", "dU_oc/dlnP", "V"),
}
"""Figure to ordinate, abscissa (its logarithm where the ordinate is U_oc), symbol and unit."""


def _intensity(
    readings: SolarCell, found: list[Measurand], fits: list[Fit], cautions: list[Caution]
) -> dict[str, Any]:
    """The lines of I_sc and U_oc over intensity and power, as far as the columns were given."""
    lines = {}
    for name, (y, x, symbol, unit) in LINES.items():
        if len(_columns(readings, x, y)) < 2:
            continue
        columns = (lab.response.upright(lab.response.column_of(readings, each)) for each in (x, y))
        try:
            response = lab.response.fit_response(*columns, logarithmic=y == RESPONSE[1])
        except ReadingError as reason:
            sentence = f"无法得到{symbol}：{reason.message}"
            cautions.append(lab.verdict.unfit(sentence, reason.field or x))
            continue
        lines[name] = response
        fits.append(response.as_fit(name, unit))
        cautions += response.cautions(TABLES)
        if lab.verdict.has_uncertainty(response.line):
            over = field(SolarCell, x).title + ("的对数" if response.logarithmic else "")
            slope = f"{field(SolarCell, y).title}对{over}的斜率"
            found.append(lab.measurand.measurand(slope, symbol, unit, response.line.slope))
    if len(shares := _columns(readings, *INTENSITY)) == len(INTENSITY):
        (x, j), (y, power) = shares.items()
        cautions += lab.checks.line_checks(x, j, y, power, model="proportional")
    logarithmic = [lines[name].line for name in ("uoc-power", "uoc-intensity") if name in lines]
    if readings.cells_in_series is not None and logarithmic:
        found += _ideality(readings, logarithmic[0], cautions)
    return lines


def _ideality(readings: SolarCell, line: Any, cautions: list[Caution]) -> list[Measurand]:
    """n from the slope of U_oc on the logarithm of the intensity."""
    assert readings.cells_in_series is not None
    if not lab.verdict.has_uncertainty(line):
        return []
    if not line.slope.x > 0:
        sentence = "开路电压没有随光强上升，无法得到理想因子"
        cautions.append(lab.verdict.unfit(sentence, RESPONSE[1]))
        return []
    n = lab.diode.ideality_factor(1 / line.slope, _temperature(readings), readings.cells_in_series)
    return [lab.measurand.measurand("二极管理想因子（开路电压）", "n′", "1", n)]


def figures(readings: SolarCell, result: Cell) -> dict[str, Figure]:
    """``dark-iv``, ``light-iv`` and up to four figures of the intensity."""
    drawn = {}
    if readings.dark_voltage is not None:
        voltage, current = (lab.response.column_of(readings, name) for name in DARK)
        note = _notes(result, "I₀", "β", "R_sh", "n")
        panels = lab.diode.dark_panels(voltage, current, result.diode, note)
        drawn["dark-iv"] = Figure("太阳能电池：暗特性", panels)
    if readings.light_voltage is not None:
        note = _notes(result, "P_m", "R_m", "I_sc", "U_oc", "FF", "η")
        panel = lab.light_curve.light_panel(result.curve, note)
        drawn["light-iv"] = Figure("太阳能电池：光照特性", [panel])
    for name, response in result.lines.items():
        symbols = [LINES[name][2], *(["n′"] if name == "uoc-power" else [])]
        over = response.x.declared.title + ("的对数" if response.logarithmic else "")
        title = f"太阳能电池：{response.y.declared.title}与{over}"
        drawn[name] = Figure(title, response.panels(_notes(result, *symbols)))
    return drawn


def _notes(result: Cell, *symbols: str) -> list[str]:
    return [m.display for m in result.measurands if m.symbol in symbols]


function = experiment(
    __file__,
    title="太阳能电池",
    input=SolarCell,
    analyse=analyse,
    figures=figures,
    chapter="光学",
    keywords="太阳能电池 光伏 填充因子",
)
app = function.app
