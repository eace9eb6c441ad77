"""Optical fibre: values by hand calculation, coverage, slips, bad input, figures."""

import base64
import math
from typing import Any

import msgspec
import numpy as np
import pytest

from functions import fiber
from functions._lab import drawing
from functions._lab.errors import ReadingError
from functions._runtime.experiment import SAMPLES
from functions._runtime.form import form


def convert(readings: dict[str, Any]) -> fiber.Fiber:
    decoded: fiber.Fiber = msgspec.convert(readings, fiber.Fiber)
    return decoded


def analyse(**readings: Any) -> fiber.Drawn:
    return fiber.analyse(convert(readings))


def codes(result: fiber.Drawn) -> list[str]:
    return [caution.code for caution in result.warnings]


def straight(x: np.ndarray, y: np.ndarray) -> tuple[float, float, np.ndarray, float]:
    """Intercept, slope, covariance and s of an ordinary line (JCGM 100:2008, H.3.2)."""
    n, mean = len(x), x.mean()
    squares = np.sum((x - mean) ** 2)
    slope = float(np.sum((x - mean) * y) / squares)
    intercept = float(y.mean() - slope * mean)
    s = math.sqrt(float(np.sum((y - intercept - slope * x) ** 2)) / (n - 2))
    covariance = s**2 / squares * np.array([[np.sum(x**2) / n, -mean], [-mean, 1.0]])
    return intercept, slope, covariance, s


def zero(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """-a/b and its u with the covariance of a and b."""
    a, b, covariance, _ = straight(x, y)
    gradient = np.array([-1 / b, a / b**2])
    return -a / b, math.sqrt(float(gradient @ covariance @ gradient))


def diode(random: np.random.Generator, turn_on: float = 0.9) -> dict[str, Any]:
    """Six readings on the foot, then ten on I = (U - turn_on)/20 Ω with 0.1 mA of scatter."""
    foot = np.array([0.0, 0.2, 0.4, 0.6, 0.7, 0.8])
    upper = turn_on + np.linspace(0.03, 0.3, 10)
    current = np.concatenate([foot * 0.1, (upper - turn_on) * 50])
    noise = random.normal(0, 0.1, 16) * (np.arange(16) >= 6)
    voltage = np.round(np.concatenate([foot, upper]), 3)
    return {"plot_type": "iu", "U": voltage.tolist(), "I": np.round(current + noise, 3).tolist()}


def laser(random: np.random.Generator) -> dict[str, Any]:
    """P = 0.05 mW/mA beyond 7.3 mA, 0.0002 below, with 0.002 mW of scatter."""
    current = np.arange(0.0, 21)
    power = 0.0002 * current + 0.05 * np.maximum(current - 7.3, 0)
    power = np.round(power + random.normal(0, 0.002, 21) + 0.01, 4)
    return {"plot_type": "pi", "I": current.tolist(), "P": power.tolist()}


def photodiode(random: np.random.Generator) -> dict[str, Any]:
    """0.9 A/W and 0.5 μA of dark current, saturated beyond 1 V, with 0.2 μA of scatter."""
    bias = np.arange(0.0, 10.5, 0.5)
    foot = 1 - 0.4 * np.exp(-bias / 0.1)
    readings: dict[str, Any] = {"plot_type": "photodiode", "V": bias.tolist()}
    for name, power in (("I0", 0.0), ("I1", 0.1), ("I2", 0.2)):
        current = 0.5 + 900 * power * foot + random.normal(0, 0.2, bias.size)
        readings[name] = np.round(current, 2).tolist()
    return readings


def test_turn_on_voltage_and_differential_resistance() -> None:
    readings = diode(np.random.default_rng(1))
    result = fiber.analyse(convert(readings))
    assert result.branch == tuple(range(6, 16))
    x, y = np.array(readings["U"])[6:], np.array(readings["I"])[6:]
    value, u = zero(x, y)
    found = result.measurand("U_on")
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-9)
    assert found.degrees_of_freedom == pytest.approx(8)
    _, slope, covariance, _ = straight(x, y)
    resistance = result.measurand("r_d")
    assert resistance.value == pytest.approx(1000 / slope, rel=1e-9)
    u_r = 1000 / slope**2 * math.sqrt(covariance[1, 1])
    assert resistance.standard_uncertainty == pytest.approx(u_r, rel=1e-9)
    assert result.warnings == []


def test_the_example_of_four_readings_gives_a_value_without_uncertainty() -> None:
    # The line through (1.0 V, 5 mA) and (1.1 V, 10 mA) crosses zero at 0.9 V.
    result = analyse(plot_type="iu", U=[0, 0.75, 1.0, 1.1], I=[0, 0.2, 5, 10])
    (caution,) = result.warnings
    assert caution.code == "no-measurand"
    assert "0.900 V" in caution.message
    assert result.measurands == []
    assert result.fit("i-u").parameters[1].value == pytest.approx(50)


def test_instrument_limits_give_two_readings_an_uncertainty() -> None:
    limits = {"U": 0.01, "I": 0.1}
    result = analyse(plot_type="iu", U=[0, 0.75, 1, 1.1], I=[0, 0.2, 5, 10], instrument=limits)
    # U = 0.9 + 0.2 (I₁ - ...)…: ∂U_on/∂U₁ = 2, ∂U_on/∂U₂ = -1, and times 1/b for the currents.
    each = math.hypot(0.01, 0.1 / 50) / math.sqrt(3)
    found = result.measurand("U_on")
    assert found.standard_uncertainty == pytest.approx(each * math.sqrt(5), rel=1e-6)


def test_threshold_and_slope_efficiency() -> None:
    readings = laser(np.random.default_rng(2))
    result = fiber.analyse(convert(readings))
    x, y = np.array(readings["I"])[8:], np.array(readings["P"])[8:]
    value, u = zero(x, y)
    found = result.measurand("I_th")
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-9)
    _, slope, covariance, _ = straight(x, y)
    efficiency = result.measurand("η")
    assert efficiency.unit == "W/A"
    assert efficiency.value == pytest.approx(slope, rel=1e-9)
    expected = math.sqrt(covariance[1, 1])
    assert efficiency.standard_uncertainty == pytest.approx(expected, rel=1e-9)
    below = straight(np.array(readings["I"])[:8], np.array(readings["P"])[:8])
    a, b = straight(x, y)[:2]
    crossing = (below[0] - a) / (b - below[1])
    assert result.measurand("I_th′").value == pytest.approx(crossing, rel=1e-9)
    assert result.warnings == []


def test_responsivity_by_hand() -> None:
    # Saturated means 0.5, 90.5, 180.5; s/√n of each = 0.1·√(6/5)/√6 with ±0.1 in turn.
    turn = [0.1, -0.1] * 3
    readings = {
        "I0": [0.5 + t for t in turn],
        "I1": [90.5 + t for t in turn],
        "I2": [180.5 + t for t in turn],
    }
    result = analyse(plot_type="photodiode", V=[1, 2, 3, 4, 5, 6], **readings)
    each = 0.1 * math.sqrt(6 / 5) / math.sqrt(6)
    found = result.measurand("R")
    assert found.value == pytest.approx(0.9)
    # slope = (I₂ - I₀)/0.2: u = √2·each/0.2 in μA/mW, two means of ν = 5 each.
    assert found.standard_uncertainty == pytest.approx(math.sqrt(2) * each / 0.2 / 1000)
    assert found.degrees_of_freedom == pytest.approx(10)
    dark = result.measurand("I_d")
    assert dark.value == pytest.approx(0.5)
    assert dark.standard_uncertainty == pytest.approx(each)
    assert dark.degrees_of_freedom == pytest.approx(5)
    fit = result.fit("responsivity")
    assert fit.parameters[1].standard_uncertainty == pytest.approx(math.sqrt(2) * each / 0.2)
    assert fit.covariance[1][1] == pytest.approx(2 * each**2 / 0.04)
    assert result.warnings == []


def test_the_example_currents_are_off_their_line() -> None:
    # Means 0, 98.8333, 199.8333 at 0, 0.1, 0.2 mW: slope 199.8333/0.2 = 999.17 μA/mW; residuals
    # 0.3611, -0.7222, 0.3611, so s² = 0.78241 with ν = 1 and u = s/√0.02 = 6.2547 μA/mW.
    result = fiber.analyse(
        msgspec.json.decode((SAMPLES / "fiber-photodiode.json").read_bytes(), type=fiber.Fiber)
    )
    found = result.measurand("R")
    assert found.value == pytest.approx(0.9991667, abs=1e-7)
    assert found.standard_uncertainty == pytest.approx(6.2546e-3, abs=1e-6)
    assert found.degrees_of_freedom == 1
    assert codes(result) == ["linearity"]
    # Six readings of 0 on a meter that shows whole μA: 1/√12.
    dark = result.measurand("I_d")
    assert dark.value == 0
    assert dark.standard_uncertainty == pytest.approx(1 / math.sqrt(12))


def test_limits_of_power_and_current_count_once_for_each_curve() -> None:
    turn = [0.1, -0.1] * 3
    readings = {
        "I0": [0.5 + t for t in turn],
        "I1": [90.5 + t for t in turn],
        "I2": [180.5 + t for t in turn],
    }
    limits = {"powers_mW": 0.001, "I2": 0.6}
    result = analyse(plot_type="photodiode", V=[1, 2, 3, 4, 5, 6], **readings, instrument=limits)
    each = 0.1 * math.sqrt(6 / 5) / math.sqrt(6)
    # ∂R/∂I₂ = -∂R/∂I₀ = 5/mW; ∂R/∂P₂ = -900·5 and, of evenly spaced exact data, 0 for P₁.
    parts = [5 * each, 5 * each, 5 * 0.6 / math.sqrt(3), 4500 * 0.001 / math.sqrt(3)]
    expected = math.sqrt(sum(part**2 for part in parts)) / 1000
    assert result.measurand("R").standard_uncertainty == pytest.approx(expected, rel=1e-6)


def test_other_powers_and_the_foot_of_the_curve() -> None:
    readings = photodiode(np.random.default_rng(3))
    result = analyse(**readings, powers_mW=[0.0, 0.2, 0.4])
    found = result.measurand("R")
    assert abs(found.value - 0.45) < 3 * found.standard_uncertainty
    assert result.saturation.used[2][0] >= 1  # the reading at 0 V is 40 % too low


def test_two_readings_at_each_power_are_both_taken() -> None:
    # No foot can be told from scatter by two readings: I₀ = (0.30 + 0.28)/2 with u = s/√2 = 0.01,
    # ν = 1; of the line R = 5 (I₂ - I₀) = 5 (132.695 - 0.290) μA/mW = 0.662 025 A/W.
    currents = {"I0": [0.30, 0.28], "I1": [66.48, 66.46], "I2": [132.69, 132.70]}
    result = analyse(plot_type="photodiode", V=[0.0, 5.0], **currents)
    dark = result.measurand("I_d")
    assert (dark.value, dark.standard_uncertainty) == pytest.approx((0.29, 0.01))
    assert dark.degrees_of_freedom == 1
    assert result.measurand("R").value == pytest.approx(0.662025)
    assert "linearity" not in [c.code for c in result.warnings]


def test_a_first_reading_that_is_too_large_is_no_foot() -> None:
    currents = [99.9, 99.1, 99.0, 99.1, 99.0, 99.1]
    rows = {"I0": [0.1] * 6, "I1": currents, "I2": [198.0, 198.1] * 3}
    used = analyse(plot_type="photodiode", V=[0, 1, 2, 3, 4, 5], **rows).saturation.used
    assert [len(places) for places in used] == [6, 6, 6]


def test_a_bias_typed_with_its_sign() -> None:
    readings = photodiode(np.random.default_rng(4))
    signed = readings | {"V": [-v for v in readings["V"]]}
    assert analyse(**signed).measurand("R") == analyse(**readings).measurand("R")


@pytest.mark.parametrize(
    ("readings", "symbol"),
    [
        ({"plot_type": "iu", "U": [1, 2, 3, 4, 5, 6], "I": [7] * 6}, "I"),
        ({"plot_type": "iu", "U": [1, 2, 3, 4, 5, 6], "I": [6, 5, 4, 3, 2, 1]}, "I"),
        ({"plot_type": "iu", "U": [0, 1, 2], "I": [0, 1, 2]}, "I"),
        ({"plot_type": "iu", "U": [1, 1, 1, 1, 1], "I": [1, 2, 3, 4, 5]}, "I"),
        ({"plot_type": "pi", "I": [0, 1, 2, 2], "P": [0, 1, 2, 3]}, "P"),
        ({"plot_type": "pi", "I": [5] * 6, "P": [0, 1, 2, 3, 4, 5]}, "P"),
        ({"plot_type": "pi", "I": [0, 5, 10, 15, 20], "P": [0.1] * 5}, "P"),
        ({"plot_type": "pi", "I": [0, 5, 10, 15, 20], "P": [0, 0, 0, 0, 0]}, "P"),
        ({"plot_type": "photodiode", "V": [1, 2], "I0": [5, 5], "I1": [5, 5], "I2": [5, 5]}, "I2"),
    ],
)
def test_what_cannot_be_analysed_says_so_and_is_drawn(
    readings: dict[str, Any], symbol: str
) -> None:
    converted = convert(readings)
    result = fiber.analyse(converted)
    assert ("no-measurand", symbol) in [(c.code, c.field) for c in result.warnings]
    for figure in fiber.figures(converted, result).values():
        drawing.render(figure)


def test_slips_are_found_and_named() -> None:
    readings = diode(np.random.default_rng(5))
    readings["I"][12] = round(readings["I"][12] * 10, 3)
    found = [(c.code, c.field, c.index) for c in analyse(**readings).warnings]
    assert ("decimal-slip", "I", 12) in found
    power = laser(np.random.default_rng(5))
    power["P"][15] = round(power["P"][15] / 10, 5)
    found = [(c.code, c.field, c.index) for c in analyse(**power).warnings]
    assert ("decimal-slip", "P", 15) in found
    light = photodiode(np.random.default_rng(5))
    light["I1"][9] = round(light["I1"][9] / 10, 3)
    found = [(c.code, c.field, c.index) for c in analyse(**light).warnings]
    assert ("decimal-slip", "I1", 9) in found


@pytest.mark.parametrize(
    ("readings", "field", "part"),
    [
        ({"plot_type": "iu", "U": [0, 1, 2, 3], "I": [0, 1, 2]}, "I", "有 3 个读数，而 U 有 4 个"),
        ({"plot_type": "pi", "I": [0, 1, 2, 3], "P": [0, 1]}, "P", "有 2 个读数，而 I 有 4 个"),
        (
            {"plot_type": "photodiode", "V": [0, 1], "I0": [0, 0], "I1": [1], "I2": [2, 2]},
            "I1",
            "有 1 个读数，而 V 有 2 个",
        ),
        (
            {
                "plot_type": "photodiode",
                "V": [1, 2],
                "I0": [0, 0],
                "I1": [1, 1],
                "I2": [2, 2],
                "powers_mW": [0, 0.1],
            },
            "powers_mW",
            "应有 3 个",
        ),
    ],
)
def test_bad_readings_are_refused(readings: dict[str, Any], field: str, part: str) -> None:
    with pytest.raises(ReadingError) as caught:
        convert(readings)
    assert caught.value.field == field
    assert part in caught.value.message


def test_each_kind_of_readings_has_a_chinese_title() -> None:
    variants = form(fiber.function).variants
    assert [(one.tag_field, one.tag) for one in variants] == [
        ("plot_type", "iu"),
        ("plot_type", "pi"),
        ("plot_type", "photodiode"),
    ]
    assert [one.title for one in variants] == [
        "激光二极管 I–U 特性",
        "激光二极管 P–I 特性",
        "光电二极管反向伏安特性",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("simulated", "truths"),
    [
        (diode, {"U_on": 0.9, "r_d": 20.0}),
        (laser, {"I_th": 0.355 / 0.0502, "I_th′": 7.3, "η": 0.0502}),
        (photodiode, {"R": 0.9, "I_d": 0.5}),
    ],
    ids=["iu", "pi", "photodiode"],
)
def test_the_interval_covers_the_truth_and_clean_sets_raise_nothing(
    simulated: Any, truths: dict[str, float]
) -> None:
    # The lasing branch is 0.01 + 0.0002·I + 0.05·(I - 7.3): zero where 0.0502·I = 0.355.
    random = np.random.default_rng(1970)
    covered, alarms, count = dict.fromkeys(truths, 0), 0, 2000
    for _ in range(count):
        result = fiber.analyse(convert(simulated(random)))
        for symbol, truth in truths.items():
            found = result.measurand(symbol)
            covered[symbol] += abs(found.value - truth) <= found.expanded_uncertainty
        alarms += bool({"outlier", "decimal-slip", "digit-swap", "order"} & set(codes(result)))
    for symbol, hits in covered.items():
        assert abs(hits / count - 0.95) <= 0.015, symbol
    assert alarms / count <= 0.01


@pytest.mark.parametrize("kind", ["iu", "pi", "photodiode"])
def test_five_thousand_readings_fit_into_one_answer(kind: str) -> None:
    random = np.random.default_rng(8)
    x = np.linspace(0, 20, 5000)
    y = np.round(np.maximum(x - 7, 0.01 * x) + random.normal(0, 0.05, 5000), 3).tolist()
    x = np.round(x, 4)
    names = {"iu": ("U", "I"), "pi": ("I", "P"), "photodiode": ("V", "I0", "I1", "I2")}[kind]
    columns = dict(zip(names, [x.tolist(), y, y, y], strict=False))
    if kind == "photodiode":
        columns |= {
            n: np.round(random.normal(p, 1, 5000), 2).tolist()
            for n, p in (("I0", 1), ("I1", 90), ("I2", 180))
        }
    converted = convert({"plot_type": kind, **columns})
    result = fiber.analyse(converted)
    assert result.measurands
    size = len(msgspec.json.encode([result.measurands, result.fits, result.warnings]))
    for figure in fiber.figures(converted, result).values():
        size += len(base64.b64encode(drawing.render(figure)))
    assert size < 1000 * 1024


@pytest.mark.parametrize(
    ("name", "simulated", "seed"), [("fiber", diode, 1), ("fiber-pi-full", laser, 2)]
)
def test_full_samples_are_the_documented_simulations(name: str, simulated: Any, seed: int) -> None:
    sample = msgspec.json.decode((SAMPLES / f"{name}.json").read_bytes())
    assert sample == simulated(np.random.default_rng(seed))


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("fiber*.json")), ids=lambda path: path.stem)
def test_samples_are_drawn(path: Any) -> None:
    converted = msgspec.json.decode(path.read_bytes(), type=fiber.Fiber)
    result = fiber.analyse(converted)
    (figure,) = fiber.figures(converted, result).values()
    assert drawing.render(figure)


def test_a_photodiode_at_one_bias_alone_has_a_responsivity() -> None:
    columns = {"I0": [0, 0, 0], "I1": [98, 99, 100], "I2": [197, 198, 199]}
    converted = convert({"plot_type": "photodiode", "V": [5, 5, 5], **columns})
    result = fiber.analyse(converted)
    assert result.measurand("R").value == pytest.approx(0.99)
    assert drawing.render(fiber.figures(converted, result)["photodiode-iv"])
