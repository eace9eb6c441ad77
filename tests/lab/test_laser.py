"""Threshold and slope efficiency of a laser diode, against hand computation and a worked value."""

import math

import numpy as np
import pytest

from functions._lab import laser
from functions._lab.errors import ReadingError

CURRENT = [0.5, 3, 6, 9, 12, 15, 18, 21]
POWER = [0.0001, 0.06793, 0.246, 17.4, 68.53, 121.2, 172.6, 224.8]
"""A student's laser diode, mA and μW."""


def test_branch_from_index_4() -> None:
    # Readings 12…21 mA by hand: x̄ = 16.5, ȳ = 146.7825, Sxx = 45, Sxy = 780.315; residuals
    # -0.2314, 0.4176, -0.2034, -0.0244…; s = 0.3671, u(b) = s/√45, and of the zero
    # u² = s² (1/4 + (I_th - 16.5)²/45) / b².
    found = laser.threshold(CURRENT, POWER, start=4)
    slope, zero = 780.315 / 45, 16.5 - 146.7825 / (780.315 / 45)
    assert found.slope_efficiency.x == pytest.approx(slope)
    assert found.slope_efficiency.x == pytest.approx(17.34033, abs=5e-6)
    assert found.slope_efficiency.u == pytest.approx(0.05472, abs=5e-6)
    assert found.threshold_current.x == pytest.approx(zero)
    assert found.threshold_current.x == pytest.approx(8.03520, abs=5e-6)
    s = 0.05472 * math.sqrt(45)
    u = s / slope * math.sqrt(1 / 4 + (zero - 16.5) ** 2 / 45)
    assert found.threshold_current.u == pytest.approx(u, rel=2e-4)
    assert found.branch.tolist() == [4, 5, 6, 7]


def test_branch_chosen_by_the_data() -> None:
    # Readings 9…21 mA: x̄ = 15, ȳ = 120.906, Sxx = 90, Sxy = 1556.61.
    found = laser.threshold(CURRENT, POWER)
    assert found.branch.tolist() == [3, 4, 5, 6, 7]
    assert found.slope_efficiency.x == pytest.approx(1556.61 / 90)
    assert found.threshold_current.x == pytest.approx(15 - 120.906 / (1556.61 / 90))
    # below: x̄ = 9.5/3, ȳ = 0.3140300/3, slope 0.6854117/15.1666667
    lower = 0.6854117 / 15.1666667
    lower_zero = 0.31403 / 3 - lower * 9.5 / 3
    upper_zero = 120.906 - 15 * 1556.61 / 90
    assert found.crossing is not None
    assert found.crossing.x == pytest.approx(
        (lower_zero - upper_zero) / (1556.61 / 90 - lower), rel=1e-6
    )
    assert laser.cautions(found, "I", "P") == []


def test_crossing_with_few_readings_below() -> None:
    """Both lines in one least-squares problem of four parameters, ν = 4 + 1, by matrices."""
    current = np.array([2.0, 4, 6, 10, 12, 14, 16, 18, 20])
    noise = np.array([0.1, -0.3, 0.2, 0.3, -0.4, 0.1, 0.2, -0.1, -0.2])
    power = np.maximum(17.3 * (current - 8), 0.05 * current) + noise
    found = laser.threshold(current, power)
    assert found.below.tolist() == [0, 1, 2]
    columns = np.zeros((9, 4))
    columns[:3, 0], columns[:3, 1] = 1, current[:3]
    columns[3:, 2], columns[3:, 3] = 1, current[3:]
    inverse = np.linalg.inv(columns.T @ columns)
    a, b, c, d = p = inverse @ columns.T @ power
    rest = power - columns @ p
    at = (a - c) / (d - b)
    slope = np.array([1, at, -1, -at]) / (d - b)
    u = math.sqrt(slope @ inverse @ slope * (rest @ rest) / 5)
    assert found.crossing is not None
    assert found.crossing.x == pytest.approx(at)
    assert found.crossing.u == pytest.approx(u, rel=1e-9)
    assert found.crossing.df == pytest.approx(5)
    limited = laser.threshold(current, power, power_limit=0.3).crossing
    assert limited is not None
    by_limit = math.sqrt(slope @ inverse @ slope) * 0.3 / math.sqrt(3)
    assert limited.u == pytest.approx(math.hypot(u, by_limit), rel=1e-9)


def test_order_of_readings_does_not_matter() -> None:
    forward = laser.threshold(CURRENT, POWER, start=4)
    backward = laser.threshold(CURRENT[::-1], POWER[::-1], start=3)
    assert backward.threshold_current.x == pytest.approx(forward.threshold_current.x)
    assert sorted(backward.branch.tolist()) == [0, 1, 2, 3]


def test_limits_add_in_quadrature() -> None:
    # A limit Δ of the power adds Δ/√3/√Sxx to the slope.
    plain = laser.threshold(CURRENT, POWER, start=4).slope_efficiency.u
    limited = laser.threshold(CURRENT, POWER, start=4, power_limit=0.5).slope_efficiency.u
    assert limited == pytest.approx(math.hypot(plain, 0.5 / math.sqrt(3 * 45)))


def test_measurands_and_units() -> None:
    results = laser.measurands(laser.threshold(CURRENT, POWER, start=4), unit="W/A", scale=1e-3)
    assert [m.symbol for m in results] == ["I_th", "I_th′", "η"]
    assert results[2].value == pytest.approx(0.01734033, abs=5e-9)
    assert results[0].degrees_of_freedom == pytest.approx(2)


def test_start_below_the_threshold_is_warned_about() -> None:
    found = laser.threshold(CURRENT, POWER, start=0)
    codes = {w.code: w for w in laser.cautions(found, "I", "P", "start")}
    assert codes["branch"].field == "start"
    assert "序号 3" in codes["branch"].message


def test_two_readings_on_the_branch_give_no_uncertainty() -> None:
    found = laser.threshold([0, 5, 10, 15], [0, 0.001, 0.167, 0.411])
    assert laser.measurands(found, unit="W/A") == []
    assert [w.code for w in laser.cautions(found, "I", "P")] == ["no-measurand"]


def test_two_readings_on_the_branch_with_a_limit() -> None:
    # By hand: η = (0.411 - 0.167)/5 = 0.0488, u(η) = √2·u/5 with u = 0.003/√3;
    # I_th = 10 - 5·y₁/(y₂ - y₁), u(I_th) = 5·u·√(y₁² + y₂²)/(y₂ - y₁)², ν infinite.
    found = laser.threshold([0, 5, 10, 15], [0, 0.001, 0.167, 0.411], power_limit=0.003)
    zero, crossing, slope = laser.measurands(found, unit="W/A")
    u, rise = 0.003 / math.sqrt(3), 0.411 - 0.167
    assert zero.value == pytest.approx(10 - 5 * 0.167 / rise)
    assert zero.standard_uncertainty == pytest.approx(5 * u * math.hypot(0.167, 0.411) / rise**2)
    assert zero.degrees_of_freedom is None
    assert slope.value == pytest.approx(0.0488)
    assert slope.standard_uncertainty == pytest.approx(math.sqrt(2) * u / 5)
    # the lower line is 0.0002·I: it meets the branch where 0.0486·I = 0.321
    assert crossing.value == pytest.approx(0.321 / 0.0486)
    (caution,) = laser.cautions(found, "I", "P")
    assert caution.code == "few-points"
    assert "仪器误差限" in caution.message


@pytest.mark.parametrize(
    "power",
    [
        [1.0 * i + 0.05 * (i % 3) for i in range(10)],
        [50.0 - i for i in range(10)],
        [0.0] * 10,
        [math.log1p(10 * i) for i in range(10)],
    ],
)
def test_no_threshold(power: list[float]) -> None:
    with pytest.raises(ReadingError) as caught:
        laser.threshold(list(range(10)), power, power_field="P")
    assert caught.value.field == "P"


def test_slip_on_the_branch_is_named() -> None:
    current = np.arange(2.0, 31.0, 2.0)
    power = np.where(current < 8, 0.05 * current, 17.3 * (current - 8) + 0.4)
    power = np.round(power + 0.3 * np.random.default_rng(4).normal(size=current.size), 1)
    power[10] *= 10
    found = laser.threshold(current, power, start=4)
    slip = [w for w in laser.cautions(found, "I", "P") if w.code == "decimal-slip"]
    assert [(w.field, w.index) for w in slip] == [("P", 10)]
