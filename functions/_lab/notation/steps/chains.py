"""Pieces that every step is written with: chains of equalities, sums, roots of squares."""

import math
from collections.abc import Sequence

from functions._lab.notation.ledger import Step, function, significant, uncertainty, unit_of
from functions._lab.notation.mathematics import (
    Digits,
    Fenced,
    Fraction,
    Math,
    Raised,
    Root,
    Row,
    Symbol,
    row,
)
from functions._lab.notation.printers.plain import plain
from functions._lab.notation.steps.quoted import name_of_uncertainty
from functions._lab.rules import in_force
from functions._lab.rules.factors import of_limit

ONE, TWO = Digits("1"), Digits("2")


def chain(*parts: Math) -> Row:
    """a = b = c; what is the same twice stands once."""
    texts = [plain(part) for part in parts]
    kept = [part for i, part in enumerate(parts) if not i or texts[i] != texts[i - 1]]
    return _joined("=", kept)


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
    """Parts of an uncertainty together: in symbols, in numbers, and the result."""
    words = f"合成{name_of_uncertainty()}"
    if in_force().combination == "linear":
        combined = uncertainty(math.fsum(map(abs, parts)), unit)
        numbers = [uncertainty(abs(part), unit) for part in parts]
        return Step(words, chain(left, total(names), total(numbers), combined))
    combined = uncertainty(math.hypot(*parts), unit)
    symbolic = root_of_squares(names, fenced=False)
    return Step(words, chain(left, symbolic, combining(parts, unit), combined))


def combining(parts: Sequence[float], unit: str) -> Math:
    """The root of the squares of numbers, with their unit behind it; one alone is itself."""
    if len(parts) == 1:
        return uncertainty(abs(parts[0]), unit)
    numbers = [significant(abs(part), 3) for part in parts]
    return row(root_of_squares(numbers, fenced=any(n.power for n in numbers)), unit_of(unit))


def type_b(symbol: str, unit: str, limit: float, part: float, name: str = "u_B") -> Step:
    """u_B of an instrument's limit of error Δ: k_P Δ/C by the rule in force."""
    multiplier, divisor = of_limit(in_force())
    words = f"由仪器误差限得 B 类{name_of_uncertainty()}"
    left, result = function(name, symbol), uncertainty(part, unit)
    if not math.isclose(part, multiplier * limit / divisor, rel_tol=1e-9):
        return Step(f"{words}（含估读或单次测量的规定）", chain(left, result))
    below = _below(divisor)
    symbolic = _over(function("Δ", symbol), below)
    numbers = _over(uncertainty(limit, unit), below)
    if multiplier != 1:
        k = significant(multiplier, 3)
        symbolic, numbers = row(Symbol("k_P"), symbolic), row(k, "×", numbers)
    return Step(words, chain(left, symbolic, numbers, result))


def _below(divisor: float) -> Math | None:
    """C as it is written, √3 or 3; None for 1."""
    if divisor == 1:
        return None
    whole = float(divisor).is_integer()
    return Digits(f"{divisor:g}") if whole else Root(Digits(f"{divisor**2:.0f}"))


def _over(above: Math, below: Math | None) -> Math:
    return above if below is None else Fraction(above, below)
