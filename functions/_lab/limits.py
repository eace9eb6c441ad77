"""Instrument limits of typed quantities, carried to the quantities that are fitted."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from functions._lab._straight import Component, Line, assemble
from functions._lab.linear import Floats


def of_each(limit: float | None, derivatives: ArrayLike) -> list[float] | None:
    """Limit of error of a function of each reading (n,), or None without a limit.

    ``limit`` and ``derivatives`` (n,) as for :func:`carried`.
    """
    if limit is None:
        return None
    return [limit * abs(float(derivative)) for derivative in np.asarray(derivatives, float)]


def carried(limit: float | None, derivatives: ArrayLike) -> float | None:
    """Limit of error of a function of a reading, or None without a limit.

    Parameters
    ----------
    limit : limit of error Δ of the reading.
    derivatives : of the function at each reading, shape (n,) or one for all.  A fit with equal
        weights knows one limit for all readings: Δ times the root mean square, which leaves the
        mean variance what it is.  Where they differ much, :func:`uneven` has to follow.
    """
    return None if limit is None else mean([limit * float(d) for d in np.atleast_1d(derivatives)])


def mean(limits: Sequence[float] | None) -> float | None:
    """Root mean square of the limits of all readings, or None without any."""
    return None if limits is None else float(np.sqrt(np.mean(np.square(limits))))


def uneven(line: Line, limits: Mapping[str, tuple[float | None, ArrayLike]]) -> Line:
    """The line with the limits of single readings in place of their root mean square.

    Slope and height of the ordinary line are sums c_i·y_i; a limit acts on them as the sums of
    (c_i·∂y/∂r_i·Δ)²/3 (JCGM 100:2008, 5.1.2), which need not be what the mean limit would make:
    near an end of the line a reading counts for more.

    Parameters
    ----------
    line : ordinary line, n ≥ 2, fitted with the :func:`carried` limits.
    limits : name of the quantity, as the line has it, to its limit of error Δ and to what moves the
        ordinate when each reading moves, (n,) or one for all; those without a limit are left out.
    """
    parts = {part.label: part for part in line.components}
    for name, (delta, derivatives) in limits.items():
        label = f"{name} 仪器误差限"
        if delta is not None and label in parts:
            moved = np.broadcast_to(np.asarray(derivatives, float) * delta, line.x.shape)
            parts[label] = _component(label, line, moved**2 / 3)
    return assemble(
        line.x,
        line.y,
        line.pivot,
        float(line.height.x),
        float(line.slope.x),
        list(parts.values()),
        line.degrees_of_freedom,
        chi_squared=line.chi_squared,
        r_squared=line.r_squared,
    )


def _component(label: str, line: Line, variances: Floats) -> Component:
    """What independent ordinates of these variances (n,) do to height and slope."""
    middle = float(line.x.mean())
    weights = (line.x - middle) / np.sum((line.x - middle) ** 2)
    slope = float(np.sum(weights**2 * variances))
    both = float(np.sum(weights * variances)) / line.n
    height = float(np.sum(variances)) / line.n**2
    if not slope:
        return Component(label, height**0.5, 0.0, middle, limited=True)
    free = max(height - both**2 / slope, 0.0)
    return Component(label, free**0.5, slope**0.5, middle - both / slope, limited=True)
