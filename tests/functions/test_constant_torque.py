"""The constant torque against a published sheet, a simulation, and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_the_ring_of_a_published_sheet() -> None:
    """laonuo2004/BIT_Physics_experiments: 9.08495 and 2.31344e-3 kg·m² with g for g - r β.

    So here they are smaller by r β/g, 0.16 % and 0.62 %.
    """
    result = analysed("constant_torque", sample("constant-torque"))
    table = 2.313441e-3 * (1 - 0.025 * 2.4203483 / 9.8)
    both = 9.084954e-3 * (1 - 0.025 * 0.6133383 / 9.8)
    assert result.measurand("J₁").value == pytest.approx(table, rel=1e-6)
    body = result.measurand("J")
    assert body.value == pytest.approx(both - table, rel=1e-6)
    assert body.reference is not None
    assert body.reference.value == pytest.approx(6.27997e-3, rel=1e-6)


def test_times_of_a_simulated_table() -> None:
    """J₁ = 2.31e-3 kg·m², and the ring of that sheet, 6.279975e-3 kg·m²."""
    result = analysed("constant_torque", sample("constant-torque-times"))
    for symbol, truth in (("J₁", 2.31e-3), ("J", 6.279975e-3)):
        found = result.measurand(symbol)
        assert abs(found.value - truth) < found.standard_uncertainty


def test_the_uncertainty_by_hand() -> None:
    """20 g at 20 mm, 2.0 and -0.5 rad/s², then 0.8 and -0.2: each reading twice the same."""
    readings = {"method": "shown", "m": 20, "r": 20, "m_b": 500, "D": 200, "d": 0}
    shown = {"beta_1": [-0.5] * 2, "beta_2": [2] * 2, "beta_3": [-0.2] * 2, "beta_4": [0.8] * 2}
    result = analysed("constant_torque", readings | shown)
    table, body = result.measurand("J₁"), result.measurand("J")

    def inertia(m: float, r: float, slow: float, fast: float) -> float:
        return m * r * (9.8 - r * fast) / (fast - slow)

    def alone(m: float, r: float, *accelerations: float) -> float:
        return inertia(m, r, *accelerations[:2])

    def ring(m: float, r: float, *accelerations: float) -> float:
        return inertia(m, r, *accelerations[2:]) - inertia(m, r, *accelerations[:2])

    at, limits = (0.02, 0.02, -0.5, 2.0, -0.2, 0.8), (5e-4, 2e-5, 1e-3, 1e-3, 1e-3, 1e-3)
    for found, function in ((table, alone), (body, ring)):
        square = 0.0
        for i, limit in enumerate(limits):
            high = [one + (1e-6 if i == j else 0) for j, one in enumerate(at)]
            low = [one - (1e-6 if i == j else 0) for j, one in enumerate(at)]
            square += ((function(*high) - function(*low)) / 2e-6 * limit) ** 2 / 3
        assert found.value == pytest.approx(function(*at), rel=1e-9)
        assert found.standard_uncertainty == pytest.approx(square**0.5, rel=1e-5)


def test_times_by_hand() -> None:
    """Driven 2 rad/s² from 1 rad/s, slowed by 0.5 from 10; loaded 0.8 from 1 and 0.2 from 5."""
    readings = {"method": "times", "m": 20, "r": 20, "m_b": 500, "D": 200, "d": 0}
    for number, start, beta in ((1, 10, -0.5), (2, 1, 2), (3, 5, -0.2), (4, 1, 0.8)):
        readings[f"k_{number}"] = [1, 2, 3, 4]
        readings[f"t_{number}"] = [
            (-start + (start**2 + 2 * beta * k * math.pi) ** 0.5) / beta for k in (1, 2, 3, 4)
        ]
    result = analysed("constant_torque", readings)
    table, both = 4e-4 * (9.8 - 0.04) / 2.5, 4e-4 * (9.8 - 0.016) / 1.0
    assert result.measurand("J₁").value == pytest.approx(table, rel=1e-9)
    assert result.measurand("J").value == pytest.approx(both - table, rel=1e-9)


def test_bad_readings() -> None:
    given = sample("constant-torque")
    with pytest.raises(ReadingError):
        analysed("constant_torque", given | {"beta_1": given["beta_2"]})
    turned = analysed("constant_torque", given | {"r": 0.025})
    assert any("r" in one.message for one in turned.warnings)
