"""A report as a LaTeX project: one .tex for XeLaTeX with ctex, and its figures, in a zip."""

import io
import re
import zipfile

from functions._lab.notation.mathematics import Math, Row, Sign, Symbol, Unit
from functions._lab.notation.printers.latex import latex
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

_PREAMBLE = r"""% 用 XeLaTeX 编译（TeX Live 或 MiKTeX 的 ctex）
\documentclass[a4paper,zihao=-4]{ctexart}
\usepackage{amsmath,graphicx,booktabs,longtable,geometry}
\geometry{margin=2.5cm}
\title{TITLE}
\date{}
\begin{document}
\maketitle
"""
_SPECIAL = {
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{sign: f"\\{sign}" for sign in "%&#$_{}"},
}
_SUPERSCRIPT = re.compile("([⁻⁰¹²³⁴-⁹⁺]+)")
_FROM_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
_BARRED = re.compile("([A-Za-z])\u0304")
_SUBSCRIPT = re.compile("([₀-₉₊₋]+)")
_FROM_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-")
_ALONE = {
    **{"±": r"$\pm$", "×": r"$\times$", "√": r"$\surd$", "−": "$-$", "∞": r"$\infty$"},
    **{"Ω": r"$\Omega$", "μ": r"$\mu$", "°": r"$^\circ$", "℃": r"$^\circ$C", "·": r"$\cdot$"},
    **{"Δ": r"$\Delta$", "λ": r"$\lambda$", "π": r"$\pi$", "ν": r"$\nu$", "′": "$'$"},
    **{"α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$", "δ": r"$\delta$", "η": r"$\eta$"},
    **{"θ": r"$\theta$", "ρ": r"$\rho$", "σ": r"$\sigma$", "τ": r"$\tau$", "φ": r"$\varphi$"},
    **{"ω": r"$\omega$", "ε": r"$\varepsilon$", "κ": r"$\kappa$", "χ": r"$\chi$"},
}


def tex_zip(report: Report) -> bytes:
    """The zip: ``report.tex`` and ``figures/NAME.pdf``."""
    body = "\n\n".join(_block(block) for block in report.blocks)
    head = _PREAMBLE.replace("TITLE", text(report.title))
    source = f"{head}{body}\n\n\\end{{document}}\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("report.tex"), source)
        for block in report.blocks:
            if isinstance(block, Picture):
                packed.writestr(zipfile.ZipInfo(f"figures/{block.name}.pdf"), block.image)
    return buffer.getvalue()


def _block(block: Block) -> str:
    match block:
        case Heading(level=level, text=words):
            return rf"\{'sub' * (level - 1)}section*{{{text(words)}}}"
        case Paragraph(text=words, hint=hint):
            return rf"\emph{{{text(words)}}}" if hint else text(words)
        case Formula(lines=lines):
            return _displayed(lines)
        case Grid():
            return _grid(block)
        case Picture(name=name, caption=caption):
            image = rf"\includegraphics[width=15cm]{{figures/{name}.pdf}}"
            return (
                rf"\begin{{center}}{image}" + "\n\n" + rf"{{\small {text(caption)}}}\end{{center}}"
            )
        case Lines(pairs=pairs):
            return r"\quad ".join(f"{text(name)}：{text(words)}" for name, words in pairs)
        case Items(texts=texts):
            items = "\n".join(rf"\item {text(words)}" for words in texts)
            return r"\begin{itemize}" + f"\n{items}\n" + r"\end{itemize}"


def _displayed(lines: tuple[Math, ...]) -> str:
    first, *rest = [latex(line) for line in lines]
    if not rest:
        return f"\\[ {first} \\]"
    aligned = [first.replace("=", "&=", 1), *(f"&{line}" for line in rest)]
    return "\\begin{align*}\n" + " \\\\\n".join(aligned) + "\n\\end{align*}"


def _grid(grid: Grid) -> str:
    form = "r" * len(grid.heads)
    heads = " & ".join(_head(head) for head in grid.heads)
    rows = " \\\\\n".join(" & ".join(text(cell) for cell in row) for row in grid.rows)
    caption = rf"{{\small {text(grid.caption)}}}"
    return (
        rf"\begin{{center}}{caption}\end{{center}}"
        + "\n"
        + rf"\begin{{longtable}}{{{form}}}\toprule"
        + f"\n{heads} \\\\ \\midrule\n{rows} \\\\ \\bottomrule\n"
        + r"\end{longtable}"
    )


def _head(head: Head) -> str:
    symbol = f" ${latex(Symbol(head.symbol))}$" if head.symbol else ""
    if head.unit in ("", "1"):
        return text(head.title) + symbol
    unit = latex(Row((Sign("/"), Unit(head.unit))))
    return f"{text(head.title)}{symbol} ${unit}$"


def text(words: str) -> str:
    """Running text with what TeX would read escaped, and what its fonts lack as formulas."""
    escaped = "".join(_SPECIAL.get(sign, _ALONE.get(sign, sign)) for sign in words)
    escaped = _BARRED.sub(lambda m: rf"$\bar{{{m[1]}}}$", escaped)
    raised = _SUPERSCRIPT.sub(lambda m: f"$^{{{m[1].translate(_FROM_RAISED)}}}$", escaped)
    return _SUBSCRIPT.sub(lambda m: f"$_{{{m[1].translate(_FROM_LOWERED)}}}$", raised)
