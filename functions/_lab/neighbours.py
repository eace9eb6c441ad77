"""Slips among the readings of a smooth curve of no known form: each against its neighbours."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from functions._lab import slips
from functions._lab.result import Caution
from functions._lab.smoothing import noise

Array = NDArray[np.float64]

_FEWEST = 12
_OUT_OF_LINE = 9.0
"""Distance from the neighbours, in standard deviations of such distances, that is no scatter."""
_IN_LINE = 4.0
_OUT_BY_A_SLIP, _IN_BY_A_SLIP = 5.0, 2.0
"""The same for a reading that a moved point or exchanged digits put in its place."""
_MOST = 5
_SUSPECTS = 6


def neighbour_checks(
    x: Sequence[float] | Array,
    field: str,
    y: Sequence[float] | Array,
    *,
    indices: Sequence[int] | None = None,
) -> list[Caution]:
    """Readings far off the cubic through the four nearest of their neighbours.

    Parameters
    ----------
    x, y : (n,), in any order.  Nothing is said of fewer than 12 readings, nor where abscissae
        repeat.
    field : input field of ``y``, for the warnings.
    indices : position of each reading in its field, where only a part of the field is given.
    """
    order = np.argsort(np.asarray(x, dtype=float), kind="stable")
    xs, ys = np.asarray(x, dtype=float)[order], np.asarray(y, dtype=float)[order]
    if xs.size < _FEWEST or np.any(np.diff(xs) == 0):
        return []
    places = list(range(xs.size)) if indices is None else list(indices)
    predict, widening = _neighbours(xs)
    typed = [float(value) for value in np.asarray(y, dtype=float)]
    decimals, found = slips.decimals(typed), []
    for _ in range(_MOST):
        worst, target, scale = _worst(xs, ys, predict, widening)
        index, away = int(order[worst]), abs(float(ys[worst]) - target)
        slipped = any(
            abs(meant.value - target) < _IN_BY_A_SLIP * scale
            for meant in slips.candidates(typed[index], decimals)
        )
        if away < (_OUT_BY_A_SLIP if slipped else _OUT_OF_LINE) * scale:
            break
        found.append(_caution(field, places[index], typed[index], target, scale, decimals))
        ys[worst] = target
    return found


def slipped_last(x: Array, y: Array, first: int) -> slips.Candidate | None:
    """What the last reading of a curve (n,), in order of x, was to be where it goes on the others.

    Parameters
    ----------
    first : index of the first reading that is out of line; only where it is the last is one meant.
    """
    if first != y.size - 1 or y.size < _FEWEST:
        return None
    predict, widening = _neighbours(x)
    target = float(predict(y)[-1])
    changed = y.copy()
    changed[-1] = target
    scale = float(noise(x, changed)[-1] * widening[-1])
    moved = [
        c for c in slips.candidates(float(y[-1]), slips.decimals(y)) if c.code == "decimal-slip"
    ]
    meant = min(moved, key=lambda candidate: abs(candidate.value - target), default=None)
    return meant if meant and abs(meant.value - target) < _IN_LINE * scale else None


def _worst(
    x: Array, y: Array, predict: Callable[[Array], Array], widening: Array
) -> tuple[int, float, float]:
    """The reading without which the others fit best, what they expect there, and to what scale.

    A reading that is off draws its neighbours' cubics with it, so that they seem to be off too.
    """
    expected = predict(y)
    suspects = np.argsort(-np.abs(y - expected) / widening)[:_SUSPECTS]
    trials = []
    for suspect in suspects:
        changed = y.copy()
        changed[suspect] = expected[suspect]
        rest = float(np.sum(np.abs(changed - predict(changed)) / widening))
        trials.append((rest, int(suspect), changed))
    _, suspect, changed = min(trials, key=lambda trial: trial[0])
    least = 1e-12 * float(np.abs(y).max()) + 1e-300
    scale = max(float(noise(x, changed)[suspect] * widening[suspect]), least)
    return suspect, float(expected[suspect]), scale


def _neighbours(x: Array) -> tuple[Callable[[Array], Array], Array]:
    """Cubic through the four nearest others of each reading, and the spread of distances."""
    own = np.arange(x.size)
    start = np.clip(own - 2, 0, x.size - 5)
    five = start + np.arange(5)[:, None]
    around = np.stack([five[:, i][five[:, i] != i] for i in own], axis=1)
    weights = np.ones(around.shape)
    for i in range(4):
        for j in range(4):
            if i != j:
                weights[i] *= (x - x[around[j]]) / (x[around[i]] - x[around[j]])

    def predict(y: Array) -> Array:
        return np.asarray(np.sum(weights * y[around], axis=0))

    return predict, np.sqrt(1 + np.sum(weights**2, axis=0))


def _caution(
    field: str, index: int, typed: float, target: float, scale: float, places: int
) -> Caution:
    meant = [
        candidate
        for candidate in slips.candidates(typed, places)
        if abs(candidate.value - target) < _IN_LINE * scale
    ]
    if meant:
        best = min(meant, key=lambda candidate: abs(candidate.value - target))
        return slips.caution(best, field, index, typed)
    message = f"{field}[{index}] = {slips.plain(typed)} 与前后的读数不连续，请核对或重测"
    return Caution("outlier", message, field, index)
