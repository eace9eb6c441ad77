"""A figure as data: what is drawn, not how.

An experiment builds a :class:`Figure` from numbers and texts; ``_lab.drawing`` is the one place
that knows the house style and turns it into PNG, SVG or PDF.  Texts are drawn as they are: no
markup, so what a student types can be part of a label.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

WIDTH_PX = 1600
"""270 pixels an inch where a figure is 15 cm wide."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Points:
    """Readings as markers, with error bars of ± u where uncertainties are given."""

    x: "Numbers"
    y: "Numbers"
    label: str = ""
    u_x: "Numbers | None" = None
    u_y: "Numbers | None" = None
    series: int = 0
    """Style: colour and marker, distinguishable in grey print, 0 to 5."""
    hollow: bool = False
    """Readings shown but not used (left out of a branch by the model)."""
    on_right: bool = False
    """Belongs to the right-hand axis of the panel."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through the given points: a fit, a theory or a guide."""

    x: "Numbers"
    y: "Numbers"
    label: str = ""
    series: int = 0
    dash: Literal["solid", "dashed", "dotted"] = "solid"
    on_right: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The area between two curves, a confidence band."""

    x: "Numbers"
    lower: "Numbers"
    upper: "Numbers"
    label: str = ""
    series: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line over the whole panel at a fixed abscissa ("x") or ordinate ("y")."""

    axis: Literal["x", "y"]
    at: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A named point, such as a peak or a threshold, with its text beside it."""

    x: float
    y: float
    text: str
    side: Literal["above", "below", "auto"] = "auto"
    on_right: bool = False
    suspect: bool = False
    """A reading that is doubted: ringed more strongly."""


Item: TypeAlias = Points | Curve | Band | Rule | Mark


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes.

    ``note`` holds the results as on the report, one per line, placed with the legend in a corner
    that holds no data.  A ``residual`` panel is low, shares its abscissa with the panel above it,
    and has a rule at zero.
    """

    x_label: str
    y_label: str
    items: Sequence[Item]
    title: str = ""
    note: Sequence[str] = ()
    right_label: str = ""
    x_log: bool = False
    y_log: bool = False
    residual: bool = False
    x_whole: bool = False
    """The abscissa counts: no ticks between whole numbers."""
    y_whole: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels in reading order, in ``columns`` columns; a residual panel stays under its own."""

    title: str
    panels: Sequence[Panel]
    columns: int = 1
    width_px: int = WIDTH_PX
    """Of the PNG; narrower where many figures go into one answer."""
    warnings: Sequence[str] = ()
    """Sentences under the panels."""
    description: str = ""
    """Results and warnings in words, for who cannot see the figure."""
