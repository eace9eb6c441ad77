"""A sheet as pixels, drawn by matplotlib's Anti-Grain Geometry rasteriser.

The compiled renderer is used without the Python classes around it, which would bring in the font
manager and build several objects per line.  It wants a path and a graphics context with these
attributes and methods; matplotlib is pinned, and ``tests/lab/test_raster.py`` watches over it.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab.drafting import fonts
from functions._lab.drafting.sheet import (
    Area,
    Colour,
    Dots,
    Item,
    Pixels,
    Shape,
    Sheet,
    Stroke,
    Word,
)

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
_STRIP = 1_500_000
"""Pixels of a strip, where the sheet can be cut so."""


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
    return _painted(sheet.items, sheet.width, 0, sheet.height)


def strips(sheet: Sheet) -> Iterator[NDArray[np.uint8]]:
    """The same image in strips from top to bottom, cut where nothing is drawn.

    A whole image is large enough for its memory to be asked of the system, and cleared, for every
    figure anew; that of a strip is used again.
    """
    extents = np.array([_extent(item) for item in sheet.items]).reshape(-1, 2)
    first = np.clip(np.floor(extents[:, 0]), 0, sheet.height).astype(np.intp)
    last = np.clip(np.ceil(extents[:, 1]), 0, sheet.height).astype(np.intp)
    covered = np.bincount(first, minlength=sheet.height + 1)
    covered -= np.bincount(last, minlength=sheet.height + 1)
    free = np.flatnonzero(np.cumsum(covered)[:-1] == 0)
    top = 0
    while top < sheet.height:
        below = free[free > top]
        near = below[below <= top + _STRIP // sheet.width]
        bottom = int(near[-1] if near.size else below[0] if below.size else sheet.height)
        if sheet.height - top <= _STRIP // sheet.width:
            bottom = sheet.height
        here = np.flatnonzero((last > top) & (first < bottom))
        yield _painted([sheet.items[i] for i in here], sheet.width, top, bottom)
        top = bottom


def _extent(item: Item) -> tuple[float, float]:
    """The uppermost and lowest pixel that an item may touch."""
    match item:
        case Word() if item.vertical:
            return item.box.top - item.size, item.box.bottom + item.size
        case Word():
            above, below = _letters(item.text, item.size)
            return item.y - above - 1.0, item.y + below + 1.0
        case Dots():
            reach = 1.4 * item.radius + item.edge_width + 1.0
        case Stroke():
            reach = item.width + 1.0
        case Area():
            reach = 1.0
    rows = item.points[:, 1]
    return float(rows.min(initial=np.inf)) - reach, float(rows.max(initial=-np.inf)) + reach


@lru_cache(maxsize=1024)
def _letters(text: str, size: float) -> tuple[float, float]:
    """How far the letters of a line reach above and below its baseline in pixels."""
    above, below = 0.0, 0.0
    for shape, _ in fonts.spread(text)[0]:
        drawn, rise = fonts.bitmap(shape, size), shape.rise * size
        above = max(above, rise + drawn.top)
        below = max(below, drawn.coverage.shape[0] - drawn.top - rise)
    return above, below


def _painted(items: Sequence[Item], width: int, top: int, bottom: int) -> NDArray[np.uint8]:
    """The rows from ``top`` to ``bottom`` of a sheet with these items."""
    renderer = _Renderer(width, bottom - top, 72.0)
    pixels: NDArray[np.uint8] = np.asarray(renderer)
    pixels.fill(255)
    flip = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, bottom], [0.0, 0.0, 1.0]])
    for item in items:
        match item:
            case Stroke():
                _stroke(renderer, item, flip)
            case Area():
                pen = _Pen(item.colour, 0.0)
                renderer.draw_path(pen, _Path(item.points), flip, (*item.colour, item.opacity))
            case Dots():
                _dots(renderer, item, flip)
            case Word():
                _word(renderer, item, top)
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


def _word(renderer: Any, word: Word, top: int) -> None:
    pen = _Pen(word.colour, 0.0)
    for shape, offset in fonts.spread(word.text)[0]:
        drawn = fonts.bitmap(shape, word.size)
        rows = drawn.coverage.shape[0]
        along, rise = offset * word.size, shape.rise * word.size
        if word.vertical:
            x, y = round(word.x - rise) - drawn.top, round(word.y - along) - drawn.left
            renderer.draw_text_image(np.rot90(drawn.coverage).copy(), x, y - top, 0.0, pen)
        else:
            x, y = round(word.x + along) + drawn.left, round(word.y - rise) - drawn.top + rows
            renderer.draw_text_image(drawn.coverage, x, y - top, 0.0, pen)
