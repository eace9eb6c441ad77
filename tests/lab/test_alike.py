"""Which readings of two people are alike: simulated classes, copies with a change, and chance."""

import random
from decimal import Decimal
from typing import Any

import pytest

from functions._lab.alike import likenesses


def line(rng: random.Random, digits: int = 2, scatter: float = 0.05) -> dict[str, Any]:
    """A pendulum's table: set lengths, and periods with a hand's scatter."""
    lengths = [50.0 + 10 * i for i in range(8)]
    times = [2.007 * (length / 100) ** 0.5 * 50 + rng.gauss(0, scatter) for length in lengths]
    return {"l": lengths, "t": [round(time, digits) for time in times], "title": ""}


def a_class(rng: random.Random, students: int = 60) -> dict[str, Any]:
    return {f"s{number}": line(rng) for number in range(students)}


def test_honest_classes_are_seldom_named() -> None:
    rng = random.Random(17)
    named = [likenesses(a_class(rng)) for _ in range(20)]
    assert sum(map(len, named)) == 0


def test_coarse_readings_tell_nothing() -> None:
    rng = random.Random(18)
    works = {f"s{number}": line(rng, digits=1) for number in range(60)}
    works["s3"] = works["s4"]
    assert likenesses(works) == []


@pytest.mark.parametrize(
    "factor", [Decimal(1), Decimal("0.001"), Decimal(1000), Decimal(-1), Decimal("2.54")]
)
def test_a_copy_is_found_in_another_unit(factor: Decimal) -> None:
    works = a_class(random.Random(3))
    copied = [round(Decimal(repr(value)) * factor, 5) for value in works["s7"]["t"]]
    works["s41"] = {**works["s41"], "t": copied}
    (found,) = likenesses(works)
    assert {found.first, found.second} == {"s7", "s41"}
    assert (found.first_path, found.rows, found.agreeing) == ("t", 8, 8)
    size = float(abs(factor)) if found.first == "s7" else float(abs(1 / factor))
    assert abs(found.factor) == pytest.approx(size, rel=1e-3)


def test_one_changed_row_does_not_hide_a_copy() -> None:
    works = a_class(random.Random(4))
    copied = list(works["s7"]["t"])
    copied[3] += 0.31
    works["s41"] = {**works["s41"], "t": copied}
    (found,) = likenesses(works)
    assert (found.rows, found.agreeing) == (8, 7)


def test_two_changed_rows_are_no_copy() -> None:
    works = a_class(random.Random(4))
    copied = list(works["s7"]["t"])
    copied[3] += 0.31
    copied[5] -= 0.2
    works["s41"] = {**works["s41"], "t": copied}
    assert likenesses(works) == []


def test_what_the_apparatus_sets_is_no_copy() -> None:
    """The same lengths for all, the same smooth curve of a simulated device for all."""
    lengths = [50.0 + 10 * i for i in range(8)]
    curve = [round(2.007 * (length / 100) ** 0.5, 4) for length in lengths]
    assert likenesses({f"s{n}": {"l": lengths, "T": curve} for n in range(30)}) == []


def test_numbers_given_out_to_all_are_no_copy() -> None:
    given = line(random.Random(5))["t"]
    works = {f"s{n}": {"given": given} for n in range(30)}
    assert likenesses(works) == []


def test_columns_in_groups_and_strange_bodies() -> None:
    rng = random.Random(6)
    group = [round(rng.gauss(5, 1), 3) for _ in range(9)]
    works: dict[str, Any] = {
        "a": {"groups": [{"i": group}], "instrument": {"i": 0.1}},
        "b": {"groups": [{"i": [1, 2]}, {"i": group}]},
        "c": {"groups": "nonsense", "x": [None, True, "3", {}], "y": []},
        "d": {},
    }
    (found,) = likenesses(works)
    assert (found.first_path, found.second_path) == ("groups[0].i", "groups[1].i")
