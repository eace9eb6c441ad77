"""Columns that rise, fall, or rise to one maximum and fall: the one reading that is out of order.

``checks.order_checks`` is for columns without scatter.  Here a step against the direction of the
column counts only where scatter does not explain it, as the other readings tell.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from functions._lab import slips
from functions._lab.result import Caution
from functions._lab.smoothing import noise

Array = NDArray[np.float64]

_SHARE = 0.10
"""Share of the range of the others beyond which a step back is none of scatter."""
_BY_SCATTER = 7.0
"""The same in standard deviations of the scatter, where there are readings enough to tell it."""
_FEWEST, _FEWEST_FOR_SCATTER = 5, 8
_MOST_STEPS = 4
_CLEARLY = 1.5
"""How much farther from its neighbours' line the worse of two readings is."""


def sequence_checks(
    field: str,
    values: Sequence[float] | Array,
    over: Sequence[float] | Array | None = None,
    *,
    humped: bool = False,
) -> list[Caution]:
    """The one reading out of order in a column that otherwise rises or falls throughout.

    Says what it would be where a moved decimal point or exchanged digits put it in its place.

    Parameters
    ----------
    values : (n,); nothing is said of fewer than five.
    over : abscissae (n,) in whose order the column is; that in which it is written by default.
    humped : the column rises to one maximum and falls from there.
    """
    typed = np.asarray(values, float)
    abscissae = np.arange(typed.size) if over is None else np.asarray(over, float)
    order = np.argsort(abscissae, kind="stable")
    column, x = typed[order], abscissae[order].astype(float)
    if column.size < _FEWEST:
        return []
    fitting = [i for i in _suspects(column, humped) if _spoils(x, column, i, humped)]
    found = [(i, meant) for i in fitting if (meant := _meant(x, column, i, humped)) is not None]
    if len(found) == 1:
        index, candidate = found[0]
        return [slips.caution(candidate, field, int(order[index]), float(column[index]))]
    worst = _worst(x, column, fitting)
    if worst is None:
        return []
    place, reading = int(order[worst]), slips.plain(column[worst])
    message = f"{field}[{place}] = {reading} 打乱了该列的大小顺序，请核对记录"
    return [Caution("order", message, field, place)]


def _suspects(column: Array, humped: bool) -> list[int]:
    """Readings beside the largest steps against the direction of the column, and the maximum."""
    against = _against(column, humped)
    steps = [k for k in np.argsort(-against)[:_MOST_STEPS] if against[k] > 0]
    top = {int(np.argmax(column))} if humped else set()
    return sorted(top | {int(i) for k in steps for i in (k, k + 1)})


def _spoils(x: Array, column: Array, index: int, humped: bool) -> bool:
    """Whether the column is out of order with this reading, and in order without it."""
    if column.size == _FEWEST and humped:
        return False
    rest = np.delete(column, index)
    least = _least(np.delete(x, index), rest)
    return bool(least) and _broken(column, least, humped) and not _broken(rest, least, humped)


def _least(x: Array, column: Array) -> float:
    """Step back that neither scatter nor the last digit explains; 0 where all are equal."""
    least = _SHARE * float(np.ptp(column))
    if column.size >= _FEWEST_FOR_SCATTER and np.all(np.diff(x) > 0):
        least = min(least, _BY_SCATTER * float(np.max(noise(x, column))))
    return least


def _against(column: Array, humped: bool) -> Array:
    """How far each step (n - 1,) goes against the direction of the column; negative along it."""
    steps = np.diff(column)
    if humped:
        return np.asarray(np.where(np.arange(steps.size) < np.argmax(column), -steps, steps))
    return np.asarray(-steps if np.sum(steps > 0) >= np.sum(steps < 0) else steps)


def _broken(column: Array, least: float, humped: bool) -> bool:
    return bool(np.any(_against(column, humped) > least))


def _worst(x: Array, column: Array, fitting: list[int]) -> int | None:
    """The only reading that spoils the order, or the one of them that is clearly the farthest."""
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    distances = []
    for i in fitting:
        rest_x, rest = np.delete(x, i), np.delete(column, i)
        distances.append(abs(float(column[i]) - float(np.interp(x[i], rest_x, rest))))
    ranked = np.argsort(distances)
    clear = distances[ranked[-1]] > _CLEARLY * distances[ranked[-2]]
    return fitting[int(ranked[-1])] if clear else None


def _meant(x: Array, column: Array, index: int, humped: bool) -> slips.Candidate | None:
    """Another reading of that number which is in order with its neighbours, if there is one."""
    others = np.delete(column, index)
    room = 0.5 * _SHARE * float(np.ptp(others))
    beside = column[max(index - 1, 0) : index + 2]
    near = np.delete(beside, min(index, 1))
    least = _least(np.delete(x, index), others)
    for candidate in slips.candidates(float(column[index]), slips.decimals(column)):
        changed = column.copy()
        changed[index] = candidate.value
        inside = near.min() - room <= candidate.value <= near.max() + room
        at_end = near.size == 1 and abs(candidate.value - near[0]) < 6 * room
        if not _broken(changed, least, humped) and (at_end if near.size == 1 else inside):
            return candidate
    return None
