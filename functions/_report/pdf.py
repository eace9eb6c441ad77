"""A report as PDF, set by Typst with the fonts of the bundle; no file of the system is read."""

import functools
from pathlib import Path
from typing import Any

from functions._lab.notation.mathematics import Symbol
from functions._lab.notation.printers.typst import typst as typst_math
from functions._report.content import (
    Block,
    Formula,
    Grid,
    Head,
    Heading,
    Items,
    Lines,
    Paragraph,
    Picture,
    Report,
)

_PREAMBLE = """#set page(paper: "a4", margin: 2.5cm, numbering: "1")
#set text(font: ("Noto Serif SC", "Noto Sans SC"), size: 11pt, lang: "zh")
#set par(justify: true, leading: 0.8em)
#set heading(numbering: none)
#show heading: it => block(above: 1.2em, below: 0.8em, it)
#show math.equation: set text(size: 10.5pt)
#show table.cell.where(y: 0): set text(weight: "bold")
"""

_KEPT_WHOLE = 30
"""Rows of a table that is not broken over pages."""


def pdf(report: Report) -> bytes:
    """The file, the same for the same report."""
    import typst

    files = {f"{b.name}.svg": b.image for b in report.blocks if isinstance(b, Picture)}
    body = "\n\n".join(_block(block) for block in report.blocks)
    title = _quoted(report.title)
    head = f"#set document(title: {title}, date: none)\n#align(center, text(size: 18pt, {title}))"
    source = f"{_PREAMBLE}{head}\n\n{body}\n"
    made: bytes = typst.compile(
        {"main.typ": source.encode(), **files}, font_paths=_fonts(), format="pdf"
    )
    return made


@functools.cache
def _fonts() -> Any:
    import pylopdf_fonts_zh_cn
    import typst

    folder = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def _block(block: Block) -> str:
    match block:
        case Heading(level=level, text=text):
            return f"#heading(level: {level}, {_quoted(text)})"
        case Paragraph(text=text, hint=hint):
            if hint:
                return f"#text(fill: gray, {_quoted(text)})"
            with_next = "true" if text.endswith("：") else "false"
            return f"#block(sticky: {with_next}, {_quoted(text)})"
        case Formula(lines=lines):
            first, *rest = [typst_math(line) for line in lines]
            if not rest:
                return f"$ {first} $"
            aligned = [_aligned(first), *(f"& {line}" for line in rest)]
            return "$ " + " \\ ".join(aligned) + " $"
        case Grid():
            return _grid(block)
        case Picture(name=name, caption=caption):
            image = f'image("{name}.svg", width: 15cm)'
            return f"#align(center)[#{image}\n#text(size: 9pt, {_quoted(caption)})]"
        case Lines(pairs=pairs):
            return f"#par({_quoted('　'.join(f'{name}：{text}' for name, text in pairs))})"
        case Items(texts=texts):
            return "#list(" + ", ".join(_quoted(text) for text in texts) + ")"


def _aligned(line: str) -> str:
    """The line with a mark before its first sign of equality."""
    before, sign, after = line.partition(" = ")
    return f"{before} &= {after}" if sign else line


def _grid(grid: Grid) -> str:
    heads = ", ".join(_head(head) for head in grid.heads)
    cells = ", ".join(_quoted(cell) for row in grid.rows for cell in row)
    count = len(grid.heads)
    thick, thin = "table.hline()", "table.hline(stroke: 0.5pt)"
    form = f"columns: {count}, align: right, stroke: none, inset: 4pt"
    body = f"table({form}, {thick}, table.header({heads}), {thin}, {cells}, {thick})"
    whole = "false" if len(grid.rows) <= _KEPT_WHOLE else "true"
    inner = f"#align(center)[#text(size: 9pt, {_quoted(grid.caption)})\n#{body}]"
    return f"#block(breakable: {whole}, width: 100%)[{inner}]"


def _head(head: Head) -> str:
    symbol = f" ${typst_math(Symbol(head.symbol))}$" if head.symbol else ""
    unit = f" / {head.unit}" if head.unit not in ("", "1") else ""
    return f"[#{_quoted(head.title)}{symbol}#{_quoted(unit)}]"


def _quoted(text: str) -> str:
    """A string of Typst: no markup in it is read."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
