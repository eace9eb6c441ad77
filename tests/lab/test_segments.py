"""Two-segment lines against hand-computed, brute-force and simulated cases."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from functions._lab.errors import ReadingError
from functions._lab.segments import fit_two_segments

Array = NDArray[np.float64]

LASER_CURRENT = [0.5, 3, 6, 9, 12, 15, 18, 21]
LASER_POWER = [0.0001, 0.06793, 0.246, 17.4, 68.53, 121.2, 172.6, 224.8]
"""A student's laser diode: current in mA, power in μW."""


def broken(x: Array, h: float, lower: float, upper: float, joint: float) -> Array:
    return h + np.where(x < joint, lower, upper) * (x - joint)


def test_by_hand() -> None:
    # The pattern (1, -1, -1, 1) is orthogonal to any line over four equidistant abscissae, so the
    # lines are y = 0 over 0…3 and y = 3 (x - 5) over 6…9, which cross at 5, inside 3…6.
    # Sum of squares 8 δ², ν = 4, s² = 2 δ²; Σ(x - x̄)² = 5 in each branch.
    # u²(slope) = s²/5.  At x = 5: u²(upper) = s²(1/4 + 2.5²/5) = 1.5 s², u²(lower) = 2.7 s².
    delta = 0.1
    pattern = delta * np.array([1.0, -1, -1, 1])
    x = np.array([0.0, 1, 2, 3, 6, 7, 8, 9])
    fit = fit_two_segments(x, np.concatenate([pattern, 3 * (x[4:] - 5) + pattern]))
    s = math.sqrt(2) * delta
    assert fit.breakpoint.x == pytest.approx(5)
    assert fit.breakpoint.u == pytest.approx(s * math.sqrt(1.5 + 2.7) / 3)
    assert fit.upper_slope.x == pytest.approx(3)
    assert fit.upper_slope.u == pytest.approx(s / math.sqrt(5))
    assert fit.lower_slope.x == pytest.approx(0, abs=1e-12)
    assert fit.lower_slope.u == pytest.approx(s / math.sqrt(5))
    assert fit.x_intercept.x == pytest.approx(5)
    assert fit.x_intercept.u == pytest.approx(s * math.sqrt(1.5) / 3)
    assert fit.x_intercept.df == pytest.approx(4)
    assert fit.residual_standard_deviation == pytest.approx(s)
    assert fit.start_of_upper == 4
    assert fit.start_of_branch == 4


def test_laser_diode() -> None:
    fit = fit_two_segments(LASER_CURRENT, LASER_POWER)
    # Readings 3…7 alone, by hand: x̄ = 15, ȳ = 120.906, Sxx = 90, Sxy = 1556.61, slope 17.29567,
    # zero 15 - 120.906/17.29567 = 8.00946; readings 0…2: Sxx = 15.16667, Sxy = 0.6854117.
    assert fit.start_of_upper == 3
    assert fit.start_of_branch == 3
    assert fit.upper_slope.x == pytest.approx(1556.61 / 90)
    assert fit.x_intercept.x == pytest.approx(8.00946, abs=1e-5)
    assert fit.lower_slope.x == pytest.approx(0.6854117 / 15.1666667, rel=1e-6)
    lower_at = 0.31403 / 3 + fit.values[1] * (fit.values[3] - 9.5 / 3)
    assert fit.values[0] == pytest.approx(lower_at)
    # Agrees with the branch from index 4: slope 17.34033, u 0.05472; threshold 8.03520, whose u is
    # 0.3671 √(1/4 + 8.465²/45)/17.34 = 0.0287.
    assert abs(fit.upper_slope.x - 17.34033) < 0.05472
    assert abs(fit.x_intercept.x - 8.03520) < 0.0287


def smallest_by_brute_force(x: Array, y: Array) -> tuple[float, float]:
    best = (math.inf, 0.0)
    inner = np.unique(x)
    for joint in np.linspace(inner[1], inner[-2], 4001):
        columns = np.stack([np.ones_like(x), np.minimum(x - joint, 0), np.maximum(x - joint, 0)])
        theta = np.linalg.lstsq(columns.T, y, rcond=None)[0]
        best = min(best, (float(np.sum((y - columns.T @ theta) ** 2)), float(joint)))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_no_joint_does_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = int(random.integers(5, 13))
    x = np.round(random.uniform(0, 10, n), 0 if seed % 3 == 0 and n > 8 else 3)
    y = broken(x, 1, 0.3, random.uniform(-2, 3), random.uniform(3, 7)) + random.normal(0, 0.5, n)
    fit = fit_two_segments(x, y)
    squares, joint = smallest_by_brute_force(x, y)
    found = float(np.sum(fit.residuals**2))
    assert found <= squares * (1 + 1e-9) + 1e-12
    # The grid is 10/4000 wide, so its minimum is no more than a little above the true one.
    assert found >= squares * 0.98 - 1e-4
    if found > 0.999 * squares:
        assert abs(fit.values[3] - joint) < 0.2


@pytest.mark.parametrize("joint", [4.0, 4.3, 2.5, 7.99])
def test_exact_readings(joint: float) -> None:
    x = np.arange(11.0)
    fit = fit_two_segments(x * 1e-6, 1e3 * broken(x, 2, -0.5, 4, joint))
    assert fit.breakpoint.x == pytest.approx(joint * 1e-6, rel=1e-9)
    assert fit.upper_slope.x == pytest.approx(4e9)
    assert fit.lower_slope.x == pytest.approx(-0.5e9)
    assert fit.breakpoint.u < 1e-12
    assert fit.start_of_upper == math.ceil(joint)


def test_order_of_readings_does_not_matter() -> None:
    shuffled = np.random.default_rng(1).permutation(8)
    x, y = np.array(LASER_CURRENT)[shuffled], np.array(LASER_POWER)[shuffled]
    fit = fit_two_segments(x, y)
    assert fit.values == pytest.approx(fit_two_segments(LASER_CURRENT, LASER_POWER).values)
    assert fit.x.tolist() == LASER_CURRENT
    assert x[fit.order].tolist() == LASER_CURRENT


def test_uncertainties_agree_with_simulation() -> None:
    random = np.random.default_rng(20)
    x = np.linspace(0, 20, 25)
    truth = broken(x, 0.5, 0.05, 2.0, 8.35)
    fits = [fit_two_segments(x, truth + random.normal(0, 0.4, x.size)) for _ in range(600)]
    values = np.array([[*f.values, f.x_intercept.x] for f in fits])
    stated = np.array([[*np.sqrt(np.diag(f.covariance)), f.x_intercept.u] for f in fits])
    # With 600 sets the standard deviation is known to 1/√1200 = 3 %, the mean to 1/√600 σ.
    assert values.std(axis=0, ddof=1) == pytest.approx(np.sqrt((stated**2).mean(axis=0)), rel=0.12)
    centred = (values.mean(axis=0) - [0.5, 0.05, 2.0, 8.35, 8.35 - 0.25]) / values.std(axis=0)
    assert np.all(np.abs(centred) < 0.2)


def test_coverage_of_the_breakpoint() -> None:
    random = np.random.default_rng(21)
    x = np.linspace(0, 20, 12)
    truth = broken(x, 0.5, 0.05, 2.0, 8.35)
    hits = 0
    for _ in range(500):
        found = fit_two_segments(x, truth + random.normal(0, 0.4, x.size)).breakpoint
        hits += abs(found.x - 8.35) <= 2.306004 * found.u  # t₀.₉₇₅(8)
    assert hits / 500 == pytest.approx(0.95, abs=0.03)


def test_rounded_knee_is_passed_over() -> None:
    # A hyperbola with asymptotes y = 0 and y = 2 (x - 5): at x = 5 it is 1.0, at 6 it is 2.41, not
    # 2; the readings from 10 on lie within 0.1 of the asymptote.
    x = np.arange(0.0, 21)
    y = (x - 5) + np.sqrt((x - 5) ** 2 + 1.0)
    fit = fit_two_segments(x, y)
    assert 5 <= fit.start_of_upper < fit.start_of_branch <= 13
    branch = np.polyfit(x[fit.start_of_branch :], y[fit.start_of_branch :], 1)
    upper = np.polyfit(x[fit.start_of_upper :], y[fit.start_of_upper :], 1)
    assert abs(branch[0] - 2) < abs(upper[0] - 2)


def test_clean_branch_is_kept_whole() -> None:
    random = np.random.default_rng(22)
    x = np.linspace(0, 20, 25)
    truth = broken(x, 0, 0.0, 2.0, 8.1)
    fits = [fit_two_segments(x, truth + random.normal(0, 0.3, 25)) for _ in range(300)]
    kept = sum(f.start_of_branch == f.start_of_upper for f in fits)
    assert kept >= 0.96 * 300


def test_four_readings_give_values_without_uncertainty() -> None:
    # Lower slope 0.0002, upper 0.0488; 0.0002 x = 0.167 + 0.0488 (x - 10) at x = 0.321/0.0486.
    fit = fit_two_segments([0, 5, 10, 15], [0, 0.001, 0.167, 0.411])
    assert fit.values[3] == pytest.approx(0.321 / 0.0486)
    assert fit.degrees_of_freedom == 0
    assert fit.start_of_upper == 2
    assert fit.residual_standard_deviation is None
    with pytest.raises(ReadingError, match="自由度"):
        _ = fit.breakpoint


def test_result_fit() -> None:
    texts = [("功率", "h", "μW"), ("斜率", "b₁", "W/A"), ("斜率", "b₂", "W/A"), ("点", "c", "mA")]
    fit = fit_two_segments(LASER_CURRENT, LASER_POWER).as_fit("两段", "y = …", texts)
    assert fit.degrees_of_freedom == 4
    assert [p.unit for p in fit.parameters] == ["μW", "W/A", "W/A", "mA"]


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([1, 1, 2, 2, 3, 3], [1, 2, 3, 4, 5, 6], "至少需要 4 个"),
        ([2, 2, 2, 2, 2], [1, 2, 3, 4, 5], "至少需要 4 个"),
        ([1, 2, 3, 4, 5, 6], [2, 4, 6, 8, 10, 12], "看不出转折"),
        ([1, 2, 3, 4, 5, 6], [7, 7, 7, 7, 7, 7], "看不出转折"),
        # from here on rounding to 16 digits leaves fewer than four abscissae apart
        ([1e-10, 1e-5, 1, 1e10], [1, 5, 2, 9], "相差悬殊"),
        ([1e-10, 1e-5, 1, 2, 3, 4, 1e12], [1, 5, 2, 9, 1, 3, 2], "相差悬殊"),
        ([0.0, 0.8, 1.4, 3.1, 3.7, 4.6, 5.2e10], [0, 1, 0, 2, 1, 2, 2], "相差悬殊"),
    ],
)
def test_refused(x: list[float], y: list[float], sentence: str) -> None:
    with pytest.raises(ReadingError, match=sentence):
        fit_two_segments(x, y)


def test_five_thousand_readings() -> None:
    random = np.random.default_rng(23)
    x = np.sort(random.uniform(0, 100, 5000))
    y = broken(x, 1, 0.2, 3.0, 61.0) + random.normal(0, 2.0, 5000)
    fit = fit_two_segments(x, y)
    assert abs(fit.breakpoint.x - 61.0) < 4 * fit.breakpoint.u
