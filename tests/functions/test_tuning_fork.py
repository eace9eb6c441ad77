"""The tuning fork against a public set of readings, and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_loads_of_a_public_set() -> None:
    """HUST: T² = 14.6371 ms² + 0.507507 ms²/g m, so m₀ = 28.841 g and k = 77.789 kN/m."""
    result = analysed("tuning_fork", sample("tuning-fork"))
    assert result.measurand("m₀").value == pytest.approx(28.84119, rel=1e-4)
    k = result.measurand("k")
    assert k.value == pytest.approx(4 * math.pi**2 / 0.5075069, rel=1e-4)
    # type A alone: s of the residuals over √Σ(m - 25 g)² = √1750 g
    loads = [0, 10, 20, 30, 40, 50]
    squares = [1e6 / f**2 for f in sample("tuning-fork")["f"]]
    rest = [y - 14.6371038 - 0.5075069 * m for m, y in zip(loads, squares, strict=True)]
    u_a = (sum(one**2 for one in rest) / 4 / 1750) ** 0.5
    assert k.standard_uncertainty == pytest.approx(k.value * u_a / 0.5075069, rel=0.02)


def test_a_load_of_that_set_taken_for_unknown() -> None:
    """30 g by the line of the other five: 29.5424 g."""
    load = analysed("tuning_fork", sample("tuning-fork-unknown")).measurand("m_x")
    assert load.value == pytest.approx(29.54238, rel=2e-4)


def test_loads_by_hand() -> None:
    """T² = (m + 30 g)·0.5 ms²/g at 0, 10, 20 g, unknown 10 g; only m matters, by 0.05 g."""
    squares = [15, 20, 25]
    readings = {"method": "unknown", "m": [0, 10, 20], "f": [1000 / y**0.5 for y in squares]}
    exact = {"f_x": 1000 / 20**0.5, "instrument": {"f": 1e-9, "f_x": 1e-9}}
    result = analysed("tuning_fork", readings | exact)
    u_m = 0.05 / 3**0.5
    expected = {
        "k": (8 * math.pi**2, 8 * math.pi**2 * u_m / 200**0.5),
        "m₀": (30, u_m * (1 / 3 + 40**2 / 200) ** 0.5),
        "m_x": (10, u_m * (1 / 3) ** 0.5),
    }
    for symbol, (value, u) in expected.items():
        found = result.measurand(symbol)
        assert found.value == pytest.approx(value, rel=1e-8)
        assert found.standard_uncertainty == pytest.approx(u, rel=1e-4)


def test_the_width_by_hand() -> None:
    """The curve of the public set, 260.259 to 260.370 Hz: Q = 2345 (2339 by finer points)."""
    result = analysed("tuning_fork", sample("tuning-fork-width"))
    quality, width = result.measurand("Q"), result.measurand("Δf")
    assert quality.value == pytest.approx(260.311 / 0.111, rel=1e-9)
    assert quality.value == pytest.approx(2339.238, rel=5e-3)
    u = 0.01 * (2 / 3) ** 0.5
    assert width.standard_uncertainty == pytest.approx(u, rel=1e-9)
    relative = ((u / 0.111) ** 2 + (0.01 / 260.311) ** 2 / 3) ** 0.5
    assert quality.standard_uncertainty == pytest.approx(quality.value * relative, rel=1e-6)


def test_bad_readings() -> None:
    given = sample("tuning-fork-width")
    without_width = analysed("tuning_fork", given | {"f_2": given["f_1"]})
    assert [one.symbol for one in without_width.measurands] == ["Δf"]
    assert "算不出" in next(w.message for w in without_width.warnings if w.code == "not-computed")
    with pytest.raises(ReadingError):
        analysed("tuning_fork", sample("tuning-fork") | {"m": [10.0] * 6})
