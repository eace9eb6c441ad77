"""The simple pendulum against a sample report of SJTU (tc-imba/VP141) and by hand."""

import pytest

from tests.functions.declared import analysed, sample


def test_one_length() -> None:
    """l = 1.215 m, ten periods of mean 2.21 s: g = 9.8209 m/s² (printed 9.82)."""
    g = analysed("pendulum", sample("pendulum-mean")).measurand("g")
    assert g.value == pytest.approx(9.820904, rel=1e-6)


def test_the_uncertainty_of_one_length_by_hand() -> None:
    """s(T̄) = 0.00919 s as printed; with Δ_T/√3 = 0.0057735 s and Δ_l/√3 = 0.288675 cm.

    The ball's diameter (its limit 0.02 mm) does not matter.
    """
    u_t = (0.009189366**2 + (0.01 / 3**0.5) ** 2) ** 0.5
    relative = ((2 * u_t / 2.21) ** 2 + (0.5 / 3**0.5 / 121.5) ** 2) ** 0.5
    g = analysed("pendulum", sample("pendulum-mean")).measurand("g")
    assert g.standard_uncertainty == pytest.approx(g.value * relative, rel=1e-4)


def test_the_line_of_several_lengths() -> None:
    """Slope 3.995775 s²/m with standard error 0.04459192, intercept -0.0087075 s²; g = 9.88."""
    result = analysed("pendulum", {**sample("pendulum"), "instrument": {"l": 1e-9, "t": 1e-9}})
    by_symbol = {p.symbol: p for p in result.fits[0].parameters}
    assert by_symbol["b"].value * 100 == pytest.approx(3.995775, rel=1e-6)
    assert by_symbol["b"].standard_uncertainty * 100 == pytest.approx(0.04459192, rel=1e-6)
    assert by_symbol["a"].value == pytest.approx(-0.0087075, abs=1e-7)
    assert by_symbol["a"].standard_uncertainty == pytest.approx(0.06237558, rel=1e-6)
    g = result.measurand("g")
    assert (g.value, g.standard_uncertainty) == pytest.approx((9.88004, 0.1102589), rel=1e-6)


def test_fifty_one_periods_are_named() -> None:
    """One length whose swings were miscounted stands off the line."""
    lengths = [40.0, 50.0, 60.0, 70.0, 80.0, 90.0]
    times = [63.46, 70.95, 77.72, 83.95, 89.75, 95.19]
    times[3] *= 51 / 50
    cautions = analysed("pendulum", {"method": "line", "l": lengths, "t": times}).warnings
    assert ("t", 3) in {(c.field, c.index) for c in cautions}
