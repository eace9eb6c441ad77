"""The receiver that falls against hanging weights: Newton's second law with friction and pulley.

A receiver of mass M falls and lifts weights of mass m over a pulley (Doppler apparatus).  With
friction C M g and the pulley's inertia J/R² it has the acceleration

    a = g (A - m) / (A + m + J/R²),   A = (1 - C) M.

Either A is known and the slope of a over the ratio is g, or g is known and A comes from the fit.
Masses in kg, accelerations in m/s².
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import optimize

from functions._lab import checks
from functions._lab.curve import CurveFit, fit_curve
from functions._lab.errors import ReadingError
from functions._lab.figure import Band, Curve, Item, Panel, Points
from functions._lab.line import Line, fit_proportional
from functions._lab.linear import Floats
from functions._lab.measurand import limit, measurand
from functions._lab.panels import line_panels, residual_panel, spread
from functions._lab.result import Caution, Fit, Measurand
from functions._lab.suspects import FittedCurve, Transform
from functions._lab.verdict import has_uncertainty, scatter_checks, unfit

MODEL = "a = g·(A − m)/(A + m + J/R²)，A = (1 − C)M"
RATIO = "[(1 − C)M − m] / [(1 − C)M + m + J/R²]"

_LEAST, _MOST = 1e-6, 1e6
"""Of A over the greatest hanging mass (or the pulley's), where A is sought."""


def ratio(m: Floats, held: float, pulley: float) -> Floats:
    """(A - m) / (A + m + J/R²), shape of ``m``."""
    return np.asarray((held - m) / (held + m + pulley))


@dataclass(frozen=True)
class Constants:
    """What is known of the apparatus."""

    mass: float | None
    """M in kg, None where it is to be found."""
    friction: float
    """C, of dimension one, 0 ≤ C < 1."""
    pulley: float
    """J/R² in kg."""
    local_g: tuple[float, float, str]
    """Value and standard uncertainty in m/s², and where it is from."""
    limits: Mapping[str, float]
    """Limits of error Δ by the field of the request."""

    @property
    def held(self) -> float | None:
        """A in kg."""
        return None if self.mass is None else (1 - self.friction) * self.mass


def gravity(m: Floats, a: Floats, held: float, known: Constants) -> tuple[Line, Any]:
    """Line of a over the ratio for a known A = ``held``, and its slope g.

    The line is through the origin, ν = n - 1; g carries the limits of all constants besides.

    Raises ReadingError where every ratio is zero (all m equal to A).
    """
    x = ratio(m, held, known.pulley)
    line = fit_proportional(
        x, a, y_limit=known.limits.get("a_measured"), label="a–质量比 直线", y_label="加速度"
    )
    total = (held + m + known.pulley) ** 2
    by_x = (a - 2 * float(line.slope.x) * x) / float(x @ x)
    by_held = float(by_x @ ((2 * m + known.pulley) / total))
    by_m = by_x * (-(2 * held + known.pulley) / total)
    g = line.slope + _type_b(
        known.limits,
        {
            "m": float(np.linalg.norm(by_m)),
            "receiver_mass_kg": by_held * (1 - known.friction),
            "friction_coefficient": -by_held * held / (1 - known.friction),
            "pulley_inertia_kg": float(by_x @ (-(held - m) / total)),
        },
    )
    return line, g


def receiver_mass(m: Floats, a: Floats, known: Constants) -> tuple[CurveFit, Any]:
    """Fit of a over m with the local g, and the receiver's mass M = A/(1 - C), ν = n - 1.

    The limits are propagated at first order, the residuals taken as small.

    Raises ReadingError (ConvergenceError) for a single reading, or where the data fix no A > 0.
    """
    gravity_, pulley = known.local_g[0], known.pulley
    fit = fit_curve(
        lambda x, held: gravity_ * (held - x) / (held + x + pulley),
        m,
        a,
        [held_mass(m, a, gravity_, pulley)],
        names=["(1−C)M"],
        label="a–m 曲线",
    )
    held = float(fit.values[0])
    if not held > 0 or abs(held) > _MOST * _scale(m, pulley) / 10:
        raise ReadingError("加速度与质量的读数不能定出接收器质量")
    total = (held + m + pulley) ** 2
    by_held = gravity_ * (2 * m + pulley) / total
    norm = float(by_held @ by_held)
    change = by_held / norm
    parts = {
        "a_measured": float(np.linalg.norm(change)),
        "m": float(np.linalg.norm(change * gravity_ * (2 * held + pulley) / total)),
        "local_g": -float(change @ ratio(m, held, pulley)),
        "pulley_inertia_kg": float(change @ (gravity_ * (held - m) / total)),
    }
    friction = known.friction + _type_b(known.limits, {"friction_coefficient": 1.0})
    return fit, (fit.parameters[0] + _type_b(known.limits, parts)) / (1 - friction)


_NAMES = {
    "m": "砝码质量",
    "a_measured": "加速度",
    "receiver_mass_kg": "接收器质量",
    "friction_coefficient": "摩擦系数",
    "pulley_inertia_kg": "滑轮折合质量",
    "local_g": "当地重力加速度",
}


def _type_b(limits: Mapping[str, float], sensitivities: Mapping[str, float]) -> Any:
    """Zero with the type-B uncertainty of every limit that is given."""
    total: Any = 0.0
    for name, sensitivity in sensitivities.items():
        if name in limits and sensitivity:
            total = total + sensitivity * limit(limits[name], _NAMES[name])
    return total


def _scale(m: Floats, pulley: float) -> float:
    return max(float(np.max(m)), pulley, 1e-9)


def held_mass(m: Floats, a: Floats, g: float, pulley: float) -> float:
    """A = (1 - C) M by least squares of a over m, to about six digits."""
    scale = _scale(m, pulley)

    def misfit(logarithm: float) -> float:
        rest = a - g * ratio(m, scale * np.exp(logarithm), pulley)
        return float(rest @ rest)

    grid = np.linspace(np.log(_LEAST), np.log(_MOST), 57)
    trials = scale * np.exp(grid)[:, None]
    rest = a - g * (trials - m) / (trials + m + pulley)
    best = float(grid[int(np.argmin(np.sum(rest**2, axis=1)))])
    step = float(grid[1] - grid[0])
    found = optimize.minimize_scalar(misfit, bounds=(best - step, best + step), method="bounded")
    return scale * float(np.exp(found.x))


def refit(g: float, pulley: float) -> Any:
    """The fit of a over m as ``checks.line_checks`` wants it."""

    def fitted(m: Floats, a: Floats) -> Transform:
        held = held_mass(m, a, g, pulley)
        return FittedCurve(
            lambda at: g * ratio(at, held, pulley),
            lambda at: (g * (2 * at + pulley) / (held + at + pulley) ** 2)[:, None],
        )

    return fitted


@dataclass(frozen=True)
class SecondLaw:
    """What the readings say about Newton's second law."""

    m: Sequence[float]
    a: Sequence[float]
    known: Constants
    line: Line | None = None
    """Over the ratio, where M is known."""
    curve: CurveFit | None = None
    """Over m, where M is not known."""
    measurands: list[Measurand] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)

    def panels(self, m_label: str, a_label: str) -> list[Panel]:
        """The fit with its 95 % band, and the residuals below; the readings where there is none."""
        note = [measurand.display for measurand in self.measurands]
        limits = self.known.limits
        if self.line is not None:
            return line_panels(
                self.line,
                RATIO,
                a_label,
                note=note,
                y_limit=limits.get("a_measured"),
                curve_label="过原点的拟合直线",
            )
        points = Points(
            self.m,
            self.a,
            "读数",
            u_x=spread(limits.get("m"), len(self.m)),
            u_y=spread(limits.get("a_measured"), len(self.a)),
        )
        if self.curve is None:
            return [Panel(m_label, a_label, [points], note=["数据不能定出结果，见提示"])]
        grid = np.linspace(min(self.m), max(self.m), 120)
        fitted, half = (
            np.asarray(self.curve.at(grid), float),
            np.asarray(self.curve.band(grid), float),
        )
        items: list[Item] = [
            Band(grid, fitted - half, fitted + half, "95 % 置信带"),
            Curve(grid, fitted, "拟合曲线"),
            points,
        ]
        residuals = np.asarray(self.curve.residuals, float)
        return [
            Panel(m_label, a_label, items, note=note),
            residual_panel(self.m, residuals, m_label, a_label, u_y=points.u_y),
        ]


def second_law(m: Sequence[float], a: Sequence[float], known: Constants) -> SecondLaw:
    """g where the receiver's mass is known, else that mass; a warning where neither can be had."""
    masses, accelerations = np.asarray(m, dtype=np.float64), np.asarray(a, dtype=np.float64)
    found = SecondLaw(m, a, known, warnings=_reading_checks(m, a, known))
    try:
        if known.held is None:
            return _with_mass(found, *receiver_mass(masses, accelerations, known))
        return _with_gravity(found, *gravity(masses, accelerations, known.held, known))
    except ReadingError as reason:
        found.warnings.append(unfit(f"牛顿第二定律：{reason.message}", "m"))
        return found


def _with_mass(found: SecondLaw, curve: CurveFit, estimate: Any) -> SecondLaw:
    found.fits.append(curve.as_fit("newton-2", MODEL, [("接收器等效质量", "A", "kg")]))
    found.warnings.extend(checks.few_points(curve.degrees_of_freedom, "接收器质量", "m"))
    found.measurands.append(measurand("接收器质量", "M", "kg", estimate))
    return replace(found, curve=curve)


def _with_gravity(found: SecondLaw, line: Line, estimate: Any) -> SecondLaw:
    found.fits.append(line.as_fit("newton-2", MODEL, ("重力加速度", "g", "m/s²")))
    found.warnings.extend(scatter_checks(line, "牛顿第二定律的直线", "m"))
    if has_uncertainty(line):
        name, reference = "重力加速度（牛顿第二定律）", found.known.local_g
        found.measurands.append(measurand(name, "g", "m/s²", estimate, reference=reference))
    return replace(found, line=line)


def _reading_checks(m: Sequence[float], a: Sequence[float], known: Constants) -> list[Caution]:
    """Slips, outliers and order of ``m`` and ``a_measured``, by the model that is fitted."""
    given: dict[str, Any] = {"model": refit(known.local_g[0], known.pulley), "parameters": 1}
    if (held := known.held) is not None:
        given = {"model": "proportional", "to_x": lambda x: ratio(x, held, known.pulley)}
    return checks.line_checks("m", m, "a_measured", a, x_monotonic=True, **given)
