"""The one reading out of order: known columns with a known reading spoilt."""

import numpy as np
import pytest

from functions._lab.sequence import sequence_checks

RISING = [0.0104, 0.0092, 0.0096, 0.0057, 0.0144, 0.0133, 0.0105, 0.0129, 0.0472, 0.0957, 0.149]
SPECTRUM = [0.0, 0.0, 0.0, 1.4, 1.3, 7.7, 6.1, 2.2, 0.4]


def spoilt(column: list[float], index: int, value: float) -> list[float]:
    return [*column[:index], value, *column[index + 1 :]]


def test_what_scatters_about_a_level_part_is_in_order() -> None:
    assert sequence_checks("P", RISING) == []


@pytest.mark.parametrize(("index", "value"), [(1, 0.4092), (6, 0.3105), (7, 0.129)])
def test_a_reading_out_of_order_is_named(index: int, value: float) -> None:
    (found,) = sequence_checks("P", spoilt(RISING, index, value))
    assert (found.field, found.index) == ("P", index)
    assert found.code == ("decimal-slip" if value == 0.129 else "order")


def test_the_order_is_that_of_the_abscissae() -> None:
    x = [3.0, 1.0, 5.0, 2.0, 6.0, 4.0]
    y = [value**2 for value in x]
    assert sequence_checks("y", y, x) == []
    (found,) = sequence_checks("y", spoilt(y, 5, 46.0), x)
    assert found.index == 5


@pytest.mark.parametrize("index", [0, 1, 7, 8])
def test_a_second_maximum_is_named(index: int) -> None:
    x = np.arange(400.0, 850.0, 50.0)
    assert sequence_checks("I", SPECTRUM, x, humped=True) == []
    (found,) = sequence_checks("I", spoilt(SPECTRUM, index, 8.5), x, humped=True)
    assert found.index == index


def test_of_two_that_may_be_meant_the_farther_is_named_or_none() -> None:
    branch = [0.0, 17.4, 68.5, 121.2, 172.6, 224.8]
    (found,) = sequence_checks("P", spoilt(branch, 3, 221.2))
    assert found.index == 3
    even = [0.0, 10.0, 30.0, 20.0, 40.0, 50.0]
    assert sequence_checks("y", even) == []


def test_too_few_say_nothing() -> None:
    assert sequence_checks("y", [1.0, 2.0, 30.0, 4.0]) == []
