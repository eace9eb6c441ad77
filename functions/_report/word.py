"""A report for Word: native tables and equations, figures 15 cm wide, styles to be restyled."""

import io
from typing import Any

from functions._lab.notation.mathematics import Symbol, Word, row
from functions._lab.notation.printers.omml import omml
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

_CHINESE, _LATIN = "宋体", "Times New Roman"


def docx(report: Report) -> bytes:
    """The file."""
    from docx import Document
    from docx.shared import Pt

    document: Any = Document()
    for name in ("Normal", "Heading 1", "Heading 2", "Title", "List Bullet", "Caption"):
        _font(document.styles[name])
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.title = report.title
    document.core_properties.author = ""
    document.add_heading(report.title, 0)
    for block in report.blocks:
        _add(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _font(style: Any) -> None:
    """Times for Latin letters and Song for Chinese ones, which every Word in China has."""
    from docx.oxml.ns import qn

    style.font.name = _LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), _CHINESE)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(level=level, text=text):
            document.add_heading(text, level)
        case Paragraph(text=text, hint=hint):
            document.add_paragraph().add_run(text).italic = hint
        case Formula(lines=lines):
            for number, line in enumerate(lines):
                # a line that begins with a relation lacks what stands left of it
                whole = row(Word("\u200b"), line) if number else line
                document.add_paragraph()._p.append(_element(omml(whole)))
        case Grid():
            _grid(document, block)
        case Picture(caption=caption, image=image):
            _picture(document, caption, image)
        case Lines(pairs=pairs):
            document.add_paragraph("　".join(f"{name}：{text}" for name, text in pairs))
        case Items(texts=texts):
            for text in texts:
                document.add_paragraph(text, style="List Bullet")


def _picture(document: Any, caption: str, png: bytes) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    document.add_picture(io.BytesIO(png), width=Cm(15))
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(caption, style="Caption").alignment = WD_ALIGN_PARAGRAPH.CENTER


def _grid(document: Any, grid: Grid) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.add_paragraph(grid.caption, style="Caption").alignment = WD_ALIGN_PARAGRAPH.CENTER
    rows = grid.rows
    table = document.add_table(rows=len(rows) + 1, cols=len(grid.heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, head in zip(table.rows[0].cells, grid.heads, strict=True):
        _head(cell.paragraphs[0], head)
    cells = table._cells[len(grid.heads) :]  # one walk; table.cell() is quadratic
    for cell, text in zip(cells, (text for line in rows for text in line), strict=True):
        cell.text = text
    document.add_paragraph()


def _head(paragraph: Any, head: Head) -> None:
    paragraph.add_run(f"{head.title} ")
    if head.symbol:
        paragraph._p.append(_element(omml(Symbol(head.symbol))))
    if head.unit not in ("", "1"):
        paragraph.add_run(f" / {head.unit}")


def _element(source: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(source)
