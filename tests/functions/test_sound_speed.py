"""The speed of sound against a public report (KillingVectorField/Physics-Experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_standing_waves() -> None:
    """Mean of the distances six maxima apart over 3: λ = 8.5977 mm printed, v = 345.72 m/s."""
    given = sample("sound-speed")
    third = [(b - a) / 3 for a, b in zip(given["x"][:6], given["x"][6:], strict=True)]
    v = analysed("sound_speed", given).measurand("v")
    assert v.value == pytest.approx(40.2 * sum(third) / 6, rel=1e-9)
    mean = sum(third) / 6
    u_a = (sum((one - mean) ** 2 for one in third) / 30) ** 0.5
    u_b = 0.02 * (2 / 18) ** 0.5 / 3
    relative = ((u_a**2 + u_b**2) / mean**2 + (0.01 / 3**0.5 / 40.2) ** 2) ** 0.5
    assert v.standard_uncertainty == pytest.approx(v.value * relative, rel=1e-6)


def test_equal_phases() -> None:
    """λ = 8.597 mm printed from both directions; outwards alone it is 8.5952 mm."""
    given = sample("sound-speed-phase")
    sixth = [(b - a) / 6 for a, b in zip(given["x"][:6], given["x"][6:], strict=True)]
    v = analysed("sound_speed", given).measurand("v")
    assert v.value == pytest.approx(40.2 * sum(sixth) / 6, rel=1e-9)
    assert v.value == pytest.approx(345.6, abs=0.2)


def test_the_value_for_dry_air() -> None:
    """331.45 √(1 + 17.8/273.15) = 342.08 m/s."""
    reference = analysed("sound_speed", sample("sound-speed")).measurand("v").reference
    assert reference is not None
    assert reference.value == pytest.approx(342.08, abs=0.01)


def test_time_of_flight() -> None:
    """feixukeji/PhyX exp9c, brass: 25.978, 21.990, 17.998 cm in 101, 90, 82 µs; v = 4165 m/s."""
    readings = {
        "method": "flight",
        "t": 20,
        "l": [259.78, 219.90, 179.98],
        "tau": [101.0, 90.0, 82.0],
    }
    v = analysed("sound_speed", readings).measurand("v")
    slope = (101 * 39.896667 + 90 * 0.016667 - 82 * 39.913333) / (
        39.893333**2 + 0.013333**2 + 39.906667**2
    )
    assert v.value == pytest.approx(1000 / slope, rel=2e-3)
