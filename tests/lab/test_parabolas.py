"""Local parabolas against NumPy's weighted fits, and their scatter against simulated noise."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from functions._lab import scatter
from functions._lab.parabolas import Parabolas, parabolas, smooth, windows

Array = NDArray[np.float64]


def curve(seed: int = 0) -> tuple[Array, Array, Array]:
    """Uneven abscissae, readings, and their standard deviations."""
    random = np.random.default_rng(seed)
    x = np.sort(np.concatenate([np.arange(0.0, 40), random.uniform(40, 60, 40)]))
    sigma = 0.05 * (1 + random.random(x.size))
    return x, 3 + np.sin(x / 3) + sigma * random.standard_normal(x.size), sigma


def test_coefficients_are_those_of_a_weighted_fit() -> None:
    x, y, sigma = curve()
    centres, reach = np.array([4.0, 22.3, 51.7]), np.array([3.7, 8.0, 2.0])
    around = windows(x, centres, reach)
    found = parabolas(around, y[around.index], sigma[around.index])
    for i, (centre, h) in enumerate(zip(centres, reach, strict=True)):
        inside = np.abs(x - centre) < h
        t, own = (x[inside] - centre) / h, sigma[inside]
        weights = (1 - np.abs(t) ** 3) ** 3
        expected = np.polyfit(t, y[inside], 2, w=np.sqrt(weights))[::-1]
        assert found.coefficients[i] == pytest.approx(expected, rel=1e-9)
        # Covariance of a weighted fit whose weights are not 1/σ²: A Σ Aᵀ with A = (XᵀWX)⁻¹XᵀW.
        columns = np.vander(t, 3, increasing=True)
        gain = np.linalg.inv(columns.T * weights @ columns) @ (columns.T * weights)
        covariance = gain * own**2 @ gain.T
        assert found.height_uncertainties[i] == pytest.approx(math.sqrt(covariance[0, 0]))
        _, slope, bend = expected
        assert found.vertices[i] == pytest.approx(centre - h * slope / (2 * bend))
        gradient = np.array([0, -1 / (2 * bend), slope / (2 * bend**2)])
        u = h * math.sqrt(gradient @ covariance @ gradient)
        assert found.vertex_uncertainties[i] == pytest.approx(u)


def test_a_parabola_is_smoothed_into_itself() -> None:
    x, _, _ = curve()
    at = np.linspace(-1, 61, 300)
    for half_width in (0.1, 1.0, 5.0):  # widened where fewer than five readings are within
        values, gains = smooth(x, 2 - 0.3 * x + 0.01 * x**2, at, half_width)
        assert values == pytest.approx(2 - 0.3 * at + 0.01 * at**2, abs=1e-6)
        assert np.all(gains > 0)


def test_readings_beyond_the_bounds_do_not_count() -> None:
    x, y, sigma = curve()
    centres, reach = np.array([10.0, 30.0]), np.array([4.0, 6.0])
    bounds = np.array([8.0, 24.0]), np.array([14.0, 31.5])
    around = windows(x, centres, reach, bounds)
    found = parabolas(around, y[around.index], sigma[around.index])
    for i, (low, high) in enumerate(zip(*bounds, strict=True)):
        part = (x >= low) & (x <= high)
        alone = windows(x[part], centres[i : i + 1], reach[i : i + 1])
        expected = parabolas(alone, y[part][alone.index], sigma[part][alone.index])
        assert found.vertices[i] == pytest.approx(float(expected.vertices[0]))


def peaks(seed: int, shape: float) -> Parabolas:
    """Parabolas at the vertices of eight alike peaks of 7 readings, with noise of 1."""
    random = np.random.default_rng(seed)
    places, rows, readings = np.zeros(8), [], []
    for i in range(8):
        x = np.arange(-9.0, 10) + random.uniform(-0.5, 0.5)
        t = x / 3.5
        y = 60 * (1 + i / 4) * (-(t**2) + shape * t**4) + random.standard_normal(x.size)
        rows.append(x + 100 * i)
        readings.append(y)
        places[i] = 100 * i
    x, y = np.concatenate(rows), np.concatenate(readings)
    centres, reach = places, np.full(8, 3.5)
    for _ in range(10):
        around = windows(x, centres, reach)
        centres = around.vertices(around.coefficients(y[around.index]))
    return parabolas(around, y[around.index], np.ones(around.index.shape))


@pytest.mark.parametrize("shape", [0.0, 0.25])
def test_common_scatter_is_that_of_the_noise(shape: float) -> None:
    found = np.array([scatter.common(peaks(seed, shape)) for seed in range(600)])
    squares, freedom = found[:, 0] ** 2, float(np.mean(found[:, 1]))
    # 600 values of s² with ν of some 17 have a mean that is known to √(2/17/600) = 1.4 %.
    assert np.mean(squares) == pytest.approx(1, abs=0.04)
    assert np.var(squares) == pytest.approx(2 / freedom, rel=0.25)


def test_single_scatter_is_that_of_the_noise() -> None:
    found = [scatter.single(peaks(seed, 0.0)) for seed in range(200)]
    squares = np.array([sizes**2 for sizes, _ in found])
    freedom = float(np.mean([freedoms for _, freedoms in found]))
    # 1,600 windows with ν of 2.6 each: the mean of s² is known to √(2/2.6/1600) = 2.2 %.
    assert np.mean(squares) == pytest.approx(1, abs=0.06)
    assert np.var(squares) == pytest.approx(2 / freedom, rel=0.25)


def test_readings_without_scatter() -> None:
    x = np.arange(12.0)
    around = windows(x, np.array([3.0, 8.0]), np.array([2.6, 2.6]))
    fits = parabolas(around, np.zeros(around.index.shape), np.zeros(around.index.shape))
    assert scatter.common(fits) == (1.0, 1.0)
    sizes, freedoms = scatter.single(fits)
    assert (sizes.tolist(), freedoms.tolist()) == ([1, 1], [1, 1])
