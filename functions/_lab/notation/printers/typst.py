"""Mathematics for Typst."""

import re

from functions._lab.notation.mathematics import Math
from functions._lab.notation.printers.printer import TIGHT_UNITS, Printer, groups
from functions._lab.symbols import Piece

_SIGNS = {
    **{"×": "times", "·": "dot.op", "±": "plus.minus", "≈": "approx", "≤": "lt.eq"},
    **{"≥": "gt.eq", "∂": "partial", "−": "-", "…": "dots", ",": "comma", "/": "slash"},
    **{"(": r"\(", ")": r"\)", "′": "prime", "″": "prime.double", "°": "degree", "%": "percent"},
}
_PLAIN = re.compile("[0-9A-Za-z\u0391-\u03c9]")


def typst(math: Math) -> str:
    """The source between two dollar signs."""
    return _Typst().of(math).strip()


class _Typst(Printer):
    def symbol(self, text: str, pieces: list[Piece]) -> str:
        return " ".join(self._group(*group) for group in groups(pieces))

    def _group(self, line: list[Piece], low: list[Piece], high: list[Piece]) -> str:
        base, index, power = (" ".join(map(_letters, part)) for part in (line, low, high))
        return base + (f"_({index})" if low else "") + (f"^({power})" if high else "")

    def digits(self, text: str, power: int | None) -> str:
        number = text.replace("−", "-")
        return number if power is None else f"{number} times 10^({power})"

    def unit(self, text: str, pieces: list[Piece]) -> str:
        body = self.symbol(text, pieces)
        return body if text in TIGHT_UNITS else f"thin {body}"

    def word(self, text: str) -> str:
        return _quoted(text)

    def sign(self, text: str) -> str:
        return _SIGNS.get(text, text)

    def row(self, parts: list[str]) -> str:
        return " ".join(parts)

    def fraction(self, above: str, below: str) -> str:
        return f"frac({above}, {below})"

    def root(self, inside: str) -> str:
        return f"sqrt({inside})"

    def raised(self, base: str, exponent: str) -> str:
        return f"attach({base}, t: {exponent})"

    def lowered(self, base: str, index: str) -> str:
        return f"attach({base}, b: {index})"

    def fenced(self, inside: str, kind: str) -> str:
        if kind == "||":
            return f"abs({inside})"
        return f"lr({kind[0]} {inside} {kind[1]})"

    def total(self, inside: str, lower: str | None, upper: str | None) -> str:
        limits = (f"_({lower})" if lower else "") + (f"^({upper})" if upper else "")
        return f"sum{limits} {inside}"


def _letters(piece: Piece) -> str:
    """Letters one by one: strings would keep the blanks around them."""
    text = piece.text
    if "\u0304" in text:
        return f"overline({_letters(Piece(text.replace(chr(0x304), ''), piece.italic))})"
    shown = " ".join(_one(sign) for sign in text)
    return f"italic({shown})" if piece.italic else f"upright({shown})"


def _one(sign: str) -> str:
    if _PLAIN.fullmatch(sign):
        return sign
    return _SIGNS.get(sign) or _quoted(sign)


def _quoted(text: str) -> str:
    shown = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'
