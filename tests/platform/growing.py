"""Samples grown to the largest request that ``callContainer`` and the experiment let through."""

import itertools
from collections.abc import Callable
from typing import Any

from tests.platform.call_container import LARGEST_REQUEST, json_bytes

TIMES = (1000, 500, 250, 200, 100, 80, 50, 40, 25, 20, 16, 10, 8, 5, 4, 2, 1)
"""Parts of a step, all short decimals, so that equal steps stay equal."""

OBJECTS = (8, 4, 2, 1)
"""How often the objects in a list are repeated; each may become a figure."""


def largest(sample: dict[str, Any], accepts: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The sample with as many readings as fit, on the straight lines through its own."""
    least = len(json_bytes(sample)) / 3
    for objects, times, whole in itertools.product(OBJECTS, TIMES, (False, True)):
        if times * least > LARGEST_REQUEST:
            continue
        readings = {**grown(sample, times, objects, whole), "return_data_uri": True}
        if len(json_bytes(readings)) <= LARGEST_REQUEST and accepts(readings):
            return readings
    raise AssertionError("not even the sample itself is accepted")


def grown(part: Any, times: int, objects: int, whole: bool) -> Any:
    """A part of a sample with ``times`` as many steps in each of its columns.

    ``whole``: columns of whole numbers stay whole, and become larger.
    """
    if isinstance(part, dict):
        return {name: grown(value, times, objects, whole) for name, value in part.items()}
    if not isinstance(part, list) or len(part) < 2:
        return part
    if all(isinstance(item, dict) for item in part):
        return [grown(item, times, objects, whole) for item in part * objects]
    if all(isinstance(item, float | int) for item in part):
        return _between(part, times, whole)
    return (part * times)[: (len(part) - 1) * times + 1]


def _between(column: list[float], times: int, whole: bool) -> list[float]:
    """Readings on straight lines through the given ones."""
    if whole and all(isinstance(value, int) for value in column):
        steps = range((len(column) - 1) * times + 1)
        return [_whole(column, index, times) for index in steps]
    found = []
    for index in range((len(column) - 1) * times + 1):
        left = min(index // times, len(column) - 2)
        value = column[left] + (index / times - left) * (column[left + 1] - column[left])
        found.append(float(f"{value:.7g}"))
    return found


def _whole(column: list[float], index: int, times: int) -> float:
    """A whole number between those of a column ``times`` as large: equal steps stay equal."""
    left = min(index // times, len(column) - 2)
    return column[left] * times + (index - left * times) * (column[left + 1] - column[left])
