"""Heat: worked values with the covariance, IEC 60751, missing parts, slips, coverage."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from functions import thermal
from functions._runtime import work
from functions._runtime.errors import BadInput
from functions._runtime.experiment import SAMPLES
from functions._runtime.validation import decode
from tests.functions.simulated import ACCUSING, simulate

Array = NDArray[np.float64]

SAMPLE: dict[str, Any] = json.loads((SAMPLES / "thermal.json").read_bytes())
CELSIUS = np.array(SAMPLE["temperatures"], float)


def analyse(**readings: Any) -> thermal.Lines:
    return thermal.analyse(msgspec.convert(readings, thermal.Thermal))


def codes(result: thermal.Lines) -> list[tuple[str, str, int | None]]:
    return [(c.code, c.field, c.index) for c in result.warnings]


def test_worked_values() -> None:
    result = analyse(**SAMPLE)
    r0, alpha, b, r25, slope = result.measurands
    assert r0.value == pytest.approx(103.22619, abs=5e-6)
    assert r0.standard_uncertainty == pytest.approx(0.15049, abs=5e-6)
    assert alpha.value == pytest.approx(4.09918e-3, abs=5e-9)
    assert alpha.standard_uncertainty == pytest.approx(0.02737e-3, abs=5e-9)
    assert b.value == pytest.approx(4013.38, abs=5e-3)
    assert b.standard_uncertainty == pytest.approx(23.78, abs=5e-3)
    assert r25.value == pytest.approx(9927.0, abs=0.05)
    assert {m.degrees_of_freedom for m in result.measurands} == {4}
    assert slope.value == pytest.approx(-4013.38 / 298.15**2, rel=2e-6)
    assert slope.standard_uncertainty == pytest.approx(23.78 / 298.15**2, rel=3e-4)
    # u(ln R₂₅)² = s² (1/n + (1/298.15 - mean)²/Sxx), with s and Sxx by polynomial regression
    x, y = 1 / (CELSIUS + 273.15), np.log(SAMPLE["ntc_resistance"])
    rest = y - np.polyval(np.polyfit(x - x.mean(), y, 1), x - x.mean())
    sxx = np.sum((x - x.mean()) ** 2)
    u = np.sqrt(rest @ rest / 4 * (1 / 6 + (1 / 298.15 - x.mean()) ** 2 / sxx))
    assert r25.standard_uncertainty == pytest.approx(r25.value * u, rel=1e-6)


def test_pt100_five_ohms_high_is_found() -> None:
    found = analyse(**SAMPLE).warnings
    assert [(c.code, c.field) for c in found] == [("offset", "pt100_resistance")]
    assert "高约 5.7 Ω" in found[0].message
    # IEC 60751:2008, table 1, at the same temperatures: nothing to say
    sound = [121.32, 123.24, 125.16, 127.08, 128.99, 130.90]
    result = analyse(**SAMPLE | {"pt100_resistance": sound})
    assert result.warnings == []
    assert result.measurand("α").value == pytest.approx(3.851e-3, rel=0.01)


@pytest.mark.parametrize(
    ("celsius", "ohms"),
    # IEC 60751:2008, table 1
    [(-200, 18.52), (-100, 60.26), (0, 100.0), (50, 119.40), (100, 138.51), (200, 175.86)],
)
def test_standard_resistance(celsius: float, ohms: float) -> None:
    assert thermal.standard_resistance(celsius) == pytest.approx(ohms, abs=0.005)


def test_one_reading_far_from_the_standard_is_named() -> None:
    ohms = [round(thermal.standard_resistance(t), 2) for t in (55, 60, 65)]
    found = analyse(temperatures=[55, 60, 65], pt100_resistance=[ohms[0], ohms[1] + 2.5, ohms[2]])
    assert ("offset", "pt100_resistance", 1) in codes(found)


def test_alpha_far_from_the_standard_names_causes() -> None:
    result = analyse(pt100_resistance=[105.3, 108.0, 110.6, 113.3, 115.8, 118.5])
    assert "reference" in [c.code for c in result.warnings]


def test_parts_alone_and_default_temperatures() -> None:
    whole = analyse(**SAMPLE)
    pt100 = analyse(pt100_resistance=SAMPLE["pt100_resistance"])
    ntc = analyse(ntc_resistance=SAMPLE["ntc_resistance"])
    assert pt100.measurands == whole.measurands[:2]
    assert ntc.measurands == whole.measurands[2:]
    assert ntc.warnings == []
    assert list(thermal.figures(msgspec.convert(SAMPLE, thermal.Thermal), whole)) == [
        "pt100",
        "ntc",
    ]
    short = msgspec.convert({"ntc_resistance": [2883, 2424, 2027]}, thermal.Thermal)
    assert short.celsius == [55, 60, 65]
    assert list(thermal.figures(short, thermal.analyse(short))) == ["ntc"]


def test_instrument_limits_are_type_b_in_u() -> None:
    plain, limited = (
        analyse(**SAMPLE, instrument=limits).measurands
        for limits in ({}, {"pt100_resistance": 0.3, "ntc_resistance": 30.0})
    )
    sxx = np.sum((CELSIUS - CELSIUS.mean()) ** 2)
    u_a = 0.3 / np.sqrt(3) * np.sqrt(1 / 6 + CELSIUS.mean() ** 2 / sxx)
    expected = np.hypot(plain[0].standard_uncertainty, u_a)
    assert limited[0].standard_uncertainty == pytest.approx(expected, rel=1e-9)
    warm = analyse(**SAMPLE, instrument={"temperatures": 0.5}).measurands[1]
    assert any(i.name.startswith("温度") and i.type == "B" for i in warm.budget)


def moved_by(readings: Array, delta: float, of: Any) -> Array:
    """u of what ``of`` makes of the readings when each has a limit, by moving one at a time."""
    steps = [np.eye(readings.size)[i] * delta * 1e-4 for i in range(readings.size)]
    moves = [(of(readings + step) - of(readings - step)) / 2e-4 for step in steps]
    return np.asarray(np.linalg.norm(moves, axis=0) / np.sqrt(3))


def thermistor(celsius: Array, ohms: Array) -> Array:
    """B and R₂₅ of the least-squares line, by NumPy."""
    slope, intercept = np.polyfit(1 / (celsius + 273.15), np.log(ohms), 1)
    return np.array([slope, np.exp(intercept + slope / 298.15)])


def test_limit_of_the_thermistor_acts_reading_by_reading() -> None:
    # From 0 to 100 °C the resistance falls by a factor of 40, and Δ/R rises by as much: with one
    # mean limit u(R₂₅) would be 2.6 times what it is, and u(B) a sixth too small.
    celsius = np.arange(0.0, 101.0, 10.0)
    ohms = 1e4 * np.exp(3950 * (1 / (celsius + 273.15) - 1 / 298.15))
    ohms = np.round(ohms * (1 + 0.003 * np.cos(2.1 * np.arange(11))))
    given = {"temperatures": celsius.tolist(), "ntc_resistance": ohms.tolist()}
    plain = analyse(**given)
    for field, delta, readings, of in (
        ("ntc_resistance", 20.0, ohms, lambda r: thermistor(celsius, r)),
        ("temperatures", 0.05, celsius, lambda t: thermistor(t, ohms)),
    ):
        limited = analyse(**given, instrument={field: delta})
        for symbol, u in zip(("B", "R₂₅"), moved_by(readings, delta, of), strict=True):
            expected = np.hypot(plain.measurand(symbol).standard_uncertainty, u)
            found = limited.measurand(symbol).standard_uncertainty
            assert found == pytest.approx(expected, rel=1e-3), (field, symbol)


@pytest.mark.parametrize(
    ("field", "index", "typed", "code"),
    [
        ("ntc_resistance", 2, 202.7, "decimal-slip"),
        ("ntc_resistance", 4, 1345, "digit-swap"),
        ("pt100_resistance", 1, 12.855, "decimal-slip"),
        ("temperatures", 3, 7.0, "decimal-slip"),
    ],
)
def test_slips_are_named(field: str, index: int, typed: float, code: str) -> None:
    ohms = [120.1, 122.0, 124.0, 125.9, 127.8, 129.8]
    readings = SAMPLE | {"pt100_resistance": [r + 1.2 for r in ohms]}
    if field == "pt100_resistance":
        readings = SAMPLE
    column = [typed if i == index else v for i, v in enumerate(readings[field])]
    assert (code, field, index) in codes(analyse(**readings | {field: column}))


def test_order_of_temperatures() -> None:
    shuffled = [55, 60, 70, 65, 75, 80]
    found = analyse(temperatures=shuffled, ntc_resistance=SAMPLE["ntc_resistance"])
    assert any(c.field == "temperatures" for c in found.warnings)


def test_what_cannot_be_had_is_a_warning() -> None:
    two = analyse(ntc_resistance=[2883, 2424])
    assert two.measurands == []
    assert codes(two) == [("no-measurand", "ntc_resistance", None)]
    rising = analyse(ntc_resistance=[1000, 1100, 1190, 1310, 1400])
    assert ("unphysical", "ntc_resistance", None) in codes(rising)


@pytest.mark.parametrize(
    ("readings", "detail"),
    [
        ({}, "请给出 Pt100 电阻 R 或 NTC 电阻 R"),
        ({"temperatures": [55, 60]}, "请给出 Pt100 电阻 R 或 NTC 电阻 R"),
        ({"temperatures": [55] * 6, "ntc_resistance": [1] * 6}, "温度 t：所有读数都相同"),
        ({"temperatures": [55, -273.15], "ntc_resistance": [1, 2]}, "第 2 个温度 t：应大于"),
        ({"ntc_resistance": [100, 0]}, "第 2 个 NTC 电阻 R：应大于 0"),
        ({"ntc_resistance": [100]}, "NTC 电阻 R：只有 1 个"),
        ({"ntc_resistance": []}, "NTC 电阻 R：不能为空"),
        (
            {"pt100_resistance": [100, 101], "ntc_resistance": [100]},
            "NTC 电阻 R：有 1 个读数，而 Pt100 电阻 R 有 2 个",
        ),
    ],
)
def test_bad_input_is_refused(readings: dict[str, Any], detail: str) -> None:
    with pytest.raises(BadInput) as refused:
        decode(json.dumps(readings).encode(), thermal.Thermal)
    assert detail in refused.value.detail


@pytest.mark.parametrize("n", [2, 3, 1600])
def test_any_length_is_analysed_and_drawn(n: int) -> None:
    rng = np.random.default_rng(n)
    celsius = np.linspace(0, 100, n)
    ohms = [thermal.standard_resistance(t) for t in celsius] + rng.normal(0, 0.05, n)
    ntc = 1e4 * np.exp(3950 * (1 / (celsius + 273.15) - 1 / 298.15) + rng.normal(0, 0.005, n))
    columns = {"temperatures": celsius, "pt100_resistance": ohms, "ntc_resistance": ntc}
    readings = msgspec.convert({k: v.tolist() for k, v in columns.items()}, thermal.Thermal)
    result, figures = work.run(thermal.function, readings)
    assert all(work.draw(figure, "png").startswith(b"\x89PNG") for figure in figures.values())
    assert not any(c.code in ACCUSING for c in result.warnings)


@pytest.mark.slow
def test_intervals_cover_the_truth() -> None:
    def make(rng: np.random.Generator) -> thermal.Thermal:
        ohms = 100 * (1 + 3.851e-3 * CELSIUS) + rng.normal(0, 0.1, 6)
        ntc = 1e4 * np.exp(3950 * (1 / (CELSIUS + 273.15) - 1 / 298.15) + rng.normal(0, 0.004, 6))
        return thermal.Thermal(
            temperatures=CELSIUS.tolist(),
            pt100_resistance=ohms.round(2).tolist(),
            ntc_resistance=ntc.round(0).tolist(),
        )

    truth = {
        "零度电阻": 100.0,
        "电阻温度系数": 3.851e-3,
        "材料常数": 3950.0,
        "25 °C 时的电阻": 1e4,
        "25 °C 时的温度系数": -3950 / 298.15**2,
    }
    covered, accused = simulate(thermal.analyse, make, truth, seed=30)
    assert all(abs(share - 0.95) <= 0.015 for share in covered.values()), covered
    assert accused <= 0.01


def test_a_thermistor_that_is_hardly_known_is_warned_of() -> None:
    """Five readings of a public note that doubts them: B 4733, u 1265."""
    result = thermal.analyse(
        msgspec.convert(
            {
                "temperatures": [37, 30, 28, 2, -2],
                "ntc_resistance": [5110, 7350, 7680, 17000, 81000],
            },
            thermal.Thermal,
        )
    )
    found = result.measurand("B")
    assert found.value == pytest.approx(4733, abs=1)
    assert found.standard_uncertainty == pytest.approx(1265, abs=1)
    assert "imprecise" in [c.code for c in result.warnings]


def test_a_flat_platinum_line_has_the_coefficient_of_its_slope_over_its_height() -> None:
    result = thermal.analyse(
        msgspec.convert(
            {"temperatures": [10, 20, 30, 40], "pt100_resistance": [100.0, 100.2, 100.2, 100.0]},
            thermal.Thermal,
        )
    )
    x, y = np.array([10.0, 20, 30, 40]), np.array([100.0, 100.2, 100.2, 100.0])
    (slope, offset), covariance = np.polyfit(x, y, 1, cov=True)
    assert slope == pytest.approx(0, abs=1e-12)
    alpha = result.measurand("α")
    assert alpha.value == pytest.approx(0, abs=1e-12)
    assert alpha.standard_uncertainty == pytest.approx(covariance[0, 0] ** 0.5 / offset, rel=1e-6)
