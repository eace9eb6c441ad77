"""A sheet as PDF 1.4: vector lines and a Type 3 font made of the glyphs that occur.

Every glyph carries its Unicode character, so texts can be searched and copied.
Source: ISO 32000-1, 8.4 to 8.5 (graphics), 9.6.5 (Type 3 fonts), 9.10.3 (ToUnicode).
"""

import zlib

import numpy as np

from functions._lab.drafting import fonts
from functions._lab.drafting.raster import corners
from functions._lab.drafting.sheet import Area, Colour, Dots, Pixels, Sheet, Stroke, Word
from functions._lab.drafting.svg import printable, segments

_PAGE_WIDTH = 481.89
"""170 mm in points: the text width of an A4 page."""
_CODES = 255


def write(sheet: Sheet) -> bytes:
    """The sheet as a one-page PDF file without dates or random identifiers."""
    scale = _PAGE_WIDTH / sheet.width
    height = sheet.height * scale
    glyphs: dict[fonts.Glyph, int] = {}
    opacities: dict[float, str] = {}
    content = [f"{scale:.6f} 0 0 {-scale:.6f} 0 {height:.3f} cm 1 j"]
    content += [_operators(item, glyphs, opacities) for item in sheet.items]
    document = _Document()
    pages, page = document.reserve(), document.reserve()
    stream = document.stream("\n".join(content).encode())
    used = _type3_fonts(document, list(glyphs))
    named = " ".join(f"/F{number} {ref} 0 R" for number, ref in enumerate(used))
    states = " ".join(f"/{name} << /ca {value} >>" for value, name in opacities.items())
    document.put(pages, f"<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>")
    document.put(
        page,
        f"<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 {_PAGE_WIDTH} {height:.3f}] "
        f"/Contents {stream} 0 R /Resources << /Font << {named} >> /ExtGState << {states} >> >> >>",
    )
    catalog = document.add(f"<< /Type /Catalog /Pages {pages} 0 R >>")
    title = (b"\xfe\xff" + printable(sheet.title).encode("utf-16-be")).hex()
    return document.file(catalog, document.add(f"<< /Title <{title}> >>"))


class _Document:
    """Numbered objects of a PDF file."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def reserve(self) -> int:
        self._objects.append(b"")
        return len(self._objects)

    def put(self, number: int, body: str) -> None:
        self._objects[number - 1] = body.encode("ascii")

    def add(self, body: str) -> int:
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, data: bytes) -> int:
        packed = zlib.compress(data, 6)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode("ascii")
        self._objects.append(head + packed + b"\nendstream")
        return len(self._objects)

    def file(self, catalog: int, info: int) -> bytes:
        out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, body in enumerate(self._objects, 1):
            places.append(len(out))
            out += f"{number} 0 obj\n".encode("ascii") + body + b"\nendobj\n"
        start, count = len(out), len(places) + 1
        out += f"xref\n0 {count}\n0000000000 65535 f \n".encode("ascii")
        out += "".join(f"{place:010d} 00000 n \n" for place in places).encode("ascii")
        trailer = f"<< /Size {count} /Root {catalog} 0 R /Info {info} 0 R >>"
        out += f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode("ascii")
        return bytes(out)


def _operators(
    item: Stroke | Area | Dots | Word,
    glyphs: dict[fonts.Glyph, int],
    opacities: dict[float, str],
) -> str:
    match item:
        case Stroke():
            dash = " ".join(f"{part:.2f}" for part in item.dash)
            pen = f"{_rgb(item.colour)} RG {item.width:.2f} w [{dash}] 0 d"
            return f"{pen} {_path(item.points, pairs=item.pairs)} S"
        case Area():
            name = opacities.setdefault(item.opacity, f"A{len(opacities)}")
            return f"q /{name} gs {_rgb(item.colour)} rg {_path(item.points)} f Q"
        case Dots():
            outline = corners(item.shape)[:-1] * (item.radius, -item.radius)
            marks = " ".join(_path(point + outline) + " h" for point in item.points)
            face = f"{_rgb(item.face)} rg" if item.face else ""
            edge = f"{_rgb(item.edge)} RG {item.edge_width:.2f} w [] 0 d" if item.edge_width else ""
            paint = "B" if face and edge else "f" if face else "S"
            return f"{face} {edge} {marks} {paint}"
        case Word():
            return _word(item, glyphs)


def _word(word: Word, glyphs: dict[fonts.Glyph, int]) -> str:
    shown = []
    for glyph, offset in fonts.spread(word.text)[0]:
        number = glyphs.setdefault(glyph, len(glyphs))
        size, along, rise = word.size * glyph.scale, offset * word.size, glyph.rise * word.size
        if word.vertical:
            matrix = f"0 {-size:.3f} {-size:.3f} 0 {word.x - rise:.2f} {word.y - along:.2f}"
        else:
            matrix = f"{size:.3f} 0 0 {-size:.3f} {word.x + along:.2f} {word.y - rise:.2f}"
        font, code = divmod(number, _CODES)
        shown.append(f"/F{font} 1 Tf {matrix} Tm <{code:02x}> Tj")
    return f"BT {_rgb(word.colour)} rg {' '.join(shown)} ET"


def _type3_fonts(document: _Document, glyphs: list[fonts.Glyph]) -> list[int]:
    starts = range(0, len(glyphs), _CODES)
    return [_type3(document, glyphs[start : start + _CODES]) for start in starts]


def _type3(document: _Document, glyphs: list[fonts.Glyph]) -> int:
    widths = [1000 * glyph.advance / glyph.scale for glyph in glyphs]
    procedures = [
        document.stream(f"{width:.1f} 0 -300 -400 1300 1300 d1 {_outline(glyph)} f".encode())
        for glyph, width in zip(glyphs, widths, strict=True)
    ]
    named = " ".join(f"/g{code} {ref} 0 R" for code, ref in enumerate(procedures))
    names = " ".join(f"/g{code}" for code in range(len(glyphs)))
    meanings = document.stream(_to_unicode(glyphs))
    return document.add(
        "<< /Type /Font /Subtype /Type3 /FontBBox [-300 -400 1300 1300] "
        f"/FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << {named} >> "
        f"/Encoding << /Type /Encoding /Differences [0 {names}] >> /FirstChar 0 "
        f"/LastChar {len(glyphs) - 1} /Widths [{' '.join(f'{w:.1f}' for w in widths)}] "
        f"/ToUnicode {meanings} 0 R /Resources << >> >>"
    )


def _to_unicode(glyphs: list[fonts.Glyph]) -> bytes:
    lines = [
        f"<{code:02x}> <{glyph.character.encode('utf-16-be', 'replace').hex()}>"
        for code, glyph in enumerate(glyphs)
    ]
    groups = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    ranges = "".join(
        f"{len(group)} beginbfchar\n{chr(10).join(group)}\nendbfchar\n" for group in groups
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Texts def "
        "/CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{ranges}endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _outline(glyph: fonts.Glyph) -> str:
    operators = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    parts, last = [], np.zeros(2)
    for letter, points in segments(*fonts.outline(glyph)):
        if letter == "Q":
            control, end = points
            points = np.array([last + 2 / 3 * (control - last), end + 2 / 3 * (control - end), end])
        parts.append(" ".join(f"{v:.1f}" for v in points.ravel()))
        parts.append(operators["C" if letter == "Q" else letter])
        last = points[-1] if len(points) else last
    return " ".join(parts)


def _path(points: Pixels, *, pairs: bool = False) -> str:
    places = [f"{x:.2f} {y:.2f}" for x, y in points.tolist()]
    if pairs:
        ends = zip(places[::2], places[1::2], strict=True)
        return " ".join(f"{a} m {b} l" for a, b in ends)
    return " ".join([f"{places[0]} m", *(f"{place} l" for place in places[1:])])


def _rgb(colour: Colour) -> str:
    return " ".join(f"{part:.4f}" for part in colour)
