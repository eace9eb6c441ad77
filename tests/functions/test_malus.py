"""The law of Malus against the line of a public report, and by hand."""

import pytest

from tests.functions.declared import analysed, sample


def test_the_line_of_a_report() -> None:
    """tc-imba/VP241, e4, I₀ = 6.852 μA: I/I₀ over cos²θ has slope 0.9931805 ± 0.0025480.

    Intercept -0.0074131 ± 0.0015740; by least squares elsewhere, without limits of error.
    """
    readings = {**sample("malus"), "instrument": {"theta": 1e-9, "I": 1e-9}}
    found = analysed("malus", readings)
    highest, dark = found.measurand("I₀"), found.measurand("I_d")
    assert highest.value / 6.852 == pytest.approx(0.9931805, rel=1e-6)
    assert highest.standard_uncertainty / 6.852 == pytest.approx(0.002548036, rel=1e-5)
    assert dark.value / 6.852 == pytest.approx(-0.007413067, rel=1e-6)
    assert dark.standard_uncertainty / 6.852 == pytest.approx(0.001573975, rel=1e-5)


def test_the_uncertainty_by_hand() -> None:
    """θ = 0, 45°, 90° and 45° again on a line: I₀ = 8 μA, only u(I) = 0.01/√3 μA acts.

    cos²θ = 1, ½, 0, ½: Σ(c - ½)² = ½, so u(b) = u(I)·√2.
    """
    readings = {"theta": [0, 45, 90, 45], "I": [10, 6, 2, 6], "instrument": {"theta": 1e-9}}
    found = analysed("malus", readings)
    assert found.measurand("I₀").value == pytest.approx(8)
    u = 0.01 * (2 / 3) ** 0.5
    assert found.measurand("I₀").standard_uncertainty == pytest.approx(u, rel=1e-5)
