"""A sheet as pixels, drawn by matplotlib's Anti-Grain Geometry rasteriser.

The compiled renderer is used without the Python classes around it, which would bring in the font
manager and build several objects per line.  It wants a path and a graphics context with these
attributes and methods; matplotlib is pinned, and ``tests/lab/test_raster.py`` watches over it.
"""

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab.drafting import fonts
from functions._lab.drafting.sheet import Area, Colour, Dots, Pixels, Shape, Sheet, Stroke, Word

from matplotlib.backends import _backend_agg  # isort: skip  (quietly, after fonts)

_Renderer: Any = vars(_backend_agg)["RendererAgg"]

_CORNERS: dict[Shape, tuple[int, float, float]] = {
    "square": (4, math.pi / 4, 1.16),
    "triangle": (3, math.pi / 2, 1.30),
    "diamond": (4, 0.0, 1.30),
    "wedge": (3, -math.pi / 2, 1.30),
    "pentagon": (5, math.pi / 2, 1.12),
}
_MOVE, _LINE, _CLOSE = 1, 2, 79


class _Pen:
    """What the renderer asks of a graphics context."""

    _alpha = 1.0
    _forced_alpha = False
    _antialiased = 1
    _capstyle = "butt"
    _joinstyle = "round"
    _cliprect = None

    def __init__(self, colour: Colour, width: float, dash: tuple[float, ...] = ()) -> None:
        self._rgb = (*colour, 1.0)
        self._linewidth = width
        self._dash = dash

    def get_dashes(self) -> tuple[float, tuple[float, ...] | None]:
        return 0.0, self._dash or None

    def get_snap(self) -> bool:
        return False

    def get_clip_path(self) -> tuple[None, None]:
        return None, None

    def get_hatch_path(self) -> None:
        return None

    def get_hatch_color(self) -> tuple[float, float, float, float]:
        return (0.0, 0.0, 0.0, 1.0)

    def get_hatch_linewidth(self) -> float:
        return 1.0

    def get_sketch_params(self) -> None:
        return None


class _Path:
    """What the renderer asks of a path."""

    should_simplify = False
    simplify_threshold = 0.0

    def __init__(self, vertices: Pixels, codes: NDArray[np.uint8] | None = None) -> None:
        self.vertices = vertices
        self.codes = codes


@cache
def corners(shape: Shape) -> Pixels:
    """Outline of a marker of radius 1 around the origin, y upwards, closed (N, 2)."""
    count, start, size = _CORNERS.get(shape, (24, 0.0, 1.0))
    angle = start + np.linspace(0.0, 2.0 * math.pi, count + 1)
    return np.column_stack([size * np.cos(angle), size * np.sin(angle)])


def paint(sheet: Sheet) -> NDArray[np.uint8]:
    """The sheet on white as an opaque RGBA image (H, W, 4)."""
    renderer = _Renderer(sheet.width, sheet.height, 72.0)
    pixels: NDArray[np.uint8] = np.asarray(renderer)
    pixels.fill(255)
    flip = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, sheet.height], [0.0, 0.0, 1.0]])
    for item in sheet.items:
        match item:
            case Stroke():
                _stroke(renderer, item, flip)
            case Area():
                pen = _Pen(item.colour, 0.0)
                renderer.draw_path(pen, _Path(item.points), flip, (*item.colour, item.opacity))
            case Dots():
                _dots(renderer, item, flip)
            case Word():
                _word(renderer, item)
    return pixels


def _stroke(renderer: Any, stroke: Stroke, flip: Pixels) -> None:
    codes = None
    if stroke.pairs:
        codes = np.tile(np.array([_MOVE, _LINE], dtype=np.uint8), len(stroke.points) // 2)
    pen = _Pen(stroke.colour, stroke.width, stroke.dash)
    renderer.draw_path(pen, _Path(stroke.points, codes), flip, None)


def _dots(renderer: Any, dots: Dots, flip: Pixels) -> None:
    outline = corners(dots.shape)
    codes = np.full(len(outline), _LINE, dtype=np.uint8)
    codes[0], codes[-1] = _MOVE, _CLOSE
    scale = np.diag([dots.radius, dots.radius, 1.0])
    pen = _Pen(dots.edge, dots.edge_width)
    # The renderer moves a marker to the middle of a pixel, after adding one half: take that back.
    places = _Path(dots.points - 0.5)
    face = None if dots.face is None else (*dots.face, 1.0)
    renderer.draw_markers(pen, _Path(outline, codes), scale, places, flip, face)


def _word(renderer: Any, word: Word) -> None:
    pen = _Pen(word.colour, 0.0)
    for shape, offset in fonts.spread(word.text)[0]:
        drawn = fonts.bitmap(shape, word.size)
        rows = drawn.coverage.shape[0]
        along, rise = offset * word.size, shape.rise * word.size
        if word.vertical:
            x, y = round(word.x - rise) - drawn.top, round(word.y - along) - drawn.left
            renderer.draw_text_image(np.rot90(drawn.coverage).copy(), x, y, 0.0, pen)
        else:
            x, y = round(word.x + along) + drawn.left, round(word.y - rise) - drawn.top + rows
            renderer.draw_text_image(drawn.coverage, x, y, 0.0, pen)
