"""A report as data: what stands in it, in order, whatever it is written with."""

from dataclasses import dataclass
from typing import TypeAlias

from functions._lab.notation.mathematics import Math


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter of the report."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a ``hint`` is what the student replaces by words of his own."""

    text: str
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """Mathematics displayed; a long chain of equalities goes on in further lines."""

    lines: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: title, symbol, unit ("1" or "" for none)."""

    title: str
    symbol: str
    unit: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption; columns of texts, short ones are filled with blanks."""

    caption: str
    heads: tuple[Head, ...]
    columns: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The same, row by row."""
        height = max((len(column) for column in self.columns), default=0)
        filled = [(*column, *[""] * (height - len(column))) for column in self.columns]
        return list(zip(*filled, strict=True))


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its caption, drawn in the form that the report's format takes."""

    name: str
    caption: str
    image: bytes


@dataclass(frozen=True, slots=True)
class Lines:
    """Short pairs such as name and number, or lines of a list."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    texts: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Formula | Grid | Picture | Lines | Items


@dataclass(frozen=True, slots=True)
class Report:
    """Title and blocks."""

    title: str
    blocks: tuple[Block, ...]
