"""Warnings: real slips are found and named, sound data raise none."""

import numpy as np
import pytest
from numpy.typing import NDArray

from functions._lab import checks
from functions._lab.errors import ReadingError
from functions._lab.measurand import constant, measurand
from functions._lab.suspects import FittedCurve, Table, Transform, suspects

Array = NDArray[np.float64]

# Real readings of the Doppler apparatus, with students' slips in them.
TIMES = [0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40]
FREE_FALL = {
    "v_free_fall_1": [0.65, 1.13, 1.63, 2.10, 2.64, 3.10, 3.55, 4.01],
    "v_free_fall_2": [0.63, 1.13, 1.64, 2.14, 2.57, 2.80, 3.69, 3.96],
    "v_free_fall_3": [0.66, 1.14, 1.64, 2.11, 2.61, 3.07, 3.56, 3.95],
    "v_free_fall_4": [0.67, 1.14, 1.65, 2.12, 2.60, 3.09, 3.56, 3.96],
}
CELSIUS = [55.0, 60.0, 65.0, 70.0, 75.0, 80.0]
PT100 = [126.56, 128.55, 130.71, 132.85, 134.97, 137.09]
NTC = [2883.0, 2424.0, 2027.0, 1701.0, 1435.0, 1217.0]


def _newton(x: Array, y: Array) -> Transform:
    """Least squares of a = g (A - m)/(A + m + J) in A, with g = 9.8 and J = 0.014, by scanning."""
    trials = np.linspace(0.01, 5.0, 20001)[:, None]
    misfit = ((y - 9.8 * (trials - x) / (trials + x + 0.014)) ** 2).sum(axis=1)
    best = float(trials[int(np.argmin(misfit)), 0])
    return lambda at: 9.8 * (best - at) / (best + at + 0.014)


def test_ultrasound_mass() -> None:
    """m[2] is 0.440 for 0.0440, with three readings and either model."""
    m, a = [0.01999, 0.03219, 0.440], [5.4374, 4.3351, 3.3228]
    for model, parameters in (("line", 2), (_newton, 1)):
        (found,) = checks.line_checks(
            "m",
            m,
            "a_measured",
            a,
            model=model,  # type: ignore[arg-type]
            parameters=parameters,
            x_monotonic=True,
        )
        assert (found.code, found.field, found.index) == ("decimal-slip", "m", 2)
        assert found.message.startswith("m[2] = 0.44，若为 0.044 则与其余数据一致")
    assert checks.line_checks("m", [*m[:2], 0.0440], "a_measured", a) == []


def test_ultrasound_repeats() -> None:
    """v_free_fall_2[5] is 2.80 beside 3.10, 3.07 and 3.09; the next one, 3.69, is odd as well."""
    found = checks.repeats_checks(FREE_FALL)
    assert (found[0].code, found[0].field, found[0].index) == ("repeats", "v_free_fall_2", 5)
    assert found[0].message.startswith("v_free_fall_2[5] = 2.8 与同一点的其余读数 3.1、3.07、3.09")
    assert [(c.field, c.index) for c in found[1:]] == [("v_free_fall_2", 6)]
    mended = FREE_FALL | {"v_free_fall_2": [0.63, 1.13, 1.64, 2.14, 2.57, 3.08, 3.57, 3.96]}
    assert checks.repeats_checks(mended) == []
    assert checks.repeats_checks({"v_free_fall_1": FREE_FALL["v_free_fall_1"]}) == []


def test_repeated_decimal_slip() -> None:
    """A repeat typed 31.0 or 1.30 for 3.10 is told what it would be."""
    for typed, meant, code in ((31.0, "3.1", "decimal-slip"), (1.30, "3.1", "digit-swap")):
        readings = FREE_FALL | {"v_free_fall_2": [0.63, 1.13, 1.64, 2.14, 2.57, 3.08, 3.57, 3.96]}
        readings["v_free_fall_1"] = [*FREE_FALL["v_free_fall_1"][:5], typed, 3.55, 4.01]
        (found,) = checks.repeats_checks(readings)
        assert (found.code, found.field, found.index) == (code, "v_free_fall_1", 5)
        assert f"若为 {meant} 则" in found.message


def test_pt100_offset() -> None:
    """The readings lie 5.2 to 6.2 Ω above IEC 60751, all of them; the table itself does not."""
    t = np.array(CELSIUS)
    iec = 100 * (1 + 3.9083e-3 * t - 5.775e-7 * t * t)

    def check(values: object) -> list[str]:
        return [
            caution.code + caution.message
            for caution in checks.offset_check(
                "pt100_resistance",
                np.asarray(values, float),
                iec,
                tolerance=0.3,
                unit="Ω",
                source="IEC 60751",
                causes=["引线电阻"],
            )
        ]

    (text,) = check(PT100)
    assert text.startswith("offsetpt100_resistance 的读数普遍比 IEC 60751 的值高约 5.7 Ω")
    assert "引线电阻" in text
    assert check(np.round(iec + np.array([0.1, -0.05, 0.2, 0.0, 0.1, 0.25]), 2)) == []
    assert check(iec + np.array([0.5, -0.5, 0.5, -0.5, 0.5, 0.5])) == []
    with pytest.raises(ReadingError):
        checks.offset_check("R", [1.0], [1.0, 2.0], tolerance=1, unit="Ω", source="")


def test_sound_examples() -> None:
    """Real readings without slips, in the variables in which they are fitted, raise nothing."""
    found = checks.line_checks("t", CELSIUS, "R", PT100, x_monotonic=True, y_monotonic=True)
    found += checks.line_checks(
        "t",
        CELSIUS,
        "ntc",
        NTC,
        to_x=lambda t: 1 / (t + 273.15),
        to_y=np.log,
        x_monotonic=True,
        y_monotonic=True,
    )
    found += checks.line_checks(
        "weights_g",
        [20, 40, 50, 70, 100],
        "T10_avg_s",
        [17.0158, 17.6387, 17.9340, 18.5316, 19.3818],
        to_x=lambda w: (w + 241.68) / 1000,
        to_y=lambda T: (T / 10) ** 2,
        x_monotonic=True,
    )
    found += checks.line_checks(
        "x_cm",
        [0, 4, 6, 8, 10, 12, 14, 16, 18],
        "v_avg_cms",
        [77.34, 72.47, 71.17, 69.17, 63.92, 57.30, 49.67, 41.67, 29.70],
        to_x=np.square,
        to_y=np.square,
    )
    found += checks.line_checks(
        "ni", [2, 2, 5, 6], "qi", [3.214, 3.191, 8.167, 9.302], model="proportional"
    )
    found += checks.line_checks("V", range(6), "I1", [98, 99, 99, 100, 98, 99])
    found += checks.line_checks("V", range(6), "I0", [0, 0, 0, 0, 0, 0])
    found += checks.line_checks("V", range(6), "I0", [0, 0, 0, 0, 0, 1])
    found += checks.line_checks("V", [2, 2, 2], "I0", [1, 2, 3])
    assert found == []


@pytest.mark.parametrize(
    ("column", "index", "typed", "meant", "code"),
    [
        ("R", 2, 1307.1, "130.71", "decimal-slip"),
        ("R", 4, 13.497, "134.97", "decimal-slip"),
        ("R", 1, 182.55, "128.55", "digit-swap"),
        ("t", 3, 7.0, "70", "decimal-slip"),
        ("t", 2, 56.0, "65", "digit-swap"),
        ("t", 5, 800.0, "80", "decimal-slip"),
    ],
)
def test_planted_slip(column: str, index: int, typed: float, meant: str, code: str) -> None:
    """One slip planted in either column of sound readings is named, and only that."""
    columns = {"t": list(CELSIUS), "R": list(PT100)}
    columns[column][index] = typed
    (found,) = checks.line_checks("t", columns["t"], "R", columns["R"], x_monotonic=True)
    assert (found.code, found.field, found.index) == (code, column, index)
    assert f"若为 {meant} 则" in found.message


@pytest.mark.parametrize(("index", "typed"), [(0, 28830.0), (5, 12170.0)])
def test_a_gross_reading_at_an_end_does_not_hide_itself(index: int, typed: float) -> None:
    # Six readings: about the line of all, which the last one turns, the others are all far off.
    ohms = [typed if i == index else value for i, value in enumerate(NTC)]
    found = checks.line_checks("t", CELSIUS, "r", ohms, to_x=_inverse_kelvin, to_y=np.log)
    assert ("r", index) in [(c.field, c.index) for c in found]


def _inverse_kelvin(celsius: Array) -> Array:
    return 1 / (celsius + 273.15)


def test_a_slip_is_not_sought_in_abscissae_that_are_in_order() -> None:
    # 24240 Ω suits 6 °C about as well as 2424 Ω suits 60 °C; but 60 °C lies between 55 and 65 °C.
    ohms = [2883.0, 24240.0, 2027.0, 1701.0, 1435.0, 1217.0]
    (found,) = checks.line_checks("t", CELSIUS, "r", ohms, to_x=_inverse_kelvin, to_y=np.log)
    assert (found.code, found.field, found.index) == ("decimal-slip", "r", 1)
    assert "若为 2424 则" in found.message


def test_slip_in_a_transformed_column() -> None:
    """ln R against 1/T: the slip is looked for in the ohms that were typed, and by its place."""
    typed = [*NTC[:3], 17010.0, *NTC[4:]]
    (found,) = checks.line_checks(
        "t",
        CELSIUS,
        "ntc_resistance",
        typed,
        to_x=lambda t: 1 / (t + 273.15),
        to_y=np.log,
        indices=range(10, 16),
    )
    assert (found.code, found.index) == ("decimal-slip", 13)
    assert "17010，若为 1701 则" in found.message


def test_two_slips() -> None:
    """The second slip is found once the first is put right."""
    x = np.arange(1.0, 13.0)
    y = np.round(2.5 * x + 1 + 0.02 * np.cos(7 * x), 2)
    y[3] *= 10
    y[8] /= 10
    found = checks.line_checks("x", x, "y", y)
    assert {(c.code, c.index) for c in found} == {("decimal-slip", 3), ("decimal-slip", 8)}


def test_outlier() -> None:
    """A reading that no slip explains."""
    x = np.arange(1.0, 11.0)
    y = np.round(3 * x + 0.03 * np.sin(5 * x), 2)
    y[6] += 1.3
    (found,) = checks.line_checks("x", x, "y", y, indices=range(5, 15))
    assert (found.code, found.field, found.index) == ("outlier", "y", 11)
    assert "偏大" in found.message


@pytest.mark.parametrize(
    ("values", "index"),
    [
        ([1, 2, 9, 4, 5], 2),
        ([1, 2, 4, 3, 5], 3),
        ([5, 4, 3, 3.5, 2], 3),
        ([1, 2, 3, 4], None),
        ([1, 1, 2, 2], None),
        ([1, 3, 2, 5, 4, 7, 6], None),
        ([2, 1, 3], None),
    ],
)
def test_order(values: list[float], index: int | None) -> None:
    """One break in an otherwise monotonic column; a column in no order says nothing."""
    found = checks.order_checks("t", values)
    assert [(c.code, c.index) for c in found] == ([] if index is None else [("order", index)])


def test_few_points() -> None:
    """Below ν = 3."""
    assert checks.few_points(3, "斜率") == []
    (found,) = checks.few_points(2, "斜率")
    assert found.message.startswith("斜率的自由度只有 2，")
    # cut, not rounded: a ν below 3 is never said to be 3
    assert "只有 2.9，" in checks.few_points(2.97, "斜率")[0].message
    assert "只有 2，" in checks.few_points(2 - 1e-12, "斜率")[0].message


@pytest.mark.parametrize(
    ("value", "u", "fires"),
    [(9.8, 0.01, False), (8.9, 0.01, False), (8.7, 0.5, False), (8.7, 0.3, True), (11, 0.1, True)],
)
def test_reference(value: float, u: float, fires: bool) -> None:
    """More than 10 % and more than 3 u from 9.80 (8.9 is 9.2 % off; 8.7 is 1.10 off)."""
    g = measurand("g", "g", "m/s²", constant(value, u, "g"), reference=(9.8, 0.0, "当地值"))
    found = checks.reference_check(g, ["单位", "方向"])
    assert bool(found) == fires
    if fires:
        assert "单位；方向" in found[0].message


def test_reference_off_by_a_power_of_ten() -> None:
    """Times in ms for s, a moved point: the unit is the first thing to look at."""
    for value, factor in ((9.7e-3, "1000"), (98.5, "10"), (30.0, ""), (-98.0, "")):
        g = measurand("g", "g", "m/s²", constant(value, 0.001, "g"), reference=(9.8, 0.0, "当地值"))
        (found,) = checks.reference_check(g, ["方向"])
        assert (f"单位与小数点（约差 {factor} 倍）" in found.message) == bool(factor)


def _sound(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """A straight line with Gaussian noise, rounded to a power of ten; any offset and sign."""
    x = np.round((np.arange(n) + rng.integers(0, 2)) * rng.choice([0.05, 0.5, 1, 5]), 3)
    slope = rng.choice([-1, 1]) * 10 ** rng.uniform(-2, 2)
    span = abs(slope) * float(np.ptp(x))
    noise = span * 10 ** rng.uniform(-3, -0.5)
    step = 10 ** np.floor(np.log10(noise * 10 ** rng.uniform(-1.5, 0.7)))
    y = rng.uniform(-2, 2) * span + slope * x + rng.normal(0, noise, n)
    return x, np.array([float(f"{v:.12g}") for v in np.round(y / step) * step])


@pytest.mark.slow
@pytest.mark.parametrize("n", [5, 6, 8, 13, 40])
def test_false_alarms(n: int) -> None:
    """At most one in a hundred sound tables (2000 of each size) is warned about."""
    rng = np.random.default_rng(20240500 + n)
    alarms = 0
    for _ in range(2000):
        x, y = _sound(rng, n)
        alarms += bool(checks.line_checks("x", x, "y", y, x_monotonic=True))
    assert alarms <= 20


def test_false_alarms_of_repeats() -> None:
    """The same for four repeats of eight points."""
    rng = np.random.default_rng(7)
    alarms = 0
    for _ in range(1000):
        sigma = 10 ** rng.uniform(-2.5, -0.5)
        readings = np.round(rng.normal(np.linspace(0.6, 4, 8), sigma, (4, 8)), 2)
        alarms += bool(checks.repeats_checks({f"v{i}": row for i, row in enumerate(readings)}))
    assert alarms <= 10


def test_planted_slips_are_found() -> None:
    """Of moved decimal points in tables of eight with 0.5 % noise, nine in ten are named."""
    rng = np.random.default_rng(3)
    named = 0
    for trial in range(200):
        x = np.arange(1.0, 9.0)
        y = np.round(4.0 * x + 3.0 + rng.normal(0, 0.15, 8), 2)
        index, up = int(rng.integers(0, 8)), bool(trial % 2)
        y[index] = round(y[index] * (10 if up else 0.1), 3)
        found = checks.line_checks("x", x, "y", y)
        named += [(c.code, c.index) for c in found] == [("decimal-slip", index)]
    assert named >= 180


def test_leverage_of_a_curve() -> None:
    """Externally studentized residuals of a parabola by its hat matrix (Cook and Weisberg, 2.2.1):
    t = e/(s₍ᵢ₎ √(1 - h)), s₍ᵢ₎² = (S - e²/(1 - h))/(n - 1 - p)."""
    rng = np.random.default_rng(12)
    x = np.array([0.0, 1, 2, 3, 4, 5, 6, 20])
    y = 1 + 2 * x - 0.3 * x**2 + rng.normal(0, 0.5, 8)
    columns = np.vander(x, 3)

    def refit(at: Array, values: Array) -> FittedCurve:
        p = np.linalg.lstsq(np.vander(at, 3), values, rcond=None)[0]
        return FittedCurve(lambda x: np.polyval(p, x), lambda x: np.vander(x, 3))

    def same(values: Array) -> Array:
        return values

    found = suspects(Table(x, y, same, same, refit, 3))
    hat = columns @ np.linalg.inv(columns.T @ columns) @ columns.T
    free = 1 - np.diag(hat)
    residuals = y - hat @ y
    variance = (residuals @ residuals - residuals**2 / free) / 4
    expected = residuals / np.sqrt(variance * free)
    # the digits typed (12 of them) add nothing to the scatter
    assert [s.residual / s.scale for s in found] == pytest.approx(expected, rel=1e-6)
    assert found[-1].scale > 10 * found[3].scale


def test_long_table() -> None:
    """5000 readings with one slip among them, by index; also with a curve as the model."""
    rng = np.random.default_rng(1)
    x = np.arange(5000) / 100
    y = np.round(3.0 * x + 2.0 + rng.normal(0, 0.001, 5000), 3)
    y[4321] *= 10

    def refit(at: Array, values: Array) -> Transform:
        coefficients = np.polyfit(at, values, 1)
        return lambda x: np.asarray(np.polyval(coefficients, x), float)

    for model in ("line", refit):
        (found,) = checks.line_checks("x", x, "y", y, model=model)
        assert (found.code, found.index) == ("decimal-slip", 4321)
