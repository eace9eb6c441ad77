"""Millikan's oil drops: the elementary charge from the charges of single drops.

Model
    q_i = n_i e.  A drop falls the distance l in the time t without a field, and rises it in the
    time t′ under the voltage U (dynamic method), or is held still by U (balance method, 1/t′ = 0):
    r = √(9 η l / (2 (ρ - ρ_air) g t)) and
    q = 18 π / √(2 (ρ - ρ_air) g) · [η l / (1 + b / (p r))]^(3/2) · (1/t + 1/t′) · t^(-1/2) · d / U
    (Stokes' law with Cunningham's correction, the radius in it without correction).
Measurands
    e by least squares through the origin (ν = N - 1); the mean of q_i / n_i; and, where the charges
    decide for a quantum, e from the integers that they themselves support, whatever integers the
    student assigned.  Charges count by their magnitude; a drop without a whole n ≠ 0 and a charge
    is in the figure and in nothing else.
Sources
    R. A. Millikan, Phys. Rev. 2, 109 (1913), for the method and the correction; the handouts of
    the OM99 and ZKY-MLG apparatus for the balance formula and its defaults; the SI for e, exact,
    1.602 176 634 × 10⁻¹⁹ C.
"""

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    Positive,
    Readings,
    column,
    field,
    require_equal_lengths,
)
from functions._lab.figure import Figure, Points
from functions._lab.oil_drop import Apparatus, drop_charge
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
RAW = "平衡法或动态法"
LEAST, MOST = 1.2, 2.2
"""Where the charge quantum is sought, in 10⁻¹⁹ C."""

Charge = Annotated[float, msgspec.Meta(ge=-10000, le=10000)]
Number = Annotated[float, msgspec.Meta(ge=-10000, le=10000)]
Times = Annotated[list[Positive], msgspec.Meta(min_length=1, max_length=100)]


class Millikan(Readings, frozen=True):
    """Charges with their integers, or the raw readings of the balance or the dynamic method."""

    ni: Annotated[list[Number], column("电荷数", "n", "1", table="油滴", limited=False)] | None = (
        None
    )
    qi: Annotated[list[Charge], column("油滴电荷", "q", "10⁻¹⁹ C", table="油滴")] | None = None
    voltages: Annotated[list[Positive], column("电压", "U", "V", table=RAW)] | None = None
    fall_times: Annotated[list[Times], column("下落时间", "t", "s", table=RAW)] | None = None
    rise_times: (
        Annotated[list[Times], column("上升时间（仅动态法）", "t′", "s", table=RAW)] | None
    ) = None
    apparatus: Apparatus = Apparatus()

    def __post_init__(self) -> None:
        given: dict[str, list[Any] | None] = {"qi": self.qi, "voltages": self.voltages}
        if (self.qi is None) == (self.voltages is None):
            raise ReadingError("请给出 qi，或给出 voltages 与 fall_times，二者取一")
        if self.voltages is not None and self.fall_times is None:
            raise ReadingError("缺少 fall_times")
        if self.rise_times is not None and self.voltages is None:
            raise ReadingError("动态法还需要电压与下落时间", "rise_times")
        if self.qi is not None and self.ni is None:
            raise ReadingError("缺少 ni")
        given |= {"fall_times": self.fall_times, "rise_times": self.rise_times, "ni": self.ni}
        columns = {k: v for k, v in given.items() if v is not None}
        if require_equal_lengths(**columns) < 2:
            raise ReadingError("至少需要 2 个油滴", next(iter(columns)))


class Charges(Result, frozen=True, kw_only=True):
    """The result with what the figure needs, of the drops that count; charges in 10⁻¹⁹ C."""

    charges: list[float]
    uncertainties: list[float] | None
    """Standard uncertainties of the charges, where they are known."""
    by_limits: list[float]
    """Those by the instrument limits alone."""
    integers: list[int]
    aside: list[tuple[float, float]]
    """n and charge of the drops that do not count."""


def analyse(readings: Millikan) -> Result:
    """Elementary charge from all drops that count."""
    import numpy as np

    every, spreads, limits = _charges(readings)
    counting, cautions = _counting(readings, every)
    charges = np.abs(every[counting])
    by_limits = limits[counting]
    found = lab.quantum.find_quantum(charges, LEAST, MOST)
    integers = _integers(readings, counting, found)
    steps = integers.astype(float)
    line = _line_of(steps, charges, by_limits, "q–n 直线")
    measurands = [_elementary("基本电荷（最小二乘法）", "e", line.slope)]
    ratios = lab.measurand.repeated((charges / steps).tolist(), label="各油滴 q/n 的分散")
    if by_limits.any():
        delta = float(np.linalg.norm(by_limits / steps)) / len(steps)
        ratios = ratios + lab.measurand.limit(3**0.5 * delta, "电荷 q")
    measurands.append(_elementary("基本电荷（各油滴平均）", "ē", ratios))
    if found is not None and found.is_sharp:
        measurands.append(_own_quantum(charges, found, by_limits))
    cautions += _integer_cautions(readings, counting, found)
    if readings.qi is not None:
        cautions += lab.checks.line_checks(
            "ni", steps, "qi", charges, model="proportional", x_counted=True, indices=counting
        )
    cautions += lab.verdict.scatter_checks(line, "q–n 直线", "qi")
    causes = ["电荷数 n 分配错误", "平衡电压没有调准", "油滴蒸发或计时起止位置不准"]
    cautions += lab.checks.reference_check(measurands[0], causes)
    cautions = lab.typed.checked(cautions, lab.usual_motion.MILLIKAN, ("", readings))
    given = readings.ni or [0.0] * len(every)
    return Charges(
        measurands=measurands,
        fits=[line.as_fit("q-n", "q = e·n", ("基本电荷", "e", "10⁻¹⁹ C"))],
        warnings=cautions,
        charges=charges.tolist(),
        uncertainties=None if spreads is None else spreads[counting].tolist(),
        by_limits=by_limits.tolist(),
        integers=[int(n) for n in integers],
        aside=[(given[i], float(q)) for i, q in enumerate(every) if i not in counting],
    )


def _counting(readings: Millikan, charges: "Array") -> tuple[list[int], list[Caution]]:
    """Drops that count, and warnings of those that do not or whose sign is left out.

    Raises ReadingError, naming the first that does not, where fewer than two are left.
    """
    counting, cautions = [], []
    for i, charge in enumerate(charges):
        n = readings.ni[i] if readings.ni is not None else 1.0
        if not n or n != round(n):
            sentence = f"ni[{i}] = {n:g} 不是非零的整数，这一油滴不参加计算，请核对电荷数"
            cautions.append(Caution("not-whole", sentence, "ni", i))
        elif not charge:
            sentence = f"qi[{i}] = 0，这一油滴不参加计算，请核对电荷"
            cautions.append(Caution("not-whole", sentence, "qi", i))
        else:
            counting.append(i)
            if charge < 0 or n < 0:
                name, typed = ("qi", charge) if charge < 0 else ("ni", n)
                sentence = f"{name}[{i}] = {typed:g} 为负，按绝对值计算，请核对正负号"
                cautions.append(Caution("sign", sentence, name, i))
    if len(counting) < 2:
        raise ReadingError(
            "n 为非零整数、电荷不为零的油滴不足 2 个", cautions[0].field, cautions[0].index
        )
    return counting, cautions


def _charges(readings: Millikan) -> "tuple[Array, Array | None, Array]":
    """Charges in 10⁻¹⁹ C, their standard uncertainties where known, and those by limits alone."""
    import numpy as np

    if readings.qi is not None:
        limit = readings.limit("qi")
        spread = np.full(len(readings.qi), (limit or 0.0) / 3**0.5)
        return np.array(readings.qi), None if limit is None else spread, spread
    drops = [_drop(readings, i) for i in range(len(readings.voltages or []))]
    charges, spreads = (np.array([getattr(d, n) for d in drops]) / UNIT for n in ("x", "u"))
    limits = np.array([_drop(readings, i, scattered=False).u for i in range(len(drops))]) / UNIT
    return charges, spreads if spreads.all() else None, limits


def _drop(readings: Millikan, i: int, *, scattered: bool = True) -> Any:
    """Charge of drop i in C as an uncertain number; by the limits alone where not ``scattered``."""
    assert readings.voltages is not None
    assert readings.fall_times is not None

    def time(name: str, title: str, column: list[list[float]]) -> Any:
        limit, times = readings.limit(name), column[i]
        if scattered and (len(times) > 1 or limit is not None):
            return lab.measurand.repeated(times, limit=limit, label=title)
        return lab.measurand.constant(sum(times) / len(times), (limit or 0.0) / 3**0.5, title)

    bound, voltage = readings.limit("voltages"), readings.voltages[i]
    held = voltage if bound is None else voltage + lab.measurand.limit(bound, "电压")
    fall = time("fall_times", "下落时间", readings.fall_times)
    rise = None
    if readings.rise_times is not None:
        rise = time("rise_times", "上升时间", readings.rise_times)
    return drop_charge(held, fall, readings.apparatus, rise)


def _integers(
    readings: Millikan, counting: list[int], found: "Quantum | None"
) -> "NDArray[np.int64]":
    """The student's integers, or those that the charges support."""
    import numpy as np

    if readings.ni is not None:
        return np.array([abs(round(readings.ni[i])) for i in counting])
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


def _integer_cautions(
    readings: Millikan, counting: list[int], found: "Quantum | None"
) -> list[Caution]:
    """Warn where the charges support other integers than the student's, or none for certain."""
    if found is None:
        sentence = "电荷较小的油滴不足 3 个，无法由电荷本身判断公约数"
        return [lab.verdict.unfit(sentence)]
    if not found.is_sharp:
        level = f"相干度 {found.coherence:.2f}，次优 {found.rival:.2f}"
        sentence = (
            f"这 {len(counting)} 个电荷还不能判断公约数（{level}，{{}}），请多测电荷较小的油滴"
        )
        wanted = f"需大于 {found.level:.2f} 并明显高于次优"
        return [Caution("quantum", sentence.format(wanted))]
    if readings.ni is None:
        return []
    return [
        Caution(
            "integer",
            f"ni[{i}] = {readings.ni[i]:g}，而各电荷自身支持 {int(own)}"
            f"（公约数 {found.size:.3f}×10⁻¹⁹ C），请勿用公认的 e 去凑整数",
            "ni",
            i,
        )
        for i, own in zip(counting, found.integers, strict=True)
        if abs(readings.ni[i]) != own
    ]


def figures(readings: Millikan, result: Charges) -> dict[str, Figure]:
    """Figure ``q-n``: charges over integers with the line through the origin, and residuals."""
    import numpy as np

    steps = np.array(result.integers, dtype=float)
    line = _line_of(steps, np.array(result.charges), np.array(result.by_limits), "q–n 直线")
    panels = lab.panels.line_panels(
        line,
        field(Millikan, "ni").axis,
        field(Millikan, "qi").axis,
        note=[measurand.display for measurand in result.measurands[:1]],
        label="油滴",
        curve_label="过原点的拟合直线",
        u_y=result.uncertainties,
        reach=[0.0],
        x_whole=True,
    )
    if result.aside:
        steps_aside, charges_aside = zip(*result.aside, strict=True)
        apart = Points(steps_aside, charges_aside, "未参加计算", series=2, hollow=True)
        panels[0] = dataclasses.replace(panels[0], items=[*panels[0].items, apart])
    return {"q-n": Figure("密立根油滴实验：电荷与电荷数", panels)}


function = experiment(
    __file__,
    title="密立根油滴",
    input=Millikan,
    analyse=analyse,
    figures=figures,
    chapter="近代物理",
    keywords="油滴 元电荷 基本电荷",
)
app = function.app
