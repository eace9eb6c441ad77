"""Mechanics, heat and ultrasound in the usual way: readings in, numbers and PNG files out."""

from typing import Any

import numpy as np
from scipy.optimize import curve_fit

from tests.benchmarks.usual.drawing import Drawing, grid, label, line, single, straight

Outcome = tuple[dict[str, float], dict[str, bytes]]
G = 9.80


def mechanics(readings: dict[str, Any]) -> Outcome:
    """Spring pendulum: T² over mass, v² over x²."""
    numbers: dict[str, float] = {}
    images: dict[str, bytes] = {}
    if part := readings.get("t2m"):
        mass = (np.array(part["weights_g"]) + part["m0_g"]) / 1000
        squared = (np.array(part["T10_avg_s"]) / 10) ** 2
        slope, intercept, _ = line(mass, squared)
        numbers |= {"k": 4 * np.pi**2 / slope, "m_eff": intercept / slope}
        drawn = straight("$T^2$ 与 $M$ 的关系", "质量 $M$ / kg", "$T^2$ / s$^2$", mass, squared)
        images["t2-m"] = single(drawn)
    if part := readings.get("v2x2"):
        x2 = (np.array(part["x_cm"]) / 100) ** 2
        v2 = (np.array(part["v_avg_cms"]) / 100) ** 2
        slope, intercept, _ = line(x2, v2)
        omega = np.sqrt(-slope)
        numbers |= {"omega": omega, "A": np.sqrt(intercept) / omega}
        y_label = "$v^2$ / (m$^2$/s$^2$)"
        images["v2-x2"] = single(
            straight("$v^2$ 与 $x^2$ 的关系", "$x^2$ / m$^2$", y_label, x2, v2)
        )
    return numbers, images


def thermal(readings: dict[str, Any]) -> Outcome:
    """Pt100 and NTC thermistor."""
    numbers: dict[str, float] = {}
    images: dict[str, bytes] = {}
    t = np.array(readings.get("temperatures") or [55, 60, 65, 70, 75, 80], dtype=float)
    if "pt100_resistance" in readings:
        resistance = np.array(readings["pt100_resistance"])
        slope, intercept, _ = line(t, resistance)
        numbers |= {"R0": intercept, "alpha": slope / intercept}
        drawn = straight("Pt100 温度特性", "温度 $t$ / °C", r"电阻 $R$ / $\Omega$", t, resistance)
        images["pt100"] = single(drawn)
    if "ntc_resistance" in readings:
        resistance = np.array(readings["ntc_resistance"], dtype=float)
        inverse = 1 / (t + 273.15)
        slope, intercept, _ = line(inverse, np.log(resistance))
        numbers |= {"B": slope, "R25": float(np.exp(intercept + slope / 298.15))}
        y_label = r"$\ln R$"
        linear = straight("NTC 的线性化", "$1/T$ / K$^{-1}$", y_label, inverse, np.log(resistance))
        curve = _thermistor(t, resistance)
        images["ntc"] = grid(1, 2, (14, 6), [curve, linear])
    return numbers, images


def _thermistor(t: Any, resistance: Any) -> Drawing:
    def model(t: Any, a: float, b: float) -> Any:
        return a * np.exp(b * (1 / (t + 273.15) - 1 / 298.15))

    best, _ = curve_fit(model, t, resistance, p0=[10000.0, 4000.0])

    def draw(axes: Any) -> None:
        dense = np.linspace(t.min(), t.max(), 200)
        axes.plot(t, resistance, "o", label="实验数据")
        axes.plot(dense, model(dense, *best), "r-", label="指数拟合")
        label(axes, "NTC 温度特性", "温度 $t$ / °C", r"电阻 $R$ / $\Omega$")

    return draw


def ultrasound(readings: dict[str, Any]) -> Outcome:
    """Free fall, three uniform accelerations, Newton's second law."""
    numbers, images = {}, {}
    groups = [("free-fall", "自由落体", "t_free_fall", "v_free_fall_")]
    groups += [(f"uniform-{n}", f"匀加速 {n}", f"t{n}", f"v{n}_") for n in (1, 2, 3)]
    for name, title, times, prefix in groups:
        if times in readings:
            runs = [readings[key] for n in range(1, 5) if (key := f"{prefix}{n}") in readings]
            mean = np.mean(runs, axis=0)
            numbers[name] = line(readings[times], mean)[0]
            images[name] = single(_runs(title, np.array(readings[times]), runs, mean))
    if "m" in readings:
        mass, acceleration = np.array(readings["m"]), np.array(readings["a_measured"])
        numbers["newton-2"] = line(mass, acceleration)[0]
        drawn = straight("牛顿第二定律", "质量 $m$ / kg", "$a$ / (m/s$^2$)", mass, acceleration)
        images["newton-2"] = single(drawn)
    return numbers, images


def _runs(title: str, t: Any, runs: list[Any], mean: Any) -> Drawing:
    slope, intercept, r2 = line(t, mean)

    def draw(axes: Any) -> None:
        for number, run in enumerate(runs, 1):
            axes.plot(t, run, "o", alpha=0.6, label=f"第 {number} 次")
        axes.plot(t, slope * t + intercept, "r-", label=f"拟合：$a = {slope:.3f}$ m/s$^2$")
        axes.text(0.6, 0.1, f"$R^2 = {r2:.4f}$", transform=axes.transAxes)
        label(axes, title, "时间 $t$ / s", "速度 $v$ / (m/s)")

    return draw
