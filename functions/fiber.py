"""Optical fibre: laser diode and photodiode of the sensing and communication set.

Model
    iu: above the knee I = (U - U_on) / r_d; the upper part is told from the foot by a continuous
    two-segment line (``_lab.segments``) and fitted by a line of its own.
    pi: P = η (I - I_th) above the threshold (``_lab.laser``).
    photodiode: under reverse bias the current saturates at I = I_d + R P; the saturated current at
    each power is the mean of the readings beyond the foot of its curve.
Measurands
    iu: turn-on voltage U_on = -a/b and differential resistance r_d = 1/b of I = a + b U.
    pi: threshold current I_th = -a/b, beside it the crossing of the two segments; η = b.
    photodiode: responsivity R, the least-squares slope of the saturated currents on the powers,
    and the dark current I_d.
Uncertainty
    Lines: ordinary least squares, ν = n - 2, with the covariance of slope and intercept.
    Photodiode: scatter of the readings at each power (or the resolution of the meter where that is
    more), propagated to the slope.  Where the three saturated currents are off a straight line by
    more than that explains (5 %), their scatter around it is taken instead, ν = 1: the powers are
    then not what they are thought to be.
Sources
    B. E. A. Saleh and M. C. Teich, Fundamentals of Photonics, 2nd ed. (Wiley 2007), 17.3 and 18.1
    (P-I of a laser diode, responsivity); JCGM 100:2008, H.3 and 5.2, for correlated estimates.
"""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    NonNegative,
    Readings,
    Real,
    column,
    field,
    require_equal_lengths,
    require_points,
    require_spread,
)
from functions._lab.figure import Figure, Mark, Panel, Points
from functions._lab.reporting import significant
from functions._lab.result import Caution, Measurand, Result
from functions._runtime.experiment import experiment

if TYPE_CHECKING:
    from functions._lab.laser import Threshold
    from functions._lab.line import Line
    from functions._lab.saturation import Saturation

POWERS_MW, CURRENTS = (0.0, 0.1, 0.2), ("I0", "I1", "I2")


class DiodeVoltage(Readings, frozen=True, tag_field="plot_type", tag="iu"):
    """Forward current of the laser diode against its voltage."""

    variant_title: ClassVar[str] = "激光二极管 I–U 特性"

    U: Annotated[list[Real], column("正向电压", "U", "V", table="I–U 特性")]
    I: Annotated[list[Real], column("正向电流", "I", "mA", table="I–U 特性")]

    def __post_init__(self) -> None:
        require_equal_lengths(U=self.U, I=self.I)


class LaserPower(Readings, frozen=True, tag_field="plot_type", tag="pi"):
    """Power of the laser diode against its current."""

    variant_title: ClassVar[str] = "激光二极管 P–I 特性"

    I: Annotated[list[Real], column("驱动电流", "I", "mA", table="P–I 特性")]
    P: Annotated[list[Real], column("光功率", "P", "mW", table="P–I 特性")]

    def __post_init__(self) -> None:
        require_equal_lengths(I=self.I, P=self.P)


class Photodiode(Readings, frozen=True, tag_field="plot_type", tag="photodiode"):
    """Current of the photodiode against reverse bias at three powers."""

    variant_title: ClassVar[str] = "光电二极管反向伏安特性"

    V: Annotated[list[Real], column("反向偏压", "V", "V", table="反向伏安特性", limited=False)]
    I0: Annotated[list[Real], column("光电流（第一光功率）", "I₀", "μA", table="反向伏安特性")]
    I1: Annotated[list[Real], column("光电流（第二光功率）", "I₁", "μA", table="反向伏安特性")]
    I2: Annotated[list[Real], column("光电流（第三光功率）", "I₂", "μA", table="反向伏安特性")]
    powers_mW: (
        Annotated[list[NonNegative], column("光功率", "P", "mW", table="光功率", max_length=3)]
        | None
    ) = None

    def __post_init__(self) -> None:
        require_equal_lengths(V=self.V, I0=self.I0, I1=self.I1, I2=self.I2)
        require_points("V", self.V, 2, "求饱和电流")
        if self.powers_mW is not None:
            if len(self.powers_mW) != len(CURRENTS):
                raise ReadingError(f"应有 3 个光功率，收到 {len(self.powers_mW)} 个", "powers_mW")
            require_spread("powers_mW", self.powers_mW)

    @property
    def powers(self) -> list[float]:
        """Power in mW of each of the three curves."""
        return self.powers_mW or list(POWERS_MW)


Fiber: TypeAlias = DiodeVoltage | LaserPower | Photodiode


def _require_knee(name: str, values: list[float]) -> None:
    """A two-segment line has four parameters."""
    require_spread(name, values)
    if (count := len(set(values))) < 4:
        raise ReadingError(f"只有 {count} 个不同的读数，判断转折至少需要 4 个", name)


class Drawn(Result, frozen=True, kw_only=True):
    """The result with whichever of these its figure needs."""

    line: Any = None
    branch: tuple[int, ...] = ()
    """Places of the readings of the upper part."""
    laser: Any = None
    saturation: Any = None


def analyse(readings: Fiber) -> Drawn:
    """The measurands of one of the three kinds."""
    match readings:
        case DiodeVoltage():
            usual, result = lab.usual_light.FIBRE_VOLTAGE, _analyse_voltage(readings)
        case LaserPower():
            usual, result = lab.usual_light.FIBRE_POWER, _analyse_power(readings)
        case Photodiode():
            usual, result = lab.usual_light.FIBRE_PHOTODIODE, _analyse_photodiode(readings)
    return lab.typed.warned(result, usual, ("", readings))


def _bend_checks(x_field: str, x: list[float], y_field: str, y: list[float]) -> list[Caution]:
    """Breaks of order, and the one reading because of which no bend is to be seen, if any."""
    fit: dict[str, Any] = {"model": lab.segments.refit, "parameters": 4}
    return lab.checks.line_checks(x_field, x, y_field, y, x_monotonic=True, **fit)


def _analyse_voltage(readings: DiodeVoltage) -> Drawn:
    """Turn-on voltage and differential resistance, or a warning in their place."""
    cautions = lab.strays.column_checks("U", readings.U)
    try:
        line, branch = _upper_part(readings)
    except ReadingError as reason:
        cautions = _bend_checks("U", readings.U, "I", readings.I)
        return Drawn(warnings=[*cautions, lab.verdict.unfit(reason.message, "I")])
    columns = [readings.U[i] for i in branch], [readings.I[i] for i in branch]
    cautions += lab.checks.line_checks("U", columns[0], "I", columns[1], indices=branch)
    found: list[Measurand] = []
    if lab.verdict.has_uncertainty(line):
        cautions += lab.verdict.scatter_checks(line, "I–U 上段直线", "I")
        found = [
            lab.measurand.measurand("导通电压", "U_on", "V", line.x_intercept),
            lab.measurand.measurand("微分电阻", "r_d", "Ω", 1000 / line.slope),
        ]
    else:
        near = significant(float(line.x_intercept.x), 3)
        sentence = f"上段只有 2 个读数，导通电压约 {near} V，不确定度无法评定，请增加测量点"
        cautions.append(lab.verdict.unfit(sentence, "I"))
    slope, intercept = ("上段斜率", "b", "mA/V"), ("上段截距", "a", "mA")
    fits = [line.as_fit("i-u", "I = a + b·U", slope, intercept)]
    return Drawn(measurands=found, fits=fits, warnings=cautions, line=line, branch=tuple(branch))


def _upper_part(readings: DiodeVoltage) -> "tuple[Line, list[int]]":
    """Line through the readings above the knee, and their places in order of voltage.

    Raises ReadingError where there is no knee, or no rise beyond it.
    """
    _require_knee("U", readings.U)
    segments = lab.segments.fit_two_segments(readings.U, readings.I)
    branch = [int(i) for i in segments.order[segments.start_of_branch :]]
    voltages = [readings.U[i] for i in branch]
    if segments.values[2] <= max(segments.values[1], 0.0) or len(set(voltages)) < 2:
        raise ReadingError("电流没有在转折之后更快上升，找不到导通后的直线段")
    line = lab.line.fit_line(
        voltages,
        [readings.I[i] for i in branch],
        x_limit=readings.limit("U"),
        y_limit=readings.limit("I"),
        label="I–U 上段直线",
        x_label="正向电压 U",
        y_label="正向电流 I",
    )
    if line.slope.x <= 0:
        raise ReadingError("导通后的电流没有随电压上升")
    return line, branch


def _analyse_power(readings: LaserPower) -> Drawn:
    """Threshold and slope efficiency, or a warning in their place."""
    cautions = lab.strays.column_checks("I", readings.I)
    try:
        _require_knee("I", readings.I)
        found = lab.laser.threshold(
            readings.I,
            readings.P,
            current_limit=readings.limit("I"),
            power_limit=readings.limit("P"),
        )
    except ReadingError as reason:
        cautions = _bend_checks("I", readings.I, "P", readings.P)
        return Drawn(warnings=[*cautions, lab.verdict.unfit(reason.message, "P")])
    return Drawn(
        measurands=lab.laser.measurands(found, unit="W/A"),
        fits=[lab.laser.as_fit(found, "mW")],
        warnings=cautions + lab.laser.cautions(found, "I", "P"),
        laser=found,
    )


def _analyse_photodiode(readings: Photodiode) -> Drawn:
    """Responsivity and dark current."""
    cautions = lab.strays.column_checks("V", readings.V)
    columns = {name: getattr(readings, name) for name in CURRENTS}
    limits = {name: readings.limit(name) for name in CURRENTS}
    power = readings.limit("powers_mW")
    found = lab.saturation.saturation(
        readings.V, columns, readings.powers, power_limit=power, current_limits=limits
    )
    cautions += lab.saturation.cautions(found)
    measurands = [lab.measurand.measurand("暗电流", "I_d", "μA", found.dark_current)]
    if lab.saturation.has_responsivity(found):
        responsivity = found.responsivity / 1000
        measurands.insert(0, lab.measurand.measurand("响应度", "R", "A/W", responsivity))
    else:
        cautions.append(lab.verdict.unfit("光电流没有随光功率增大，无法得到响应度", "I2"))
    fits = [found.as_fit("responsivity")]
    return Drawn(measurands=measurands, fits=fits, warnings=cautions, saturation=found)


def figures(readings: Fiber, result: Drawn) -> dict[str, Figure]:
    """Figure ``i-u``, ``p-i`` or ``photodiode-iv``."""
    match readings:
        case DiodeVoltage():
            return {"i-u": _voltage_figure(readings, result)}
        case LaserPower():
            return {"p-i": _power_figure(readings, result)}
        case Photodiode():
            return {"photodiode-iv": _photodiode_figure(readings, result.saturation, result)}


def _notes(result: Result) -> list[str]:
    return [measurand.display for measurand in result.measurands]


def _voltage_figure(readings: DiodeVoltage, result: Drawn) -> Figure:
    axes = field(DiodeVoltage, "U").axis, field(DiodeVoltage, "I").axis
    title = "激光二极管的正向 I–U 特性"
    if result.line is None:
        return Figure(title, [Panel(*axes, [Points(readings.U, readings.I, "读数")])])
    rest = sorted(set(range(len(readings.U))) - set(result.branch))
    foot = [readings.U[i] for i in rest], [readings.I[i] for i in rest]
    zero = float(result.line.x_intercept.x)
    mark = Mark(zero, 0.0, f"U_on = {significant(zero, 3)} V", "above")
    panels = lab.panels.line_panels(
        result.line,
        *axes,
        note=_notes(result),
        label="上段读数",
        curve_label="上段拟合直线",
        x_limit=readings.limit("U"),
        y_limit=readings.limit("I"),
        reach=[zero],
        more=[Points(*foot, "其余读数", series=1, hollow=True), mark],
    )
    return Figure(title, panels)


def _power_figure(readings: LaserPower, result: Drawn) -> Figure:
    axes = field(LaserPower, "I").axis, field(LaserPower, "P").axis
    title = "激光二极管的 P–I 特性"
    found: Threshold | None = result.laser
    if found is None:
        return Figure(title, [Panel(*axes, [Points(readings.I, readings.P, "读数")])])
    panels = [Panel(*axes, lab.laser.items(found), note=_notes(result))]
    if found.line.degrees_of_freedom:
        panels.append(lab.panels.residual_panel(found.line.x, found.line.residuals, *axes))
    return Figure(title, panels)


def _photodiode_figure(readings: Photodiode, found: "Saturation", result: Drawn) -> Figure:
    upper = Panel(field(Photodiode, "V").axis, "光电流 I / μA", lab.saturation.items(found))
    power = field(Photodiode, "powers_mW").axis
    panels = lab.saturation.responsivity_panels(found, power, note=_notes(result))
    return Figure("光电二极管的反向伏安特性与响应度", [upper, *panels])


function = experiment(
    __file__,
    title="光纤传感与通讯",
    input=Fiber,
    analyse=analyse,
    figures=figures,
    chapter="光学",
    keywords="激光二极管 LD 光纤 阈值电流",
)
app = function.app
