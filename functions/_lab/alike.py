"""Readings of two people that agree beyond chance: the same scatter, in whatever unit.

Two columns are alike where one is the other times a constant, within their last digits, in all rows
but one.  That says something only where the column scatters: two independent readings of the
scatter σ, by third differences, meet in one row of the resolution r with the chance r/(2√π σ); set
values and smooth curves are worth nothing.  Where two people's numbers are of one size they were
read at one apparatus, and must be equal in every digit.  Below :data:`BEYOND_CHANCE` nothing is
said.
"""

import itertools
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MOST_ROWS = 200
"""Of a longer column the first ones tell enough."""
FEWEST = 4
"""Rows of a column that may tell anything."""
BEYOND_CHANCE = 5.0
"""log10 of the odds: 60 students make 1770 pairs of some five columns."""
_NORMAL = 1.4826
"""Standard deviation over the median of absolute deviations, of a normal distribution."""
_ORDER = 3
_SCATTER = math.sqrt(20)
"""Third differences of independent readings scatter so much more than the readings."""
_ODDS = 2 * math.sqrt(math.pi)
"""Two normal readings of standard deviation σ are r or less apart in one of so many σ/r cases."""
_SAME_APPARATUS = 0.1
"""Relative; nearer than this, and but for a power of ten, two columns are of one size."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a request: its path, values, and resolution of each in its last digit."""

    path: str
    values: tuple[float, ...]
    steps: tuple[float, ...]
    worth: float
    """What agreement in one row is worth, as log10 of the odds."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two columns that agree: of whom, where, in how many rows, by which factor."""

    first: str
    second: str
    first_path: str
    second_path: str
    rows: int
    agreeing: int
    factor: float
    odds: float
    """log10."""


def columns(readings: Any, path: str = "") -> Iterator[Column]:
    """The columns of numbers in a decoded request; Decimals keep the digits that were typed."""
    if isinstance(readings, Mapping):
        for name, value in readings.items():
            if name not in ("instrument", "rules"):
                yield from columns(value, f"{path}.{name}" if path else str(name))
    elif isinstance(readings, list):
        numbers = [_number(item) for item in readings]
        known = [number for number in numbers if number is not None]
        if len(known) == len(readings) >= FEWEST:
            yield _column(path, known[:MOST_ROWS])
        elif any(isinstance(item, list | dict) for item in readings):
            for place, item in enumerate(readings):
                yield from columns(item, f"{path}[{place}]")


def likenesses(works: Mapping[str, Any]) -> list[Likeness]:
    """The pairs of works whose columns agree beyond chance, the least likely first.

    Parameters
    ----------
    works : decoded requests of one experiment, by whose they are.

    What more than a third of three and more people share is set by the apparatus.
    """
    telling = {
        owner: [one for one in columns(readings) if one.worth > 0]
        for owner, readings in works.items()
    }
    found = []
    for (first, own), (second, other) in itertools.combinations(telling.items(), 2):
        best = max(
            (like for a in own for b in other if (like := _alike(first, a, second, b))),
            key=lambda like: like.odds,
            default=None,
        )
        if best is not None:
            found.append(best)
    return sorted(_uncommon(found, len(works)), key=lambda like: -like.odds)


def _uncommon(found: list[Likeness], people: int) -> list[Likeness]:
    """Without columns that a whole group shares: more than a third, and four at least."""
    sharing: dict[str, set[str]] = {}
    for like in found:
        sharing.setdefault(like.first_path, set()).update((like.first, like.second))
    most = max(3, people / 3)
    return [like for like in found if len(sharing[like.first_path]) <= most]


def _alike(first: str, a: Column, second: str, b: Column) -> Likeness | None:
    if len(a.values) != len(b.values):
        return None
    ratios = [y / x for x, y in zip(a.values, b.values, strict=True) if x and y]
    if len(ratios) < FEWEST:
        return None
    middle = statistics.median(ratios)
    unit = math.copysign(10.0 ** round(math.log10(abs(middle))), middle)
    near = abs(middle / unit - 1) < _SAME_APPARATUS
    factor = unit if near else middle
    pairs = zip(a.values, b.values, a.steps, b.steps, strict=True)
    agreeing = sum(
        abs(y - factor * x)
        <= (0.0 if near else 0.5 * (step_y + abs(factor) * step_x)) + _ROUNDING * abs(y)
        for x, y, step_x, step_y in pairs
    )
    rows = len(a.values)
    # A factor is fitted to one row and looked for within twice the resolution.
    free, worth = (agreeing, 0.0) if near else (agreeing - 1, -math.log10(2))
    odds = free * (min(a.worth, b.worth) + worth) - (rows - agreeing) * math.log10(rows)
    if agreeing < max(FEWEST, rows - 1) or odds < BEYOND_CHANCE:
        return None
    return Likeness(first, second, a.path, b.path, rows, agreeing, factor, odds)


def _column(path: str, numbers: Sequence[Decimal]) -> Column:
    values = tuple(float(number) for number in numbers)
    steps = tuple(float(Decimal(1).scaleb(_exponent(number))) for number in numbers)
    bends = list(values)
    for _ in range(_ORDER):
        bends = [after - before for before, after in itertools.pairwise(bends)]
    spread = math.sqrt(statistics.fmean([bend * bend for bend in bends])) if bends else 0.0
    middle = _NORMAL * statistics.median(map(abs, bends)) if bends else 0.0
    odds = _ODDS * min(spread, middle) / _SCATTER / max(steps)
    return Column(path, values, steps, math.log10(odds) if odds > 1 else 0.0)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _number(item: Any) -> Decimal | None:
    """A finite number, as it was typed where that is known."""
    if isinstance(item, bool) or not isinstance(item, Decimal | int | float):
        return None
    number = item if isinstance(item, Decimal) else Decimal(repr(item))
    return number if number.is_finite() else None
