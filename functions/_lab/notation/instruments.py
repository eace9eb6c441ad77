"""Limits of error of instruments, as their makers and handbooks state them.

A limit is a number, a share of the reading with some digits (multimeters, timers), a class times
the full scale (pointer instruments, JJG 124-2005), one by range, or that of a resistance box with a
class for every decade (JJG 982-2003).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Fixed:
    """The same limit everywhere."""

    delta: float

    def limit(self, reading: float) -> float:
        """Δ at a reading, in its unit."""
        del reading
        return self.delta


@dataclass(frozen=True)
class Digital:
    """``percent`` of the reading and ``digits`` steps of the last digit."""

    percent: float
    step: float
    digits: float = 1

    def limit(self, reading: float) -> float:
        """Δ at a reading, in its unit."""
        return self.percent / 100 * abs(reading) + self.digits * self.step


@dataclass(frozen=True)
class Pointer:
    """Accuracy class, in per cent of the full scale."""

    class_: float
    full_scale: float

    def limit(self, reading: float) -> float:
        """Δ at a reading, in its unit."""
        del reading
        return self.class_ / 100 * self.full_scale


@dataclass(frozen=True)
class Ranges:
    """A limit for each range, up to the reading where the range ends; the last one beyond."""

    upto: tuple[tuple[float, float], ...]

    def limit(self, reading: float) -> float:
        """Δ at a reading, in its unit."""
        for end, delta in self.upto:
            if abs(reading) <= end:
                return delta
        return self.upto[-1][1]


@dataclass(frozen=True)
class DecadeBox:
    """A box of decades: Σ class·R of its dials, and a residual resistance.

    ``decades`` are (value of one step, class in per cent), the largest first.
    """

    decades: tuple[tuple[float, float], ...]
    residual: float = 0.0

    def limit(self, reading: float) -> float:
        """Δ at a setting, in its unit."""
        rest, total = abs(reading), self.residual
        for step, percent in self.decades:
            dial = (rest + 1e-9 * step) // step * step
            total += percent / 100 * dial
            rest -= dial
        return total


Instrument: TypeAlias = Fixed | Digital | Pointer | Ranges | DecadeBox


def instrument(limit: Instrument | float | None) -> Instrument | None:
    """The instrument itself, or one whose limit is that number."""
    return Fixed(limit) if isinstance(limit, float | int) else limit


def limits(of: Instrument | None, readings: Sequence[float]) -> list[float] | None:
    """Δ at each reading; None without an instrument."""
    return None if of is None else [of.limit(reading) for reading in readings]
