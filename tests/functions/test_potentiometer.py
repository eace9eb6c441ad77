"""The potentiometer against readings of a public report (wzk1015/PhysicsExperiment)."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_three_balances() -> None:
    """1.01863 V · (1423.4, 1408.5, 1416.7)/1018.6, their mean 1.416242 V."""
    found = analysed("potentiometer", sample("potentiometer")).measurand("E_x")
    assert found.value == pytest.approx(1.416242, abs=1e-6)


def test_the_uncertainty_by_hand() -> None:
    """Equal balances leave the limits of the boxes alone: of R_N and R_x, over √3."""
    readings = {"method": "boxes", "R_N": [1000.0] * 3, "R_x": [2000.0] * 3}
    found = analysed("potentiometer", readings).measurand("E_x")
    of_n, of_x = (1000 * 0.001 + 0.02) / 1000, (2000 * 0.001 + 0.02) / 2000
    assert found.value == pytest.approx(2 * 1.01863)
    assert found.standard_uncertainty == pytest.approx(
        found.value * math.hypot(of_n, of_x) / math.sqrt(3), rel=1e-6
    )


def test_a_wire_and_the_inner_resistance() -> None:
    wire = {"method": "wire", "l_N": [50.0], "l_x": [75.0]}
    found = analysed("potentiometer", wire).measurand("E_x")
    assert found.value == pytest.approx(1.527945)
    share = math.hypot(0.1 / 50, 0.1 / 75) / math.sqrt(3)
    assert found.standard_uncertainty == pytest.approx(1.527945 * share, rel=1e-6)
    inner = {"method": "inner", "E": [1.5], "U": [1.4], "R_L": 50.0}
    r = analysed("potentiometer", inner).measurand("r")
    assert r.value == pytest.approx(50 * (1.5 / 1.4 - 1))
    parts = [50 / 1.4 * 0.0005, 50 * 1.5 / 1.4**2 * 0.0005, (1.5 / 1.4 - 1) * (50 * 0.002 + 0.02)]
    u = math.sqrt(sum(part**2 for part in parts) / 3)
    assert r.standard_uncertainty == pytest.approx(u, rel=1e-6)


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises((ReadingError, ValueError)):
        analysed("potentiometer", {"method": "boxes", "R_N": [1000.0], "R_x": [1.0, 2.0]})
