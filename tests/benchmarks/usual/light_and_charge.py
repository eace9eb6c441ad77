"""Light, cells and charge in the usual way: readings in, numbers and PNG files out."""

from typing import Any

import numpy as np
from scipy.interpolate import make_interp_spline
from scipy.optimize import curve_fit
from scipy.signal import find_peaks

from tests.benchmarks.usual.drawing import Drawing, grid, joined, label, line, single, straight
from tests.benchmarks.usual.mechanics_and_heat import Outcome


def millikan(readings: dict[str, Any]) -> Outcome:
    """Charge over number of charges, through the origin."""
    n, q = np.array(readings["ni"], dtype=float), np.array(readings["qi"])
    charge = float(np.sum(n * q) / np.sum(n * n))

    def draw(axes: Any) -> None:
        dense = np.linspace(0, n.max() + 1, 100)
        axes.scatter(n, q, color="tab:blue", label="油滴")
        axes.plot(dense, charge * dense, "r-", label=rf"$e = {charge:.3f}\times10^{{-19}}$ C")
        label(axes, "密立根油滴实验", "电荷数 $n$", r"电荷 $q$ / $10^{-19}$ C")

    return {"e": charge}, {"q-n": single(draw)}


def frank_hertz(readings: dict[str, Any]) -> Outcome:
    """One figure for each group, peaks marked."""
    numbers, images = {}, {}
    for place, group in enumerate(readings["groups"], 1):
        current = np.array(group["currents"])
        voltage = np.array(readings.get("VG2K") or range(1, len(current) + 1), dtype=float)
        dense = np.linspace(voltage.min(), voltage.max(), 1000)
        smooth = make_interp_spline(voltage, current, k=3)(dense)
        peaks, _ = find_peaks(smooth, prominence=0.05 * np.ptp(smooth))
        valleys, _ = find_peaks(-smooth, prominence=0.05 * np.ptp(smooth))
        numbers[f"U0-{place}"] = float(np.mean(np.diff(dense[peaks]))) if len(peaks) > 1 else 0.0
        drawn = _marked(group.get("label", ""), voltage, current, dense, smooth, [peaks, valleys])
        images[f"group-{place}"] = single(drawn)
    return numbers, images


def _marked(
    title: str, voltage: Any, current: Any, dense: Any, smooth: Any, extrema: list[Any]
) -> Drawing:
    def draw(axes: Any) -> None:
        axes.plot(voltage, current, ".", label="实验数据")
        axes.plot(dense, smooth, "-", label="平滑曲线")
        for places, mark in zip(extrema, ("rv", "g^"), strict=True):
            axes.plot(dense[places], smooth[places], mark)
            for place in places:
                at = (dense[place], smooth[place])
                axes.annotate(f"{at[0]:.1f} V", at, xytext=(0, 8), textcoords="offset points")
        label(axes, f"弗兰克-赫兹 {title}", "$V_{G2K}$ / V", r"电流 $I_A$ / $\mu$A")

    return draw


def fiber(readings: dict[str, Any]) -> Outcome:
    """Laser diode or photodiode."""
    kind = readings["plot_type"]
    if kind == "photodiode":
        columns = [readings["I0"], readings["I1"], readings["I2"]]

        def draw(axes: Any) -> None:
            for power, current in zip((0.0, 0.1, 0.2), columns, strict=True):
                axes.plot(readings["V"], current, "o-", label=f"$P = {power:.3f}$ mW")
            label(axes, "光电二极管伏安特性", "反向偏压 $V$ / V", r"光电流 $I$ / $\mu$A")

        slope = line([0.0, 0.1, 0.2], [float(np.mean(c)) for c in columns])[0]
        return {"R": slope / 1000}, {"photodiode-iv": single(draw)}
    if kind == "iu":
        drawn = _branch("激光器 I–U", "$U$ / V", "$I$ / mA", readings["U"], readings["I"], 2)
        return {}, {"i-u": single(drawn)}
    drawn = _branch("激光器 P–I", "$I$ / mA", "$P$ / mW", readings["I"], readings["P"], 1)
    return {}, {"p-i": single(drawn)}


def _branch(title: str, x_label: str, y_label: str, x: Any, y: Any, start: int) -> Drawing:
    """All points, and the line through those from ``start`` on with its zero."""
    slope, intercept, r2 = line(x[start:], y[start:])

    def draw(axes: Any) -> None:
        dense = np.linspace(-intercept / slope, max(x), 100)
        axes.plot(x, y, "o", label="实验数据")
        axes.plot(dense, slope * dense + intercept, "r--", label=f"拟合，$R^2 = {r2:.4f}$")
        axes.axvline(-intercept / slope, ls=":", label=f"阈值 {-intercept / slope:.3f}")
        label(axes, title, x_label, y_label)

    return draw


def photo_devices(readings: dict[str, Any]) -> Outcome:
    """LED, laser diode, photodiode, phototransistor: ten panels."""
    r = readings
    start = int(r.get("ld_linear_start_idx") or 4)
    drawings = [
        joined("LED 伏安特性", "$U$ / V", "$I$ / mA", r["led_V"], r["led_I"]),
        joined("LED P–I", "$I$ / mA", r"$P$ / $\mu$W", r["led_I"], r["led_P"]),
        joined("LD 伏安特性", "$U$ / V", "$I$ / mA", r["ld_V"], r["ld_I"]),
        _branch("LD P–I", "$I$ / mA", r"$P$ / $\mu$W", r["ld_I"], r["ld_P"], start),
    ]
    for key, name, unit in (("pd", "光电二极管", r"$\mu$A"), ("pt", "光电三极管", "mA")):
        current = f"$I$ / {unit}"
        drawings += [
            straight(f"{name}光照特性", "$E$ / lx", current, r[f"{key}_L"], r[f"{key}_I_L"]),
            joined(f"{name}伏安特性", "$U$ / V", current, r[f"{key}_V"], r[f"{key}_I_V"]),
            joined(f"{name}光谱", r"$\lambda$ / nm", current, r[f"{key}_wl"], r[f"{key}_I_wl"]),
        ]
    return {}, {"photo-devices": grid(4, 3, (18, 20), [*drawings, _nothing, _nothing])}


def _nothing(axes: Any) -> None:
    axes.axis("off")


def solar_cell(readings: dict[str, Any]) -> Outcome:
    """Dark and light I–V, and four dependences on the light."""
    r = {key: np.array(value, dtype=float) for key, value in readings.items() if key in _CELL}
    power = r["light_voltage"] * r["light_current"]
    fill = power.max() / (r["open_circuit_voltage"][0] * r["short_circuit_current"][0])
    intensity, light = r["relative_intensity"], r["light_power"]
    isc, uoc = r["short_circuit_current"], r["open_circuit_voltage"]
    x, y = "相对光强 $J/J_0$", "$I_{sc}$ / mA"
    images = {
        "dark-iv": single(_dark(r["dark_voltage"], r["dark_current"])),
        "light-iv": single(_light(r["light_voltage"], r["light_current"], power)),
        "isc-intensity": single(straight("短路电流与光强", x, y, intensity, isc)),
        "uoc-intensity": single(joined("开路电压与光强", x, "$U_{oc}$ / V", intensity, uoc)),
        "isc-power": single(straight("短路电流与光功率", "$P$ / mW", y, light, isc)),
        "uoc-power": single(
            straight("开路电压与光功率", r"$\ln P$", "$U_{oc}$ / V", np.log(light), uoc)
        ),
    }
    return {"P_m": float(power.max()), "FF": float(fill)}, images


_CELL = frozenset(
    {
        "dark_voltage",
        "dark_current",
        "light_voltage",
        "light_current",
        "relative_intensity",
        "light_power",
        "short_circuit_current",
        "open_circuit_voltage",
    }
)


def _dark(voltage: Any, current: Any) -> Drawing:
    def model(u: Any, i0: float, beta: float) -> Any:
        return i0 * (np.exp(beta * u) - 1)

    best, _ = curve_fit(model, voltage, current, p0=[0.005, 1.0], maxfev=5000)

    def draw(axes: Any) -> None:
        dense = np.linspace(voltage.min(), voltage.max(), 200)
        axes.plot(voltage, current, "o", label="实验数据")
        shown = rf"$I_0 = {best[0]:.4f}$ mA, $\beta = {best[1]:.3f}$ V$^{{-1}}$"
        axes.plot(dense, model(dense, *best), "r-", label=shown)
        label(axes, "暗伏安特性", "$U$ / V", "$I$ / mA")

    return draw


def _light(voltage: Any, current: Any, power: Any) -> Drawing:
    best = int(np.argmax(power))

    def draw(axes: Any) -> None:
        axes.plot(voltage, current, "o-", label="$I$")
        axes.legend(loc="lower left")
        second = axes.twinx()
        second.plot(voltage, power, "s--", color="tab:red", label="$P$")
        second.set_ylabel("$P$ / mW")
        second.annotate(f"$P_m = {power[best]:.2f}$ mW", (voltage[best], power[best]))
        label(axes, "光照伏安特性", "$U$ / V", "$I$ / mA")

    return draw
