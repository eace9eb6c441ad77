"""Collisions on the air track against published sheets, and by hand."""

import msgspec
import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample

GLIDERS = {"m_1": 133.68, "m_2": 133.66, "d_1": 50, "d_2": 50}


def test_an_elastic_collision_of_a_published_sheet() -> None:
    """Nankai: e = 0.984153 of its first run; of its second 2.766 % and 5.442 % are lost."""
    first = {"method": "equal", **GLIDERS, "t_0": [83.22], "t_2": [84.56]}
    assert analysed("collision", first).measurand("e").value == pytest.approx(0.984153, abs=1e-6)
    second = analysed("collision", first | {"t_0": [95.07], "t_2": [97.76]})
    assert 1 - second.measurand("R").value == pytest.approx(0.0276619, abs=5e-8)
    assert 1 - second.measurand("K").value == pytest.approx(0.0544171, abs=5e-8)


def test_gliders_that_stick_of_a_published_sheet() -> None:
    """Nankai: 4.50972 % of the momentum and 54.4046 % of the energy are lost in its second run."""
    readings = {"method": "inelastic", **GLIDERS, "t_0": [66.81], "t_2": [139.92]}
    result = analysed("collision", readings)
    assert 1 - result.measurand("R").value == pytest.approx(0.0450972, abs=5e-8)
    energy = result.measurand("K")
    assert 1 - energy.value == pytest.approx(0.544046, abs=5e-7)
    assert energy.reference is not None
    assert energy.reference.value == pytest.approx(133.68 / 267.34, rel=1e-12)


def test_three_times_of_a_published_set() -> None:
    """regymm/USTCPhysExpData, three collisions: e, R and K of each by speeds, then their means."""
    given = sample("collision")
    heavy, light = given["m_1"], given["m_2"]
    ratios = []
    for before, after, other in zip(given["t_0"], given["t_1"], given["t_2"], strict=True):
        v, v_1, v_2 = 10 / before, 10 / after, 10 / other
        momentum = (heavy * v_1 + light * v_2) / (heavy * v)
        energy = (heavy * v_1**2 + light * v_2**2) / (heavy * v**2)
        ratios.append(((v_2 - v_1) / v, momentum, energy))
    result = analysed("collision", given)
    for symbol, found in zip("eRK", zip(*ratios, strict=True), strict=True):
        assert result.measurand(symbol).value == pytest.approx(sum(found) / 3, rel=1e-12)
    assert result.measurand("e").value == pytest.approx(0.987, abs=5e-4)


def test_the_sample_of_an_assistant() -> None:
    """feixukeji/PhyX, exp8b: 4.949 % of the momentum lost, e = 0.5896, of mean times there.

    Made-up times with large scatter, so that means of ratios and ratios of means differ a little.
    """
    readings = {
        **{"method": "elastic", "m_1": 329.8, "m_2": 174},
        "t_0": [158.51, 162.13, 154.83, 162.09, 155.93],
        "t_1": [385.99, 347.34, 364.93, 419.08, 385.49],
        "t_2": [152.23, 175.15, 157.37, 154.63, 149.66],
    }
    result = analysed("collision", readings)
    assert result.measurand("e").value == pytest.approx(0.5895869, abs=0.003)
    assert 1 - result.measurand("R").value == pytest.approx(0.04949383, abs=0.003)
    assert 1 - result.measurand("K").value == pytest.approx(0.2866034, abs=0.003)


def test_the_uncertainty_by_hand() -> None:
    """100 and 130 ms, twice the same, equal masses and flags: only the limits act."""
    readings = {"method": "equal", "m_1": 200, "m_2": 200, "d_1": 10, "d_2": 10}
    result = analysed("collision", readings | {"t_0": [100, 100], "t_2": [130, 130]})
    parts = [0.01 / 100, 0.01 / 130, 0.02 / 10, 0.02 / 10]
    square = sum(part**2 for part in parts) / 3
    weighed = 2 * (0.05 / 200) ** 2 / 3
    for symbol, value, relative in (
        ("e", 10 / 13, square**0.5),
        ("R", 10 / 13, (square + weighed) ** 0.5),
        ("K", 100 / 169, (4 * square + weighed) ** 0.5),
    ):
        found = result.measurand(symbol)
        assert found.value == pytest.approx(value, rel=1e-12)
        assert found.standard_uncertainty == pytest.approx(value * relative, rel=1e-9)


def test_a_glider_that_recoils() -> None:
    """100 g at 1 m/s into 300 g: -0.5 and 0.5 m/s, nothing lost."""
    readings = {"method": "elastic", "m_1": 100, "m_2": 300, "t_1": [-20, -20]}
    result = analysed("collision", readings | {"t_0": [10, 10], "t_2": [20, 20]})
    assert [one.value for one in result.measurands] == pytest.approx([1, 1, 1], rel=1e-12)


def test_bad_times_are_refused() -> None:
    given = sample("collision")
    with pytest.raises(ReadingError):
        analysed("collision", given | {"t_1": [78.34, 0, 116.23]})
    with pytest.raises(msgspec.ValidationError):
        analysed("collision", given | {"t_0": [78.34, 0, 116.23]})
