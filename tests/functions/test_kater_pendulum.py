"""Kater's pendulum against a public report (Dashu-Li/USTC-Physics-Experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_g() -> None:
    """9.809 m/s² printed, 9.808504 recomputed from the same readings."""
    found = analysed("kater_pendulum", sample("kater-pendulum")).measurand("g")
    assert found.value == pytest.approx(9.808504, rel=2e-6)


def test_the_uncertainty_is_that_of_the_length() -> None:
    """L = 75.1, 75.0, 75.1 cm: s/√3 = 0.0333 cm, Δ/√3 = 0.0289 cm, together 0.0441 cm.

    The scatter of the periods adds some 4 %, h₁ next to nothing: T₁ ≈ T₂.
    """
    exact = {**sample("kater-pendulum"), "instrument": {"t_1": 1e-6, "t_2": 1e-6}}
    found = analysed("kater_pendulum", exact).measurand("g")
    u = (0.033333**2 + 0.028868**2) ** 0.5 / 75.066667 * found.value
    assert found.standard_uncertainty == pytest.approx(u, rel=0.05)
