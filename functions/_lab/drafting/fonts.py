"""Lines of text: glyphs, widths, wrapping; ``_lab.symbols`` says which letters are italic.

Noto Sans SC (wheel ``pylopdf-fonts-zh-cn``, SIL Open Font License 1.1) is opened whole: FreeType
reads a glyph when it is first used, and forked workers share the 8 MB of the file.  What it lacks
comes from the DejaVu Sans in matplotlib, and what both lack is a box.  Italic letters are those of
the STIX fonts in matplotlib, where I, l, v and ν are told apart.  Superscripts and subscripts are
the plain characters at 62 % size, moved up or down, so that ``10⁻¹⁹`` is of one cut.
Nothing here touches matplotlib's font manager, whose cache takes a second to build and wants a
writable home directory.  One thread at a time: FreeType faces keep state.
"""

import logging
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pylopdf_fonts_zh_cn import sans_path

# Importing matplotlib may grumble about its configuration directory, of which we use nothing.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

from matplotlib.ft2font import FT2Font, LoadFlags  # noqa: E402

from functions._lab import symbols  # noqa: E402

ASCENT = 0.98
"""Height of a line of text above its baseline, in units of its size."""
DESCENT = 0.24
"""Depth below the baseline, likewise."""
DIGIT_ASCENT, DIGIT_DESCENT = 0.77, 0.03
"""The same for digits, point and minus alone, which is what most tick labels are."""
ELLIPSIS = "…"

_EM = 1000.0
_NARROW = frozenset("·±×÷…")
"""Taken from DejaVu: in a Chinese font they are as wide as an ideograph."""
_SMALL = 0.62
_RAISED, _LOWERED = 0.36, -0.16
_ITALIC, _ITALIC_SCALE = 2, 1.12
"""Face of italic letters, and what makes them as tall as the upright ones beside them."""
_NEVER_FIRST = frozenset("，。；、：？！）》”％")
"""Signs that no line begins with (GB/T 15834)."""
_NEVER_APART = frozenset("/⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Before the blank in front of a unit."""
_THIN_SPACE, _THIN = "\u2009", 0.17
_BITMAPS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Glyph:
    """How one character is drawn; lengths in units of the text size."""

    character: str
    base: str
    """The character whose shape is drawn; empty for a blank."""
    face: int | None
    """Index of the font; None draws the box of an unknown character."""
    advance: float
    scale: float = 1.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Coverage of a glyph, 0 to 255; its left and top edges seen from the pen position."""

    coverage: NDArray[np.uint8]
    left: int
    top: int


@cache
def faces() -> tuple[FT2Font, ...]:
    """The fonts in the order in which a glyph is looked for.

    FreeType reads them from memory.  An open file would be shared by all processes that are forked
    after this, with one position in it: they would read each other's glyphs.
    """
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    paths = (sans_path(), folder / "DejaVuSans.ttf", folder / "STIXGeneralItalic.ttf")
    return tuple(FT2Font(BytesIO(Path(path).read_bytes())) for path in paths)


@lru_cache(maxsize=8192)
def glyph(character: str, *, italic: bool = False) -> Glyph:
    """The glyph of one character: from a font, blank for controls, or the unknown box."""
    if italic and faces()[_ITALIC].get_char_index(ord(character)):
        advance = _advance(_ITALIC, character) * _ITALIC_SCALE
        return Glyph(character, character, _ITALIC, advance, _ITALIC_SCALE)
    if character == _THIN_SPACE:
        return Glyph(character, "", 0, _THIN)
    category = unicodedata.category(character)
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return Glyph(character, "", 0, _advance(0, " "))
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return Glyph(character, "", 0, 0.0)
    kind, _, base = unicodedata.decomposition(character).partition(" ")
    if kind in {"<super>", "<sub>"} and " " not in base:
        plain = glyph(chr(int(base, 16)))
        return replace(_moved(plain, 1 if kind == "<super>" else -1), character=character)
    order = (1, 0) if character in _NARROW else (0, 1)
    for number, font in ((number, faces()[number]) for number in order):
        if category != "Cs" and font.get_char_index(ord(character)):
            return Glyph(character, character, number, _advance(number, character))
    return Glyph(character, character, None, 0.8)


def _moved(plain: Glyph, level: int) -> Glyph:
    """A smaller glyph that is raised (1) or lowered (-1); a raised one stays where it is."""
    if not level or plain.rise:
        return plain
    rise = _RAISED if level > 0 else _LOWERED
    scale, advance = plain.scale * _SMALL, plain.advance * _SMALL
    return replace(plain, advance=advance, scale=scale, rise=rise)


def _advance(face: int, character: str) -> float:
    font = faces()[face]
    font.set_size(_EM, 72)
    return font.load_char(ord(character), LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / _EM


@lru_cache(maxsize=4096)
def spread(text: str) -> tuple[tuple[tuple[Glyph, float], ...], float]:
    """The glyphs of a line with the place of each on the baseline, and the whole width (em)."""
    placed, pen = [], 0.0
    for piece in symbols.pieces(text):
        for character in piece.text:
            shape = _moved(glyph(character, italic=piece.italic), piece.level)
            if shape.base:
                placed.append((shape, pen))
            pen += shape.advance
    return tuple(placed), pen


def measure(text: str, size: float) -> float:
    """Width of a line of text in pixels."""
    return spread(text)[1] * size


@lru_cache(maxsize=_BITMAPS_KEPT)
def bitmap(shape: Glyph, size: float) -> Bitmap:
    """The glyph rendered at a text size in pixels; the unknown box is one pixel wide in outline."""
    size *= shape.scale
    if shape.face is None:
        return _box(size)
    font = faces()[shape.face]
    font.set_size(size, 72)
    font.set_text(shape.base, 0.0, flags=LoadFlags.NO_HINTING)
    font.draw_glyphs_to_bitmap(antialiased=True)
    coverage = np.array(font.get_image(), dtype=np.uint8)
    left, _, _, top = font.load_char(ord(shape.base), LoadFlags.NO_HINTING).bbox
    return Bitmap(coverage, left // 64, -(-top // 64))


def _box(size: float) -> Bitmap:
    height, width = max(3, round(0.72 * size)), max(3, round(0.56 * size))
    line = max(1, round(0.05 * size))
    coverage = np.full((height, width), 255, dtype=np.uint8)
    coverage[line:-line, line:-line] = 0
    return Bitmap(coverage, round(0.12 * size), height)


@lru_cache(maxsize=_BITMAPS_KEPT)
def outline(shape: Glyph) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Vertices in 1/1000 em (y up) and matplotlib path codes of a glyph, before its own scale."""
    if shape.face is None:
        ring = np.array([(120, 0), (680, 0), (680, 720), (120, 720), (120, 0)], dtype=np.float64)
        hole = np.array([(170, 50), (170, 670), (630, 670), (630, 50), (170, 50)], dtype=np.float64)
        return np.vstack([ring, hole]), np.array([1, 2, 2, 2, 79] * 2, dtype=np.uint8)
    font = faces()[shape.face]
    font.set_size(_EM, 72)
    font.load_char(ord(shape.base), LoadFlags.NO_HINTING)
    vertices, codes = font.get_path()
    return np.array(vertices, dtype=np.float64), np.array(codes, dtype=np.uint8)


def fit(text: str, size: float, width: float) -> str:
    """The text, or its beginning with an ellipsis, so that it is not wider than ``width``."""
    if measure(text, size) <= width:
        return text
    kept, pen = "", glyph(ELLIPSIS).advance
    for character in text:
        pen += glyph(character).advance
        if pen * size > width:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS


def wrap(text: str, size: float, width: float, lines: int) -> list[str]:
    """The text on at most ``lines`` lines no wider than ``width``; cut with an ellipsis."""
    broken: list[str] = []
    rest = text.strip()
    while rest and len(broken) < lines - 1 and measure(rest, size) > width:
        cut = _break(rest, size, width)
        broken.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        broken.append(fit(rest, size, width))
    return broken


def _break(text: str, size: float, width: float) -> int:
    """Where to break the first line: after a blank or between Chinese characters."""
    pen, last, end = 0.0, 0, 0
    for index, character in enumerate(text):
        pen += glyph(character).advance
        if pen * size > width:
            break
        end = index + 1
        after = text[index + 1 : index + 2]
        blank = character == " " and text[index - 1 : index] not in _NEVER_APART
        if after not in _NEVER_FIRST and (blank or max(character, after) > "\u2e80"):
            last = end
    return last if last > 0.25 * end else max(1, end)
