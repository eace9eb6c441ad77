"""The double bridge against a public report (Dashu-Li/USTC-Physics-Experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_two_rods() -> None:
    """ρ = 7.781952e-8 Ω·m of the yellow rod, 3.605386e-8 of the other."""
    given = sample("kelvin-bridge")
    found = analysed("kelvin_bridge", given).measurand("ρ")
    assert found.value == pytest.approx(7.781952e-8, rel=1e-6)
    other = {
        **given,
        "up": [554.42, 551.2, 551.53],
        "down": [556.6, 557.37, 556.2],
        "d_r": [4.974, 4.98, 4.978],
    }
    found = analysed("kelvin_bridge", other).measurand("ρ")
    assert found.value == pytest.approx(3.605386e-8, rel=1e-6)


def test_the_uncertainty_by_hand() -> None:
    """No scatter: u/ρ of R (0.36/√3 each way, half of each), d twice and L."""
    readings = {
        **{"up": [1000.0, 1000.0], "down": [1000.0, 1000.0], "d_r": [5.0, 5.0], "L": 30.0},
    }
    found = analysed("kelvin_bridge", readings).measurand("ρ")
    parts = [0.36 / 1000 / 2, 0.36 / 1000 / 2, 2 * 0.004 / 5, 0.05 / 30]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-6)
