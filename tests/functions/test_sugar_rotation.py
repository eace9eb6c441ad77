"""Optical rotation against a published sheet, and by hand."""

import pytest

from tests.functions.declared import analysed, sample, typed


def test_the_published_concentration() -> None:
    """mengkl/Data-Processing-of-College-Physics-Experiments-in-whut: c_x = 0.02532 g/cm³.

    The line of the same sheet is φ = 52 c + 0.35833.
    """
    tight = {"instrument": {"c": 1e-9, "phi": 1e-9}}
    found = analysed("sugar_rotation", {**sample("sugar-rotation-concentration"), **tight})
    line = {one.symbol: one.value for one in found.fits[0].parameters}
    assert line["b"] == pytest.approx(52.0, rel=1e-5)
    assert line["a"] == pytest.approx(0.35833, rel=1e-4)
    assert typed(found.measurand("c_x").value, 4) == 0.02532


def test_the_specific_rotation_by_hand() -> None:
    """φ = 66.5 c l exactly with l = 2 dm: only limits act, Σ(c - c̄)² = 0.002 (g/cm³)².

    u(b) = √(0.05² + (133·0.0005)²)/√3/√0.002, u(l)/l = 0.02/√3/20.
    """
    c = [0.02, 0.04, 0.06, 0.08]
    readings = {"method": "specific", "l": 20, "c": c, "phi": [133 * x for x in c]}
    found = analysed("sugar_rotation", readings).measurand("α")
    slope = (0.05**2 + (133 * 0.0005) ** 2) ** 0.5 / 0.002**0.5 / 133
    assert found.value == pytest.approx(66.5)
    relative = (slope**2 + (0.02 / 20) ** 2) ** 0.5 / 3**0.5
    assert found.standard_uncertainty == pytest.approx(66.5 * relative, rel=1e-5)


def test_the_uncertainty_of_a_concentration_by_hand() -> None:
    """On the line, at its middle: u(c_x) = √(u²(φ̄) + u²(φ_x))/b, the slope does not matter.

    c exact, φ = 100 c, φ_x = 5° at c̄ = 0.05: u(φ) = 0.05/√3, u(φ̄) a half of it.
    """
    c = [0.02, 0.04, 0.06, 0.08]
    readings = {"method": "concentration", "c": c, "phi": [2, 4, 6, 8], "phi_x": [5]}
    tight = {"instrument": {"c": 1e-12}}
    found = analysed("sugar_rotation", {**readings, **tight}).measurand("c_x")
    assert found.value == pytest.approx(0.05)
    u = 0.05 / 3**0.5 * (1 + 1 / 4) ** 0.5 / 100
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-5)
