"""What the columns of a request as such tell, beside what an analysis makes of them."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from functions._lab.fields import Field, fields
from functions._lab.plausible import Columns, Usual, unit_checks
from functions._lab.ranges import range_checks
from functions._lab.result import Caution, Result
from functions._lab.sequence import sequence_checks
from functions._lab.slips import plain
from functions._lab.stepped import step_checks

Array = NDArray[np.float64]

R = TypeVar("R", bound=Result)


def warned(result: R, usual: Usual, *parts: tuple[str, Struct | None]) -> R:
    """The result with its warnings as :func:`checked` gives them."""
    return msgspec.structs.replace(result, warnings=checked(result.warnings, usual, *parts))


def checked(
    cautions: Sequence[Caution], usual: Usual, *parts: tuple[str, Struct | None]
) -> list[Caution]:
    """The warnings of an analysis, with what columns as such tell beside them.

    Columns in a wrong unit, readings no apparatus gives, set values out of step; what was read
    beside the last is not accused of lying where it does.

    Parameters
    ----------
    parts : Structs of the readings, each with the beginning of its paths; None for none.
    """
    columns: dict[str, Array] = {}
    declared: dict[str, Field] = {}
    for prefix, struct in parts:
        for name, of_field in {} if struct is None else fields(type(struct)).items():
            values = getattr(struct, name)
            if values is not None:
                columns[prefix + name] = _flat(values)
                declared[prefix + name] = of_field
    known = {(c.field, c.index) for c in cautions}
    kept, found = list(cautions), []
    for name, beside in usual.stepped.items():
        if name in columns:
            for caution in step_checks(name, columns[name], by_machine=name in usual.by_machine):
                kept = [c for c in kept if not (c.field in beside and c.index == caution.index)]
                found.append(caution)
    for name, over in usual.smooth.items():
        if name in columns and over in columns:
            found += range_checks(columns[over], name, columns[name])
    named = {c.field for c in (*kept, *found) if c.index is not None}
    found += _out_of_order(columns, usual, named)
    units = unit_checks(columns, usual, declared)
    found += _impossible(columns, usual, {caution.field for caution in units})
    return kept + [c for c in found if (c.field, c.index) not in known] + units


def _out_of_order(columns: Columns, usual: Usual, otherwise: set[str]) -> Iterator[Caution]:
    """Readings that break the order of their column, where nothing in it is named ``otherwise``."""
    for shapes, humped in ((usual.ordered, False), (usual.humped, True)):
        for name, over in shapes.items():
            given = name in columns and over in columns
            if given and not otherwise & {name, over}:
                yield from sequence_checks(name, columns[name], columns[over], humped=humped)


def _impossible(columns: Columns, usual: Usual, otherwise: set[str]) -> Iterator[Caution]:
    """Single readings that are out of all bounds, of columns that are not so ``otherwise``."""
    for name, span in usual.never.items():
        if name in columns and name not in otherwise:
            for index in np.flatnonzero((columns[name] < span.low) | (columns[name] > span.high)):
                typed, low, high = (plain(v) for v in (columns[name][index], span.low, span.high))
                sentence = f"{name}[{index}] = {typed} 超出可能的范围 {low}～{high}，请核对记录"
                yield Caution("outlier", sentence, name, int(index))


def _flat(values: Any) -> Array:
    """One reading, a column, or the repeats of a column, as one column."""
    if isinstance(values, list) and isinstance(values[0], list):
        values = [reading for repeats in values for reading in repeats]
    return np.atleast_1d(np.asarray(values, float))
