"""The house style: colours, markers, dashes and sizes.

Colours are those of Okabe and Ito (Color Universal Design, 2008), told apart by all common kinds
of colour vision; every series also has its own marker and dash, so that grey print will do.
"""

import math
from dataclasses import dataclass

from functions._lab.drafting.sheet import Colour, Dash, Shape

REFERENCE_WIDTH = 1800
"""Sizes below are pixels on a figure of this width."""


def _rgb(code: str) -> Colour:
    return (int(code[0:2], 16) / 255, int(code[2:4], 16) / 255, int(code[4:6], 16) / 255)


WHITE: Colour = (1.0, 1.0, 1.0)
INK = _rgb("1F2328")
FRAME = _rgb("3C424A")
GRID = _rgb("DDE1E6")
FINE_GRID = _rgb("F0F2F4")
RULE = _rgb("6B7280")
WARNING = _rgb("B3261E")
SERIES: tuple[Colour, ...] = (
    _rgb("0072B2"),
    _rgb("D55E00"),
    _rgb("009E73"),
    _rgb("CC79A7"),
    _rgb("E69F00"),
    _rgb("56B4E9"),
)
SHAPES: tuple[Shape, ...] = ("circle", "square", "triangle", "diamond", "wedge", "pentagon")
DASHES: tuple[Dash, ...] = ((), (26, 9), (26, 8, 5, 8), (14, 8), (26, 8, 5, 8, 5, 8), (5, 7))
NAMED_DASHES: dict[str, Dash] = {"solid": (), "dashed": (18, 10), "dotted": (4, 9)}

EXACT: tuple[tuple[int, int, int], ...] = tuple(
    (round(255 * red), round(255 * green), round(255 * blue))
    for red, green, blue in (INK, FRAME, GRID, FINE_GRID, RULE, WARNING, *SERIES)
)
"""Colours that a palette must hold as they are."""

_TEXT = 45.0
"""Of axis labels: 11 pt where the figure is 15 cm wide, 9.8 px on a telephone of 390 px."""
_TEXT_FACTOR = {1: 1.0, 2: 0.82, 3: 0.58}
_PLOT_HEIGHT = {1: 740.0, 2: 600.0, 3: 380.0}


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in pixels for one figure; ``unit`` is the size of a reference pixel."""

    unit: float
    text: float
    plot_height: float
    residual_height: float

    @property
    def title(self) -> float:
        """Text size of the figure's title."""
        return self.text * 1.12

    @property
    def tick(self) -> float:
        """Text size of tick labels, legend and notes."""
        return self.text * 0.92

    @property
    def mark(self) -> float:
        """Text size of the labels of marked points."""
        return self.text * 0.86

    @property
    def line_height(self) -> float:
        """From baseline to baseline in a block of tick-sized lines."""
        return self.tick * 1.3

    @property
    def gap(self) -> float:
        """Between neighbouring texts."""
        return self.text * 0.4

    @property
    def line(self) -> float:
        """Width of frame, ticks and grid: whole pixels, to be sharp."""
        return max(1.0, round(2.0 * self.unit))

    @property
    def stroke(self) -> float:
        """Width of a curve."""
        return 4.2 * self.unit * math.sqrt(self.text / (_TEXT * self.unit))

    def ticks_within(self, height: float, *, dense: bool = False) -> int:
        """How many ticks an upright axis of that height takes."""
        return max(2, round(height / ((1.8 if dense else 2.7) * self.tick)))

    def radius(self, count: int) -> float:
        """Radius of the markers of a series with that many points."""
        size = 11.0 if count <= 40 else 8.5 if count <= 150 else 6.0 if count <= 600 else 3.5
        return size * self.unit * math.sqrt(self.text / (_TEXT * self.unit))


def style(width: int, columns: int) -> Style:
    """Sizes for a figure of that width in pixels and that number of columns."""
    unit = width / REFERENCE_WIDTH
    factor = _TEXT_FACTOR.get(columns, 0.56)
    height = _PLOT_HEIGHT.get(columns, 260.0)
    return Style(unit, _TEXT * factor * unit, height * unit, (150 + 110 * factor) * factor * unit)
