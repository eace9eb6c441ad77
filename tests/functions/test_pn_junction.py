"""The pn junction against a public report (UltramarineW/HIT-Physical-Experiment)."""

import math

import pytest

from tests.functions.declared import analysed, sample


def line(x: list[float], y: list[float]) -> tuple[float, float]:
    """Slope and intercept by least squares, from the normal equations."""
    n, mx, my = len(x), sum(x) / len(x), sum(y) / len(y)
    sxx = sum((a - mx) ** 2 for a in x)
    slope = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sxx
    assert n > 2
    return slope, my - slope * mx


def test_boltzmann_of_a_report() -> None:
    """k = 1.70975e-23 J/K without weights: the first currents have one digit, as the causes say."""
    given = sample("pn-junction")
    found = analysed("pn_junction", given)
    k = found.measurand("k")
    slope, _ = line(given["U"], [math.log(i) for i in given["I"]])
    assert slope == pytest.approx(31.70639, abs=5e-4)
    assert k.value == pytest.approx(1.70975e-23, rel=1e-4)
    assert any("一位有效数字" in warning.message for warning in found.warnings)


def test_the_gap_of_a_report() -> None:
    """-2.320242 mV/K, 0.5553752 V at 0 °C, so 1.189149 V at 0 K."""
    found = analysed("pn_junction", sample("pn-junction-gap"))
    assert found.measurand("S").value == pytest.approx(-2.320242, rel=1e-4)  # no errors of t
    assert found.measurand("E_g/e").value == pytest.approx(1.189149, rel=1e-4)


def test_an_ideal_junction_with_its_uncertainty() -> None:
    """ln I with slope e/kT exactly: u(k)/k of the temperature, and of U and I by the line."""
    thermal = 1.380649e-23 * 300 / 1.602176634e-19
    volts = [0.40, 0.42, 0.44, 0.46, 0.48, 0.50]
    amperes = [1000 * math.exp((u - 0.45) / thermal) for u in volts]
    readings = {"method": "boltzmann", "t": 26.85, "U": volts, "I": amperes}
    limits = {"U": 0.0005, "t": 0.5}
    found = analysed("pn_junction", {**readings, "instrument": limits}).measurand("k")
    assert found.value == pytest.approx(1.380649e-23, rel=1e-9)
    assert found.standard_uncertainty / found.value > 0.5 / 300 / math.sqrt(3)
    assert found.standard_uncertainty / found.value < 0.02
