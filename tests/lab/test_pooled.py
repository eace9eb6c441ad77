"""Several runs of one line: what the runs share and what they do not, both in u."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from functions._lab.measurand import measurand
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
    assert [i.contribution**2 for i in found.budget] == pytest.approx(
        sorted([v1, v2 - v3], reverse=True), rel=1e-9
    )
    few = pool_lines(TIMES, runs[:2])
    v1, v2, _ = parts(runs[:2])
    assert float(few.slope.u) ** 2 == pytest.approx(v1 + v2, rel=1e-9)


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("between", "shared", "low", "high"),
    # Where the runs do not differ at all, max(V₂ - V₃, 0) makes u a little too large.
    [
        (0, 0, 0.945, 0.98),
        (0.05, 0, 0.935, 0.965),
        (0.3, 0, 0.935, 0.965),
        (0.05, 0.02, 0.935, 0.97),
    ],
)
def test_intervals_cover_the_truth(between: float, shared: float, low: float, high: float) -> None:
    rng = np.random.default_rng(40)
    covered = 0
    for _ in range(2000):
        runs = np.outer(rng.normal(9.8, between, 4), TIMES) + rng.normal(0, shared, 8)
        found = pool_lines(TIMES, runs + rng.normal(0, 0.02, (4, 8)))
        g = measurand("g", "g", "m/s²", found.slope)
        covered += abs(g.value - 9.8) <= g.expanded_uncertainty
    assert low <= covered / 2000 <= high
