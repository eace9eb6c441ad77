"""Steps of a formula: substitution, and the propagation of uncertainty.

In relative form where the formula is a product of powers (JCGM 100:2008, 5.1.6), else by partial
derivatives (5.1.2).
"""

import math
from collections.abc import Iterator

from functions._lab.notation import arrays, evaluation
from functions._lab.notation.derivative import constant, differentiate, powers
from functions._lab.notation.evaluation import Evaluated, size
from functions._lab.notation.formula import canonical
from functions._lab.notation.ledger import (
    Step,
    as_sent,
    function,
    reading,
    significant,
    uncertainty,
    unit_of,
    value,
)
from functions._lab.notation.mathematics import Digits, Fraction, Math, Row, Symbol, row
from functions._lab.notation.nodes import Derived, Known, Single
from functions._lab.notation.setting import substituted, symbols
from functions._lab.notation.steps.chains import chain, combining, together
from functions._lab.notation.steps.quoted import name_of_uncertainty, u_of
from functions._lab.notation.steps.scattered import mean_symbol
from functions._lab.units import quotient

_SAME = 1e-6


def derived(done: Evaluated, name: str, node: Derived) -> Iterator[Step]:
    """A column in symbols, or a quantity with its numbers and its uncertainty."""
    tree, left = done.kind.formulas[name].tree, Symbol(node.symbol)
    names = printed(done, name)
    if done.kind.is_column(name):
        yield Step("逐行计算，数值见表", chain(left, symbols(tree, names)))
        return
    estimate = done.estimates[name]
    x, u = float(getattr(estimate, "x", estimate)), u_of(estimate)
    given = {canonical(part): _shown(done, part) for part in done.kind.parts(name)}
    numbers = substituted(tree, given)
    yield Step("代入", chain(left, symbols(tree, names), numbers, value(x, node.unit, u)))
    if u:
        yield from _propagated(done, name, node)


def printed(done: Evaluated, name: str) -> dict[str, str]:
    """Printed symbols of what stands in a formula, by canonical name."""
    nodes = done.kind.nodes
    return {canonical(part): mean_symbol(nodes[part]) for part in done.kind.parts(name)}


def _shown(done: Evaluated, name: str) -> Row:
    """An estimate as it is put into a formula: readings as typed, others rounded."""
    node, estimate = done.kind.nodes[name], done.estimates[name]
    x, u = float(getattr(estimate, "x", estimate)), u_of(estimate)
    if isinstance(node, Known):
        return row(reading(node.value), unit_of(node.unit))
    if isinstance(node, Single):
        (shown,) = as_sent([x], done.sent.get(name))
        plain = "×" not in shown
        digits = Digits(shown.replace("−", "-")) if plain else reading(x)
        return row(digits, unit_of(node.unit))
    return value(x, node.unit, u)


def _propagated(done: Evaluated, name: str, node: Derived) -> Iterator[Step]:
    """From the uncertainties of the parts to that of the result."""
    parts = [p for p in done.kind.parts(name) if u_of(done.estimates[p])]
    formula, estimate = done.kind.formulas[name], done.estimates[name]
    exponents = powers(formula.tree, formula.variables)
    x, u = float(estimate.x), u_of(estimate)
    if exponents is not None and all(float(done.estimates[p].x) for p in [name, *parts]):
        weights = [exponents[canonical(part)] for part in parts]
        relative = [u_of(done.estimates[p]) / abs(float(done.estimates[p].x)) for p in parts]
        shares = [w * r * abs(x) for w, r in zip(weights, relative, strict=True)]
        direct = math.hypot(*shares)
        yield _relative(done, node, parts, weights, relative)
        product = row(value(abs(x), node.unit, u), "×", significant(direct / abs(x), 3))
        left = function("u", node.symbol)
        yield Step(
            f"合成{name_of_uncertainty()}", chain(left, product, uncertainty(direct, node.unit))
        )
    else:
        sensitivities = [_sensitivity(done, name, node, part) for part in parts]
        yield from (step for step, _ in sensitivities if step is not None)
        shares = [share for _, share in sensitivities]
        yield _absolute(done, node, parts, shares)
    if abs(math.hypot(*shares) - u) > _SAME * u:
        words = "其中有的量由同一组读数得到、并不相互独立，计入协方差后"
        yield Step(words, chain(function("u", node.symbol), uncertainty(u, node.unit)))


def _relative(
    done: Evaluated, node: Derived, parts: list[str], weights: list[float], relative: list[float]
) -> Step:
    """u(y)/|y| = √(Σ (p u(x)/x)²)."""
    symbolic: list[Math] = []
    numbers: list[Math] = []
    for part, weight, ratio in zip(parts, weights, relative, strict=True):
        symbol = mean_symbol(done.kind.nodes[part])
        factor = None if abs(weight) == 1 else Digits(f"{abs(weight):g}")
        symbolic.append(row(factor, Fraction(function("u", symbol), Symbol(symbol))))
        numbers.append(row(factor, "×" if factor else None, significant(ratio, 3)))
    combined = math.hypot(*(w * r for w, r in zip(weights, relative, strict=True)))
    left = Fraction(function("u", node.symbol), Symbol(node.symbol))
    result = significant(combined, 3)
    chained = chain(left, together(symbolic), together(numbers), result)
    return Step(f"相对{name_of_uncertainty()}（公式为积与幂）", chained)


def _sensitivity(done: Evaluated, name: str, node: Derived, part: str) -> tuple[Step | None, float]:
    """One partial derivative, but for ±1, and its share of u in the unit of the result."""
    derivative = differentiate(done.kind.formulas[name].tree, canonical(part))
    known = {canonical(p): evaluation.numbers(done, p) for p in done.kind.parts(name)}
    own = done.kind.nodes[part]
    slope = float(arrays.value(derivative, known)) * size(own.unit) / size(node.unit)
    left = _partial(node, mean_symbol(own))
    number = row(significant(slope, 4), unit_of(quotient(node.unit, own.unit)))
    share = slope * u_of(done.estimates[part])
    if constant(derivative) in (1.0, -1.0):
        return None, share
    return Step("灵敏系数", chain(left, symbols(derivative, printed(done, name)), number)), share


def _partial(node: Derived, symbol: str) -> Fraction:
    return Fraction(row("∂", Symbol(node.symbol)), row("∂", Symbol(symbol)))


def _absolute(done: Evaluated, node: Derived, parts: list[str], shares: list[float]) -> Step:
    """u(y) = √(Σ (∂y/∂x u(x))²)."""
    names = [mean_symbol(done.kind.nodes[part]) for part in parts]
    tree = done.kind.formulas[done.kind.name_of(node)].tree
    symbolic = []
    for part, name in zip(parts, names, strict=True):
        slope = constant(differentiate(tree, canonical(part)))
        factor = None if slope in (1.0, -1.0) else _partial(node, name)
        symbolic.append(row(factor, function("u", name)))
    result = uncertainty(math.hypot(*shares), node.unit)
    left = function("u", node.symbol)
    chained = chain(left, together(symbolic), combining(shares, node.unit), result)
    return Step(f"合成{name_of_uncertainty()}", chained)
