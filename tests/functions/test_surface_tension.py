"""Surface tension against published sets and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_the_example_of_a_force_sensor() -> None:
    """Its makers print K = 2.85 V/N and, of four films, 0.0762 0.0755 0.0755 0.0759 N/m.

    σ = 45.95 mV/(π K 67.68 mm) with the K of the line.
    """
    given = sample("surface-tension")
    forces = [m * 9.794 for m in given["m"]]
    middle = sum(forces) / 6
    k = sum((f - middle) * u for f, u in zip(forces, given["U"], strict=True))
    k /= sum((f - middle) ** 2 for f in forces)
    assert k == pytest.approx(2.85, abs=0.01)
    found = analysed("surface_tension", given).measurand("σ")
    assert found.value == pytest.approx(45.95 / (math.pi * k * 67.68e-3), rel=1e-4)
    assert found.value == pytest.approx(75.8, abs=0.3)


def test_the_frame_of_a_report() -> None:
    """CongJyu/College-Physics-Experiments: 0.6384 cm a load of 0.5 g, and so 65.829 mN/m."""
    found = analysed("surface_tension", sample("surface-tension-frame")).measurand("σ")
    assert found.value == pytest.approx(65.82915, rel=1e-3)


def test_the_ring_by_hand() -> None:
    """1 cm/g is 9.8 mN/cm, so 14.7 mN at 1.5 cm, along 2π d of a ring of 33.4 mm.

    u(s) = 0.02/√3/√5 of 1 cm/g; l and l₀ have 0.02/√3 of 1.5 cm, d 0.02/√3 of 33.4 mm.
    """
    readings = {
        **{"method": "ring", "theta": 20.0, "m": [0, 1, 2, 3], "x": [1.0, 2.0, 3.0, 4.0]},
        **{"l_0": 2.0, "l": [3.5, 3.5, 3.5], "d": [33.4]},
        "instrument": {"m": 1e-9},
    }
    found = analysed("surface_tension", readings).measurand("σ")
    value = 0.0147 / (2 * math.pi * 0.0334) * 1000
    assert found.value == pytest.approx(value, rel=1e-6)
    parts = [0.02 / 5**0.5, 0.02 / 1.5, 0.02 / 1.5, 0.02 / 33.4]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(value * relative, rel=1e-5)


def test_the_sensor_by_hand() -> None:
    """K = 3 V/N of 29.4 mV/g; 45 mV; limits of ΔU, K (F of 9.8 mN steps) and D₁ + D₂."""
    readings = {
        **{"method": "sensor", "theta": 20.0, "D_1": [35.0], "D_2": [33.0]},
        **{"m": [0, 1, 2, 3], "U": [0.0, 29.4, 58.8, 88.2]},
        **{"U_1": [65.0, 66.0, 67.0], "U_2": [20.0, 21.0, 22.0], "instrument": {"m": 1e-9}},
    }
    found = analysed("surface_tension", readings).measurand("σ")
    value = 45 / (math.pi * 3 * 0.068)
    assert found.value == pytest.approx(value, rel=1e-6)
    parts = [0.1 / 45, 0.1 / 45, 0.1 / 5**0.5 / 29.4, 0.02 / 68, 0.02 / 68]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(value * relative, rel=1e-5)


@pytest.mark.parametrize(("theta", "table"), [(20.0, 72.74), (25.0, 71.97), (14.4, 73.6)])
def test_water(theta: float, table: float) -> None:
    """IAPWS: 72.74 at 20 °C, 71.97 at 25 °C; 73.6 at 14.4 °C in the makers' table."""
    readings = sample("surface-tension") | {"theta": theta}
    reference = analysed("surface_tension", readings).measurand("σ").reference
    assert reference is not None
    assert reference.value == pytest.approx(table, abs=0.05)


def test_no_film() -> None:
    readings = sample("surface-tension") | {"U_2": [1.0, 2.0]}
    with pytest.raises(ReadingError, match="一样多"):
        analysed("surface_tension", readings)
