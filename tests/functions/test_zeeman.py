"""The Zeeman effect against a public report and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample

C = 299792458.0


def test_the_scan_of_a_report() -> None:
    """KillingVectorField/Physics-Experiments: 0.470 ± 0.002 cm⁻¹/T, e/m = 1.771e11 C/kg.

    From the positions themselves 0.46977 and 1.76977e11.
    """
    given = sample("zeeman-scan")
    found = analysed("zeeman", given)
    assert found.measurand("L").value == pytest.approx(0.4697703, rel=2e-3)
    assert found.measurand("e/m").value == pytest.approx(1.771e11, rel=3e-3)
    pairs = list(zip(given["M"], given["X_1"], given["X_2"], strict=True))
    k = sum(m * (a + b) / 2 for m, a, b in pairs) / sum(m**2 for m, _, _ in pairs)
    apart = sum(b - a for _, a, b in pairs) / 9
    assert found.measurand("L").value == pytest.approx(2.5 * k / apart, rel=1e-9)


def test_the_scan_by_hand() -> None:
    """99.5 mV per unit, orders 500 mV apart, 1 T, d = 2 mm: L̃ = 2.5·99.5/500 cm⁻¹/T.

    u(k) of means with 1/√2 mV at Δ = -1, 0, 1; distances 501, 500, 499, s = 1, with 1 mV of each
    order; B.
    """
    readings = {
        **{"method": "scan", "B": 1.0, "M": [-1, 0, 1]},
        **{"X_1": [200, 300, 400], "X_2": [701, 800, 899]},
    }
    found = analysed("zeeman", readings)
    unit = found.measurand("L")
    assert unit.value == pytest.approx(0.4975, rel=1e-9)
    parts = [1 / 2**0.5 / 2**0.5 / 99.5, 1 / 500, 1 / 500, 0.01, 1 / 500]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert unit.standard_uncertainty == pytest.approx(0.4975 * relative, rel=1e-6)
    assert found.measurand("e/m").value == pytest.approx(4 * math.pi * C * 49.75, rel=1e-9)


def test_rings_by_hand() -> None:
    """D_c² = 4, 9 … of 5 mm² a ring; D_b² - D_a² = 2 mm² everywhere; 1 T, 2 mm.

    e/m = 2πc·0.4/(2 mm·1 T) = 3.767e11 C/kg.  u(S) of limits 2·0.01·D_c that grow with D_c; a limit
    of D_a moves all rings alike.
    """
    squares = [4.0, 9.0, 14.0, 19.0]
    rings = {
        "D_a": [(y - 1) ** 0.5 for y in squares],
        "D_c": [y**0.5 for y in squares],
        "D_b": [(y + 1) ** 0.5 for y in squares],
    }
    readings = {"method": "rings", "B": 1.0, "p": [1, 2, 3, 4], **rings}
    found = analysed("zeeman", readings).measurand("e/m")
    value = 2 * math.pi * C * 0.4 / 2e-3
    assert found.value == pytest.approx(value, rel=1e-9)
    moments = [(p - 2.5) * 2 * 0.01 * y**0.5 for p, y in zip((1, 2, 3, 4), squares, strict=True)]
    inner, outer = (2 * 0.01 * sum(rings[name]) / 4 for name in ("D_a", "D_b"))
    parts = [sum(m**2 for m in moments) ** 0.5 / 5 / 5, inner / 2, outer / 2, 0.01]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(value * relative, rel=1e-6)


def test_rings_made_for_the_electron() -> None:
    found = analysed("zeeman", sample("zeeman")).measurand("e/m")
    assert abs(found.value - 1.7588e11) < 2 * found.standard_uncertainty


def test_rings_of_one_size() -> None:
    readings = sample("zeeman") | {"D_c": [2.0] * 5}
    with pytest.raises(ReadingError):
        analysed("zeeman", readings)
