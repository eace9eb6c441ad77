"""Which letters of a text are quantities: the one place that knows how physics is printed.

After ISO 80000-1:2022, 7, and GB/T 3101-1993: symbols of quantities are italic, with their
running indices; units, numbers, functions, differentials and descriptive indices are upright;
indices are lowered and exponents raised.  Texts stay plain strings, ``I_th = 8.04 mA``, so that
experiments write them as they are said, and whatever prints them (figures now) asks here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_LETTER = "A-Za-z\u0391-\u03c9\u03d1\u03d5\u00b5\u00c5\u00b0\u2103\u2113"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
_BASIC = "[0-9]\\)?(?:×10[⁻⁰-⁹¹²³]+)?"
_UNIT = re.compile(
    # 4.90 V, (0.38 ± 0.18) mA, (4.1 ± 0.1)×10⁻³ /°C
    rf"{_BASIC}(?P<blank> )(?P<after>/?[{_LETTER}%‰][{_LETTER}{_RAISED}%/·()]*)"
    # U / V, v / (m/s), q / 10⁻¹⁹ C
    rf"|(?:(?<= / )|(?<=^/ ))(?:10[{_RAISED}]+ )?"
    rf"(?P<axis>\([^()]*\)|[{_LETTER}%‰][{_LETTER}{_RAISED}%/·]*)"
)
_WORD = re.compile(
    rf"(?P<base>[{_LETTER}]+)(?P<marks>[\u0300-\u036f]*)"
    rf"(?:_(?P<index>[{_LETTER}0-9]+))?(?P<primes>[′″‴]*)"
    rf"(?:\^(?P<power>[{_LETTER}0-9]+|\([^()]*\)))?"
)
_DIFFERENTIAL = re.compile(rf"(d(?:ln|lg)?|Δ)([{_LETTER}])")
_ELEMENT = re.compile(r"(?<![A-Za-z])[A-Z][a-z] $")
"""Before the number of a spectrum, Ar I."""
_UPRIGHT = frozenset("πΩ°℃Å∂Σ")
_RUNNING = frozenset("ijkmnpqxyzTVγλ")
"""One letter as an index that stands for a number or a quantity; others describe."""
_LOWERED = {"ₙ": "n", "ᵢ": "i", "ⱼ": "j", "ₖ": "k", "ₘ": "m", "ₓ": "x"}
_DESCRIBING = frozenset({("U", "m"), ("P", "m"), ("R", "m"), ("I", "m"), ("x", "m"), ("E", "n")})
"""At the maximum, normalized: abbreviations, though of one letter."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that is set in one way."""

    text: str
    italic: bool = False
    level: int = 0
    """1 raised, -1 lowered, 0 on the line."""


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """The text in parts, in order; joined they are :func:`plain` with thin spaces before units."""
    found: list[Piece] = []
    end = 0
    for match in _UNIT.finditer(text):
        name = "after" if match["after"] else "axis"
        start, stop = match.span(name)
        found += _running(text, end, start - bool(match["blank"]))
        if match["blank"]:
            found.append(Piece("\u2009"))
        found.append(Piece(text[start:stop]))
        end = stop
    return tuple(found + _running(text, end, len(text)))


def plain(text: str) -> str:
    """The text as it is read out, without signs that only lower or raise."""
    return re.sub(rf"(?<=[{_LETTER}\u0300-\u036f′″])[_^](?=[{_LETTER}0-9(])", "", text)


def _running(text: str, start: int, stop: int) -> list[Piece]:
    """Pieces of a part without units."""
    found: list[Piece] = []
    while start < stop:
        match = _WORD.search(text, start, stop)
        if match is None:
            found += _signs(text[start:stop], found)
            break
        if match.start() > start:
            found += _signs(text[start : match.start()], found)
        found += _word(match, text)
        start = match.end()
    return found


def _signs(text: str, before: list[Piece]) -> list[Piece]:
    """What is between words; running indices of Unicode are letters like others."""
    found: list[Piece] = []
    for sign in text:
        if sign in _LOWERED:
            found.append(Piece(_LOWERED[sign], italic=True, level=-1))
        elif sign == "∞" and before and before[-1].italic and not found:
            found.append(Piece(sign, level=-1))
        elif found and found[-1] == Piece(found[-1].text):
            found[-1] = Piece(found[-1].text + sign)
        else:
            found.append(Piece(sign))
    return found


def _word(match: re.Match[str], text: str) -> list[Piece]:
    base, index, power = match["base"], match["index"], match["power"]
    found = _base(base, match, text)
    if match["marks"]:
        found[-1] = Piece(found[-1].text + match["marks"], found[-1].italic)
    if index:
        running = index in _RUNNING and (base, index) not in _DESCRIBING
        found.append(Piece(index, running or (base, index) == ("k", "P"), -1))
    if match["primes"]:
        found.append(Piece(match["primes"]))
    if power:
        inner = pieces(power.removeprefix("(").removesuffix(")"))
        found += [Piece(piece.text, piece.italic, 1) for piece in inner]
    return found


def _base(base: str, match: re.Match[str], text: str) -> list[Piece]:
    """The word before index and exponent."""
    if base.startswith("π") and len(base) == 2:
        return [Piece("π"), Piece(base[1], italic=base[1] not in _UPRIGHT)]
    if differential := _DIFFERENTIAL.fullmatch(base):
        return [Piece(differential[1]), Piece(differential[2], italic=True)]
    after_digit = text[match.start() - 1 : match.start()].isdigit() and base.isupper()
    names = text[match.end() : match.end() + 2] == " 类"  # type A and type B
    constant = base == "e" and match["power"] is not None
    spectrum = base == "I" and _ELEMENT.search(text, 0, match.start()) is not None
    upright = len(base) > 1 or base in _UPRIGHT or after_digit or names or constant or spectrum
    return [Piece(base, italic=not upright)]
