"""The maximum power of a solar cell under light, from a fit around the largest product.

Where P ≥ 0.8 P_max, I = A - exp(β(U - V)): one diode, whose β there also takes up the series
resistance, so that nothing is asked of the shape of the whole curve.  The fit is of the power over
the load R = U/I, where the scatter of U and that of I are felt about equally on both sides of the
maximum; a polynomial misses the maximum by up to one per cent.  The maximum follows in closed form:
with x = 1 + βU_m, x + ln x = ln A + 1 + βV and I_m = A (1 - 1/x).

Source: M. A. Green, Solar Cells (Prentice-Hall 1982), chapter 5, for the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab.curve import CurveFit, fit_curve
from functions._lab.errors import ReadingError
from functions._lab.measurand import measurand
from functions._lab.propagation import with_limits
from functions._lab.result import Fit, Measurand

Array = NDArray[np.float64]
Places = NDArray[np.intp]

_SHARE, _SHARE_STEP, _MOST = 0.80, 0.02, 25
_FEWEST = 5
_NEWTON_STEPS = 80


@dataclass(frozen=True, eq=False)
class Maximum:
    """The maximum of the power; uncertain numbers, correlated as they should be."""

    fit: CurveFit
    places: Places
    """Places of the readings used, by rising load."""
    voltage: Any
    current: Any
    beta: Any
    offset: Any
    """V of the local law."""

    @property
    def power(self) -> Any:
        """P_m = U_m I_m."""
        return self.voltage * self.current

    @property
    def resistance(self) -> Any:
        """R_m = U_m / I_m."""
        return self.voltage / self.current

    def current_at(self, voltage: Any) -> Array:
        """Current of the local law, shape as ``voltage``."""
        a, offset, beta = self.fit.values
        return np.asarray(a - np.exp(beta * (np.asarray(voltage, float) - offset)))


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
    load, power = u[places] / i[places], u[places] * i[places]
    fit = fit_curve(
        _power,
        load,
        power,
        _start(u[places], i[places]),
        names=("A", "V", "β"),
        jacobian=_power_gradient,
        label="最大功率附近的拟合",
    )
    a, offset, beta = fit.values
    if not (a > 0 and beta > 0):
        raise ReadingError("最大功率附近的读数不成单峰，无法拟合")
    limits = _limits(fit, u[places], i[places], voltage_limit, current_limit)
    level, offset, beta = with_limits(fit, _power_gradient(load, *fit.values), limits)
    return _summit(fit, places, level, offset, beta)


def _summit(fit: CurveFit, places: Places, level: Any, offset: Any, beta: Any) -> Maximum:
    """The maximum of U (A - exp(β(U - V))); see the module."""
    a, v, b = fit.values
    target = float(np.log(a) + 1 + b * v)
    if not 0 < target < 1e6:
        raise ReadingError("最大功率附近的读数不成单峰，无法拟合")
    x = max(target - np.log(max(target, 1.0)), 1e-3)
    for _ in range(_NEWTON_STEPS):
        x -= (x + np.log(x) - target) * x / (1 + x)
    moved = level / a + beta * offset - (1 + b * v)
    root = float(x) + moved * (float(x) / (1 + float(x)))
    return Maximum(fit, places, (root - 1) / beta, level * (1 - 1 / root), beta, offset)


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


def _solved(load: Array, a: float, v: float, beta: float) -> tuple[Array, Array]:
    """Current into each load, and exp(β(U - V)), by Newton's method from above."""
    current = np.minimum(a, np.maximum(v + np.log(max(a, 1e-300)) / beta, 1e-9) / load)
    for _ in range(_NEWTON_STEPS):
        diode = np.exp(np.minimum(beta * (load * current - v), 300.0))
        step = (current - a + diode) / (1 + beta * load * diode)
        current = current - step
        if not np.max(np.abs(step)) > 1e-14 * abs(a):
            break
    return current, np.exp(np.minimum(beta * (load * current - v), 300.0))


def _power(load: Array, a: float, v: float, beta: float) -> Array:
    """P = R I² into each load; NaN where the law has no meaning."""
    if not (a > 0 and beta > 0):
        return np.full(np.shape(load), np.nan)
    current, _ = _solved(np.asarray(load, float), a, v, beta)
    return np.asarray(load * current**2)


def _power_gradient(load: Array, a: float, v: float, beta: float) -> Array:
    """Derivatives of :func:`_power` by A, V and β, (n, 3)."""
    if not (a > 0 and beta > 0):
        return np.full((np.size(load), 3), np.nan)
    current, diode = _solved(load, a, v, beta)
    slope = 2 * load * current / (1 + beta * load * diode)
    return np.stack([slope, slope * beta * diode, -slope * diode * (load * current - v)], axis=1)


def _limits(
    fit: CurveFit, u: Array, i: Array, voltage_limit: float | None, current_limit: float | None
) -> dict[str, Array | None]:
    """What the limits of U and I do to the power at its load, reading by reading."""
    a, v, beta = fit.values
    load = u / i
    _, diode = _solved(load, a, v, beta)
    by_load = i**2 - 2 * load * i**2 * beta * diode / (1 + beta * load * diode)
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
    return maximum.fit.as_fit(
        "light-iv",
        "I = A − exp(β·(U − V))，以 P 对 R = U/I 拟合",
        [("光生电流", "A", "mA"), ("特征电压", "V", "V"), ("指数系数", "β", "V⁻¹")],
    )
