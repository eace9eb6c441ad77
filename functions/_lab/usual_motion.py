"""Usual ranges in mechanics, heat, ultrasound, and the experiments of atoms.

Sources: the handouts of the apparatus (air track with gliders of 0.1 to 0.5 kg, springs of 1 to
50 N/m; ZKY-DPL: receiver of about 0.1 kg, weights of 20 to 100 g; Franck-Hertz tubes up to 60 V
(Hg) and 100 V (Ar, Ne); oil drops under 100 to 1000 V); IEC 60751 for Pt100; E. D. Macklen,
Thermistors (1979), for B of 2000 to 5500 K.
"""

from collections.abc import Iterator

import numpy as np

from functions._lab.plausible import ZERO_C, Columns, Quantity, Span, Usual, slope

FEWEST_OF_CURVE = 10
_RATIO = 1000 / 3.851
"""Ω of a Pt100 to K."""
_TEMPERATURES = Span(0.01, 150.0)

FRANK_HERTZ = Usual({"VG2K": Span(13.0, 130.0)}, stepped={"VG2K": ()})


def _millikan(columns: Columns) -> Iterator[Quantity]:
    """Charge over its integer, in 10⁻¹⁹ C: e, or half or twice it."""
    if "qi" in columns and "ni" in columns:
        steps = np.abs(columns["ni"])
        charge = float(np.median((np.abs(columns["qi"]) / steps)[steps > 0]))
        yield Quantity("q/n", charge, "×10⁻¹⁹ C", Span(0.75, 3.3))


MILLIKAN = Usual(
    {"ni": Span(1.0, 40.0), "voltages": Span(40.0, 1500.0), "fall_times": Span(1.0, 150.0)},
    _millikan,
)


def _mechanics(columns: Columns) -> Iterator[Quantity]:
    """Spring constant, effective mass, and the period of the speeds."""
    period = np.nan
    if "t2m.T10_avg_s" in columns:
        period = float(np.median(columns["t2m.T10_avg_s"])) / 10
        mass = (columns["t2m.m0_g"] + columns["t2m.weights_g"]) / 1000
        squares = (columns["t2m.T10_avg_s"] / 10) ** 2
        b = slope(mass, squares)
        if b > 0:
            yield Quantity("弹簧劲度系数", 4 * np.pi**2 / b, "N/m", Span(0.3, 100.0))
            part = (squares.mean() / b - mass.mean()) / np.median(mass) + 1
            # a spring weighs less than what it carries
            yield Quantity("总质量与弹簧等效质量之和对总质量", part, "倍", Span(0.7, 1.6))
    if "v2x2.x_cm" in columns:
        b = slope(columns["v2x2.x_cm"] ** 2, columns["v2x2.v_avg_cms"] ** 2)
        own = 2 * np.pi / np.sqrt(-b) if b < 0 else np.nan
        yield Quantity("由速度得到的周期", own, "s", Span(0.25, 6.0))
        yield Quantity("由速度得到的周期与实测周期之比", own / period, "", Span(0.5, 2.0))


MECHANICS = Usual(
    {
        "t2m.m0_g": Span(1.0, 3000.0),
        "t2m.weights_g": Span(3.0, 2000.0),
        "t2m.T10_avg_s": Span(3.0, 60.0),
        "v2x2.x_cm": Span(2.5, 80.0),
        "v2x2.v_avg_cms": Span(8.0, 400.0),
        "v2x2.mass_g": Span(10.0, 3000.0),
    },
    _mechanics,
    ordered={"t2m.T10_avg_s": "t2m.weights_g", "v2x2.v_avg_cms": "v2x2.x_cm"},
    stepped={
        "t2m.weights_g": ("t2m.T10_avg_s",),
        "v2x2.x_cm": ("v2x2.v_avg_cms",),
    },
)


def _thermal(columns: Columns) -> Iterator[Quantity]:
    """Temperature as the platinum tells it, and B and R₂₅ of the thermistor."""
    count = max(values.size for values in columns.values())
    celsius = columns.get("temperatures", 55.0 + 5.0 * np.arange(count))
    if "pt100_resistance" in columns:
        told = float(np.median(columns["pt100_resistance"] / 100 - 1)) * _RATIO
        if 15 < told < 150:
            part = told / np.median(celsius)
            yield Quantity("由铂电阻推算的温度与所填温度之比", part, "", Span(0.5, 2.0))
    if "ntc_resistance" in columns and (celsius > -ZERO_C).all() and np.ptp(celsius) > 0:
        inverse = 1 / (celsius + ZERO_C)
        logarithms = np.log(columns["ntc_resistance"])
        b = slope(inverse, logarithms)
        yield Quantity("NTC 的材料常数 B", b, "K", Span(1200.0, 7000.0))
        room = np.exp(logarithms.mean() + b * (1 / (25 + ZERO_C) - inverse.mean()))
        yield Quantity("NTC 在 25 °C 的电阻", room, "Ω", Span(1100.0, 60_000.0))


THERMAL = Usual(
    {"temperatures": _TEMPERATURES, "pt100_resistance": Span(70.0, 180.0)},
    _thermal,
    smooth={"pt100_resistance": "temperatures", "ntc_resistance": "temperatures"},
    ordered={"pt100_resistance": "temperatures", "ntc_resistance": "temperatures"},
    stepped={"temperatures": ("pt100_resistance", "ntc_resistance")},
)
ULTRASOUND_PARTS = (
    ("t_free_fall", "v_free_fall_", "自由落体的加速度", Span(5.0, 15.0)),
    ("t1", "v1_", "匀加速运动 1 的加速度", Span(0.6, 11.0)),
    ("t2", "v2_", "匀加速运动 2 的加速度", Span(0.6, 11.0)),
    ("t3", "v3_", "匀加速运动 3 的加速度", Span(0.6, 11.0)),
)
"""No weight falls faster than g, and what hangs in balance tells nothing."""


def _ultrasound(columns: Columns) -> Iterator[Quantity]:
    """The acceleration of every run."""
    for times, speeds, title, span in ULTRASOUND_PARTS:
        for run in range(1, 5):
            name = f"{speeds}{run}"
            if times in columns and name in columns and np.ptp(columns[times]) > 0:
                a = abs(slope(columns[times], columns[name]))
                yield Quantity(f"{title}（第 {run} 次）", a, "m/s²", span)


ULTRASOUND = Usual(
    {
        **{times: Span(0.02, 8.0) for times, *_ in ULTRASOUND_PARTS},
        "m": Span(0.006, 0.3),
        "a_measured": Span(0.6, 11.0),
        "receiver_mass_kg": Span(0.02, 1.0),
    },
    _ultrasound,
    never={"m": Span(0.0, 1.0), "a_measured": Span(-11.0, 11.0)},
    stepped={
        times: tuple(f"{speeds}{run}" for run in range(1, 5))
        for times, speeds, *_ in ULTRASOUND_PARTS
    },
    by_machine=frozenset(times for times, *_ in ULTRASOUND_PARTS),
)
