"""One abscissa far outside the others is named; columns as they are read raise nothing."""

import numpy as np
import pytest

from functions._lab.strays import column_checks, stray_checks


@pytest.mark.parametrize("power", [1, 2, 3, 6, 12])
def test_misplaced_zeros_are_named_with_what_was_meant(power: int) -> None:
    voltages = [float(v) for v in range(1, 83)]
    voltages[-1] *= 10.0**power
    (found,) = stray_checks("V", voltages)
    assert (found.code, found.field, found.index) == ("decimal-slip", "V", 81)
    assert "若为 82 则与其余数据一致" in found.message


def test_in_the_middle_of_a_falling_column() -> None:
    column = [5.0, 4.5, -4e6, 3.5, 3.0, 2.5]
    (found,) = stray_checks("x", column)
    assert (found.code, found.index) == ("outlier", 2)
    assert "-4000000 远离其余读数" in found.message
    column[2] = 4e6
    (found,) = stray_checks("x", column)
    assert (found.code, found.index) == ("decimal-slip", 2)
    assert "若为 4 则" in found.message


@pytest.mark.parametrize(
    "column",
    [
        np.linspace(0, 80, 81),
        np.geomspace(1, 1e6, 19),  # two to a decade: the last one is 2.16 spans away at most
        [0.0, 0.0, 0.0, 0.0, 7.0],
        [1.0, 2.0, 3.0, 4000.0],
        [*range(40), 100.0],
        [3.0] * 6,
        [],
    ],
    ids=["even", "decades", "one step", "few", "a gap", "equal", "none"],
)
def test_sound_columns(column: list[float]) -> None:
    assert stray_checks("x", column) == []


def test_else_the_order_is_looked_at() -> None:
    (found,) = column_checks("t", [1.0, 2.0, 9.0, 4.0, 5.0])
    assert (found.code, found.index) == ("order", 2)
    (found,) = column_checks("t", [1.0, 2.0, 3000.0, 4.0, 5.0])
    assert (found.code, found.index) == ("decimal-slip", 2)
