"""The maximum power of a solar cell under light, from a fit around the largest product.

Where P ≥ 0.8 P_max, I = A - exp(β(U + R_s I - V)): one diode behind a series resistance, so that
nothing is asked of the shape of the whole curve.  Without R_s, which β cannot quite make up for,
10 Ω in a cell of 300 Ω move U_m and I_m by 0.13 % and R_m by 0.27 %, which is more than they are
uncertain by; with fewer than eight readings there it is left out all the same.  The fit is of the
power over the load R = U/I, where the scatter of U and that of I are felt about equally on both
sides of the maximum; a polynomial misses the maximum by up to one per cent.  At the maximum the
derivative of (w - R_s j) j by the voltage w at the diode is zero, j(w) = A - exp(β(w - V)).

The scatter of the power is that of I before the maximum and that of U beyond it, in a ratio nobody
knows.  The usual covariance s²(JᵀJ)⁻¹ takes them for equal, one from the single residuals (HC3 of
J. G. MacKinnon and H. White, J. Econometrics 29 (1985) 305) asks for nothing and is rather too
large for a dozen readings; a quarter of the second and three of the first are taken, a mixture
chosen for its coverage in simulations.

Sources: M. A. Green, Solar Cells (Prentice-Hall 1982), chapter 5, for the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from GTC import exp
from numpy.typing import NDArray
from scipy import optimize

from functions._lab.curve import CurveFit, fit_curve
from functions._lab.errors import ReadingError
from functions._lab.measurand import measurand
from functions._lab.propagation import with_limits
from functions._lab.result import Fit, Measurand
from functions._lab.unequal import robust_covariance

Array = NDArray[np.float64]
Places = NDArray[np.intp]

_SHARE, _SHARE_STEP, _MOST = 0.80, 0.02, 25
_FEWEST = 5
_FEWEST_WITH_RESISTANCE = 8
_LEAST_RESISTANCE = 0.5
"""Of the least load: a fitted R_s below minus this is none, but the fit of the noise."""
_NEWTON_STEPS = 80
_NAMES = ("A", "V", "β", "R_s")
_NO_PEAK = "最大功率附近的读数不成单峰，无法拟合"


@dataclass(frozen=True, eq=False)
class Maximum:
    """The maximum of the power; uncertain numbers, correlated as they should be."""

    fit: CurveFit
    """Of A, V, β and, where there are readings enough, R_s."""
    places: Places
    """Places of the readings used, by rising load."""
    voltage: Any
    current: Any

    @property
    def power(self) -> Any:
        """P_m = U_m I_m."""
        return self.voltage * self.current

    @property
    def resistance(self) -> Any:
        """R_m = U_m / I_m."""
        return self.voltage / self.current

    def diode_at(self, voltage: Any) -> Array:
        """Current that the diode takes at ``voltage`` of the cell, shape as ``voltage``."""
        a, offset, beta, series = _four(self.fit.values)
        u = np.asarray(voltage, float)
        current = np.full_like(u, a)
        for _ in range(_NEWTON_STEPS):
            diode = _diode(u + series * current, offset, beta)
            step = (current - a + diode) / (1 + beta * series * diode)
            current = current - step
            if not np.max(np.abs(step), initial=0.0) > 1e-14 * abs(a):
                break
        return a - current

    def current_at(self, voltage: Any) -> Array:
        """Current of the local law, shape as ``voltage``."""
        return np.asarray(self.fit.values[0] - self.diode_at(voltage))


def find_maximum(
    voltage: Sequence[float] | Array,
    current: Sequence[float] | Array,
    *,
    voltage_limit: float | None = None,
    current_limit: float | None = None,
) -> Maximum:
    """Maximum of U·I of readings (n,) each, in any order.

    Raises ReadingError where fewer than five readings of positive power are there, where the
    largest product is the last of the curve, or where no local law fits.
    """
    u, i = np.asarray(voltage, float), np.asarray(current, float)
    places = _window(u, i)
    fit = _fitted(u[places], i[places])
    a, _, beta, _ = _four(fit.values)
    if not (a > 0 and beta > 0):
        raise ReadingError(_NO_PEAK)
    limits = _limits(fit, u[places], i[places], voltage_limit, current_limit)
    gradient = _power_gradient(u[places] / i[places], *fit.values)
    fit = _with_unequal_scatter(fit, gradient)
    return _summit(fit, places, with_limits(fit, gradient, limits))


def _fitted(u: Array, i: Array) -> CurveFit:
    """The local law; without the series resistance where the readings do not determine it."""
    start = _start(u, i)
    given: dict[str, Any] = {"jacobian": _power_gradient, "label": "最大功率附近的拟合"}
    if u.size >= _FEWEST_WITH_RESISTANCE:
        try:
            fit = fit_curve(_power, u / i, u * i, [*start, 0.0], names=_NAMES, **given)
        except ReadingError:  # the readings do not determine it
            pass
        else:
            if fit.values[3] > -_LEAST_RESISTANCE * float((u / i).min()):
                return fit
    return fit_curve(_power, u / i, u * i, start, names=_NAMES[:3], **given)


def _with_unequal_scatter(fit: CurveFit, gradient: Array) -> CurveFit:
    """The fit with a covariance for scatter that differs from reading to reading."""
    robust = robust_covariance(gradient, fit.residuals)
    return replace(fit, covariance=(3 * fit.covariance + robust) / 4)


def _four(values: Sequence[float] | NDArray[Any]) -> tuple[float, float, float, float]:
    """A, V, β and R_s, zero where it was not fitted."""
    a, v, beta, *series = (float(value) for value in values)
    return a, v, beta, series[0] if series else 0.0


def _summit(fit: CurveFit, places: Places, parameters: Sequence[Any]) -> Maximum:
    """The maximum of (w - R_s j) j; see the module."""
    a, v, beta, series = _four(fit.values)

    def slope(w: float) -> float:
        diode = float(_diode(w, v, beta))
        return a - diode - beta * diode * (w - 2 * series * (a - diode))

    top = v + float(np.log(a)) / beta
    if not (0 < top < np.inf and slope(0.0) > 0 > slope(top)):
        raise ReadingError(_NO_PEAK)
    w = optimize.brentq(slope, 0.0, top, xtol=1e-15, rtol=1e-14)
    diode = float(_diode(w, v, beta))
    bend = beta * diode * (-2 - beta * (w - 2 * series * (a - diode)) - 2 * series * beta * diode)
    level, offset, steepness, *rest = parameters
    resistance = rest[0] if rest else 0.0

    def derivative(at: Any) -> Any:
        lost = exp(steepness * (at - offset))
        return level - lost - steepness * lost * (at - 2 * resistance * (level - lost))

    # one step of Newton's method in uncertain numbers carries their uncertainties along
    at = w - derivative(w) / bend
    current = level - exp(steepness * (at - offset))
    return Maximum(fit, places, at - resistance * current, current)


def _window(u: Array, i: Array) -> Places:
    """Readings around the largest product, by rising load."""
    usable = np.flatnonzero((u > 0) & (i > 0))
    order = usable[np.argsort(u[usable] / i[usable], kind="stable")]
    power = u[order] * i[order]
    if order.size < _FEWEST:
        raise ReadingError(f"只有 {order.size} 个功率为正的读数，求最大功率至少需要 {_FEWEST} 个")
    top = int(np.argmax(power))
    if top in (0, order.size - 1):
        raise ReadingError("功率的最大值在曲线的一端，没有越过最大功率点")
    share = _SHARE
    low, high = _around(power, top, share)
    while high - low > _MOST and share < 0.97:
        share += _SHARE_STEP
        low, high = _around(power, top, share)
    while high - low < min(_FEWEST + 1, order.size):
        left = power[low - 1] if low > 0 else -np.inf
        right = power[high] if high < order.size else -np.inf
        low, high = (low - 1, high) if left >= right else (low, high + 1)
    return np.asarray(order[low:high])


def _around(power: Array, top: int, share: float) -> tuple[int, int]:
    """Bounds of the readings about ``top`` that reach that share of the largest."""
    weak = np.flatnonzero(power < share * power[top])
    left, right = weak[weak < top], weak[weak > top]
    return (int(left[-1]) + 1 if left.size else 0), (int(right[0]) if right.size else power.size)


def _start(u: Array, i: Array) -> list[float]:
    """Level, voltage and steepness to begin with, from the readings about the maximum."""
    level = 1.02 * float(i.max())
    missing = np.log(np.maximum(level - i, 0.02 * level))
    beta = max(float(np.polyfit(u, missing, 1)[0]) if np.ptp(u) else 0.0, 3 / float(u.max()))
    return [level, float(u.mean() - missing.mean() / beta), beta]


def _diode(w: Any, v: float, beta: float) -> Any:
    """exp(β(w - V)), shape as ``w``, cut off before it overflows."""
    return np.exp(np.minimum(beta * (w - v), 300.0))


def _solved(
    load: Array, a: float, v: float, beta: float, series: float = 0.0
) -> tuple[Array, Array]:
    """Current into each load, and that of the diode, by Newton's method from above."""
    whole = load + series
    current = np.minimum(a, np.maximum(v + np.log(max(a, 1e-300)) / beta, 1e-9) / whole)
    for _ in range(_NEWTON_STEPS):
        diode = _diode(whole * current, v, beta)
        step = (current - a + diode) / (1 + beta * whole * diode)
        current = current - step
        if not np.max(np.abs(step)) > 1e-14 * abs(a):
            break
    return current, _diode(whole * current, v, beta)


def _sound(load: Array, a: float, beta: float, series: float) -> bool:
    """Whether the law has a meaning at each load."""
    return a > 0 and beta > 0 and float(np.min(load)) + series > 0


def _power(load: Array, a: float, v: float, beta: float, series: float = 0.0) -> Array:
    """P = R I² into each load; NaN where the law has no meaning."""
    if not _sound(load, a, beta, series):
        return np.full(np.shape(load), np.nan)
    current, _ = _solved(np.asarray(load, float), a, v, beta, series)
    return np.asarray(load * current**2)


def _power_gradient(load: Array, a: float, v: float, beta: float, *series: float) -> Array:
    """Derivatives of :func:`_power` by A, V, β and R_s where it is given, (n, 3) or (n, 4)."""
    if not _sound(load, a, beta, sum(series)):
        return np.full((np.size(load), 3 + len(series)), np.nan)
    current, diode = _solved(load, a, v, beta, sum(series))
    whole = load + sum(series)
    slope = 2 * load * current / (1 + beta * whole * diode)
    columns = [slope, slope * beta * diode, -slope * diode * (whole * current - v)]
    return np.stack([*columns, *[-slope * beta * diode * current for _ in series]], axis=1)


def _limits(
    fit: CurveFit, u: Array, i: Array, voltage_limit: float | None, current_limit: float | None
) -> dict[str, Array | None]:
    """What the limits of U and I do to the power at its load, reading by reading."""
    a, v, beta, series = _four(fit.values)
    load = u / i
    _, diode = _solved(load, a, v, beta, series)
    by_load = i**2 - 2 * load * i**2 * beta * diode / (1 + beta * (load + series) * diode)
    by_voltage, by_current = i - by_load / i, u + by_load * u / i**2
    return {
        "光照电压": None if voltage_limit is None else voltage_limit * by_voltage,
        "光照电流": None if current_limit is None else current_limit * by_current,
    }


def measurands(maximum: Maximum) -> list[Measurand]:
    """P_m, U_m, I_m and R_m of a curve in V and mA."""
    return [
        measurand("最大输出功率", "P_m", "mW", maximum.power),
        measurand("最大功率点电压", "U_m", "V", maximum.voltage),
        measurand("最大功率点电流", "I_m", "mA", maximum.current),
        measurand("最佳负载电阻", "R_m", "kΩ", maximum.resistance),
    ]


def as_fit(maximum: Maximum) -> Fit:
    """The local law for the wire; its residuals are those of the power."""
    named = [("光生电流", "A", "mA"), ("特征电压", "V", "V"), ("指数系数", "β", "V⁻¹")]
    count = len(maximum.fit.names)
    exponent = "U − V" if count == len(named) else "U + R_s·I − V"
    law = f"I = A − exp(β·({exponent}))，以 P 对 R = U/I 拟合"
    return maximum.fit.as_fit("light-iv", law, [*named, ("串联电阻", "R_s", "kΩ")][:count])
