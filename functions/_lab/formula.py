"""A measurement formula as a student types it, ``g = 4·π²·l/T²``, for uncertain numbers.

Arithmetic, parentheses, numbers, names, π, e and the functions of :data:`FUNCTIONS`; nothing else
is read.  Python's parser makes the tree and this module walks it: nothing is compiled or run.
Reading a formula is light; GTC is loaded when a function is evaluated.
"""

import ast
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions._lab.errors import ReadingError

MAX_LENGTH = 300
MAX_NODES = 150
MAX_DEPTH = 25
MAX_EXPONENT = 64.0
MAX_NUMBER = 1e60

CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
"""Names that are not variables."""

FUNCTIONS = {
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "asin": "asin",
    "acos": "acos",
    "atan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "exp": "exp",
    "ln": "log",
    "log": "log",
    "log10": "log10",
    "sqrt": "sqrt",
    "abs": "",
}
"""Names in formulas and in GTC.  Angles in radians; ``log`` is the natural logarithm, as in Python,
and ``ln`` says so."""

_FIELD = "formula"
_SAME_AS = {
    "×": "*",
    "·": "*",
    "⋅": "*",
    "∙": "*",
    "÷": "/",
    "∕": "/",
    "−": "-",
    "–": "-",
    "^": "**",
}
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_SUPERSCRIPT = re.compile(f"[{''.join(_SUPERSCRIPTS)}]+")
_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d](?:(?![⁰¹²³⁴-⁹])\w)*)"
    r"|(?P<sign>\*\*|[-+*/()])|(?P<space>\s+)",
)
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
    """Names to be given, in order of appearance, in Unicode normal form KC."""
    _tree: ast.expr
    _places: tuple[int, ...]

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Value of the right-hand side for floats or GTC uncertain numbers, by name.

        Raises ReadingError (field ``formula``) where a name has no value, or a result does not
        exist: division by zero, a root or logarithm outside its domain, overflow.
        """
        known = {unicodedata.normalize("NFKC", name): value for name, value in values.items()}
        return _Walk(self._places, known).value(self._tree)


def parse(text: str) -> Formula:
    """Read ``symbol = expression`` or an expression alone.

    Accepts ``× · ÷ − ^ π``, superscript powers and full-width signs.  Raises ReadingError (field
    ``formula``) that names the place in ``text`` where something cannot be read.
    """
    if not text.strip():
        raise ReadingError("公式是空的", _FIELD)
    if len(text) > MAX_LENGTH:
        raise ReadingError(f"公式太长，最多 {MAX_LENGTH} 个字符", _FIELD)
    shown = "".join(_folded(character) for character in text)
    left, equals, _ = shown.rpartition("=")
    start = len(left) + len(equals)
    symbol = unicodedata.normalize("NFKC", left.strip())
    if equals and not symbol.isidentifier():
        raise ReadingError("等号左边应当只有一个物理量的符号", _FIELD)
    tree, places = _tree(shown, start)
    variables = tuple(dict.fromkeys(_checked(tree, places)))
    return Formula(text, symbol, variables, tree, places)


def _folded(character: str) -> str:
    """One character in its usual form; full-width signs become plain, superscripts stay."""
    if character in _SUPERSCRIPTS:
        return character
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _tree(shown: str, start: int) -> tuple[ast.expr, tuple[int, ...]]:
    """Syntax tree of the expression from ``start`` on, and where each byte of it stood."""
    source, places = bytearray(), list[int]()
    for piece, place in _pieces(shown, start):
        encoded = piece.encode()
        source += encoded
        places += [place] * len(encoded)
    places.append(len(shown))
    try:
        tree = ast.parse(source.decode().strip() or "?", mode="eval").body
    except SyntaxError as problem:
        before = source.decode()[: max((problem.offset or 1) - 1, 0)]
        raise _unreadable(places[min(len(before.encode()), len(places) - 1)]) from None
    except (ValueError, RecursionError, MemoryError):
        raise ReadingError("公式太复杂，请拆开书写", _FIELD) from None
    return tree, tuple(places)


def _pieces(shown: str, start: int) -> Iterator[tuple[str, int]]:
    """Python's spelling of each token with its place; no blanks."""
    at, previous = start, ""
    while at < len(shown):
        power = _SUPERSCRIPT.match(shown, at)
        if power is not None:
            plain = "".join(_SUPERSCRIPTS[c] for c in power.group())
            yield f"**({plain})", at
            at, previous = power.end(), "number"
            continue
        if shown[at] in _SAME_AS:
            yield _SAME_AS[shown[at]], at
            at, previous = at + 1, "sign"
            continue
        token = _TOKEN.match(shown, at)
        if token is None:
            raise ReadingError(f"第 {at + 1} 个字符“{shown[at]}”不能用在公式里", _FIELD)
        kind = str(token.lastgroup)
        if kind in ("number", "name"):
            if previous in ("number", "name"):
                raise ReadingError(f"第 {at + 1} 个字符前缺少运算符，乘号不能省略", _FIELD)
            yield token.group(), at
        elif kind == "sign":
            yield token.group(), at
        previous = previous if kind == "space" else kind
        at = token.end()


def _unreadable(place: int) -> ReadingError:
    return ReadingError(f"第 {place + 1} 个字符附近写法有误，请检查括号和运算符", _FIELD)


def _checked(tree: ast.expr, places: tuple[int, ...]) -> Iterator[str]:
    """Variables of the tree.  Raises ReadingError for anything that is not arithmetic."""
    count = 0
    pending: list[tuple[ast.expr, int]] = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise ReadingError("公式太复杂，请拆开书写", _FIELD)
        if isinstance(node, ast.Name) and node.id not in CONSTANTS:
            if node.id in FUNCTIONS:
                raise ReadingError(f"函数 {node.id} 后面要有括号", _FIELD)
            yield node.id
        parts = _parts(node)
        if parts is None and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            raise ReadingError(f"不认识 {node.func.id} 这个函数，或其写法有误", _FIELD)
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
                return _called(name, self.value(argument))
        raise _unreadable(self.places[node.col_offset])

    def _named(self, name: str) -> Any:
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name not in self.known:
            raise ReadingError(f"没有给出 {name} 的值", _FIELD)
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
            f"第 {self.places[node.col_offset] + 1} 个字符处无法计算：{reason}", _FIELD
        )


def _called(name: str, value: Any) -> Any:
    """A function of :data:`FUNCTIONS` of a number, uncertain or not."""
    if name == "abs":
        return -value if value < 0 else value
    from GTC import core

    return getattr(core, FUNCTIONS[name])(value)
