"""Mathematics as it is set: a small tree that every printer walks, whatever it prints for.

The pieces are those of a handout, not of an algebra: letters with their indices, numbers, signs,
fractions, roots, sums with their limits.  ``setting`` makes such a tree from a formula, ``ledger``
from a step of a computation; ``printers`` turn it into Unicode, MathML, LaTeX, Typst and OMML.

Typography after ISO 80000-1 and GB/T 3101: a :class:`Symbol` is italic with upright descriptive
indices, everything in :class:`Word` and :class:`Unit` upright.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from functions._lab import symbols


@dataclass(frozen=True, slots=True)
class Symbol:
    """A quantity as it is written in plain text, ``I_th``, ``x̄``, ``U′``, ``Δn``, ``k_P``.

    ``symbols.pieces`` says which of its letters are italic, raised and lowered.
    """

    text: str

    @property
    def pieces(self) -> tuple[symbols.Piece, ...]:
        """The letters with their style."""
        return symbols.pieces(self.text)


@dataclass(frozen=True, slots=True)
class Digits:
    """A number as it is to be read, ``-1.602``, ``3.20``; ``power`` of ten where there is one."""

    text: str
    power: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in plain text, ``m/s²``, ``10⁻¹⁹ C``; upright, after a thin space."""

    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """Upright text among mathematics: a function's name, Chinese, ``A``, ``max``."""

    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """An operator or relation: ``+ − × · / = ≈ ± < > ≤ ≥ , … | ∂``; a minus is U+2212."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Things beside each other."""

    items: tuple["Math", ...]


@dataclass(frozen=True, slots=True)
class Fraction:
    """A built-up fraction."""

    above: "Math"
    below: "Math"


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    inside: "Math"


@dataclass(frozen=True, slots=True)
class Raised:
    """A base with an exponent."""

    base: "Math"
    exponent: "Math"


@dataclass(frozen=True, slots=True)
class Lowered:
    """A base with an index that is itself mathematics, ``u(x)`` has none, ``x_i`` may."""

    base: "Math"
    index: "Math"


@dataclass(frozen=True, slots=True)
class Fenced:
    """Something in brackets that grow with it."""

    inside: "Math"
    kind: Literal["()", "[]", "||"] = "()"


@dataclass(frozen=True, slots=True)
class Total:
    """A sum sign with limits (either may be None) and what is summed."""

    inside: "Math"
    lower: "Math | None" = None
    upper: "Math | None" = None


Math: TypeAlias = (
    Symbol | Digits | Unit | Word | Sign | Row | Fraction | Root | Raised | Lowered | Fenced | Total
)
"""Anything that can be set."""


def row(*items: "Math | str | None") -> Row:
    """Things beside each other; a string is a sign, None is left out, rows are joined."""
    flat: list[Math] = []
    for item in items:
        if isinstance(item, Row):
            flat += item.items
        elif isinstance(item, str):
            flat.append(Sign(item))
        elif item is not None:
            flat.append(item)
    return Row(tuple(flat))
