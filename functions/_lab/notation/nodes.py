"""The words in which an experiment is declared: what is read, and what is worked out of it.

Each word makes a node; an experiment (:mod:`experiment`) is a class whose attributes are nodes, in
the order of a report.  Formulas name the attributes, not the printed symbols::

    l = column("摆长", "l", "cm", limit=0.05)
    T2 = derived("周期的平方", "T²", "s²", "(t/50)**2")
    b = slope("斜率", "b", "s²/m", x=l, y=T2)
    g = result("重力加速度", "g", "m/s²", "4*pi**2/b", accepted=(9.794, 0.005, "上海"))

Units are those in which a quantity is read or printed; formulas are reckoned in SI.  A quantity
that was read several times stands in formulas for its mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from functions._lab.fields import Positive, axis_label
from functions._lab.notation.instruments import Instrument, instrument

__all__ = ["Node", "column", "constant", "derived", "figure", "intercept", "known"]
__all__ += ["mean", "repeats", "result", "single", "slope", "successive"]

Accepted: TypeAlias = tuple[float, float, str]
"""Accepted value, its standard uncertainty, both in the unit of the result, and the source."""


@dataclass(frozen=True, eq=False)
class Node:
    """A quantity: Chinese title, symbol in plain text, unit ("1" for none)."""

    title: str
    symbol: str
    unit: str

    @property
    def label(self) -> str:
        """Title and symbol, ``摆长 l``."""
        return f"{self.title} {self.symbol}".strip()

    @property
    def sources(self) -> "tuple[Node, ...]":
        """The nodes that it is made of; those of its formula are known to the experiment."""
        return ()


@dataclass(frozen=True, eq=False)
class Typed(Node):
    """What a student types; ``kind`` bounds it, ``usual`` is where apparatus of the course lies."""

    kind: Any = Positive
    instrument: Instrument | None = None
    usual: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Single(Typed):
    """One reading; ``default`` where it need not be typed."""

    default: float | None = None


@dataclass(frozen=True, eq=False)
class Known(Node):
    """A constant of nature, or a value that nobody types."""

    value: float


@dataclass(frozen=True, eq=False)
class Repeats(Typed):
    """Several readings of one quantity, which stands for their mean."""

    count: int = 1


@dataclass(frozen=True, eq=False)
class Column(Typed):
    """Readings of a quantity that changes; columns of one ``table`` are typed side by side."""

    table: str = ""
    count: int = 2
    counted: bool = False
    """Whole numbers that are not measured: an order, a number of weights."""


@dataclass(frozen=True, eq=False)
class Derived(Node):
    """A column, or a quantity, that a formula makes of others."""

    formula: str


@dataclass(frozen=True, eq=False)
class Result(Derived):
    """A measurand."""

    accepted: Accepted | Node | None = None
    plausible: tuple[float, float] | None = None
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Mean(Node):
    """The mean of a derived column."""

    of: Node

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, eq=False)
class Successive(Node):
    """Change of ``y`` over one unit of ``x`` by the method of successive differences (逐差法)."""

    x: Node
    y: Node

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.x, self.y)


@dataclass(frozen=True, eq=False)
class Slope(Node):
    """Slope of the least-squares line of ``y`` over ``x``."""

    x: Node
    y: Node
    through_origin: bool = False

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.x, self.y)


@dataclass(frozen=True, eq=False)
class Intercept(Node):
    """Intercept of the line of a slope."""

    of: Slope

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, eq=False)
class Plot:
    """A figure: the line of a slope or of successive differences, with results beside it."""

    title: str
    of: "Slope | Successive"
    x_label: str
    y_label: str


def single(
    title: str,
    symbol: str,
    unit: str,
    *,
    limit: "Instrument | float | None" = None,
    default: float | None = None,
    kind: Any = Positive,
    usual: tuple[float, float] | None = None,
) -> Single:
    """One reading, with the limit of error of its instrument unless the student gives another."""
    return Single(title, symbol, unit, kind, instrument(limit), usual, default)


def constant(title: str, symbol: str, unit: str, value: float, *, kind: Any = Positive) -> Single:
    """A value known from elsewhere, taken as exact; the student may type another."""
    return Single(title, symbol, unit, kind, None, None, value)


def known(title: str, symbol: str, unit: str, value: float) -> Known:
    """A constant of nature: exact, and no field of the form."""
    return Known(title, symbol, unit, value)


def repeats(
    title: str,
    symbol: str,
    unit: str,
    *,
    limit: "Instrument | float | None" = None,
    count: int = 1,
    kind: Any = Positive,
    usual: tuple[float, float] | None = None,
) -> Repeats:
    """Several readings, ``count`` at least, of one quantity; it stands for their mean."""
    return Repeats(title, symbol, unit, kind, instrument(limit), usual, count)


def column(
    title: str,
    symbol: str,
    unit: str,
    *,
    table: str = "",
    limit: "Instrument | float | None" = None,
    count: int = 2,
    counted: bool = False,
    kind: Any = Positive,
    usual: tuple[float, float] | None = None,
) -> Column:
    """Readings of a quantity that changes from row to row, ``count`` at least."""
    return Column(title, symbol, unit, kind, instrument(limit), usual, table, count, counted)


def derived(title: str, symbol: str, unit: str, formula: str) -> Derived:
    """A column or a quantity by a formula over attributes above it."""
    return Derived(title, symbol, unit, formula)


def mean(title: str, symbol: str, unit: str, of: Node) -> Mean:
    """The mean of a derived column."""
    return Mean(title, symbol, unit, of)


def successive(title: str, symbol: str, unit: str, *, x: Node, y: Node) -> Successive:
    """Change of y over one unit of x by 逐差法; equal steps, or two blocks of them."""
    return Successive(title, symbol, unit, x, y)


def slope(
    title: str, symbol: str, unit: str, *, x: Node, y: Node, through_origin: bool = False
) -> Slope:
    """Slope of the line of y over x by least squares."""
    return Slope(title, symbol, unit, x, y, through_origin)


def intercept(title: str, symbol: str, unit: str, of: Slope) -> Intercept:
    """Intercept of that line."""
    return Intercept(title, symbol, unit, of)


def result(
    title: str,
    symbol: str,
    unit: str,
    formula: str,
    *,
    accepted: Accepted | Node | None = None,
    plausible: tuple[float, float] | None = None,
    causes: Sequence[str] = (),
) -> Result:
    """A measurand by a formula over attributes above it.

    Parameters
    ----------
    accepted : value, standard uncertainty (both in ``unit``) and source; or a quantity above it, of
        the same unit, that the readings themselves give.
    plausible : outside of it, a column was probably typed in another unit.
    causes : likeliest causes of a deviation, Chinese.
    """
    return Result(title, symbol, unit, formula, accepted, plausible, tuple(causes))


def figure(title: str, of: "Slope | Successive") -> Plot:
    """A figure of the readings with their line."""
    return Plot(title, of, *(axis_label(node.label, node.unit) for node in (of.x, of.y)))
