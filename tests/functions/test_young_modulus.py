"""Young's modulus against two published sets and against the propagation by hand."""

import pytest

from tests.functions.declared import analysed, sample, typed


def test_the_set_of_a_published_sheet() -> None:
    """laonuo2004/BIT_Physics_experiments, 动态杨氏弹性模量.xlsx: E = 201.065 GPa."""
    assert (
        typed(analysed("young_modulus", sample("young-modulus")).measurand("E").value, 6) == 201.065
    )


def test_the_set_of_a_program_for_folded_light() -> None:
    """buaase/Phylab-Web, P1011_test.py: E = (1.90 ± 0.04)×10¹¹ Pa."""
    measurand = analysed("young_modulus", sample("young-modulus-folded")).measurand("E")
    assert typed(measurand.value, 3) == 190
    assert measurand.standard_uncertainty < 4


def test_the_uncertainty_by_hand() -> None:
    """Readings on a line: Δn by its limit alone, and d without scatter.

    i = 0 … 3, n = 1, 2, 3, 4 cm (up = down): two differences of 2 cm, distance 2, Δn = 1 cm.
    Each of n has the limit 0.05/√2 cm (two readings), two differences: u(2 Δn) =
    0.05/√2 · √(2/(3·2)) = 0.0204124 cm, u(Δn) = 0.0102062 cm.
    u/E: L 0.1/√3/50, D 0.2/√3/100, b 0.05/√3/50, 2·0.004/√3/0.5, Δn 0.0102062.
    """
    readings = {
        **{"L": 50, "D": 100, "b": 50, "d_r": [0.5, 0.5], "i": [0, 1, 2, 3]},
        **{"up": [1, 2, 3, 4], "down": [1, 2, 3, 4]},
    }
    measurand = analysed("young_modulus", readings).measurand("E")
    value = 8 * 9.8 * 0.5 * 1 / (3.141592653589793 * 0.25e-6 * 0.05 * 0.01)
    parts = [0.1 / 50, 0.2 / 100, 0.05 / 50, 2 * 0.004 / 0.5]
    relative = (sum(part**2 for part in parts) / 3 + 0.0102062**2) ** 0.5
    assert measurand.value * 1e9 == pytest.approx(value, rel=1e-12)
    assert measurand.standard_uncertainty == pytest.approx(measurand.value * relative, rel=1e-5)


def test_a_wire_in_metres_is_named() -> None:
    """L in m where cm are asked for."""
    readings = {**sample("young-modulus"), "L": 0.8285}
    cautions = analysed("young_modulus", readings).warnings
    assert [c.field for c in cautions if c.code == "unit"] == ["L"]
