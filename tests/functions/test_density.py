"""Densities against a public sheet (laonuo2004/BIT_Physics_experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_the_hollow_cylinder() -> None:
    """V = 12832.83 mm³, ρ = 2.77803e-3 g/mm³ there."""
    found = analysed("density", sample("density")).measurand("ρ")
    assert found.value == pytest.approx(2.77803, rel=2e-6)


def test_hydrostatic_weighing_and_its_uncertainty() -> None:
    """ρ = 0.9067081 g/cm³; each weighing ± 0.03 g: u by hand.

    ∂ρ/∂m₁ = ρ/m₁ = 0.082804, ∂ρ/∂m₂ = -∂ρ/∂m₃ = -ρ/12.06 = -0.075183 cm⁻³; u(m) = 0.03/√3 g.
    """
    found = analysed("density", sample("density-hydrostatic")).measurand("ρ")
    assert found.value == pytest.approx(0.9067081, rel=1e-6)
    u = 0.03 / 3**0.5 * (0.082804**2 + 2 * 0.075183**2) ** 0.5
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-4)
