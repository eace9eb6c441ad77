"""Millikan's oil drops: the elementary charge from the charges of single drops.

Model
    q_i = n_i e.  Balance method: a drop that the voltage U holds still falls the distance l in the
    time t without it; r = √(9 η l / (2 (ρ - ρ_air) g t)) and
    q = 18 π / √(2 (ρ - ρ_air) g) · [η l / (t (1 + b / (p r)))]^(3/2) · d / U
    (Stokes' law with Cunningham's correction, the radius in it without correction).
Measurands
    e by least squares through the origin (ν = N - 1); the mean of q_i / n_i; and e from the
    integers that the charges themselves support, whatever integers the student assigned.
Sources
    R. A. Millikan, Phys. Rev. 2, 109 (1913), for the method and the correction; the handouts of
    the OM99 and ZKY-MLG apparatus for the balance formula and its defaults; the SI for e, exact,
    1.602 176 634 × 10⁻¹⁹ C.
"""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec
from msgspec import Struct

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    Count,
    Positive,
    Readings,
    column,
    field,
    require_equal_lengths,
    scalar,
)
from functions._lab.figure import Figure
from functions._lab.result import Caution, Measurand, Result
from functions._runtime.experiment import experiment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from functions._lab.line import Line
    from functions._lab.quantum import Quantum

    Array: TypeAlias = NDArray[np.float64]

E = 1.602176634e-19
UNIT = 1e-19
LEAST, MOST = 1.2, 2.2
"""Where the charge quantum is sought, in 10⁻¹⁹ C."""

Charge = Annotated[float, msgspec.Meta(ge=0.01, le=10000)]


class Apparatus(Struct, frozen=True):
    """The balance apparatus; defaults of the OM99 handout, at 101 325 Pa and 20 °C."""

    distance_mm: Annotated[Positive, scalar("下落距离", "l", "mm", limited=False)] = 2.0
    plate_gap_mm: Annotated[Positive, scalar("极板间距", "d", "mm", limited=False)] = 5.0
    oil_density: Annotated[Positive, scalar("油密度", "ρ", "kg/m³", limited=False)] = 981.0
    air_density: Annotated[
        float, msgspec.Meta(ge=0, le=100), scalar("空气密度", "ρ₀", "kg/m³", limited=False)
    ] = 1.2928
    viscosity: Annotated[Positive, scalar("空气黏度", "η", "Pa·s", limited=False)] = 1.83e-5
    pressure: Annotated[Positive, scalar("大气压强", "p", "Pa", limited=False)] = 101325.0
    cunningham_b: Annotated[Positive, scalar("修正常数", "b", "m·Pa", limited=False)] = 8.226e-3
    g: Annotated[Positive, scalar("重力加速度", "g", "m/s²", limited=False)] = 9.80

    def __post_init__(self) -> None:
        if self.oil_density <= self.air_density:
            raise ReadingError("应大于空气密度", "apparatus.oil_density")


class Millikan(Readings, frozen=True):
    """Charges with their integers, or the raw readings of the balance method."""

    ni: Annotated[list[Count], column("电荷数", "n", "1", table="油滴", limited=False)] | None = (
        None
    )
    qi: Annotated[list[Charge], column("油滴电荷", "q", "10⁻¹⁹ C", table="油滴")] | None = None
    voltages: Annotated[list[Positive], column("平衡电压", "U", "V", table="平衡法")] | None = None
    fall_times: (
        Annotated[
            list[Annotated[list[Positive], msgspec.Meta(min_length=1, max_length=100)]],
            column("下落时间", "t", "s", table="平衡法"),
        ]
        | None
    ) = None
    apparatus: Apparatus = Apparatus()

    def __post_init__(self) -> None:
        given: dict[str, list[Any] | None] = {"qi": self.qi, "voltages": self.voltages}
        if (self.qi is None) == (self.voltages is None):
            raise ReadingError("请给出 qi，或给出 voltages 与 fall_times，二者取一")
        if self.voltages is not None and self.fall_times is None:
            raise ReadingError("缺少必填字段 fall_times")
        if self.qi is not None and self.ni is None:
            raise ReadingError("缺少必填字段 ni")
        given |= {"fall_times": self.fall_times, "ni": self.ni}
        columns = {k: v for k, v in given.items() if v is not None}
        if require_equal_lengths(**columns) < 2:
            raise ReadingError("至少需要 2 个油滴", next(iter(columns)))


class Charges(Result, frozen=True, kw_only=True):
    """The result with what the figure needs: q in 10⁻¹⁹ C, its u where known, the integers."""

    charges: list[float]
    uncertainties: list[float] | None
    integers: list[int]


def balance_charge(voltage: Any, time: Any, apparatus: Apparatus) -> Any:
    """Charge of a drop in C from its balance voltage in V and its fall time in s.

    Floats or GTC uncertain numbers; formula in the module's docstring.
    """
    buoyant = (apparatus.oil_density - apparatus.air_density) * apparatus.g
    viscous = apparatus.viscosity * apparatus.distance_mm * 1e-3
    radius = (9 * viscous / (2 * buoyant * time)) ** 0.5
    slip = 1 + apparatus.cunningham_b / (apparatus.pressure * radius)
    scale = 18 * 3.141592653589793 / (2 * buoyant) ** 0.5
    return scale * (viscous / (time * slip)) ** 1.5 * apparatus.plate_gap_mm * 1e-3 / voltage


def analyse(readings: Millikan) -> Result:
    """Elementary charge from all drops."""
    import numpy as np

    charges, uncertainties, cautions = _charges(readings)
    found = lab.quantum.find_quantum(charges, LEAST, MOST)
    integers = _integers(readings, charges, found)
    steps = integers.astype(float)
    by_limits = _by_limits(readings, charges)
    line = _line_of(steps, charges, by_limits, "q–n 直线")
    measurands = [_elementary("基本电荷（最小二乘法）", "e", line.slope)]
    ratios = lab.measurand.repeated((charges / steps).tolist(), label="各油滴 q/n 的分散")
    if by_limits.any():
        delta = float(np.linalg.norm(by_limits / steps)) / len(steps)
        ratios = ratios + lab.measurand.limit(3**0.5 * delta, "电荷 q")
    measurands.append(_elementary("基本电荷（各油滴平均）", "ē", ratios))
    fits = [line.as_fit("q-n", "q = e·n", ("基本电荷", "e", "10⁻¹⁹ C"))]
    if found is None:
        cautions.append(lab.verdict.unfit("电荷较小的油滴不足 3 个，无法由电荷本身判断公约数"))
    else:
        measurands.append(_own_quantum(charges, found, by_limits))
        cautions += _integer_cautions(readings, np.rint(integers), found)
    if readings.qi is not None:
        cautions += lab.checks.line_checks(
            "ni", steps, "qi", charges, model="proportional", x_counted=True
        )
    cautions += lab.verdict.scatter_checks(line, "q–n 直线", "qi")
    causes = ["电荷数 n 分配错误", "平衡电压没有调准", "油滴蒸发或计时起止位置不准"]
    cautions += lab.checks.reference_check(measurands[0], causes)
    return Charges(
        measurands=measurands,
        fits=fits,
        warnings=cautions,
        charges=charges.tolist(),
        uncertainties=None if uncertainties is None else uncertainties.tolist(),
        integers=[int(n) for n in integers],
    )


def _charges(readings: Millikan) -> "tuple[Array, Array | None, list[Caution]]":
    """Charges in 10⁻¹⁹ C, their standard uncertainties where they can be known, and warnings."""
    import numpy as np

    if readings.qi is not None:
        limit = readings.limit("qi")
        spread = None if limit is None else np.full(len(readings.qi), limit / 3**0.5)
        return np.array(readings.qi), spread, []
    assert readings.voltages is not None
    assert readings.fall_times is not None
    drops = [
        _drop(readings, voltage, times)
        for voltage, times in zip(readings.voltages, readings.fall_times, strict=True)
    ]
    charges = np.array([drop.x for drop in drops]) / UNIT
    spreads = np.array([drop.u for drop in drops]) / UNIT
    return charges, spreads if spreads.all() else None, []


def _drop(readings: Millikan, voltage: float, times: list[float]) -> Any:
    """Charge of one drop in C as an uncertain number."""
    limit = readings.limit("fall_times")
    if len(times) == 1 and limit is None:
        time = lab.measurand.constant(times[0], 0.0, "下落时间")
    else:
        time = lab.measurand.repeated(times, limit=limit, label="下落时间")
    bound = readings.limit("voltages")
    held = voltage if bound is None else voltage + lab.measurand.limit(bound, "平衡电压")
    return balance_charge(held, time, readings.apparatus)


def _by_limits(readings: Millikan, charges: "Array") -> "Array":
    """Standard uncertainty of each charge by the instrument limits alone, in 10⁻¹⁹ C."""
    import numpy as np

    if readings.voltages is None or readings.fall_times is None:
        return np.full(len(charges), (readings.limit("qi") or 0.0) / 3**0.5)
    limits = readings.limit("voltages") or 0.0, readings.limit("fall_times") or 0.0
    spreads = []
    for voltage, times in zip(readings.voltages, readings.fall_times, strict=True):
        held = lab.measurand.constant(voltage, limits[0] / 3**0.5, "平衡电压")
        time = lab.measurand.constant(sum(times) / len(times), limits[1] / 3**0.5, "下落时间")
        spreads.append(float(balance_charge(held, time, readings.apparatus).u))
    return np.array(spreads) / UNIT


def _integers(readings: Millikan, charges: "Array", found: "Quantum | None") -> "NDArray[np.int64]":
    """The student's integers, or those that the charges support."""
    import numpy as np

    if readings.ni is not None:
        return np.array(readings.ni)
    if found is None:
        raise ReadingError("电荷较小的油滴不足 3 个，无法判断电荷数，请填写 ni", "ni")
    return found.integers


def _elementary(name: str, symbol: str, estimate: Any) -> Measurand:
    return lab.measurand.measurand(
        name, symbol, "C", estimate * UNIT, reference=(E, 0.0, "SI 定义值（2019）")
    )


def _line_of(steps: "Array", charges: "Array", by_limits: "Array", label: str) -> "Line":
    """q = e n; the limit of the line is the one that moves its slope as those of the drops do."""
    weight = float(((steps * by_limits) ** 2).sum() / (steps**2).sum())
    limit = (3 * weight) ** 0.5 or None
    return lab.line.fit_proportional(steps, charges, y_limit=limit, label=label, y_label="电荷 q")


def _own_quantum(charges: "Array", found: "Quantum", by_limits: "Array") -> Measurand:
    label = "由电荷自身判断的 q–n 直线"
    line = _line_of(found.integers.astype(float), charges, by_limits, label)
    name = f"基本电荷（由电荷自身寻得，相干度 {found.coherence:.2f}）"
    return _elementary(name, "e₀", line.slope)


def _integer_cautions(readings: Millikan, integers: "Array", found: "Quantum") -> list[Caution]:
    """Warn where the charges support other integers than the student's, or none for certain."""
    if not found.is_sharp:
        return [
            Caution(
                "quantum",
                f"这些电荷对公约数的支持不明确（相干度 {found.coherence:.2f}，"
                f"次优 {found.rival:.2f}），请测量更多电荷较小的油滴",
            )
        ]
    if readings.ni is None:
        return []
    return [
        Caution(
            "integer",
            f"ni[{i}] = {int(given)}，而各电荷自身支持 {int(own)}"
            f"（公约数 {found.size:.3f}×10⁻¹⁹ C），请勿用公认的 e 去凑整数",
            "ni",
            i,
        )
        for i, (given, own) in enumerate(zip(integers, found.integers, strict=True))
        if given != own
    ]


def figures(readings: Millikan, result: Charges) -> dict[str, Figure]:
    """Figure ``q-n``: charges over integers with the line through the origin, and residuals."""
    line = _line(result)
    note = [measurand.display for measurand in result.measurands[:1]]
    panels = lab.panels.line_panels(
        line,
        field(Millikan, "ni").axis,
        field(Millikan, "qi").axis,
        note=note,
        label="油滴",
        curve_label="过原点的拟合直线",
        u_y=result.uncertainties,
        reach=[0.0],
    )
    return {"q-n": Figure("密立根油滴实验：电荷与电荷数", panels)}


def _line(result: Charges) -> "Line":
    steps = [float(n) for n in result.integers]
    return lab.line.fit_proportional(steps, result.charges)


function = experiment(
    __file__, title="密立根油滴", input=Millikan, analyse=analyse, figures=figures
)
app = function.app

if __name__ == "__main__":
    function.main()
