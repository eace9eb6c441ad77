"""One abscissa that lies far outside all the others, as misplaced zeros make it.

Columns along which a curve is read have no gap of several times the span of all other readings.
"""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from functions._lab import slips
from functions._lab.checks import order_checks
from functions._lab.result import Caution

Array = NDArray[np.float64]

_FEWEST = 5
_FAR = 3.0
"""Distance to the nearest other reading, in spans of the others, that no curve is read with."""
_MOST_PLACES = 30


def stray_checks(field: str, values: Sequence[float] | Array) -> list[Caution]:
    """The one reading of a column (n ≥ 5) that lies far from all the others.

    Says what it would be where a moved decimal point puts it in its place in the order.
    """
    column = np.asarray(values, dtype=float)
    if column.size < _FEWEST:
        return []
    index = int(np.argmax(np.abs(column - np.median(column))))
    others = np.delete(column, index)
    span = float(np.ptp(others))
    if not span or float(np.abs(others - column[index]).min()) <= _FAR * span:
        return []
    typed = float(column[index])
    meant = _meant(column, index)
    if meant is not None:
        return [slips.caution(meant, field, index, typed)]
    sentence = f"{field}[{index}] = {slips.plain(typed)} 远离其余读数，请核对小数点与单位"
    return [Caution("outlier", sentence, field, index)]


def column_checks(field: str, values: Sequence[float] | Array) -> list[Caution]:
    """A reading far from all the others, else one out of order (``checks.order_checks``)."""
    return stray_checks(field, values) or order_checks(field, values)


def _meant(column: Array, index: int) -> slips.Candidate | None:
    """The number with its decimal point moved until the column rises or falls throughout."""
    longest = float(np.abs(np.diff(np.delete(column, index))).max())
    number = Decimal(repr(float(column[index])))
    beside = np.delete(column[max(index - 1, 0) : index + 2], min(index, 1))
    for places in range(1, _MOST_PLACES + 1):
        value = float(number.scaleb(-places))
        changed = column.copy()
        changed[index] = value
        steps = np.diff(changed)
        in_order = bool((steps > 0).all() or (steps < 0).all())
        if in_order and float(np.abs(beside - value).min()) <= _FAR * longest:
            return slips.Candidate("decimal-slip", slips.plain(value), value)
    return None
