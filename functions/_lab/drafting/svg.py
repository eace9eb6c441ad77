"""A sheet as SVG.  Glyphs are outlines, so it looks the same without our fonts."""

from functools import cache
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from functions._lab.drafting import fonts
from functions._lab.drafting.raster import corners
from functions._lab.drafting.sheet import Area, Colour, Dots, Pixels, Sheet, Stroke, Word
from functions._lab.symbols import plain

_COMMANDS = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("Z", 0)}


def write(sheet: Sheet) -> bytes:
    """The sheet as a UTF-8 SVG file without dates or random names."""
    glyphs: dict[fonts.Glyph, str] = {}
    body = [_element(item, glyphs) for item in sheet.items]
    shapes = "".join(f'<path id="{name}" d="{_outline(glyph)}"/>' for glyph, name in glyphs.items())
    size = f'width="{sheet.width}" height="{sheet.height}"'
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}',
        f' viewBox="0 0 {sheet.width} {sheet.height}" role="img">',
        f"<title>{escape(printable(plain(sheet.title)))}</title>",
        f"<desc>{escape(printable(plain(sheet.description)))}</desc>",
        f'<defs>{shapes}</defs><rect {size} fill="#ffffff"/>\n',
        "\n".join(body),
        "\n</svg>\n",
    ]
    return "".join(parts).encode()


def printable(text: str) -> str:
    """The text without characters that a file format cannot hold (controls, lone surrogates)."""
    return "".join(c if c.isprintable() else " " for c in text)


def _element(item: Stroke | Area | Dots | Word, glyphs: dict[fonts.Glyph, str]) -> str:
    match item:
        case Stroke():
            dash = f' stroke-dasharray="{" ".join(map(_number, item.dash))}"' if item.dash else ""
            line = f'stroke="{_colour(item.colour)}" stroke-width="{_number(item.width)}"{dash}'
            path = _path(item.points, pairs=item.pairs)
            return f'<path d="{path}" fill="none" {line} stroke-linejoin="round"/>'
        case Area():
            fill = f'fill="{_colour(item.colour)}" fill-opacity="{_number(item.opacity)}"'
            return f'<path d="{_path(item.points)}Z" {fill}/>'
        case Dots():
            return _dots(item)
        case Word():
            return _word(item, glyphs)


def _dots(dots: Dots) -> str:
    outline = corners(dots.shape) * (dots.radius, -dots.radius)
    face = _colour(dots.face) if dots.face else "none"
    edge = f'stroke="{_colour(dots.edge)}" stroke-width="{_number(dots.edge_width)}"'
    marks = "".join(_path(point + outline[:-1]) + "Z" for point in dots.points)
    return f'<path d="{marks}" fill="{face}" {edge if dots.edge_width else ""}/>'


def _word(word: Word, glyphs: dict[fonts.Glyph, str]) -> str:
    uses = []
    for glyph, offset in fonts.spread(word.text)[0]:
        name = glyphs.setdefault(glyph, f"g{len(glyphs)}")
        x, y = _number(1000 * offset), _number(1000 * glyph.rise)
        place = f'transform="translate({x} {y})' + (
            f' scale({_number(glyph.scale)})"' if glyph.scale != 1.0 else '"'
        )
        uses.append(f'<use href="#{name}" {place}/>')
    size = f"{word.size / 1000:.5f}"
    turn = " rotate(-90)" if word.vertical else ""
    place = f"translate({_number(word.x)} {_number(word.y)}){turn} scale({size} -{size})"
    label = escape(printable(plain(word.text)), {'"': "&quot;"})
    head = f'<g fill="{_colour(word.colour)}" transform="{place}" role="text" aria-label="{label}">'
    return head + "".join(uses) + "</g>"


@cache
def _outline(glyph: fonts.Glyph) -> str:
    vertices, codes = fonts.outline(glyph)
    return "".join(
        letter + " ".join(f"{_number(x)} {_number(y)}" for x, y in points)
        for letter, points in segments(vertices, codes)
    )


def segments(vertices: Pixels, codes: NDArray[np.uint8]) -> list[tuple[str, Pixels]]:
    """A path as SVG command letters with their points (N, 2)."""
    found, index = [], 0
    while index < len(codes):
        letter, count = _COMMANDS[int(codes[index])]
        found.append((letter, vertices[index : index + count]))
        index += max(1, count)
    return found


def _path(points: Pixels, *, pairs: bool = False) -> str:
    places = [f"{x:.2f} {y:.2f}" for x, y in points.tolist()]
    if pairs:
        return "".join(f"M{a}L{b}" for a, b in zip(places[::2], places[1::2], strict=True))
    return "M" + "L".join(places)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _colour(colour: Colour) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)
