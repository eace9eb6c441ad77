"""Steps of what is read once or several times: mean, Bessel's formula, types A and B."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from functions._lab.notation.evaluation import Evaluated
from functions._lab.notation.ledger import (
    Step,
    function,
    significant,
    typed,
    uncertainty,
    unit_of,
    value,
)
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
from functions._lab.notation.steps.quoted import name_of_uncertainty, parts_of, u_of
from functions._lab.rules import in_force
from functions._lab.rules.factors import of_limit


def single(done: Evaluated, name: str, node: Single) -> Iterator[Step]:
    """u_B of one reading; nothing for what is exact."""
    limit = done.limit(name)
    if limit is not None:
        yield type_b(node.symbol, node.unit, limit, u_of(done.estimates[name]), "u")


def repeats(done: Evaluated, name: str, node: Repeats) -> Iterator[Step]:
    """Mean of the readings of one quantity."""
    readings = np.array(getattr(done.readings, name), float)
    limit = done.limit(name)
    by_a, by_b = parts_of(done.estimates[name])
    limits = [] if limit is None else [(limit, by_b)]
    yield from _scattered(node.symbol, node, readings, by_a, limits)


def mean(done: Evaluated, name: str, node: Mean) -> Iterator[Step]:
    """Mean of a derived column."""
    of = done.column(node.of)
    by_a, _ = parts_of(done.estimates[name])
    multiplier, divisor = of_limit(in_force())
    deltas = [abs(float(np.mean(moved))) for moved in of.moved.values()]
    limits = [(delta, multiplier * delta / divisor) for delta in deltas]
    yield from _scattered(node.of.symbol, node, of.values, by_a, limits)


def _scattered(
    letter: str,
    node: Mean | Repeats,
    readings: Any,
    by_a: float,
    limits: list[tuple[float, float]],
) -> Iterator[Step]:
    """All of readings (n,) with their type A and with the limits of error and what they make."""
    n, unit, middle = len(readings), node.unit, float(np.mean(readings))
    mean = Symbol(mean_symbol(node))
    s = float(np.std(readings, ddof=1)) if n > 1 else 0.0
    parts = [by_a] * (n > 1) + [part for _, part in limits]
    u = math.hypot(*parts)
    if n == 1:
        yield Step("只有一个读数", chain(mean, value(middle, unit, u)))
    else:
        yield from _type_a(letter, mean, unit, readings, (middle, s, by_a, u))
    for limit, part in limits:
        yield type_b(letter, unit, limit, part)
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
    letter: str, mean: Symbol, unit: str, readings: Any, found: tuple[float, float, float, float]
) -> Iterator[Step]:
    """Mean, standard deviation, and the standard deviation of the mean."""
    middle, s, by_a, u = found
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
    symbolic: Math = Fraction(function("s", letter), Root(Symbol("n")))
    numbers: Math = Fraction(uncertainty(s, unit), Root(Digits(str(n))))
    words, factor = f"A 类{name_of_uncertainty()}", by_a * math.sqrt(n) / s if s else 1.0
    if not factor:
        yield Step(f"{words}不到仪器误差限的三分之一，略去不计")
        return
    if not math.isclose(factor, 1, rel_tol=1e-9):
        symbolic = row(Symbol("t_P"), symbolic)
        numbers = row(significant(factor, 3), "×", numbers)
    own = function("u_A", letter)
    yield Step(words, chain(own, symbolic, numbers, uncertainty(by_a, unit)))


def mean_symbol(node: Any) -> str:
    """``d̄`` for a quantity that was read several times; its own symbol for any other."""
    if not isinstance(node, Repeats):
        return str(node.symbol)
    return f"{node.symbol[0]}\u0304{node.symbol[1:]}"
