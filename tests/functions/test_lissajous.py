"""Lissajous figures against a public sheet (Axolyz, NKU)."""

import math

import pytest

from tests.functions.declared import analysed, sample


def test_the_mains_of_a_sheet() -> None:
    """Mean of 50.1, 100.09/2, 150.12/3 and 75.07·2/3 Hz: 50.0579 Hz."""
    found = analysed("lissajous", sample("lissajous")).measurand("f_x")
    assert found.value == pytest.approx(50.0579, abs=5e-5)
    each = [50.1, 50.045, 50.04, 75.07 * 2 / 3]
    middle = sum(each) / 4
    scatter = math.sqrt(sum((f - middle) ** 2 for f in each) / 3 / 4)
    limit = 0.05 / math.sqrt(3) * (1 + 1 / 2 + 1 / 3 + 2 / 3) / 4
    assert found.standard_uncertainty == pytest.approx(math.hypot(scatter, limit), rel=1e-6)


def test_the_phase_of_a_sheet() -> None:
    """arcsin(4.2/6.04) = 44.0562°."""
    found = analysed("lissajous", sample("lissajous-phase")).measurand("φ")
    assert found.value == pytest.approx(44.0562, abs=5e-5)
    slope = 1 / math.sqrt(1 - (4.2 / 6.04) ** 2) / 6.04
    parts = [slope * 0.1, slope * 4.2 / 6.04 * 0.1]
    u = math.degrees(math.hypot(*parts) / math.sqrt(3))
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-6)


def test_a_width_beyond_the_widest_is_refused() -> None:
    with pytest.raises(Exception, match="相位差"):
        analysed("lissajous", {"method": "phase", "A": 6.2, "B": 6.0})
