"""The specific charge: exact circles, and a diameter taken for a radius."""

import math

import pytest

from tests.functions.declared import analysed, sample

RATIO = 1.75882e11
COILS = 0.8**1.5 * 4e-7 * math.pi * 130 / 0.158
"""T/A in the middle of the coils."""


def circles() -> tuple[list[float], list[float], list[float]]:
    """Voltages in V, currents in A and diameters in cm of exact circles."""
    volts = [100.0, 120.0, 140.0, 160.0, 180.0]
    amperes = [1.5, 1.5, 1.5, 1.5, 1.5]
    radii = [math.sqrt(2 * u / RATIO) / (COILS * i) for u, i in zip(volts, amperes, strict=True)]
    return volts, amperes, [200 * r for r in radii]


def test_exact_circles() -> None:
    volts, amperes, diameters = circles()
    readings = {"R_c": 158.0, "U": volts, "I": amperes, "D": diameters}
    found = analysed("charge_mass_ratio", readings).measurand("e/m")
    assert found.value == pytest.approx(RATIO, rel=1e-6)


def test_the_uncertainty_of_the_radius_by_hand() -> None:
    """With meters of no error only R counts, twice its relative limit."""
    volts, amperes, diameters = circles()
    readings = {"R_c": 158.0, "U": volts, "I": amperes, "D": diameters}
    limits = {"U": 1e-6, "I": 1e-9, "D": 1e-9, "R_c": 1.0}
    found = analysed("charge_mass_ratio", {**readings, "instrument": limits}).measurand("e/m")
    u = RATIO * 2 * 1 / 158 / math.sqrt(3)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-3)


def test_radii_in_the_place_of_diameters_are_named() -> None:
    volts, amperes, diameters = circles()
    readings = {"R_c": 158.0, "U": volts, "I": amperes, "D": [d / 2 for d in diameters]}
    found = analysed("charge_mass_ratio", readings)
    assert found.measurand("e/m").value == pytest.approx(4 * RATIO, rel=1e-6)
    assert any("直径还是半径" in warning.message for warning in found.warnings)


def test_the_sample_agrees_with_the_constant() -> None:
    found = analysed("charge_mass_ratio", sample("charge-mass-ratio")).measurand("e/m")
    assert abs(found.value - RATIO) < found.expanded_uncertainty
