"""Noise and period of simulated curves."""

import math
import tracemalloc

import numpy as np
import pytest

from functions._lab import smoothing
from functions._lab.smoothing import noise, period


@pytest.mark.parametrize(
    ("kind", "seed"), [("constant", 1), ("constant", 2), ("relative", 1), ("relative", 2)]
)
def test_noise_is_followed(kind: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    x = np.linspace(1, 50, 400)
    sigma = np.full(400, 0.3) if kind == "constant" else 0.02 * x
    found = noise(x, x + sigma * random.standard_normal(400))
    # The median of 400 distances is good to about 10 %.
    assert found == pytest.approx(sigma, rel=0.35)


def test_six_neighbours_tell_a_coarsely_read_wave_from_noise() -> None:
    # A wave of amplitude 1 in 12 steps a period without noise: a cubic through four neighbours
    # misses it by (2 sin 15°)⁴/6 = 0.0120, a quintic through six by (2 sin 15°)⁶/20 = 0.00096.
    # Of |cos| at phases φ + n·30° the median is between cos 45° and cos 60°.
    # Distances count in units of their own spread for noise of 1: √(1 + Σ of squared weights),
    # weights (4, -1)/6 and (15, -6, 1)/20.
    x = np.arange(200.0)
    y = np.cos(2 * np.pi * x / 12)
    four, six = (2 * math.sin(math.pi / 12)) ** 4 / 6, (2 * math.sin(math.pi / 12)) ** 6 / 20
    for beside, missed, squares in ((2, four, 2 * 17 / 36), (3, six, 2 * 262 / 400)):
        found = float(noise(x, y, beside=beside)[100]) * 0.6745 * math.sqrt(1 + squares) / missed
        assert 0.4 < found < 0.9


def test_period_of_a_sampled_wave() -> None:
    x = np.arange(0.0, 80, 0.7)
    assert period(x, 3 + 0.1 * x + (1 + 0.05 * x) * np.sin(2 * np.pi * x / 9.3)) == pytest.approx(
        9.3, rel=0.01
    )
    assert period(np.arange(6.0), np.arange(6.0)) is None


def test_a_period_is_found_in_blocks_as_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.arange(0.0, 80, 0.7)
    y = 3 + 0.1 * x + (1 + 0.05 * x) * np.sin(2 * np.pi * x / 9.3)
    whole = period(x, y)
    monkeypatch.setattr(smoothing, "_CHUNK", 1000)
    assert period(x, y) == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize("n", [82, 500, 5000])
@pytest.mark.parametrize("power", [3, 6, 12, 28])
def test_an_abscissa_out_of_all_bounds_costs_no_memory(n: int, power: int) -> None:
    x = np.linspace(1, 80, n)
    y = x * (1 + np.sin(2 * np.pi * x / 11.5))
    x[-1] *= 10.0**power
    tracemalloc.start()
    try:
        period(x, y)
        assert tracemalloc.get_traced_memory()[1] < 100e6
    finally:
        tracemalloc.stop()
