"""Uniform acceleration on the air track against public readings, and by hand."""

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_a_published_set() -> None:
    """regymm/USTCPhysExpData: v² over 2 s of the mean times there gives 0.17105 m/s², g 9.863."""
    given = sample("air-track-acceleration")
    times = [sum(given["t"][i : i + 3]) / 3000 for i in range(0, 15, 3)]
    squares = [(0.0101 / t) ** 2 for t in times]
    slope = sum((i - 2) * v2 for i, v2 in enumerate(squares)) / 10 / 0.1 / 2
    result = analysed("air_track_acceleration", given)
    assert result.measurand("a").value == pytest.approx(slope, rel=3e-5)
    assert result.measurand("a").value == pytest.approx(0.17105, abs=1e-5)
    assert result.measurand("g").value == pytest.approx(slope * 0.8615 / 0.01494, rel=3e-5)


def test_the_sample_of_an_assistant() -> None:
    """feixukeji/PhyX, exp8a: a = 0.17068 m/s² and g = 9.8101 m/s² recomputed."""
    readings = {
        **{"method": "line", "d": 10.1, "L": 86.1, "h": 14.98, "s": [20, 30, 40, 50, 60]},
        "t": [38.66667, 31.59667, 27.35333, 24.48, 22.31333],
    }
    result = analysed("air_track_acceleration", readings)
    assert result.measurand("a").value == pytest.approx(0.1706802, rel=3e-5)
    assert result.measurand("g").value == pytest.approx(9.810123, rel=3e-5)


def test_two_gates_by_hand() -> None:
    """10 mm in 20 and 10 ms: 0.5 and 1 m/s over 0.5 m, so 0.75 m/s²; h/L = 0.075."""
    readings = {"method": "two", "d": 10, "L": 100, "h": 75, "s": 50}
    result = analysed("air_track_acceleration", readings | {"t_1": [20, 20], "t_2": [10, 10]})
    a, g = result.measurand("a"), result.measurand("g")
    assert (a.value, g.value) == pytest.approx((0.75, 10.0), rel=1e-12)
    speeds = [2 * 0.25 * 0.01 / 20, 2 * 1.0 * 0.01 / 10]
    parts = [2 * 0.02 / 10, 0.1 / 50, *(one / 0.75 for one in speeds)]
    squares = sum(part**2 for part in parts) / 3
    assert a.standard_uncertainty == pytest.approx(0.75 * squares**0.5, rel=1e-9)
    squares += ((0.1 / 100) ** 2 + (0.02 / 75) ** 2) / 3
    assert g.standard_uncertainty == pytest.approx(10 * squares**0.5, rel=1e-9)


def test_several_heights_by_hand() -> None:
    """Δt₁ = 20 ms; v₂² - v₁² = 0.2, 0.4, 0.6 m²/s² over 0.5 m at 2, 4, 6 cm of 1 m."""
    t_2 = [10 / (0.25 + rise) ** 0.5 for rise in (0.2, 0.4, 0.6)]
    readings = {"method": "heights", "d": 10, "L": 100, "s": 50, "h": [20, 40, 60]}
    times = {"t_1": [20, 20, 20], "t_2": t_2}
    exact = {"instrument": {"h": 1e-9, "t_1": 1e-9, "t_2": 1e-9}}
    g = analysed("air_track_acceleration", readings | times | exact).measurand("g")
    assert g.value == pytest.approx(10.0, rel=1e-9)
    relative = (((2 * 0.02 / 10) ** 2 + (0.1 / 100) ** 2 + (0.1 / 50) ** 2) / 3) ** 0.5
    assert g.standard_uncertainty == pytest.approx(10 * relative, rel=1e-6)


def test_heights_that_are_all_the_same_are_refused() -> None:
    given = sample("air-track-acceleration-heights")
    with pytest.raises(ReadingError):
        analysed("air_track_acceleration", given | {"h": [10.0] * 6})


def test_seconds_for_milliseconds_are_doubted() -> None:
    given = sample("air-track-acceleration-two")
    seconds = {name: [t / 1000 for t in given[name]] for name in ("t_1", "t_2")}
    result = analysed("air_track_acceleration", given | seconds)
    assert any("Δt" in one.message for one in result.warnings)
