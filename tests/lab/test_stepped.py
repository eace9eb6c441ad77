"""A set value out of equal steps."""

import pytest

from functions._lab.stepped import step_checks


@pytest.mark.parametrize(
    ("column", "by_machine", "found"),
    [
        ([1, 2, 3, 4, 5.5, 6, 7], False, [(4, "应为 5，")]),
        ([50, 100, 140, 200, 250, 300], False, [(2, "应为 150，")]),
        ([0.04, 0.08, 0.12, 0.15, 0.2, 0.24], False, [(3, "应为 0.16，")]),
        ([2.86, 2.17, 2.48, 2.29, 2.10, 1.91], False, [(1, "应为 2.67，")]),
        # the ends are often set on purpose elsewhere, but not by a machine
        ([0, 4, 6, 8, 10, 12], False, []),
        ([0.06, 0.1, 0.15, 0.2, 0.25], False, []),
        ([0.06, 0.1, 0.15, 0.2, 0.25], True, [(0, "应为 0.05，")]),
        # another step from some reading on; a temperature as it was read off; no steps at all
        ([0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9], False, []),
        ([30.0, 40.0, 50.3, 60.0, 70.0], False, []),
        ([1, 2, 4, 8, 16, 32], False, []),
        ([3, 3, 3, 3, 4, 3], False, []),
        ([1, 2, 9, 4], False, []),
    ],
)
def test_readings_out_of_step(
    column: list[float], by_machine: bool, found: list[tuple[int, str]]
) -> None:
    cautions = step_checks("x", column, by_machine=by_machine)
    assert [(c.field, c.index, c.code) for c in cautions] == [("x", i, "order") for i, _ in found]
    assert all(said in c.message for c, (_, said) in zip(cautions, found, strict=True))
