"""Electron spin resonance against a public report (KillingVectorField/Physics-Experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_g_of_dpph() -> None:
    """f = 9014 MHz, B = 3230 Gs: g = 1.993901, γ = 1.753456e11 there; by hand u/g.

    u(B)/B = 1/√3/323, u(f)/f = 1/√3/9014.
    """
    result = analysed("electron_spin_resonance", sample("electron-spin-resonance"))
    g = result.measurand("g")
    assert g.value == pytest.approx(1.993901, rel=1e-5)
    assert result.measurand("γ").value == pytest.approx(1.753456e11, rel=1e-5)
    relative = ((1 / 323) ** 2 + (1 / 9014) ** 2) ** 0.5 / 3**0.5
    assert g.standard_uncertainty == pytest.approx(g.value * relative, rel=1e-6)
