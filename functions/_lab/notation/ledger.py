"""What was computed, in the order of a report: tables of readings and sections of steps.

A ledger is data: titles, words, and mathematics (:mod:`mathematics`) that any printer can set.
Intermediate values are shown rounded, with a digit more than their uncertainty knows, and were
computed unrounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from functions._lab.notation.mathematics import Digits, Fenced, Math, Row, Symbol, Unit, row
from functions._lab.units import superscript

_NO_UNIT = ("", "1")
_PLAIN_FROM, _PLAIN_BELOW = -3, 5
_DIGITS_WITHOUT_U = 6
_DIGITS_OF_U = 3
_MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Step:
    """One displayed line, and what it is in words."""

    words: str
    math: Math | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns side by side; a head is title, symbol and unit."""

    title: str
    heads: tuple[tuple[str, str, str], ...]
    columns: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """How one quantity was found."""

    title: str
    steps: tuple[Step, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The readings, and all sections in the order in which they need one another."""

    readings: tuple[Table, ...]
    sections: tuple[Section, ...]


def value(number: float, unit: str = "", u: float = 0.0) -> Row:
    """A number with its unit, rounded to one digit more than two of its uncertainty ``u``."""
    return _with(rounded(number, u), unit)


def uncertainty(u: float, unit: str = "") -> Row:
    """An uncertainty with its unit, to three significant digits."""
    return _with(significant(u, _DIGITS_OF_U), unit)


def _with(digits: Digits, unit: str) -> Row:
    """A number and its unit; one that is a power of ten of another, ``10⁻¹⁹ C``, is a factor."""
    return row(digits, "×" if unit.startswith("10") else None, unit_of(unit))


def unit_of(unit: str) -> Unit | None:
    """The unit as mathematics; None for dimension one."""
    return None if unit in _NO_UNIT else Unit(unit)


def rounded(number: float, u: float) -> Digits:
    """A number to one digit more than two of ``u``; to six or fewer where that is 0."""
    exact = Decimal(repr(float(number)))
    if not u:
        return _digits(_at(exact, exact.adjusted() - _DIGITS_WITHOUT_U + 1).normalize())
    place = Decimal(repr(float(u))).adjusted() - 2
    return _digits(_at(exact, min(place, exact.adjusted() - 2)))


def significant(number: float, count: int) -> Digits:
    """A number to so many significant digits."""
    exact = Decimal(repr(float(number)))
    if not exact:
        return Digits("0")
    place = exact.adjusted() - count + 1
    done = _at(exact, place)
    return _digits(_at(exact, place + 1) if done.adjusted() > exact.adjusted() else done)


def _at(number: Decimal, place: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(place)) if number else number


def _digits(number: Decimal) -> Digits:
    """With a power of ten where it would be long."""
    power = number.adjusted() if number else 0
    trailing = int(number.as_tuple().exponent) > 0
    if _PLAIN_FROM <= power < _PLAIN_BELOW and not trailing:
        return Digits(format(number, "f"))
    if not power:
        return Digits(format(number, "f"))
    return Digits(format(number.scaleb(-power), "f"), power)


def function(name: str, of: str, index: str = "") -> Row:
    """``u_A(d)``."""
    return row(Symbol(f"{name}_{index}" if index else name), Fenced(Symbol(of)))


def text_of(digits: Digits) -> str:
    """A number on one line, ``−1.602×10⁻¹⁹``."""
    text = digits.text.replace("-", "−")
    return text if digits.power is None else f"{text}×10{superscript(digits.power)}"


def reading(number: float) -> Digits:
    """A single reading as it is typed."""
    exact = Decimal(repr(float(number))).normalize()
    if -int(exact.as_tuple().exponent) > _MOST_DECIMALS or exact.adjusted() > _MOST_DECIMALS:
        return _digits(exact)
    return Digits(format(exact, "f"))


def listed(title: str, heads: Sequence[tuple[str, str, str]], numbers: Sequence[str]) -> Table:
    """Single readings one below the other, with names, symbols and units."""
    names = (("量", "", "1"), ("符号", "", "1"), ("数值", "", "1"), ("单位", "", "1"))
    titles, signs, units = (tuple(head[i] for head in heads) for i in range(3))
    plain = tuple("" if unit in _NO_UNIT else unit for unit in units)
    return Table(title, names, (titles, signs, tuple(numbers), plain))


def as_sent(values: Sequence[float], sent: object) -> tuple[str, ...]:
    """Readings of one column as they were sent, ``15.0``; without that, as :func:`typed`.

    ``sent`` is what stands in their place in a request whose numbers were kept as texts.
    """
    texts = sent if isinstance(sent, list) else [sent]
    if len(texts) == len(values) and all(_is_plain(text) for text in texts):
        return tuple(str(text).replace("-", "−") for text in texts)
    return typed(values)


def _is_plain(text: object) -> bool:
    return isinstance(text, str) and "e" not in text.lower()


def typed(values: Sequence[float]) -> tuple[str, ...]:
    """Readings of one column as they are typed, all with as many decimals as the longest."""
    shown = [format(Decimal(repr(float(one))).normalize(), "f") for one in values]
    decimals = max(len(text.partition(".")[2]) for text in shown)
    if decimals > _MOST_DECIMALS:
        return tuple(text_of(rounded(float(one), 0.0)) for one in values)
    return tuple(f"{Decimal(repr(float(one))):.{decimals}f}".replace("-", "−") for one in values)
