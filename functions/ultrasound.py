"""Ultrasound: speeds from the Doppler shift, in free fall and against hanging weights.

Model
    Free fall v = v₀ + g t; three uniform accelerations v = v₀ + a t; each in one to four runs over
    the same times.  Newton's second law: a receiver of mass M lifts weights m over a pulley,
    a = g (A - m) / (A + m + J/R²), A = (1 - C) M; see ``_lab.atwood``.
Measurands
    g and a₁, a₂, a₃ from the pooled line of all runs, the scatter within the runs and that between
    them both in u (``_lab.pooled``).  With ``receiver_mass_kg`` g also as the slope of a over
    (A - m)/(A + m + J/R²), through the origin; without it M from the fit with the local g.  A
    straight line of a over m has no slope equal to g and is not compared with it.
Sources
    Handout of the ZKY-DPL Doppler apparatus for C = 0.07 and J/R² = 0.014 kg.
"""

from typing import Annotated, Any, NamedTuple

import msgspec

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
    scalar,
)
from functions._lab.figure import Figure, Panel, Points
from functions._lab.result import Caution, Fit, Measurand, Result
from functions._runtime.experiment import experiment

RUNS = (1, 2, 3, 4)
FALL = "重力加速度（自由落体）"
NEWTON = (
    "m",
    "a_measured",
    "receiver_mass_kg",
    "friction_coefficient",
    "pulley_inertia_kg",
    "local_g",
)
"""Fields whose instrument limits Newton's second law takes account of."""
FALL_CAUSES = (
    "接收器下落时是否碰到导轨或摆动",
    "采样是否包含释放前或落到缓冲垫后的点",
    "室温（声速）设置",
)
NEWTON_CAUSES = ("接收器质量与砝码质量", "摩擦系数 C 与滑轮折合质量 J/R²", "细绳是否打滑")


class Part(NamedTuple):
    """One kind of motion: its columns, and what comes of it."""

    times: str
    speeds: str
    """Common beginning of the names of the runs."""
    title: str
    symbol: str
    figure: str
    measurand: str

    def names(self, readings: "Ultrasound") -> list[str]:
        """Fields of the runs that were sent."""
        names = [f"{self.speeds}{run}" for run in RUNS]
        return [name for name in names if getattr(readings, name) is not None]


PARTS = (
    Part("t_free_fall", "v_free_fall_", "自由落体", "g", "free-fall", FALL),
    Part("t1", "v1_", "匀加速运动 1", "a₁", "uniform-1", "匀加速运动 1 的加速度"),
    Part("t2", "v2_", "匀加速运动 2", "a₂", "uniform-2", "匀加速运动 2 的加速度"),
    Part("t3", "v3_", "匀加速运动 3", "a₃", "uniform-3", "匀加速运动 3 的加速度"),
)


def _time(table: str) -> msgspec.Meta:
    return column("时间", "t", "s", table=table)


def _speed(run: int, table: str) -> msgspec.Meta:
    return column(f"第 {run} 次速度", "v", "m/s", table=table)


class Ultrasound(Readings, frozen=True):
    """Any of the five parts."""

    t_free_fall: Annotated[list[NonNegative], _time("自由落体")] | None = None
    v_free_fall_1: Annotated[list[Real], _speed(1, "自由落体")] | None = None
    v_free_fall_2: Annotated[list[Real], _speed(2, "自由落体")] | None = None
    v_free_fall_3: Annotated[list[Real], _speed(3, "自由落体")] | None = None
    v_free_fall_4: Annotated[list[Real], _speed(4, "自由落体")] | None = None
    t1: Annotated[list[NonNegative], _time("匀加速 1")] | None = None
    v1_1: Annotated[list[Real], _speed(1, "匀加速 1")] | None = None
    v1_2: Annotated[list[Real], _speed(2, "匀加速 1")] | None = None
    v1_3: Annotated[list[Real], _speed(3, "匀加速 1")] | None = None
    v1_4: Annotated[list[Real], _speed(4, "匀加速 1")] | None = None
    t2: Annotated[list[NonNegative], _time("匀加速 2")] | None = None
    v2_1: Annotated[list[Real], _speed(1, "匀加速 2")] | None = None
    v2_2: Annotated[list[Real], _speed(2, "匀加速 2")] | None = None
    v2_3: Annotated[list[Real], _speed(3, "匀加速 2")] | None = None
    v2_4: Annotated[list[Real], _speed(4, "匀加速 2")] | None = None
    t3: Annotated[list[NonNegative], _time("匀加速 3")] | None = None
    v3_1: Annotated[list[Real], _speed(1, "匀加速 3")] | None = None
    v3_2: Annotated[list[Real], _speed(2, "匀加速 3")] | None = None
    v3_3: Annotated[list[Real], _speed(3, "匀加速 3")] | None = None
    v3_4: Annotated[list[Real], _speed(4, "匀加速 3")] | None = None
    m: Annotated[list[NonNegative], column("砝码质量", "m", "kg", table="牛顿第二定律")] | None = (
        None
    )
    a_measured: (
        Annotated[list[Real], column("加速度", "a", "m/s²", table="牛顿第二定律")] | None
    ) = None
    receiver_mass_kg: Annotated[Positive, scalar("接收器质量", "M", "kg")] | None = None
    friction_coefficient: Annotated[
        float, msgspec.Meta(ge=0, le=0.9), scalar("摩擦系数", "C", "1")
    ] = 0.07
    pulley_inertia_kg: Annotated[NonNegative, scalar("滑轮折合质量", "J/R²", "kg")] = 0.014
    local_g: Annotated[float, msgspec.Meta(ge=9, le=11), scalar("当地重力加速度", "g", "m/s²")] = (
        9.80
    )

    def __post_init__(self) -> None:
        sent = [part for part in PARTS if _is_sent(self, part)]
        if not sent and self.m is None and self.a_measured is None:
            raise ReadingError("没有读数，请至少填写一组")
        for part in sent:
            _require(self, part.times, f"{part.speeds}1")
            names = [part.times, *part.names(self)]
            require_equal_lengths(**{name: getattr(self, name) for name in names})
        if self.m is not None or self.a_measured is not None:
            _require(self, "m", "a_measured")
            require_equal_lengths(m=self.m or [], a_measured=self.a_measured or [])
        reasons = [_reason(getattr(self, part.times)) for part in sent]
        if sent and self.m is None and all(reasons):
            raise ReadingError(reasons[0], sent[0].times)


def _is_sent(readings: Ultrasound, part: Part) -> bool:
    return getattr(readings, part.times) is not None or bool(part.names(readings))


def _require(readings: Ultrasound, *names: str) -> None:
    for name in names:
        if getattr(readings, name) is None:
            raise ReadingError(f"缺少 {name}")


def _reason(times: list[float]) -> str:
    """Why no line can be fitted over these times; empty where one can."""
    if len(times) < 2:
        return f"只有 {len(times)} 个读数，拟合直线至少需要 2 个"
    return "所有读数都相同，无法拟合" if len(set(times)) < 2 else ""


class Motions(Result, frozen=True, kw_only=True):
    """The result with what the figures need.

    ``motions`` holds the ``_lab.pooled.PooledLine`` of each part by its figure; ``newton`` the
    ``_lab.atwood.SecondLaw``, None where it was not sent.
    """

    motions: dict[str, Any]
    newton: Any = None


def analyse(readings: Ultrasound) -> Motions:
    """Accelerations of all parts that were sent."""
    measurands: list[Measurand] = []
    fits: list[Fit] = []
    cautions: list[Caution] = []
    motions: dict[str, Any] = {}
    newton = None
    for part in PARTS:
        if not _is_sent(readings, part):
            continue
        if reason := _reason(getattr(readings, part.times)):
            sentence = f"{part.times}：{reason}，无法得到{part.measurand}"
            cautions.append(lab.verdict.unfit(sentence, part.times))
            continue
        pooled = motions[part.figure] = _pooled(readings, part)
        fits += _fits(part, pooled)
        runs = {name: getattr(readings, name) for name in part.names(readings)}
        times = getattr(readings, part.times)
        cautions += lab.runs.run_checks(part.times, times, runs, tables=len(PARTS))
        cautions += lab.runs.scatter_checks(pooled, part.measurand, part.times)
        if pooled.has_uncertainty:
            measurands.append(_acceleration(readings, part, pooled))
            cautions += lab.checks.reference_check(measurands[-1], FALL_CAUSES, part.times)
    if readings.m is not None:
        newton = _newton(readings)
        measurands += newton.measurands
        fits += newton.fits
        cautions += newton.warnings
        for measurand in newton.measurands:
            cautions += lab.checks.reference_check(measurand, NEWTON_CAUSES, "a_measured")
    cautions = lab.typed.checked(cautions, lab.usual_motion.ULTRASOUND, ("", readings))
    return Motions(
        measurands=measurands, fits=fits, warnings=cautions, motions=motions, newton=newton
    )


def _limit(readings: Ultrasound, part: Part) -> float | None:
    """Limit of the speeds: the largest one given for a run, for they are of one instrument."""
    limits = [readings.limit(name) for name in part.names(readings)]
    return max((limit for limit in limits if limit is not None), default=None)


def _pooled(readings: Ultrasound, part: Part) -> Any:
    return lab.pooled.pool_lines(
        getattr(readings, part.times),
        [getattr(readings, name) for name in part.names(readings)],
        x_limit=readings.limit(part.times),
        y_limit=_limit(readings, part),
        label=f"{part.title} v–t 直线",
        x_label="时间",
        y_label="速度",
    )


def _fits(part: Part, pooled: Any) -> list[Fit]:
    """The pooled line, then the runs one by one where there are several."""
    model = f"v = v₀ + {part.symbol}·t"
    named = ("加速度", part.symbol, "m/s²"), ("初速度", "v₀", "m/s")
    lines = {part.figure: pooled.mean}
    if len(pooled.runs) > 1:
        lines |= {f"{part.figure} {i}": run for i, run in enumerate(pooled.runs, 1)}
    return [line.as_fit(name, model, *named) for name, line in lines.items()]


def _acceleration(readings: Ultrasound, part: Part, pooled: Any) -> Measurand:
    reference = _local_g(readings) if part.measurand == FALL else None
    return lab.measurand.measurand(
        part.measurand, part.symbol, "m/s²", pooled.slope, reference=reference
    )


def _local_g(readings: Ultrasound) -> tuple[float, float, str]:
    return readings.local_g, (readings.limit("local_g") or 0.0) / 3**0.5, "当地重力加速度"


def _newton(readings: Ultrasound) -> Any:
    """Newton's second law from the weights and the accelerations as typed."""
    limits = {name: readings.limit(name) for name in NEWTON}
    known = lab.atwood.Constants(
        readings.receiver_mass_kg,
        readings.friction_coefficient,
        readings.pulley_inertia_kg,
        _local_g(readings),
        {name: limit for name, limit in limits.items() if limit is not None},
    )
    return lab.atwood.second_law(readings.m or [], readings.a_measured or [], known)


def figures(readings: Ultrasound, result: Motions) -> dict[str, Figure]:
    """Figures ``free-fall``, ``uniform-1`` to ``uniform-3``, ``newton-2``: those that were sent."""
    drawn = {}
    for part in PARTS:
        if not _is_sent(readings, part):
            continue
        x_label, y_label = field(Ultrasound, part.times).axis, "速度 v / (m/s)"
        pooled = result.motions.get(part.figure)
        if pooled is None:
            times = getattr(readings, part.times)
            runs = [getattr(readings, name) for name in part.names(readings)]
            points = [Points(times, run, f"第 {i + 1} 次", series=i) for i, run in enumerate(runs)]
            panels = [Panel(x_label, y_label, points, note=[_reason(times)])]
        else:
            limits = readings.limit(part.times), _limit(readings, part)
            note = [m.display for m in result.measurands if m.name == part.measurand]
            panels = lab.runs.run_panels(
                pooled, x_label, y_label, note=note, x_limit=limits[0], y_limit=limits[1]
            )
        drawn[part.figure] = Figure(f"超声波测速：{part.title}", panels)
    if readings.m is not None:
        axes = field(Ultrasound, "m").axis, field(Ultrasound, "a_measured").axis
        drawn["newton-2"] = Figure("超声波测速：牛顿第二定律", result.newton.panels(*axes))
    return drawn


function = experiment(
    __file__,
    title="超声波（多普勒测速）",
    input=Ultrasound,
    analyse=analyse,
    figures=figures,
    chapter="力学与热学",
    keywords="多普勒效应 自由落体 牛顿第二定律 声速",
)
app = function.app
