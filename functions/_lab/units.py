"""Units of derived quantities, from the units that a student typed, and indices in plain text."""

import re

_SIMPLE = re.compile(r"[^\W\d_]+|[°%‰]C?")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NO_UNIT = ("", "1")


def power(unit: str, exponent: int) -> str:
    """``unit`` raised to a whole exponent: ``s²``, ``(m/s)⁻¹``; "1" where it has dimension one."""
    if unit in _NO_UNIT or exponent == 0:
        return "1"
    if exponent == 1:
        return unit
    base = unit if _SIMPLE.fullmatch(unit) else f"({unit})"
    return base + superscript(exponent)


def quotient(numerator: str, denominator: str, exponent: int = 1) -> str:
    """``numerator`` over ``denominator`` to a positive exponent: ``V/A``, ``(m/s)/s²``, ``s⁻¹``."""
    if exponent == 0 or denominator in _NO_UNIT:
        return numerator or "1"
    if numerator in _NO_UNIT:
        return power(denominator, -exponent)
    if numerator == denominator and exponent == 1:
        return "1"
    above = f"({numerator})" if "/" in numerator else numerator
    below = power(denominator, exponent)
    plain = _SIMPLE.fullmatch(denominator) or exponent > 1
    return f"{above}/{below}" if plain else f"{above}/({below})"


def subscript(number: int) -> str:
    """A whole number as a subscript, ``₁₂``."""
    return str(number).translate(_SUBSCRIPT)


def superscript(number: int) -> str:
    """A whole number as a superscript, ``⁻¹``."""
    return str(number).translate(_SUPERSCRIPT)
