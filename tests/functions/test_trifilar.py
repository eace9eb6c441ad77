"""The trifilar pendulum against a public script (CongJyu/College-Physics-Experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_plate_and_ring() -> None:
    """J₀ = 6.693372×10⁻⁴ kg·m², ring 9.377044×10⁻⁴, by its diameters 8.945035×10⁻⁴."""
    result = analysed("trifilar", sample("trifilar"))
    assert result.measurand("J₀").value == pytest.approx(6.693372e-4, rel=1e-6)
    ring = result.measurand("J")
    assert ring.value == pytest.approx(9.377044e-4, rel=1e-6)
    assert ring.reference is not None
    assert ring.reference.value == pytest.approx(8.945035e-4, rel=1e-6)


def test_the_uncertainty_of_the_plate_by_hand() -> None:
    """Limits alone (times without scatter); m₀ 0.5 of 400 g, R, r 0.02 of 5 cm, H 0.1 of 50 cm.

    T₀ = 1 s from 50 s ± 0.2 s: u/T = 0.2/50/√3, twice in J.
    """
    readings = {
        **{"m_0": 400, "m": 300, "R": 5, "r": 5, "H": 50, "D_1": 10, "D_2": 8},
        **{"t_0": [50.0, 50.0, 50.0], "t_1": [60.0, 60.0, 60.0]},
    }
    plate = analysed("trifilar", readings).measurand("J₀")
    parts = [0.5 / 400, 0.02 / 5, 0.02 / 5, 0.1 / 50, 2 * 0.2 / 50]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert plate.standard_uncertainty == pytest.approx(plate.value * relative, rel=1e-9)


def test_the_time_of_fifty_periods_taken_for_one_is_named() -> None:
    """The slip of the script itself: J 2500 times too large."""
    cautions = analysed("trifilar", {**sample("trifilar"), "n": 1}).warnings
    assert {"reference", "unit"} & {c.code for c in cautions}
