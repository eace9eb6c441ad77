"""Heat: the platinum resistor Pt100 and a thermistor (NTC) over temperature.

Model
    Pt100: R = R₀ (1 + α t).  NTC: ln R = ln R∞ + B/T, T = t + 273.15.
Measurands
    R₀ = a and α = b/a of R = a + b t, with their covariance; B, R₂₅ and α_T = -B/T² at 25 °C of
    the line of ln R over 1/T.
References
    IEC 60751: R₀ = 100 Ω and α = 3.851 × 10⁻³ /°C between 0 and 100 °C.  Their standard
    uncertainties are those of class B, |Δt| ≤ 0.30 °C + 0.005 |t|: 0.12 Ω at 0 °C, and half a
    per cent of the slope, each as a rectangular distribution.  Each reading is compared with
    R(t) = 100 Ω (1 + A t + B t²), A = 3.9083 × 10⁻³, B = -5.775 × 10⁻⁷ (from 0 °C; below, the term
    C (t - 100) t³, C = -4.183 × 10⁻¹², is added).  The straight line is the handout's: between 55
    and 80 °C the curvature of R(t) lowers its α by 0.8 %.
Uncertainty
    Ordinary least squares, ν = n - 2.  Limits Δ of t and of R become those of 1/T and ln R reading
    by reading, with the derivatives 1/T² and 1/R.
Sources
    IEC 60751:2008 for characteristic and tolerance classes; E. D. Macklen, Thermistors (1979),
    for the thermistor.
"""

from typing import Annotated, Any

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    Celsius,
    Positive,
    Readings,
    column,
    field,
    require_equal_lengths,
    require_points,
    require_spread,
)
from functions._lab.figure import Curve, Figure, Panel, Points
from functions._lab.result import Caution, Fit, Measurand, Result
from functions._runtime.experiment import experiment

ZERO = 273.15
ROOM = 25 + ZERO
FIRST, STEP = 55.0, 5.0
IEC_A, IEC_B, IEC_C = 3.9083e-3, -5.775e-7, -4.183e-12
R0 = (100.0, 0.12 / 3**0.5, "IEC 60751")
ALPHA = (3.851e-3, 0.005 * 3.851e-3 / 3**0.5, "IEC 60751")
OFFSET = 1.0
"""Ω; 2.6 °C, more than class B and the wires of a bridge allow."""
MOST_NAMED = 3
CAUSES = ("是否已扣除引线电阻（三线制或四线制接法）", "电阻箱或电桥的零点", "温度是否已经稳定")


class Thermal(Readings, frozen=True):
    """Pt100, NTC or both, over one column of temperatures (missing: 55, 60, 65 … °C)."""

    temperatures: Annotated[list[Celsius], column("温度", "t", "°C", table="热敏元件")] | None = (
        None
    )
    pt100_resistance: (
        Annotated[list[Positive], column("Pt100 电阻", "R", "Ω", table="热敏元件")] | None
    ) = None
    ntc_resistance: (
        Annotated[list[Positive], column("NTC 电阻", "R", "Ω", table="热敏元件")] | None
    ) = None

    def __post_init__(self) -> None:
        names = ("pt100_resistance", "ntc_resistance")
        columns = {name: v for name in names if (v := getattr(self, name)) is not None}
        if not columns:
            raise ReadingError("请给出 pt100_resistance 或 ntc_resistance 的读数")
        if self.temperatures is not None:
            columns = {"temperatures": self.temperatures, **columns}
        require_equal_lengths(**columns)
        for name, values in columns.items():
            require_points(name, values, 2, "拟合直线")
        require_spread("temperatures", self.celsius)

    @property
    def celsius(self) -> list[float]:
        """The temperatures in °C, those of the handout where none were sent."""
        if self.temperatures is not None:
            return self.temperatures
        count = len(self.pt100_resistance or self.ntc_resistance or ())
        return [FIRST + STEP * i for i in range(count)]


class Lines(Result, frozen=True, kw_only=True):
    """The result with the two fitted lines (``_lab.line.Line``), None where a part is missing."""

    pt100: Any = None
    ntc: Any = None


def analyse(readings: Thermal) -> Lines:
    """R₀ and α of the Pt100; B, R₂₅ and α_T of the NTC."""
    measurands: list[Measurand] = []
    fits: list[Fit] = []
    cautions: list[Caution] = []
    pt100 = ntc = None
    if readings.pt100_resistance is not None:
        pt100 = _pt100_line(readings, readings.pt100_resistance)
        named = ("斜率", "b", "Ω/°C"), ("截距", "a", "Ω")
        fits.append(pt100.as_fit("pt100", "R = a + b·t", *named))
        cautions += _pt100_checks(readings, readings.pt100_resistance, pt100)
        measurands += _platinum(pt100, cautions)
    if readings.ntc_resistance is not None:
        ntc = _ntc_line(readings, readings.ntc_resistance)
        named = ("材料常数", "B", "K"), ("截距", "ln R∞", "1")
        fits.append(ntc.as_fit("ntc", "ln(R/Ω) = ln R∞ + B·(1/T)", *named))
        cautions += _ntc_checks(readings, readings.ntc_resistance, ntc)
        measurands += _thermistor(ntc)
    cautions = lab.typed.checked(cautions, lab.usual_motion.THERMAL, ("", readings))
    said = list(dict.fromkeys(cautions))
    return Lines(measurands=measurands, fits=fits, warnings=said, pt100=pt100, ntc=ntc)


def standard_resistance(celsius: float) -> float:
    """Resistance in Ω of a Pt100 after IEC 60751."""
    ratio = 1 + IEC_A * celsius + IEC_B * celsius**2
    return 100 * (ratio + min(celsius, 0.0) ** 3 * IEC_C * (celsius - 100))


def _pt100_line(readings: Thermal, resistances: list[float]) -> Any:
    return lab.line.fit_line(
        readings.celsius,
        resistances,
        x_limit=readings.limit("temperatures"),
        y_limit=readings.limit("pt100_resistance"),
        label="R–t 直线",
        x_label="温度",
        y_label="Pt100 电阻",
    )


def _ntc_line(readings: Thermal, resistances: list[float]) -> Any:
    """Line of ln(R/Ω) over 1/T in 1/K."""
    import numpy as np

    kelvin, ohms = np.array(readings.celsius) + ZERO, np.array(resistances)
    delta = readings.limit("temperatures"), readings.limit("ntc_resistance")
    line = lab.line.fit_line(
        1 / kelvin,
        np.log(ohms),
        x_limit=lab.limits.carried(delta[0], kelvin**-2),
        y_limit=lab.limits.carried(delta[1], 1 / ohms),
        label="ln R–1/T 直线",
        x_label="温度",
        y_label="NTC 电阻",
    )
    moved = {"温度": (delta[0], line.slope.x / kelvin**2), "NTC 电阻": (delta[1], 1 / ohms)}
    return lab.limits.uneven(line, moved)


def _platinum(line: Any, cautions: list[Caution]) -> list[Measurand]:
    """R₀ and α, or a warning in their place."""
    if not lab.verdict.has_uncertainty(line):
        return []
    found = [lab.measurand.measurand("零度电阻", "R₀", "Ω", line.intercept, reference=R0)]
    if not line.intercept.x > 0:
        sentence = "Pt100 的 R–t 直线在 0 °C 处不为正，无法得到 α，请检查温度与电阻是否对应"
        cautions.append(lab.verdict.unfit(sentence, "pt100_resistance"))
        return found
    # b/a by way of the height amid the readings, which is not correlated with the slope
    b = line.slope
    alpha = 1 / (line.height / b - line.pivot) if b.x else b / line.intercept
    found.append(lab.measurand.measurand("电阻温度系数", "α", "/°C", alpha, reference=ALPHA))
    for each in found:
        cautions += lab.checks.reference_check(each, CAUSES, "pt100_resistance")
    return found


def _thermistor(line: Any) -> list[Measurand]:
    """B, R₂₅ and α_T."""
    if not lab.verdict.has_uncertainty(line):
        return []
    from GTC import exp

    at_room = exp(line.predict(1 / ROOM))
    return [
        lab.measurand.measurand("材料常数", "B", "K", line.slope),
        lab.measurand.measurand("25 °C 时的电阻", "R₂₅", "Ω", at_room),
        lab.measurand.measurand("25 °C 时的温度系数", "α_T", "/K", -line.slope / ROOM**2),
    ]


def _pt100_checks(readings: Thermal, resistances: list[float], line: Any) -> list[Caution]:
    name = "pt100_resistance"
    standard = [standard_resistance(t) for t in readings.celsius]
    found = lab.checks.line_checks(
        "temperatures", readings.celsius, name, resistances, x_monotonic=True
    )
    common = lab.checks.offset_check(
        *(name, resistances, standard),
        tolerance=OFFSET,
        unit="Ω",
        source="IEC 60751",
        causes=CAUSES,
    )
    found += common or _single_offsets(resistances, standard, {c.index for c in found})
    return found + lab.verdict.scatter_checks(line, "Pt100 的 R–t 直线", name)


def _single_offsets(
    resistances: list[float], standard: list[float], accused: set[int | None]
) -> list[Caution]:
    """The readings farthest from IEC 60751, where there is no offset common to all."""
    far = [
        (abs(r - s), i)
        for i, (r, s) in enumerate(zip(resistances, standard, strict=True))
        if abs(r - s) > OFFSET and i not in accused
    ]
    return [
        Caution(
            "offset",
            f"pt100_resistance[{i}] = {resistances[i]:g} 与 IEC 60751 在该温度的"
            f" {standard[i]:.2f} Ω 相差较大，请核对温度与电阻",
            "pt100_resistance",
            i,
        )
        for i in sorted(i for _, i in sorted(far, reverse=True)[:MOST_NAMED])
    ]


def _ntc_checks(readings: Thermal, resistances: list[float], line: Any) -> list[Caution]:
    import numpy as np

    found = lab.checks.line_checks(
        "temperatures",
        readings.celsius,
        "ntc_resistance",
        resistances,
        to_x=lambda t: 1 / (t + ZERO),
        to_y=np.log,
        x_monotonic=True,
    )
    found += lab.verdict.precision_check("NTC 的材料常数 B", line.slope, "ntc_resistance")
    if line.slope.x < 0:
        sentence = "NTC 的电阻应随温度升高而减小，请检查温度与电阻是否对应"
        found.append(Caution("unphysical", sentence, "ntc_resistance"))
    return found + lab.verdict.scatter_checks(line, "NTC 的 ln R–1/T 直线", "ntc_resistance")


def figures(readings: Thermal, result: Lines) -> dict[str, Figure]:
    """Figures ``pt100`` (line and residuals) and ``ntc`` (curve, and line with residuals)."""
    drawn, limit, moved = {}, readings.limit, lab.limits.of_each
    if result.pt100 is not None:
        panels = lab.panels.line_panels(
            result.pt100,
            field(Thermal, "temperatures").axis,
            field(Thermal, "pt100_resistance").axis,
            note=_notes(result, ("R₀", "α")),
            x_limit=limit("temperatures"),
            y_limit=limit("pt100_resistance"),
            more=[_standard_curve(readings.celsius)],
        )
        drawn["pt100"] = Figure("Pt100 铂电阻的温度特性", panels)
    if result.ntc is not None and readings.ntc_resistance is not None:
        panels = [_ntc_curve(readings, readings.ntc_resistance, result.ntc)]
        panels += lab.panels.line_panels(
            result.ntc,
            "热力学温度的倒数 1/T / K⁻¹",
            "电阻的对数 ln(R/Ω)",
            note=_notes(result, ("B", "R₂₅", "α_T")),
            x_limit=moved(limit("temperatures"), [(t + ZERO) ** -2 for t in readings.celsius]),
            y_limit=moved(limit("ntc_resistance"), [1 / r for r in readings.ntc_resistance]),
        )
        drawn["ntc"] = Figure("NTC 热敏电阻的温度特性", panels)
    return drawn


def _standard_curve(celsius: list[float]) -> Curve:
    """R(t) of IEC 60751 over the range of the readings."""
    low, high = min(celsius), max(celsius)
    grid = [low + (high - low) * i / 60 for i in range(61)]
    return Curve(grid, [standard_resistance(t) for t in grid], "IEC 60751", 1, "dashed")


def _ntc_curve(readings: Thermal, resistances: list[float], line: Any) -> Panel:
    """R over t with the fitted exponential."""
    import numpy as np

    grid = np.linspace(min(readings.celsius), max(readings.celsius), 120)
    names, count = ("temperatures", "ntc_resistance"), len(resistances)
    spread = [lab.panels.spread(readings.limit(name), count) for name in names]
    x_axis, y_axis = (field(Thermal, name).axis for name in names)
    law = Curve(grid, np.exp(line.at(1 / (grid + ZERO))), "R = R∞·exp(B/T)")
    points = Points(readings.celsius, resistances, "读数", u_x=spread[0], u_y=spread[1])
    return Panel(x_axis, y_axis, [law, points])


def _notes(result: Result, symbols: tuple[str, ...]) -> list[str]:
    return [m.display for m in result.measurands if m.symbol in symbols]


function = experiment(
    __file__,
    title="热学综合",
    input=Thermal,
    analyse=analyse,
    figures=figures,
    chapter="力学与热学",
    keywords="铂电阻 热敏电阻 Pt100 NTC 温度系数",
)
app = function.app
