"""Newton's second law on the air track against public readings, and by hand."""

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_the_sample_of_an_assistant() -> None:
    """feixukeji/PhyX, exp8c: 0.6681 kg by F over a; by a over F, as here, 0.66896 kg.

    There the glider starts from rest at the first gate: an endless time through it.
    """
    readings = {
        **{"method": "force", "M_w": 353.3, "d": 9.84, "s": 50, "m": [26, 21, 16, 11, 6, 1]},
        **{"t_1": [1e9] * 6, "t_2": [16.00667, 18.19, 20.96, 25.44667, 35.75667, 101.0133]},
    }
    result = analysed("newton_second_law", readings)
    assert result.measurand("M").value == pytest.approx(668.9606, rel=1e-4)
    assert result.measurand("M").value == pytest.approx(668.1, rel=2e-3)
    assert result.measurand("f").value == pytest.approx(6.79, rel=5e-3)
    assert any("称得" in one.message for one in result.warnings)


def test_shown_accelerations_by_hand() -> None:
    """5, 10, 15 g give 20, 40, 60 cm/s²: 40 (m/s²)/kg, so 245 g and no drag.

    Each a is wrong by 0.5 cm/s² at most, each m by 0.02 g, 4 cm/s² to a gram; Σ(m - 10 g)² = 50 g².
    """
    readings = {"method": "shown", "M_w": 245, "m": [5, 10, 15], "a": [20, 40, 60]}
    result = analysed("newton_second_law", readings)
    mass, drag = result.measurand("M"), result.measurand("f")
    square = (0.5**2 + (4 * 0.02) ** 2) / 3
    assert mass.value == pytest.approx(245, rel=1e-12)
    assert mass.standard_uncertainty == pytest.approx(245 * (square / 50) ** 0.5 / 4, rel=1e-6)
    assert drag.value == pytest.approx(0, abs=1e-9)
    u_drag = 0.245 * (square * (1 / 3 + 100 / 50)) ** 0.5 * 10
    assert drag.standard_uncertainty == pytest.approx(u_drag, rel=1e-6)


def test_gates_by_hand() -> None:
    """v₁ = 0.5 m/s, v₂² - v₁² = 0.2, 0.4, 0.6 m²/s² over 0.5 m for 5, 10, 15 g: again 245 g."""
    t_2 = [10 / (0.25 + rise) ** 0.5 for rise in (0.2, 0.4, 0.6)]
    readings = {"method": "force", "M_w": 245, "d": 10, "s": 50, "m": [5, 10, 15]}
    exact = {"instrument": {"m": 1e-9, "t_1": 1e-9, "t_2": 1e-9}}
    result = analysed("newton_second_law", readings | exact | {"t_1": [20] * 3, "t_2": t_2})
    mass = result.measurand("M")
    assert mass.value == pytest.approx(245, rel=1e-9)
    relative = (((2 * 0.02 / 10) ** 2 + (0.1 / 50) ** 2) / 3) ** 0.5
    assert mass.standard_uncertainty == pytest.approx(245 * relative, rel=1e-5)


def test_loads_by_hand() -> None:
    """98 mN on 196, 245, 490 g: 0.5, 0.4, 0.2 m/s², from 0.5 m/s over 0.5 m."""
    t_2 = [10 / (0.25 + a) ** 0.5 for a in (0.5, 0.4, 0.2)]
    readings = {"method": "mass", "m": 10, "d": 10, "s": 50, "M": [196, 245, 490]}
    exact = {"instrument": {"M": 1e-9, "t_1": 1e-9, "t_2": 1e-9}}
    result = analysed("newton_second_law", readings | exact | {"t_1": [20] * 3, "t_2": t_2})
    force = result.measurand("F")
    assert force.value == pytest.approx(98, rel=1e-9)
    relative = (((2 * 0.02 / 10) ** 2 + (0.1 / 50) ** 2) / 3) ** 0.5
    assert force.standard_uncertainty == pytest.approx(98 * relative, rel=1e-5)
    assert force.reference is not None
    assert force.reference.value == pytest.approx(98, rel=1e-12)


def test_simulated_tracks() -> None:
    """250.3 g and a drag of 3 mN; with the loads 97.94 mN less 0.4 mN."""
    for name in ("newton-second-law", "newton-second-law-shown"):
        result = analysed("newton_second_law", sample(name))
        for symbol, truth in (("M", 250.3), ("f", 3.0)):
            found = result.measurand(symbol)
            assert abs(found.value - truth) < 2 * found.standard_uncertainty
    force = analysed("newton_second_law", sample("newton-second-law-mass")).measurand("F")
    assert abs(force.value - 97.54) < 2 * force.standard_uncertainty


def test_equal_times_are_refused() -> None:
    given = sample("newton-second-law-mass")
    with pytest.raises(ReadingError, match="倒数"):
        analysed("newton_second_law", given | {"t_2": given["t_1"]})
