"""The mechanical equivalent of heat by hand, and of a public report."""

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample

CALORIE = 4.184
"""Joules that units of the bundle have for a calorie; it cancels where c is given in calories."""


def test_the_work_of_a_current_by_hand() -> None:
    """10 V, 2 A, 600 s; 200 g of water, 100 g of copper, 14 °C: 12 000 J/(209.2·14 cal)."""
    readings = {
        **{"method": "work", "m": 200.0, "m_1": 100.0, "U": [10.0], "I": [2.0], "t": 600.0},
        **{"theta_1": 18.0, "theta_2": 31.5, "d": 0.5},
    }
    found = analysed("joule_equivalent", readings).measurand("J")
    assert found.value == pytest.approx(12000 / (209.2 * 14), rel=1e-9)
    parts = [
        *(0.075 / 10, 0.01 / 2, 0.5 / 600, 0.1 / 14, 0.1 / 14),
        *(0.05 * 1 / 209.2, 0.05 * 0.092 / 209.2),
    ]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-6)


def test_the_rise_of_a_report() -> None:
    """wzk1015/PhysicsExperiment: 40.2 V at 203.8 Ω, 720.9 J/K in all; J is 1.22 J per joule there.

    Its regression over all readings gives 0.009035 K/s at 22.13 °C, and so 1.2175; the line of
    nine readings about that temperature is by hand, 1.28.
    """
    given = sample("joule-equivalent-rise")
    times = [60 * t for t in given["t"]]
    middle = sum(times) / 9
    rise = sum((t - middle) * a for t, a in zip(times, given["a"], strict=True))
    rise /= sum((t - middle) ** 2 for t in times)
    heat = 143.72 * 0.999 + 143.32 * 0.093 + 15.39
    assert heat * CALORIE == pytest.approx(720.9, abs=0.2)
    found = analysed("joule_equivalent", given).measurand("J")
    assert found.value == pytest.approx(40.2**2 / 203.8 / heat / rise, rel=1e-3)
    assert found.value / CALORIE == pytest.approx(1.2175, rel=0.07)


def test_the_uncertainty_of_a_rise() -> None:
    """On a line of 1 °C/min with limits of θ alone: u(k) = 0.1/√3/√(Σ(t - 2)²)."""
    readings = {
        **{"method": "rise", "m": 200.0, "m_1": 100.0, "U": [10.0], "R": 5.0},
        **{"t": [0, 1, 2, 3, 4], "a": [18.0, 19.0, 20.0, 21.0, 22.0]},
        "instrument": dict.fromkeys(("U", "R", "m", "m_1", "t"), 1e-9),
    }
    found = analysed("joule_equivalent", readings).measurand("J")
    assert found.value == pytest.approx(20 * 60 / 209.2, rel=1e-6)
    assert found.standard_uncertainty == pytest.approx(
        found.value * 0.1 / 3**0.5 / 10**0.5, rel=1e-5
    )


def test_no_rise() -> None:
    readings = sample("joule-equivalent") | {"theta_2": 15.2, "d": 0.0}
    with pytest.raises(ReadingError, match="除数为零"):
        analysed("joule_equivalent", readings)
