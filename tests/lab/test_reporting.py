"""Rounding of results for a report: expected texts by hand."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions._lab.errors import ResultError
from functions._lab.reporting import display, fixed, number, round_pair, significant


def test_as_prescribed() -> None:
    """The form of a result: power of ten split off, unit, k and P."""
    text = display(1.586333e-19, 0.0713e-19, "C", "e", 3.1824)
    assert text == "e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)"
    text = display(3.66639, 0.02205, "N/m", "k", 3.1824)
    assert text == "k = (3.666 ± 0.022) N/m (k = 3.18, P = 95 %)"


@pytest.mark.parametrize(
    ("value", "u", "unit", "expected"),
    [
        (9.996, 0.12, "m", "(10.00 ± 0.12) m"),
        (4.56, 0.0996, "s", "(4.56 ± 0.10) s"),
        (123.4, 9.96, "s", "(123 ± 10) s"),
        (1.25, 0.125, "V", "(1.25 ± 0.12) V"),
        (1.35, 0.135, "V", "(1.35 ± 0.14) V"),
        (0.145, 2.5, "V", "(0.1 ± 2.5) V"),
        (2.25, 1.15, "V", "(2.2 ± 1.2) V"),
        (-15.35837, 1.3835, "s⁻²", "(−15.4 ± 1.4) s⁻²"),
        (-0.004, 1.0, "V", "(0.0 ± 1.0) V"),
        (0.0, 0.0012, "V", "(0.0 ± 1.2)×10⁻³ V"),
        (4013.38, 66.1, "K", "(4013 ± 66) K"),
        (9927.0, 230.0, "Ω", "(9.93 ± 0.23)×10³ Ω"),
        (99999.6, 9.96, "Ω", "(1.00000 ± 0.00010)×10⁵ Ω"),
        (0.5, 1e6, "Ω", "(0.0 ± 1.0)×10⁶ Ω"),
        (0.00409918, 0.000076, "/°C", "(4.099 ± 0.076)×10⁻³ /°C"),
        (6.62607015e-34, 1.2e-41, "J·s", "(6.62607015 ± 0.00000012)×10⁻³⁴ J·s"),
        (1.25, 0.11, "1", "1.25 ± 0.11"),
        (0.00125, 0.00011, "", "(1.25 ± 0.11)×10⁻³"),
        (9.8, 0.0, "m/s²", "(9.8 ± 0) m/s²"),
        (2.0, 3e-16, "V", "(2 ± 0) V"),
        (1e300, 1e-5, "V", "(1 ± 0)×10³⁰⁰ V"),
        (1e-320, 1e-322, "V", "(1.000 ± 0.010)×10⁻³²⁰ V"),
        (0.0, 0.0, "V", "(0 ± 0) V"),
    ],
)
def test_rounding(value: float, u: float, unit: str, expected: str) -> None:
    """U to two digits, ties to even, carries, no U beyond double precision."""
    assert number(value, u, unit) == expected


@given(
    st.floats(-1e15, 1e15, allow_nan=False),
    st.floats(1e-12, 1e12, allow_nan=False),
)
def test_pair_is_the_nearest(value: float, u: float) -> None:
    """U has two digits and both are within half a unit of their last place."""
    rounded, rounded_u = round_pair(value, u)
    if rounded_u:
        place = Decimal((0, (1,), int(rounded_u.as_tuple().exponent)))
        assert len(rounded_u.as_tuple().digits) == 2
        assert abs(rounded_u - Decimal(repr(u))) <= place / 2
        assert abs(rounded - Decimal(repr(value))) <= place / 2
        assert rounded.as_tuple().exponent == rounded_u.as_tuple().exponent
    assert display(value, u, "V", "U", 2.0).count("±") == 1


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_not_finite(bad: float) -> None:
    """NaN and infinity never reach a report."""
    for value, u in ((bad, 1.0), (1.0, bad)):
        with pytest.raises(ResultError):
            display(value, u, "V", "U", 2.0)
    with pytest.raises(ResultError):
        round_pair(1.0, -0.1)


def test_single_numbers() -> None:
    """Half-even on the decimal that is shown: 2.675 is meant as 2.675."""
    assert [fixed(v, 2) for v in (2.675, 2.665, -0.001, 12.706)] == [
        "2.68",
        "2.66",
        "0.00",
        "12.71",
    ]
    assert [significant(v, 2) for v in (0.0996, 12345.0, -0.125, 0.0)] == [
        "0.10",
        "12000",
        "−0.12",
        "0",
    ]
