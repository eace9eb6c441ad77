"""Copper and a thermistor against public reports (tzuming-lee, GeorgeDong32)."""

import math

import pytest

from functions._lab.result import Result
from tests.functions.declared import analysed, sample


def line(x: list[float], y: list[float]) -> tuple[float, float]:
    """Slope and intercept by least squares, from the normal equations."""
    n, mx, my = len(x), sum(x) / len(x), sum(y) / len(y)
    sxx = sum((a - mx) ** 2 for a in x)
    slope = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sxx
    assert n > 2
    return slope, my - slope * mx


def test_copper_of_a_report() -> None:
    """R₀ = 50.1477 Ω and α = 0.004204549 /°C; the first point was not in equilibrium."""
    found: Result = analysed("thermistor", sample("thermistor"))
    assert found.measurand("R₀").value == pytest.approx(50.1477, rel=1e-4)
    assert found.measurand("α").value == pytest.approx(0.004204549, rel=2e-4)
    assert [(w.field, w.index) for w in found.warnings if w.code == "outlier"] == [("R", 0)]


def test_copper_with_other_resistance_in_series_is_named() -> None:
    """α = 0.0007996628 /°C of another report: five times too small."""
    given = {"method": "copper", "t": list(range(30, 101, 5))}
    up = [55, 55.21, 55.4, 55.61, 55.84, 56.01, 56.26, 56.43, 56.62, 56.82, 57.05, 57.24]
    down = [55.06, 55.14, 55.3, 55.67, 55.81, 56.02, 56.21, 56.49, 56.71, 56.93, 57.19, 57.41]
    up, down = [*up, 57.49, 57.76, 57.97], [*down, 57.63, 57.82, 57.97]
    middle = [(a + b) / 2 for a, b in zip(up, down, strict=True)]
    found = analysed("thermistor", {**given, "R": middle})
    assert found.measurand("R₀").value == pytest.approx(53.67888, rel=1e-3)
    assert found.measurand("α").value == pytest.approx(0.0007996628, rel=2e-2)
    assert any("串联" in warning.message for warning in found.warnings)


def test_the_thermistor_by_hand() -> None:
    """B by the normal equations over 1/T; a report's 3381 K is of both ways, and from 273 K."""
    given = sample("thermistor-ntc")
    slope, _ = line([1 / (t + 273.15) for t in given["t"]], [math.log(r) for r in given["R"]])
    found = analysed("thermistor", given).measurand("B")
    assert found.value == pytest.approx(slope, rel=1e-4)  # which counts no errors of t
    assert found.value == pytest.approx(3381, rel=0.05)


def test_the_uncertainty_by_hand() -> None:
    """A true line: the limits of R (0.1 % + 0.01 Ω) and of t alone, over their spread."""
    t = [20.0, 40.0, 60.0, 80.0]
    ohms = [50 + 0.2 * value for value in t]
    found = analysed("thermistor", {"method": "copper", "t": t, "R": ohms})
    sxx = sum((value - 50) ** 2 for value in t)
    limits = [0.001 * r + 0.01 for r in ohms]
    each = math.hypot(sum(limits) / 4, 0.2 * 0.2) / math.sqrt(3)
    u = each * math.sqrt(1 / 4 + 50**2 / sxx)
    assert found.measurand("R₀").standard_uncertainty == pytest.approx(u, rel=2e-2)
