"""Photoelectric devices against worked values, hand computations and simulated devices."""

import copy
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from functions import _lab as lab
from functions._runtime.errors import BadInput
from functions._runtime.validation import check_readings, decode
from functions.photo_devices import PAIRS, PhotoDevices, analyse, figures

SAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "data" / "samples" / "photo-devices.json").read_bytes()
)
START = "ld_linear_start_idx"


def sample(*names: str, **changed: Any) -> PhotoDevices:
    """The sample, or those columns of it, with some fields changed (None takes one away)."""
    kept = {k: v for k, v in SAMPLE.items() if not names or k in names} | changed
    body = {k: v for k, v in kept.items() if v is not None}
    return decode(json.dumps(body).encode(), PhotoDevices)


def line_by_hand(x: Any, y: Any) -> tuple[float, float, float, float]:
    """Intercept, slope and their u from the textbook sums (JCGM 100:2008, H.3.2)."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    sxx = np.sum((x - x.mean()) ** 2)
    slope = np.sum((x - x.mean()) * (y - y.mean())) / sxx
    intercept = y.mean() - slope * x.mean()
    s = np.sqrt(np.sum((y - intercept - slope * x) ** 2) / (x.size - 2))
    u_intercept = s * np.sqrt(1 / x.size + x.mean() ** 2 / sxx)
    return float(intercept), float(slope), float(u_intercept), float(s / np.sqrt(sxx))


@pytest.mark.parametrize(
    ("symbol", "value", "u", "value_digit", "u_digit"),
    [
        ("η", 17.34033, 0.05472, 5e-6, 5e-6),
        ("I_th", 8.03520, None, 5e-6, 0),
        ("S_PD", 0.0245143, 0.00013997, 5e-8, 5e-9),
        ("S_PT", 0.00717143, 0.0000608332, 5e-9, 5e-11),
    ],
)
def test_worked_values(
    symbol: str, value: float, u: float | None, value_digit: float, u_digit: float
) -> None:
    found = analyse(sample()).measurand(symbol)
    assert found.value == pytest.approx(value, abs=value_digit)
    if u is not None:
        assert found.standard_uncertainty == pytest.approx(u, abs=u_digit)


def test_threshold_uncertainty_with_covariance() -> None:
    # u² = (s/b)² (1/n + (I_th - Ī)²/Sxx), n = 4, Ī = 16.5, Sxx = 45; without the covariance of
    # a and b it would be twice that.
    found = analyse(sample()).measurand("I_th")
    s = 0.05472 * 45**0.5
    expected = s / 17.34033 * (1 / 4 + (8.0352 - 16.5) ** 2 / 45) ** 0.5
    assert found.standard_uncertainty == pytest.approx(expected, rel=2e-4)


def test_junction_by_hand() -> None:
    # U = 0.9 + 0.01 I ± the pattern (1, -1, -1, 1)·1 mV over 10…40 mA, beyond a foot.
    pattern = 0.001 * np.array([1, -1, -1, 1, 1, -1, -1, 1])
    current = np.array([10.0, 20, 30, 40, 50, 60, 70, 80])
    body = {
        "led_I": [0, 2, 4, *current],
        "led_V": [0.0, 0.4, 0.8, *(0.9 + 0.01 * current + pattern)],
    }
    result = analyse(sample("none", **body))
    intercept, slope, u_intercept, u_slope = line_by_hand(current, body["led_V"][3:])
    turn_on, resistance = result.measurand("U_LED"), result.measurand("r_LED")
    assert turn_on.value == pytest.approx(intercept)
    assert turn_on.standard_uncertainty == pytest.approx(u_intercept)
    assert resistance.value == pytest.approx(1000 * slope)
    assert resistance.standard_uncertainty == pytest.approx(1000 * u_slope)


def test_led_slope_by_numpy() -> None:
    found = analyse(sample("led_I", "led_P")).measurand("η_LED")
    x, y = np.array(SAMPLE["led_I"]), np.array(SAMPLE["led_P"])
    columns = np.stack([np.ones_like(x), x, x * x], axis=1)
    p = np.linalg.lstsq(columns, y, rcond=None)[0]
    variance = np.sum((y - columns @ p) ** 2) / (x.size - 3)
    u = np.sqrt(variance * np.linalg.inv(columns.T @ columns)[1, 1])
    assert found.value == pytest.approx(p[1])
    assert found.standard_uncertainty == pytest.approx(u)


def test_exponent_of_an_exact_power_law() -> None:
    light = [50.0, 100, 150, 200, 250, 300]
    body = {"pt_L": light, "pt_I_L": [0.003 * e**1.2 for e in light]}
    assert analyse(sample("none", **body)).measurand("γ_PT").value == pytest.approx(1.2, rel=1e-8)


def test_exponent_leaves_the_dark_reading_out() -> None:
    light = [0.0, 50, 100, 150, 200, 250, 300]
    body = {"pd_L": light, "pd_I_L": [0.02 * e**0.9 for e in light]}
    found = analyse(sample("none", **body))
    assert found.measurand("γ_PD").value == pytest.approx(0.9, rel=1e-8)
    assert found.measurand("S_PD").value > 0


def test_exponent_uncertainty_by_its_derivatives() -> None:
    # At the minimum the residuals are orthogonal to E^γ and c E^γ ln E; V = s² (JᵀJ)⁻¹.
    found = analyse(sample("pd_L", "pd_I_L")).measurand("γ_PD")
    e, i = np.array(SAMPLE["pd_L"], float), np.array(SAMPLE["pd_I_L"])
    power = e**found.value
    c = float(power @ i / (power @ power))
    columns = np.stack([power, c * power * np.log(e)], axis=1)
    residuals = i - c * power
    assert columns[:, 1] @ residuals == pytest.approx(0, abs=1e-6)
    variance = np.sum(residuals**2) / (e.size - 2)
    u = np.sqrt(variance * np.linalg.inv(columns.T @ columns)[1, 1])
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-6)


def test_saturated_branch_only() -> None:
    volts = [0.0, 0.25, 0.5, 0.75, 1.0, 2, 4, 6, 8, 10]
    milliamps = [0.0, 0.31, 0.6, 0.88, 1.181, 1.209, 1.2705, 1.319, 1.3695, 1.411]
    found = analyse(sample("none", pt_V=volts, pt_I_V=milliamps))
    fit = found.fit("PT-bias")
    assert fit.n < 8
    assert found.measurand("g_PT").value == pytest.approx(0.0253, abs=0.003)
    assert found.measurand("I_PT").value == pytest.approx(1.164, abs=0.02)


def test_readings_on_a_line_are_not_exact() -> None:
    # 4.8, 5.0, … 5.6 lie exactly on a line; the last digit leaves ±0.05 μA open, u = 0.05/√3,
    # and Sxx = 40: u(g) = 0.05/√120.
    found = analyse(sample("pd_V", "pd_I_V")).measurand("g_PD")
    assert found.value == pytest.approx(0.1)
    assert found.standard_uncertainty == pytest.approx(0.05 / 120**0.5, rel=1e-9)


def test_peak_between_its_neighbours() -> None:
    # The largest current is at 550 nm, its neighbours at 530 and 570 nm: ±20 nm, rectangular.
    found = analyse(sample("pt_wl", "pt_I_wl")).measurand("λ_PT")
    assert found.value == 550
    assert found.standard_uncertainty == pytest.approx(20 / 3**0.5)
    assert found.degrees_of_freedom is None


def test_sample_warnings() -> None:
    warnings = analyse(sample()).warnings
    assert [(w.code, w.field) for w in warnings] == [
        ("few-points", "ld_P"),
        ("no-measurand", "pd_I_wl"),
    ]
    assert "400 nm" in warnings[1].message


@pytest.mark.parametrize("name", list(PAIRS))
def test_one_part_alone(name: str) -> None:
    pair = PAIRS[name]
    readings = sample(pair.x, pair.y, panels=True)
    result = analyse(readings)
    assert list(figures(readings, result)) == ["photo-devices", name]
    assert result.measurands or name == "pd-spectrum"


def test_figures() -> None:
    readings = sample()
    drawn = figures(readings, analyse(readings))
    assert list(drawn) == ["photo-devices"]
    assert len(drawn["photo-devices"].panels) == 10
    each = sample(panels=True)
    assert list(figures(each, analyse(each))) == ["photo-devices", *PAIRS]


@pytest.mark.parametrize(
    ("field", "index", "wrong", "meant"),
    [
        ("pd_I_L", 2, 40.0, "4"),
        ("pt_I_L", 4, 0.166, "1.66"),
        ("led_P", 3, 39.31, "3.931"),
        ("ld_P", 5, 12.12, "121.2"),
        ("pd_L", 3, 20.0, "200"),
    ],
)
def test_slip_is_named(field: str, index: int, wrong: float, meant: str) -> None:
    changed = copy.copy(SAMPLE[field])
    changed[index] = wrong
    found = [w for w in analyse(sample(**{field: changed})).warnings if w.code == "decimal-slip"]
    assert [(w.field, w.index) for w in found] == [(field, index)]
    assert meant in found[0].message


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"pd_L": [100] * 6}, "pd_I_L"),
        ({"ld_P": [1.0] * 8, START: None}, "ld_P"),
        ({"pd_wl": [500.0], "pd_I_wl": [1.0]}, "pd_I_wl"),
        ({"led_I": [5.0] * 7}, "led_P"),
        ({"pt_V": [2.0], "pt_I_V": [1.2]}, "pt_I_V"),
    ],
)
def test_part_that_cannot_be_analysed_is_a_warning(changed: dict[str, Any], field: str) -> None:
    readings = sample(**changed)
    result = analyse(readings)
    assert any(w.code == "no-measurand" and w.field == field for w in result.warnings)
    assert result.measurand("S_PT").value > 0
    assert len(figures(readings, result)["photo-devices"].panels) == 10


@pytest.mark.parametrize(
    ("field", "index", "typed"),
    [("ld_V", 3, 0.1), ("led_V", 4, 0.097), ("ld_P", 6, 17.26), ("ld_I", 2, 0.6)],
)
def test_a_reading_out_of_order_is_named(field: str, index: int, typed: float) -> None:
    changed = [typed if i == index else v for i, v in enumerate(SAMPLE[field])]
    found = analyse(sample(**{field: changed})).warnings
    assert (field, index) in [(w.field, w.index) for w in found]


def test_scatter_of_a_level_part_breaks_no_order() -> None:
    level = [0.13, 0.88, 0.93, 0.92, 0.97, 1.00, 1.02]
    assert "order" not in [w.code for w in analyse(sample(led_V=level)).warnings]


def test_start_given_or_chosen() -> None:
    assert analyse(sample()).fit("p-i").n == 4
    assert analyse(sample(**{START: None})).fit("p-i").n == 5
    low = analyse(sample(**{START: 0}))
    assert low.fit("p-i").n == 8
    assert [w.code for w in low.warnings if w.field == START] == ["branch"]


@pytest.mark.parametrize("start", [-1, 7, 8, 400])
def test_start_out_of_range_leaves_the_choice_to_the_data(start: int) -> None:
    result, expected = analyse(sample(**{START: start})), analyse(sample(**{START: None}))
    assert result.measurands == expected.measurands
    (said,) = [w for w in result.warnings if w.field == START]
    assert said.message == (
        f"起点序号 {start} 之后没有两个读数，已由数据判断激光段的起点（应在 0 到 6 之间）"
    )


def test_start_without_laser_is_ignored() -> None:
    assert analyse(sample("pd_L", "pd_I_L", **{START: 400})).measurands


@pytest.mark.parametrize(
    ("body", "start"),
    [
        ({}, "没有收到"),
        ({"panels": True}, "没有收到"),
        ({"led_I": [1, 2], "led_V": [1]}, "LED 电压 U：有 1 个读数，而 LED 电流 I 有 2 个"),
        ({"led_I": [1, 2], "led_V": [1, 2], "led_P": [1]}, "LED 光功率 P：有 1 个读数"),
        ({"led_I": [1, 2]}, "没有收到"),
        (
            {"led_I": [1, 2], "led_P": [1, 2], "pd_V": [1]},
            "光电二极管伏安特性的电压 U：缺少与之对应的光电二极管伏安特性的光电流 I",
        ),
        (
            {"led_I": [1, 2], "led_P": [1, 2], "pt_I_wl": [1]},
            "光电三极管光谱特性的光电流 I：缺少与之对应的光电三极管光谱特性的波长 λ",
        ),
        ({"pd_wl": [0, 500], "pd_I_wl": [1, 2]}, "光电二极管光谱特性中第 1 个波长 λ："),
        ({"pd_L": [-1, 500], "pd_I_L": [1, 2]}, "光电二极管光照特性中第 1 个光照度 E："),
    ],
)
def test_bad_input(body: dict[str, Any], start: str) -> None:
    with pytest.raises(BadInput) as caught:
        decode(json.dumps(body).encode(), PhotoDevices)
    assert caught.value.detail.startswith(start)


def simulated(rng: np.random.Generator, n: int = 12) -> PhotoDevices:
    """One clean set of readings of known devices, without the spectra."""

    def noisy(values: Any, u: float, places: int) -> list[float]:
        exact = np.asarray(values, float)
        return [float(v) for v in np.round(exact + u * rng.normal(size=exact.size), places)]

    current, light, volts = np.linspace(2, 30, n), np.linspace(30, 330, n), np.linspace(1, 12, n)
    return PhotoDevices(
        led_I=current.tolist(),
        led_V=noisy(0.86 + 0.0056 * current, 0.003, 4),
        led_P=noisy(0.33 * current - 0.004 * current**2, 0.02, 4),
        ld_I=current.tolist(),
        ld_V=noisy(0.9 + 0.0108 * current, 0.003, 4),
        ld_P=noisy(np.maximum(17.3 * (current - 8.1), 0.0), 0.4, 3),
        pd_L=light.tolist(),
        pd_I_L=noisy(0.03 * light, 0.03, 4),
        pd_V=volts.tolist(),
        pd_I_V=noisy(4.8 + 0.1 * volts, 0.02, 4),
        pt_L=light.tolist(),
        pt_I_L=noisy(0.007 * light, 0.01, 4),
        pt_V=volts.tolist(),
        pt_I_V=noisy(1.16 + 0.025 * volts, 0.004, 4),
    )


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 350])
def test_lengths(n: int) -> None:
    body = msgspec.json.encode(simulated(np.random.default_rng(n), n))
    readings = decode(body, PhotoDevices)
    check_readings(readings, 50_000)
    begin = time.perf_counter()
    result = analyse(readings)
    assert len(figures(readings, result)["photo-devices"].panels) == 8
    assert time.perf_counter() - begin < 5
    assert msgspec.json.encode(result.warnings)


@pytest.mark.slow
def test_coverage_and_false_warnings() -> None:
    rng = np.random.default_rng(20_240_602)
    truth = {
        "U_LED": 0.86,
        "r_LED": 5.6,
        "η_LED": 0.33,
        "U_LD": 0.9,
        "r_LD": 10.8,
        "I_th": 8.1,
        "I_th′": 8.1,
        "η": 17.3,
        "S_PD": 0.03,
        "γ_PD": 1.0,
        "I_PD": 4.8,
        "g_PD": 0.1,
        "S_PT": 0.007,
        "γ_PT": 1.0,
        "I_PT": 1.16,
        "g_PT": 0.025,
    }
    covered: Counter[str] = Counter()
    given: Counter[str] = Counter()
    warned, sets = 0, 1000
    for _ in range(sets):
        result = analyse(simulated(rng))
        warned += any(w.code in ("outlier", "decimal-slip", "digit-swap") for w in result.warnings)
        for m in result.measurands:
            if m.symbol in truth:
                given[m.symbol] += 1
                covered[m.symbol] += abs(m.value - truth[m.symbol]) <= m.expanded_uncertainty
    assert all(given[symbol] == sets for symbol in truth), given
    shares = {symbol: covered[symbol] / given[symbol] for symbol in truth}
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares
    assert warned <= 0.01 * sets


@pytest.mark.parametrize("n", [0, 7, 12, 270])
def test_answer_with_all_panels_fits(n: int) -> None:
    readings = sample(panels=True)
    if n:
        wavelength = np.linspace(300, 800, n)
        spectrum = np.round(np.exp(-(((wavelength - 560) / 100) ** 2)), 3).tolist()
        readings = msgspec.structs.replace(
            simulated(np.random.default_rng(n), n),
            panels=True,
            pd_wl=wavelength.tolist(),
            pd_I_wl=spectrum,
            pt_wl=wavelength.tolist(),
            pt_I_wl=spectrum,
        )
    result = analyse(readings)
    drawn = figures(readings, result)
    assert len(drawn) == 11
    images = sum(4 * len(lab.drawing.render(figure)) / 3 for figure in drawn.values())
    numbers = len(msgspec.json.encode([result.measurands, result.fits, result.warnings]))
    assert images + numbers < 995 * 1024
