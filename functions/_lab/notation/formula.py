"""A measurement formula as a student types it, ``g = 4π²l/T²``, for uncertain numbers.

Arithmetic, brackets, numbers, names, π, e and the functions of :data:`FUNCTIONS`, in the notation
of a textbook (``spelling`` spells it for Python); nothing else is read.  Python's parser makes
the tree and this module walks it: nothing is compiled or run.  Reading a formula is light; GTC is
loaded when a function is evaluated.
"""

import ast
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions._lab.errors import ReadingError
from functions._lab.notation.spelling import ALIAS, CONSTANTS, FIELD, FUNCTIONS, canonical, pieces

__all__ = ["CONSTANTS", "FUNCTIONS", "Formula", "canonical", "parse"]

MAX_LENGTH = 300
MAX_NODES = 150
MAX_DEPTH = 25
MAX_EXPONENT = 64.0
MAX_NUMBER = 1e60

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


@dataclass(frozen=True)
class Formula:
    """A formula that has been read."""

    text: str
    symbol: str
    """Name left of the equals sign; "" where there is none."""
    variables: tuple[str, ...]
    """Names to be given, in order of appearance, in their :func:`canonical` form."""
    tree: ast.expr
    bare_e: bool
    """Whether Euler's e stands anywhere but under a power: a student may mean a charge."""
    _places: tuple[int, ...]

    def evaluate(self, values: Mapping[str, Any], angles: list[float] | None = None) -> Any:
        """Value of the right-hand side for floats or GTC uncertain numbers, by name.

        ``angles`` gets the arguments of sine, cosine and tangent.

        Raises ReadingError (field ``formula``) where a name has no value, or a result does not
        exist: division by zero, a root or logarithm outside its domain, overflow.
        """
        known = {canonical(name): value for name, value in values.items()}
        return _Walk(self._places, known, [] if angles is None else angles).value(self.tree)


def parse(text: str, names: Collection[str] = ()) -> Formula:
    """Read ``symbol = expression`` or an expression alone.

    Parameters
    ----------
    names : symbols that are declared; they come before constants of the same name, and between them
        (and numbers and brackets) a sign of multiplication may be left out.

    Raises ReadingError (field ``formula``) that names the place in ``text`` where something cannot
    be read, or says how to write it.
    """
    if not text.strip():
        raise ReadingError("公式是空的", FIELD)
    if len(text) > MAX_LENGTH:
        raise ReadingError(f"公式太长，最多 {MAX_LENGTH} 个字符", FIELD)
    left, equals, _ = text.replace("＝", "=").rpartition("=")
    start = len(left) + len(equals)
    symbol = canonical(left)
    if equals and not symbol.isidentifier():
        raise ReadingError("等号左边应当只有一个物理量的符号", FIELD)
    declared = frozenset(canonical(name) for name in names)
    tree, places = _tree(text, start, declared)
    variables = tuple(dict.fromkeys(_checked(tree, places, declared)))
    bare = "e" not in declared and _has_bare_e(tree)
    return Formula(text, symbol, variables, tree, bare, places)


def _has_bare_e(tree: ast.expr) -> bool:
    bases = {id(n.left) for n in ast.walk(tree) if isinstance(n, ast.BinOp) and _is_power(n)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "e"]
    return any(id(node) not in bases for node in names)


def _is_power(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.Pow)


def _tree(text: str, start: int, declared: frozenset[str]) -> tuple[ast.expr, tuple[int, ...]]:
    """Syntax tree of the expression from ``start`` on, and where each byte of it stood."""
    source, places, aliases = bytearray(), list[int](), list[str]()
    for piece, place in pieces(text, start, declared, aliases):
        encoded = piece.encode()
        source += encoded
        places += [place] * len(encoded)
    places.append(len(text))
    try:
        tree = ast.parse(source.decode().strip() or "?", mode="eval").body
    except SyntaxError as problem:
        before = source.decode()[: max((problem.offset or 1) - 1, 0)]
        raise _unreadable(places[min(len(before.encode()), len(places) - 1)]) from None
    except (ValueError, RecursionError, MemoryError):
        raise ReadingError("公式太复杂，请拆开书写", FIELD) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id.startswith(ALIAS):
            node.id = aliases[int(node.id.removeprefix(ALIAS))]
    return tree, tuple(places)


def _unreadable(place: int) -> ReadingError:
    return ReadingError(f"第 {place + 1} 个字符附近写法有误，请检查括号和运算符", FIELD)


def _checked(tree: ast.expr, places: tuple[int, ...], declared: frozenset[str]) -> Iterator[str]:
    """Variables of the tree.  Raises ReadingError for anything that is not arithmetic."""
    count = 0
    pending: list[tuple[ast.expr, int]] = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise ReadingError("公式太复杂，请拆开书写", FIELD)
        if isinstance(node, ast.Name) and (node.id in declared or node.id not in CONSTANTS):
            if node.id in FUNCTIONS and node.id not in declared:
                raise ReadingError(f"函数 {node.id} 后面要有括号", FIELD)
            yield node.id
        parts = _parts(node)
        if parts is None and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            raise ReadingError(f"不认识 {node.func.id} 这个函数，或其写法有误", FIELD)
        if parts is None:
            raise _unreadable(places[node.col_offset])
        pending += [(part, depth + 1) for part in reversed(parts)]


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """Operands of an allowed node, None for any other."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return [] if abs(value) <= MAX_NUMBER else None
        case ast.Name():
            return []
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            return [operand]
        case ast.BinOp(op=op, left=left, right=right):
            return [left, right] if type(op) in _OPERATORS or isinstance(op, ast.Pow) else None
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            return [argument] if name in FUNCTIONS else None
    return None


@dataclass(frozen=True)
class _Walk:
    """Evaluation of a checked tree."""

    places: tuple[int, ...]
    known: Mapping[str, Any]
    angles: list[float]

    def value(self, node: ast.expr) -> Any:
        """Value of one node.  Raises ReadingError where it does not exist."""
        try:
            result = self._of(node)
        except ZeroDivisionError:
            raise self._impossible(node, "除数为零") from None
        except OverflowError:
            raise self._impossible(node, "数值太大") from None
        except (ValueError, ArithmeticError):
            raise self._impossible(node, "超出函数的定义域") from None
        x, u = (result.x, result.u) if hasattr(result, "x") else (result, 0.0)
        if isinstance(x, complex) or not (math.isfinite(x) and math.isfinite(u)):
            raise self._impossible(node, "没有有限的实数结果")
        return result

    def _of(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=number):
                return float(number)  # type: ignore[arg-type]
            case ast.Name(id=name):
                return self._named(name)
            case ast.UnaryOp(op=op, operand=operand):
                value = self.value(operand)
                return -value if isinstance(op, ast.USub) else value
            case ast.BinOp(op=ast.Pow(), left=left, right=right):
                return self._power(node, self.value(left), self.value(right))
            case ast.BinOp(op=op, left=left, right=right):
                return _OPERATORS[type(op)](self.value(left), self.value(right))
            case ast.Call(func=ast.Name(id=name), args=[argument]):
                inside = self.value(argument)
                if name in ("sin", "cos", "tan", "cot"):
                    self.angles.append(float(getattr(inside, "x", inside)))
                return _called(name, inside)
        raise _unreadable(self.places[node.col_offset])

    def _named(self, name: str) -> Any:
        if name not in self.known and name in CONSTANTS:
            return CONSTANTS[name]
        if name not in self.known:
            raise ReadingError(f"没有给出 {name} 的值", FIELD)
        value = self.known[name]
        return float(value) if isinstance(value, int) else value

    def _power(self, node: ast.expr, base: Any, exponent: Any) -> Any:
        if abs(float(getattr(exponent, "x", exponent))) > MAX_EXPONENT:
            raise self._impossible(node, f"指数的绝对值超过 {MAX_EXPONENT:g}")
        whole = isinstance(exponent, float) and exponent.is_integer()
        if base < 0 and not whole:
            raise self._impossible(node, "负数不能取非整数次幂")
        return base**exponent

    def _impossible(self, node: ast.expr, reason: str) -> ReadingError:
        return ReadingError(
            f"第 {self.places[node.col_offset] + 1} 个字符处无法计算：{reason}", FIELD
        )


def _called(name: str, value: Any) -> Any:
    """A function of :data:`FUNCTIONS` of a number, uncertain or not."""
    if name == "abs":
        return -value if value < 0 else value
    from GTC import core

    result = getattr(core, FUNCTIONS[name])(value)
    return 1 / result if name == "cot" else result
