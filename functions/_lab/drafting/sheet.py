"""A sheet: the finished layout as a flat list of marks in pixels, x to the right and y down."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from functions._lab.drafting import fonts
from functions._lab.drafting.scale import Scale

Pixels: TypeAlias = NDArray[np.float64]
Colour: TypeAlias = tuple[float, float, float]
Dash: TypeAlias = tuple[float, ...]
Shape: TypeAlias = Literal["circle", "square", "triangle", "diamond", "wedge", "pentagon"]

_DIGITS = frozenset("0123456789.−")


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.bottom - self.top

    def overlaps(self, other: "Box") -> bool:
        """Whether the two rectangles share an area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Stroke:
    """A polyline through ``points`` (N, 2), or separate segments where ``pairs`` is set."""

    points: Pixels
    colour: Colour
    width: float
    dash: Dash = ()
    pairs: bool = False
    """Every two points are one segment."""


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon through ``points`` (N, 2)."""

    points: Pixels
    colour: Colour
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Dots:
    """The same marker at every row of ``points`` (N, 2)."""

    points: Pixels
    shape: Shape
    radius: float
    face: Colour | None
    """None leaves the inside open."""
    edge: Colour
    edge_width: float


@dataclass(frozen=True, slots=True)
class Word:
    """One line of text from (x, y) on its baseline, upwards where ``vertical``."""

    text: str
    x: float
    y: float
    size: float
    colour: Colour
    vertical: bool = False

    @property
    def box(self) -> Box:
        """The rectangle that the text takes."""
        length = fonts.measure(self.text, self.size)
        digits = _DIGITS.issuperset(self.text)
        ascent = (fonts.DIGIT_ASCENT if digits else fonts.ASCENT) * self.size
        descent = (fonts.DIGIT_DESCENT if digits else fonts.DESCENT) * self.size
        if self.vertical:
            return Box(self.x - ascent, self.y - length, self.x + descent, self.y)
        return Box(self.x, self.y - ascent, self.x + length, self.y + descent)


Item: TypeAlias = Stroke | Area | Dots | Word


@dataclass(frozen=True, slots=True)
class Axes:
    """Where a panel came to lie, and how its values map to pixels."""

    box: Box
    x: Scale
    y: Scale
    right: Scale | None = None


@dataclass(slots=True)
class Sheet:
    """Size in pixels, what to draw in drawing order, and the axes of every panel."""

    width: int
    height: int
    title: str = ""
    items: list[Item] = field(default_factory=list)
    axes: list[Axes] = field(default_factory=list)
    description: str = ""
    """Results and warnings in words, for who cannot see the figure."""

    def words(self) -> list[Word]:
        """Every line of text on the sheet."""
        return [item for item in self.items if isinstance(item, Word)]
