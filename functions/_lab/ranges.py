"""A column whose unit or range was switched on the way: from some reading on, ×10, ×100, ×1000.

On a smooth curve ln|y| has no steps.  A switch is one step of k·ln 10, behind which the curve goes
on as before: two second differences of ln|y| that are large, opposite, and small once it is undone.
A single slip does not look so, since the curve comes back; nor do the zeros and the first digits of
a curve that begins at nothing, which are left out.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from functions._lab.result import Caution
from functions._lab.suspects import step_of

Array = NDArray[np.float64]

_FEWEST = 7
_ASIDE = 3
"""Readings on either side of the place, at least."""
_STEP = 1.2
"""Least second difference on either side of a switch; ln 10 is 2.3."""
_SMOOTH = 0.5
"""Largest second difference of four fifths of a smooth curve, and of a switch undone."""
_ROUGH_SHARE = 0.1
"""Share of second differences as large as a switch's that a curve may have elsewhere."""
_BESIDE = 5
"""Second differences on either side of a switch that are small."""
_DIGITS = 4.0
"""Steps of the last digit below which a reading says little about the curve."""


def range_checks(
    x: Sequence[float] | Array,
    field: str,
    y: Sequence[float] | Array,
    *,
    indices: Sequence[int] | None = None,
) -> list[Caution]:
    """One switch among readings that lie on a smooth curve; says the place and the factor.

    Parameters
    ----------
    x, y : (n,), in any order; nothing is said of fewer than seven readings, nor where abscissae
        repeat.
    field : input field of ``y``, for the warning.
    indices : position of each reading in its field, where only a part of the field is given.
    """
    order = np.argsort(np.asarray(x, dtype=float), kind="stable")
    xs, ys = (np.asarray(column, dtype=float)[order] for column in (x, y))
    if ys.size < _FEWEST or np.any(np.diff(xs) == 0):
        return []
    telling = np.flatnonzero(np.abs(ys) >= _DIGITS * step_of(ys))
    if telling.size < _FEWEST or np.ptp(np.sign(ys[telling])):
        return []
    found = _switch(np.log(np.abs(ys[telling])))
    if found is None:
        return []
    behind, power = found
    if order[0] > order[-1]:  # written down with falling abscissae
        behind, power = behind - 1, -power
    first = int(order[telling[behind]])
    place = first if indices is None else indices[first]
    side, factor = "大" if power > 0 else "小", 10 ** abs(power)
    sentence = f"从 {field}[{place}] 起都{side}了约 {factor} 倍，请核对量程、倍率或单位是否换过"
    return [Caution("range", sentence, field, place)]


def _switch(logarithms: Array) -> tuple[int, int] | None:
    """First reading behind the one switch and its power of ten, or None."""
    bends = np.diff(logarithms, n=2)
    found = []
    for first in range(_ASIDE, logarithms.size - _ASIDE + 1):
        up, down = bends[first - 2 : first]
        power = round(float(up - down) / 2 / np.log(10))
        step = power * np.log(10)
        if up * down >= 0 or min(abs(up), abs(down)) < _STEP or not 1 <= abs(power) <= 3:
            continue
        if max(abs(up - step), abs(down + step)) > _SMOOTH:
            continue
        others = np.abs(np.delete(bends, [first - 2, first - 1]))
        if others[max(first - 2 - _BESIDE, 0) : first - 2 + _BESIDE].max() > _STEP / 2:
            continue
        rough = np.sum(others > _STEP) > _ROUGH_SHARE * others.size
        if not rough and np.quantile(others, 0.8) < _SMOOTH:
            found.append((first, power))
    return found[0] if len(found) == 1 else None
