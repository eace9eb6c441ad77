"""The common quantum of charges: the size of step that the readings themselves support.

Among many steps one always divides a few charges well by chance.  How well, depends on how many
charges there are, and a little on the turns that the largest of them makes between the smallest and
the largest step: charges that support nothing, uniform up to the largest, exceed ``_LEVELS`` in 1 %
of sets (20 000 sets each; ``tests/lab/quantum_levels.py``).  Only beyond that level, and well above
the second-best step, is a quantum sharp.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_POINTS_PER_TURN = 24
_TURNS = (3.0, 6.0, 12.0, 24.0, 48.0)
_LEVELS = {
    3: (0.994, 0.996, 0.997, 0.998, 0.999),
    4: (0.966, 0.977, 0.984, 0.990, 0.993),
    5: (0.926, 0.946, 0.955, 0.968, 0.977),
    6: (0.881, 0.894, 0.918, 0.937, 0.951),
    7: (0.829, 0.857, 0.871, 0.895, 0.919),
    8: (0.782, 0.814, 0.837, 0.865, 0.881),
    10: (0.712, 0.729, 0.765, 0.791, 0.819),
    12: (0.666, 0.683, 0.706, 0.733, 0.759),
    15: (0.603, 0.622, 0.640, 0.662, 0.689),
    20: (0.530, 0.541, 0.560, 0.584, 0.602),
    30: (0.444, 0.452, 0.466, 0.480, 0.501),
}
"""Coherence by number of charges, one for each of ``_TURNS``."""
_AHEAD = 0.15
"""Least distance to the coherence of the second-best step."""
_MOST_QUANTA = 60.0
"""Beyond this many quanta in a charge its own uncertainty blurs the step."""


@dataclass(frozen=True, slots=True)
class Quantum:
    """A candidate for the common quantum.

    ``coherence`` is the mean of cos(2π q/e): 1 where all charges are whole multiples, about 0 where
    the step says nothing (K. V. Mardia and P. E. Jupp, Directional Statistics, Wiley 2000, 2.3).
    """

    size: float
    integers: NDArray[np.int64]
    coherence: float
    rival: float
    """Coherence of the best other candidate; close to ``coherence`` means undecided."""
    level: float
    """Coherence that 1 % of sets of as many charges reach by chance."""

    @property
    def is_sharp(self) -> bool:
        """True where the charges decide for one quantum."""
        return self.coherence > self.level and self.coherence - self.rival > _AHEAD


def find_quantum(charges: Array, least: float, most: float) -> Quantum | None:
    """The step between ``least`` and ``most`` that best divides the charges, or None.

    Parameters
    ----------
    charges : shape (n,), positive, in the unit of the bounds.
    least, most : where the step is sought; most < 2 least, so that no multiple competes.

    None where fewer than three charges are small enough to tell steps apart.
    """
    small = charges[charges < _MOST_QUANTA * most]
    if len(small) < 3:
        return None
    turns = float(small.max()) * (1 / least - 1 / most)
    frequencies = np.linspace(1 / most, 1 / least, int(_POINTS_PER_TURN * turns) + 50)
    coherence = np.array([np.cos(2 * np.pi * small * f).mean() for f in frequencies])
    peaks = _local_maxima(coherence)
    best = peaks[np.argmax(coherence[peaks])]
    size = _refined(small, 1 / float(frequencies[best]))
    others = peaks[peaks != best]
    return Quantum(
        size,
        np.maximum(np.rint(charges / size), 1).astype(np.int64),
        float(np.cos(2 * np.pi * small / size).mean()),
        float(coherence[others].max()) if len(others) else 0.0,
        _level(len(small), turns),
    )


def _level(count: int, turns: float) -> float:
    """Level of chance for so many charges, between those that were simulated."""
    counts = sorted(_LEVELS)
    across = [np.interp(np.log(turns), np.log(_TURNS), _LEVELS[n]) for n in counts]
    return float(np.interp(count, counts, across))


def _local_maxima(values: Array) -> NDArray[np.intp]:
    padded = np.concatenate([[-np.inf], values, [-np.inf]])
    return np.flatnonzero((padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:]))


def _refined(charges: Array, size: float) -> float:
    """Least squares through the origin with the integers of a first guess, until they stay."""
    for _ in range(10):
        integers = np.maximum(np.rint(charges / size), 1)
        better = float(charges @ integers / (integers @ integers))
        if abs(better - size) < 1e-12 * size:
            break
        size = better
    return size
