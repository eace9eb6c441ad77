"""The conductivity of a plate against a public report (wzk1015/PhysicsExperiment) and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample

EXACT = ("D_B", "h_B", "D_P", "h_P", "m", "t")


def test_rubber_of_a_report() -> None:
    """0.1873 W/(m·K) with 2.0932 µV/s; the line of the six readings about ε₂ has 1 % less.

    By R = D/2, as the formula is printed: m c k (R_P + 2h_P)/(2R_P + 2h_P) h_B/(π R_B² (ε₁ - ε₂)).
    """
    given = sample("thermal-conductivity-thermocouple")
    r_b, h_b, r_p, h_p = (0.129006667 / 2, 8.3866667e-3, 0.12888 / 2, 8.2466667e-3)
    middle = sum(given["t"]) / 6
    fall = sum((t - middle) * a for t, a in zip(given["t"], given["a"], strict=True))
    fall /= sum((t - middle) ** 2 for t in given["t"])
    geometry = (r_p + 2 * h_p) / (2 * r_p + 2 * h_p) * h_b / (math.pi * r_b**2)
    assert 0.91085 * 385 * 2.093205e-3 * geometry / 1.4 == pytest.approx(0.1872884, rel=1e-5)
    found = analysed("thermal_conductivity", given).measurand("λ")
    by_hand = 0.91085 * 385 * -fall * geometry / 1.4
    assert found.value == pytest.approx(by_hand, rel=1e-3)
    assert found.value == pytest.approx(0.1872884, rel=0.02)


def test_the_uncertainty_of_temperatures_by_hand() -> None:
    """On a line of -0.04 °C/s: u(k) = 0.1/√3/√(Σ(t - 45)²), and θ₁, θ₂; nothing else acts."""
    readings = {
        **{"method": "temperature", "D_B": [130.0], "h_B": [8.0], "D_P": [130.0], "h_P": [8.0]},
        **{"m": 1000.0, "theta_1": 75.0, "theta_2": 50.0},
        **{"t": [0, 30, 60, 90], "a": [51.8, 50.6, 49.4, 48.2]},
        "instrument": dict.fromkeys(EXACT, 1e-9),
    }
    found = analysed("thermal_conductivity", readings).measurand("λ")
    share = (130 + 32) / (260 + 32)
    value = 1 * 385 * 0.04 * share * 0.008 / (math.pi * 0.065**2 * 25)
    assert found.value == pytest.approx(value, rel=1e-6)
    parts = [0.1 / 4500**0.5 / 0.04, 0.1 / 25, 0.1 / 25]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(value * relative, rel=1e-5)


def test_the_uncertainty_of_lengths_by_hand() -> None:
    """D_B enters as its square, h_P by the share (D + 4h)/(2D + 4h) alone, D_P likewise."""
    readings = {
        **{"method": "temperature", "D_B": [130.0], "h_B": [8.0], "D_P": [130.0], "h_P": [8.0]},
        **{"m": 1000.0, "theta_1": 75.0, "theta_2": 50.0},
        **{"t": [0, 30, 60, 90], "a": [51.8, 50.6, 49.4, 48.2]},
        "instrument": dict.fromkeys(("m", "t", "a", "theta_1", "theta_2"), 1e-9),
    }
    found = analysed("thermal_conductivity", readings).measurand("λ")
    by_h = 4 / 162 - 4 / 292
    by_d = 1 / 162 - 2 / 292
    parts = [2 * 0.02 / 130, 0.02 / 8, 0.02 * by_h, 0.02 * by_d]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-4)


def test_no_difference_of_temperature() -> None:
    readings = sample("thermal-conductivity") | {"theta_2": 75.0}
    with pytest.raises(ReadingError, match="除数为零"):
        analysed("thermal_conductivity", readings)
