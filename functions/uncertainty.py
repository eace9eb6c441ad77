"""A quantity worked out from others: combined standard uncertainty and budget of a formula.

Model
    Y = f(X₁, …, X_N), the formula as the student types it.  Each X is the mean of its readings,
    x̄, with type A s/√n (ν = n - 1), type B Δ/√3 of the instrument's limit of error, and a
    standard uncertainty known from elsewhere; the quantities are independent of one another.
    u²(y) = Σ (∂f/∂x_i)² u²(x_i), ν_eff by Welch–Satterthwaite, U = t₀.₉₅(ν_eff) u.
Units
    Where the units are known, the formula is reckoned in SI (angles in radians), and the result
    given in its own unit, or in one that follows from the others.  A formula that holds factors of
    conversion (1000, 180/π) is reckoned as it is written.
Measurands
    Y with its budget, and each direct quantity that has an uncertainty.
Sources
    JCGM 100:2008, 4.2, 4.3, 5.1 and G.4; JJF 1059.1-2012, 4.3 and 4.4.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta, Struct

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import NonNegative, Positive, Readings, Real, column, scalar
from functions._lab.figure import Figure
from functions._lab.notation.formula import FUNCTIONS, Formula, canonical, parse
from functions._lab.result import Caution, Result
from functions._runtime.experiment import experiment

MOST_READINGS = 1000
_UNIT = "该量的单位"
_NO_CONTROL = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$(?!\n)"


def _text(title: str, max_length: int) -> Meta:
    return Meta(title=title, max_length=max_length, pattern=_NO_CONTROL)


class Quantity(Struct, frozen=True):
    """A direct quantity: its readings in one unit, and what its instrument allows."""

    symbol: Annotated[str, _text("符号（与公式中相同）", 20)]
    readings: Annotated[
        list[Real], column("读数", "x", _UNIT, max_length=MOST_READINGS, limited=False)
    ]
    limit: Annotated[Positive, scalar("仪器误差限", "Δ", _UNIT, limited=False)] | None = None
    standard_uncertainty: (
        Annotated[
            NonNegative, scalar("另外已知的标准不确定度（0 为准确值）", "u", _UNIT, limited=False)
        ]
        | None
    ) = None
    unit: Annotated[str, _text("单位", 20)] = "1"
    title: Annotated[str, _text("名称", 40)] = ""

    @property
    def key(self) -> str:
        """The symbol as the formula has it."""
        return canonical(self.symbol)

    @property
    def label(self) -> str:
        """Name and symbol, ``摆长 l``."""
        return f"{self.title.strip()} {self.symbol.strip()}".strip()


class Combination(Readings, frozen=True):
    """The direct quantities and the formula."""

    formula: Annotated[
        str, Meta(title="公式", description="如 g = 4π²l/T²", max_length=300, pattern=_NO_CONTROL)
    ]
    quantities: Annotated[list[Quantity], Meta(title="直接测量量", min_length=1, max_length=20)]
    result_title: Annotated[str, _text("结果的名称", 40)] = ""
    result_unit: Annotated[str, _text("结果的单位", 20)] = "1"

    def __post_init__(self) -> None:
        if self.instrument:
            raise ReadingError("误差限请填在各个量里", "instrument")
        seen: dict[str, int] = {}
        for index, quantity in enumerate(self.quantities):
            _check_quantity(quantity, index, seen)
            seen[quantity.key] = index
        parsed = self.parsed
        missing = [name for name in parsed.variables if name not in seen]
        if missing:
            raise ReadingError(f"公式中的 {'、'.join(missing)} 没有给出测量数据", "formula")
        for name, index in seen.items():
            if name not in parsed.variables:
                label = self.quantities[index].label
                raise ReadingError(f"公式里没有用到 {label}", f"quantities[{index}].symbol")
        if parsed.symbol in seen:
            raise ReadingError(f"等号左边的 {parsed.symbol} 与直接测量量的符号相同", "formula")
        if parsed.bare_e:
            sentence = (
                "e 是元电荷还是自然常数？元电荷请作为一个量给出（1.602176634e-19 C，准确值），"
                "自然常数请写成 exp(1)"
            )
            raise ReadingError(sentence, "formula")

    @property
    def parsed(self) -> Formula:
        """The formula, read."""
        return parse(self.formula, [quantity.key for quantity in self.quantities])


def _check_quantity(quantity: Quantity, index: int, seen: dict[str, int]) -> None:
    place, named = f"quantities[{index}].symbol", f"第 {index + 1} 个量"
    if not quantity.key.isidentifier():
        raise ReadingError(f"{named}的符号应由字母、数字和下划线组成，且不以数字开头", place)
    if quantity.key in FUNCTIONS:
        raise ReadingError(f"{quantity.key} 在公式里是函数的名字，请换一个符号", place)
    if quantity.key in seen:
        raise ReadingError(f"{named}与第 {seen[quantity.key] + 1} 个量的符号相同", place)
    nothing = quantity.limit is None and quantity.standard_uncertainty is None
    if len(quantity.readings) == 1 and nothing:
        raise ReadingError(
            f"{quantity.label} 只有一个读数，又没有给出仪器误差限，不确定度无法评定；"
            "若为准确值，请令另外已知的标准不确定度为 0",
            f"quantities[{index}].readings",
        )


def analyse(readings: Combination) -> Result:
    """The result of the formula, then the direct quantities."""
    estimates = {q.key: _estimate(q) for q in readings.quantities}
    formula = readings.parsed
    units = {q.key: q.unit for q in readings.quantities}
    found = lab.reckoning.reckon(formula, estimates, units, readings.result_unit)
    name, symbol = readings.result_title.strip() or "间接测量量", formula.symbol or "y"
    combined = found.value
    if not hasattr(combined, "u"):
        combined = lab.measurand.constant(float(combined), 0.0, name)
    result = lab.measurand.measurand(name, symbol, found.unit, combined)
    cautions = [caution for repeats in _repeats(readings) for caution in repeats]
    cautions += found.cautions
    cautions += _without_limits(readings)
    if not result.by_gum.standard_uncertainty:
        sentence = "结果的不确定度为零：各量都给作准确值，请给出仪器误差限"
        cautions.append(Caution("no-uncertainty", sentence, "quantities"))
    if (nu := result.by_gum.degrees_of_freedom) is not None:
        cautions += lab.checks.few_points(nu, f"{name} {symbol} ")
    direct = [
        lab.measurand.measurand(q.title or q.symbol, q.symbol, q.unit, estimates[q.key])
        for q in readings.quantities
        if estimates[q.key].u
    ]
    return Result(measurands=[result, *direct], warnings=cautions)


def _without_limits(readings: Combination) -> list[Caution]:
    """Say which quantities carry no type B."""
    names = [
        q.label
        for q in readings.quantities
        if q.limit is None and q.standard_uncertainty is None and len(q.readings) > 1
    ]
    if not names:
        return []
    sentence = f"{'、'.join(names)} 没有填仪器误差限，未计入 B 类不确定度"
    return [Caution("no-type-b", sentence, "quantities")]


def _estimate(quantity: Quantity) -> Any:
    """Mean of the readings as an uncertain number, types A and B in it."""
    known = quantity.standard_uncertainty
    if len(quantity.readings) == 1 and quantity.limit is None:
        return lab.measurand.constant(quantity.readings[0], known or 0.0, quantity.label)
    mean = lab.measurand.repeated(quantity.readings, limit=quantity.limit, label=quantity.label)
    if not known:
        return mean
    return mean + lab.measurand.constant(0.0, known, f"{quantity.label} 已知不确定度")


def _repeats(readings: Combination) -> Iterator[list[Caution]]:
    """Outliers and slips among the repeats of each quantity."""
    import numpy as np

    def mean(x: Any, y: Any) -> Any:
        level = float(y.mean())
        return lambda at: np.full(len(at), level)

    for index, quantity in enumerate(readings.quantities):
        field = f"quantities[{index}].readings"
        number = np.arange(1.0, len(quantity.readings) + 1)
        yield lab.checks.line_checks(
            field, number, field, quantity.readings, model=mean, parameters=1
        )


def figures(readings: Combination, result: Result) -> dict[str, Figure]:
    """Figure ``budget``: contributions to u; figure ``readings``: repeats around their means."""
    main = result.measurands[0]
    drawn = {
        "budget": Figure(
            f"{main.name} {main.symbol} 的不确定度分量", [lab.budget_panels.budget_panel(main)]
        )
    }
    repeated = [q for q in readings.quantities if len(q.readings) > 1][:6]
    if repeated:
        panels = [
            lab.budget_panels.repeats_panel(q.label, q.unit.strip(), q.readings, q.limit)
            for q in repeated
        ]
        drawn["readings"] = Figure("各量的重复读数", panels, columns=min(2, len(panels)))
    return drawn


function = experiment(
    __file__,
    title="不确定度合成",
    input=Combination,
    analyse=analyse,
    figures=figures,
    route="/api/uncertainty",
    chapter="数据处理工具",
    keywords="间接测量 合成不确定度 误差传递",
)
app = function.app
