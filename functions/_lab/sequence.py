"""Columns that only rise or only fall, but with scatter: one reading far out of its order.

``checks.order_checks`` is for columns without scatter.  Here a step against the direction of the
column counts only beyond a tenth of its range, as a misplaced decimal point makes it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from functions._lab import slips
from functions._lab.result import Caution

Array = NDArray[np.float64]

_SHARE = 0.10
_FEWEST = 5


def sequence_checks(field: str, values: Sequence[float] | Array) -> list[Caution]:
    """The one reading far out of order in a column that otherwise rises or falls throughout.

    Says what it would be where a moved decimal point or exchanged digits put it in its place.
    """
    column = np.asarray(values, float)
    if column.size < _FEWEST:
        return []
    fitting = [i for i in _at_breaks(column) if not _at_breaks(np.delete(column, i))]
    found = [(i, meant) for i in fitting if (meant := _meant(column, i)) is not None]
    if len(found) == 1:
        index, candidate = found[0]
        return [slips.caution(candidate, field, index, float(column[index]))]
    if len(fitting) != 1:
        return []
    index = fitting[0]
    message = f"{field}[{index}] = {slips.plain(column[index])} 打乱了该列的大小顺序，请核对记录"
    return [Caution("order", message, field, index)]


def _at_breaks(column: Array) -> list[int]:
    """Readings on either side of a step that goes far against the direction of the column."""
    steps = np.diff(column)
    direction = 1.0 if np.sum(steps > 0) >= np.sum(steps < 0) else -1.0
    least = _SHARE * float(np.ptp(np.sort(column)[1:-1]))
    against = np.flatnonzero(direction * steps < -least) if least else np.array([], int)
    return sorted({int(i) for k in against for i in (k, k + 1)})


def _meant(column: Array, index: int) -> slips.Candidate | None:
    """Another reading of that number which is in order with its neighbours, if there is one."""
    others = np.delete(column, index)
    room = 0.5 * _SHARE * float(np.ptp(others))
    beside = column[max(index - 1, 0) : index + 2]
    near = np.delete(beside, min(index, 1))
    for candidate in slips.candidates(float(column[index]), slips.decimals(column)):
        changed = column.copy()
        changed[index] = candidate.value
        inside = near.min() - room <= candidate.value <= near.max() + room
        at_end = near.size == 1 and abs(candidate.value - near[0]) < 6 * room
        if not _at_breaks(changed) and (at_end if near.size == 1 else inside):
            return candidate
    return None
