"""The solar cell against worked values, exact curves, hand computations and simulated cells."""

import copy
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from functions import _lab as lab
from functions._runtime.errors import BadInput
from functions._runtime.validation import check_readings, decode
from functions.solar_cell import Cell, SolarCell, analyse, figures

Array = NDArray[np.float64]

SAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "data" / "samples" / "solar-cell.json").read_bytes()
)
DARK = ("dark_voltage", "dark_current")
LIGHT = ("light_voltage", "light_current")
INTENSITY = (
    "relative_intensity",
    "light_power",
    "short_circuit_current",
    "open_circuit_voltage",
)


def sample(*names: str, **changed: Any) -> SolarCell:
    """The sample, or those columns of it, with some fields changed."""
    kept = {k: v for k, v in SAMPLE.items() if not names or k in names}
    return decode(json.dumps(kept | changed).encode(), SolarCell)


def line_by_hand(x: Any, y: Any) -> tuple[float, float]:
    """Slope and its u from the textbook sums (JCGM 100:2008, H.3.2)."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    sxx = np.sum((x - x.mean()) ** 2)
    slope = np.sum((x - x.mean()) * (y - y.mean())) / sxx
    residuals = y - y.mean() - slope * (x - x.mean())
    return float(slope), float(np.sqrt(np.sum(residuals**2) / (x.size - 2) / sxx))


def one_diode(
    loads: Array, light: float, voltage: float, beta: float, series: float, shunt: float
) -> tuple[Array, Array, float, float, float]:
    """U and I into each load in kΩ, with P_m, I_sc and U_oc, of the one-diode model.

    Along the junction voltage w: I = I_L - I_0 (exp(βw) - 1) - G w and U = w - R_s I, so no
    equation is solved.
    """
    dark = light / np.expm1(beta * voltage)
    w = np.linspace(0, voltage, 200_001)
    i = light - dark * np.expm1(beta * w) - shunt * w
    u = w - series * i
    kept = (i > 0) & (u >= 0)
    at = np.interp(loads, u[kept] / i[kept], u[kept])
    return at, at / loads, float((u * i).max()), float(np.interp(0, u, i)), float(
        np.interp(0, -i, u)
    )  # fmt: skip


LOADS = np.concatenate(
    [[0.01, 0.03, 0.05, 0.08, 0.11, 0.14, 0.17], np.geomspace(0.2, 0.5, 12), [0.7, 1, 1.5, 2.5, 5]]
)


def test_worked_slopes() -> None:
    result = analyse(sample())
    by_power = result.measurand("dI_sc/dP")
    assert by_power.value == pytest.approx(80.1915, abs=5e-5)
    assert by_power.standard_uncertainty == pytest.approx(2.7086, abs=5e-5)
    by_log = result.measurand("dU_oc/dlnP")
    assert by_log.value == pytest.approx(0.561174, abs=5e-7)
    assert by_log.standard_uncertainty == pytest.approx(0.021415, abs=5e-7)
    for symbol, x, y in (
        ("dI_sc/dJ", SAMPLE["relative_intensity"], SAMPLE["short_circuit_current"]),
        ("dU_oc/dlnJ", np.log(SAMPLE["relative_intensity"]), SAMPLE["open_circuit_voltage"]),
    ):
        slope, u = line_by_hand(x, y)
        assert result.measurand(symbol).value == pytest.approx(slope, rel=1e-9)
        assert result.measurand(symbol).standard_uncertainty == pytest.approx(u, rel=1e-9)


def test_worked_maximum() -> None:
    # 4.13 V × 15.9 mA = 65.667 mW; the maximum lies between that reading and the next, a little
    # above the larger of their products.
    result = analyse(sample(*LIGHT))
    assert result.curve.largest == pytest.approx((65.667, 4.13, 15.9))
    power = result.measurand("P_m")
    assert 65.667 < power.value < 1.01 * 65.667
    assert 4.13 < result.measurand("U_m").value < 4.47
    assert power.value == pytest.approx(
        result.measurand("U_m").value * result.measurand("I_m").value, rel=1e-12
    )
    assert power.standard_uncertainty / power.value == pytest.approx(0.002, abs=0.0015)


def test_maximum_of_an_exact_law() -> None:
    # Readings exactly on I = 17 - exp(2 (U - 4)), whose power is searched over a fine grid.
    u = np.array([0.5, 1.5, 2.5, 3.5, 4.0, 4.3, 4.6, 4.8, 5.0, 5.2, 5.3, 5.4])
    i = 17 - np.exp(2 * (u - 4))
    grid = np.linspace(4, 5.2, 2_000_001)
    powers = grid * (17 - np.exp(2 * (grid - 4)))
    found = lab.photovoltaic.find_maximum(u, i)
    assert found.power.x == pytest.approx(powers.max(), rel=1e-9)
    assert found.voltage.x == pytest.approx(grid[np.argmax(powers)], abs=2e-6)
    assert found.resistance.x == pytest.approx(found.voltage.x / found.current.x, rel=1e-12)
    assert found.power.u < 1e-6


def test_maximum_uncertainty_by_its_derivatives() -> None:
    # u² = gᵀVg, V three quarters of s²(JᵀJ)⁻¹ and one of HC3, (JᵀJ)⁻¹Jᵀ diag(e²/(1 - h)²) J(JᵀJ)⁻¹,
    # with g and J from central differences of the law solved by bisection.
    result = lab.photovoltaic.find_maximum(SAMPLE[LIGHT[0]], SAMPLE[LIGHT[1]])
    u, i = (np.array(SAMPLE[name])[result.places] for name in LIGHT)
    load, power = u / i, u * i

    def law(p: Array) -> Array:
        low, high = np.zeros_like(load), np.full_like(load, p[0])
        for _ in range(200):
            middle = (low + high) / 2
            above = middle - p[0] + np.exp(p[2] * (load * middle - p[1])) > 0
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return np.asarray(load * low**2)

    def highest(p: Array) -> float:
        grid = np.linspace(4.0, 4.5, 50_001)
        return float(np.max(grid * (p[0] - np.exp(p[2] * (grid - p[1])))))

    p = np.asarray(result.fit.values, float)
    steps = np.diag(1e-4 * p)
    jacobian = np.stack([(law(p + h) - law(p - h)) / (2 * h.sum()) for h in steps], axis=1)
    slope = np.array([(highest(p + h) - highest(p - h)) / (2 * h.sum()) for h in steps])
    rest = power - law(p)
    inverse = np.linalg.inv(jacobian.T @ jacobian)
    hat = np.sum((jacobian @ inverse) * jacobian, axis=1)
    usual = np.sum(rest**2) / (load.size - 3) * inverse
    moved = inverse @ jacobian.T * (rest / (1 - hat))
    expected = np.sqrt(slope @ (3 * usual + moved @ moved.T) @ slope / 4)
    assert result.power.u == pytest.approx(expected, rel=1e-4)
    assert result.power.df == pytest.approx(load.size - 3)


def test_ends_of_an_exact_curve() -> None:
    u, i, power, short, opened = one_diode(LOADS, 17.5, 5.3, 2.0, 0.01, 0.05)
    curve = sample(light_voltage=u.tolist(), light_current=i.tolist())
    result = analyse(curve)
    for symbol, truth in (("P_m", power), ("I_sc", short), ("U_oc", opened)):
        assert result.measurand(symbol).value == pytest.approx(truth, rel=1.5e-3)
    filling = power / (short * opened)
    assert result.measurand("FF").value == pytest.approx(filling, rel=2e-3)
    assert not [w for w in result.warnings if w.field in LIGHT]


def test_short_circuit_by_hand() -> None:
    # Three readings on I = 10 - 0.1 U ± the pattern (1, -2, 1) δ: intercept at Ū = 1, Sxx = 2,
    # s² = 6 δ² / 1, u²(0) = s² (1/3 + 1/2) = 5 δ².
    delta = 0.01
    found = lab.cell_ends.short_circuit(
        [0, 1, 2, 5], [10 + delta, 9.9 - 2 * delta, 9.8 + delta, 0], None
    )
    assert found.places.tolist() == [0, 1, 2]
    assert found.value.x == pytest.approx(10)
    assert found.value.u == pytest.approx(delta * 5**0.5)


def test_dark_of_an_exact_diode() -> None:
    u = np.linspace(0.2, 2.8, 14)
    i = 0.004 * np.expm1(1.3 * u) + u / 200
    result = analyse(sample(dark_voltage=u.tolist(), dark_current=i.tolist()))
    assert result.measurand("I₀").value == pytest.approx(0.004, rel=1e-6)
    assert result.measurand("β").value == pytest.approx(1.3, rel=1e-6)
    assert result.measurand("R_sh").value == pytest.approx(200, rel=1e-5)


def test_dark_uncertainty_with_covariance() -> None:
    # Of I₀ (exp(βU) - 1), the derivatives written out; the sample shows no shunt.
    result = analyse(sample(*DARK))
    i0, beta = result.measurand("I₀"), result.measurand("β")
    u, i = np.array(SAMPLE[DARK[0]]), np.array(SAMPLE[DARK[1]])
    fitted = i0.value * (np.exp(beta.value * u) - 1)
    columns = np.stack([np.exp(beta.value * u) - 1, i0.value * u * np.exp(beta.value * u)], axis=1)
    residuals = i - fitted
    assert np.abs(columns.T @ residuals).max() < 1e-9
    covariance = np.sum(residuals**2) / (u.size - 2) * np.linalg.inv(columns.T @ columns)
    assert i0.standard_uncertainty == pytest.approx(covariance[0, 0] ** 0.5, rel=1e-6)
    assert beta.standard_uncertainty == pytest.approx(covariance[1, 1] ** 0.5, rel=1e-6)
    assert np.array(result.fit("dark-iv").covariance) == pytest.approx(covariance, rel=1e-6)


def test_ideality_and_efficiency_by_hand() -> None:
    # kT/q at 25 °C = 1.380649e-23 · 298.15 / 1.602176634e-19 = 0.02569258 V.
    result = analyse(
        sample(cells_in_series=8, temperature_C=25.0, area_cm2=20.0, irradiance_W_m2=300.0)
    )
    n = result.measurand("n")
    beta = result.measurand("β")
    assert n.value == pytest.approx(1 / (beta.value * 8 * 0.02569258), rel=1e-6)
    assert n.standard_uncertainty / n.value == pytest.approx(
        beta.standard_uncertainty / beta.value, rel=1e-9
    )
    assert result.measurand("n′").value == pytest.approx(0.561174 / (8 * 0.02569258), rel=1e-5)
    # 20 cm² · 300 W/m² = 0.6 W = 600 mW
    assert result.measurand("η").value == pytest.approx(result.measurand("P_m").value / 6)


def test_room_temperature_has_an_uncertainty() -> None:
    given = analyse(sample(*INTENSITY, cells_in_series=8, temperature_C=25.0)).measurand("n′")
    room = analyse(sample(*INTENSITY, cells_in_series=8)).measurand("n′")
    # 5 °C / √3 of 298.15 K, relative
    added = room.value * 5 / 3**0.5 / 298.15
    assert room.standard_uncertainty**2 - given.standard_uncertainty**2 == pytest.approx(added**2)
    assert any(line.type == "B" for line in room.budget)


def test_instrument_limits() -> None:
    result = analyse(sample(instrument={"short_circuit_current": 0.3, "dark_current": 0.001}))
    x = np.array(SAMPLE["light_power"])
    added = 0.3 / np.sqrt(3 * np.sum((x - x.mean()) ** 2))
    assert result.measurand("dI_sc/dP").standard_uncertainty == pytest.approx(
        np.hypot(line_by_hand(x, SAMPLE["short_circuit_current"])[1], added), rel=1e-9
    )
    plain = analyse(sample(*DARK)).measurand("β")
    # residuals and rounding act through the same columns, so variances are as s² to Δ²/3
    s = analyse(sample(*DARK)).fit("dark-iv").residual_standard_deviation
    assert s is not None
    ratio = np.sqrt(1 + (0.001**2 / 3) / s**2)
    assert result.measurand("β").standard_uncertainty == pytest.approx(
        ratio * plain.standard_uncertainty, rel=1e-6
    )


@pytest.mark.parametrize(
    ("names", "drawn"),
    [
        (DARK, ["dark-iv"]),
        (LIGHT, ["light-iv"]),
        (INTENSITY[:1] + INTENSITY[2:3], ["isc-intensity"]),
        (INTENSITY[1:2] + INTENSITY[3:], ["uoc-power"]),
        (INTENSITY, ["isc-intensity", "uoc-intensity", "isc-power", "uoc-power"]),
        (
            (),
            ["dark-iv", "light-iv", "isc-intensity", "uoc-intensity", "isc-power", "uoc-power"],
        ),
    ],
)
def test_parts_alone(names: tuple[str, ...], drawn: list[str]) -> None:
    readings = sample(*names)
    result = analyse(readings)
    assert list(figures(readings, result)) == drawn
    assert result.measurands


def test_sample_warns_of_its_extrapolation_and_of_its_light_meter() -> None:
    """16.2 mA at 0.225 mW are 72 A/W; no silicon gives more than 0.9 A/W."""
    warnings = analyse(sample()).warnings
    found = [(w.code, w.field) for w in warnings]
    assert found == [("extrapolation", "light_current"), ("unit", "light_power")]
    assert "28 %" in warnings[0].message
    assert "以 W 填写" in warnings[1].message
    assert "71 A/W" in warnings[1].message
    assert "受光面积是否比电池小" in warnings[1].message


@pytest.mark.parametrize(
    ("field", "index", "wrong", "meant"),
    [
        ("dark_voltage", 0, 28.6, "2.86"),  # so far out that no diode can be fitted
        ("dark_voltage", 3, 22.9, "2.29"),
        ("dark_voltage", 11, 7.7, "0.77"),
        ("dark_current", 3, 0.69, "0.069"),
        ("dark_current", 8, 0.19, "0.019"),
        ("light_current", 4, 1.59, "15.9"),
        ("light_voltage", 2, 27.0, "2.7"),
        ("light_current", 10, 88.0, "8.8"),
        ("short_circuit_current", 2, 1.21, "12.1"),
        ("open_circuit_voltage", 6, 52.4, "5.24"),
        ("light_power", 3, 1.4, "0.14"),
    ],
)
def test_slip_is_named(field: str, index: int, wrong: float, meant: str) -> None:
    changed = copy.copy(SAMPLE[field])
    changed[index] = wrong
    found = [w for w in analyse(sample(**{field: changed})).warnings if w.code == "decimal-slip"]
    assert [(w.field, w.index) for w in found] == [(field, index)]
    assert meant in found[0].message


def test_maximum_not_passed_is_a_warning() -> None:
    result = analyse(
        sample(light_voltage=[0.9, 1.8, 2.7, 3.5], light_current=[17.5, 17.4, 17.3, 16.9])
    )
    stands_in = [w for w in result.warnings if w.code == "no-measurand"]
    assert any("功率" in w.message for w in stands_in)
    assert result.curve.maximum is None
    assert result.measurand("β").value > 0


def test_dark_without_exponential_is_a_warning() -> None:
    u = np.linspace(0.2, 2.8, 10)
    result = analyse(sample(dark_voltage=u.tolist(), dark_current=(0.05 * u).tolist()))
    assert [w.field for w in result.warnings if w.code == "no-measurand"] == ["dark_current"]
    assert result.measurand("P_m").value > 0


@pytest.mark.parametrize(
    ("body", "start"),
    [
        ({}, "没有收到"),
        ({"dark_voltage": [1, 2, 3]}, "暗特性的电压 U：缺少与之对应的暗特性的电流 I"),
        ({"dark_voltage": [1, 2, 3], "dark_current": [1, 2]}, "暗特性的电流 I：有 2 个读数"),
        ({"light_voltage": [1, 2], "light_current": [1, 2]}, "光照特性的电压 U：只有 2 个读数"),
        ({"light_power": [1, 2]}, "入射光功率 P：缺少与之对应的"),
        ({"open_circuit_voltage": [1, 2]}, "开路电压 U_oc：缺少与之对应的"),
        ({"light_power": [1, 2], "short_circuit_current": [1]}, "短路电流 I_sc：有 1 个"),
        ({"light_power": [0, 2], "open_circuit_voltage": [1, 2]}, "第 1 个入射光功率 P："),
    ],
)
def test_bad_input(body: dict[str, Any], start: str) -> None:
    with pytest.raises(BadInput) as caught:
        decode(json.dumps(body).encode(), SolarCell)
    assert caught.value.detail.startswith(start)


@pytest.mark.parametrize("n", [3, 4, 5, 7, 60, 1250])
def test_lengths(n: int) -> None:
    rng = np.random.default_rng(n)
    loads = np.geomspace(0.02, 20, n)
    u, i, *_ = one_diode(loads, 17.5, 5.3, 2.0, 0.01, 0.05)
    dark, intensity = np.linspace(0.3, 2.8, n), np.linspace(0.3, 1, n)
    body = {
        "dark_voltage": dark.tolist(),
        "dark_current": (0.005 * np.expm1(1.15 * dark) + 3e-4 * rng.normal(size=n)).tolist(),
        "light_voltage": u.tolist(),
        "light_current": (i + 0.02 * rng.normal(size=n)).tolist(),
        "relative_intensity": intensity.tolist(),
        "short_circuit_current": (16 * intensity + 0.05 * rng.normal(size=n)).tolist(),
    }
    readings = decode(json.dumps(body).encode(), SolarCell)
    check_readings(readings, 50_000)
    begin = time.perf_counter()
    result = analyse(readings)
    assert len(figures(readings, result)) == 3
    assert time.perf_counter() - begin < 5
    assert result.measurands
    assert msgspec.json.encode(result.measurands)


def simulated(rng: np.random.Generator, exact: tuple[Array, Array]) -> SolarCell:
    """One clean set of readings of a known cell."""
    dark, intensity = np.linspace(0.3, 2.9, 20), np.linspace(1, 0.3, 10)
    u, i = exact
    return SolarCell(
        dark_voltage=dark.tolist(),
        dark_current=np.round(
            0.005 * np.expm1(1.15 * dark) + 0.004 * dark + 3e-4 * rng.normal(size=20), 5
        ).tolist(),
        light_voltage=np.round(u + 0.004 * rng.normal(size=u.size), 4).tolist(),
        light_current=np.round(i + 0.03 * rng.normal(size=u.size), 3).tolist(),
        relative_intensity=intensity.tolist(),
        light_power=(0.225 * intensity).tolist(),
        short_circuit_current=np.round(16.2 * intensity + 0.05 * rng.normal(size=10), 3).tolist(),
        open_circuit_voltage=np.round(
            5.63 + 0.56 * np.log(intensity) + 0.01 * rng.normal(size=10), 4
        ).tolist(),
    )


@pytest.mark.slow
def test_coverage_and_false_warnings() -> None:
    rng = np.random.default_rng(20_240_601)
    loads = np.append(LOADS, [10.0, 50.0])
    u, i, power, short, opened = one_diode(loads, 17.5, 5.3, 2.0, 0.01, 0.05)
    fine = np.linspace(0.2, 0.35, 15_001)
    along, currents, *_ = one_diode(fine, 17.5, 5.3, 2.0, 0.01, 0.05)
    voltage = float(along[np.argmax(along * currents)])
    truth = {
        "I₀": 0.005,
        "β": 1.15,
        "R_sh": 250.0,
        "P_m": power,
        "U_m": voltage,
        "I_m": power / voltage,
        "R_m": voltage**2 / power,
        "n": 1.602176634e-19 / (1.15 * 2 * 1.380649e-23 * 298.15),
        "I_sc": short,
        "U_oc": opened,
        "FF": power / (short * opened),
        "dI_sc/dJ": 16.2,
        "dI_sc/dP": 72.0,
        "dU_oc/dlnJ": 0.56,
        "dU_oc/dlnP": 0.56,
    }
    covered: Counter[str] = Counter()
    given: Counter[str] = Counter()
    warned, sets = 0, 1000
    for _ in range(sets):
        known = {"cells_in_series": 2, "temperature_C": 25.0}
        result: Cell = analyse(msgspec.structs.replace(simulated(rng, (u, i)), **known))
        implausible, *others = sorted(result.warnings, key=lambda w: w.code != "unit")
        assert implausible.code == "unit"
        assert implausible.field == "light_power"
        warned += bool(others)
        for m in result.measurands:
            if m.symbol in truth:
                given[m.symbol] += 1
                covered[m.symbol] += abs(m.value - truth[m.symbol]) <= m.expanded_uncertainty
    shares = {symbol: covered[symbol] / given[symbol] for symbol in truth}
    assert all(given[symbol] == sets for symbol in truth), given
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares
    assert warned <= 0.01 * sets


def test_current_with_the_sign_of_a_source_meter_is_named_and_analysed() -> None:
    body = sample()
    negative = sample(light_current=[-i for i in body.light_current or []])
    result, expected = analyse(negative), analyse(body)
    assert result.measurands == expected.measurands
    (said,) = [w for w in result.warnings if w.code == "sign"]
    assert said.field == "light_current"
    assert said.message == "light_current 的读数多为负值，已反号后分析，请核对表笔极性或符号"
    assert figures(negative, result)
    assert "sign" not in [w.code for w in expected.warnings]


def test_a_sweep_beyond_the_open_circuit_keeps_its_sign() -> None:
    u = np.linspace(-0.1, 0.74, 43)
    i = 35.0 - np.exp((u - 0.6137) / 0.028)
    result = analyse(SolarCell(light_voltage=u.tolist(), light_current=np.round(i, 3).tolist()))
    assert "sign" not in [w.code for w in result.warnings]
    assert result.measurand("U_oc").value == pytest.approx(0.7133, abs=0.001)


@pytest.mark.parametrize(
    "name", ["dark_voltage", "light_voltage", "relative_intensity", "light_power"]
)
def test_equal_abscissae_spoil_their_own_table_only(name: str) -> None:
    body = sample()
    readings = sample(**{name: [1.0] * len(getattr(body, name))})
    result = analyse(readings)
    about = (name, name.replace("voltage", "current"))
    assert "no-measurand" in {w.code for w in result.warnings if w.field in about}
    assert len(result.measurands) >= 6
    assert len(figures(readings, result)) >= 4
