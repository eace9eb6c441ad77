"""What all printers share: the walk, and the letters of symbols and units in their style."""

import re
from abc import ABC, abstractmethod

from functions._lab.notation.mathematics import (
    Digits,
    Fenced,
    Fraction,
    Lowered,
    Math,
    Raised,
    Root,
    Row,
    Sign,
    Symbol,
    Total,
    Unit,
    Word,
)
from functions._lab.symbols import Piece

_FROM_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "−+0123456789")
_FROM_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+−")
_SCRIPTS = re.compile("([⁻⁺⁰¹²³⁴-⁹]+|[₀-₉₊₋]+)")
TIGHT_UNITS = ("°", "′", "″")
"""No space stands before these (ISO 80000-1:2022, 7.3.4 allows °C only with one)."""


class Printer(ABC):
    """A target: each method sets one kind of node, from parts that are set already."""

    def of(self, math: Math) -> str:
        """The text of a tree."""
        match math:
            case Symbol(text=text):
                return self.symbol(text, _scripts(math.pieces))
            case Digits(text=text, power=power):
                return self.digits(text.replace("-", "−"), power)
            case Unit(text=text):
                pieces = [Piece(part, False, level) for part, level in _split(text)]
                return self.unit(text, pieces)
            case Word(text=text):
                return self.word(text)
            case Sign(text=text):
                return self.sign(text)
            case Row(items=items):
                return self.row([self.of(item) for item in items])
            case Fraction(above=above, below=below):
                return self.fraction(self.of(above), self.of(below))
            case Root(inside=inside):
                return self.root(self.of(inside))
            case Raised(base=base, exponent=exponent):
                return self.raised(self.of(base), self.of(exponent))
            case Lowered(base=base, index=index):
                return self.lowered(self.of(base), self.of(index))
            case Fenced(inside=inside, kind=kind):
                return self.fenced(self.of(inside), kind)
            case Total(inside=inside, lower=lower, upper=upper):
                limits = (None if one is None else self.of(one) for one in (lower, upper))
                return self.total(self.of(inside), *limits)

    @abstractmethod
    def symbol(self, text: str, pieces: list[Piece]) -> str:
        """A quantity; ``pieces`` are its letters with their style."""

    @abstractmethod
    def digits(self, text: str, power: int | None) -> str:
        """A number with a true minus."""

    @abstractmethod
    def unit(self, text: str, pieces: list[Piece]) -> str:
        """A unit, with the space before it."""

    @abstractmethod
    def word(self, text: str) -> str:
        """Upright text."""

    @abstractmethod
    def sign(self, text: str) -> str:
        """An operator or relation."""

    @abstractmethod
    def row(self, parts: list[str]) -> str:
        """Parts side by side."""

    @abstractmethod
    def fraction(self, above: str, below: str) -> str:
        """A fraction."""

    @abstractmethod
    def root(self, inside: str) -> str:
        """A square root."""

    @abstractmethod
    def raised(self, base: str, exponent: str) -> str:
        """A power."""

    @abstractmethod
    def lowered(self, base: str, index: str) -> str:
        """An index."""

    @abstractmethod
    def fenced(self, inside: str, kind: str) -> str:
        """Brackets around something."""

    @abstractmethod
    def total(self, inside: str, lower: str | None, upper: str | None) -> str:
        """A sum with its limits."""


def _scripts(pieces: tuple[Piece, ...]) -> list[Piece]:
    """Pieces with the signs of Unicode that are raised or lowered as levels of their own."""
    parts: list[Piece] = []
    for piece in pieces:
        for text, level in _split(piece.text):
            italic = piece.italic and not level
            parts.append(Piece(text, italic, level or piece.level))
    return parts


def _split(text: str) -> list[tuple[str, int]]:
    """``m/s²`` as [("m/s", 0), ("2", 1)]."""
    parts: list[tuple[str, int]] = []
    for part in filter(None, _SCRIPTS.split(text)):
        if part[0] in "⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹":
            parts.append((part.translate(_FROM_RAISED), 1))
        elif part[0] in "₀₁₂₃₄₅₆₇₈₉₊₋":
            parts.append((part.translate(_FROM_LOWERED), -1))
        else:
            parts.append((part, 0))
    return parts


def groups(pieces: list[Piece]) -> list[tuple[list[Piece], list[Piece], list[Piece]]]:
    """Pieces on the line, each with what is lowered and raised after it."""
    grouped: list[tuple[list[Piece], list[Piece], list[Piece]]] = []
    for piece in pieces:
        if not piece.level or not grouped:
            grouped.append(([piece], [], []))
        else:
            grouped[-1][1 if piece.level < 0 else 2].append(piece)
    return grouped
