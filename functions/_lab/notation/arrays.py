"""Formulas over columns: values row by row, and how each typed reading moves them.

Light arithmetic on NumPy arrays; nothing here knows uncertain numbers.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab.notation.spelling import CONSTANTS

Array = NDArray[np.float64]

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    **{name: getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp")},
    **{name: getattr(np, name) for name in ("log10", "sqrt", "abs")},
    **{"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "ln": np.log, "log": np.log},
    "cot": lambda angle: 1 / np.tan(angle),
}


def value(tree: ast.expr, known: Mapping[str, Any]) -> Any:
    """Value of a formula's tree for arrays (n,) and numbers, by canonical name.

    Where it does not exist the result is not a number, or infinite.
    """
    with np.errstate(all="ignore"):
        return _of(tree, known)


def _of(node: ast.expr, known: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=number):
            return np.float64(number)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return known[name] if name in known else CONSTANTS[name]
        case ast.UnaryOp(op=op, operand=operand):
            inside = _of(operand, known)
            return -inside if isinstance(op, ast.USub) else inside
        case ast.BinOp(op=op, left=left, right=right):
            return _OPERATORS[type(op)](_of(left, known), _of(right, known))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return _FUNCTIONS[name](_of(argument, known))
    raise AssertionError(ast.dump(node))
