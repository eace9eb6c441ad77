"""What a sampled curve tells of itself: the noise of its readings, and its period."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Waves = NDArray[np.complex128]

_MOST = 500
"""Readings from which a period is sought; of longer curves, means over neighbours."""
_MOST_FREQUENCIES = 10_000
"""Frequencies that are tried; evenly spaced readings ask for 1.25 each, so for 625 at most."""
_CHUNK = 1 << 19
"""Readings times frequencies that are reckoned at once, some 20 MB."""
_RIDGE = 1e-12
"""Share of a wave's square that it keeps at least beside the trend, of fewer than nine readings."""


def noise(x: Floats, y: Floats, *, beside: int = 2) -> Floats:
    """Standard deviation of the scatter of y around each reading (n,), rounding included.

    From the distance of each reading to the polynomial through its neighbours, ``beside`` of them
    on either side: a cubic through four, which misses a wave of period P read in steps h by
    (2 sin(πh/P))⁴/6 of its amplitude, a quintic through six by (2 sin(πh/P))⁶/20.  The scatter is
    taken as constant or as proportional to |y|, whichever makes the distances more likely.
    """
    steps = np.diff(np.unique(y))
    rounding = float(steps.min()) / np.sqrt(12) if steps.size else 0.0
    beside = min(beside, (x.size - 3) // 2)
    if beside < 2:
        return np.full(x.size, rounding)
    inner = slice(beside, -beside)
    level = np.abs(np.convolve(np.pad(y, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid"))
    distances = np.abs(_distances(x, y, beside))
    best, most_likely = np.full(x.size, rounding), np.inf
    for shape in (np.ones(x.size), level):
        least = 1e-9 * float(shape.max()) + 1e-300
        scale = float(np.median(distances / np.maximum(shape[inner], least))) / 0.6745
        sigma = np.hypot(rounding, scale * shape)
        narrow = np.maximum(sigma[inner], 1e-300)
        surprise = float(np.sum(np.log(narrow) + distances / narrow))
        if surprise < most_likely:
            best, most_likely = sigma, surprise
    return best


def _distances(x: Floats, y: Floats, beside: int) -> Floats:
    """Distances to the polynomial through the neighbours (n - 2·beside,), scaled to y's noise."""
    offsets = np.delete(np.arange(-beside, beside + 1), beside)
    middle = np.arange(beside, x.size - beside)
    neighbours = middle + offsets[:, None]
    places = x[neighbours]
    gaps = places[:, None] - places[None]
    own = np.arange(offsets.size)
    gaps[own, own] = 1.0
    ways = np.repeat((x[middle] - places)[None], offsets.size, axis=0)
    ways[own, own] = 1.0
    weights = np.prod(ways / gaps, axis=1)
    distances = y[middle] - np.sum(weights * y[neighbours], axis=0)
    return np.asarray(distances / np.sqrt(1 + np.sum(weights**2, axis=0)))


def period(x: Floats, y: Floats) -> float | None:
    """Period of an oscillation whose mean and amplitude change slowly, or None.

    Least-squares periodogram: y is fitted by a cubic plus a cosine and a sine with amplitudes
    linear in x, for trial periods from four steps to 1/2.2 of the range, and the best one is taken.
    Where most steps are tiny beside the range, the shortest periods are left out: memory and time
    are bounded, whatever the abscissae are.
    """
    x, y = _thinned(x, y)
    span, step = float(np.ptp(x)), float(np.median(np.diff(x)))
    shortest, longest = 4 * step, span / 2.2
    if longest <= shortest:
        return None
    t = 2 * (x - x[0]) / span - 1
    trend = np.linalg.qr(np.stack([np.ones_like(t), t, t**2, t**3], axis=1))[0]
    rest = y - trend @ (trend.T @ y)

    def best(first: float, step: float, count: int) -> float:
        size = max(1, _CHUNK // x.size)
        explained = [
            _explained(
                waves(first + step * n, step, min(size, count - n), x - x[0]), t, trend, rest
            )
            for n in range(0, count, size)
        ]
        return first + step * int(np.argmax(np.concatenate(explained)))

    step = 0.2 / span
    count = math.ceil(min((1 / shortest - 1 / longest) / step, _MOST_FREQUENCIES))
    near = best(1 / longest, step, count)
    return 1 / best(near - step, step / 20, 41)


def waves(first: float, step: float, count: int, x: Floats) -> Waves:
    """exp(2πi·f·x) of equally spaced frequencies f (count, n), of which few are reckoned anew."""
    fine = math.isqrt(count) + 1
    slow = np.exp(2j * np.pi * np.outer(first + step * np.arange(0, count, fine), x))
    quick = np.exp(2j * np.pi * np.outer(step * np.arange(fine), x))
    return np.asarray((slow[:, None] * quick).reshape(-1, x.size)[:count])


def _explained(wave: Waves, t: Floats, trend: Floats, rest: Floats) -> Floats:
    """Part of Σ rest² that goes with each wave (f, n), beside the trend, as (f,).

    The normal equations of cos, sin, t·cos and t·sin; their sums over products of two waves are
    those over waves of twice the frequency.
    """
    beside = np.stack([rest, t * rest, *trend.T, *(t[:, None] * trend).T], axis=1)
    sums = wave @ beside
    parts = np.stack([sums.real, sums.imag], axis=2)
    powers = np.stack([np.ones_like(t), t, t * t], axis=1)
    double, plain = (wave * wave) @ powers, powers.sum(axis=0)
    normal = np.empty((len(wave), 4, 4))
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        part = double[:, i + j]
        block = [[plain[i + j] + part.real, part.imag], [part.imag, plain[i + j] - part.real]]
        normal[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = np.array(block).transpose(2, 0, 1) / 2
    held = np.concatenate([parts[:, 2:6], parts[:, 6:10]], axis=2).transpose(0, 2, 1)
    normal -= held @ held.transpose(0, 2, 1)
    right = parts[:, :2].reshape(-1, 4)
    normal += _RIDGE * t.size * np.eye(4)
    return np.asarray(np.sum(right * np.linalg.solve(normal, right[:, :, None])[:, :, 0], axis=1))


def _thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Means over equal numbers of neighbouring readings, at most some 500 of them."""
    bunch = -(-x.size // _MOST)
    if bunch == 1:
        return x, y
    whole = x.size // bunch * bunch

    def mean(values: Any) -> Floats:
        return np.asarray(values[:whole].reshape(-1, bunch).mean(axis=1))

    return mean(x), mean(y)
