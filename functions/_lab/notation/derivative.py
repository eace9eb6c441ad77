"""Partial derivatives of a formula's tree, simplified as far as a student would.

``differentiate`` gives a tree of the same nodes, so that whatever prints or reckons a formula does
so with its sensitivity coefficients; ``powers`` finds products of powers, whose relative
uncertainties add in quadrature (JCGM 100:2008, 5.1.6).
"""

import ast
import functools
from collections.abc import Callable, Collection

from functions._lab.notation.spelling import CONSTANTS

_ONE = ast.Constant(1.0)
_ZERO = ast.Constant(0.0)


def number(value: float) -> ast.expr:
    """A number as a tree; negative ones with their sign before them."""
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def constant(tree: ast.expr) -> float | None:
    """The value of a number, signed; None for anything else."""
    match tree:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = constant(operand)
            return None if inner is None else -inner
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            above, below = constant(left), constant(right)
            return above / below if above is not None and below else None
    return None


def depends(tree: ast.expr, name: str) -> bool:
    """Whether a variable stands in a tree."""
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


def differentiate(tree: ast.expr, name: str) -> ast.expr:
    """∂tree/∂name."""
    if not depends(tree, name):
        return _ZERO
    match tree:
        case ast.Name():
            return _ONE
        case ast.UnaryOp(op=op, operand=operand):
            inner = differentiate(operand, name)
            return negative(inner) if isinstance(op, ast.USub) else inner
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return add(differentiate(left, name), differentiate(right, name))
        case ast.BinOp(op=ast.Sub(), left=left, right=right):
            return add(differentiate(left, name), negative(differentiate(right, name)))
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            first = multiply(differentiate(left, name), right)
            return add(first, multiply(left, differentiate(right, name)))
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            return _of_quotient(left, right, name)
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            return _of_power(left, right, name)
        case ast.Call(func=ast.Name(id=function), args=[argument]):
            return multiply(_OUTER[function](argument), differentiate(argument, name))
    raise AssertionError(ast.dump(tree))


def _of_quotient(above: ast.expr, below: ast.expr, name: str) -> ast.expr:
    """Factors below that do not hold the variable stay as they are."""
    factors = _factors(below)
    fixed = [factor for factor in factors if not depends(factor, name)]
    moving = _product([factor for factor in factors if depends(factor, name)])
    first = differentiate(above, name)
    if len(fixed) == len(factors):
        return divide(first, below)
    base, exponent = moving, 1.0
    if isinstance(moving, ast.BinOp) and isinstance(moving.op, ast.Pow):
        own = constant(moving.right)
        if own is not None:
            base, exponent = moving.left, own
    factor = multiply(multiply(number(exponent), above), differentiate(base, name))
    lowered = multiply(_product(fixed), power(base, number(exponent + 1)))
    return add(divide(first, below), negative(divide(factor, lowered)))


def _factors(tree: ast.expr) -> list[ast.expr]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult):
        return _factors(tree.left) + _factors(tree.right)
    return [tree]


def _product(factors: list[ast.expr]) -> ast.expr:
    first: ast.expr = _ONE
    return functools.reduce(multiply, factors, first)


def _of_power(base: ast.expr, exponent: ast.expr, name: str) -> ast.expr:
    if not depends(exponent, name):
        own = constant(exponent)
        lowered = number(own - 1) if own is not None else add(exponent, number(-1.0))
        outer = multiply(exponent, power(base, lowered))
        return multiply(outer, differentiate(base, name))
    along = multiply(call("ln", base), differentiate(exponent, name))
    rest = divide(multiply(exponent, differentiate(base, name)), base)
    return multiply(power(base, exponent), add(along, rest))


def call(function: str, argument: ast.expr) -> ast.expr:
    """A function of a tree."""
    return ast.Call(ast.Name(function), [argument], [])


def negative(tree: ast.expr) -> ast.expr:
    """-tree."""
    if (own := constant(tree)) is not None:
        return number(-own)
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return tree.operand
    return ast.UnaryOp(ast.USub(), tree)


def add(left: ast.expr, right: ast.expr) -> ast.expr:
    """left + right."""
    if constant(left) == 0:
        return right
    if constant(right) == 0:
        return left
    if isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub):
        return ast.BinOp(left, ast.Sub(), right.operand)
    return ast.BinOp(left, ast.Add(), right)


def multiply(left: ast.expr, right: ast.expr) -> ast.expr:
    """left · right; numbers come first and are multiplied, a sign goes before all."""
    first, second = constant(left), constant(right)
    if first == 0 or second == 0:
        return _ZERO
    if first is not None and second is not None:
        return number(first * second)
    if second is not None:
        return multiply(right, left)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.USub):
            return negative(multiply(one.operand, other))
    if first == 1:
        return right
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Div):
        return divide(multiply(left, right.left), right.right)
    if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Div):
        return divide(multiply(left.left, right), left.right)
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult):
        return multiply(multiply(left, right.left), right.right)
    return ast.BinOp(left, ast.Mult(), right)


def divide(above: ast.expr, below: ast.expr) -> ast.expr:
    """above / below."""
    if constant(above) == 0:
        return _ZERO
    if constant(below) == 1:
        return above
    if isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.USub):
        return negative(divide(above.operand, below))
    if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Div):
        return divide(above.left, multiply(above.right, below))
    return _reduced(above, below) or ast.BinOp(above, ast.Div(), below)


def _reduced(above: ast.expr, below: ast.expr) -> ast.expr | None:
    """The quotient with its leading numbers divided, where that leaves a whole one."""
    (first, *rest), (other, *others) = _factors(above), _factors(below)
    upper, lower = constant(first), constant(other)
    if upper is None or not lower or 1.0 in (abs(upper), abs(lower)):
        return None
    ratio = upper / lower
    if ratio.is_integer():
        return divide(_product([number(ratio), *rest]), _product(others))
    if (1 / ratio).is_integer():
        return divide(_product(rest), _product([number(1 / ratio), *others]))
    return None


def power(base: ast.expr, exponent: ast.expr) -> ast.expr:
    """base to an exponent."""
    own = constant(exponent)
    if own == 0:
        return _ONE
    if own == 1:
        return base
    if own is not None and own < 0:
        return divide(_ONE, power(base, number(-own)))
    return ast.BinOp(base, ast.Pow(), exponent)


def _squared(tree: ast.expr) -> ast.expr:
    return power(tree, number(2.0))


_OUTER: dict[str, Callable[[ast.expr], ast.expr]] = {
    "sin": lambda x: call("cos", x),
    "cos": lambda x: negative(call("sin", x)),
    "tan": lambda x: divide(_ONE, _squared(call("cos", x))),
    "cot": lambda x: negative(divide(_ONE, _squared(call("sin", x)))),
    "asin": lambda x: divide(_ONE, call("sqrt", add(_ONE, negative(_squared(x))))),
    "acos": lambda x: negative(divide(_ONE, call("sqrt", add(_ONE, negative(_squared(x)))))),
    "atan": lambda x: divide(_ONE, add(_ONE, _squared(x))),
    "sinh": lambda x: call("cosh", x),
    "cosh": lambda x: call("sinh", x),
    "tanh": lambda x: divide(_ONE, _squared(call("cosh", x))),
    "exp": lambda x: call("exp", x),
    "ln": lambda x: divide(_ONE, x),
    "log": lambda x: divide(_ONE, x),
    "log10": lambda x: divide(_ONE, multiply(x, call("ln", number(10.0)))),
    "sqrt": lambda x: divide(_ONE, multiply(number(2.0), call("sqrt", x))),
    "abs": lambda x: divide(x, call("abs", x)),
}


def powers(tree: ast.expr, variables: Collection[str] = ()) -> dict[str, float] | None:
    """Exponents of the variables of a product of powers; None where it is no such product.

    A name of ``variables`` is one, even where it else names a constant, as ``e`` does.
    """
    match tree:
        case ast.Constant():
            return {}
        case ast.Name(id=name):
            exact = name in CONSTANTS and name not in variables
            return {} if exact else {name: 1.0}
        case ast.UnaryOp(operand=operand):
            return powers(operand, variables)
        case ast.BinOp(op=ast.Mult() | ast.Div() as op, left=left, right=right):
            sign = 1.0 if isinstance(op, ast.Mult) else -1.0
            return _joined(powers(left, variables), powers(right, variables), sign)
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            exponent = constant(right)
            return None if exponent is None else _joined({}, powers(left, variables), exponent)
        case ast.Call(func=ast.Name(id="sqrt"), args=[argument]):
            return _joined({}, powers(argument, variables), 0.5)
    return None


def _joined(
    first: dict[str, float] | None, second: dict[str, float] | None, factor: float
) -> dict[str, float] | None:
    if first is None or second is None:
        return None
    total = dict(first)
    for name, exponent in second.items():
        total[name] = total.get(name, 0.0) + factor * exponent
    return {name: exponent for name, exponent in total.items() if exponent}
