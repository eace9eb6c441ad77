"""Specific heats by hand, and of a liquid against a public report."""

import math
import statistics

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_mixtures_by_hand() -> None:
    """100 g of water and 100 g of copper, 20 to 25 °C; 200 g of a solid, 95 to 25 °C.

    K = 418.6 + 38.5 = 457.1 J/K; c_x = 457.1·5/(0.2·70) = 163.25 J/(kg·K).
    """
    readings = {
        **{"method": "mixture", "m_x": 200.0, "theta_x": 95.0, "m": 100.0, "m_1": 100.0},
        **{"theta_1": 20.0, "theta_2": 25.0},
    }
    found = analysed("specific_heat", readings).measurand("c_x")
    assert found.value == pytest.approx(163.25, rel=1e-9)
    parts = [
        *(0.1 / 5, 0.1 * (1 / 5 + 1 / 70), 0.2 / 70, 0.05 / 200),
        *(5e-5 * 4186 / 457.1, 5e-5 * 385 / 457.1),
    ]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(163.25 * relative, rel=1e-6)
    assert found.reference is not None
    assert found.reference.value == 388


def test_a_metal_by_hand() -> None:
    """c₂ = 393·9.65·t₂/(8.42·t₁) of the means, with the scatter of both."""
    given = sample("specific-heat-metal")
    first, second = (statistics.mean(given[name]) for name in ("t_1", "t_2"))
    found = analysed("specific_heat", given).measurand("c₂")
    assert found.value == pytest.approx(393 * 9.65 * second / (8.42 * first), rel=1e-9)
    by_a = [
        statistics.stdev(given[name]) / 5**0.5 / middle
        for name, middle in (("t_1", first), ("t_2", second))
    ]
    by_b = [0.2 / 3**0.5 / first, 0.2 / 3**0.5 / second, 0.02 / 3**0.5 / 9.65]
    parts = [*by_a, *by_b, 0.02 / 3**0.5 / 8.42]
    relative = sum(part**2 for part in parts) ** 0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-6)


def test_brine_of_a_report() -> None:
    """GeorgeDong32/My-Physics-Experiments: slopes -0.07122 and -0.05856 per minute, 5.3226 J/(g·K).

    Above that of water, as there: one reading is off, and the cup has half of the heat.  Its
    logarithms were made into temperatures and rounded.
    """
    given = sample("specific-heat-liquid")
    found = analysed("specific_heat", given).measurand("c₂")
    assert found.value == pytest.approx(5322.649, rel=2e-3)


def test_the_uncertainty_of_a_liquid() -> None:
    """Both cool exactly: u(y) = Δ/√3/(θ - θ₀), u(S) = √Σ(t - 4)² u(y)²/Σ(t - 4)².

    With a cup of no heat c₂ = c₁ m₁ S₁/(m₂ S₂), S₂ = 0.9 S₁.
    """
    times = [0.0, 2.0, 4.0, 6.0, 8.0]
    warm = [[20 + 30 * math.exp(-rate * t) for t in times] for rate in (0.1, 0.09)]
    readings = {
        **{"method": "liquid", "m_1": 100.0, "m_2": 100.0, "C_0": 0.0, "c_1": 4186},
        **{"t": times, "a": warm[0], "s": times, "b": warm[1]},
        "instrument": {"m_1": 1e-9, "m_2": 1e-9},
    }
    squares = 0.0
    for rate, curve in zip((0.1, 0.09), warm, strict=True):
        each = [(t - 4) * 0.1 / 3**0.5 / (one - 20) for t, one in zip(times, curve, strict=True)]
        squares += sum(part**2 for part in each) / 40**2 / rate**2
    found = analysed("specific_heat", readings).measurand("c₂")
    assert found.value == pytest.approx(4186 / 0.9, rel=1e-9)
    assert found.standard_uncertainty == pytest.approx(found.value * squares**0.5, rel=1e-5)


def test_cooling_to_the_room() -> None:
    readings = sample("specific-heat-liquid") | {"theta_0": 40.0}
    with pytest.raises(ReadingError):
        analysed("specific_heat", readings)
