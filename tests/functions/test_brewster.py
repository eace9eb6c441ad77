"""Brewster's angle against textbooks, and by hand."""

from math import cos, pi, radians

import pytest

from tests.functions.declared import analysed, sample


@pytest.mark.parametrize(("degrees", "index"), [(56 + 18 / 60, 1.50), (53 + 8 / 60, 4 / 3)])
def test_the_angles_of_textbooks(degrees: float, index: float) -> None:
    """Air to glass of 1.50: 56°18′; air to water of 4/3: 53°8′."""
    found = analysed("brewster", {"method": "angle", "i_r": [degrees]}).measurand("n")
    assert found.value == pytest.approx(index, abs=1e-3)


def test_the_uncertainty_by_hand() -> None:
    """Mean 56.4°, s = 0.418330°; u(n) = u(i)/cos² i with u(i) in radians."""
    found = analysed("brewster", sample("brewster"))
    u = (0.418330**2 / 5 + 0.5**2 / 3) ** 0.5
    assert found.measurand("i_B").value == pytest.approx(56.4)
    assert found.measurand("i_B").standard_uncertainty == pytest.approx(u, rel=1e-5)
    n = found.measurand("n")
    assert n.standard_uncertainty == pytest.approx(u * pi / 180 / cos(radians(56.4)) ** 2, rel=1e-5)


def test_both_sides_across_zero() -> None:
    """56.5 and 303.5 are 113° apart, so are 56 and 303: i_B = 56.5°.

    Two readings of Δ = 0.5° each, half of their difference.
    """
    found = analysed("brewster", sample("brewster-two-sides")).measurand("i_B")
    assert found.value == pytest.approx(56.5)
    one = {"method": "two-sides", "left": [56.5], "right": [303.5]}
    u = 0.5 * 2**0.5 / 2 / 3**0.5
    found = analysed("brewster", one).measurand("i_B")
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-6)
