"""The ultrasonic grating against a published report, and by hand."""

import pytest

from tests.functions.declared import analysed, sample

SPACINGS = [2.027, 2.041, 2.000, 2.016]
"""Three orders apart in green light, in mm; 17tex.com/xueshu/483429: v = 1438.65 m/s."""


def test_the_published_speed() -> None:
    """The positions keep these spacings; f = 10.44 MHz, F = 170 mm."""
    given = sample("ultrasonic-grating")
    x = given["x"]
    spacings = [x[6] - x[3], x[5] - x[2], x[4] - x[1], x[3] - x[0]]
    assert spacings == pytest.approx(SPACINGS)
    found = analysed("ultrasonic_grating", given).measurand("v")
    assert found.value == pytest.approx(1438.65, abs=0.05)


def test_pure_water() -> None:
    """1482.38 and 1496.73 m/s at 20 and 25 °C: W. Marczak, J. Acoust. Soc. Am. 102, 2776 (1997)."""
    for degrees, speed in ((20, 1482.38), (25, 1496.73)):
        found = analysed("ultrasonic_grating", {**sample("ultrasonic-grating"), "t": degrees})
        reference = found.measurand("v").reference
        assert reference is not None
        assert reference.value == pytest.approx(speed, abs=0.2)


def test_the_uncertainty_by_hand() -> None:
    """λ = 600 nm, f = 10 MHz, F = 200 mm, Δx = 0.8 mm: v = 1500 m/s; only limits act.

    Of seven positions six make three differences of four steps: u(Δx) = 0.004/√3·√(2/3)/4 mm.
    """
    positions = {"k": [-3, -2, -1, 0, 1, 2, 3], "x": [0.8 * k for k in range(7)]}
    readings = {"lam": 600, "f": 10, "F": 200, "t": 25, **positions}
    found = analysed("ultrasonic_grating", readings).measurand("v")
    spacing = 0.004 * (2 / 3) ** 0.5 / 4 / 0.8
    relative = (spacing**2 + (0.02 / 10) ** 2 + (0.5 / 200) ** 2) ** 0.5 / 3**0.5
    assert found.value == pytest.approx(1500)
    assert found.standard_uncertainty == pytest.approx(1500 * relative, rel=1e-6)
