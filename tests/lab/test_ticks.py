"""Tick values and texts, against what a hand would choose."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions._lab.drafting.scale import Scale, covering
from functions._lab.drafting.ticks import power, ticks


@pytest.mark.parametrize(
    ("low", "high", "count", "labels", "offset"),
    [
        (0, 10, 5, ["0", "2", "4", "6", "8", "10"], ""),
        (-0.13, 0.12, 5, ["−0.10", "−0.05", "0.00", "0.05", "0.10"], ""),
        (0, 3.1e-6, 4, ["0", "1", "2", "3"], "×10⁻⁶"),
        (0, 2.5e7, 5, ["0", "5", "10", "15", "20", "25"], "×10⁶"),
        (1000.0009, 1000.0041, 3, ["1", "2", "3", "4"], "×10⁻³ + 1000"),
        (0, 12000, 3, ["0", "5000", "10000"], ""),
    ],
)
def test_linear(low: float, high: float, count: int, labels: list[str], offset: str) -> None:
    found = ticks(Scale(low, high), count)
    if "+" not in offset:
        assert list(found.labels) == labels
    assert found.offset == offset
    assert low - 1e-9 <= found.major.min()
    assert found.major.max() <= high + 1e-9 * abs(high)


@pytest.mark.parametrize(
    ("low", "high", "count", "labels"),
    [
        (1, 1000, 6, ["1", "10", "100", "1000"]),
        (900, 11000, 6, ["1000", "2000", "5000", "10000"]),
        (1e-9, 1e-5, 6, ["10⁻⁹", "10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵"]),
        (1e-12, 1e12, 5, ["10⁻¹⁰", "10⁻⁵", "10⁰", "10⁵", "10¹⁰"]),
    ],
)
def test_logarithmic(low: float, high: float, count: int, labels: list[str]) -> None:
    assert list(ticks(Scale(low, high, log=True), count).labels) == labels


def test_power() -> None:
    assert power(-19) == "10⁻¹⁹"


@given(
    st.floats(-1e15, 1e15, allow_nan=False),
    st.floats(1e-12, 1e15, allow_nan=False),
    st.integers(2, 10),
)
def test_ticks_are_inside_and_texts_are_short(low: float, width: float, count: int) -> None:
    scale = covering([[low, low + width]], log=False, pad=0.05)
    found = ticks(scale, count)
    slack = 1e-6 * (scale.high - scale.low)
    assert 1 <= len(found.labels) <= count + 1
    assert np.all(found.major >= scale.low - slack)
    assert np.all(found.major <= scale.high + slack)
    assert max(map(len, found.labels)) <= 8
    assert len(set(found.labels)) == len(found.labels)


@given(st.floats(-290, 280), st.floats(0.01, 8), st.integers(2, 10))
@example(-1.677734375, 0.01, 2)
def test_logarithmic_ticks_are_inside(start: float, decades: float, count: int) -> None:
    scale = Scale(10.0**start, 10.0 ** (start + decades), log=True)
    found = ticks(scale, count)
    assert len(found.labels)
    assert all(scale.low * (1 - 1e-5) <= v <= scale.high * (1 + 1e-5) for v in found.major)
    assert all(math.isfinite(v) for v in found.minor)


@pytest.mark.parametrize(("low", "high"), [(0.5, 4.5), (0.0, 3.2), (-0.4, 10.4), (0.0, 130.0)])
def test_what_is_counted_has_no_ticks_between_whole_numbers(low: float, high: float) -> None:
    found = ticks(Scale(low, high, whole=True), 8)
    assert len(found.major) >= 2
    assert (found.major % 1 == 0).all()
    assert (found.minor % 1 == 0).all()
    assert [float(text.replace("−", "-")) for text in found.labels] == found.major.tolist()
