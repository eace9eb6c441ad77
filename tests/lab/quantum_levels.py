"""Simulate the levels of ``functions._lab.quantum``: ``python -m tests.lab.quantum_levels``.

Charges that support nothing, uniform up to the largest: the coherence of the best step, which 1 %
of such sets exceed, by number of charges and by turns of the largest charge.  Prints the table.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST, MOST = 1.2, 2.2
COUNTS = (3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30)
TURNS = (3.0, 6.0, 12.0, 24.0, 48.0)
SHARE = 0.01


def coherence_of_best(charges: Array) -> Array:
    """Coherence of the best step of each set: charges (sets, n) to (sets,)."""
    frequencies = np.linspace(1 / MOST, 1 / LEAST, int(24 * charges.max() * _WINDOW) + 50)
    best = np.full(len(charges), -1.0)
    for frequency in frequencies:
        np.maximum(best, np.cos(2 * np.pi * frequency * charges).mean(axis=1), out=best)
    return best


_WINDOW = 1 / LEAST - 1 / MOST


def nothing(random: np.random.Generator, sets: int, count: int, turns: float) -> Array:
    """Sets of charges that support nothing, (sets, count), the largest possible of ``turns``."""
    return random.uniform(LEAST, turns / _WINDOW, (sets, count))


def main(sets: int = 20_000) -> None:
    """Print the levels, one line for each number of charges."""
    random = np.random.default_rng(1909)
    for count in COUNTS:
        levels = [
            np.quantile(coherence_of_best(nothing(random, sets, count, turns)), 1 - SHARE)
            for turns in TURNS
        ]
        print(f"    {count}: ({', '.join(f'{level:.3f}' for level in levels)}),")


if __name__ == "__main__":
    main()
