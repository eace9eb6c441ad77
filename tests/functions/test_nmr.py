"""NMR against a public report (cmwalker2048/USTC-Phy-Experiments-Reports)."""

import pytest

from tests.functions.declared import analysed, sample


def test_hydrogen() -> None:
    """γ = 2.667246e8 rad/(T·s), g = 5.569042 there."""
    result = analysed("nmr", sample("nmr"))
    assert result.measurand("γ").value == pytest.approx(2.667246e8, rel=1e-6)
    assert result.measurand("g").value == pytest.approx(5.569042, rel=1e-6)


def test_fluorine() -> None:
    """g = 5.239086 there for ¹⁹F."""
    f = [23.16285, 23.16311, 23.16213, 23.1622, 23.1621, 23.16286]
    found = analysed("nmr", {"B": 0.58, "f": f}).measurand("g")
    assert found.value == pytest.approx(5.239086, rel=1e-6)


def test_the_field_makes_the_uncertainty() -> None:
    """0.005/√3 T of 0.58 T: 0.49771 %."""
    found = analysed("nmr", sample("nmr")).measurand("g")
    assert found.standard_uncertainty == pytest.approx(found.value * 0.0049771, rel=1e-3)
