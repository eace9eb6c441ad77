"""Fresnel's biprism against published readings, and by hand."""

import pytest

from tests.functions.declared import analysed, sample


def test_the_wavelength_of_sodium() -> None:
    """buaase/Phylab-Web, P1082: λ = (5.9 ± 0.1)×10² nm, unrounded 594.2371 nm.

    S = 144 - 113.8 cm and S′ = 144 - 77.9 cm: S + S′ = 96.3 cm.
    """
    found = analysed("biprism", sample("biprism")).measurand("λ")
    assert found.value == pytest.approx(594.2371, rel=1e-6)


def test_the_uncertainty_by_hand() -> None:
    """d₁ = 4, d₂ = 1 mm, d = 2 mm, Δx = 0.3 mm, D = 1 m: λ = 600 nm; only limits act.

    u(d₁) = u(d₂) = 0.005 √2/√3 mm, half of each relative one; two differences at distance 2.
    """
    images = {"a_1": [0], "a_2": [4], "b_1": [1], "b_2": [2]}
    fringes = {"k": [0, 1, 2, 3], "x": [0, 0.3, 0.6, 0.9]}
    found = analysed("biprism", {"D": 100, **images, **fringes}).measurand("λ")
    sources = 0.005 * 2**0.5 / 2 * (1 / 4**2 + 1) ** 0.5
    relative = (sources**2 + (0.005 / 2 / 0.3) ** 2 + 0.005**2) ** 0.5 / 3**0.5
    assert found.value == pytest.approx(600)
    assert found.standard_uncertainty == pytest.approx(600 * relative, rel=1e-6)
