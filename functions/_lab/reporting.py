"""A result as it stands on a report: decimal arithmetic only, no binary float is ever cut.

The expanded uncertainty U has two significant digits and the estimate ends at the same decimal
place (JJF 1059.1-2012, 5.3.8; JCGM 100:2008, 7.2.6); ties go to the even digit.  A float enters
as the decimal that ``repr`` shows, which is the shortest one that means that float.
"""

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

from functions._lab.errors import ResultError

SIGNIFICANT_DIGITS = 2
"""Digits of U on a report."""

_EXACT = Context(prec=800, rounding=ROUND_HALF_EVEN)
_NEGLIGIBLE = Decimal("1e-13")
_DIGITS_OF_EXACT_VALUE = 12
_PLAIN_FROM, _PLAIN_BELOW = -2, 5
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NO_UNIT = ("", "1")


def round_pair(value: float, expanded_uncertainty: float) -> tuple[Decimal, Decimal]:
    """Estimate and U rounded for a report, in the same unit and to the same decimal place.

    U = 0, or a U that double precision cannot tell from 0 beside the value, gives Decimal(0) and
    the value with at most 12 significant digits.

    Raises ResultError where a number is not finite or U is negative.
    """
    exact_value, exact_u = _decimal(value), _decimal(expanded_uncertainty)
    if exact_u < 0:
        raise ResultError(f"negative expanded uncertainty {expanded_uncertainty!r}")
    if exact_u <= _EXACT.multiply(_NEGLIGIBLE, abs(exact_value)):
        return _shortened(exact_value), Decimal(0)
    place = exact_u.adjusted() - SIGNIFICANT_DIGITS + 1
    if _at_place(exact_u, place).adjusted() > exact_u.adjusted():  # 0.996 becomes 1.0
        place += 1
    return _at_place(exact_value, place), _at_place(exact_u, place)


def display(
    value: float,
    expanded_uncertainty: float,
    unit: str,
    symbol: str,
    coverage_factor: float,
    coverage_probability: float = 0.95,
) -> str:
    """The result as a student writes it.

    ``e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)``.  A power of ten is split off below 0.01,
    from 100000 on, and where zeros before the decimal point would pretend to be digits of U.
    A unit of "" or "1" is a quantity of dimension one.

    Raises ResultError where a number is not finite or U is negative.
    """
    return (
        f"{symbol} = {number(value, expanded_uncertainty, unit)} "
        f"(k = {fixed(coverage_factor, 2)}, P = {_percent(coverage_probability)} %)"
    )


def number(value: float, expanded_uncertainty: float, unit: str) -> str:
    """``(1.586 ± 0.071)×10⁻¹⁹ C``, the part of :func:`display` that figures show.

    Raises ResultError where a number is not finite or U is negative.
    """
    rounded, u = round_pair(value, expanded_uncertainty)
    power = _power_of_ten(rounded, u)
    pair = f"{_digits(rounded, power)} ± {_digits(u, power)}"
    if power:
        pair = f"({pair})×10{str(power).translate(_SUPERSCRIPT)}"
    if unit in _NO_UNIT:
        return pair
    return f"{pair} {unit}" if power else f"({pair}) {unit}"


def concise(value: float, standard_uncertainty: float) -> str:
    """``0.4231(22)``: the estimate with u of its last digits (JCGM 100:2008, 7.2.2).

    Where u is 0 the value alone, with at most 12 digits.  Raises ResultError as :func:`number`.
    """
    rounded, u = round_pair(value, standard_uncertainty)
    power = _power_of_ten(rounded, u)
    text = _digits(rounded, power)
    if u:
        text += f"({int(u.scaleb(-int(u.as_tuple().exponent)))})"
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


def _at_place(value: Decimal, place: int) -> Decimal:
    """``value`` rounded to a multiple of 10**place."""
    return value.quantize(Decimal((0, (1,), place)), context=_EXACT)


def _shortened(value: Decimal) -> Decimal:
    if not value:
        return Decimal(0)
    rounded = _at_place(value, value.adjusted() - _DIGITS_OF_EXACT_VALUE + 1)
    return rounded.normalize(_EXACT)


def _power_of_ten(value: Decimal, u: Decimal) -> int:
    """Exponent to split off so that the larger number has one digit before the point."""
    larger = max(abs(value), u)
    if not larger:
        return 0
    leading = larger.adjusted()
    last_place = u.as_tuple().exponent if u else 0
    plain = _PLAIN_FROM <= leading < _PLAIN_BELOW and int(last_place) <= 0
    return 0 if plain else leading


def _digits(value: Decimal, power: int) -> str:
    if value.is_zero() and value.as_tuple().exponent == 0:
        return "0"
    text = f"{value.scaleb(-power, context=_EXACT):f}"
    return text.lstrip("-") if value.is_zero() else text.replace("-", "−")


def _percent(probability: float) -> str:
    percent = _EXACT.multiply(_decimal(probability), Decimal(100)).normalize(_EXACT)
    return f"{percent:f}"
