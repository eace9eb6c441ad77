"""Usual ranges in the experiments with light: fibre, photoelectric devices, solar cell.

Sources: data sheets of laser diodes and LEDs of student sets (drive currents of 3 to 150 mA,
forward voltages of 0.6 V for an infrared LED at little current to 4.6 V for a blue one); S. M. Sze
and K. K. Ng, Physics of Semiconductor Devices, 3rd ed. (2007), 12.3 and 13.3; M. A. Green, Solar
Cells (1982), chapter 5.  A photodiode gives at most one electron a photon, q λ/(h c): 0.9 A/W for
silicon at its edge of 1.1 μm, 1.3 A/W for InGaAs at 1.6 μm.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from functions._lab.plausible import Columns, Quantity, Span, Usual, size, slope

Array = NDArray[np.float64]

_LASER_CURRENT = Span(2.5, 150.0)
"""mA; threshold of 1 mA (VCSEL) to 60 mA, rarely driven beyond 150 mA."""
_JUNCTION = Span(0.55, 4.6)
"""V; from an infrared diode to a blue one with its resistance."""
_UPPER = 0.75
_FIBRE_POWERS = (0.0, 0.1, 0.2)


def _upper_slope(x: Array, y: Array) -> float:
    """Slope of the steeper part of a rising curve: three quarters of its steps are flatter."""
    order = np.argsort(x, kind="stable")
    step, rise = np.diff(x[order]), np.diff(y[order])
    slopes = rise[step > 0] / step[step > 0]
    return float(np.quantile(slopes, _UPPER)) if slopes.size else np.nan


def _ratio(x: Array, y: Array) -> float:
    """Middle of y/x where x is not zero."""
    used = x > 0
    return float(np.median(y[used] / x[used])) if used.any() else np.nan


def _of_pair(
    x: str, y: str, quotient: Callable[[Array, Array], float], title: str, unit: str, span: Span
) -> Callable[[Columns], Iterator[Quantity]]:
    """The slope of one column over another, where both were given."""

    def quantities(columns: Columns) -> Iterator[Quantity]:
        if x in columns and y in columns:
            yield Quantity(title, quotient(columns[x], columns[y]), unit, span)

    return quantities


def _resistance(current: Array, voltage: Array) -> float:
    conductance = _upper_slope(voltage, current)
    return 1000 / conductance if conductance else np.nan


FIBRE_VOLTAGE = Usual(
    {"U": _JUNCTION, "I": _LASER_CURRENT},
    # 1 to 10 Ω of the diode, and the resistance of leads and protection before it
    _of_pair("I", "U", _resistance, "微分电阻", "Ω", Span(1.5, 80.0)),
    stepped={"U": ("I",)},
    ordered={"I": "U"},
)
FIBRE_POWER = Usual(
    {"I": _LASER_CURRENT, "P": Span(0.02, 100.0)},
    # coupled into a fibre some per cent; bare at most 1 W/A, that is q over the energy of a photon
    _of_pair("I", "P", _upper_slope, "斜率效率", "W/A", Span(0.006, 1.2)),
    stepped={"I": ("P",)},
    ordered={"P": "I"},
)


def _fibre_photodiode(columns: Columns) -> Iterator[Quantity]:
    """Responsivity from each lit curve: 0.2 A/W (silicon in the blue) to the quantum limit."""
    powers = columns.get("powers_mW", np.array(_FIBRE_POWERS))
    for number, (name, power) in enumerate(zip(("I0", "I1", "I2"), powers, strict=True), 1):
        if power > 0:
            level = float(np.median(np.abs(columns[name]))) / power / 1000
            yield Quantity(f"第 {number} 条曲线的响应度", level, "A/W", Span(0.15, 1.3))


FIBRE_PHOTODIODE = Usual({"V": Span(0.8, 60.0), "powers_mW": Span(0.01, 5.0)}, _fibre_photodiode)

_PHOTO_PAIRS = (
    # light of a bare LED is 100 μW/mA; that of the sets is seen through a narrow hole
    _of_pair("led_I", "led_P", _ratio, "LED 的 P/I", "mW/A", Span(0.04, 2.0)),
    _of_pair("ld_I", "ld_P", _upper_slope, "LD 的斜率效率", "mW/A", Span(2.5, 150.0)),
    # 5 to 80 nA/lx for 1 to 7 mm² of silicon; a transistor amplifies a hundredfold
    _of_pair("pd_L", "pd_I_L", _ratio, "光电二极管的 I/E", "μA/lx", Span(0.003, 0.2)),
    _of_pair("pt_L", "pt_I_L", _ratio, "光电三极管的 I/E", "mA/lx", Span(0.001, 0.05)),
)
PHOTO_DEVICES = Usual(
    {
        "led_I": Span(4.0, 150.0),
        "led_V": Span(0.6, 4.6),
        "ld_I": _LASER_CURRENT,
        "ld_V": _JUNCTION,
        "pd_L": Span(40.0, 1500.0),
        "pd_I_L": Span(0.7, 45.0),
        "pd_V": Span(1.2, 50.0),
        "pd_I_V": Span(0.6, 45.0),
        "pd_wl": Span(300.0, 1200.0),
        "pt_L": Span(40.0, 1500.0),
        "pt_I_L": Span(0.18, 12.0),
        "pt_V": Span(1.2, 50.0),
        "pt_I_V": Span(0.15, 12.0),
        "pt_wl": Span(300.0, 1200.0),
    },
    lambda columns: (quantity for pair in _PHOTO_PAIRS for quantity in pair(columns)),
    smooth={"led_P": "led_I", "pd_I_L": "pd_L", "pt_I_L": "pt_L", "pd_I_V": "pd_V"}
    | {"pt_I_V": "pt_V"},
    ordered={"led_V": "led_I", "ld_V": "ld_I", "ld_P": "ld_I", "pd_I_L": "pd_L", "pt_I_L": "pt_L"}
    | {"pd_I_V": "pd_V", "pt_I_V": "pt_V"},
    humped={"led_P": "led_I"},
    never={"pd_wl": Span(200.0, 2000.0), "pt_wl": Span(200.0, 2000.0)},
    stepped={
        "led_I": ("led_V", "led_P"),
        "ld_I": ("ld_V", "ld_P"),
        "pd_L": ("pd_I_L",),
        "pd_V": ("pd_I_V",),
        "pt_L": ("pt_I_L",),
        "pt_V": ("pt_I_V",),
    },
)


def _solar(columns: Columns) -> Iterator[Quantity]:
    """What the three tables of one cell have in common."""
    opened, short = columns.get("open_circuit_voltage"), columns.get("short_circuit_current")
    if opened is not None:
        for name, title in (("dark_voltage", "暗特性"), ("light_voltage", "光照特性")):
            if name in columns:
                part = size(columns[name]) / size(opened)
                yield Quantity(f"{title}的最大电压与开路电压之比", part, "", Span(0.15, 2.2))
    if short is not None and "light_current" in columns:
        part = size(columns["light_current"]) / size(short)
        yield Quantity("光照特性的最大电流与短路电流之比", part, "", Span(0.2, 5.0))
    if short is not None and "light_power" in columns:
        response = _ratio(columns["light_power"], np.abs(short))
        advice = "光功率计的受光面积是否比电池小"
        yield Quantity("短路电流与光功率之比", response, "A/W", Span(0.002, 1.0), advice)
    if opened is not None and short is not None and "dark_current" in columns:
        part = _dark_current_at(size(opened), columns) / size(short)
        # the same but for series and shunt resistance, by superposition
        title = "暗特性外推到开路电压的电流与短路电流之比"
        yield Quantity(title, part, "", Span(0.05, 1.8))


def _dark_current_at(voltage: float, columns: Columns) -> float:
    """Dark current in mA at a voltage, by the line of ln I through the upper half."""
    u, i = columns["dark_voltage"], columns["dark_current"]
    used = (u > size(u) / 2) & (i > 0)
    if np.unique(u[used]).size < 2:
        return np.nan
    logarithms = np.log(i[used])
    steepness = slope(u[used], logarithms)
    return float(np.exp(logarithms.mean() + steepness * (voltage - u[used].mean())))


SOLAR_CELL = Usual(
    {
        # 0.3 to 0.75 V a cell, up to forty of them
        "open_circuit_voltage": Span(0.25, 30.0),
        "light_voltage": Span(0.2, 30.0),
        "short_circuit_current": Span(0.02, 5000.0),
        "light_current": Span(0.02, 5000.0),
        "relative_intensity": Span(0.4, 1.5),
        "area_cm2": Span(0.2, 5000.0),
        "irradiance_W_m2": Span(1.0, 1500.0),
    },
    _solar,
    smooth={"dark_current": "dark_voltage", "light_current": "light_voltage"}
    | {"short_circuit_current": "relative_intensity", "light_power": "relative_intensity"},
    ordered={"dark_current": "dark_voltage", "light_current": "light_voltage"}
    | {"short_circuit_current": "relative_intensity", "light_power": "relative_intensity"}
    | {"open_circuit_voltage": "relative_intensity"},
    never={"relative_intensity": Span(0.0, 1.5)},
    stepped={"dark_voltage": ("dark_current",)},
)
