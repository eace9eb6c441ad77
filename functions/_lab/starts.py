"""Start values of a non-linear fit, found from the readings alone.

Every curve here is linear in all of its parameters but one or two, θ.  For many trial values of θ
the others follow by linear least squares, and the trials that leave least are the starts (variable
projection; G. H. Golub and V. Pereyra, SIAM J. Numer. Anal. 10 (1973) 413).  Frequencies to try
are the highest maxima of the least-squares periodogram with a floating mean (M. Zechmeister and
M. Kürster, Astron. Astrophys. 496 (2009) 577).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from functions._lab.smoothing import waves

Floats: TypeAlias = NDArray[np.float64]
Trial: TypeAlias = tuple[float, ...]
Theta: TypeAlias = tuple[Floats, ...]
Basis: TypeAlias = Callable[[Floats, Theta], Sequence[Floats]]

MOST_STARTS = 4
_MOST_TRIAL_POINTS = 1500
_MOST_FREQUENCIES = 6
_MOST_PERIODS = 5
"""Periods sought for each reading, however close together the closest readings are."""
_MOST_PERIODS_IN_ALL = 400
_CHUNK = 1_000_000
_RIDGE = 1e-13


@dataclass(frozen=True)
class Start:
    """A trial θ with the linear parameters that suit it best."""

    theta: Trial
    linear: Floats
    rss: float
    """Weighted residual sum of squares of all readings."""


def best_starts(
    basis: Basis, trials: Sequence[Trial], x: Floats, y: Floats, u: Floats
) -> list[Start]:
    """The best few starts, the best one first.

    Parameters
    ----------
    basis : columns that the linear parameters multiply, for abscissae (n,) and θ whose components
        are arrays (m, 1); each is (m, n) or broadcasts to it.
    trials : values of θ; those that overflow are passed over.
    x, y, u : readings and their standard uncertainties (or ones), (n,).
    """
    found: list[Start] = []
    size = max(1, _CHUNK // x.size)
    for first in range(0, len(trials), size):
        found += _solved(basis, trials[first : first + size], x, y / u, u)
    return sorted(found, key=lambda start: start.rss)[:MOST_STARTS]


def _solved(
    basis: Basis, trials: Sequence[Trial], x: Floats, target: Floats, u: Floats
) -> list[Start]:
    """The linear parameters of each trial, by the normal equations of columns of unit length."""
    theta = tuple(np.array(part, dtype=float)[:, None] for part in zip(*trials, strict=True))
    with np.errstate(all="ignore"):
        columns = np.stack(
            [np.broadcast_to(column, (len(trials), x.size)) / u for column in basis(x, theta)]
        )
        lengths = np.sqrt(np.sum(columns**2, axis=2))
    usable = np.flatnonzero(np.isfinite(lengths).all(axis=0) & lengths.all(axis=0))
    lengths = lengths[:, usable]
    scaled = columns[:, usable] / lengths[:, :, None]
    gram = np.einsum("amn,bmn->mab", scaled, scaled) + _RIDGE * np.eye(len(scaled))
    right = np.einsum("amn,n->ma", scaled, target)
    linear = np.linalg.solve(gram, right[:, :, None])[:, :, 0]
    misfit = target - np.einsum("ma,amn->mn", linear, scaled)
    rss = np.sum(misfit**2, axis=1)
    return [
        Start(trials[int(trial)], linear[place] / lengths[:, place], float(rss[place]))
        for place, trial in enumerate(usable)
    ]


def thinned(x: Floats, *columns: Floats) -> tuple[Floats, ...]:
    """The columns in order of x, of a long table only every k-th reading."""
    order = np.argsort(x, kind="stable")[:: -(-x.size // _MOST_TRIAL_POINTS)]
    return (x[order], *(column[order] for column in columns))


def log_slope(abscissae: Floats, y: Floats) -> list[float]:
    """Slope of ln |y| over ``abscissae``, where all y have one sign; else nothing."""
    if not (y > 0).all() and not (y < 0).all():
        return []
    height = np.log(np.abs(y))
    centred = abscissae - abscissae.mean()
    total = float(centred @ centred)
    return [float(centred @ height) / total] if total else []


def exponents(x: Floats, y: Floats) -> list[Trial]:
    """Trial exponents of a power law."""
    grid = [*np.arange(-8, 8.25, 0.25).tolist(), *log_slope(np.log(x), y)]
    return [(b,) for b in grid if b]


def rates(x: Floats, y: Floats) -> list[Trial]:
    """Trial rates of an exponential, of either sign."""
    scaled = np.geomspace(0.05, 80, 30) / float(np.ptp(x))
    return [(b,) for b in (*scaled.tolist(), *(-scaled).tolist(), *log_slope(x, y)) if b]


def bells(x: Floats, y: Floats) -> list[Trial]:
    """Trial centres and widths of a single peak or dip."""
    span, step = float(np.ptp(x)), float(np.ptp(x)) / max(1, x.size - 1)
    centres = np.linspace(x.min() - span / 4, x.max() + span / 4, 46)
    widths = np.geomspace(0.01, 1.0, 10) * span
    trials: list[Trial] = [(float(m), float(s)) for m in centres for s in widths]
    for extreme in (x[np.argmax(y)], x[np.argmin(y)]):
        trials += [(float(extreme), step * factor) for factor in (0.5, 1.0, 2.0, 4.0, 8.0)]
    return trials


def frequencies(x: Floats, y: Floats) -> list[float]:
    """The frequencies at which a sine explains most of the scatter, the best one first."""
    span = float(np.ptp(x))
    if x.size <= 600:
        step = float(np.median(np.diff(np.unique(x))))
        periods = min(0.49 * span / step, _MOST_PERIODS * x.size, _MOST_PERIODS_IN_ALL)
        grid = np.arange(0.2, periods, 0.1) / span
        if grid.size < 3:
            grid = np.linspace(0.2, 1.0, 9) / span
        return _maxima(grid, periodogram(grid, x, y))
    low = np.arange(0.2, 6.0, 0.1) / span
    even = np.linspace(x.min(), x.max(), x.size)
    order = np.argsort(x, kind="stable")
    level = np.interp(even, x[order], y[order])
    size = 8 * x.size
    spectrum = np.abs(np.fft.rfft(level - level.mean(), size)) ** 2
    grid = np.fft.rfftfreq(size, even[1] - even[0])
    inside = grid > 4 / span
    found = _maxima(low, periodogram(low, x, y)) + _maxima(grid[inside], spectrum[inside])
    explained = periodogram(np.array(found), x, y, even=False)
    return [found[i] for i in np.argsort(-explained)[:_MOST_FREQUENCIES]]


def periodogram(trials: Floats, x: Floats, y: Floats, *, even: bool = True) -> Floats:
    """Share of Σ(y - ȳ)² that a constant and a sine of each trial frequency explain, (m,).

    ``even``: the frequencies are equally spaced, which saves most of the sines.
    """
    step = float(trials[1] - trials[0]) if even and trials.size > 1 else None
    rest = y - y.mean()
    total = float(rest @ rest) or 1.0
    parts = []
    for block in np.array_split(trials, -(-trials.size * x.size // _CHUNK)):
        if step is None:
            wave = np.exp(2j * np.pi * np.outer(block, x - x.mean()))
        else:
            wave = waves(float(block[0]), step, block.size, x - x.mean())
        cosine, sine = wave.real.copy(), wave.imag.copy()
        yc, ys = cosine @ rest, sine @ rest
        cosine -= cosine.mean(axis=1, keepdims=True)
        sine -= sine.mean(axis=1, keepdims=True)
        cc, ss, cs = (
            np.einsum("ij,ij->i", *pair)
            for pair in ((cosine, cosine), (sine, sine), (cosine, sine))
        )
        determinant = cc * ss - cs**2
        explained = ss * yc**2 + cc * ys**2 - 2 * cs * yc * ys
        usable = determinant > 1e-9 * (cc + ss) ** 2
        parts.append(
            np.divide(explained, determinant * total, out=np.zeros(block.size), where=usable)
        )
    return np.concatenate(parts)


def _maxima(grid: Floats, height: Floats) -> list[float]:
    padded = np.concatenate([[-np.inf], height, [-np.inf]])
    tops = np.flatnonzero((padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:]))
    best = tops[np.argsort(-height[tops])][:_MOST_FREQUENCIES]
    return [float(f) for f in grid[best]]


def oscillations(x: Floats, y: Floats) -> list[Trial]:
    """Trial frequencies of a sine."""
    return [(f,) for f in frequencies(x, y)]


def decays(x: Floats, y: Floats) -> list[Trial]:
    """Trial damping rates and frequencies of a damped sine."""
    span = float(np.ptp(x))
    near = (0.85, 1.0, 1.15) if x.size <= 600 else (1.0,)
    dampings = (-1.5, -0.5, 0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
    return [(d / span, f * n) for f in frequencies(x, y) for n in near for d in dampings]
