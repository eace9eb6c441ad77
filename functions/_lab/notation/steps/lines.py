"""Steps of least squares and of successive differences."""

import math
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from functions._lab.notation.evaluation import Evaluated
from functions._lab.notation.ledger import Step, function, significant, uncertainty, value
from functions._lab.notation.mathematics import (
    Digits,
    Fenced,
    Fraction,
    Lowered,
    Math,
    Raised,
    Root,
    Row,
    Sign,
    Symbol,
    Total,
    row,
)
from functions._lab.notation.nodes import Intercept, Slope, Successive
from functions._lab.notation.steps.chains import ONE, TWO, chain, quadrature
from functions._lab.successive import Successive as Differences


def slope(done: Evaluated, name: str, node: Slope) -> Iterator[Step]:
    """Least squares: slope, scatter, its type A, what limits add, and all together."""
    line, unit = done.lines[name], node.unit
    b, u = float(line.slope.x), float(line.slope.u)
    left, x, y = Symbol(node.symbol), Symbol(node.x.symbol), Symbol(node.y.symbol)
    yield Step(
        f"最小二乘法（{line.n} 组数据）的斜率",
        chain(left, _least_squares(node, x, y), value(b, unit, u)),
    )
    if not node.through_origin and line.n > 2:
        r = float(np.corrcoef(line.x, line.y)[0, 1])
        yield Step("相关系数", chain(Symbol("r"), significant(r, _digits_of(r))))
    if line.degrees_of_freedom:
        yield from _scatter(done, name, node)
    parts = [c for c in line.components if c.u_slope]
    by_limits = [c for c in parts if math.isinf(c.degrees_of_freedom)]
    if by_limits:
        names: list[Row] = []
        for part in parts:
            index = "u_A"
            if part in by_limits:
                place = by_limits.index(part) + 1
                index = f"u_B{place}" if len(by_limits) > 1 else "u_B"
                own = function(index, node.symbol)
                words = f"{part.label}引起的 B 类标准不确定度"
                yield Step(words, chain(own, uncertainty(part.u_slope, unit)))
            names.append(function(index, node.symbol))
        combined = [part.u_slope for part in parts]
        yield quadrature(function("u", node.symbol), names, combined, unit)


def _least_squares(node: Slope, x: Symbol, y: Symbol) -> Fraction:
    if node.through_origin:
        return Fraction(Total(row(x, y)), Total(Raised(x, TWO)))
    dx, dy = Fenced(row(x, "−", _mean(x))), Fenced(row(y, "−", _mean(y)))
    return Fraction(Total(row(dx, dy)), Total(Raised(dx, TWO)))


def _mean(symbol: Symbol) -> Math:
    """The mean of a column: a bar over one letter, angle brackets over what is longer."""
    plain = len(symbol.text) == 1
    return Symbol(f"{symbol.text}\u0304") if plain else row("⟨", symbol, "⟩")


def _digits_of(r: float) -> int:
    """As many digits as show how far r is from ±1."""
    away = 1 - abs(r)
    return min(max(4, 2 - math.floor(math.log10(away))), 9) if away > 1e-9 else 9


def _scatter(done: Evaluated, name: str, node: Slope) -> Iterator[Step]:
    """Residual standard deviation, and what it does to the slope."""
    line, unit = done.lines[name], node.unit
    dof = line.degrees_of_freedom
    s = float(np.sqrt(np.sum(np.square(line.residuals)) / dof))
    lost = ONE if node.through_origin else TWO
    v = Raised(Lowered(Symbol("v"), Symbol("i")), TWO)
    bessel = Root(Fraction(Total(v), row(Symbol("n"), "−", lost)))
    yield Step("残差的标准偏差", chain(Symbol("s"), bessel, uncertainty(s, node.y.unit)))
    x = Symbol(node.x.symbol)
    spread: Math = x if node.through_origin else Fenced(row(x, "−", _mean(x)))
    squares = Root(Total(Raised(spread, TWO)))
    middle = 0.0 if node.through_origin else float(line.x.mean())
    norm = float(np.sqrt(np.sum(np.square(line.x - middle))))
    numbers = Fraction(uncertainty(s, node.y.unit), value(norm, node.x.unit, norm * 1e-3))
    symbolic, result = Fraction(Symbol("s"), squares), uncertainty(s / norm, unit)
    yield Step("A 类标准不确定度", chain(function("u_A", node.symbol), symbolic, numbers, result))


def intercept(done: Evaluated, name: str, node: Intercept) -> Iterator[Step]:
    """Height of the line at zero."""
    of = node.of
    estimate = done.estimates[name]
    x, y = _mean(Symbol(of.x.symbol)), _mean(Symbol(of.y.symbol))
    symbolic = row(y, "−", Symbol(of.symbol), x)
    a, u = float(estimate.x), float(estimate.u)
    yield Step("直线的截距", chain(Symbol(node.symbol), symbolic, value(a, node.unit, u)))
    if u:
        yield Step(
            "截距的标准不确定度", chain(function("u", node.symbol), uncertainty(u, node.unit))
        )


def successive(done: Evaluated, name: str, node: Successive) -> Iterator[Step]:
    """Differences of the two halves, their mean and scatter, and the change per unit of x."""
    found, estimate = done.differences[name], done.estimates[name]
    unit, m = node.y.unit, len(found.differences)
    letter, delta = Symbol(node.y.symbol), Symbol("δ")
    each = Lowered(delta, Symbol("i"))
    later = Lowered(letter, row(Symbol("i"), "+", Digits(str(found.apart))))
    values = [value(float(d), unit, float(found.mean.u) or 0.0) for d in found.differences]
    listed = _listed(values)
    yield Step("隔项逐差", chain(each, row(later, "−", Lowered(letter, Symbol("i")))))
    yield Step(f"{m} 个逐差", row(each, Sign(":"), listed))
    bar = Symbol("δ\u0304")
    mean = value(float(found.mean.x), unit, float(found.mean.u))
    yield Step("逐差的平均", chain(bar, row(Fraction(ONE, Digits(str(m))), Total(each)), mean))
    distance = value(found.distance, node.x.unit)
    result = value(float(estimate.x), node.unit, float(estimate.u))
    yield Step(
        f"两组相距 {found.distance:g}{'' if node.x.unit in ('', '1') else ' ' + node.x.unit}",
        chain(Symbol(node.symbol), Fraction(bar, distance), Fraction(mean, distance), result),
    )
    yield from _spread(done, name, node)


def _listed(values: list[Row]) -> Row:
    joined: list[Math | str] = []
    for one in values:
        joined += [",", one] if joined else [one]
    return row(*joined)


def _spread(done: Evaluated, name: str, node: Successive) -> Iterator[Step]:
    """Type A of the mean difference, type B of the readings, and u per unit of x."""
    found, unit, bar = done.differences[name], node.y.unit, "δ\u0304"
    parts = [*_by_scatter(found, unit), *_by_limit(done, node, len(found.differences))]
    yield from (step for step, _, _ in parts)
    if len(parts) > 1:
        names, shares = [own for _, own, _ in parts], [share for *_, share in parts]
        yield quadrature(function("u", bar), names, shares, unit)
    u = float(done.estimates[name].u)
    if u:
        below = value(found.distance, node.x.unit)
        left, above = function("u", node.symbol), function("u", bar)
        numbers = Fraction(uncertainty(float(found.mean.u), unit), below)
        chained = chain(left, Fraction(above, below), numbers, uncertainty(u, node.unit))
        yield Step("逐差法结果的标准不确定度", chained)


_Part: TypeAlias = tuple[Step, Row, float]
"""A part of an uncertainty: its step, its name, its size."""


def _by_scatter(found: Differences, unit: str) -> Iterator[_Part]:
    m = len(found.differences)
    if m > 1:
        s = float(np.std(found.differences, ddof=1))
        numbers = Fraction(uncertainty(s, unit), Root(Digits(str(m))))
        symbolic, u = Fraction(function("s", "δ"), Root(Symbol("m"))), s / math.sqrt(m)
        own = function("u_A", "δ\u0304")
        chained = chain(own, symbolic, numbers, uncertainty(u, unit))
        yield Step("A 类标准不确定度", chained), own, u


def _by_limit(done: Evaluated, node: Successive, m: int) -> Iterator[_Part]:
    limits, unit = done.column(node.y).limits, node.y.unit
    if limits is None:
        return
    delta = float(np.sqrt(np.mean(np.square(limits))))
    u, own = delta * math.sqrt(2 / (3 * m)), function("u_B", "δ\u0304")
    three = Digits("3")
    symbolic = Fraction(row(Root(TWO), function("Δ", node.y.symbol)), Root(row(three, Symbol("m"))))
    below = Root(row(three, "×", Digits(str(m))))
    numbers = Fraction(row(Root(TWO), "×", uncertainty(delta, unit)), below)
    chained = chain(own, symbolic, numbers, uncertainty(u, unit))
    yield Step("每个逐差含两个读数，B 类标准不确定度", chained), own, u
