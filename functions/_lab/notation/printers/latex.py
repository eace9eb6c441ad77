"""Mathematics for LaTeX (amsmath, with ctex where Chinese words stand in it)."""

from functions._lab.notation.mathematics import Math
from functions._lab.notation.printers.printer import TIGHT_UNITS, Printer, groups
from functions._lab.symbols import Piece

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        (
            *("alpha", "beta", "gamma", "delta", "varepsilon", "zeta", "eta", "theta", "iota"),
            *("kappa", "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "varphi"),
            *("chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma"),
            *("Phi", "Psi", "Omega"),
        ),
        strict=True,
    )
)
_SIGNS = {
    **{"×": r"\times ", "·": r"\cdot ", "±": r"\pm ", "≈": r"\approx ", "≤": r"\le "},
    **{"≥": r"\ge ", "∂": r"\partial ", "−": "-", "…": r"\dots ", "⟨": r"\langle "},
    **{"⟩": r"\rangle ", "'": r"\prime "},
}
_ESCAPES = {sign: f"\\{sign}" for sign in "%&#$_{}"} | {
    **{"\\": r"\backslash ", "~": r"\sim ", "^": r"\hat{}", "°": r"^\circ ", "′": "'", "″": "''"},
    **{"−": "-", "℃": r"^\circ\mathrm{C}", "·": r"\cdot ", "Ω": r"\Omega ", "∞": r"\infty "},
}


def latex(math: Math) -> str:
    """The source between two dollar signs."""
    return _LaTeX().of(math).strip()


class _LaTeX(Printer):
    def symbol(self, text: str, pieces: list[Piece]) -> str:
        return "".join(self._group(*group) for group in groups(pieces))

    def _group(self, line: list[Piece], low: list[Piece], high: list[Piece]) -> str:
        base, index, power = ("".join(map(_letter, part)) for part in (line, low, high))
        return base + (f"_{{{index}}}" if low else "") + (f"^{{{power}}}" if high else "")

    def digits(self, text: str, power: int | None) -> str:
        number = text.replace("−", "-")
        return number if power is None else rf"{number} \times 10^{{{power}}}"

    def unit(self, text: str, pieces: list[Piece]) -> str:
        space = "" if text in TIGHT_UNITS else r"\,"
        return space + self.symbol(text, pieces)

    def word(self, text: str) -> str:
        return rf"\text{{{''.join(_text(sign) for sign in text)}}}"

    def sign(self, text: str) -> str:
        return _SIGNS.get(text, text)

    def row(self, parts: list[str]) -> str:
        return "".join(parts)

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def root(self, inside: str) -> str:
        return rf"\sqrt{{{inside}}}"

    def raised(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    def lowered(self, base: str, index: str) -> str:
        return f"{{{base}}}_{{{index}}}"

    def fenced(self, inside: str, kind: str) -> str:
        return rf"\left{kind[0]}{inside}\right{kind[1]}"

    def total(self, inside: str, lower: str | None, upper: str | None) -> str:
        limits = (f"_{{{lower}}}" if lower else "") + (f"^{{{upper}}}" if upper else "")
        return rf"\sum{limits} {inside}"


def _letter(piece: Piece) -> str:
    text = piece.text
    if "\u0304" in text:
        return rf"\bar{{{_letter(Piece(text.replace(chr(0x304), ''), piece.italic))}}}"
    if any(sign >= "\u2e80" for sign in text):
        return rf"\text{{{text}}}"
    body = "".join(_math(sign) for sign in text)
    plain = piece.italic or not any(sign.isalpha() and sign.isascii() for sign in text)
    return body if plain else rf"\mathrm{{{body}}}"


def _math(sign: str) -> str:
    if sign == "π":
        return r"\pi "
    if sign in _GREEK and sign != "Ω":
        return f"\\{_GREEK[sign]} "
    return _ESCAPES.get(sign, _SIGNS.get(sign, sign))


def _text(sign: str) -> str:
    return f"\\{sign}" if sign in "%&#$_{}" else sign
