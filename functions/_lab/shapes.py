"""The curves that are not polynomials: equation, parameters and where a fit of them starts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from functions._lab import starts, units
from functions._lab._straight import Named
from functions._lab.starts import Basis, Floats, Theta, Trial

OFFSET = "C"


@dataclass(frozen=True)
class Shape:
    """A curve f(x; p), to which a constant C may be added."""

    equation: str
    curve: Callable[..., Any]
    """f(x, *p), also for complex x or p."""
    parameters: tuple[str, ...]
    gradient: Callable[..., list[Any]]
    """∂f/∂p of each parameter, as ``curve``."""
    basis: Basis
    """Columns of its linear parameters; see ``starts``."""
    trials: Callable[[Floats, Floats], list[Trial]]
    start: Callable[[Trial, Floats], list[float]]
    """Parameters from θ and the linear ones."""
    named: Callable[[str, str], list[Named]]
    """Names, symbols and units of the parameters, from the units of x and y."""
    offset: bool = False
    """Whether C belongs to it unless the caller says otherwise."""
    offset_optional: bool = False
    normal: Callable[[Floats], Floats] = np.asarray
    """The same curve with amplitude and width positive and the phase in (-π, π]."""
    periodic: bool = False
    positive_x: bool = False


def _sine(x: Any, amplitude: Any, frequency: Any, phase: Any) -> Any:
    return amplitude * np.sin(2 * np.pi * frequency * x + phase)


def _sine_gradient(x: Any, amplitude: Any, frequency: Any, phase: Any) -> list[Any]:
    angle = 2 * np.pi * frequency * x + phase
    moved = amplitude * np.cos(angle)
    return [np.sin(angle), 2 * np.pi * x * moved, moved]


def _damped(x: Any, amplitude: Any, damping: Any, frequency: Any, phase: Any) -> Any:
    return np.exp(-damping * x) * _sine(x, amplitude, frequency, phase)


def _damped_gradient(x: Any, amplitude: Any, damping: Any, frequency: Any, phase: Any) -> list[Any]:
    envelope = np.exp(-damping * x)
    height, *others = (envelope * part for part in _sine_gradient(x, amplitude, frequency, phase))
    return [height, -x * amplitude * height, *others]


def _power_gradient(x: Any, factor: Any, exponent: Any) -> list[Any]:
    height = x**exponent
    return [height, factor * height * np.log(x)]


def _exponential_gradient(x: Any, factor: Any, rate: Any) -> list[Any]:
    height = np.exp(rate * x)
    return [height, factor * height * x]


def _gaussian_gradient(x: Any, top: Any, middle: Any, sigma: Any) -> list[Any]:
    apart = (x - middle) / sigma
    height = np.exp(-(apart**2) / 2)
    steep = top * height * apart / sigma
    return [height, steep, steep * apart]


def _waves(x: Floats, theta: Theta) -> list[Floats]:
    phase = 2 * np.pi * theta[-1] * x
    envelope: Floats | float = np.exp(-theta[0] * x) if len(theta) == 2 else 1.0
    return [envelope * np.sin(phase), envelope * np.cos(phase)]


def _wave_start(theta: Trial, linear: Floats) -> list[float]:
    return [float(np.hypot(*linear[:2])), *theta, float(np.arctan2(linear[1], linear[0]))]


def _normal_wave(p: Floats) -> Floats:
    """``p`` holds amplitude, perhaps damping, frequency and phase, perhaps C."""
    q, at = np.array(p, dtype=float), 2 if p.size > 4 else 1
    amplitude, frequency, phase = q[0], q[at], q[at + 1]
    if frequency < 0:
        frequency, phase = -frequency, np.pi - phase
    if amplitude < 0:
        amplitude, phase = -amplitude, phase + np.pi
    q[0], q[at], q[at + 1] = amplitude, frequency, np.pi - (np.pi - phase) % (2 * np.pi)
    return q


def _bell(x: Floats, theta: Theta) -> list[Floats]:
    return [np.exp(-(((x - theta[0]) / theta[1]) ** 2) / 2)]


def _normal_bell(p: Floats) -> Floats:
    q = np.array(p, dtype=float)
    q[2] = abs(q[2])
    return q


def _inverse(unit: str) -> str:
    return units.power(unit, -1)


SHAPES: dict[str, Shape] = {
    "power": Shape(
        "y = A·x^B",
        lambda x, a, b: a * x**b,
        ("A", "B"),
        _power_gradient,
        lambda x, theta: [x ** theta[0]],
        starts.exponents,
        lambda theta, linear: [float(linear[0]), *theta],
        lambda x, y: [("系数（x 为一个单位时的 y）", "A", y), ("指数", "B", "1")],
        offset_optional=True,
        positive_x=True,
    ),
    "exponential": Shape(
        "y = A·exp(B·x)",
        lambda x, a, b: a * np.exp(b * x),
        ("A", "B"),
        _exponential_gradient,
        lambda x, theta: [np.exp(theta[0] * x)],
        starts.rates,
        lambda theta, linear: [float(linear[0]), *theta],
        lambda x, y: [("x = 0 处的值", "A", y), ("增长率（负为衰减）", "B", _inverse(x))],
        offset_optional=True,
    ),
    "logarithm": Shape(
        "y = A + B·ln x",
        lambda x, a, b: a + b * np.log(x),
        ("A", "B"),
        lambda x, a, b: [np.ones_like(x), np.log(x)],
        lambda x, theta: [np.ones_like(x), np.log(x)],
        lambda x, y: [()],
        lambda theta, linear: [float(c) for c in linear],
        lambda x, y: [("x 为一个单位时的 y", "A", y), ("对数的系数", "B", y)],
        positive_x=True,
    ),
    "gaussian": Shape(
        "y = A·exp(−(x−μ)²/(2σ²))",
        lambda x, a, m, s: a * np.exp(-(((x - m) / s) ** 2) / 2),
        ("A", "μ", "σ"),
        _gaussian_gradient,
        _bell,
        starts.bells,
        lambda theta, linear: [float(linear[0]), *theta],
        lambda x, y: [("峰高", "A", y), ("峰位", "μ", x), ("标准差", "σ", x)],
        offset=True,
        offset_optional=True,
        normal=_normal_bell,
    ),
    "sine": Shape(
        "y = A·sin(2πf·x + φ)",
        _sine,
        ("A", "f", "φ"),
        _sine_gradient,
        _waves,
        starts.oscillations,
        _wave_start,
        lambda x, y: [("振幅", "A", y), ("频率", "f", _inverse(x)), ("初相位", "φ", "rad")],
        offset=True,
        normal=_normal_wave,
        periodic=True,
    ),
    "damped-sine": Shape(
        "y = A·exp(−β·x)·sin(2πf·x + φ)",
        _damped,
        ("A", "β", "f", "φ"),
        _damped_gradient,
        _waves,
        starts.decays,
        _wave_start,
        lambda x, y: [
            ("x = 0 处的振幅", "A", y),
            ("阻尼系数", "β", _inverse(x)),
            ("频率", "f", _inverse(x)),
            ("初相位", "φ", "rad"),
        ],
        offset=True,
        normal=_normal_wave,
        periodic=True,
    ),
}
