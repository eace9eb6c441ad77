"""Units as students write them: their size in SI, their dimension, and the unit of a result.

pint knows the units; this module reads the notation of the course (m/s², kg·m2, °, ′, ℃, Ω) and
walks a formula with dimensions in place of values.  A number, and a quantity without a unit, may be
added to anything: a missing unit is said elsewhere.
"""

import ast
import functools
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, TypeAlias

import pint

from functions._lab.units import superscript

Dimension: TypeAlias = Any
"""pint's UnitsContainer of base dimensions; false where there is none."""

_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_RAISED = re.compile(r"[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_DIGITS = re.compile(r"(?<=[A-Za-zΩµμ°℃])\^?(-?\d+)")
_SPELLED = {
    "°C": "delta_degC",
    "℃": "delta_degC",
    "°": "degree",
    "′": "arcminute",
    "″": "arcsecond",
    "'": "arcminute",
    '"': "arcsecond",
    "Gs": "lab_gauss",
    "Ω": "ohm",
    "%": "percent",
}
_NAMED = (
    *("m", "kg", "s", "A", "K", "mol", "cd", "m²", "m³", "m/s", "m/s²", "N", "J", "W", "Pa", "V"),
    *("Ω", "C", "F", "H", "T", "Wb", "N/m", "J·s", "Pa·s", "V·s", "kg/m³", "V/m", "Ω·m", "kg·m²"),
    *("J/K", "W/(m·K)", "J/(kg·K)", "m²/s", "A/W", "kg·m/s"),
)
_BASE = {
    "[mass]": "kg",
    "[length]": "m",
    "[time]": "s",
    "[current]": "A",
    "[temperature]": "K",
    "[substance]": "mol",
    "[luminosity]": "cd",
}


class Unlike(Exception):
    """Two terms of a sum have other dimensions; ``args`` are the dimensions."""


@functools.cache
def _registry() -> Any:
    registry: Any = pint.UnitRegistry(cache_folder=None)
    registry.define("diopter = 1 / meter = D")
    registry.define("lab_gauss = 1e-4 * tesla")
    return registry


@functools.cache
def size(unit: str) -> float | None:
    """What one ``unit`` is in SI (radians for angles); 1 for none, None for one that is unknown."""
    found = _parsed(unit)
    return (
        None if found is None else float(_registry().Quantity(1, found).to_base_units().magnitude)
    )


@functools.cache
def dimension(unit: str) -> Dimension | None:
    """The dimension of ``unit``; None for one that is unknown."""
    found = _parsed(unit)
    return None if found is None else _registry().get_dimensionality(found)


@functools.cache
def is_angle(unit: str) -> bool:
    """Whether ``unit`` is one of plane angle."""
    found = _parsed(unit)
    return found is not None and "radian" in str(
        _registry().Quantity(1, found).to_base_units().units
    )


def _parsed(unit: str) -> Any:
    text = unicodedata.normalize("NFC", unit.strip()).replace("µ", "μ")
    if text in ("", "1"):
        return _registry().parse_units("")
    text = _RAISED.sub(lambda found: "**" + found.group().translate(_SUPERSCRIPTS), text)
    text = re.sub(r"[·⋅•×∙]", "*", text).replace("−", "-").replace("／", "/")
    for written, spelled in _SPELLED.items():
        text = re.sub(re.escape(written) + r"(?![A-Za-z])", spelled, text)
    text = _DIGITS.sub(r"**\1", text)
    try:
        return _registry().parse_units(text)
    except Exception:  # pint raises what its parsers do: anything that it cannot read is unknown
        return None


def name(found: Dimension) -> str:
    """A unit of the SI for a dimension: its own name where it has one, else of base units."""
    for unit in _NAMED:
        if dimension(unit) == found:
            return unit
    above = [(n, e) for n, e in sorted(found.items()) if e > 0]
    below = [(n, -e) for n, e in sorted(found.items()) if e < 0]
    if not above and not below:
        return "1"
    numerator = "·".join(_power(*part) for part in above) or "1"
    denominator = "·".join(_power(*part) for part in below)
    if not below:
        return numerator
    if numerator == "1" and len(below) == 1:
        return _power(below[0][0], -below[0][1])
    return f"{numerator}/({denominator})" if len(below) > 1 else f"{numerator}/{denominator}"


def _power(base: str, exponent: float) -> str:
    symbol = _BASE.get(base, base)
    if exponent == 1:
        return symbol
    whole = float(exponent).is_integer()
    return symbol + superscript(int(exponent)) if whole else f"{symbol}^{exponent:g}"


def of_formula(
    tree: ast.expr, known: Mapping[str, Dimension], values: Mapping[str, Any]
) -> Dimension:
    """Dimension of a formula's tree for variables of these dimensions and values.

    Raises Unlike where a sum adds what cannot be added.
    """
    nothing = _registry().get_dimensionality("")
    match tree:
        case ast.Name(id=variable):
            return known.get(variable, nothing)
        case ast.UnaryOp(operand=operand):
            return of_formula(operand, known, values)
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            exponent = _number(right, values)
            base = of_formula(left, known, values)
            return nothing if exponent is None or not base else base**exponent
        case ast.BinOp(op=op, left=left, right=right):
            first, second = (of_formula(part, known, values) for part in (left, right))
            if isinstance(op, ast.Mult):
                return first * second
            if isinstance(op, ast.Div):
                return first / second
            if first and second and first != second:
                raise Unlike(first, second)
            return first or second
        case ast.Call(func=ast.Name(id=function), args=[argument]):
            inside = of_formula(argument, known, values)
            if function == "sqrt":
                return inside**0.5 if inside else nothing
            return inside if function == "abs" else nothing
    return nothing


def _number(node: ast.expr, values: Mapping[str, Any]) -> float | None:
    """Value of an exponent that is a number or a named quantity."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _number(operand, values)
            return None if inner is None else -inner
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            above, below = _number(left, values), _number(right, values)
            return above / below if above is not None and below else None
        case ast.Name(id=variable) if variable in values:
            value = values[variable]
            return float(getattr(value, "x", value))
    return None


def converts_by_hand(tree: ast.expr) -> bool:
    """Whether a formula holds factors that look like conversions of units: 1000, 10⁻³, 180, 60."""
    powers = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
    ]
    exponents = {id(node.right) for node in powers}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in exponents:
            value = abs(float(node.value))  # type: ignore[arg-type]
            power = math.log10(value) if value else 0.5
            if value in (60.0, 180.0, 360.0, 3600.0) or (abs(power) >= 1 and power.is_integer()):
                return True
    return False
