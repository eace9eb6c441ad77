"""Pieces that every step is written with: chains of equalities, sums, roots of squares."""

import math
from collections.abc import Sequence

from functions._lab.notation.ledger import Step, function, uncertainty
from functions._lab.notation.mathematics import (
    Digits,
    Fenced,
    Fraction,
    Math,
    Raised,
    Root,
    Row,
    row,
)

ONE, TWO = Digits("1"), Digits("2")


def chain(*parts: Math) -> Row:
    """a = b = c."""
    return _joined("=", parts)


def total(terms: Sequence[Math]) -> Row:
    """a + b + c."""
    return _joined("+", terms)


def _joined(sign: str, parts: Sequence[Math]) -> Row:
    joined: list[Math | str] = []
    for part in parts:
        joined += [sign, part] if joined else [part]
    return row(*joined)


def squared(inside: Math, *, fenced: bool = True) -> Raised:
    """The square of something."""
    return Raised(Fenced(inside) if fenced else inside, TWO)


def root_of_squares(terms: Sequence[Math], *, fenced: bool = True) -> Root:
    """√(a² + b²)."""
    return Root(total([squared(term, fenced=fenced) for term in terms]))


def together(terms: Sequence[Math]) -> Math:
    """√(a² + b²); one term alone is itself."""
    return terms[0] if len(terms) == 1 else root_of_squares(terms)


def quadrature(left: Math, names: Sequence[Row], parts: Sequence[float], unit: str) -> Step:
    """Independent parts of an uncertainty together: in symbols, in numbers, and the result."""
    combined = uncertainty(math.sqrt(math.fsum(part**2 for part in parts)), unit)
    numbers = [uncertainty(abs(part), unit) for part in parts]
    symbolic = root_of_squares(names, fenced=False)
    return Step("合成标准不确定度", chain(left, symbolic, root_of_squares(numbers), combined))


def type_b(symbol: str, unit: str, limit: float, name: str = "u_B") -> Step:
    """u_B = Δ/√3 of an instrument's limit of error."""
    root = Root(Digits("3"))
    u = uncertainty(limit / math.sqrt(3), unit)
    numbers = Fraction(uncertainty(limit, unit), root)
    symbolic = Fraction(function("Δ", symbol), root)
    words = "由仪器误差限（均匀分布）得 B 类标准不确定度"
    return Step(words, chain(function(name, symbol), symbolic, numbers, u))
