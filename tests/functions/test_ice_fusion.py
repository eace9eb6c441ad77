"""The latent heat of ice against a public report (wzk1015/PhysicsExperiment) and by hand."""

from typing import Any

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def on_the_line(given: dict[str, Any], x: str, y: str) -> tuple[float, float]:
    """Value at t₀ of the line of y over x, and its uncertainty for u = 1 of each reading."""
    n, t_0 = len(given[x]), given["t_0"]
    middle = sum(given[x]) / n
    spread = sum((one - middle) ** 2 for one in given[x])
    products = sum((a - middle) * b for a, b in zip(given[x], given[y], strict=True))
    value = sum(given[y]) / n + products / spread * (t_0 - middle)
    return value, (1 / n + (t_0 - middle) ** 2 / spread) ** 0.5


def test_the_report_with_its_temperatures() -> None:
    """(143.72·4.18 + 165.68·0.389)(37.7042 - 19.3492)/29.43 kJ/kg … = 296.194 kJ/kg there."""
    found = analysed("ice_fusion", sample("ice-fusion")).measurand("L")
    assert found.value == pytest.approx(296.194, abs=0.01)


def test_the_report_extrapolated() -> None:
    """Its readings carried on to 127.5 s, 37.7042 and 19.2545 °C, give 298.7 kJ/kg."""
    given = sample("ice-fusion-line")
    (before, _), (after, _) = on_the_line(given, "t", "a"), on_the_line(given, "s", "b")
    assert before == pytest.approx(37.7042, abs=5e-5)
    heat = 0.14372 * 4180 + 0.16568 * 389
    value = heat * (before - after) / 0.02943 - 4180 * after - 1800 * 21
    found = analysed("ice_fusion", given).measurand("L")
    assert found.value == pytest.approx(value / 1000, rel=1e-6)


def test_the_uncertainty_of_temperatures_and_masses() -> None:
    """150 g of water and 100 g of brass at 30 °C, 30 g of ice at 0 °C, 12 °C after it.

    K = 0.15·4186 + 0.1·380 = 665.9 J/K, L = 665.9·18/0.03 - 4186·12 J/kg.  m₂ adds water and takes
    ice away; m₁ exchanges brass and water.
    """
    readings = {
        **{"method": "read", "m_1": 100.0, "m_2": 250.0, "m_3": 280.0, "c_1": 380},
        **{"theta_1": 30.0, "theta_2": 12.0},
    }
    found = analysed("ice_fusion", readings).measurand("L")
    assert found.value == pytest.approx((665.9 * 18 / 0.03 - 4186 * 12) / 1000, rel=1e-12)
    warm = 0.1 * 665.9 / 0.03
    cold = 0.1 * (665.9 / 0.03 + 4186)
    first = 5e-5 * (4186 - 380) * 18 / 0.03
    second = 5e-5 * (4186 * 18 / 0.03 + 665.9 * 18 / 0.03**2)
    third = 5e-5 * 665.9 * 18 / 0.03**2
    u = (sum(part**2 for part in (warm, cold, first, second, third)) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(u / 1000, rel=1e-6)


def test_the_uncertainty_of_extrapolated_temperatures() -> None:
    """Readings on two lines: only limits act, with those of slope and intercept correlated."""
    readings = {
        **{"method": "line", "m_1": 100.0, "m_2": 250.0, "m_3": 280.0, "c_1": 380, "t_0": 150},
        **{"t": [0, 40, 80, 120], "a": [30.6, 30.4, 30.2, 30.0]},
        **{"s": [240, 300, 360, 420], "b": [12.0, 12.1, 12.2, 12.3]},
        "instrument": dict.fromkeys(("m_1", "m_2", "m_3", "t", "s"), 1e-9),
    }
    (before, one), (after, other) = (
        on_the_line(readings, "t", "a"),
        on_the_line(readings, "s", "b"),
    )
    assert [before, after] == pytest.approx([29.85, 11.85])
    u = 0.1 / 3**0.5 * ((one * 665.9 / 0.03) ** 2 + (other * (665.9 / 0.03 + 4186)) ** 2) ** 0.5
    found = analysed("ice_fusion", readings).measurand("L")
    assert found.value == pytest.approx((665.9 * 18 / 0.03 - 4186 * 11.85) / 1000, rel=1e-9)
    assert found.standard_uncertainty == pytest.approx(u / 1000, rel=1e-5)


def test_no_ice() -> None:
    readings = sample("ice-fusion") | {"m_3": 309.4}
    with pytest.raises(ReadingError, match="除数为零"):
        analysed("ice_fusion", readings)
