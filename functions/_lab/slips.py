"""What the author of a reading that is out of line probably meant to type.

The typed value is moved by one decimal place, or two neighbouring digits are exchanged, and the fit
is made again.  Only readings that :mod:`suspects` finds out of line are tried.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from functions._lab.result import Caution
from functions._lab.suspects import FIT_FAILURES, Array, Suspect, Table, judged

MOST_DIGITS = 12
_SWAPPED_DIGITS = 6
_STRIKING = 3.0
_FEWEST_IN_ORDER = 4


@dataclass(frozen=True)
class Candidate:
    """Another reading of one typed number."""

    code: Literal["decimal-slip", "digit-swap"]
    text: str
    value: float


def plain(value: float) -> str:
    """Shortest decimal text of a reading, never with an exponent."""
    number = Decimal(repr(float(value)))
    return f"{number.normalize():f}" if number else "0"


def decimals(values: Sequence[float] | Array) -> int:
    """Decimals to which a column is typed: those of its longest reading, at most 12."""
    longest = 0
    for value in values:
        exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
        longest = max(longest, -int(exponent))
    return min(longest, MOST_DIGITS)


def candidates(value: float, places: int) -> Iterator[Candidate]:
    """What may have been meant by ``value``, typed with ``places`` decimals."""
    number = Decimal(repr(float(value)))
    if not number:
        return
    for shift in (-1, 1):
        moved = float(number.scaleb(shift))
        yield Candidate("decimal-slip", plain(moved), moved)
    sign, digits = ("-", f"{-number:.{places}f}") if number < 0 else ("", f"{number:.{places}f}")
    spots = [i for i, c in enumerate(digits) if c.isdigit()]
    if digits.startswith("0."):
        spots = spots[1:]
    for left, right in list(itertools.pairwise(spots))[:_SWAPPED_DIGITS]:
        if digits[left] != digits[right]:
            swapped = list(digits)
            swapped[left], swapped[right] = digits[right], digits[left]
            other = float(sign + "".join(swapped))
            yield Candidate("digit-swap", plain(other), other)


@dataclass(frozen=True)
class Slip:
    """A typed reading that fits the others once it is typed otherwise."""

    column: Literal["x", "y"]
    index: int
    typed: float
    meant: Candidate
    rss: float
    """Residual sum of squares of the model after the change."""


LEAST_IMPROVEMENT = 20.0
"""A slip brings the residual sum of squares down by more than this factor."""
SLIP_LEVEL = 0.01
COMPATIBLE_LEVEL = 0.02
RUNNER_UP = 4.0
POOR_FIT, GOOD_FIT, EXACT_FIT = 0.1, 0.05, 2e-3
PLAIN_IMPROVEMENT = 200.0


def find_slip(table: Table, examined: Sequence[Suspect]) -> Slip | None:
    """The one slip that explains the misfit, or None.

    The reading must be out of line with the others (level 1 % over the whole table), the other
    value in line with them, and the residual sum of squares must fall by more than a factor of 20.
    Where the test cannot tell, with a handful of readings or far out on a steep curve (its tangent
    there says little), see :func:`_is_plain_to_see`.
    Of several slips, the one that leaves least; where two readings could be meant about equally
    well, none is accused.
    """
    x, y = table.fitted_columns()
    before = table.rss(x, y)
    found: list[Slip] = []
    places = decimals(table.x), decimals(table.y)
    for suspect in examined:
        out_of_line = suspect.significance * len(x) < SLIP_LEVEL
        for slip, changed in _alternatives(table, suspect, places, only_striking=not out_of_line):
            noise = max(suspect.degrees_of_freedom, 1) * suspect.floor**2
            if before <= LEAST_IMPROVEMENT * (slip.rss + noise):
                continue
            if out_of_line:
                convincing = _compatible(changed, suspect)
            else:
                convincing = _is_plain_to_see(table, suspect, slip, before)
            if convincing:
                found.append(slip)
    return _best(found)


def _alternatives(
    table: Table, suspect: Suspect, places: tuple[int, int], *, only_striking: bool
) -> Iterator[tuple[Slip, Table]]:
    """What else the typed numbers of one suspect may be, with the table changed accordingly.

    ``places``: the decimals to which x and y are typed.  ``only_striking``: only a moved decimal
    point, in a column of whose others it stands out.
    Abscissae that rise or fall throughout as typed were typed right as far as that goes: what
    would break their order was not meant.
    """
    i = suspect.index
    columns: tuple[tuple[Literal["x", "y"], Array, int], ...]
    columns = ("x", table.x, places[0]), ("y", table.y, places[1])
    in_order = _rises_or_falls(table.x)
    for column, values, typed_places in columns[table.x_counted :]:
        if only_striking and not _is_striking(values, i):
            continue
        typed = float(values[i])
        for candidate in candidates(typed, typed_places):
            if only_striking and candidate.code != "decimal-slip":
                continue
            changed = table.replaced(column, i, candidate.value)
            if in_order and not _rises_or_falls(changed.x):
                continue
            rss = _misfit(changed, i)
            if np.isfinite(rss):
                yield Slip(column, i, typed, candidate, rss), changed


def _rises_or_falls(column: Array) -> bool:
    """Whether a column of four readings or more is in strict order."""
    steps = np.diff(column)
    return len(column) >= _FEWEST_IN_ORDER and bool((steps > 0).all() or (steps < 0).all())


def _is_striking(column: Array, index: int) -> bool:
    """Whether a reading is three times beyond all the others of its column."""
    typed, others = abs(float(column[index])), np.abs(np.delete(column, index))
    most, least = float(others.max()), float(others.min())
    return typed > _STRIKING * most or 0 < typed < least / _STRIKING


def _misfit(table: Table, index: int) -> float:
    """Residual sum of squares; infinite where the changed reading cannot be used."""
    with np.errstate(all="ignore"):
        try:
            x, y = table.fitted_columns()
            usable = np.isfinite(x[index]) and np.isfinite(y[index]) and np.ptp(x) > 0
            return table.rss(x, y) if usable else np.inf
        except FIT_FAILURES:
            return np.inf


def _compatible(changed: Table, suspect: Suspect) -> bool:
    """Whether the changed reading is in line with the others."""
    x, y = changed.fitted_columns()
    try:
        again = judged(changed, x, y, suspect.index, suspect.floor)
    except FIT_FAILURES:
        return False
    return again.significance > COMPATIBLE_LEVEL


def _is_plain_to_see(table: Table, suspect: Suspect, slip: Slip, before: float) -> bool:
    """Whether the columns show a moved decimal point although no test can tell.

    The typed number is striking (see :func:`_alternatives`), and moving its point
    brings a misfit of more than 10 % of the variation of y down by a factor of 200, to less than
    5 % of the variation (0.2 % where the others determine the curve without any redundancy).
    """
    variation = _variation(table.replaced(slip.column, slip.index, slip.meant.value))
    good = GOOD_FIT if suspect.degrees_of_freedom else EXACT_FIT
    return (
        before > max(POOR_FIT * variation, PLAIN_IMPROVEMENT * slip.rss)
        and slip.rss < good * variation
    )


def _variation(table: Table) -> float:
    """Sum of squares of y that the model has to explain."""
    _, y = table.fitted_columns()
    centred = y if table.refit is None and table.parameters == 1 else y - y.mean()
    return float(centred @ centred)


def _best(found: list[Slip]) -> Slip | None:
    if not found:
        return None
    best = min(found, key=lambda slip: slip.rss)
    rivals = [slip.rss for slip in found if slip.index != best.index]
    return None if rivals and min(rivals) < RUNNER_UP * best.rss else best


def caution(meant: Candidate, field: str, index: int, typed: float) -> Caution:
    """The warning that names the reading and what it would be."""
    reason = "小数点可能错位" if meant.code == "decimal-slip" else "相邻两位数字可能颠倒"
    return Caution(
        meant.code,
        f"{field}[{index}] = {plain(typed)}，若为 {meant.text} 则与其余数据一致，"
        f"{reason}，请核对记录",
        field,
        index,
    )
