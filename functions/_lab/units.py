"""Units of derived quantities, from the units that a student typed, and indices in plain text."""

import re

_SIMPLE = re.compile(r"[^\W\d_]+|[°%‰]C?")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NO_UNIT = ("", "1")
_NEIGHBOURS = {
    "V": {3: "mV", -3: "kV"},
    "mA": {3: "μA", -3: "A"},
    "μA": {3: "nA", -3: "mA"},
    "mW": {3: "μW", -3: "W"},
    "μW": {3: "nW", -3: "mW"},
    "Ω": {3: "mΩ", -3: "kΩ"},
    "s": {3: "ms"},
    "g": {3: "mg", -3: "kg"},
    "kg": {3: "g"},
    "cm": {1: "mm", -2: "m"},
    "cm/s": {1: "mm/s", -2: "m/s"},
    "m/s": {2: "cm/s", 3: "mm/s"},
    "m/s²": {2: "cm/s²"},
    "nm": {1: "Å", -3: "μm"},
    "lx": {-3: "klx"},
    "1": {2: "%"},
}
"""The units in which a reading is mistaken for one in the first, by the power of ten between."""


def typed_in(unit: str, power_of_ten: int) -> str:
    """The unit of readings that are too large for ``unit`` by 10 to this power; "" for none."""
    return _NEIGHBOURS.get(unit, {}).get(power_of_ten, "")


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
