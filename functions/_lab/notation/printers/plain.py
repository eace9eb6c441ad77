"""Mathematics on one line of Unicode, as a student would type it."""

import re

from functions._lab.notation.mathematics import Fraction, Math, Row
from functions._lab.notation.printers.printer import TIGHT_UNITS, Printer
from functions._lab.symbols import Piece
from functions._lab.units import superscript

_LOWERED = str.maketrans("0123456789+−", "₀₁₂₃₄₅₆₇₈₉₊₋")
_RAISED = str.maketrans("0123456789−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
_SPACED = frozenset("=≈±<>≤≥+−")


def plain(math: Math) -> str:
    """The text; fractions with / and brackets where they are needed."""
    return re.sub(" +", " ", _Plain().of(math)).strip()


class _Plain(Printer):
    def of(self, math: Math) -> str:
        """As every printer; below a fraction line stands one thing, or brackets."""
        if isinstance(math, Fraction):
            below = self.of(math.below).strip()
            several = isinstance(math.below, Row) and len(math.below.items) > 1
            below = f"({below})" if several and not _is_closed(below) else _compact(below)
            return f"{_numerator(self.of(math.above))}/{below}"
        return super().of(math)

    def symbol(self, text: str, pieces: list[Piece]) -> str:
        return text

    def digits(self, text: str, power: int | None) -> str:
        return text if power is None else f"{text}×10{superscript(power)}"

    def unit(self, text: str, pieces: list[Piece]) -> str:
        return text if text in TIGHT_UNITS else f" {text}"

    def word(self, text: str) -> str:
        return text

    def sign(self, text: str) -> str:
        return f" {text} " if text in _SPACED else f"{text} " if text in ",:" else text

    def row(self, parts: list[str]) -> str:
        joined = "".join(parts)
        return f"−{joined[3:]}" if joined.startswith(" − ") else joined

    def fraction(self, above: str, below: str) -> str:
        return f"{_compact(above)}/{_compact(below)}"

    def root(self, inside: str) -> str:
        inside = inside.strip()
        return f"√{inside}" if re.fullmatch("[0-9]+|[^\\W0-9]", inside) else f"√({inside})"

    def raised(self, base: str, exponent: str) -> str:
        if re.fullmatch("−?[0-9]+", exponent.strip()):
            return _atom(base) + exponent.strip().translate(_RAISED)
        return f"{_atom(base)}^{_compact(exponent)}"

    def lowered(self, base: str, index: str) -> str:
        if re.fullmatch("[0-9]+", index):
            return base + index.translate(_LOWERED)
        return f"{base}_{index}" if len(index) == 1 else f"{base}_({index.strip()})"

    def fenced(self, inside: str, kind: str) -> str:
        return f"{kind[0]}{inside.strip()}{kind[1]}"

    def total(self, inside: str, lower: str | None, upper: str | None) -> str:
        return f"Σ{inside}"


def _numerator(text: str) -> str:
    """In brackets where it is a sum, or holds a blank of its own."""
    text = text.strip()
    return text if _is_closed(text) or not re.search("[ /]", text) else f"({text})"


def _compact(text: str) -> str:
    """In brackets where a fraction or an exponent would take only a part of it."""
    text = text.strip()
    whole = re.fullmatch(r"[^\s/×·+−=(]*(?:\([^()]*\))?[⁰¹²³⁴-⁹]*|√?\([^()]*\)|Σ\S+", text)
    return text if whole and "/" not in text else f"({text})"


def _atom(text: str) -> str:
    text = text.strip()
    return f"({text})" if re.search(r"[\s/×]", text) and not _is_closed(text) else text


def _is_closed(text: str) -> bool:
    """Whether one pair of brackets holds all of it."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "(|[") - (sign in ")]")
        if not depth and place < len(text) - 1:
            return False
    return text[-1:] in ")]|"
