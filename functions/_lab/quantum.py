"""The common quantum of charges: the size of step that the readings themselves support."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_POINTS_PER_TURN = 24
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

    @property
    def is_sharp(self) -> bool:
        """True where the charges decide for one quantum."""
        return self.coherence > 0.7 and self.coherence - self.rival > 0.15


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
    )


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
