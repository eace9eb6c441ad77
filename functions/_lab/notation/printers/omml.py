"""Mathematics for Word: Office Math Markup (ECMA-376, part 1, 22.1)."""

from xml.sax.saxutils import escape

from functions._lab.notation.mathematics import Math
from functions._lab.notation.printers.printer import TIGHT_UNITS, Printer, groups
from functions._lab.symbols import Piece

_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FONT = '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/></w:rPr>'
_THIN = "\u2009"


def omml(math: Math) -> str:
    """An ``m:oMath`` element."""
    return f'<m:oMath xmlns:m="{_M}" xmlns:w="{_W}">{_Omml().of(math)}</m:oMath>'


class _Omml(Printer):
    def symbol(self, text: str, pieces: list[Piece]) -> str:
        return "".join(self._group(*group) for group in groups(pieces))

    def _group(self, line: list[Piece], low: list[Piece], high: list[Piece]) -> str:
        base, index, power = ("".join(map(_letter, part)) for part in (line, low, high))
        if low and high:
            inner = f"<m:e>{base}</m:e><m:sub>{index}</m:sub><m:sup>{power}</m:sup>"
            return f"<m:sSubSup>{inner}</m:sSubSup>"
        if low:
            return self.lowered(base, index)
        return self.raised(base, power) if high else base

    def digits(self, text: str, power: int | None) -> str:
        if power is None:
            return _run(text)
        ten = self.raised(_run("10"), _run(str(power).replace("-", "−")))
        return f"{_run(text)}{_run('×')}{ten}"

    def unit(self, text: str, pieces: list[Piece]) -> str:
        space = "" if text in TIGHT_UNITS else _run(_THIN)
        return space + self.symbol(text, pieces)

    def word(self, text: str) -> str:
        return _run(text)

    def sign(self, text: str) -> str:
        return _run(text)

    def row(self, parts: list[str]) -> str:
        return "".join(parts)

    def fraction(self, above: str, below: str) -> str:
        return f"<m:f><m:num>{above}</m:num><m:den>{below}</m:den></m:f>"

    def root(self, inside: str) -> str:
        hidden = '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>'
        return f"<m:rad>{hidden}<m:e>{inside}</m:e></m:rad>"

    def raised(self, base: str, exponent: str) -> str:
        return f"<m:sSup><m:e>{base}</m:e><m:sup>{exponent}</m:sup></m:sSup>"

    def lowered(self, base: str, index: str) -> str:
        return f"<m:sSub><m:e>{base}</m:e><m:sub>{index}</m:sub></m:sSub>"

    def fenced(self, inside: str, kind: str) -> str:
        signs = f'<m:begChr m:val="{kind[0]}"/><m:endChr m:val="{kind[1]}"/>'
        return f"<m:d><m:dPr>{signs}</m:dPr><m:e>{inside}</m:e></m:d>"

    def total(self, inside: str, lower: str | None, upper: str | None) -> str:
        hidden = "" if lower else '<m:subHide m:val="1"/>'
        hidden += "" if upper else '<m:supHide m:val="1"/>'
        kind = f'<m:naryPr><m:chr m:val="∑"/><m:limLoc m:val="undOvr"/>{hidden}</m:naryPr>'
        limits = f"<m:sub>{lower or ''}</m:sub><m:sup>{upper or ''}</m:sup>"
        return f"<m:nary>{kind}{limits}<m:e>{inside}</m:e></m:nary>"


def _letter(piece: Piece) -> str:
    if "\u0304" in piece.text:
        inner = _run(piece.text.replace("\u0304", ""), italic=piece.italic)
        accent = '<m:accPr><m:chr m:val="\u0304"/></m:accPr>'
        return f"<m:acc>{accent}<m:e>{inner}</m:e></m:acc>"
    return _run(piece.text, italic=piece.italic)


def _run(text: str, *, italic: bool = False) -> str:
    style = f'<m:rPr><m:sty m:val="{"i" if italic else "p"}"/></m:rPr>'
    return f'<m:r>{style}{_FONT}<m:t xml:space="preserve">{escape(text)}</m:t></m:r>'
