"""A report as one HTML file: MathML, native tables, the figures inside."""

import base64
from html import escape

from functions._lab.notation.mathematics import Symbol
from functions._lab.notation.printers.mathml import mathml
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

_STYLE = """
body{font-family:"Noto Serif SC","Songti SC",SimSun,serif;line-height:1.6;max-width:46rem;
margin:2rem auto;padding:0 1rem;color:#111}
h1{text-align:center;font-size:1.5rem}h2{font-size:1.2rem;border-bottom:1px solid #999}
h3{font-size:1.02rem}table{border-collapse:collapse;margin:.6rem auto;font-size:.92rem}
caption{font-size:.92rem;padding:.2rem}th,td{border-bottom:1px solid #bbb;padding:.15rem .7rem;
text-align:right}thead th{border-top:2px solid #111;border-bottom:1px solid #111;font-weight:500}
tbody tr:last-child td{border-bottom:2px solid #111}figure{text-align:center;margin:1rem 0}
img{width:15cm;max-width:100%}.hint{color:#888}.formula{overflow-x:auto;margin:.4rem 0}
@media print{body{margin:0}}
"""


def html(report: Report) -> bytes:
    """The file."""
    body = "\n".join(_block(block) for block in report.blocks)
    head = f'<meta charset="utf-8"><title>{escape(report.title)}</title><style>{_STYLE}</style>'
    page = f"<h1>{escape(report.title)}</h1>\n{body}"
    return (
        f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{page}</body></html>'.encode()
    )


def _block(block: Block) -> str:
    match block:
        case Heading(level=level, text=text):
            return f"<h{level + 1}>{escape(text)}</h{level + 1}>"
        case Paragraph(text=text, hint=hint):
            return f"<p{' class=hint' if hint else ''}>{escape(text)}</p>"
        case Formula(lines=lines):
            return f'<div class="formula">{"".join(map(mathml, lines))}</div>'
        case Grid():
            return _grid(block)
        case Picture(caption=caption, image=image):
            data = base64.b64encode(image).decode()
            shown = f'<img src="data:image/png;base64,{data}" alt="{escape(caption)}">'
            return f"<figure>{shown}<figcaption>{escape(caption)}</figcaption></figure>"
        case Lines(pairs=pairs):
            return "<p>" + "　".join(f"{escape(n)}：{escape(t)}" for n, t in pairs) + "</p>"
        case Items(texts=texts):
            return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def _grid(grid: Grid) -> str:
    heads = "".join(f"<th>{_head(head)}</th>" for head in grid.heads)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in grid.rows
    )
    caption = f"<caption>{escape(grid.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _head(head: Head) -> str:
    symbol = mathml(Symbol(head.symbol)).replace(' display="block"', "") if head.symbol else ""
    unit = f" / {escape(head.unit)}" if head.unit not in ("", "1") else ""
    return f"{escape(head.title)} {symbol}{unit}".strip()
