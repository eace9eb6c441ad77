"""Mathematics for the page: MathML Core."""

from xml.sax.saxutils import escape, quoteattr

from functions._lab.notation.mathematics import Math
from functions._lab.notation.printers.plain import plain
from functions._lab.notation.printers.printer import TIGHT_UNITS, Printer, groups
from functions._lab.symbols import Piece

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def mathml(math: Math) -> str:
    """A displayed ``math`` element with what it says in plain text."""
    alternative = quoteattr(plain(math))
    inner = _MathML().of(math)
    return f'<math xmlns="{_NAMESPACE}" display="block" alttext={alternative}>{inner}</math>'


class _MathML(Printer):
    def symbol(self, text: str, pieces: list[Piece]) -> str:
        return self.row([self._group(*group) for group in groups(pieces)])

    def _group(self, line: list[Piece], low: list[Piece], high: list[Piece]) -> str:
        base, index, power = (self.row([_letter(p) for p in part]) for part in (line, low, high))
        if low and high:
            return f"<msubsup>{base}{index}{power}</msubsup>"
        if low:
            return f"<msub>{base}{index}</msub>"
        return f"<msup>{base}{power}</msup>" if high else base

    def digits(self, text: str, power: int | None) -> str:
        minus = "<mo>−</mo>" if text.startswith("−") else ""
        number = f"{minus}<mn>{escape(text.removeprefix('−'))}</mn>"
        if power is None:
            return f"<mrow>{number}</mrow>" if minus else number
        exponent = self.digits(str(power).replace("-", "−"), None)
        return f"<mrow>{number}<mo>×</mo><msup><mn>10</mn>{exponent}</msup></mrow>"

    def unit(self, text: str, pieces: list[Piece]) -> str:
        space = "" if text in TIGHT_UNITS else '<mspace width="0.1667em"/>'
        return f"<mrow>{space}{self.symbol(text, pieces)}</mrow>"

    def word(self, text: str) -> str:
        return f"<mtext>{escape(text)}</mtext>"

    def sign(self, text: str) -> str:
        return f"<mo>{escape(text)}</mo>"

    def row(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac>{above}{below}</mfrac>"

    def root(self, inside: str) -> str:
        return f"<msqrt>{inside}</msqrt>"

    def raised(self, base: str, exponent: str) -> str:
        return f"<msup>{base}{exponent}</msup>"

    def lowered(self, base: str, index: str) -> str:
        return f"<msub>{base}{index}</msub>"

    def fenced(self, inside: str, kind: str) -> str:
        left, right = (f"<mo>{escape(sign)}</mo>" for sign in kind)
        return f"<mrow>{left}{inside}{right}</mrow>"

    def total(self, inside: str, lower: str | None, upper: str | None) -> str:
        sign = "<mo>∑</mo>"
        if lower is not None and upper is not None:
            sign = f"<munderover>{sign}{lower}{upper}</munderover>"
        elif lower is not None:
            sign = f"<munder>{sign}{lower}</munder>"
        return f"<mrow>{sign}{inside}</mrow>"


def _letter(piece: Piece) -> str:
    """One letter or word of a symbol; a bar over it is an accent."""
    text = piece.text
    if "\u0304" in text:
        bare = escape(text.replace("\u0304", ""))
        return f'<mover accent="true"><mi>{bare}</mi><mo>¯</mo></mover>'
    if text and all(sign in "0123456789" for sign in text):
        return f"<mn>{text}</mn>"
    if piece.italic and len(text) == 1:
        return f"<mi>{escape(text)}</mi>"
    return f'<mi mathvariant="normal">{escape(text)}</mi>'
