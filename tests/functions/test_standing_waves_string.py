"""Standing waves on a string against a public report, and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_the_exponent_of_a_published_report() -> None:
    """YiDingg/UCAS-BasicPhysicsExperiment: 0.4934, with 0.0040 of the scatter alone."""
    s = analysed("standing_waves_string", sample("standing-waves-string-exponent")).measurand("s")
    assert s.value == pytest.approx(0.4934, abs=1e-4)
    assert s.standard_uncertainty == pytest.approx(0.0041, abs=2e-4)


def test_the_loops_of_that_report() -> None:
    """v = 36.928 m/s by 4.9938 N and 3.662 g/m; 38.33 and 116.4 Hz, two loops apart."""
    v = analysed("standing_waves_string", sample("standing-waves-string")).measurand("v")
    assert v.value == pytest.approx(0.96 * (116.4 - 38.33) / 2, rel=1e-9)
    assert v.reference is not None
    assert v.reference.value == pytest.approx(36.9282, abs=2e-4)


def test_loops_by_hand() -> None:
    """20, 40, 60 Hz on half a metre: 20 m/s; Σ(n - 2)² = 2."""
    readings = {"method": "loops", "T": 0.4, "mu": 1, "L": 50, "n": [1, 2, 3], "f": [20, 40, 60]}
    v = analysed("standing_waves_string", readings).measurand("v")
    relative = (((0.1 / 20) ** 2 / 2 + (0.1 / 50) ** 2) / 3) ** 0.5
    assert v.value == pytest.approx(20, rel=1e-12)
    assert v.standard_uncertainty == pytest.approx(20 * relative, rel=1e-9)
    assert v.reference is not None
    assert v.reference.value == pytest.approx(20, rel=1e-12)


def test_lengths_by_hand() -> None:
    """10, 20, 30 cm at 100 Hz: again 20 m/s."""
    readings = {"method": "lengths", "T": 0.4, "mu": 1, "f": 100, "n": [1, 2, 3], "L": [10, 20, 30]}
    v = analysed("standing_waves_string", readings).measurand("v")
    relative = (((0.1 / 10) ** 2 / 2 + (0.1 / 100) ** 2) / 3) ** 0.5
    assert v.value == pytest.approx(20, rel=1e-12)
    assert v.standard_uncertainty == pytest.approx(20 * relative, rel=1e-9)


def test_tensions_by_hand() -> None:
    """f² = 400 Hz²/N·T, here of two loops, on half a metre: 2.5 g/m; only the length matters."""
    readings = {"method": "tension", "L": 50, "mu_w": 2.5, "T": [1, 4, 9], "n": [2, 2, 2]}
    exact = {"f": [40, 80, 120], "instrument": {"T": 1e-9, "f": 1e-9}}
    mu = analysed("standing_waves_string", readings | exact).measurand("μ")
    assert mu.value == pytest.approx(2.5, rel=1e-9)
    assert mu.standard_uncertainty == pytest.approx(2.5 * 2 * 0.1 / 50 / 3**0.5, rel=1e-5)


def test_the_exponent_by_hand() -> None:
    """f = 20 Hz √T at 1, e², e⁴ N: ln T = 0, 2, 4; each f wrong by 0.1 Hz at most."""
    tensions = [1, math.exp(2), math.exp(4)]
    readings = {"method": "exponent", "T": tensions, "f": [20 * t**0.5 for t in tensions]}
    found = analysed("standing_waves_string", readings | {"instrument": {"T": 1e-9}})
    s = found.measurand("s")
    ends = [0.1 / 20, 0.1 / (20 * math.exp(2))]
    assert s.value == pytest.approx(0.5, rel=1e-9)
    # an even limit over the line, the root mean square of the three
    mean_square = (sum(one**2 for one in ends) + (0.1 / (20 * math.e)) ** 2) / 3
    assert s.standard_uncertainty == pytest.approx((mean_square / 3 / 8) ** 0.5, rel=1e-4)


def test_simulated_strings() -> None:
    """0.98 g/m, and √(0.979/0.98e-3) = 31.607 m/s."""
    mu = analysed("standing_waves_string", sample("standing-waves-string-tension")).measurand("μ")
    v = analysed("standing_waves_string", sample("standing-waves-string-lengths")).measurand("v")
    for found, truth in ((mu, 0.98), (v, 31.607)):
        assert abs(found.value - truth) < 2 * found.standard_uncertainty


def test_bad_readings() -> None:
    given = sample("standing-waves-string")
    with pytest.raises(ReadingError):
        analysed("standing_waves_string", given | {"n": [2, 2, 2]})
    grams = analysed("standing_waves_string", given | {"T": 4993.8})
    assert any("T" in one.message for one in grams.warnings)
