"""A result as it stands on a report: decimal arithmetic only, no binary float is ever cut.

By the rule of the GUM the expanded uncertainty U has two significant digits and the estimate ends
at the same decimal place (JJF 1059.1-2012, 5.3.8; JCGM 100:2008, 7.2.6); ties go to the even digit.
Another rule in force has its own digits, rounding and notation.  A float enters as the decimal that
``repr`` shows, which is the shortest one that means that float.
"""

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal

from functions._lab.errors import ResultError
from functions._lab.rules import DEFAULT, Rules, in_force, profiles
from functions._lab.rules.declared import Notation, Rounding

_ROUNDING: dict[Rounding, str] = {
    "half-even": ROUND_HALF_EVEN,
    "half-up": ROUND_HALF_UP,
    "up": ROUND_UP,
}
_EXACT = Context(prec=800, rounding=ROUND_HALF_EVEN)
_NEGLIGIBLE = Decimal("1e-13")
_DIGITS_OF_EXACT_VALUE = 12
_PLAIN_FROM, _PLAIN_BELOW = -2, 5
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NO_UNIT = ("", "1")


def round_pair(
    value: float, expanded_uncertainty: float, rules: Rules | None = None
) -> tuple[Decimal, Decimal]:
    """Estimate and U rounded for a report, in the same unit and to the same decimal place.

    ``rules`` are those in force unless given.  U = 0, or a U that double precision cannot tell from
    0 beside the value, gives Decimal(0) and the value with at most 12 significant digits.

    Raises ResultError where a number is not finite or U is negative.
    """
    rules = rules or in_force()
    exact_value, exact_u = _decimal(value), _decimal(expanded_uncertainty)
    if exact_u < 0:
        raise ResultError(f"negative expanded uncertainty {expanded_uncertainty!r}")
    if exact_u <= _EXACT.multiply(_NEGLIGIBLE, abs(exact_value)):
        return _shortened(exact_value), Decimal(0)
    u = _with_digits(exact_u, rules)
    place = int(u.as_tuple().exponent)
    return _at_place(exact_value, place, rules.rounding_value), u


def _with_digits(exact: Decimal, rules: Rules) -> Decimal:
    """A positive uncertainty with the digits that the rule wants of it."""
    if rules.rounding_u != "half-even":  # the noise of binary arithmetic makes no number larger
        exact = _shortened(exact)
    first = exact.as_tuple().digits[0]
    place = exact.adjusted() - rules.digits(first) + 1
    rounded = _at_place(exact, place, rules.rounding_u)
    if rounded.adjusted() > exact.adjusted():  # 0.996 becomes 1.0
        place = rounded.adjusted() - rules.digits(1) + 1
        rounded = _at_place(exact, place, rules.rounding_u)
    return rounded


def display(
    value: float,
    expanded_uncertainty: float,
    unit: str,
    symbol: str,
    coverage_factor: float,
    coverage_probability: float = 0.95,
) -> str:
    """The result as a student writes it.

    ``e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)``, with what the rule in force states in
    brackets.  A power of ten is split off below 0.01, from 100000 on, and where zeros before the
    decimal point would pretend to be digits of U.  A unit of "" or "1" is a quantity of dimension
    one.

    Raises ResultError where a number is not finite or U is negative.
    """
    stated = statement(coverage_factor, coverage_probability)
    shown = ", ".join(filter(None, [stated, _relative(value, expanded_uncertainty)]))
    result = f"{symbol} = {number(value, expanded_uncertainty, unit)}"
    return f"{result} ({shown})" if shown else result


def statement(coverage_factor: float, coverage_probability: float) -> str:
    """What the rule in force states of U: ``k = 3.18, P = 95 %``, ``P = 0.683``, or nothing."""
    factor, probability = f"k = {fixed(coverage_factor, 2)}", f"{_decimal(coverage_probability):f}"
    match in_force().stated:
        case "k and P":
            return f"{factor}, P = {_percent(coverage_probability)} %"
        case "k":
            return factor
        case "P unless 0.95" if coverage_probability == 0.95:
            return ""
        case "P" | "P unless 0.95":
            return f"P = {probability}"
    return ""


def _relative(value: float, uncertainty: float) -> str:
    """``E = 2.8 %`` where the rule in force wants it and there is something to divide by."""
    rules = in_force()
    if rules.relative == "none" or not value or not uncertainty:
        return ""
    percent = significant(100 * uncertainty / abs(value), rules.relative_digits)
    return f"{rules.relative} = {percent} %"


def number(value: float, expanded_uncertainty: float, unit: str) -> str:
    """``(1.586 ± 0.071)×10⁻¹⁹ C``, the part of :func:`display` that figures show.

    Raises ResultError where a number is not finite or U is negative.
    """
    rounded, u = round_pair(value, expanded_uncertainty)
    notation = in_force().notation
    power = _power_of_ten(rounded, u, notation)
    pair, joined = _pair(rounded, u, power, notation), notation in ("concise", "parentheses")
    if power:
        ten = f"×10{str(power).translate(_SUPERSCRIPT)}"
        pair = f"{pair}{ten}" if joined else f"({pair}){ten}"
    if unit in _NO_UNIT:
        return pair
    return f"{pair} {unit}" if power or joined else f"({pair}) {unit}"


def _pair(value: Decimal, u: Decimal, power: int, notation: Notation) -> str:
    digits = _digits(value, power)
    if notation == "concise":
        return digits + _last_digits(u)
    if notation == "parentheses":
        return f"{digits}({_digits(u, power)})" if u else digits
    return f"{digits} ± {_digits(u, power)}"


def _last_digits(u: Decimal) -> str:
    """``(22)``, nothing for 0."""
    return f"({int(u.scaleb(-int(u.as_tuple().exponent)))})" if u else ""


def concise(value: float, standard_uncertainty: float) -> str:
    """``0.4231(22)``: the estimate with u of its last digits (JCGM 100:2008, 7.2.2).

    By the rule of the GUM, whichever is in force.  Where u is 0 the value alone, with at most 12
    digits.  Raises ResultError as :func:`number`.
    """
    rounded, u = round_pair(value, standard_uncertainty, profiles()[DEFAULT])
    power = _power_of_ten(rounded, u)
    text = _digits(rounded, power) + _last_digits(u)
    return f"{text}×10{str(power).translate(_SUPERSCRIPT)}" if power else text


def fixed(value: float, decimals: int) -> str:
    """``value`` with that many decimals, ties to even, with a true minus sign.

    Raises ResultError where it is not finite.
    """
    return _digits(_at_place(_decimal(value), -decimals), 0)


def significant(value: float, digits: int = 4) -> str:
    """``value`` with that many significant digits, without a power of ten.

    Raises ResultError where it is not finite.
    """
    exact = _decimal(value)
    if not exact:
        return "0"
    place = exact.adjusted() - digits + 1
    rounded = _at_place(exact, place)
    if rounded.adjusted() > exact.adjusted():
        rounded = _at_place(exact, place + 1)
    return _digits(rounded, 0)


def _decimal(value: float) -> Decimal:
    if not math.isfinite(value):
        raise ResultError(f"not a finite number: {value!r}")
    return Decimal(repr(float(value)))


def _at_place(value: Decimal, place: int, rounding: Rounding = "half-even") -> Decimal:
    """``value`` rounded to a multiple of 10**place."""
    return value.quantize(Decimal((0, (1,), place)), _ROUNDING[rounding], _EXACT)


def _shortened(value: Decimal) -> Decimal:
    if not value:
        return Decimal(0)
    rounded = _at_place(value, value.adjusted() - _DIGITS_OF_EXACT_VALUE + 1)
    return rounded.normalize(_EXACT)


def _power_of_ten(value: Decimal, u: Decimal, notation: Notation = "plus-minus") -> int:
    """Exponent to split off so that the larger number has one digit before the point.

    In the scientific notation it is split off wherever U would have no digit after the point.
    """
    larger = max(abs(value), u)
    if not larger:
        return 0
    leading = larger.adjusted()
    last_place = int(u.as_tuple().exponent) if u else 0
    highest = -1 if u and notation == "scientific" else 0
    plain = _PLAIN_FROM <= leading < _PLAIN_BELOW and last_place <= highest
    return 0 if plain else leading


def _digits(value: Decimal, power: int) -> str:
    if value.is_zero() and value.as_tuple().exponent == 0:
        return "0"
    text = f"{value.scaleb(-power, context=_EXACT):f}"
    return text.lstrip("-") if value.is_zero() else text.replace("-", "−")


def _percent(probability: float) -> str:
    percent = _EXACT.multiply(_decimal(probability), Decimal(100)).normalize(_EXACT)
    return f"{percent:f}"
