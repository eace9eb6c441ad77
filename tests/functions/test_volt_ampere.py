"""Volts and amperes against readings of a public report (kleedaisuki/NK-Physical-Experiment)."""

import math

import pytest

from tests.functions.declared import analysed, sample


def test_the_slope_of_a_report() -> None:
    """9.142198 mA/V, so 109.3829 Ω."""
    found = analysed("volt_ampere", sample("volt-ampere-outside")).measurand("R")
    assert found.value == pytest.approx(109.3829, rel=1e-5)  # which counts no errors of U


def test_meters_are_taken_off() -> None:
    """100 Ω beside an ammeter of 5 Ω, and 100 Ω beside a voltmeter of 10 kΩ, exactly."""
    currents = [2.0, 4.0, 6.0, 8.0]
    inside = {"method": "inside", "R_A": 5.0, "I": currents, "U": [0.21, 0.42, 0.63, 0.84]}
    assert analysed("volt_ampere", inside).measurand("R").value == pytest.approx(100)
    volts = [0.5, 1.0, 1.5, 2.0]
    through = [1000 * u * (1 / 100 + 1 / 1e4) for u in volts]
    outside = {"method": "outside", "G_V": 1e-4, "U": volts, "I": through}
    assert analysed("volt_ampere", outside).measurand("R").value == pytest.approx(100)


def test_the_uncertainty_by_hand() -> None:
    """No scatter: the limits 15 mV and 0.075 mA of the meters over the spread of the currents."""
    currents = [2.0, 4.0, 6.0, 8.0]
    readings = {"method": "inside", "I": currents, "U": [0.2, 0.4, 0.6, 0.8]}
    found = analysed("volt_ampere", readings).measurand("R")
    sxx = sum((i - 5) ** 2 for i in currents)
    of_volts, of_current = 0.015 / math.sqrt(3), 0.1 * 0.075 / math.sqrt(3)
    u = 1000 * math.hypot(of_volts, of_current) / math.sqrt(sxx)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-3)
