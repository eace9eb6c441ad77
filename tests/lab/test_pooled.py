"""Several runs of one line: what the runs share and what they do not, both in u."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from functions._lab import pooled as pooling
from functions._lab.measurand import coverage_factor, measurand
from functions._lab.pooled import pool_lines

Array = NDArray[np.float64]
TIMES = np.arange(1, 9) * 0.05
CENTRED = TIMES - TIMES.mean()
SXX = float(CENTRED @ CENTRED)


def parts(runs: Array) -> tuple[float, float, float]:
    """V₁, V₂ and V₃ of the slope (see the module), from the two-way table of residuals."""
    count, n = runs.shape
    slopes = runs @ CENTRED / SXX
    rest = runs - runs.mean(axis=1, keepdims=True) - np.outer(slopes, CENTRED)
    shared = rest.mean(axis=0)
    own = np.sum((rest - shared) ** 2) / ((n - 2) * (count - 1))
    v1 = float(shared @ shared) / (n - 2) / SXX
    return v1, float(slopes.var(ddof=1)) / count, own / count / SXX


def test_one_run_is_its_line() -> None:
    run = 9.8 * TIMES + np.array([1, -1, 2, 0, -2, 1, 0, -1]) * 0.01
    pooled = pool_lines(TIMES, [run])
    slope, _, _, _, u = stats.linregress(TIMES, run)[:5]
    assert float(pooled.slope.x) == pytest.approx(slope, rel=1e-12)
    assert float(pooled.slope.u) == pytest.approx(u, rel=1e-9)
    assert pooled.degrees_of_freedom == 6


def test_equal_runs_keep_the_scatter_about_the_line() -> None:
    run = 9.8 * TIMES + np.array([1, -1, 2, 0, -2, 1, 0, -1]) * 0.01
    pooled = pool_lines(TIMES, [run] * 4)
    assert float(pooled.slope.u) == pytest.approx(stats.linregress(TIMES, run).stderr, rel=1e-9)
    assert pooled.degrees_of_freedom == pytest.approx(6)


def test_exact_lines_keep_the_scatter_between_runs() -> None:
    slopes = np.array([9.6, 9.8, 9.7, 10.1])
    pooled = pool_lines(TIMES, np.outer(slopes, TIMES))
    assert float(pooled.slope.x) == pytest.approx(9.8, rel=1e-12)
    # JCGM 100:2008, H.5.2.4: s of the group means over √J, ν = J - 1
    assert float(pooled.slope.u) == pytest.approx(slopes.std(ddof=1) / 2, rel=1e-9)
    assert pooled.degrees_of_freedom == pytest.approx(3)


def test_both_scatters_together() -> None:
    rng = np.random.default_rng(5)
    runs = np.outer(rng.normal(9.8, 0.2, 4), TIMES) + rng.normal(0, 0.02, (4, 8))
    v1, v2, v3 = parts(runs)
    assert v2 > v3
    pooled = pool_lines(TIMES, runs)
    assert float(pooled.slope.u) ** 2 == pytest.approx(v1 + v2 - v3, rel=1e-9)
    # Welch–Satterthwaite over the three mean squares
    dof = (v1 + v2 - v3) ** 2 / (v1**2 / 6 + v2**2 / 3 + v3**2 / 18)
    assert pooled.degrees_of_freedom == pytest.approx(dof, rel=1e-9)
    found = measurand("g", "g", "m/s²", pooled.slope)
    (line,) = found.budget
    assert line.name == "拟合残差、各次之间的差异"
    assert line.type == "A"
    assert line.degrees_of_freedom == pytest.approx(dof, rel=1e-9)


def test_runs_that_agree_are_pooled() -> None:
    """F = V₂/V₃ below its 71 % point of (3, 18), 1.35: V₁ alone, ν = 6."""
    rng = np.random.default_rng(1)
    while True:
        runs = 9.8 * TIMES + rng.normal(0, 0.02, (4, 8))
        v1, v2, v3 = parts(runs)
        if 1.05 < v2 / v3 < 1.3:
            break
    found = pool_lines(TIMES, runs)
    assert float(found.slope.u) ** 2 == pytest.approx(v1, rel=1e-9)
    assert found.degrees_of_freedom == pytest.approx(6)


def test_two_runs() -> None:
    """u² = V₁ + V₂, k the weighted mean of t(6) = 2.447 and t(1) = 12.706, from Student's table."""
    rng = np.random.default_rng(7)
    runs = np.outer(rng.normal(9.8, 0.1, 2), TIMES) + rng.normal(0, 0.02, (2, 8))
    v1, v2, _ = parts(runs)
    g = measurand("g", "g", "m/s²", pool_lines(TIMES, runs).slope)
    assert g.standard_uncertainty**2 == pytest.approx(v1 + v2, rel=1e-9)
    k = (2.44691 * v1 + 12.70620 * v2) / (v1 + v2)
    assert g.coverage_factor == pytest.approx(k, rel=1e-5)


def test_band_is_that_of_the_ordinate() -> None:
    rng = np.random.default_rng(6)
    runs = rng.normal(0, 0.05, (4, 1)) + 9.8 * TIMES + rng.normal(0, 0.01, (4, 8))
    pooled = pool_lines(TIMES, runs)
    # amid the readings the ordinate of a run is its mean
    shared = runs.mean(axis=0) - runs.mean()
    shared = shared - CENTRED * (shared @ CENTRED) / SXX
    v1 = float(shared @ shared) / 6 / 8
    v2 = float(runs.mean(axis=1).var(ddof=1)) / 4
    v3 = parts(runs)[2] * SXX / 8
    dof = (v1 + v2 - v3) ** 2 / (v1**2 / 6 + v2**2 / 3 + v3**2 / 18)
    expected = stats.t.ppf(0.975, dof) * np.sqrt(v1 + v2 - v3)
    assert float(pooled.band(TIMES.mean())) == pytest.approx(expected, rel=1e-9)


def test_two_readings_in_a_run() -> None:
    single = pool_lines([0, 1], [[0, 1]])
    assert not single.has_uncertainty
    assert np.isnan(single.band([0.0, 0.5])).all()
    double = pool_lines([0, 1], [[0, 1.0], [0, 1.2]])
    assert double.has_uncertainty
    assert float(double.slope.u) == pytest.approx(0.1, rel=1e-9)
    assert double.degrees_of_freedom == pytest.approx(1)
    assert not pool_lines([0, 1], [[0, 1], [0, 1]]).has_uncertainty


def test_a_limit_is_not_made_smaller_by_repeating() -> None:
    run = 9.8 * TIMES
    pooled = pool_lines(TIMES, [run] * 4, y_limit=0.02)
    assert float(pooled.slope.u) == pytest.approx(0.02 / np.sqrt(3) / np.sqrt(SXX), rel=1e-6)


def shares(runs: int, n: int, between: float, shared: float, sets: int = 20_000) -> float:
    """Share of intervals that hold the truth.

    ``between`` and ``shared`` are variances of the mean in units of what the scatter of single
    readings makes of it.  The mean is independent of the mean squares, so its part is exact.
    """
    rng = np.random.default_rng(7)
    slopes = rng.normal(0, np.sqrt(runs * (1 + between)), (runs, sets))
    first = (1 + shared) * rng.chisquare(n - 2, sets) / (n - 2)
    dof = (n - 2) * (runs - 1)
    own = runs * rng.chisquare(dof, sets) / dof
    extra, effective = pooling._between(slopes, first, own, n)
    u = np.sqrt((first + extra) / (1 + between + shared))
    return float(np.mean(1 - 2 * stats.norm.sf(stats.t.ppf(0.975, effective) * u)))


@pytest.mark.parametrize(
    ("runs", "n", "low", "high"),
    [
        (4, 8, 0.935, 0.965),
        (4, 13, 0.9345, 0.965),
        (4, 50, 0.925, 0.965),
        (3, 8, 0.925, 0.971),
        (3, 13, 0.925, 0.971),
        # with two runs rather too long an interval than too short a one
        (2, 8, 0.94, 0.995),
        (2, 13, 0.94, 0.995),
    ],
)
def test_intervals_cover_the_truth_whatever_the_variances(
    runs: int, n: int, low: float, high: float
) -> None:
    sizes = (0.0, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0)
    found = [shares(runs, n, between, shared) for between in sizes for shared in sizes]
    assert low <= min(found), min(found)
    assert max(found) <= high, max(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("between", "shared", "high"),
    # runs that do not differ at all: 96.5 %, and the chance of 2000 sets
    [(0, 0, 0.975), (0.05, 0, 0.965), (0.3, 0, 0.965), (0.05, 0.02, 0.965)],
)
def test_intervals_cover_the_truth(between: float, shared: float, high: float) -> None:
    rng = np.random.default_rng(40)
    covered = 0
    for _ in range(2000):
        runs = np.outer(rng.normal(9.8, between, 4), TIMES) + rng.normal(0, shared, 8)
        slope = pool_lines(TIMES, runs + rng.normal(0, 0.02, (4, 8))).slope
        expanded = coverage_factor(float(slope.df)) * float(slope.u)
        covered += abs(float(slope.x) - 9.8) <= expanded
    assert 0.935 <= covered / 2000 <= high
