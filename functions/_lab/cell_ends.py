"""Short-circuit current and open-circuit voltage of a solar cell, each from its end of the curve.

* I_sc: a straight line through the flat part, taken back to U = 0, corrected for the diode current.
  The law of the fit around the maximum power (``photovoltaic``) is used there far from where it was
  fitted: series resistance makes its β too small, so that exp(β(U - V)) is an upper limit.  Half of
  it is added, and its effect counts as a limit of error of the same size.
* U_oc: the diode's law U = U_oc + b ln(1 - I/I_sc) - R_s I over the steep part, taken to I = 0.

Source: M. A. Green, Solar Cells (Prentice-Hall 1982), chapter 5, for the diode with resistances.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab.curve import CurveFit, fit_curve
from functions._lab.errors import ReadingError
from functions._lab.line import fit_line
from functions._lab.measurand import limit
from functions._lab.photovoltaic import Maximum, Places
from functions._lab.propagation import with_limits

Array = NDArray[np.float64]

_DIODE_SHARES = (0.0005, 0.002, 0.01)
"""Largest diode current on the flat part, as a share of the light current: the first that leaves
six readings, else the last."""
_STEEP = 0.60
"""Largest current of a reading on the steep part, as a share of I_sc."""
_FEWEST = 3
_FEWEST_WITH_RESISTANCE = 6


@dataclass(frozen=True, eq=False)
class End:
    """One end of the curve taken to its axis."""

    value: Any
    """I_sc or U_oc as an uncertain number."""
    places: Places
    """Places of the readings used."""
    gap: float
    """How far the readings end from the axis, as a share of the whole curve; 0 where they reach."""
    u: Array
    i: Array
    """The curve from the readings to the axis, for the figure."""


def short_circuit(
    voltage: Sequence[float] | Array,
    current: Sequence[float] | Array,
    maximum: Maximum | None,
    *,
    voltage_limit: float | None = None,
    current_limit: float | None = None,
) -> End:
    """Current at U = 0 from the flat part, (n,) each.

    Without a ``maximum`` the flat part is the lower half of the voltages.  Raises ReadingError
    where fewer than three readings lie on it.
    """
    u, i = np.asarray(voltage, float), np.asarray(current, float)
    flat = _flat(u, maximum)
    if np.unique(u[flat]).size < _FEWEST:
        raise ReadingError(f"电流平坦的一段不足 {_FEWEST} 个读数，无法外推到 U = 0")
    diode = 0.5 * (_diode(u[flat], maximum) - _diode(np.zeros(1), maximum))
    line = fit_line(
        u[flat],
        i[flat] + diode,
        x_limit=voltage_limit,
        y_limit=current_limit,
        label="I_sc 端的直线",
        x_label="光照电压",
        y_label="光照电流",
    )
    value = line.intercept
    if maximum is not None:
        distance = u[flat] - u[flat].mean()
        weights = 1 / flat.size - u[flat].mean() * distance / float(distance @ distance)
        value = value + limit(abs(float(weights @ diode)), "二极管电流的修正")
    ends = np.linspace(0.0, float(u[flat].max()), 20)
    below = 0.5 * (_diode(ends, maximum) - _diode(np.zeros(1), maximum))
    gap = max(0.0, float(u.min() / u.max()))
    return End(value, flat, gap, ends, line.at(ends) - below)


def _flat(u: Array, maximum: Maximum | None) -> Places:
    """Places of the readings of the flat part, by rising voltage; none that the maximum has."""
    order = np.argsort(u, kind="stable")
    if maximum is None:
        return np.asarray(order[u[order] <= 0.5 * u.max()])
    diode = _diode(u[order], maximum) / maximum.fit.values[0]
    for share in _DIODE_SHARES:
        flat = order[diode < share]
        if flat.size >= 2 * _FEWEST:
            break
    if flat.size < _FEWEST:
        flat = order[:_FEWEST]
    return np.asarray(flat[~np.isin(flat, maximum.places)])


def _diode(u: Array, maximum: Maximum | None) -> Array:
    """Diode current of the local law, shape as ``u``; zero without one."""
    if maximum is None:
        return np.zeros_like(u)
    return maximum.diode_at(u)


def open_circuit(
    voltage: Sequence[float] | Array,
    current: Sequence[float] | Array,
    short: Any,
    maximum: Maximum | None,
    *,
    voltage_limit: float | None = None,
    current_limit: float | None = None,
) -> End:
    """Voltage at I = 0 from the steep part, (n,) each; ``short`` is I_sc as an uncertain number.

    The series resistance is fitted from six readings on.  Raises ReadingError where fewer than
    three readings lie on the steep part, or I_sc is not positive.
    """
    u, i = np.asarray(voltage, float), np.asarray(current, float)
    level = float(short.x)
    steep = np.flatnonzero(i < _STEEP * level)
    if maximum is not None:
        steep = steep[~np.isin(steep, maximum.places)]
    if np.unique(i[steep]).size < _FEWEST or level <= 0:
        raise ReadingError(f"电流下降的一段不足 {_FEWEST} 个读数，无法外推到 I = 0")
    fit = _falling(u[steep], i[steep], level)
    limits = {
        "光照电压": None if voltage_limit is None else np.full(steep.size, voltage_limit),
        "光照电流": None
        if current_limit is None
        else current_limit * (fit.values[1] / (level - i[steep]) + sum(fit.values[2:])),
    }
    columns = _columns(_regressors(i[steep], level, fit.values.size), *fit.values)
    value = with_limits(fit, columns, limits)[0]
    step = 1e-4 * level
    higher, lower = (
        _solved(_regressors(i[steep], level + move, fit.values.size), u[steep])[0]
        for move in (step, -step)
    )
    by_short = (higher - lower) / (2 * step)
    currents = np.linspace(min(0.0, float(i.min())), float(i[steep].max()), 40)
    voltages = np.asarray(fit.at(_regressors(currents, level, fit.values.size)), float)
    gap = max(0.0, float(i.min() / level))
    return End(value + (short - level) * by_short, steep, gap, voltages, currents)


def _falling(u: Array, i: Array, level: float) -> CurveFit:
    """Fit of U = U_oc + b ln(1 - I/I_sc) - R_s I, the last term where the readings allow it."""
    names = ("U_oc", "b", "R_s")[: 3 if np.unique(i).size >= _FEWEST_WITH_RESISTANCE else 2]
    regressors = _regressors(i, level, len(names))
    return fit_curve(
        _law,
        regressors,
        u,
        _solved(regressors, u),
        names=names,
        jacobian=_columns,
        label="U_oc 端的拟合",
    )


def _solved(regressors: Array, u: Array) -> list[float]:
    """Least-squares parameters of the law, which is linear in them."""
    return [float(p) for p in np.linalg.lstsq(_columns(regressors), u, rcond=None)[0]]


def _regressors(i: Array, level: float, parameters: int) -> Array:
    """ln(1 - I/I_sc) and, for three parameters, -I: (1, n) or (2, n)."""
    return np.stack([np.log1p(-i / level), -i][: parameters - 1])


def _law(regressors: Array, offset: float, *factors: float) -> Array:
    terms = [factor * row for factor, row in zip(factors, regressors, strict=True)]
    return np.asarray(offset + sum(terms))


def _columns(regressors: Array, *_: float) -> Array:
    """Derivatives of the law (n, 2) or (n, 3)."""
    return np.vstack([np.ones(regressors.shape[-1]), regressors]).T
