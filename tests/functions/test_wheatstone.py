"""The Wheatstone bridge against a public report (KillingVectorField/Physics-Experiments)."""

import math

import pytest

from tests.functions.declared import analysed, sample


def test_published_sensitivities_and_resistances() -> None:
    """S = 5.0e2 and 1.4e3 divisions, recomputed 504.308 and 1369.9; R = 360.5 Ω by exchange."""
    found = analysed("wheatstone", sample("wheatstone"))
    assert found.measurand("S").value == pytest.approx(504.308, abs=5e-4)
    assert found.measurand("R_x").value == pytest.approx(360.22)
    found = analysed("wheatstone", sample("wheatstone-exchange"))
    assert found.measurand("S").value == pytest.approx(1369.9, abs=0.05)
    assert found.measurand("R_x").value == pytest.approx(360.5)


def test_the_uncertainty_by_hand() -> None:
    """360.5 Ω: 0.3 + 0.06 + 0 + 0.01 + 0.02 Ω; half the relative limit of each of two settings."""
    found = analysed("wheatstone", sample("wheatstone-exchange")).measurand("R_x")
    delta = 300 * 0.001 + 60 * 0.001 + 0 * 0.005 + 0.5 * 0.02 + 0.02
    u = 360.5 * math.sqrt(2 * (delta / 360.5 / 2) ** 2 / 3)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-6)


def test_arms_by_hand() -> None:
    readings = {"method": "ratio", "R_0": [2000.0], "R_1": 100.0, "R_2": 1000.0, "dR": 2, "dn": 5}
    found = analysed("wheatstone", readings).measurand("R_x")
    parts = [2.02 / 2000, 0.12 / 100, 1.02 / 1000]
    assert found.value == pytest.approx(200)
    u = 200 * math.sqrt(sum(part**2 for part in parts) / 3)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-6)
