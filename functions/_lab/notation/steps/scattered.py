"""Steps of what is read once or several times: mean, Bessel's formula, types A and B."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from functions._lab.notation.evaluation import Evaluated
from functions._lab.notation.ledger import Step, function, typed, uncertainty, unit_of, value
from functions._lab.notation.mathematics import (
    Digits,
    Fenced,
    Fraction,
    Lowered,
    Math,
    Raised,
    Root,
    Row,
    Symbol,
    Total,
    row,
)
from functions._lab.notation.nodes import Mean, Repeats, Single
from functions._lab.notation.steps.chains import ONE, TWO, chain, quadrature, total, type_b


def single(done: Evaluated, name: str, node: Single) -> Iterator[Step]:
    """u_B of one reading; nothing for what is exact."""
    limit = done.limit(name)
    if limit is not None:
        yield type_b(node.symbol, node.unit, limit, "u")


def repeats(done: Evaluated, name: str, node: Repeats) -> Iterator[Step]:
    """Mean of the readings of one quantity."""
    readings = np.array(getattr(done.readings, name), float)
    limit = done.limit(name)
    yield from _scattered(node.symbol, node, readings, [] if limit is None else [limit])


def mean(done: Evaluated, name: str, node: Mean) -> Iterator[Step]:
    """Mean of a derived column."""
    del name
    of = done.column(node.of)
    limits = [abs(float(np.mean(moved))) for moved in of.moved.values()]
    yield from _scattered(node.of.symbol, node, of.values, limits)


def _scattered(
    letter: str, node: Mean | Repeats, readings: Any, limits: list[float]
) -> Iterator[Step]:
    """All of readings (n,) with the limits of error that act on their mean."""
    n, unit, middle = len(readings), node.unit, float(np.mean(readings))
    mean = Symbol(mean_symbol(node))
    s = float(np.std(readings, ddof=1)) if n > 1 else 0.0
    parts = [s / math.sqrt(n)] * (n > 1) + [limit / math.sqrt(3) for limit in limits]
    u = math.sqrt(math.fsum(part**2 for part in parts))
    if n == 1:
        yield Step("只有一个读数", chain(mean, value(middle, unit, u)))
    else:
        yield from _type_a(letter, mean, unit, readings, (middle, s, u))
    for limit in limits:
        yield type_b(letter, unit, limit)
    if len(parts) > 1:
        names = [function("u_A", letter)] * (n > 1) + [function("u_B", letter)] * len(limits)
        yield quadrature(Row(function("u", mean.text).items), names, parts, unit)


_MOST_WRITTEN = 10
"""Readings of which the sum is written out."""


def _written(readings: Any, unit: str) -> Row | Fraction:
    """The sum of readings over their number."""
    shown = typed(readings.tolist())
    terms = [Digits(text.replace("−", "-")) for text in shown]
    fenced = [Fenced(term) if term.text.startswith("-") else term for term in terms]
    fraction = Fraction(total(fenced), Digits(str(len(terms))))
    own = unit_of(unit)
    return fraction if own is None else row(fraction, own)


def _type_a(
    letter: str, mean: Symbol, unit: str, readings: Any, found: tuple[float, float, float]
) -> Iterator[Step]:
    """Mean, standard deviation, and the standard deviation of the mean."""
    middle, s, u = found
    n = len(readings)
    each = Lowered(Symbol(letter), Symbol("i"))
    summed = Total(each, chain(Symbol("i"), ONE), Symbol("n"))
    average: list[Math] = [Fraction(summed, Symbol("n"))]
    if n <= _MOST_WRITTEN:
        average.append(_written(readings, unit))
    yield Step("平均值", chain(mean, *average, value(middle, unit, u)))
    squares = Total(Raised(Fenced(row(each, "−", mean)), TWO), chain(Symbol("i"), ONE), Symbol("n"))
    bessel = Root(Fraction(squares, row(Symbol("n"), "−", ONE)))
    yield Step("标准偏差（贝塞尔公式）", chain(function("s", letter), bessel, uncertainty(s, unit)))
    symbolic = Fraction(function("s", letter), Root(Symbol("n")))
    numbers = Fraction(uncertainty(s, unit), Root(Digits(str(n))))
    by_a = uncertainty(s / math.sqrt(n), unit)
    yield Step("A 类标准不确定度", chain(function("u_A", letter), symbolic, numbers, by_a))


def mean_symbol(node: Any) -> str:
    """``d̄`` for a quantity that was read several times; its own symbol for any other."""
    if not isinstance(node, Repeats):
        return str(node.symbol)
    return f"{node.symbol[0]}\u0304{node.symbol[1:]}"
