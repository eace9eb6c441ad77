"""The diode: dark current over voltage, and the ideality factor.

I = I₀ (exp(βU) - 1) + G U with G = 1/R_sh.  Where the readings would make G negative (the series
resistance flattens the curve) there is no shunt to be seen, and the fit is made without it.  For a
given β the law is linear in I₀ and G, so start values come from a search in β alone (variable
projection; G. H. Golub and V. Pereyra, SIAM J. Numer. Anal. 10 (1973) 413); the covariance is that
of the full non-linear fit (``curve``), or, where the residuals grow with the steepness of the
curve, one from the single residuals (``unequal``); outliers are then judged by that scatter.

Source: W. Shockley, Bell Syst. Tech. J. 28 (1949) 435; n = q/(β k T N) for N cells in series;
q and k are exact in the SI.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab import checks
from functions._lab.curve import ConvergenceError, CurveFit, fit_curve
from functions._lab.errors import ReadingError
from functions._lab.figure import Band, Curve, Item, Panel, Points
from functions._lab.panels import residual_panel, spread
from functions._lab.propagation import with_limits
from functions._lab.response import Column, odds, striking
from functions._lab.result import Caution
from functions._lab.suspects import FittedCurve
from functions._lab.unequal import growing_scatter, robust_covariance, weighed

Array = NDArray[np.float64]

ELEMENTARY_CHARGE = 1.602176634e-19
BOLTZMANN = 1.380649e-23

_FEWEST_FOR_SHUNT = 4
_WORTH_A_LOOK = 0.05
_DRAWN = 120
_STEEPEST, _FLATTEST, _STEPS = 300.0, 0.3, 60
_ROUNDS, _STEPS_OF_ROUND = 5, 15
"""Range of β in units of the reciprocal of the highest voltage, and steps of the search."""
_SHAPELESS = "暗特性不是二极管的指数形状，请检查电压、电流的读数与正负号"


@dataclass(frozen=True, eq=False)
class Diode:
    """A fitted dark characteristic; currents in the unit of the readings."""

    fit: CurveFit
    saturation_current: Any
    """I₀ as an uncertain number."""
    beta: Any
    """β in 1/V."""
    conductance: Any | None
    """G = 1/R_sh, current unit per volt; None where it was not fitted."""

    def at(self, voltage: Any) -> Array:
        """Current of the fitted curve, shape as ``voltage``."""
        return np.asarray(self.fit.at(voltage))


def fit_diode(
    voltage: Sequence[float] | Array,
    current: Sequence[float] | Array,
    *,
    voltage_limit: float | None = None,
    current_limit: float | None = None,
) -> Diode:
    """Fit the dark characteristic, (n,) each, n ≥ 3; the shunt is fitted from four readings on.

    Raises ReadingError where the readings do not rise like the current of a diode.
    """
    u, i = np.asarray(voltage, float), np.asarray(current, float)
    shunted = u.size >= _FEWEST_FOR_SHUNT
    start = _start(u, i, shunted)
    names = ("反向饱和电流 I₀", "指数系数 β", "并联电导 G")[: len(start)]
    fit = _fitted(u, i, start, names)
    if shunted and fit.values[2] <= 0:
        shunted = False
        fit = _fitted(u, i, _start(u, i, False), names[:2])
    if not (fit.values[0] > 0 and fit.values[1] > 0):
        raise ConvergenceError(_SHAPELESS)
    slope, columns = _steepness(fit), gradient(u, *fit.values)
    if growing_scatter(slope, columns, fit.residuals) is not None:
        fit = replace(fit, covariance=robust_covariance(columns, fit.residuals))
    parameters = with_limits(
        fit,
        columns,
        {
            "暗特性电压": None if voltage_limit is None else voltage_limit * slope,
            "暗特性电流": None if current_limit is None else np.full(u.size, current_limit),
        },
    )
    return Diode(fit, parameters[0], parameters[1], parameters[2] if shunted else None)


def _steepness(fit: CurveFit) -> Array:
    """dI/dU at the readings, (n,)."""
    i0, beta, *conductance = fit.values
    return np.asarray(i0 * beta * np.exp(beta * fit.x) + sum(conductance))


def _fitted(u: Array, i: Array, start: Sequence[float], names: Sequence[str]) -> CurveFit:
    """The full fit.  Raises ReadingError where the sizes are too far apart for the arithmetic."""
    try:
        with np.errstate(all="ignore"):
            return fit_curve(model, u, i, start, names=names, jacobian=gradient, label="暗特性拟合")
    except ValueError as reason:
        raise ReadingError(_SHAPELESS) from reason


def model(u: Array, i0: float, beta: float, conductance: float = 0.0) -> Array:
    """I₀ (exp(βU) - 1) + G U, shape as ``u``; infinite where it overflows."""
    with np.errstate(over="ignore"):
        return np.asarray(i0 * np.expm1(beta * u) + conductance * u)


def gradient(u: Array, i0: float, beta: float, *conductance: float) -> Array:
    """Derivatives of :func:`model` by its parameters (n, 2), or (n, 3) with a shunt."""
    columns = [np.expm1(beta * u), i0 * u * np.exp(beta * u)]
    return np.stack([*columns, u] if conductance else columns, axis=1)


def refit(u: Array, i: Array) -> FittedCurve:
    """The least-squares curve through readings for the checks, whatever its shape."""
    start = _search(u, i, u.size >= _FEWEST_FOR_SHUNT)
    return FittedCurve(lambda at: model(at, *start), lambda at: gradient(at, *start))


def dark_checks(
    voltage: Column, current: Column, diode: Diode | None, tables: int = 1
) -> list[Caution]:
    """Slips and outliers of a dark characteristic, one of ``tables`` in its request.

    Of several tables in one request an outlier counts only where it is one among all of them.
    """
    chances = columns = residuals = None
    if diode is not None:
        columns = gradient(voltage.values, *diode.fit.values)
        residuals = np.asarray(diode.fit.residuals, float)
        chances = odds(columns, residuals)
        ratios = growing_scatter(_steepness(diode.fit), columns, residuals)
        if ratios is not None:
            columns, residuals = weighed(ratios, columns, residuals)
    if chances is not None and chances.min() > _WORTH_A_LOOK:
        return []
    found = checks.line_checks(
        voltage.name, voltage.values, current.name, current.values, model=refit, parameters=3
    )
    if columns is None or residuals is None:
        return found
    return striking(found, columns, residuals, tables)


def ideality_factor(beta: Any, temperature_C: Any, cells: int) -> Any:
    """n = q/(β k T N) from uncertain numbers; β in 1/V, temperature in °C."""
    return ELEMENTARY_CHARGE / (BOLTZMANN * cells * beta * (temperature_C + 273.15))


def _start(u: Array, i: Array, shunted: bool) -> list[float]:
    """Least-squares I₀, β and, where ``shunted``, G.  Raises ReadingError where it is no diode."""
    top = float(u.max())
    if top <= 0 or np.ptp(i) == 0:
        raise ReadingError(_SHAPELESS)
    start = _search(u, i, shunted)
    steepness = start[1] * top
    if not (start[0] > 0 and 1.01 * _FLATTEST < steepness < 0.99 * _STEEPEST):
        raise ReadingError(_SHAPELESS)
    return start


def _search(u: Array, i: Array, shunted: bool) -> list[float]:
    """Least-squares I₀, β and, where ``shunted``, G, by a search in β alone."""
    top = float(np.abs(u).max()) or 1.0
    grid = np.geomspace(_FLATTEST, _STEEPEST, _STEPS) / top
    for _ in range(_ROUNDS):
        sums, scaled, conductance = _projected(u, i, grid, top, shunted)
        best = int(np.argmin(sums))
        beta, height, shunt = float(grid[best]), float(scaled[best]), float(conductance[best])
        low, high = max(best - 1, 0), min(best + 1, grid.size - 1)
        grid = np.geomspace(grid[low], grid[high], _STEPS_OF_ROUND)
    i0 = height * float(np.exp(-beta * top))
    return [i0, beta, shunt] if shunted else [i0, beta]


def _projected(
    u: Array, i: Array, beta: Array, top: float, shunted: bool
) -> tuple[Array, Array, Array]:
    """For each β, (m,): sum of squares, and the I₀ exp(β·top) and G which reach it."""
    exponents = beta[:, None]
    bend = np.exp(exponents * (u - top)) - np.exp(-exponents * top)
    square, product = np.sum(bend**2, axis=1), bend @ i
    if not shunted:
        height = product / square
        return np.sum((i - height[:, None] * bend) ** 2, axis=1), height, np.zeros_like(beta)
    mixed, line, slope = bend @ u, float(u @ u), float(u @ i)
    determinant = np.maximum(square * line - mixed**2, 1e-12 * square * line)
    height = (product * line - mixed * slope) / determinant
    shunt = (square * slope - mixed * product) / determinant
    residuals = i - height[:, None] * bend - shunt[:, None] * u
    return np.sum(residuals**2, axis=1), height, shunt


def dark_panels(
    voltage: Column, current: Column, diode: Diode | None, note: Sequence[str] = ()
) -> list[Panel]:
    """Dark current with the diode's law, its 95 % band and the residuals; or readings alone."""
    u, axes = voltage.values, (voltage.declared.axis, current.declared.axis)
    bars = spread(current.limit, u.size)
    points = Points(u, current.values, "读数", u_x=spread(voltage.limit, u.size), u_y=bars)
    if diode is None:
        return [Panel(*axes, [points])]
    grid = np.linspace(float(u.min()), float(u.max()), _DRAWN)
    half, middle = np.asarray(diode.fit.band(grid), float), diode.at(grid)
    items: list[Item] = [
        Band(grid, middle - half, middle + half, "95 % 置信带"),
        Curve(grid, middle, "拟合曲线"),
        points,
    ]
    residuals = np.asarray(diode.fit.residuals, float)
    return [Panel(*axes, items, note=note), residual_panel(u, residuals, *axes, u_y=bars)]
