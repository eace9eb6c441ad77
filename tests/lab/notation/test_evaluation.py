"""Columns by formulas: where the formula has a value but no derivative."""

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_equal_positions_have_no_distance() -> None:
    """|b - a| has no derivative at b = a: the row is named, in place of an uncertainty of nan."""
    given = sample("thin-lens-autocollimation")
    objects = [*given["x_o"][:-1], given["x_l"][-1]]
    with pytest.raises(ReadingError) as refused:
        analysed("thin_lens", {**given, "x_o": objects})
    assert (refused.value.index, refused.value.field) == (len(objects) - 1, "x_o")
    assert "由此算不出每次的焦距" in refused.value.message
