"""A straight line between two typed columns, or on the logarithm of the abscissa.

The common way of an experiment from two declared columns to line, warnings and panels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab import checks, verdict
from functions._lab.errors import ReadingError
from functions._lab.fields import Field, Readings, field
from functions._lab.figure import Item, Panel
from functions._lab.limits import carried, of_each, uneven
from functions._lab.line import Line, fit_line
from functions._lab.panels import line_panels, residual_panel
from functions._lab.resolution import hidden
from functions._lab.result import Caution, Fit
from functions._lab.suspects import tail

Array = NDArray[np.float64]

_APART = 0.25
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Column:
    """A typed column with its declaration and the limit of error of its instrument."""

    declared: Field
    values: Array
    limit: float | None

    @property
    def name(self) -> str:
        """Name of the input field."""
        return self.declared.name

    def part(self, places: Any) -> "Column":
        """Some of the readings."""
        return Column(self.declared, self.values[places], self.limit)


def column_of(readings: Readings, name: str) -> Column:
    """The column of that field.  Raises ReadingError where it was not given."""
    values = getattr(readings, name)
    if values is None:
        raise ReadingError("没有收到这一列读数", name)
    return Column(field(type(readings), name), np.asarray(values, float), readings.limit(name))


def upright(column: Column) -> Column:
    """The column with its sign reversed where most of its readings are negative.

    A source meter counts the current of a cell that gives power as negative.
    """
    reversed_ = np.sum(column.values < 0) > np.sum(column.values > 0)
    return replace(column, values=-column.values) if reversed_ else column


def sign_checks(readings: Readings, names: Sequence[str]) -> list[Caution]:
    """Warn of the columns that :func:`upright` reverses."""
    columns = [column_of(readings, name) for name in names if getattr(readings, name) is not None]
    return [
        Caution("sign", f"{c.name} 的读数多为负值，已反号后分析，请核对表笔极性或符号", c.name)
        for c in columns
        if upright(c) is not c
    ]


@dataclass(frozen=True, eq=False)
class Response:
    """A fitted line of ``y`` on ``x`` or on ln x."""

    x: Column
    y: Column
    line: Line
    logarithmic: bool
    places: list[int] | None = None
    """Places of the readings in the typed columns, where only some are fitted."""

    @property
    def axis(self) -> str:
        """Label of the abscissa; a logarithm is that of the number in the unit."""
        declared = self.x.declared
        if not self.logarithmic:
            return declared.axis
        return (
            f"ln({declared.symbol})"
            if declared.unit in ("", "1")
            else (f"ln({declared.symbol} / {declared.unit})")
        )

    @property
    def title(self) -> str:
        """``短路电流 I_sc – ln(P / mW)``, for warnings and the names of slopes."""
        return f"{self.y.declared.title}–{self.x.declared.title}"

    def as_fit(self, name: str, slope_unit: str) -> Fit:
        """The line for the wire."""
        x, y = self.x.declared.symbol, self.y.declared
        model = f"{y.symbol} = a + b·{'ln ' if self.logarithmic else ''}{x}"
        return self.line.as_fit(name, model, ("斜率", "b", slope_unit), ("截距", "a", y.unit))

    def cautions(self, tables: int = 1) -> list[Caution]:
        """Slips, outliers, breaks of order, and how far the uncertainty can be trusted.

        ``tables`` is the number of tables in the request that are checked alike.
        """
        found = checks.line_checks(
            self.x.name,
            self.x.values,
            self.y.name,
            self.y.values,
            to_x=np.log if self.logarithmic else None,
            x_monotonic=True,
            indices=self.places,
        )
        columns = np.stack([np.ones_like(self.line.x), self.line.x], axis=1)
        found = striking(found, columns, self.line.residuals, tables, self.places)
        return found + verdict.scatter_checks(self.line, f"{self.title}直线", self.y.name)

    def panels(
        self, note: Sequence[str], more: Sequence[Item] = (), title: str = ""
    ) -> list[Panel]:
        """Line with band, readings with their limits, and the residuals below."""
        limit: float | list[float] | None = self.x.limit
        if self.logarithmic:
            limit = of_each(self.x.limit, 1 / self.x.values)
        drawn = line_panels(
            self.line,
            self.axis,
            self.y.declared.axis,
            note=note,
            x_limit=limit,
            y_limit=self.y.limit,
            more=more,
            title=title,
        )
        if np.abs(self.line.residuals).max() < _ROUNDING * np.abs(self.y.values).max():
            nothing = np.zeros_like(self.line.x)
            axes = self.axis, self.y.declared.axis
            return [drawn[0], residual_panel(self.line.x, nothing, *axes)]
        return drawn


def fit_response(
    x: Column, y: Column, *, logarithmic: bool = False, places: Sequence[int] | None = None
) -> Response:
    """Fit the line, of the readings at ``places`` only where these are given.

    The limit of a logarithm is Δ/x, reading by reading.  Readings that lie on the line much closer
    than their last digit can tell are not exact: half a step of that digit is then taken as limit
    of error (JCGM 100:2008, F.2.2.1), unless the instrument's is given.

    Raises ReadingError as ``line.fit_line``, and for a logarithm of a number that is not positive.
    """
    kept = None if places is None else [int(place) for place in places]
    if kept is not None:
        x, y = x.part(kept), y.part(kept)
    abscissae, limit = x.values, x.limit
    if logarithmic:
        if (abscissae <= 0).any():
            raise ReadingError("应大于 0，才能取对数", x.name, int(np.argmax(abscissae <= 0)))
        limit, abscissae = carried(limit, 1 / abscissae), np.log(abscissae)
    line = _line(abscissae, limit, x, y)
    finest = hidden(y.values, line.residual_standard_deviation)
    if y.limit is None and finest is not None:
        resolved = Column(
            replace(y.declared, title=f"{y.declared.title}的分辨力"), y.values, finest
        )
        line = _line(abscissae, limit, x, resolved)
    if logarithmic:
        moved = float(line.slope.x) / x.values
        line = uneven(line, {x.declared.title: (x.limit, moved)})
    return Response(x, y, line, logarithmic, kept)


def _line(abscissae: Array, x_limit: float | None, x: Column, y: Column) -> Line:
    return fit_line(
        abscissae,
        y.values,
        x_limit=x_limit,
        y_limit=y.limit,
        label=f"{y.declared.title}–{x.declared.title}直线",
        x_label=x.declared.title,
        y_label=y.declared.title,
    )


def rising_checks(x: Column, y: Column) -> list[Caution]:
    """Breaks of order in ``x``, or else in a ``y`` that rises with it.

    Readings of y that scatter about a level part are no break: it has to be more than a quarter of
    the range of the others.
    """
    if found := checks.order_checks(x.name, x.values):
        return found
    order = np.argsort(x.values, kind="stable").tolist()
    found = checks.order_checks(y.name, y.values[order], indices=order)
    return [caution for caution in found if _stands_apart(y.values[order], order, caution.index)]


def _stands_apart(column: Array, order: list[int], place: int | None) -> bool:
    at = order.index(place or 0)
    beside = column[[i for i in (at - 1, at + 1) if 0 <= i < column.size]]
    apart = max(float(beside.min() - column[at]), float(column[at] - beside.max()))
    return apart > _APART * float(np.ptp(np.delete(column, at)))


def first_warnings(cautions: Sequence[Caution]) -> list[Caution]:
    """The warnings without those that repeat an earlier one of the same reading."""
    seen: set[tuple[str, int]] = set()
    kept = []
    for caution in cautions:
        if caution.index is not None:
            place = caution.field, caution.index
            if place in seen:
                continue
            seen.add(place)
        kept.append(caution)
    return kept


def odds(columns: Array, residuals: Array) -> Array | None:
    """Probability of each residual by chance over the whole table, (n,), at most n.

    Externally studentised residuals (R. D. Cook and S. Weisberg, Residuals and Influence in
    Regression, 1982, 2.2) with the leverage of the derivatives ``columns`` (n, p); None where the
    others leave no degree of freedom.
    """
    n, p = columns.shape
    if (dof := n - p - 1) < 1:
        return None
    free = np.maximum(1 - np.sum(columns * np.linalg.pinv(columns).T, axis=1), 1e-9)
    total = float(np.sum(residuals**2))
    squares = np.maximum(total - residuals**2 / free, np.finfo(float).eps * total)
    deviation = np.sqrt(squares / dof * free)
    deviation[deviation == 0] = np.inf
    ratios = np.abs(residuals) / deviation
    return np.asarray([n * tail(float(ratio), dof) for ratio in ratios])


def striking(
    cautions: Sequence[Caution],
    columns: Array,
    residuals: Array,
    tables: int = 1,
    places: Sequence[int] | None = None,
) -> list[Caution]:
    """The warnings without outliers that several tables together let expect now and then.

    The common level of significance holds for one table; with ``tables`` of them in one request,
    each has its share of it.  Slips, which rest on more than significance, are all kept.
    """
    chances = odds(columns, residuals)
    if chances is None:
        return list(cautions)
    order = list(range(len(chances))) if places is None else list(places)
    level = checks.OUTLIER_LEVEL / tables
    return [
        caution
        for caution in cautions
        if caution.code != "outlier" or chances[order.index(caution.index or 0)] < level
    ]
