"""The speed of light against a published report, and by hand."""

import pytest

from tests.functions.declared import analysed, sample, typed

TIGHT = {"x": 1e-9, "f": 1e-9}


def test_equal_distances() -> None:
    """jinchutou.com/p-47353335: 2x over t has slope 135.74 cm/μs, c = 2.9868×10⁸ m/s as printed.

    f = 100 MHz and f′ = 454.449 kHz; their last digit is 1 low.
    """
    readings = {**sample("speed-of-light"), "instrument": {"t": 1e-9, "f_d": 1e-9, **TIGHT}}
    found = analysed("speed_of_light", readings)
    line = {one.symbol: one.value for one in found.fits[0].parameters}
    assert typed(2 * line["b"], 5) == 135.74
    assert found.measurand("c").value == pytest.approx(2.9868e8, rel=1e-4)


def test_equal_phases() -> None:
    """The same report: 134.21 cm/μs; here over the phase, one degree is 1/(360 f′)."""
    readings = {**sample("speed-of-light-phase"), "instrument": {"phi": 1e-9, **TIGHT}}
    found = analysed("speed_of_light", readings)
    assert found.measurand("c").value == pytest.approx(134.21e4 * 1e8 / 454.449e3, rel=5e-5)


def test_the_uncertainty_by_hand() -> None:
    """x = 0, 50, 100 cm for φ = 0, 120, 240°: 2·1.5 m are a period, c = 3×10⁸ m/s at 100 MHz.

    b = 5/12 cm/°; Σ(φ - φ̄)² = 28800: u(b) = √((0.5 b)² + 0.05²)/√3/√28800.
    """
    readings = {"method": "phase", "f": 100, "phi": [0, 120, 240], "x": [0, 50, 100]}
    found = analysed("speed_of_light", readings).measurand("c")
    b = 5 / 12
    slope = ((0.5 * b) ** 2 + 0.05**2) ** 0.5 / 28800**0.5 / b
    relative = (slope**2 + 1e-4**2) ** 0.5 / 3**0.5
    assert found.value == pytest.approx(3e8)
    assert found.standard_uncertainty == pytest.approx(3e8 * relative, rel=1e-4)


def test_the_uncertainty_of_a_beat_by_hand() -> None:
    """x = 0, 50, 100 cm for t = 0, 1, 2 μs: b = 50 cm/μs, f/f′ = 300: c = 3×10⁸ m/s."""
    readings = {"f": 300, "f_d": 1000, "t": [0, 1, 2], "x": [0, 50, 100]}
    found = analysed("speed_of_light", {"method": "beat", **readings}).measurand("c")
    slope = ((0.005 * 50) ** 2 + 0.05**2) ** 0.5 / 2**0.5 / 50
    relative = (slope**2 + (0.01 / 300) ** 2 + 1e-4**2) ** 0.5 / 3**0.5
    assert found.value == pytest.approx(3e8)
    assert found.standard_uncertainty == pytest.approx(3e8 * relative, rel=1e-4)
