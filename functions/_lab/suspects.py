"""Every reading of a fit judged by all the others.

The deleted residual of a reading (its distance from the fit of all the *others*) is set against the
standard deviation that the others show: the externally studentised residual (R. D. Cook and
S. Weisberg, Residuals and Influence in Regression, 1982, 2.2).  A slip in an abscissa, which draws
the line to itself and leaves no residual, is seen this way too.  The resolution of the instrument,
read from the typed decimals, adds to that standard deviation, so that rounded readings that happen
to lie exactly on a line condemn nothing.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

from functions._lab.errors import LabError

Array: TypeAlias = NDArray[np.float64]
Transform: TypeAlias = Callable[[Array], Array]
Refit: TypeAlias = Callable[[Array, Array], Transform]
"""Fits y(x) and returns the fitted curve as a function of x, best as a :class:`FittedCurve`."""


@dataclass(frozen=True)
class FittedCurve:
    """A fitted curve of one's own, with what tells how firmly the readings hold it."""

    at: Transform
    """Ordinates, shape of the abscissae (m,)."""
    gradient: Transform
    """Derivatives by the p parameters, (m, p)."""

    def __call__(self, x: Array) -> Array:
        return self.at(x)


FIT_FAILURES = (ArithmeticError, LabError, RuntimeError, ValueError)
"""What a model's own fit may raise; a check that cannot be made says nothing."""

_MOST_DIGITS = 12
_RESOLUTION_SHARE = 0.5
_SMALL_TABLE = 60
"""Readings of which every one is judged; of more, the most striking ones of a straight line."""
_MOST_SUSPECTS = 40
_SMALL_CURVE = 20
"""The same where each judgement takes a fit of its own."""
_FEW_SUSPECTS, _MANY_READINGS = 12, 200
"""So many of a longer one; half as many where a fit takes long."""
_MAD_TO_SD = 1.4826
_UNDETERMINED = 1e-10


@dataclass(frozen=True)
class Table:
    """Two typed columns and the model between their transforms; arrays of n readings."""

    x: Array
    y: Array
    to_x: Transform
    to_y: Transform
    refit: Refit | None
    """None: a straight line, through the origin where ``parameters`` is 1."""
    parameters: int
    x_counted: bool = False
    """The abscissae are counted, not measured: no slip of the pen makes 5 of 50."""

    def fitted_columns(self) -> tuple[Array, Array]:
        """The columns as the fit sees them."""
        return self.to_x(self.x), self.to_y(self.y)

    def curve(self, x: Array, y: Array) -> Transform:
        """Fit of the model to transformed columns."""
        if self.refit is not None:
            return self.refit(x, y)
        if self.parameters == 1:
            gradient = float(x @ y) / float(x @ x)
            return lambda at: gradient * at
        mean_x, mean_y = float(x.mean()), float(y.mean())
        slope = float((x - mean_x) @ (y - mean_y)) / float((x - mean_x) @ (x - mean_x))
        return lambda at: mean_y + slope * (at - mean_x)

    def rss(self, x: Array, y: Array) -> float:
        """Residual sum of squares of the model fitted to transformed columns."""
        residuals = y - self.curve(x, y)(x)
        return float(residuals @ residuals)

    def replaced(self, column: Literal["x", "y"], index: int, value: float) -> "Table":
        """The same table with one typed reading changed."""
        values = (self.x if column == "x" else self.y).copy()
        values[index] = value
        x, y = (values, self.y) if column == "x" else (self.x, values)
        return dataclasses.replace(self, x=x, y=y)


@dataclass(frozen=True)
class Suspect:
    """A reading beside the fit of all the others."""

    index: int
    residual: float
    """Transformed y less the others' prediction."""
    scale: float
    """Standard deviation of that residual, as the others and the resolution tell."""
    degrees_of_freedom: int
    floor: float
    """The share of the resolution in ``scale``, for one reading."""

    @property
    def significance(self) -> float:
        """Two-sided probability of such a residual by chance, for this one reading."""
        return tail(self.residual / self.scale, self.degrees_of_freedom)


def tail(t: float, dof: int) -> float:
    """P(|T| ≥ |t|) of Student's distribution; 1 for no degrees of freedom."""
    return 1.0 if dof < 1 else float(2 * special.stdtr(dof, -abs(t)))


def step_of(values: Sequence[float] | Array) -> float:
    """Step of the last typed digit of a column: 0.01 for 2.80 and 3.1, 10 for 20 and 150."""
    finest = _MOST_DIGITS
    for value in values:
        if not value:
            continue
        exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
        finest = min(finest, int(exponent))
    return 10.0 ** (max(finest, -_MOST_DIGITS) if finest < _MOST_DIGITS else 0)


def resolution(table: Table) -> Array:
    """Step of the last typed digit of y, in units of the transformed y; one per reading.

    The abscissa does not count: it is as a rule a set value that is known better than its digits.
    """
    _, y = table.fitted_columns()
    half = 0.5 * step_of(table.y)
    with np.errstate(all="ignore"):
        width = np.abs(table.to_y(table.y + half) - table.to_y(table.y - half))
    spread = float(np.ptp(y))
    finite = np.nan_to_num(width, nan=0.0, posinf=spread, neginf=0.0)
    floor: Array = np.maximum(finite, 1e-9 * max(spread, float(np.abs(y).max()), 1e-300))
    return floor


def suspects(table: Table) -> list[Suspect]:
    """Every reading, of a long table the most striking ones, judged; in the order of the table."""
    x, y = table.fitted_columns()
    share = _RESOLUTION_SHARE * resolution(table)
    floor = np.maximum(share, np.median(share))
    if table.refit is None:
        return _most_striking(_line_suspects(table, x, y, floor))
    return [judged(table, x, y, i, float(floor[i])) for i in _worth_judging(table, x, y)]


def _most_striking(found: list[Suspect]) -> list[Suspect]:
    if len(found) <= _SMALL_TABLE:
        return found
    kept = sorted(found, key=lambda suspect: -abs(suspect.residual / suspect.scale))
    return sorted(kept[:_MOST_SUSPECTS], key=lambda suspect: suspect.index)


def _worth_judging(table: Table, x: Array, y: Array) -> list[int]:
    """Readings worth a fit without them."""
    if len(x) <= _SMALL_CURVE:
        return list(range(len(x)))
    curve = table.curve(x, y)
    deleted = np.abs(y - curve(x)) / np.maximum(1 - _leverages(curve, x), 1e-9)
    most = _FEW_SUSPECTS if len(x) <= _MANY_READINGS else _FEW_SUSPECTS // 2
    order = np.argsort(-deleted, kind="stable")[:most]
    return sorted({*order.tolist(), int(np.argmin(x)), int(np.argmax(x))})


def _leverages(curve: Transform, x: Array) -> Array:
    """Shares of the readings in their own places of a curve, by its tangent plane; else zeros."""
    if not isinstance(curve, FittedCurve):
        return np.zeros(len(x))
    with np.errstate(all="ignore"):
        rows = curve.gradient(x)
        rows = rows / np.sqrt(np.sum(rows**2, axis=0))
    if not np.isfinite(rows).all():
        return np.zeros(len(x))
    return np.asarray(np.sum(np.linalg.qr(rows).Q ** 2, axis=1))


def judged(table: Table, x: Array, y: Array, index: int, floor: float) -> Suspect:
    """One reading against the model refitted to the others."""
    others = np.arange(len(x)) != index
    curve = table.curve(x[others], y[others])
    residuals = y[others] - curve(x[others])
    dof = len(x) - 1 - table.parameters
    variance = float(residuals @ residuals) / dof if dof else 0.0
    residual = float(y[index] - curve(x[index : index + 1])[0])
    widening = 1 + _leverage(table, curve, x[others], x[index : index + 1])
    scale = float(np.sqrt((variance + floor**2) * widening))
    return Suspect(index, residual, scale, dof, floor)


def _leverage(table: Table, curve: Transform, others: Array, at: Array) -> float:
    """Variance of the others' prediction at ``at`` (1,) over that of a reading.

    Of a curve, by its tangent plane; 0 for one that does not tell its derivatives, infinite where
    the others do not determine it.
    """
    if table.refit is None:
        powers = range(2 - table.parameters, 2)
        rows, row = (np.stack([x**k for k in powers], axis=1) for x in (others, at))
    elif isinstance(curve, FittedCurve):
        with np.errstate(all="ignore"):
            rows, row = curve.gradient(others), curve.gradient(at)
    else:
        return 0.0
    lengths = np.sqrt(np.sum(rows**2, axis=0))
    if not (np.isfinite(lengths).all() and np.isfinite(row).all() and lengths.all()):
        return np.inf
    triangle = np.linalg.qr(rows / lengths).R
    sizes = np.abs(np.diag(triangle))
    if triangle.shape[0] < triangle.shape[1] or sizes.min() < _UNDETERMINED * sizes.max():
        return np.inf
    share = linalg.solve_triangular(triangle, (row / lengths)[0], trans="T")
    return float(share @ share)


def _line_suspects(table: Table, x: Array, y: Array, floor: Array) -> list[Suspect]:
    """All readings of a straight line at once, from the hat matrix."""
    n = len(x)
    if table.parameters == 1:
        leverage = x * x / float(x @ x)
    else:
        centred = x - x.mean()
        leverage = 1 / n + centred * centred / float(centred @ centred)
    free = np.maximum(1 - leverage, 1e-12)
    deleted = (y - table.curve(x, y)(x)) / free
    dof = n - 1 - table.parameters
    squared = np.maximum(table.rss(x, y) - deleted * deleted * free, 0.0)
    scale = np.sqrt((squared / dof if dof else 0.0) + floor**2) / np.sqrt(free)
    return [
        Suspect(i, float(deleted[i]), float(scale[i]), dof, float(floor[i]))
        for i in range(n)
        if free[i] > 1e-9
    ]


def robust_deviation(values: Array) -> float:
    """Standard deviation of the bulk, from the median absolute deviation."""
    return _MAD_TO_SD * float(np.median(np.abs(values - np.median(values))))
