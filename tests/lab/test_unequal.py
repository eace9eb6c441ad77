"""Scatter that grows with the steepness of a curve: its covariance, its coverage, its outliers.

Expected: HC3 written out from J. G. MacKinnon and H. White, J. Econometrics 29 (1985) 305, (12);
coverage of simulated diodes of known β.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from functions._lab import diode
from functions._lab.unequal import _rise, growing_scatter, robust_covariance
from functions.solar_cell import SolarCell, analyse

Array = NDArray[np.float64]


def test_covariance_from_single_residuals_by_hand() -> None:
    # Through the origin: h_i = x_i²/Σx², V = Σ x_i² r_i²/(1-h_i)² / (Σx²)².  x = 1, 2, 3: Σx² = 14;
    # r = 1, 1, -1: (14/13)² + 4 (14/10)² + 9 (14/5)² = 1.159763 + 7.84 + 70.56 = 79.559763, /196.
    found = robust_covariance(np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 1.0, -1.0]))
    assert found == pytest.approx(np.array([[0.405917]]), rel=1e-5)


def test_growth_is_told_from_equal_scatter() -> None:
    x = np.linspace(1, 10, 20)
    columns = np.stack([np.ones_like(x), x], axis=1)
    signs = np.where(np.arange(20) % 2, 1.0, -1.0)
    assert growing_scatter(x, columns, signs * 0.1 / x) is None
    ratios = growing_scatter(x, columns, signs * 0.1 * x)
    assert ratios is not None
    assert 8 < ratios[-1] / ratios[0] <= 10  # 10 with a floor; the grid of ρ is of powers of two


@pytest.mark.parametrize("seed", range(20))
def test_rank_correlation_is_that_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = np.round(rng.normal(size=(2, 12)), 1)  # with ties
    y += seed / 20 * x
    expected = stats.spearmanr(x, y, alternative="greater").pvalue
    assert _rise(x, y) == pytest.approx(expected, rel=1e-9)


def test_equal_values_do_not_rise() -> None:
    assert np.isnan(_rise(np.arange(8.0), np.ones(8)))


def readings(rng: np.random.Generator, cause: str) -> tuple[float, Array, Array]:
    """β, and a dark characteristic: 3 mV of a voltmeter of 10 mV digits, or 1 % of the current."""
    beta, i0 = rng.uniform(1.1, 2.2), rng.uniform(1e-3, 5e-3)
    u = np.linspace(0.3, min(3.4, np.log(2 / i0) / beta), int(rng.choice([10, 14, 20, 30])))
    i = i0 * np.expm1(beta * u)
    if cause == "voltmeter":
        u = np.round(u + rng.normal(0, 0.003, u.size), 2)
    else:
        i = i * (1 + rng.normal(0, 0.01, u.size))
    return beta, u, np.round(i, 3)


@pytest.mark.parametrize("cause", ["voltmeter", "ammeter"])
def test_intervals_of_a_steep_curve_hold(cause: str) -> None:
    # s²(JᵀJ)⁻¹ alone covers β in 80 % and 61 %, and 16 % and 30 % of the sets have "outliers".
    rng = np.random.default_rng(1949)
    sets, covered, accused = 300, 0, 0
    for _ in range(sets):
        beta, u, i = readings(rng, cause)
        found = diode.fit_diode(u, i)
        half = stats.t.ppf(0.975, found.fit.degrees_of_freedom) * found.beta.u
        covered += abs(found.beta.x - beta) <= half
        result = analyse(SolarCell(dark_voltage=u.tolist(), dark_current=i.tolist()))
        accused += any(w.code == "outlier" for w in result.warnings)
    assert 0.90 <= covered / sets <= 0.98
    assert accused <= 0.01 * sets


def test_a_gross_reading_is_still_named() -> None:
    rng = np.random.default_rng(7)
    _, u, i = readings(rng, "voltmeter")
    at = u.size // 2
    i[at] *= 1.3
    result = analyse(SolarCell(dark_voltage=u.tolist(), dark_current=np.round(i, 3).tolist()))
    assert ("dark_current", at) in [(w.field, w.index) for w in result.warnings]
