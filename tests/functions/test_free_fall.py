"""Free fall against a published set of readings, and by hand."""

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_the_line_of_a_published_set() -> None:
    """regymm/USTCPhysExpData, 24 times: twice the slope of its line is 9.7466 m/s²."""
    given = sample("free-fall")
    t = [one / 1000 for one in given["t"]]
    v = [h / 100 / one for h, one in zip(given["h"], t, strict=True)]
    t_0, v_0 = sum(t) / 24, sum(v) / 24
    slope = sum((a - t_0) * (b - v_0) for a, b in zip(t, v, strict=True))
    slope /= sum((a - t_0) ** 2 for a in t)
    g = analysed("free_fall", given).measurand("g")
    assert g.value == pytest.approx(2 * slope, rel=1e-9)
    assert g.value == pytest.approx(9.7466, abs=5e-5)


def test_two_distances_of_that_set() -> None:
    """20 cm in 119.1667 ms, 90 cm in 331.6333 ms, each of three times."""
    t_1, t_2 = 0.3575 / 3, 0.9949 / 3
    g = analysed("free_fall", sample("free-fall-two")).measurand("g")
    assert g.value == pytest.approx(2 * (0.9 / t_2 - 0.2 / t_1) / (t_2 - t_1), rel=1e-9)


def test_the_mean_of_a_published_report() -> None:
    """Dashu-Li/USTC-Physics-Experiments: 0.1 and 0.5 m in 0.1374 and 0.3161 s, g = 9.5576 m/s²."""
    readings = {"method": "two", "h_1": 10, "h_2": 50, "t_1": [137.4], "t_2": [316.1]}
    g = analysed("free_fall", readings).measurand("g")
    assert g.value == pytest.approx(9.5576, abs=5e-5)


def test_the_uncertainty_of_the_line_by_hand() -> None:
    """1 m/s at the first gate and g = 10 m/s² in 0.1, 0.2, 0.3 s: only the limits act.

    h/t = 1.5, 2, 2.5 m/s.  h moves it by 1 mm/t, t by (h/t² + b)·0.1 ms as it moves the abscissa
    too; the slope is (y₃ - y₁)/0.2 s.
    """
    readings = {"method": "line", "h": [15, 40, 75], "t": [100, 200, 300]}
    g = analysed("free_fall", readings).measurand("g")
    by_h = [1e-3 / 0.1, 1e-3 / 0.3]
    by_t = [(1.5 / 0.1 + 5) * 1e-4, (2.5 / 0.3 + 5) * 1e-4]
    u = 2 / 0.2 * (sum(part**2 for part in by_h + by_t) / 3) ** 0.5
    assert g.value == pytest.approx(10, rel=1e-12)
    assert g.standard_uncertainty == pytest.approx(u, rel=1e-6)


def test_the_uncertainty_of_two_distances_by_hand() -> None:
    """Equal times: derivatives of 2 (h₂/t₂ - h₁/t₁)/(t₂ - t₁) at h/t = 1.5 and 2.5 m/s."""
    times = {"t_1": [100, 100], "t_2": [300, 300]}
    g = analysed("free_fall", {"method": "two", "h_1": 15, "h_2": 75} | times).measurand("g")
    by_h = [2 / (0.1 * 0.2) * 1e-3, 2 / (0.3 * 0.2) * 1e-3]
    by_t = [(2 * 1.5 / (0.1 * 0.2) + 10 / 0.2) * 1e-4, (2 * 2.5 / (0.3 * 0.2) + 10 / 0.2) * 1e-4]
    assert g.value == pytest.approx(10, rel=1e-12)
    u = (sum(part**2 for part in by_h + by_t) / 3) ** 0.5
    assert g.standard_uncertainty == pytest.approx(u, rel=1e-6)


def test_equal_times_are_refused() -> None:
    with pytest.raises(ReadingError):
        analysed("free_fall", {"method": "two", "h_1": 15, "h_2": 75, "t_1": [200], "t_2": [200]})


def test_seconds_for_milliseconds_are_doubted() -> None:
    given = sample("free-fall")
    result = analysed("free_fall", given | {"t": [t / 1000 for t in given["t"]]})
    assert any("t" in one.message for one in result.warnings)
