"""Partial derivatives against finite differences, and in the form that a student would write."""

import math

import numpy as np
import pytest

from functions._lab.notation import arrays
from functions._lab.notation.derivative import differentiate, powers
from functions._lab.notation.formula import parse
from functions._lab.notation.printers.plain import plain
from functions._lab.notation.setting import symbols

FORMULAS = [
    "8*m*g*l*D/(pi*d**2*b*x)",
    "(m + g)*l**2/(4*pi**2*d) - b*x",
    "sqrt(m**2 + g**2)/ln(d + 2)",
    "sin((m + g)/2)/sin(m/2)",
    "m**g + exp(-l/d)",
    "abs(m - 2*g)*tan(l/9) + cos(d)/cot(b)",
    "asin(m/9) + acos(g/9) + atan(l) + log10(d) + tanh(b/3)*sinh(x/3) - cosh(x/4)",
]
VALUES = {"m": 1.3, "g": 0.7, "l": 2.1, "D": 1.1, "d": 0.9, "b": 1.7, "x": 0.4}


@pytest.mark.parametrize("text", FORMULAS)
def test_derivatives_are_those_of_finite_differences(text: str) -> None:
    tree = parse(text, list(VALUES)).tree
    for name, value in VALUES.items():
        step = 1e-6 * value
        sides = [arrays.value(tree, {**VALUES, name: value + s * step}) for s in (-1, 1)]
        slope = (sides[1] - sides[0]) / (2 * step)
        own = arrays.value(differentiate(tree, name), VALUES)
        assert float(own) == pytest.approx(float(slope), rel=1e-6, abs=1e-8), name


def shown(text: str, name: str) -> str:
    names = {one: one for one in VALUES}
    return plain(symbols(differentiate(parse(text, list(VALUES)).tree, name), names))


@pytest.mark.parametrize(
    ("text", "name", "written"),
    [
        ("m*g/(4*pi**2*d)", "d", "−mg/(4π²d²)"),
        ("m*g/(4*pi**2*d)", "m", "g/(4π²d)"),
        ("m*(d**2 + b**2)/8", "d", "md/4"),
        ("m - g", "g", "−1"),
        ("l*m**2*g", "m", "2lmg"),
        ("sqrt(m)", "m", "1/(2√m)"),
    ],
)
def test_they_are_written_as_by_hand(text: str, name: str, written: str) -> None:
    assert shown(text, name).replace(" ", "") == written


def test_products_of_powers_are_recognized() -> None:
    names = list(VALUES)
    assert powers(parse("8*m*g*l/(pi*d**2*b)", names).tree) == {
        **{"m": 1, "g": 1, "l": 1},
        **{"d": -2, "b": -1},
    }
    assert powers(parse("sqrt(m/g)", names).tree) == {"m": 0.5, "g": -0.5}
    assert powers(parse("m + g", names).tree) is None


def test_rows_of_a_column_are_reckoned_at_once() -> None:
    tree = parse("abs(m - g)*2", ["m", "g"]).tree
    found = arrays.value(tree, {"m": np.array([1.0, 2.0]), "g": np.array([3.0, 1.0])})
    assert found.tolist() == [4.0, 2.0]
    assert math.isnan(float(arrays.value(parse("ln(m)", ["m"]).tree, {"m": np.float64(-1)})))
