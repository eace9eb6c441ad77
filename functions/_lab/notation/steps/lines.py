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
from functions._lab.notation.steps.chains import ONE, TWO, chain, quadrature, type_b
from functions._lab.notation.steps.quoted import name_of_uncertainty, u_of
from functions._lab.rules import in_force
from functions._lab.rules.factors import of_fit, of_limit, of_repeats
from functions._lab.successive import Successive as Differences


def slope(done: Evaluated, name: str, node: Slope) -> Iterator[Step]:
    """Least squares: slope, scatter, its type A, what limits add, and all together."""
    line, unit = done.lines[name], node.unit
    b, u = float(line.slope.x), u_of(done.estimates[name])
    left, x, y = Symbol(node.symbol), Symbol(node.x.symbol), Symbol(node.y.symbol)
    yield Step(
        f"最小二乘法（{line.n} 组数据）的斜率",
        chain(left, _least_squares(node, x, y), value(b, unit, u)),
    )
    if not node.through_origin and line.n > 2:
        r = float(np.corrcoef(line.x, line.y)[0, 1])
        yield Step("相关系数", chain(Symbol("r"), significant(r, _digits_of(r))))
    rules = in_force()
    multiplier, divisor = of_limit(rules)
    parts = [c for c in line.components if c.u_slope]
    by_limits = [c for c in parts if math.isinf(c.degrees_of_freedom)]
    names, shares = list[Row](), list[float]()
    for part in parts:
        own, share = function("u_A", node.symbol), part.u_slope
        if part in by_limits:
            place = str(by_limits.index(part) + 1) if len(by_limits) > 1 else ""
            own = function(f"u_B{place}", node.symbol)
            share *= multiplier * math.sqrt(3) / divisor
            words = f"{part.label}引起的 B 类{name_of_uncertainty()}"
            yield Step(words, chain(own, uncertainty(share, unit)))
        else:
            share *= of_fit(rules, part.degrees_of_freedom)
            yield from _scatter(done, name, node, part.u_slope, share)
        names.append(own)
        shares.append(share)
    if len(parts) > 1:
        yield quadrature(function("u", node.symbol), names, shares, unit)


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


def _scatter(
    done: Evaluated, name: str, node: Slope, standard: float, quoted: float
) -> Iterator[Step]:
    """Residual standard deviation, and what it does to the slope; ``standard`` without t."""
    line, unit = done.lines[name], node.unit
    s = float(np.sqrt(np.sum(np.square(line.residuals)) / line.degrees_of_freedom))
    lost = ONE if node.through_origin else TWO
    v = Raised(Lowered(Symbol("v"), Symbol("i")), TWO)
    bessel = Root(Fraction(Total(v), row(Symbol("n"), "−", lost)))
    yield Step("残差的标准偏差", chain(Symbol("s"), bessel, uncertainty(s, node.y.unit)))
    x = Symbol(node.x.symbol)
    spread: Math = x if node.through_origin else Fenced(row(x, "−", _mean(x)))
    middle = 0.0 if node.through_origin else float(line.x.mean())
    norm = float(np.sqrt(np.sum(np.square(line.x - middle))))
    symbolic: Math = Fraction(Symbol("s"), Root(Total(Raised(spread, TWO))))
    numbers: Math = Fraction(uncertainty(s, node.y.unit), value(norm, node.x.unit, norm * 1e-3))
    words, left = f"A 类{name_of_uncertainty()}", function("u_A", node.symbol)
    if not math.isclose(standard, s / norm, rel_tol=1e-6):  # errors of x weigh in the fit
        yield Step(f"{words}（拟合计入了横坐标的误差限）", chain(left, uncertainty(quoted, unit)))
        return
    if quoted != standard:
        symbolic = row(Symbol("t_P"), symbolic)
        numbers = row(significant(quoted / standard, 3), "×", numbers)
    yield Step(words, chain(left, symbolic, numbers, uncertainty(quoted, unit)))


def intercept(done: Evaluated, name: str, node: Intercept) -> Iterator[Step]:
    """Height of the line at zero."""
    of = node.of
    estimate = done.estimates[name]
    x, y = _mean(Symbol(of.x.symbol)), _mean(Symbol(of.y.symbol))
    symbolic = row(y, "−", Symbol(of.symbol), x)
    a, u = float(estimate.x), u_of(estimate)
    yield Step("直线的截距", chain(Symbol(node.symbol), symbolic, value(a, node.unit, u)))
    if u:
        yield Step(
            f"截距的{name_of_uncertainty()}",
            chain(function("u", node.symbol), uncertainty(u, node.unit)),
        )


def successive(done: Evaluated, name: str, node: Successive) -> Iterator[Step]:
    """Differences of the two halves, their mean and scatter, and the change per unit of x."""
    found, estimate = done.differences[name], done.estimates[name]
    unit, m = node.y.unit, len(found.differences)
    letter, delta = Symbol(node.y.symbol), Symbol("δ")
    each = Lowered(delta, Symbol("i"))
    later = Lowered(letter, row(Symbol("i"), "+", Digits(str(found.apart))))
    values = [value(float(d), unit, u_of(found.mean)) for d in found.differences]
    listed = _listed(values)
    yield Step("隔项逐差", chain(each, row(later, "−", Lowered(letter, Symbol("i")))))
    yield Step(f"{m} 个逐差", row(each, Sign(":"), listed))
    bar = Symbol("δ\u0304")
    mean = value(float(found.mean.x), unit, u_of(found.mean))
    yield Step("逐差的平均", chain(bar, row(Fraction(ONE, Digits(str(m))), Total(each)), mean))
    distance = value(found.distance, node.x.unit)
    result = value(float(estimate.x), node.unit, u_of(estimate))
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
    parts, limits = list(_by_scatter(found, unit)), done.column(node.y).limits
    if limits is not None:
        delta = float(np.sqrt(np.mean(np.square(limits))))
        multiplier, divisor = of_limit(in_force())
        each = multiplier * delta / divisor
        yield type_b(node.y.symbol, unit, delta, each)
        parts.append(_by_limit(node, each, len(found.differences)))
    yield from (step for step, _, _ in parts)
    if len(parts) > 1:
        names, shares = [own for _, own, _ in parts], [share for *_, share in parts]
        yield quadrature(function("u", bar), names, shares, unit)
    u = u_of(done.estimates[name])
    if u:
        below = value(found.distance, node.x.unit)
        left, above = function("u", node.symbol), function("u", bar)
        numbers = Fraction(uncertainty(u_of(found.mean), unit), below)
        alone = uncertainty(u_of(found.mean) / found.distance, node.unit)
        chained = chain(left, Fraction(above, below), numbers, alone)
        yield Step(f"逐差法结果的{name_of_uncertainty()}", chained)
        if not math.isclose(u, u_of(found.mean) / found.distance, rel_tol=_SAME):
            words = f"再计入{node.x.title}的误差限"
            yield Step(words, chain(left, uncertainty(u, node.unit)))


_SAME = 1e-6
_Part: TypeAlias = tuple[Step, Row, float]
"""A part of an uncertainty: its step, its name, its size."""


def _by_scatter(found: Differences, unit: str) -> Iterator[_Part]:
    m = len(found.differences)
    if m > 1:
        s = float(np.std(found.differences, ddof=1))
        factor = of_repeats(in_force(), m)
        symbolic: Math = Fraction(function("s", "δ"), Root(Symbol("m")))
        numbers: Math = Fraction(uncertainty(s, unit), Root(Digits(str(m))))
        if factor != 1:
            symbolic = row(Symbol("t_P"), symbolic)
            numbers = row(significant(factor, 3), "×", numbers)
        u, own = factor * s / math.sqrt(m), function("u_A", "δ\u0304")
        chained = chain(own, symbolic, numbers, uncertainty(u, unit))
        yield Step(f"A 类{name_of_uncertainty()}", chained), own, u


def _by_limit(node: Successive, each: float, m: int) -> _Part:
    """Each difference has the type B of two readings, their mean that over √m."""
    u, own = each * math.sqrt(2 / m), function("u_B", "δ\u0304")
    symbolic = row(Root(Fraction(TWO, Symbol("m"))), function("u_B", node.y.symbol))
    root = Root(Fraction(TWO, Digits(str(m))))
    numbers = row(root, "×", uncertainty(each, node.y.unit))
    chained = chain(own, symbolic, numbers, uncertainty(u, node.y.unit))
    return Step(f"每个逐差含两个读数，其平均的 B 类{name_of_uncertainty()}", chained), own, u
