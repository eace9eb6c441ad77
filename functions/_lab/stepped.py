"""Set values in equal steps: the one of them that is not where its neighbours leave room for it.

Only a column whose steps around the reading are equal to the last digit tells anything, and only a
reading that is a good part of a step away: what was read off, not set, is not so regular.  First
and last readings are often set on purpose where the rest is not, and count only where a machine
took them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from functions._lab import slips
from functions._lab.result import Caution

Array = NDArray[np.float64]

_ASIDE = 2
_FEWEST = 4
"""Neighbours that have to lie on the equal steps."""
_AWAY = 0.15
"""Share of a step beyond which a reading is away."""
_EXACT = 1e-6
_MOST = 3


def step_checks(
    field: str, values: Sequence[float] | Array, *, by_machine: bool = False
) -> list[Caution]:
    """Readings beside equal steps, with what they would be.

    Parameters
    ----------
    field, values : the column as typed, (n,), n ≥ 5 for anything to be said.
    by_machine : the ends of the column are in step with the rest as well.
    """
    column = np.asarray(values, float)
    found = []
    for i in range(column.size):
        expected = _expected(column, i, ends=by_machine)
        if expected is not None:
            found.append(_caution(field, i, float(column[i]), expected))
    return found if len(found) <= _MOST else []


def _expected(column: Array, i: int, *, ends: bool) -> float | None:
    """What reading i should be, where its neighbours tell it and it is not."""
    last = column.size - 1
    if not ends and i in (0, last):
        return None
    low = min(max(i - _ASIDE, 0), max(last - 2 * _ASIDE, 0))
    around = np.array([k for k in range(low, min(low + 2 * _ASIDE, last) + 1) if k != i])
    if around.size < _FEWEST:
        return None
    step = float(column[around[-1]] - column[around[0]]) / float(around[-1] - around[0])
    line = column[around[0]] + step * (around - around[0])
    if not step or np.abs(column[around] - line).max() > _EXACT * abs(step):
        return None
    expected = float(column[around[0]] + step * (i - around[0]))
    away = abs(float(column[i]) - expected) > _AWAY * abs(step)
    return float(f"{expected:.10g}") if away else None


def _caution(field: str, index: int, typed: float, expected: float) -> Caution:
    sentence = (
        f"{field}[{index}] = {slips.plain(typed)} 不在等间隔的数列上，"
        f"按前后的间隔应为 {slips.plain(expected)}，请核对记录"
    )
    return Caution("order", sentence, field, index)
