"""Combined uncertainty of formulas: hand calculations, the GUM, attacks, coverage."""

import json
import math
from typing import Any

import numpy as np
import pytest

from functions import uncertainty
from functions._lab.errors import ReadingError
from functions._lab.notation.formula import parse
from functions._lab.result import Measurand, Result
from functions._runtime import work
from functions._runtime.errors import BadInput
from functions._runtime.validation import decode


def analyse(formula: str, *quantities: dict[str, Any], **more: Any) -> Result:
    body = {"formula": formula, "quantities": list(quantities), **more}
    return uncertainty.analyse(decode(json.dumps(body).encode(), uncertainty.Combination))


def of(symbol: str, *readings: float, **more: Any) -> dict[str, Any]:
    return {"symbol": symbol, "readings": list(readings), **more}


def contributions(found: Measurand) -> dict[str, float]:
    return {influence.name: influence.contribution for influence in found.budget}


def test_the_pendulum_by_hand() -> None:
    """l: mean 1.00200 m, deviations ∓1, 0, ±1 mm: s = √(4/4) mm, u_A = 1/√5 mm = 0.4472136 mm;
    Δ = 1 mm: u_B = 0.5773503 mm.  T: mean 2.0080 s, deviations -4, 4, 0, 0 ms: s = √(32/3) ms,
    u_A = s/2 = 1.6329932 ms.  g = 4π² 1.002/2.008² = 9.8106594 m/s²;
    ∂g/∂l = g/l = 9.7910772 s⁻², ∂g/∂T = -2g/T = -9.7715731 m/s³."""
    length = of("l", 1.001, 1.002, 1.003, 1.001, 1.003, limit=0.001, title="摆长", unit="m")
    period = of("T", 2.004, 2.012, 2.008, 2.008, title="周期", unit="s")
    result = analyse("g = 4*pi**2*l/T**2", length, period, result_unit="m/s²")
    u_l, u_b, u_t = math.sqrt(4 / 4) / math.sqrt(5), 1 / math.sqrt(3), math.sqrt(32 / 3) / 2
    g = 4 * math.pi**2 * 1.002 / 2.008**2
    found = result.measurand("g")
    assert found.value == pytest.approx(g, rel=1e-12)
    parts = [g / 1.002 * u_l * 1e-3, g / 1.002 * u_b * 1e-3, 2 * g / 2.008 * u_t * 1e-3]
    assert contributions(found) == pytest.approx(
        dict(zip(["摆长 l 重复测量", "摆长 l 仪器误差限", "周期 T 重复测量"], parts, strict=True))
    )
    u = math.hypot(*parts)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-12)
    nu = u**4 / (parts[0] ** 4 / 4 + parts[2] ** 4 / 3)
    assert found.degrees_of_freedom == pytest.approx(nu, rel=1e-9)
    sensitivities = {i.name: i.sensitivity_coefficient for i in found.budget}
    assert sensitivities["周期 T 重复测量"] == pytest.approx(-2 * g / 2.008)
    assert [m.symbol for m in result.measurands] == ["g", "l", "T"]
    direct = result.measurand("l")
    assert direct.unit == "m"
    assert direct.value == pytest.approx(1.002)
    assert direct.standard_uncertainty == pytest.approx(1e-3 * math.hypot(u_l, u_b))
    (note,) = result.warnings
    assert note.message == "周期 T 没有填仪器误差限，未计入 B 类不确定度"


def test_gum_h2_resistance_without_its_correlation() -> None:
    """JCGM 100:2008, table H.2, with V, I, φ taken as independent: R = V cos φ/I = 127.732 Ω;
    u² from the printed u(V̄) = 0.0032 V, u(Ī) = 0.0095 mA, u(φ̄) = 0.00075 rad."""
    voltage = of("V", 5.007, 4.994, 5.005, 4.990, 4.999, unit="V")
    current = of("I", 19.663e-3, 19.639e-3, 19.640e-3, 19.685e-3, 19.678e-3, unit="A")
    phase = of("φ", 1.0456, 1.0438, 1.0468, 1.0428, 1.0433, unit="rad")
    result = analyse("R = V*cos(φ)/I", voltage, current, phase, result_unit="Ω")
    found = result.measurand("R")
    assert found.value == pytest.approx(127.732, abs=0.0005)
    assert result.measurand("V").standard_uncertainty == pytest.approx(0.0032, abs=5e-5)
    assert result.measurand("I").standard_uncertainty == pytest.approx(0.0095e-3, abs=5e-8)
    assert result.measurand("φ").standard_uncertainty == pytest.approx(0.00075, abs=5e-6)
    tangent = math.tan(1.04446)
    relative = math.sqrt((0.0032 / 4.999) ** 2 + (0.0095 / 19.661) ** 2 + (0.00075 * tangent) ** 2)
    assert found.standard_uncertainty == pytest.approx(127.732 * relative, rel=0.01)
    # all three have ν = 4
    parts = np.array(list(contributions(found).values()))
    nu = float(np.sum(parts**2)) ** 2 / float(np.sum(parts**4 / 4))
    assert found.degrees_of_freedom == pytest.approx(nu, rel=1e-9)


def test_nist_tn_1900_e13_expansion() -> None:
    """NIST TN 1900, example E13, α = (L₁ - L₀)/(L₀ (T₁ - T₀)) = 1.7266e-5 /K with u = 1.76e-6 /K
    by the law of propagation (as in test_NIST6 of Sandia's suncal).  By hand: u is all but that of
    L₁ - L₀, √(0.1² · 1.0029 + 0.2²) mm/(1.4999 m · 84.95 K) = 1.757e-6 /K."""
    result = analyse(
        "α = (L1 - L0)/(L0*(T1 - T0))",
        of("L0", 1.4999, standard_uncertainty=0.0001),
        of("L1", 1.5021, standard_uncertainty=0.0002),
        of("T0", 288.15, standard_uncertainty=0.02),
        of("T1", 373.10, standard_uncertainty=0.05),
        result_unit="K⁻¹",
    )
    found = result.measurand("α")
    assert found.value == pytest.approx(1.7266e-5, abs=5e-10)
    assert found.standard_uncertainty == pytest.approx(1.76e-6, abs=5e-9)
    assert found.degrees_of_freedom is None


def test_a_constant_is_exact_and_a_single_reading_needs_its_limit() -> None:
    result = analyse("y = m*c", of("m", 3.0, limit=0.03), of("c", 2.0, standard_uncertainty=0))
    assert result.measurand("y").standard_uncertainty == pytest.approx(2 * 0.03 / math.sqrt(3))
    assert [m.symbol for m in result.measurands] == ["y", "m"]
    exact = analyse("y = c", of("c", 2.0, standard_uncertainty=0))
    assert [c.code for c in exact.warnings] == ["unit", "no-uncertainty"]


def test_all_three_kinds_of_a_quantity_add() -> None:
    """s = √2/… : readings 1, 3 → u_A = 1; Δ = 3 → √3; known 2: √(1 + 3 + 4)."""
    found = analyse("y = a", of("a", 1.0, 3.0, limit=3.0, standard_uncertainty=2.0))
    assert found.measurand("y").standard_uncertainty == pytest.approx(math.sqrt(8))
    assert {i.type for i in found.measurand("y").budget} == {"A", "B"}


def test_one_quantity_used_twice_is_one() -> None:
    result = analyse("y = x*x - x", of("x", 2.0, limit=0.3))
    assert result.measurand("y").standard_uncertainty == pytest.approx(3 * 0.3 / math.sqrt(3))


@pytest.mark.parametrize(
    ("formula", "readings", "suspicious"),
    [("y = cos(x)", 0.0, True), ("y = x**2", 0.01, True), ("y = x**2", 10.0, False)],
)
def test_a_formula_that_bends_within_u_is_warned_about(
    formula: str, readings: float, suspicious: bool
) -> None:
    """cos x at 0 has no first-order uncertainty at all (JCGM 100:2008, 5.1.2, note)."""
    found = [c.code for c in analyse(formula, of("x", readings, limit=0.3)).warnings]
    assert ("linearity" in found) is suspicious


def test_slips_among_repeats_are_named() -> None:
    first = of("a", 10.11, 10.12, 1.013, 10.10, 10.12, 10.11)
    second = of("b", 2.001, 2.003, 2.002, 2.052, 2.001, 2.002, 2.003)
    warnings = analyse("y = a*b", first, second).warnings
    assert [(c.code, c.field, c.index) for c in warnings if c.index is not None] == [
        ("decimal-slip", "quantities[0].readings", 2),
        ("outlier", "quantities[1].readings", 3),
    ]


@pytest.mark.parametrize(
    ("formula", "quantities", "field", "says"),
    [
        ("y = a*b", [of("a", 1, 2)], "formula", "公式中的 b 没有给出"),
        ("y = a", [of("a", 1, 2), of("b", 1, 2, title="质量")], "quantities[1].symbol", "质量 b"),
        ("y = a", [of("a", 1, 2), of("a", 1, 2)], "quantities[1].symbol", "符号相同"),
        (
            "y = a + µ",
            [of("a", 1, 2), of("μ", 1, 2), of("µ", 1)],
            "quantities[2].symbol",
            "符号相同",
        ),
        ("a = a + 1", [of("a", 1, 2)], "formula", "符号相同"),
        ("y = ln(sin)", [of("sin", 1, 2)], "quantities[0].symbol", "函数的名字"),
        ("h = e*a", [of("a", 1, 2)], "formula", "元电荷还是自然常数"),
        ("y = a", [of("a b", 1, 2)], "quantities[0].symbol", "符号应由"),
        ("y = a", [of("a", 1)], "quantities[0].readings", "只有一个读数"),
        ("y = a +", [of("a", 1, 2)], "formula", "写法有误"),
    ],
)
def test_what_does_not_fit_together_is_refused_before_anything_is_stored(
    formula: str, quantities: list[dict[str, Any]], field: str, says: str
) -> None:
    body = json.dumps({"formula": formula, "quantities": quantities}).encode()
    with pytest.raises(BadInput) as caught:
        decode(body, uncertainty.Combination)
    assert caught.value.field == field
    assert says in caught.value.detail


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('id')",
        "a.__class__.__mro__",
        "y = (lambda: a)()",
        "import os",
        "y = [a for a in (1,)]",
        "exec(a)",
        "open(a)",
        "getattr(a, a)",
        "y = a; b = a",
        "y := a",
        "a if a else a",
        "f'{a}'",
        "a[0:1]",
        "-" * 290 + "a",
        "(" * 290,
        "a" + "+a" * 149,
        "y = a\u0000",
        "1e400*a",
    ],
)
def test_attacks_are_refused_unread(formula: str) -> None:
    body = json.dumps({"formula": formula, "quantities": [of("a", 1, 2)]}).encode()
    with pytest.raises(BadInput):
        decode(body, uncertainty.Combination)


@pytest.mark.parametrize(
    "formula",
    [
        "a**9**9**9",
        "((a**64)**64)**64",
        "exp(exp(exp(a*9)))",
        "1/(a - a)",
        "ln(a - 9)",
        "10**a**64",
    ],
)
def test_what_has_no_value_is_refused_at_once(formula: str) -> None:
    with pytest.raises(ReadingError) as caught:
        analyse(formula, of("a", 8.9, 9.1, limit=0.1))
    assert caught.value.field == "formula"


def test_limits_belong_to_their_quantity() -> None:
    with pytest.raises(BadInput, match="误差限请填在各个量里"):
        analyse("y = a", of("a", 1, 2), instrument={"readings": 1.0})


def test_the_figures_show_each_influence_and_the_repeats() -> None:
    body = uncertainty.function.sample()
    result, figures = work.run(uncertainty.function, decode(body, uncertainty.Combination))
    assert result.warnings == []
    assert list(figures) == ["budget", "readings"]
    (panel,) = figures["budget"].panels
    shares = [str(getattr(item, "text", "")) for item in panel.items]
    for influence in result.measurands[0].budget:
        assert any(influence.name in text for text in shares)
    assert len(figures["readings"].panels) == 2


def test_twenty_quantities_of_a_thousand_readings() -> None:
    random = np.random.default_rng(4)
    names = [f"q{i}" for i in range(5)]
    readings = [of(n, *random.normal(10, 0.1, 1000).round(2).tolist(), limit=0.01) for n in names]
    result = analyse("y = " + "*".join(names), *readings)
    # relative u of a product: the root of the sum of squares
    each = math.hypot(0.1 / math.sqrt(1000), 0.01 / math.sqrt(3)) / 10
    relative = result.measurands[0].standard_uncertainty / result.measurands[0].value
    assert relative == pytest.approx(math.sqrt(5) * each, rel=0.05)


def test_the_interval_covers_the_truth_and_sound_repeats_raise_nothing() -> None:
    """g of a pendulum from six readings each, 2,000 times."""
    random = np.random.default_rng(1673)
    length, period = 0.9989, 2 * math.pi * math.sqrt(0.9989 / 9.8)
    covered, alarms, count = 0, 0, 2000
    for _ in range(count):
        readings = (
            of("l", *np.round(random.normal(length, 0.0008, 6), 4).tolist(), unit="m"),
            of("T", *np.round(random.normal(period, 0.002, 6), 4).tolist(), unit="s"),
        )
        result = analyse("g = 4*pi**2*l/T**2", *readings)
        g = result.measurand("g")
        covered += abs(g.value - 9.8) <= g.expanded_uncertainty
        alarms += any(c.code != "no-type-b" for c in result.warnings)
    assert abs(covered / count - 0.95) <= 0.015
    assert alarms / count <= 0.01


def of_unit(symbol: str, unit: str, *readings: float, **more: Any) -> dict[str, Any]:
    return of(symbol, *readings, unit=unit, **more)


def test_degrees_are_degrees() -> None:
    """Issue 34 of nicoco007/Propagation-of-Uncertainty-Calculator: n = 1.65616, not 0.608."""
    readings = (
        of_unit("A", "°", 60.02, 60.0, 59.98, 60.01, limit=0.0167),
        of_unit("δ", "°", 51.8, 51.83, 51.78, 51.82, limit=0.0167),
    )
    found = analyse("n = sin((A+δ)/2)/sin(A/2)", *readings).measurands[0]
    means = {r["symbol"]: float(np.mean(r["readings"])) for r in readings}

    def index(a: float, d: float) -> float:
        return math.sin(math.radians(a + d) / 2) / math.sin(math.radians(a) / 2)

    assert found.value == pytest.approx(index(means["A"], means["δ"]), rel=1e-12)
    assert found.value == pytest.approx(1.65616, abs=5e-6)
    parts = []
    for symbol, typed in (("A", readings[0]), ("δ", readings[1])):
        x = typed["readings"]
        u = math.hypot(np.std(x, ddof=1) / 2, 0.0167 / math.sqrt(3))
        ends = [index(*(means | {symbol: means[symbol] + s * 1e-4}).values()) for s in (-1, 1)]
        parts.append((ends[1] - ends[0]) / 2e-4 * u)
    assert found.standard_uncertainty == pytest.approx(math.hypot(*parts), rel=1e-6)
    assert found.unit == "1"


def test_an_angle_without_a_unit_that_is_more_than_a_turn_is_asked_about() -> None:
    result = analyse("n = sin(A)", of("A", 60.02, 60.0, limit=0.02))
    assert any("填为 °" in c.message for c in result.warnings)


@pytest.mark.parametrize(
    ("formula", "units", "wanted", "unit", "scale"),
    [
        ("g = 4π²l/T²", ("cm", "s"), "m/s²", "m/s²", 0.01),
        ("g = 4π²l/T²", ("cm", "s"), "", "m/s²", 0.01),
        ("g = 4π²l/T²", ("m", "ms"), "cm/s^2", "cm/s^2", 1e8),
        ("d = l·T", ("nm", ""), "", "nm", 1.0),
        ("R = l/T", ("V", "mA"), "", "Ω", 1e3),
        ("R = l/T", ("V", "mA"), "kΩ", "kΩ", 1.0),
        ("h = l·T", ("J", "s"), "J·s", "J·s", 1.0),
        ("ρ = l/T", ("g", "cm³"), "kg/m³", "kg/m³", 1e3),
        ("ρ = 1000*l/T", ("g", "cm³"), "kg/m³", "kg/m³", 1.0),
        ("B = l/T", ("Gs", ""), "mT", "mT", 0.1),
    ],
)
def test_the_result_is_in_its_unit(
    formula: str, units: tuple[str, str], wanted: str, unit: str, scale: float
) -> None:
    """``scale`` is what the plain numbers are multiplied by; a factor in the formula is ours."""
    first = of("l", 2.0, unit=units[0] or "1", limit=0.03)
    second = of("T", 5.0, unit=units[1] or "1", limit=0.01)
    found = analyse(formula, first, second, result_unit=wanted or "1").measurands[0]
    plain = parse(formula, ("l", "T")).evaluate({"l": 2.0, "T": 5.0})
    assert found.unit == unit
    assert found.value == pytest.approx(plain * scale, rel=1e-9)
    power = 2 if "²" in formula.partition("T")[2] else 1
    relative = math.hypot(0.03 / 2, power * 0.01 / 5) / math.sqrt(3)
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-9)


@pytest.mark.parametrize(
    ("formula", "units", "wanted", "says"),
    [
        ("g = 4π²l/T²", ("m", "s"), "m/s", "应为 m/s²，与所填的 m/s 不符"),
        ("y = l + T", ("m", "s"), "m", "单位不同的两项相加减（m 与 s）"),
        ("g = l/T", ("1", "1"), "1", "没有填单位"),
        ("g = l/T", ("尺", "s"), "m/s", "不认识单位 尺"),
        ("g = l/T", ("m", "s"), "里", "不认识结果的单位 里"),
    ],
)
def test_units_that_do_not_fit_are_said(
    formula: str, units: tuple[str, str], wanted: str, says: str
) -> None:
    quantities = [
        of(symbol, 2.0, unit=unit, limit=0.1) for symbol, unit in zip("lT", units, strict=True)
    ]
    result = analyse(formula, *quantities, result_unit=wanted)
    assert any(says in c.message for c in result.warnings), result.warnings


def test_the_charge_may_be_a_quantity_called_e() -> None:
    """h = e·k = 1.602176634e-19 C × 4.34e-15 V·s = 6.953e-34 J·s."""
    result = analyse(
        "h = e*k",
        of("e", 1.602176634e-19, unit="C", standard_uncertainty=0),
        of("k", 4.34e-15, unit="V·s", standard_uncertainty=8e-17),
        result_unit="J·s",
    )
    found = result.measurands[0]
    assert found.value == pytest.approx(6.95344659e-34, rel=1e-8)
    assert found.standard_uncertainty == pytest.approx(1.602176634e-19 * 8e-17, rel=1e-9)
    assert found.unit == "J·s"


def test_a_word_for_a_letter() -> None:
    """Issue 50 of erwanp/pytexit: lambda is no symbol of Python's."""
    result = analyse(
        "d = k*lambda/sin(t)",
        of("k", 1, standard_uncertainty=0),
        of("lambda", 546.07, unit="nm", standard_uncertainty=0.01),
        of("t", 0.1642, standard_uncertainty=0.0002),
    )
    found = result.measurands[0]
    assert found.value == pytest.approx(3340.6, abs=0.05)
    assert found.unit == "nm"
