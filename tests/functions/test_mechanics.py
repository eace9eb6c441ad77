"""Mechanics: worked values, propagation by hand, missing parts, slips, coverage."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest

from functions import mechanics
from functions._lab.figure import Points
from functions._runtime import work
from functions._runtime.errors import BadInput
from functions._runtime.experiment import SAMPLES
from functions._runtime.validation import decode
from tests.functions.simulated import ACCUSING, simulate

SAMPLE: dict[str, Any] = json.loads((SAMPLES / "mechanics.json").read_bytes())
WEIGHTS = np.array(SAMPLE["t2m"]["weights_g"])
TENS = np.array(SAMPLE["t2m"]["T10_avg_s"])
X = np.array(SAMPLE["v2x2"]["x_cm"], float)
V = np.array(SAMPLE["v2x2"]["v_avg_cms"])


def analyse(**readings: Any) -> mechanics.Lines:
    return mechanics.analyse(msgspec.convert(readings, mechanics.Mechanics))


def by_hand(x: Any, y: Any) -> tuple[float, float, Any]:
    """Intercept, slope and their covariance from the normal equations (JCGM 100:2008, H.3)."""
    design = np.column_stack([np.ones(len(x)), x])
    inverse = np.linalg.inv(design.T @ design)
    a, b = inverse @ design.T @ y
    rest = y - a - b * x
    return float(a), float(b), inverse * float(rest @ rest) / (len(x) - 2)


def test_worked_values_of_the_periods() -> None:
    result = analyse(t2m=SAMPLE["t2m"])
    intercept, slope = result.fit("t2-m").parameters
    assert slope.value == pytest.approx(10.767656, abs=5e-7)
    assert slope.standard_uncertainty == pytest.approx(0.020338, abs=5e-7)
    assert intercept.value == pytest.approx(0.0774119, abs=5e-8)
    assert intercept.standard_uncertainty == pytest.approx(0.0060797, abs=5e-8)
    k, mass = result.measurands
    assert (k.symbol, mass.symbol) == ("k", "m_eff")
    assert k.value == pytest.approx(3.66639, abs=5e-6)
    assert k.standard_uncertainty == pytest.approx(0.00693, abs=5e-6)
    assert k.degrees_of_freedom == 3
    # m_eff = a/b: u² = (u(a)/b)² + (a u(b)/b²)² - 2 a cov/b³
    a, b, cov = by_hand(0.24168 + WEIGHTS / 1000, (TENS / 10) ** 2)
    variance = cov[0, 0] / b**2 + a**2 * cov[1, 1] / b**4 - 2 * a * cov[0, 1] / b**3
    assert mass.value == pytest.approx(a / b, rel=1e-9)
    assert mass.standard_uncertainty == pytest.approx(np.sqrt(variance), rel=1e-7)
    assert result.warnings == []


def test_worked_values_of_the_speeds() -> None:
    result = analyse(v2x2=SAMPLE["v2x2"])
    slope = result.fit("v2-x2").parameters[1]
    assert slope.value == pytest.approx(-15.35837, abs=5e-6)
    assert slope.standard_uncertainty == pytest.approx(0.58508, abs=5e-6)
    omega, amplitude, period = result.measurands
    assert omega.value == pytest.approx(3.91898, abs=5e-6)
    assert omega.standard_uncertainty == pytest.approx(0.07465, abs=5e-6)
    assert period.value == pytest.approx(2 * np.pi / 3.91898, rel=2e-6)
    assert period.standard_uncertainty / period.value == pytest.approx(
        omega.standard_uncertainty / omega.value, rel=1e-9
    )
    # A² = -a/b, so u(A)/A is half of u(A²)/A²
    a, b, cov = by_hand((X / 100) ** 2, (V / 100) ** 2)
    variance = cov[0, 0] / b**2 + a**2 * cov[1, 1] / b**4 - 2 * a * cov[0, 1] / b**3
    assert amplitude.value == pytest.approx(np.sqrt(-a / b), rel=1e-9)
    expected = np.sqrt(variance) / (2 * np.sqrt(-a / b))
    assert amplitude.standard_uncertainty == pytest.approx(expected, rel=1e-7)
    assert result.warnings == []


def test_both_parts_compare_their_periods() -> None:
    result = mechanics.analyse(msgspec.convert(SAMPLE, mechanics.Mechanics))
    reference = result.measurand("T").reference
    assert reference
    # T² = a + b m₀ and u²(T²) = u²(a) + m₀² u²(b) + 2 m₀ cov
    a, b, cov = by_hand(0.24168 + WEIGHTS / 1000, (TENS / 10) ** 2)
    square = a + b * 0.24168
    u = np.sqrt(cov[0, 0] + 0.24168**2 * cov[1, 1] + 2 * 0.24168 * cov[0, 1])
    assert reference.value == pytest.approx(np.sqrt(square), rel=1e-9)
    assert reference.standard_uncertainty == pytest.approx(u / 2 / np.sqrt(square), rel=1e-6)
    assert result.warnings == []
    loaded = SAMPLE["v2x2"] | {"mass_g": 500.0}
    far = analyse(t2m=SAMPLE["t2m"], v2x2=loaded)
    assert [c.code for c in far.warnings] == ["reference"]


def test_instrument_limits_are_type_b_in_u() -> None:
    limits = {"T10_avg_s": 0.02, "m0_g": 0.5}
    result = analyse(t2m=SAMPLE["t2m"], instrument=limits)
    plain = analyse(t2m=SAMPLE["t2m"])
    x = 0.24168 + WEIGHTS / 1000
    delta = 2 * TENS / 100 * 0.02  # d(T²) = 2 T dT, T = ten/10, for each reading
    weights = (x - x.mean()) / np.sum((x - x.mean()) ** 2)
    u_slope = np.sqrt(np.sum((weights * delta) ** 2) / 3)
    k, mass = result.measurands
    slope = result.fit("t2-m").parameters[1].value
    expected = np.hypot(plain.measurands[0].standard_uncertainty, k.value * u_slope / slope)
    assert k.standard_uncertainty == pytest.approx(expected, rel=1e-9)
    assert {i.type for i in k.budget} == {"A", "B"}
    m0 = next(i for i in mass.budget if i.name.startswith("滑块质量"))
    assert m0.contribution == pytest.approx(0.5e-3 / np.sqrt(3), rel=1e-12)
    assert np.sqrt(sum(i.contribution**2 for i in mass.budget)) == pytest.approx(
        mass.standard_uncertainty, rel=1e-12
    )


def test_limits_of_position_and_speed_act_reading_by_reading() -> None:
    # Δ(x²) = 2xΔ is nothing at x = 0 and most at the end of the line, which settles the slope.
    part = SAMPLE["v2x2"]
    x, v = np.array(part["x_cm"]) / 100, np.array(part["v_avg_cms"]) / 100
    weights = (x**2 - np.mean(x**2)) / np.sum((x**2 - np.mean(x**2)) ** 2)
    plain = analyse(v2x2=part)
    omega = plain.measurand("ω")
    for field, moved in (("v_avg_cms", 2 * v), ("x_cm", 2 * x * omega.value**2)):
        u_slope = np.sqrt(np.sum((weights * moved * 0.0005) ** 2) / 3)  # Δ = 0.05 cm or cm/s
        found = analyse(v2x2=part, instrument={field: 0.05}).measurand("ω")
        expected = np.hypot(omega.standard_uncertainty, u_slope / (2 * omega.value))
        added = np.sqrt(found.standard_uncertainty**2 - omega.standard_uncertainty**2)
        assert added == pytest.approx(u_slope / (2 * omega.value), rel=5e-3), field
        assert found.standard_uncertainty == pytest.approx(expected, rel=1e-4), field


@pytest.mark.parametrize(
    ("part", "field", "index", "typed", "code"),
    [
        ("t2m", "T10_avg_s", 2, 179.340, "decimal-slip"),
        ("t2m", "T10_avg_s", 3, 15.8316, "digit-swap"),
        ("t2m", "weights_g", 3, 7.0, "decimal-slip"),
        ("v2x2", "v_avg_cms", 4, 6.392, "decimal-slip"),
        ("v2x2", "x_cm", 7, 1.6, "decimal-slip"),
    ],
)
def test_slips_are_named(part: str, field: str, index: int, typed: float, code: str) -> None:
    columns = dict(SAMPLE[part])
    columns[field] = [typed if i == index else v for i, v in enumerate(columns[field])]
    found = analyse(**{part: columns}).warnings[0]
    assert (found.code, found.field, found.index) == (code, f"{part}.{field}", index)


def test_what_cannot_be_had_is_a_warning() -> None:
    rising = analyse(v2x2={"x_cm": [0, 5, 10, 15, 20], "v_avg_cms": [10, 20, 31, 40, 52]})
    assert rising.measurands == []
    assert "no-measurand" in [c.code for c in rising.warnings]
    assert len(rising.fits) == 1
    falling = analyse(t2m={"m0_g": 200, "weights_g": [0, 50, 90], "T10_avg_s": [19, 18, 17]})
    assert falling.measurands == []
    two = analyse(t2m={"m0_g": 200, "weights_g": [0, 50], "T10_avg_s": [17, 18]})
    assert two.measurands == []
    assert [c.code for c in two.warnings] == ["no-measurand"]
    three = analyse(t2m={"m0_g": 200, "weights_g": [0, 50, 90], "T10_avg_s": [16, 17.5, 18.6]})
    assert next(c.code for c in three.warnings if c.code not in ACCUSING) == "few-points"
    assert len(three.measurands) == 2


@pytest.mark.parametrize(
    ("readings", "detail"),
    [
        ({}, "“周期与质量”与“速度与位移”"),
        (
            {"t2m": {"m0_g": 1, "weights_g": [1, 2], "T10_avg_s": [3]}},
            "十个周期的时间 10T：有 1 个",
        ),
        ({"t2m": {"m0_g": 1, "weights_g": [2, 2], "T10_avg_s": [3, 4]}}, "附加质量 m：所有读数"),
        ({"t2m": {"m0_g": 1, "weights_g": [2], "T10_avg_s": [3]}}, "附加质量 m：只有 1 个"),
        (
            {"t2m": {"m0_g": 1, "weights_g": [1, 2], "T10_avg_s": [3, 0]}},
            "第 2 个十个周期的时间 10T：",
        ),
        ({"t2m": {"weights_g": [1, 2], "T10_avg_s": [3, 4]}}, "缺少滑块质量 m₀"),
        ({"v2x2": {"x_cm": [-3, 3], "v_avg_cms": [3, 4]}}, "位移 x：所有读数"),
        ({"v2x2": {"x_cm": [1, "2"], "v_avg_cms": [3, 4]}}, "第 2 个位移 x：应为数字"),
    ],
)
def test_bad_input_is_refused(readings: dict[str, Any], detail: str) -> None:
    with pytest.raises(BadInput) as refused:
        decode(json.dumps(readings).encode(), mechanics.Mechanics)
    assert detail in refused.value.detail


@pytest.mark.parametrize("n", [2, 3, 5000])
def test_any_length_is_analysed_and_drawn(n: int) -> None:
    rng = np.random.default_rng(n)
    weights = np.linspace(0, 100, n)
    tens = 10 * np.sqrt(10.77 * (0.2417 + weights / 1000) + rng.normal(0, 0.002, n))
    part = {"m0_g": 241.7, "weights_g": weights.tolist(), "T10_avg_s": tens.tolist()}
    readings = msgspec.convert({"t2m": part}, mechanics.Mechanics)
    result, figures = work.run(mechanics.function, readings)
    assert list(figures) == ["t2-m"]
    assert work.draw(figures["t2-m"], "png").startswith(b"\x89PNG")
    assert not any(c.code in ACCUSING for c in result.warnings)


@pytest.mark.slow
def test_intervals_cover_the_truth() -> None:
    k, mass, omega, amplitude = 3.666, 0.0072, 3.919, 0.192

    def make(rng: np.random.Generator) -> mechanics.Mechanics:
        squares = 4 * np.pi**2 / k * (0.24168 + WEIGHTS / 1000 + mass)
        speeds = omega**2 * (amplitude**2 - (X / 100) ** 2)
        tens = 10 * np.sqrt(squares + rng.normal(0, 0.0012, squares.size))
        v = 100 * np.sqrt(np.maximum(speeds + rng.normal(0, 0.01, X.size), 0))
        first = SAMPLE["t2m"] | {"T10_avg_s": tens.round(4).tolist()}
        second = SAMPLE["v2x2"] | {"v_avg_cms": v.round(2).tolist()}
        return msgspec.convert({"t2m": first, "v2x2": second}, mechanics.Mechanics)

    truth = {
        "弹簧劲度系数": k,
        "弹簧等效质量": mass,
        "角频率": omega,
        "振幅": amplitude,
        "周期": 2 * np.pi / omega,
    }
    covered, accused = simulate(mechanics.analyse, make, truth, seed=20)
    assert all(abs(share - 0.95) <= 0.015 for share in covered.values()), covered
    assert accused <= 0.01


def test_masses_typed_in_kilograms_are_asked_about() -> None:
    part = SAMPLE["t2m"]
    kilograms = {"m0_g": 0.24168, "weights_g": (WEIGHTS / 1000).tolist()}
    result = analyse(t2m=part | kilograms)
    assert ("unit", "t2m.m0_g") in [(c.code, c.field) for c in result.warnings]
    assert "unit" not in [c.code for c in analyse(t2m=part).warnings]


def test_readings_on_a_perfect_line_do_not_pass_for_exact() -> None:
    # T² = 4 s²/kg · M at 0.25, 1 and 2.25 kg: T = 1, 2, 3 s, so that no residual is left
    part = {"m0_g": 250.0, "weights_g": [0, 750, 2000], "T10_avg_s": [10, 20, 30]}
    assert [c.code for c in analyse(t2m=part).warnings] == ["few-points", "no-scatter"]
    limited = analyse(t2m=part, instrument={"T10_avg_s": 0.1})
    assert [c.code for c in limited.warnings] == ["few-points"]
    assert limited.measurand("k").standard_uncertainty > 0


def test_a_spring_without_a_pan() -> None:
    """Sixteen masses of a public script: k 30.5934, u 0.2237; m_eff -0.00266, u 0.00418."""
    masses = [150 + 50 * n for n in range(16)]
    tens = [4.395, 5.085, 5.625, 6.255, 6.62, 7.078, 7.585, 8.08]
    tens += [8.395, 8.795, 9.12, 9.56, 9.765, 10.09, 10.515, 10.755]
    result = analyse(t2m={"m0_g": 0, "weights_g": masses, "T10_avg_s": tens})
    for symbol, value, u in (("k", 30.5934, 0.2237), ("m_eff", -0.00266, 0.00418)):
        found = result.measurand(symbol)
        assert found.value == pytest.approx(value, abs=1e-4)
        assert found.standard_uncertainty == pytest.approx(u, abs=1e-4)
    assert result.warnings == []


def test_error_bars_are_those_of_each_reading() -> None:
    """Of T² the limit is 2T·Δ/100 and grows with T."""
    readings = SAMPLE["t2m"]
    given = msgspec.convert(
        {"t2m": readings, "instrument": {"T10_avg_s": 0.2}}, mechanics.Mechanics
    )
    figure = mechanics.figures(given, mechanics.analyse(given))["t2-m"]
    (points,) = [item for item in figure.panels[0].items if isinstance(item, Points)]
    expected = [2 * t * 0.2 / 100 / 3**0.5 for t in readings["T10_avg_s"]]
    assert list(points.u_y or []) == pytest.approx(expected)
