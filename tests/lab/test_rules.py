"""Rules of schools: worked cases with all digits, published reports, and what each parameter does.

Factors t and k_P below are those of the printed tables of the schools, two decimals:
t_0.95 = 12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26 and
t_0.683 = 1.84, 1.32, 1.20, 1.14, 1.11, 1.09, 1.08, 1.07, 1.06 for n = 2 … 10; k_0.95 = 1.96.
"""

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from functions._lab import line, measurand, rules, successive
from functions._lab.errors import ReadingError
from functions._lab.reporting import display, number
from functions._lab.result import Measurand
from functions._lab.rules import Rules

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "reference" / "school_reports.json").read_text()
)


def under(rule: str | Rules, **changed: Any) -> Rules:
    """A rule by name, or the rule, some of its parameters changed."""
    found = rules.profiles()[rule] if isinstance(rule, str) else rule
    return msgspec.structs.replace(found, **changed)


def direct(rule: Rules, readings: list[float], limit: float | None, unit: str = "mm") -> Measurand:
    """A quantity that is read off, by a rule."""
    with rules.using(rule):
        estimate = measurand.repeated(readings, limit=limit, label="x")
        return measurand.measurand("x", "x", unit, estimate)


# deviations of SPREAD from 5.10 in 0.01: +2, 0, -3, +1, 0; s = √(14/4) = 1.870829
SPREAD = [5.12, 5.10, 5.07, 5.11, 5.10]
U_A = 0.01 * math.sqrt(14 / 4) / math.sqrt(5)
# deviations of SIX from 20.05 in 0.01: ±1, ±3, ±2; s = √(28/5) = 2.366432
SIX = [20.04, 20.06, 20.08, 20.02, 20.07, 20.03]
U_A_SIX = 0.01 * math.sqrt(28 / 5) / math.sqrt(6)


@pytest.mark.parametrize(
    ("rule", "readings", "limit", "quoted", "shown"),
    [
        # Tsinghua: the tests of the tool that holds the rules of the course print 42.5 ± 0.5,
        # Δ = Δ仪 = 0.05 where Δ_A = 2.57·0.00022 < 0.05/3; t_0.95(4) = 2.776
        ("thu", [42.5], 0.5, 0.5, "x = (42.5 ± 0.5) mm (P = 0.95)"),
        ("thu", [10.001, 10.0, 10.001, 10.0, 10.001, 10.0], 0.05, 0.05, "x = (10.00 ± 0.05) mm"),
        ("thu", SPREAD, 0.02, math.hypot(2.776445 * U_A, 0.02), "x = (5.10 ± 0.03) mm (P = 0.95)"),
        # USTC: C = 3
        ("ustc", SPREAD, 0.02, math.hypot(2.78 * U_A, 1.96 * 0.02 / 3), "x = (5.100 ± 0.027) mm"),
        ("ustc", SIX, 0.05, math.hypot(2.57 * U_A_SIX, 1.96 * 0.05 / 3), "x = (20.05 ± 0.04) mm"),
        ("ustc", [12.3], 0.5, 1.96 * 0.5 / 3, "x = (12.3 ± 0.3) mm (P = 0.95)"),
        # Beihang: no t, no k, one digit; a power of ten where U has no decimals
        ("buaa", SPREAD, 0.02, math.hypot(U_A, 0.02 / math.sqrt(3)), "x = (5.10 ± 0.01) mm"),
        ("buaa", SIX, 0.05, math.hypot(U_A_SIX, 0.05 / math.sqrt(3)), "x = (20.05 ± 0.03) mm"),
        ("buaa", [587.0], 20.0, 20 / math.sqrt(3), "x = (5.9 ± 0.1)×10² mm"),
        # UM-SJTU: t/√n of the handbook is 2.48, 1.59, 1.204, 1.05 for n = 3 … 6; Δ without √3
        ("sjtu-ji", SPREAD, 0.02, math.hypot(2.78 * U_A, 0.02), "x = (5.10 ± 0.03) mm"),
        ("sjtu-ji", SIX, 0.05, math.hypot(2.57 * U_A_SIX, 0.05), "x = (20.05 ± 0.06) mm"),
        ("sjtu-ji", [1.215], 0.005, 0.005, "x = (1.215 ± 0.005) mm (P = 0.95, u_r = 0.41 %)"),
        # Nankai: t_0.683 = 1.14 for five readings, 1 from six on
        (
            "nku",
            SPREAD,
            0.02,
            math.hypot(1.14 * U_A, 0.02 / math.sqrt(3)),
            "x = (5.100 ± 0.015) mm",
        ),
        ("nku", SIX, 0.05, math.hypot(U_A_SIX, 0.05 / math.sqrt(3)), "x = (20.05 ± 0.03) mm"),
        ("nku", [35.65], 0.05, 0.05 / math.sqrt(3), "x = (35.650 ± 0.029) mm (P = 0.683)"),
        # ShanghaiTech: its lecture gives t = 2.57 for six readings
        ("shanghaitech", SIX, 0.02, math.hypot(2.57 * U_A_SIX, 0.02), "x = (20.05 ± 0.03) mm"),
        ("shanghaitech", SPREAD, 0.02, math.hypot(2.78 * U_A, 0.02), "x = (5.10 ± 0.03) mm"),
        ("shanghaitech", [9.85], 0.05, 0.05, "x = (9.85 ± 0.05) mm (P = 0.95)"),
        # ECUST: 0.683 Δ, first digit up to 3 gives two digits, always upwards
        ("ecust", SPREAD, 0.02, math.hypot(1.14 * U_A, 0.683 * 0.02), "x = (5.100 ± 0.017) mm"),
        ("ecust", SIX, 0.05, math.hypot(1.11 * U_A_SIX, 0.683 * 0.05), "x = (20.050 ± 0.036) mm"),
        ("ecust", [12.3], 0.5, 0.683 * 0.5, "x = (12.30 ± 0.35) mm (P = 0.683)"),
        # the platform's handout: the same times 1.96; 0.0310 and 0.0706 upwards
        ("platform", SPREAD, 0.02, math.hypot(1.14 * U_A, 0.683 * 0.02), "x = (5.10 ± 0.04) mm"),
        ("platform", SIX, 0.05, math.hypot(1.11 * U_A_SIX, 0.683 * 0.05), "x = (20.05 ± 0.08) mm"),
        ("platform", [12.3], 0.05, 0.683 * 0.05, "x = (12.30 ± 0.07) mm"),
    ],
)
def test_direct_quantities_by_hand(
    rule: str, readings: list[float], limit: float, quoted: float, shown: str
) -> None:
    found = direct(under(rule), readings, limit)
    assert found.standard_uncertainty == pytest.approx(quoted, rel=1e-6)
    assert found.display.startswith(shown)
    assert found.degrees_of_freedom is None
    assert found.coverage_factor == (1.96 if rule == "platform" else 1.0)
    assert found.value == pytest.approx(sum(readings) / len(readings))


@pytest.mark.parametrize("case", PUBLISHED["direct"], ids=lambda case: case["quantity"])
def test_published_direct_quantities(case: dict[str, Any]) -> None:
    """What students printed, to the last digit that they printed."""
    limit = math.hypot(*case["limits"]) if case["limits"] else None
    found = direct(under(case["rules"], **case["changed"]), case["readings"], limit, case["unit"])
    printed = case["uncertainty"]
    last_digit = 10.0 ** -len(f"{printed}".partition(".")[2])
    assert found.standard_uncertainty == pytest.approx(printed, abs=0.51 * last_digit)
    assert found.display.replace("x = ", "") == case["display"]


@pytest.mark.parametrize("case", PUBLISHED["lines"], ids=lambda case: case["quantity"])
def test_published_slopes(case: dict[str, Any]) -> None:
    x, y = (np.array(case[name]) for name in "xy")
    with rules.using(under(case["rules"])):
        fitted = line.fit_line(x, y)
        slope = measurand.measurand("b", "b", case["unit"], fitted.slope)
    assert slope.value == pytest.approx(case["slope"], abs=case["slope_within"])
    assert slope.standard_uncertainty == pytest.approx(case["uncertainty"], abs=case["within"])
    assert slope.display.removeprefix("b = ") == case["display"]


def test_the_shear_modulus_of_a_published_report() -> None:
    """All inputs at P = 0.95, then propagated: G = (8.0 ± 0.3)×10¹⁰ Pa, U = 0.30638 printed.

    The ring's diameters are read by calliper, C = √3, of which one rule for all knows nothing;
    they are 0.2 % of U².
    """
    data = PUBLISHED["shear modulus"]
    with rules.using(under("ustc")):

        def of(name: str, scale: float) -> Any:
            readings = [value * scale for value in data[name]]
            return measurand.repeated(readings, limit=data["limits"][name], label=name)

        d, length = of("d", 1e-3), of("L", 1e-2)
        inner, outer = of("inner", 1e-3), of("outer", 1e-3)
        first, second = of("T0", 1 / 40), of("T1", 1 / 40)
        torsion = math.pi**2 * data["m"] * (inner**2 + outer**2) / 2 / (second**2 - first**2)
        modulus = measurand.measurand("G", "G", "Pa", 32 * length * torsion / (math.pi * d**4))
    assert modulus.value == pytest.approx(7.9811e10, rel=1e-5)
    assert modulus.standard_uncertainty == pytest.approx(0.30638e10, rel=1e-3)
    assert modulus.display == "G = (8.0 ± 0.3)×10¹⁰ Pa (P = 0.95)"


def test_the_volume_of_a_ring_in_the_lecture_of_tsinghua() -> None:
    """D = 4.002(6) cm, d = 1.998(6) cm, h = 1.000(7) cm give V = (9.44 ± 0.08) cm³."""
    with rules.using(under("thu")):
        outer, inner, height = (
            measurand.repeated([value], limit=delta, label=str(value))
            for value, delta in ((4.002, 0.006), (1.998, 0.006), (1.000, 0.007))
        )
        volume = math.pi / 4 * (outer**2 - inner**2) * height
        found = measurand.measurand("体积", "V", "cm³", volume)
    assert found.display == "V = (9.44 ± 0.08) cm³ (P = 0.95)"


@pytest.mark.parametrize(
    ("rule", "value", "u", "shown"),
    [
        ("platform", 9.1537, 0.2414, "9.15 ± 0.25"),  # the handout's own: 0.2414 becomes 0.25
        ("ecust", 9.1537, 0.2400, "9.15 ± 0.24"),  # nothing to round is not rounded up
        ("ecust", 1.0, 0.1 + 0.2, "1.00 ± 0.30"),  # nor the noise of binary arithmetic
        ("ucas", 361.8424, 0.7582, "361.8 ± 0.8"),  # only upwards; 0.71 too
        ("ucas", 361.8424, 0.7101, "361.8 ± 0.8"),
        ("ucas", 361.84, 0.91, "362 ± 1"),
        ("ustc", 1.2345, 0.0296, "1.234 ± 0.030"),
        ("ustc", 1.2345, 0.0964, "1.23 ± 0.10"),  # as 0.1 it begins with 1
        ("buaa", 1.2345, 0.0964, "1.2 ± 0.1"),
        ("buaa", 1.25, 0.25, "1.3 ± 0.3"),  # half up
        ("shanghaitech", 1.25, 0.25, "1.2 ± 0.2"),  # half even, GB 8170
        ("buaa", 3.34, 0.002, "3.340 ± 0.002"),  # the two examples of its program, book page 23
        ("buaa", 11150.0, 50.0, "(1.115 ± 0.005)×10⁴"),
        ("bit", 25.342, 0.0312, "25.34(0.03)"),
        ("gum", 0.4231, 0.00224, "0.4231 ± 0.0022"),
    ],
)
def test_digits_rounding_and_notation(rule: str, value: float, u: float, shown: str) -> None:
    with rules.using(under(rule)):
        assert number(value, u, "1") == shown


def test_the_concise_notation_and_its_power_of_ten() -> None:
    with rules.using(under("gum", notation="concise")):
        assert number(0.4231, 0.00224, "V") == "0.4231(22) V"
        assert number(1.602e-19, 3.1e-21, "C") == "1.602(31)×10⁻¹⁹ C"
    with rules.using(under("bit")):
        assert number(1.602e-19, 3.1e-21, "C") == "1.60(0.03)×10⁻¹⁹ C"


@pytest.mark.parametrize(
    ("stated", "p", "said"),
    [
        ("k and P", 0.95, " (k = 2.00, P = 95 %)"),
        ("k", None, " (k = 2.00)"),
        ("P", 0.683, " (P = 0.683)"),
        ("P unless 0.95", 0.95, ""),
        ("P unless 0.95", 0.683, " (P = 0.683)"),
        ("nothing", None, ""),
    ],
)
def test_what_is_stated(stated: str, p: float | None, said: str) -> None:
    with rules.using(under("gum", stated=stated, probability=p, coverage=2.0)):
        shown = display(9.8, 0.1, "m/s²", "g", 2.0, p or 0.9545)
    assert shown == f"g = (9.80 ± 0.10) m/s²{said}"


def test_a_relative_uncertainty_is_of_what_there_is() -> None:
    with rules.using(under("hitsz")):
        assert display(1.89e11, 0.0529e11, "Pa", "E", 1.0, 0.683).endswith("(P = 0.683, E = 2.8 %)")
        assert display(0.0, 0.1, "V", "U", 1.0, 0.683) == "U = (0.0 ± 0.1) V (P = 0.683)"


ALL_OF_IT = {"input_probability": 0.683, "coverage": 1.0, "probability": 0.683}
CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({**ALL_OF_IT, "multiplier": "k_P"}, {"input_probability": 0.9}),
    (ALL_OF_IT, {"t_factor": True}),
    ({**ALL_OF_IT, "t_factor": True}, {"t_below": 4}),
    ({**ALL_OF_IT, "t_factor": True}, {"factor_decimals": 1}),
    ({}, {"divisor": "1"}),
    ({}, {"divisor": "√6"}),
    ({}, {"divisor": "3"}),
    (ALL_OF_IT, {"multiplier": "P"}),
    ({}, {"estimation": "limit"}),
    ({}, {"estimation": "single"}),
    ({"estimation": "single"}, {"estimation_steps": 2.0}),
    ({}, {"combination": "linear"}),
    ({}, {"single_reading": "limit"}),
    ({}, {"negligible_type_a": True}),
    (ALL_OF_IT, {"slope_t": True}),
    ({}, {"coverage": 2.0}),
    ({"coverage": 1.0}, {"probability": 0.683}),
    ({}, {"two_digits_to": 0}),
    ({}, {"rounding_u": "up"}),
    ({"rounding_u": "up"}, {"rounding_u": "half-up"}),
    ({}, {"rounding_value": "half-up"}),
    ({}, {"notation": "scientific"}),
    ({}, {"notation": "concise"}),
    ({}, {"notation": "parentheses"}),
    ({}, {"relative": "E"}),
    ({"relative": "E"}, {"relative": "u_r"}),
    ({"relative": "E"}, {"relative_digits": 1}),
    ({}, {"stated": "nothing"}),
]


def everything(rule: Rules) -> list[Any]:
    """What a rule makes of repeated and single readings, a line, and numbers on the edge."""
    still = [10.0001, 10.0, 10.0001, 10.0, 10.0002]
    with rules.using(rule):
        fitted = line.fit_line([1.0, 2.0, 3.0, 4.0], [1.1, 1.9, 3.2, 3.9], y_limit=0.1)
        steps = successive.successive_differences([1, 2, 3, 4], [1.1, 1.9, 3.2, 3.9], y_limit=0.1)
        estimates = [fitted.slope, fitted.intercept, steps.slope, fitted.slope * 2 + 1]
        shown = [measurand.measurand("b", "b", "V", estimate) for estimate in estimates]
        edges = [number(124.5, 25.0, "V"), number(1.25, 0.2401, "V"), number(1.25, 0.7, "V")]
    direct_ones = [(SPREAD, 0.02), (SPREAD, None), ([5.12], 0.02), (still, 0.05)]
    return [*shown, *edges, *(direct(rule, values, limit) for values, limit in direct_ones)]


@pytest.mark.parametrize(("basis", "change"), CHANGES, ids=lambda part: str(part)[:60])
def test_every_parameter_acts(basis: dict[str, Any], change: dict[str, Any]) -> None:
    plain = Rules(**basis)
    assert everything(plain) != everything(msgspec.structs.replace(plain, **change))


def test_every_parameter_is_among_those_that_act() -> None:
    told = {"name", "title", "version", "status", "source"}
    tried = {name for _, change in CHANGES for name in change}
    assert tried == set(Rules.__struct_fields__) - told


def test_type_a_and_b_add_linearly_within_a_quantity_only() -> None:
    rule = under("ustc", combination="linear")
    a, b = 2.78 * U_A, 1.96 * 0.02 / 3
    assert direct(rule, SPREAD, 0.02).standard_uncertainty == pytest.approx(a + b, rel=1e-6)
    with rules.using(rule):
        one, other = (measurand.repeated(SPREAD, limit=0.02, label=name) for name in "xy")
        both = measurand.measurand("s", "s", "mm", one - 2 * other)
        square = measurand.measurand("q", "q", "mm²", one**2)
    assert both.standard_uncertainty == pytest.approx(math.sqrt(5) * (a + b), rel=1e-6)
    assert square.standard_uncertainty == pytest.approx(2 * 5.1 * (a + b), rel=1e-6)


def test_an_estimated_digit() -> None:
    """UCAS: d/10 beside e/√3 in single readings only; elsewhere in quadrature to Δ."""
    single = direct(under("ucas"), [12.35], 0.05).standard_uncertainty
    assert single == pytest.approx(math.hypot(0.05 / math.sqrt(3), 0.01))
    repeated = direct(under("ucas"), SIX, 0.05).standard_uncertainty
    assert repeated == pytest.approx(math.hypot(U_A_SIX, 0.05 / math.sqrt(3)))
    within = direct(under("ucas", estimation="limit", estimation_steps=5.0), [12.35], 0.05)
    assert within.standard_uncertainty == pytest.approx(math.hypot(0.05, 0.05) / math.sqrt(3))


def test_slopes_with_and_without_t() -> None:
    """b·√((1/r² - 1)/(n - 2)), times t_0.95(3) = 3.18 in Hefei; intercept times √(mean x²)."""
    x, y = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([2.1, 3.9, 6.2, 7.8, 10.1])
    slope, intercept = np.polyfit(x, y, 1)
    r = np.corrcoef(x, y)[0, 1]
    bare = slope * math.sqrt((1 / r**2 - 1) / 3)
    for rule, factor in (("buaa", 1.0), ("pku", 1.0), ("sjtu-ji", 1.0), ("ustc", 3.18)):
        with rules.using(under(rule)):
            fitted = line.fit_line(x, y)
            b, a = (measurand.measurand("p", "p", "", p) for p in (fitted.slope, fitted.intercept))
        assert b.value == pytest.approx(slope)
        assert b.standard_uncertainty == pytest.approx(factor * bare, rel=1e-6)
        root = math.sqrt(float(np.mean(x**2)))
        assert a.standard_uncertainty == pytest.approx(factor * bare * root, rel=1e-6)
        assert a.value == pytest.approx(intercept)
        assert b.gum == measurand.measurand("p", "p", "", fitted.slope).by_gum


def test_a_rule_with_degrees_of_freedom_keeps_them() -> None:
    """t(ν_eff) of Welch and Satterthwaite over Δ/3 in place of Δ/√3."""
    found = direct(under("gum", divisor="3", name="custom"), SPREAD, 0.02)
    u = math.hypot(U_A, 0.02 / 3)
    assert found.standard_uncertainty == pytest.approx(u)
    assert found.degrees_of_freedom == pytest.approx(4 * (u / U_A) ** 4)
    assert found.expanded_uncertainty == pytest.approx(found.coverage_factor * u)
    assert sum(i.contribution**2 for i in found.budget) == pytest.approx(u**2)


def test_the_budget_and_the_comparison_under_a_rule() -> None:
    with rules.using(under("ecust")):
        estimate = measurand.repeated(SPREAD, limit=0.02, label="x")
        found = measurand.measurand("x", "x", "mm", estimate, reference=(5.0, 0.01, "标称"))
    assert {(i.type, round(i.contribution, 6)) for i in found.budget} == {
        ("A", round(1.14 * U_A, 6)),
        ("B", 0.01366),
    }
    plain = measurand.measurand(
        "x", "x", "mm", measurand.repeated(SPREAD, limit=0.02), reference=(5.0, 0.01, "标称")
    )
    assert found.reference == plain.reference, "Eₙ needs U of 95 % whatever the rule"
    assert (found.by_gum, plain.gum) == (plain.by_gum, msgspec.UNSET)


def test_the_default_is_the_gum_and_nothing_outlives_its_block() -> None:
    assert rules.in_force() == Rules(**{n: getattr(under("gum"), n) for n in _TOLD})
    with rules.using(under("thu")):
        assert rules.in_force().name == "thu"
    assert rules.in_force().name == "gum"


_TOLD = ("name", "title", "version", "status", "source")


def test_every_profile_says_where_it_is_from() -> None:
    known = rules.profiles()
    assert next(iter(known)) == rules.DEFAULT
    for name, rule in known.items():
        assert rule.name == name
        assert all((rule.title, rule.version, rule.source)), name
    confirmed = {name for name, rule in known.items() if rule.status == "confirmed"}
    schools = {"thu", "ustc", "buaa", "sjtu-ji", "nku", "shanghaitech", "ecust", "platform"}
    assert confirmed == {"gum"} | schools
    assert {n for n, r in known.items() if r.status == "unconfirmed"} == {
        "gum-k2",
        "national-p95",
        "national-p683",
    }


def test_a_rule_of_ones_own_is_called_so() -> None:
    own = rules.chosen(under("thu", t_below=6))
    assert (own.name, own.title, own.status) == ("custom", "清华大学（自定义）", "unconfirmed")
    assert rules.chosen(Rules(title="王老师", coverage=2.0)).title == "王老师"
    assert rules.chosen(under("thu")) == under("thu")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"t_factor": True, "coverage": 1.0}, "rules.input_probability"),
        ({"t_below": 6}, "rules.t_below"),
        ({"probability": None}, "rules.probability"),
        ({"input_probability": 0.95}, "rules.coverage"),
        ({"probability": None, "coverage": 1.0}, "rules.stated"),
    ],
)
def test_parameters_that_contradict_each_other(given: dict[str, Any], place: str) -> None:
    with pytest.raises(ReadingError) as refused:
        Rules(**given)
    assert refused.value.field == place
