"""Mechanics on the air track: a glider between two springs, by its periods and by its speeds.

Model
    t2m:  T² = (4π²/k) (M + m_eff), M = m₀ + load, T the tenth part of the time of ten periods.
    v2x2: v² = ω² (A² - x²), the conservation of energy.
Measurands
    k = 4π²/b and m_eff = a/b of T² = a + b M; ω = √(-b), A = √(a)/ω and T = 2π/ω of
    v² = a + b x².  Slope and intercept are correlated, and the derived quantities take account of
    it.  Where both parts are given, T is set beside the period that T²-M has at the glider's mass
    (m₀, or ``mass_g`` where the speeds were taken with a load).
Uncertainty
    Ordinary least squares, ν = n - 2.  An instrument limit Δ of a typed quantity becomes that of
    the fitted one reading by reading with the derivative (2TΔ/10, 2vΔ, 2xΔ); the limit of
    m₀ is common to all masses and so moves m_eff alone.
Sources
    Effective mass of a spring: E. E. Galloni and M. Kohen, Am. J. Phys. 47 (1979) 1076;
    correlated estimates of a line: JCGM 100:2008, H.3 and 5.2.
"""

from typing import Annotated, Any, TypeAlias

from msgspec import Struct

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    NonNegative,
    Positive,
    Readings,
    Real,
    column,
    field,
    require_equal_lengths,
    require_points,
    require_spread,
    scalar,
)
from functions._lab.figure import Figure
from functions._lab.result import Caution, Fit, Measurand, Result
from functions._runtime.experiment import experiment

Limits: TypeAlias = tuple[list[float] | None, list[float] | None]

FOUR_PI_SQUARED = 39.47841760435743
CAUSES = ("测速时滑块的总质量与 m₀ 不同", "挡光片宽度或平衡位置不准", "气垫导轨未调平或气流不足")


class PeriodMass(Struct, frozen=True):
    """Periods of the glider under several loads."""

    m0_g: Annotated[NonNegative, scalar("滑块质量", "m₀", "g")]
    weights_g: Annotated[list[NonNegative], column("附加质量", "m", "g", table="周期与质量")]
    T10_avg_s: Annotated[list[Positive], column("十个周期的时间", "10T", "s", table="周期与质量")]

    def __post_init__(self) -> None:
        weights, times = "t2m.weights_g", "t2m.T10_avg_s"
        require_equal_lengths(**{weights: self.weights_g, times: self.T10_avg_s})
        require_points(weights, self.weights_g, 2, "拟合直线")
        require_spread(weights, self.weights_g)


class SpeedPosition(Struct, frozen=True):
    """Speeds of the glider at several distances from its rest position."""

    x_cm: Annotated[list[Real], column("位移", "x", "cm", table="速度与位移")]
    v_avg_cms: Annotated[list[NonNegative], column("平均速度", "v", "cm/s", table="速度与位移")]
    mass_g: Annotated[Positive, scalar("测速时滑块总质量", "M", "g")] | None = None

    def __post_init__(self) -> None:
        x, v = "v2x2.x_cm", "v2x2.v_avg_cms"
        require_equal_lengths(**{x: self.x_cm, v: self.v_avg_cms})
        require_points(x, self.x_cm, 2, "拟合直线")
        require_spread(x, [value * value for value in self.x_cm])


class Mechanics(Readings, frozen=True):
    """Either part, or both."""

    t2m: PeriodMass | None = None
    v2x2: SpeedPosition | None = None

    def __post_init__(self) -> None:
        if self.t2m is None and self.v2x2 is None:
            raise ReadingError("请至少填写“周期与质量”与“速度与位移”中的一个表")


class Lines(Result, frozen=True, kw_only=True):
    """The result with what each figure needs, by its name.

    ``lines`` holds ``_lab.line.Line``; ``limits`` those of the plotted abscissae and ordinates.
    """

    lines: dict[str, Any]
    limits: dict[str, Limits]


def analyse(readings: Mechanics) -> Lines:
    """Spring constant and effective mass; angular frequency, amplitude and period."""
    measurands: list[Measurand] = []
    fits: list[Fit] = []
    cautions: list[Caution] = []
    lines: dict[str, Any] = {}
    limits: dict[str, Limits] = {}
    if readings.t2m is not None:
        limits["t2-m"] = _period_limits(readings, readings.t2m)
        line = lines["t2-m"] = _period_line(readings, readings.t2m, limits["t2-m"])
        fits.append(
            line.as_fit("t2-m", "T² = a + b·M", ("斜率", "b", "s²/kg"), ("截距", "a", "s²"))
        )
        cautions += _period_checks(readings.t2m, line)
        measurands += _spring(readings, line, cautions)
    if readings.v2x2 is not None:
        limits["v2-x2"] = _speed_limits(readings, readings.v2x2)
        line = lines["v2-x2"] = _speed_line(readings, readings.v2x2, limits["v2-x2"])
        fits.append(
            line.as_fit("v2-x2", "v² = a + b·x²", ("斜率", "b", "s⁻²"), ("截距", "a", "m²/s²"))
        )
        cautions += _speed_checks(readings.v2x2, line)
        measurands += _oscillation(readings, line, lines.get("t2-m"), cautions)
    parts = ("t2m.", readings.t2m), ("v2x2.", readings.v2x2)
    cautions = lab.typed.checked(cautions, lab.usual_motion.MECHANICS, *parts)
    return Lines(measurands=measurands, fits=fits, warnings=cautions, lines=lines, limits=limits)


def _period_limits(readings: Mechanics, part: PeriodMass) -> Limits:
    """Limits of M in kg and of T² in s², of each reading."""
    return (
        lab.limits.of_each(readings.limit("weights_g"), [1e-3] * len(part.weights_g)),
        lab.limits.of_each(readings.limit("T10_avg_s"), [2 * t / 100 for t in part.T10_avg_s]),
    )


def _period_line(readings: Mechanics, part: PeriodMass, limits: Limits) -> Any:
    """Line of T² in s² over M in kg."""
    import numpy as np

    tens = np.array(part.T10_avg_s)
    line = lab.line.fit_line(
        (part.m0_g + np.array(part.weights_g)) / 1000,
        (tens / 10) ** 2,
        x_limit=lab.limits.mean(limits[0]),
        y_limit=lab.limits.mean(limits[1]),
        label="T²–M 直线",
        x_label="附加质量",
        y_label="周期",
    )
    return lab.limits.uneven(line, {"周期": (readings.limit("T10_avg_s"), 2 * tens / 100)})


def _speed_limits(readings: Mechanics, part: SpeedPosition) -> Limits:
    """Limits of x² in m² and of v² in m²/s², of each reading."""
    return (
        lab.limits.of_each(readings.limit("x_cm"), [2 * x * 1e-4 for x in part.x_cm]),
        lab.limits.of_each(readings.limit("v_avg_cms"), [2 * v * 1e-4 for v in part.v_avg_cms]),
    )


def _speed_line(readings: Mechanics, part: SpeedPosition, limits: Limits) -> Any:
    """Line of v² in m²/s² over x² in m²."""
    import numpy as np

    x, v = np.array(part.x_cm), np.array(part.v_avg_cms)
    line = lab.line.fit_line(
        (x / 100) ** 2,
        (v / 100) ** 2,
        x_limit=lab.limits.mean(limits[0]),
        y_limit=lab.limits.mean(limits[1]),
        label="v²–x² 直线",
        x_label="位移",
        y_label="速度",
    )
    by_x = float(line.slope.x) * 2 * x * 1e-4
    moved = {
        "位移": (readings.limit("x_cm"), by_x),
        "速度": (readings.limit("v_avg_cms"), 2 * v * 1e-4),
    }
    return lab.limits.uneven(line, moved)


def _spring(readings: Mechanics, line: Any, cautions: list[Caution]) -> list[Measurand]:
    """k and m_eff, or a warning in their place."""
    if not line.slope.x > 0:
        sentence = "T² 没有随 M 增大，无法得到劲度系数，请检查质量与周期是否对应"
        cautions.append(lab.verdict.unfit(sentence, "t2m.T10_avg_s"))
        return []
    if not lab.verdict.has_uncertainty(line):
        return []
    # from the line's height amid the readings, where it is not correlated with the slope
    mass = line.height / line.slope - line.pivot
    if (limit := readings.limit("m0_g")) is not None:
        mass = mass - lab.measurand.limit(limit / 1000, "滑块质量")
    effective = lab.measurand.measurand("弹簧等效质量", "m_eff", "kg", mass)
    if effective.value < -3 * effective.by_gum.standard_uncertainty:
        sentence = "弹簧等效质量为负，请检查 m0_g 是否为滑块与挡光片的总质量"
        cautions.append(Caution("unphysical", sentence, "t2m.m0_g"))
    stiffness = FOUR_PI_SQUARED / line.slope
    return [lab.measurand.measurand("弹簧劲度系数", "k", "N/m", stiffness), effective]


def _oscillation(
    readings: Mechanics, line: Any, periods: Any, cautions: list[Caution]
) -> list[Measurand]:
    """ω, A and T, or a warning in their place."""
    if not line.slope.x < 0:
        sentence = "v² 没有随 x² 减小（斜率不为负），无法得到 ω，请检查 x 与 v 是否对应"
        cautions.append(lab.verdict.unfit(sentence, "v2x2.v_avg_cms"))
        return []
    if not lab.verdict.has_uncertainty(line):
        return []
    omega = (-line.slope) ** 0.5
    found = [lab.measurand.measurand("角频率", "ω", "rad/s", omega)]
    if line.x_intercept.x > 0:
        found.append(lab.measurand.measurand("振幅", "A", "m", line.x_intercept**0.5))
    else:
        sentence = "v²–x² 直线的截距不为正，无法得到振幅"
        cautions.append(lab.verdict.unfit(sentence, "v2x2.v_avg_cms"))
    period = FOUR_PI_SQUARED**0.5 / omega
    reference = _period_at_mass(readings, periods)
    found.append(lab.measurand.measurand("周期", "T", "s", period, reference=reference))
    cautions += lab.checks.reference_check(found[-1], CAUSES, "v2x2.v_avg_cms")
    return found


def _period_at_mass(readings: Mechanics, line: Any) -> tuple[float, float, str] | None:
    """Period that the T²-M line has at the mass of the glider, where there is one."""
    if line is None or readings.t2m is None or readings.v2x2 is None:
        return None
    mass = readings.v2x2.mass_g or readings.t2m.m0_g
    limit = readings.limit("mass_g") if readings.v2x2.mass_g else None
    spread = lab.measurand.limit(limit / 1000, "测速时滑块总质量") if limit else 0.0
    square = line.predict(mass / 1000 + spread)
    if not (square.x > 0 and lab.verdict.has_uncertainty(line)):
        return None
    period = square**0.5
    return float(period.x), float(period.u), f"T²–M 直线在 M = {mass:g} g 处的周期"


def _period_checks(part: PeriodMass, line: Any) -> list[Caution]:
    found = lab.checks.line_checks(
        "t2m.weights_g",
        part.weights_g,
        "t2m.T10_avg_s",
        part.T10_avg_s,
        to_y=lambda ten: (ten / 10) ** 2,
        x_monotonic=True,
    )
    return found + lab.verdict.scatter_checks(line, "T²–M 直线", "t2m.weights_g")


def _speed_checks(part: SpeedPosition, line: Any) -> list[Caution]:
    found = lab.checks.line_checks(
        "v2x2.x_cm",
        part.x_cm,
        "v2x2.v_avg_cms",
        part.v_avg_cms,
        to_x=lambda x: (x / 100) ** 2,
        to_y=lambda v: (v / 100) ** 2,
        x_monotonic=True,
    )
    return found + lab.verdict.scatter_checks(line, "v²–x² 直线", "v2x2.x_cm")


def figures(readings: Mechanics, result: Lines) -> dict[str, Figure]:
    """Figures ``t2-m`` and ``v2-x2``: the line over the readings, and the residuals."""
    mass = f"{field(PeriodMass, 'm0_g').title}与{field(PeriodMass, 'weights_g').title}之和 M / kg"
    texts = {
        "t2-m": ("周期的平方与质量", mass, "周期的平方 T² / s²", ("k", "m_eff")),
        "v2-x2": ("速度的平方与位移的平方", "位移的平方 x² / m²", "速度的平方 v² / (m²/s²)", "ωAT"),
    }
    drawn = {}
    for name, line in result.lines.items():
        title, x_label, y_label, symbols = texts[name]
        panels = lab.panels.line_panels(
            line,
            x_label,
            y_label,
            note=[m.display for m in result.measurands if m.symbol in symbols],
            x_limit=result.limits[name][0],
            y_limit=result.limits[name][1],
        )
        drawn[name] = Figure(f"弹簧振子：{title}", panels)
    return drawn


function = experiment(
    __file__,
    title="力学综合实验",
    input=Mechanics,
    analyse=analyse,
    figures=figures,
    chapter="力学与热学",
    keywords="弹簧振子 气垫导轨 简谐振动",
)
app = function.app
