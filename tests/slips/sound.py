"""Sound tables of every experiment, drawn at random: none of their readings deserves a warning."""

from collections.abc import Callable
from typing import Any

import numpy as np

from functions._lab.result import Result
from tests.functions.simulated import ACCUSING
from tests.functions.tube import ARGON, drawn_at_random
from tests.slips.judge import analysed

Random = np.random.Generator
ALARMS = ACCUSING | {"unit", "range"}


def fibre(rng: Random) -> dict[str, Any]:
    """Laser diode, its power, or a photodiode."""
    kind = rng.integers(3)
    if kind == 0:
        u = np.concatenate([np.arange(0, 0.9, 0.1), np.arange(0.9, 1.25, 0.03)])
        i = np.where(u < 0.9, 0.1 * u, 0.09 + 50 * (u - 0.9)) + rng.normal(0, 0.04, u.size)
        return {"plot_type": "iu", "U": u.round(2).tolist(), "I": i.round(3).tolist()}
    if kind == 1:
        i = np.arange(0, 21.0)
        p = np.where(i < 7.2, 0.001 * i, 0.0072 + 0.05 * (i - 7.2)) + rng.normal(0, 0.002, 21)
        return {"plot_type": "pi", "I": i.tolist(), "P": p.round(4).tolist()}
    v = np.arange(0, 6.0)
    currents = [rng.normal(level, 0.8, 6).round(0).tolist() for level in (0, 95, 190)]
    return {"plot_type": "photodiode", "V": v.tolist()} | {
        f"I{n}": column for n, column in enumerate(currents)
    }


def frank_hertz(rng: Random) -> dict[str, Any]:
    """An argon tube with six maxima."""
    return drawn_at_random(ARGON, int(rng.integers(1 << 30)), 6)[1]


def millikan(rng: Random) -> dict[str, Any]:
    """Eight drops."""
    n = rng.integers(1, 9, 8)
    q = n * 1.602176634 + rng.normal(0, 0.03, 8)
    return {"ni": n.tolist(), "qi": q.round(3).tolist()}


def mechanics(rng: Random) -> dict[str, Any]:
    """A glider between springs."""
    weights = np.array([20, 40, 50, 70, 100])
    squares = 4 * np.pi**2 / 3.666 * (0.24168 + weights / 1000 + 0.0072)
    tens = 10 * np.sqrt(squares + rng.normal(0, 0.0012, 5))
    x = np.array([0, 4, 6, 8, 10, 12, 14, 16, 18])
    squares = 3.919**2 * (0.192**2 - (x / 100) ** 2) + rng.normal(0, 0.01, x.size)
    v = 100 * np.sqrt(np.maximum(squares, 0))
    return {
        "t2m": {"m0_g": 241.68, "weights_g": weights.tolist(), "T10_avg_s": tens.round(4).tolist()},
        "v2x2": {"x_cm": x.tolist(), "v_avg_cms": v.round(2).tolist()},
    }


def thermal(rng: Random) -> dict[str, Any]:
    """Pt100 and a thermistor."""
    t = np.arange(55, 81, 5.0)
    ohms = 100 * (1 + 3.851e-3 * t) + rng.normal(0, 0.1, 6)
    ntc = 1e4 * np.exp(3950 * (1 / (t + 273.15) - 1 / 298.15) + rng.normal(0, 0.004, 6))
    columns = {"temperatures": t, "pt100_resistance": ohms.round(2), "ntc_resistance": ntc.round(0)}
    return {name: values.tolist() for name, values in columns.items()}


def photo_devices(rng: Random) -> dict[str, Any]:
    """All devices but for their spectra."""
    current, light, volts = np.linspace(2, 30, 15), np.linspace(50, 300, 6), np.linspace(1, 12, 12)
    exact = {
        "led_I": (current, 0, 1),
        "led_V": (0.86 + 0.0056 * current, 0.003, 3),
        "led_P": (0.33 * current - 0.004 * current**2, 0.02, 3),
        "ld_I": (current, 0, 1),
        "ld_V": (0.9 + 0.0108 * current, 0.003, 3),
        "ld_P": (np.maximum(17.3 * (current - 8.1), 0.0), 0.4, 2),
        "pd_L": (light, 0, 0),
        "pd_I_L": (0.03 * light, 0.03, 2),
        "pd_V": (volts, 0, 1),
        "pd_I_V": (4.8 + 0.1 * volts, 0.02, 2),
        "pt_L": (light, 0, 0),
        "pt_I_L": (0.007 * light, 0.01, 2),
        "pt_V": (volts, 0, 1),
        "pt_I_V": (1.16 + 0.025 * volts, 0.004, 3),
    }
    return {
        name: np.round(values + u * rng.normal(size=values.size), places).tolist()
        for name, (values, u, places) in exact.items()
    }


def solar_cell(rng: Random) -> dict[str, Any]:
    """A cell of eleven diodes in series, behind a light meter that sees as much light as it."""
    dark, intensity = np.linspace(0.3, 2.9, 20), np.linspace(1, 0.3, 10)
    i = np.linspace(16.9, 1.0, 20)
    u = 5.35 + 0.45 * np.log(1 - i / 17.2) - 0.012 * i
    columns = {
        "dark_voltage": dark,
        "dark_current": 0.005 * np.expm1(1.15 * dark) + 0.004 * dark + rng.normal(0, 3e-4, 20),
        "light_voltage": u + rng.normal(0, 0.004, 20),
        "light_current": i + rng.normal(0, 0.03, 20),
        "relative_intensity": intensity,
        "light_power": 225 * intensity,
        "short_circuit_current": 16.2 * intensity + rng.normal(0, 0.05, 10),
        "open_circuit_voltage": 5.63 + 0.56 * np.log(intensity) + rng.normal(0, 0.01, 10),
    }
    return {name: values.round(4).tolist() for name, values in columns.items()}


def ultrasound(rng: Random) -> dict[str, Any]:
    """Four runs of free fall and of three accelerations, and the weights."""
    weights, body = np.array([0.02, 0.032, 0.044]), {}
    pulled = 9.8 * (0.093 - weights) / (0.093 + weights + 0.014)
    for times, speeds, a, end in (
        ("t_free_fall", "v_free_fall_", 9.8, 0.4),
        ("t1", "v1_", pulled[0], 0.13),
        ("t2", "v2_", pulled[1], 0.52),
        ("t3", "v3_", pulled[2], 0.39),
    ):
        t = np.linspace(end / 13, end, 13)
        body[times] = t.round(2).tolist()
        for run in range(1, 5):
            v = 0.16 + rng.normal(a, 0.03) * t.round(2) + rng.normal(0, 0.012, 13)
            body[f"{speeds}{run}"] = v.round(2).tolist()
    body["m"] = weights.tolist()
    body["a_measured"] = (pulled + rng.normal(0, 0.04, 3)).round(4).tolist()
    return body


MAKERS: dict[str, Callable[[Random], dict[str, Any]]] = {
    "fiber": fibre,
    "frank-hertz": frank_hertz,
    "millikan": millikan,
    "mechanics": mechanics,
    "thermal": thermal,
    "photo-devices": photo_devices,
    "solar-cell": solar_cell,
    "ultrasound": ultrasound,
}


def alarms(experiment: str, tables: int, seed: int) -> list[tuple[dict[str, Any], str]]:
    """The sound tables, of so many, of which something is said, with the first sentence."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(tables):
        body = MAKERS[experiment](rng)
        result = analysed(experiment, body)
        assert isinstance(result, Result), result
        said = [c for c in result.warnings if c.code in ALARMS]
        if said:
            found.append((body, said[0].message))
    return found
