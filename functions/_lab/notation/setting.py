"""A formula's tree as mathematics: in symbols, or with numbers and units in their place.

Quotients become fractions, products of symbols stand without a sign and those of numbers with ×,
brackets only where they are needed.
"""

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal

from functions._lab.notation.mathematics import (
    Digits,
    Fenced,
    Fraction,
    Math,
    Raised,
    Root,
    Row,
    Sign,
    Symbol,
    Word,
    row,
)

_ADDED, _MULTIPLIED, _POWER = 1, 2, 3
_PI = ("pi", "π")
_WORDS = {"log": "ln", "log10": "lg", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}


def symbols(tree: ast.expr, names: Mapping[str, str]) -> Math:
    """A formula in symbols; ``names`` are printed symbols by canonical name."""
    return _Setter(lambda name: Symbol(names[name]), explicit=False).of(tree)


def substituted(tree: ast.expr, given: Mapping[str, Math]) -> Math:
    """A formula with something else, numbers with units as a rule, in place of its names."""
    return _Setter(lambda name: given[name], explicit=True).of(tree)


def digits(value: float) -> Digits:
    """A number of a formula, as short as it can be written."""
    text = format(Decimal(repr(float(value))).normalize(), "f")
    return Digits(text)


class _Setter:
    """Walks a tree; ``explicit`` writes the sign of every product."""

    def __init__(self, leaf: Callable[[str], Math], *, explicit: bool) -> None:
        self._leaf = leaf
        self._explicit = explicit

    def of(self, tree: ast.expr) -> Math:
        match tree:
            case ast.Constant(value=int() | float() as number):
                return digits(float(number))
            case ast.Name(id=name):
                return self._name(name)
            case ast.UnaryOp(op=op, operand=operand):
                inside = self._within(operand, _MULTIPLIED)
                return row("−", inside) if isinstance(op, ast.USub) else inside
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return row(self.of(left), "+", self._within(right, _ADDED))
            case ast.BinOp(op=ast.Sub(), left=left, right=right):
                return row(self.of(left), "−", self._within(right, _MULTIPLIED))
            case ast.BinOp(op=ast.Div(), left=left, right=right):
                return Fraction(self.of(left), self.of(right))
            case ast.BinOp(op=ast.Mult()):
                return self._product(tree)
            case ast.BinOp(op=ast.Pow(), left=left, right=right):
                return Raised(self._base(left), self.of(right))
            case ast.Call(func=ast.Name(id=function), args=[argument]):
                return self._call(function, argument)
        raise AssertionError(ast.dump(tree))

    def _name(self, name: str) -> Math:
        if name in _PI:
            return Symbol("π")
        return self._leaf(name)

    def _call(self, function: str, argument: ast.expr) -> Math:
        inside = self.of(argument)
        if function == "sqrt":
            return Root(inside)
        if function == "abs":
            return Fenced(inside, "||")
        if function == "exp":
            return Raised(Word("e"), inside)
        return row(Word(_WORDS.get(function, function)), Fenced(inside))

    def _product(self, tree: ast.expr) -> Math:
        first, *rest = _factors(tree)
        if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub):
            return row("−", self._times([first.operand, *rest]))
        return self._times([first, *rest])

    def _times(self, parts: list[ast.expr]) -> Math:
        factors: list[Math] = []
        for factor in parts:
            inside = self._within(factor, _MULTIPLIED)
            if factors and (self._explicit or _needs_sign(factors[-1], inside)):
                factors.append(Sign("×"))
            factors.append(inside)
        return row(*factors)

    def _within(self, tree: ast.expr, level: int) -> Math:
        """A part of a sum or product, in brackets where they are needed."""
        inside = self.of(tree)
        if _level(tree) < level or (_negative(inside) and level >= _ADDED):
            return Fenced(inside)
        return inside

    def _base(self, tree: ast.expr) -> Math:
        """What is raised to a power."""
        inside = self.of(tree)
        if isinstance(inside, Symbol | Fenced) or _is_plain(inside):
            return inside
        return Fenced(inside)


def _factors(tree: ast.expr) -> list[ast.expr]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult):
        return _factors(tree.left) + _factors(tree.right)
    return [tree]


def _level(tree: ast.expr) -> int:
    match tree:
        case ast.BinOp(op=ast.Add() | ast.Sub()) | ast.UnaryOp():
            return _ADDED
        case ast.BinOp(op=ast.Mult()):
            return _MULTIPLIED
    return _POWER


def _negative(inside: Math) -> bool:
    first = inside.items[0] if isinstance(inside, Row) and inside.items else inside
    return isinstance(first, Digits) and first.text.startswith("-")


def _is_plain(inside: Math) -> bool:
    return isinstance(inside, Digits) and inside.power is None and not _negative(inside)


def _needs_sign(before: Math, after: Math) -> bool:
    """Whether two factors would run together without a sign between them."""
    last = before.items[-1] if isinstance(before, Row) and before.items else before
    first = after.items[0] if isinstance(after, Row) and after.items else after
    first = first.base if isinstance(first, Raised) else first
    return isinstance(first, Digits) or (isinstance(last, Digits) and isinstance(first, Fraction))
