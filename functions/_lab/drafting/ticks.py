"""Tick values and their texts: round numbers, ``×10ⁿ`` where they would be long."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from functions._lab.drafting.scale import Scale

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS_SHOWN = 6
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Ticks:
    """Positions with texts, positions between them, and what the texts are multiples of."""

    major: NDArray[np.float64]
    labels: tuple[str, ...]
    minor: NDArray[np.float64]
    offset: str = ""


def power(exponent: int) -> str:
    """``10⁻⁶`` for -6."""
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def ticks(scale: Scale, count: int) -> Ticks:
    """Ticks of a scale, about ``count`` of them and never more than count + 1."""
    if scale.log and scale.high / scale.low > 4.0:
        return _decades(scale, count)
    found = _linear(scale.low, scale.high, max(2, count))
    return _counted(scale, found) if scale.whole else found


def _counted(scale: Scale, found: Ticks) -> Ticks:
    """Whole numbers alone; where there would be fractions, every whole number."""
    if len(found.major) > 1 and found.major[1] - found.major[0] < 1.0:
        first, last = math.ceil(scale.low - _SLACK), math.floor(scale.high + _SLACK)
        major = np.arange(first, last + 1, dtype=np.float64)
        labels = tuple(_plain(number, 0) for number in major.tolist())
        return Ticks(major, labels, np.array([]))
    return Ticks(found.major, found.labels, found.minor[found.minor % 1 == 0], found.offset)


def _linear(low: float, high: float, count: int) -> Ticks:
    step, parts = _step((high - low) / count)
    exponent = _exponent(max(abs(low), abs(high)))
    whole = math.floor(math.log10(max(abs(low), abs(high)))) - exponent + 1
    decimals = _decimals(step / 10.0**exponent)
    base = 0.0
    if max(whole, 1) + decimals > _DIGITS_SHOWN:
        unit = 10.0 ** math.ceil(math.log10(high - low))
        base = math.floor(low / unit) * unit
        exponent = _exponent(max(high - base, step))
        decimals = _decimals(step / 10.0**exponent)
    first = math.ceil((low - base) / step - _SLACK)
    last = math.floor((high - base) / step + _SLACK)
    if first > last:  # the step was rounded up to more than the range
        return _linear(low, high, count + 1)
    multiples = np.arange(first, last + 1, dtype=np.float64)
    labels = tuple(_plain(m * step / 10.0**exponent, decimals) for m in multiples.tolist())
    fine = np.arange(first * parts - parts, (last + 1) * parts + 1)
    minor = base + fine[fine % parts != 0] * (step / parts)
    minor = minor[(minor > low) & (minor < high)]
    return Ticks(base + multiples * step, labels, minor, _offset(exponent, base))


def _step(least: float) -> tuple[float, int]:
    """The next of 1, 2, 5 × 10ⁿ, and into how many parts it is divided."""
    exponent = math.floor(math.log10(least))
    for factor, parts in ((1.0, 5), (2.0, 4), (5.0, 5)):
        if factor * 10.0**exponent >= least * (1.0 - _SLACK):
            return factor * 10.0**exponent, parts
    return 10.0 ** (exponent + 1), 5


def _exponent(size: float) -> int:
    """Power of ten taken out of the texts, a multiple of three; 0 for everyday numbers."""
    exponent = math.floor(math.log10(size))
    return 0 if -2 <= exponent <= 4 else 3 * (exponent // 3)


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + _SLACK))


def _plain(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def _offset(exponent: int, base: float) -> str:
    """``×10⁻⁶``, ``+1000`` or both."""
    times = f"×{power(exponent)}" if exponent else ""
    if not base:
        return times
    size = math.floor(math.log10(abs(base)) + 1e-12)
    if -4 < size < 6:
        shown = f"{abs(base):.10f}".rstrip("0").rstrip(".")
    else:
        mantissa = f"{abs(base) / 10.0**size:.9f}".rstrip("0").rstrip(".")
        shown = f"{mantissa}×{power(size)}"
    return f"{times} {'+' if base > 0 else '−'} {shown}".strip()


def _decades(scale: Scale, count: int) -> Ticks:
    low, high = math.log10(scale.low), math.log10(scale.high)
    first, last = math.ceil(low - _SLACK), math.floor(high + _SLACK)
    exponents = range(first, last + 1)
    every = max(1, math.ceil(len(exponents) / (count + 1)))
    shown = [n for n in exponents if n % every == 0]
    fine = [f * 10.0**n for n in range(first - 1, last + 1) for f in range(2, 10)]
    between = [10.0**n for n in exponents if n % every]
    values = [(10.0**n, _decade(n, first, last)) for n in shown]
    if len(shown) < 3 and every == 1:
        factors = (2, 5) if (high - low) * 3 <= count + 1 else (3,)
        extra = [f * 10.0**n for n in range(first - 1, last + 1) for f in factors]
        values += [(v, _small(v)) for v in extra if scale.low <= v <= scale.high]
    values.sort()
    major = np.array([value for value, _ in values])
    minor = np.array(fine + between if every == 1 else between)
    minor = minor[(minor > scale.low) & (minor < scale.high)] if minor.size else minor
    return Ticks(major, tuple(text for _, text in values), np.setdiff1d(minor, major))


def _decade(exponent: int, first: int, last: int) -> str:
    return _small(10.0**exponent) if first >= -3 and last <= 4 else power(exponent)


def _small(value: float) -> str:
    exponent = math.floor(math.log10(value) + _SLACK)
    if -3 <= exponent <= 4:
        return f"{value:.{max(0, -exponent)}f}"
    return f"{value / 10.0**exponent:.0f}×{power(exponent)}"
