"""Warnings: what to look at while the apparatus is still on the bench.

One engine that an experiment configures.  Nothing here changes or drops a reading, and no check
fires on sound data: a reading is called an outlier only where it is beyond 3.5 robust standard
deviations *and* significant at the level of 0.2 % for the whole table, since on six readings the
first condition alone is met by chance every few times.  With the checks for slips, at most one
sound table in a hundred is warned about.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from functions._lab import slips
from functions._lab.errors import ReadingError
from functions._lab.repeats import repeats_checks
from functions._lab.reporting import fixed, significant
from functions._lab.result import Caution, Measurand
from functions._lab.suspects import (
    FIT_FAILURES,
    Array,
    Refit,
    Suspect,
    Table,
    Transform,
    robust_deviation,
    suspects,
)

__all__ = [
    "few_points",
    "line_checks",
    "offset_check",
    "order_checks",
    "reference_check",
    "repeats_checks",
]

ROBUST_DEVIATIONS = 3.5
OUTLIER_LEVEL = 0.002
LEAST_DEGREES_OF_FREEDOM = 3
RELATIVE_DEVIATION, DEVIATIONS = 0.10, 3.0
_MOST_SLIPS = 3
_MANY_TIMES = 3.0

Model = Literal["line", "proportional"] | Refit


def line_checks(
    x_field: str,
    x: Sequence[float] | Array,
    y_field: str,
    y: Sequence[float] | Array,
    *,
    model: Model = "line",
    parameters: int = 2,
    to_x: Transform | None = None,
    to_y: Transform | None = None,
    x_monotonic: bool = False,
    y_monotonic: bool = False,
    x_counted: bool = False,
    indices: Sequence[int] | None = None,
) -> list[Caution]:
    """Slips, outliers and breaks of order among the readings of one fit.

    Parameters
    ----------
    x_field, y_field : input fields as in the request, for the warnings.
    x, y : the columns as typed, (n,) each.
    model : "line", "proportional" (through the origin) or a callable that fits transformed x and y
        and returns the fitted curve as a function of x.
    parameters : number of parameters of a callable model.
    to_x, to_y : typed column to fitted column (``np.log`` where ln R is fitted), by element.
    x_monotonic, y_monotonic : whether the column must rise or fall throughout.
    x_counted : the abscissae are whole numbers that were counted, so only y can hold a slip.
    indices : position of each reading in its field, where only a part of the field is fitted.
    """
    places = list(range(len(x))) if indices is None else list(indices)
    table = _table(x, y, model, parameters, to_x or _as_typed, to_y or _as_typed)
    table = dataclasses.replace(table, x_counted=x_counted)
    names = {"x": x_field, "y": y_field}
    cautions, accused = _table_cautions(table, names, places)
    for column, values, wanted in ((x_field, x, x_monotonic), (y_field, y, y_monotonic)):
        if wanted:
            cautions += [
                caution
                for caution in order_checks(column, values, indices=places)
                if (column, caution.index) not in accused
            ]
    return cautions


def _table(
    x: Sequence[float] | Array,
    y: Sequence[float] | Array,
    model: Model,
    parameters: int,
    to_x: Transform,
    to_y: Transform,
) -> Table:
    refit = None if isinstance(model, str) else model
    count = {"line": 2, "proportional": 1}[model] if isinstance(model, str) else parameters
    return Table(np.asarray(x, float), np.asarray(y, float), to_x, to_y, refit, count)


def _as_typed(values: Array) -> Array:
    return values


def _table_cautions(
    table: Table, names: Mapping[str, str], places: list[int]
) -> tuple[list[Caution], set[tuple[str, int | None]]]:
    """Slips one after another, each put right before the next is looked for; then outliers."""
    cautions: list[Caution] = []
    for _ in range(_MOST_SLIPS):
        judged = _judged(table)
        slip = slips.find_slip(table, judged) if judged else None
        if slip is None:
            break
        field, index = names[slip.column], places[slip.index]
        cautions.append(slips.caution(slip.meant, field, index, slip.typed))
        table = table.replaced(slip.column, slip.index, slip.meant.value)
    else:
        judged = _judged(table)
    mended = {caution.index for caution in cautions}
    for suspect in _outliers(table, judged):
        if places[suspect.index] not in mended:
            cautions.append(_outlier_caution(table, suspect, names["y"], places))
    return cautions, {(caution.field, caution.index) for caution in cautions}


def _judged(table: Table) -> list[Suspect]:
    """All readings judged; none where there are too few or the columns cannot be fitted."""
    if len(table.x) < table.parameters + 1:
        return []
    with np.errstate(all="ignore"):
        x, y = table.fitted_columns()
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return []
    flat = np.ptp(x) == 0 if table.parameters > 1 else not x.any()
    if flat or np.ptp(y) == 0:
        return []
    try:
        return suspects(table)
    except FIT_FAILURES:
        return []


def _outliers(table: Table, judged: list[Suspect]) -> list[Suspect]:
    """Readings beyond 3.5 robust standard deviations whose distance is significant."""
    return [
        suspect
        for suspect in judged
        if suspect.significance * len(table.x) < OUTLIER_LEVEL
        and abs(suspect.residual) > ROBUST_DEVIATIONS * _robust_scale(table, suspect)
    ]


def _robust_scale(table: Table, suspect: Suspect) -> float:
    """Robust standard deviation of the others about their own fit, the resolution at least.

    About the fit of all, a gross reading at an end hides itself by what it does to the others.
    """
    others = np.arange(len(table.x)) != suspect.index
    x, y = (column[others] for column in table.fitted_columns())
    return max(robust_deviation(y - table.curve(x, y)(x)), suspect.floor)


def _outlier_caution(table: Table, suspect: Suspect, field: str, places: list[int]) -> Caution:
    place = places[suspect.index]
    ratio = significant(abs(suspect.residual) / suspect.scale, 2)
    side = "偏大" if suspect.residual > 0 else "偏小"
    return Caution(
        "outlier",
        f"{field}[{place}] = {slips.plain(table.y[suspect.index])} 偏离其余数据的拟合线（{side}），"
        f"约为其余数据离散程度的 {ratio} 倍，请核对或重测",
        field,
        place,
    )


def order_checks(
    field: str, values: Sequence[float] | Array, *, indices: Sequence[int] | None = None
) -> list[Caution]:
    """One reading out of order in a column that otherwise rises or falls throughout (n ≥ 4)."""
    column = np.asarray(values, float)
    if len(column) < 4 or _is_monotonic(column):
        return []
    fitting = [i for i in _breaks(column) if _is_monotonic(np.delete(column, i))]
    if not fitting:
        return []
    index = fitting[-1] if len(fitting) == 2 and fitting[1] == fitting[0] + 1 else fitting[0]
    place = index if indices is None else indices[index]
    return [
        Caution(
            "order",
            f"{field}[{place}] = {slips.plain(column[index])} 打乱了该列的大小顺序，请核对记录",
            field,
            place,
        )
    ]


def _breaks(values: Array) -> list[int]:
    """Readings beside the only step that goes the other way."""
    steps = np.diff(values)
    found: set[int] = set()
    for against in (np.flatnonzero(steps < 0), np.flatnonzero(steps > 0)):
        if len(against) == 1:
            found |= {int(against[0]), int(against[0]) + 1}
    return sorted(found)


def _is_monotonic(values: Array) -> bool:
    steps = np.diff(values)
    return bool((steps >= 0).all() or (steps <= 0).all())


def few_points(degrees_of_freedom: float, what: str, field: str = "") -> list[Caution]:
    """Warn where ν < 3: the uncertainty itself is then hardly known.  ``what`` is Chinese."""
    if degrees_of_freedom >= LEAST_DEGREES_OF_FREEDOM:
        return []
    nu = slips.plain(math.floor(10 * degrees_of_freedom + 1e-6) / 10)
    return [
        Caution("few-points", f"{what}的自由度只有 {nu}，不确定度本身不可靠，请增加测量点", field)
    ]


def reference_check(measurand: Measurand, causes: Sequence[str], field: str = "") -> list[Caution]:
    """Warn where a result is more than 10 % and more than 3 u away from its reference.

    ``causes`` are the two or three likeliest ones of the experiment, in Chinese.
    """
    reference = measurand.reference
    if reference is None or abs(reference.relative_deviation) <= RELATIVE_DEVIATION:
        return []
    u = float(np.hypot(measurand.by_gum.standard_uncertainty, reference.standard_uncertainty))
    if abs(measurand.value - reference.value) <= DEVIATIONS * u:
        return []
    ratio = measurand.value / reference.value
    side = "大" if measurand.value > reference.value else "小"
    far = f"{side} {fixed(100 * abs(reference.relative_deviation), 0)} %"
    if ratio > _MANY_TIMES:
        far = f"大，是它的 {significant(ratio, 2)} 倍"
    return [
        Caution(
            "reference",
            f"{measurand.name} {measurand.symbol} 比参考值（{reference.source}）"
            f"{far}，请检查：{'；'.join([*_unit_cause(ratio), *causes])}",
            field,
        )
    ]


def _unit_cause(ratio: float) -> list[str]:
    """The likeliest cause of a result that is a power of ten of its reference."""
    power = round(math.log10(ratio)) if ratio > 0 else 0
    if not power or abs(ratio / 10.0**power - 1) > RELATIVE_DEVIATION:
        return []
    factor = slips.plain(10.0 ** abs(power))
    return [f"单位与小数点（约差 {factor} 倍）"]


def offset_check(
    field: str,
    values: Sequence[float] | Array,
    expected: Sequence[float] | Array,
    *,
    tolerance: float,
    unit: str,
    source: str,
    causes: Sequence[str] = (),
) -> list[Caution]:
    """All readings to one side of a known curve by more than ``tolerance`` (unit of the field).

    From five readings on, one may lie elsewhere (it is then warned about on its own account).
    Raises ReadingError where the lengths differ.
    """
    column, known = np.asarray(values, float), np.asarray(expected, float)
    if column.shape != known.shape:
        raise ReadingError("与参考曲线的点数不同", field)
    difference = column - known
    middle = float(np.median(difference))
    beyond = int(np.sum(difference * np.sign(middle) > tolerance))
    if len(column) < 3 or beyond < len(column) - (1 if len(column) >= 5 else 0):
        return []
    advice = f"；请检查：{'；'.join(causes)}" if causes else ""
    amount = f"{significant(abs(middle), 2)} {unit}"
    side = "高" if middle > 0 else "低"
    return [
        Caution(
            "offset",
            f"{field} 的读数普遍比 {source} 的值{side}约 {amount}{advice}",
            field,
        )
    ]
