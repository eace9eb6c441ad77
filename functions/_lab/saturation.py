"""Saturated currents of a photodiode at several powers: responsivity and dark current.

The saturated current of each curve is the mean of its readings beyond the foot: from the lowest
bias on, a reading is passed over as long as it is so much smaller than the mean of those beyond it
that it disagrees with them (Student's t of the prediction, 1 % on both sides together), half of the
curve at most.  Two readings cannot tell a foot from scatter and are both taken.

Its uncertainty is the scatter of these readings, s/√n with ν = n - 1, and the instrument's limit
where that is given.  Without a limit, a scatter smaller than what the last digit of the meter
leaves open, δ/√12 (JCGM 100:2008, F.2.2.1), is replaced by that: six equal readings are not exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from GTC import get_covariance
from numpy.typing import NDArray

from functions._lab import checks, verdict
from functions._lab.figure import Curve, Item, Panel, Points
from functions._lab.line import Line, fit_line
from functions._lab.measurand import constant, degrees_of_freedom, limit, repeated
from functions._lab.panels import residual_panel
from functions._lab.reporting import significant
from functions._lab.result import Caution, Fit, Parameter
from functions._lab.suspects import robust_deviation, step_of, tail

Array = NDArray[np.float64]
Places = NDArray[np.intp]

_FOOT_LEVEL = 0.01
_STRAIGHT_LEVEL = 0.05
_MANY = 8


@dataclass(frozen=True, eq=False)
class Saturation:
    """Curves of current over bias at several powers, and what follows from them."""

    bias: Array
    """V, as typed (n,)."""
    columns: dict[str, Array]
    """Currents in μA, as typed, by input field."""
    powers: list[float]
    """Power in mW of each column."""
    used: list[Places]
    """Places of the saturated readings of each column, by rising bias."""
    means: list[Any]
    """Saturated currents in μA as uncertain numbers."""
    line: Line
    """Ordinary line of the means on the powers; its own uncertainty is that of their scatter."""
    slope: Any
    intercept: Any
    """The same line with the uncertainty of means and powers propagated."""
    is_straight: bool
    """Whether the means lie on the line as closely as their uncertainties let expect."""

    @property
    def responsivity(self) -> Any:
        """dI/dP in μA/mW as an uncertain number."""
        return self.slope if self.is_straight else self.line.slope

    @property
    def dark_current(self) -> Any:
        """Current in μA at zero power: as measured where there is such a curve, else the line's."""
        dark = [mean for mean, power in zip(self.means, self.powers, strict=True) if power == 0]
        if dark:
            return sum(dark) / len(dark)
        return self.intercept if self.is_straight else self.line.intercept

    def as_fit(self, name: str) -> Fit:
        """The line for the wire, with the uncertainties that the measurands have."""
        slope, intercept = ("响应度", "R", "μA/mW"), ("截距", "a", "μA")
        fit = self.line.as_fit(name, "I = a + R·P", slope, intercept)
        if not self.is_straight:
            return fit
        pair = [self.intercept, self.slope]
        covariance = [[float(get_covariance(p, q)) for q in pair] for p in pair]
        parameters = [
            Parameter(*named, float(p.x), float(p.u))
            for named, p in zip((intercept, slope), pair, strict=True)
        ]
        return Fit(
            name=name,
            model=fit.model,
            parameters=parameters,
            covariance=covariance,
            n=fit.n,
            degrees_of_freedom=fit.degrees_of_freedom,
            residual_standard_deviation=fit.residual_standard_deviation,
            r_squared=fit.r_squared,
        )


def saturation(
    bias: Sequence[float] | Array,
    columns: Mapping[str, Sequence[float] | Array],
    powers: Sequence[float],
    *,
    power_limit: float | None = None,
    current_limits: Mapping[str, float | None] | None = None,
) -> Saturation:
    """Saturated currents and their line on the powers.

    Parameters
    ----------
    bias : reverse bias in V, (n,), n ≥ 2, in any order; all negative where typed with its sign.
    columns : currents in μA, (n,) each, by input field; three columns or more.
    powers : power in mW of each column, not all equal.
    power_limit : instrument limit of error Δ of the powers in mW, zero excepted.
    current_limits : instrument limits of error Δ in μA, by input field.
    """
    volts = np.asarray(bias, dtype=float)
    currents = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    order = np.argsort(np.abs(volts), kind="stable")
    step = min(step_of(np.concatenate(list(currents.values()))), 1.0)
    used = [order[_foot(values[order], step) :] for values in currents.values()]
    limits = current_limits or {}
    means = [
        _mean(values[places], step, limits.get(name), name)
        for (name, values), places in zip(currents.items(), used, strict=True)
    ]
    abscissae = [_power(power, power_limit) for power in powers]
    slope, intercept = _propagated(abscissae, means)
    line = fit_line(
        list(powers),
        [float(mean.x) for mean in means],
        x_limit=power_limit,
        y_limit=max((value for value in limits.values() if value), default=None),
        label="饱和电流–光功率直线",
        x_label="光功率 P",
        y_label="光电流",
    )
    return Saturation(
        bias=volts,
        columns=currents,
        powers=list(powers),
        used=used,
        means=means,
        line=line,
        slope=slope,
        intercept=intercept,
        is_straight=_is_straight(abscissae, means, slope, intercept),
    )


def _foot(values: Array, step: float) -> int:
    """First reading that agrees with the middle of those beyond it."""
    last = min(values.size // 2, values.size - 2)
    for i in range(last):
        middle, spread = _middle(values[i + 1 :])
        u = np.sqrt((spread**2 + step**2 / 12) * (1 + 1 / (values.size - i - 1)))
        missing = float((middle - values[i]) * (np.sign(middle) or 1.0))
        if missing <= 0 or tail(missing / u, values.size - i - 2) > _FOOT_LEVEL:
            return i
    return last


def _middle(values: Array) -> tuple[float, float]:
    """Mean and standard deviation; of many readings robust ones, that a slip does not spoil."""
    if values.size < _MANY:
        return float(values.mean()), float(values.std(ddof=1))
    return float(np.median(values)), robust_deviation(values)


def _mean(values: Array, step: float, delta: float | None, name: str) -> Any:
    """Mean of saturated readings as an uncertain number, labelled with its column."""
    label = f"饱和电流 {name}"
    if delta is not None:
        return repeated(values.tolist(), limit=delta, label=label)
    least = step / np.sqrt(12)
    if values.size < 2 or float(values.std(ddof=1)) / np.sqrt(values.size) < least:
        return constant(float(values.mean()), float(least), f"{label} 读数分辨力")
    return repeated(values.tolist(), label=label)


def _power(power: float, delta: float | None) -> Any:
    """Power as an uncertain number; no light at all is exact."""
    if delta is None or power == 0:
        return constant(power, 0.0, "光功率 P")
    return power + limit(delta, "光功率 P")


def _propagated(x: Sequence[Any], y: Sequence[Any]) -> tuple[Any, Any]:
    """Slope and intercept of the ordinary line through uncertain points."""
    middle, height = sum(x) / len(x), sum(y) / len(y)
    squares = sum((p - middle) * (p - middle) for p in x)
    products = sum((p - middle) * (q - height) for p, q in zip(x, y, strict=True))
    slope = products / squares
    return slope, height - slope * middle


def _is_straight(x: Sequence[Any], y: Sequence[Any], slope: Any, intercept: Any) -> bool:
    """Whether the largest distance of a point from the line is within its uncertainty."""
    distances = [q - intercept - slope * p for p, q in zip(x, y, strict=True)]
    farthest = max(distances, key=lambda distance: abs(float(distance.x)))
    if abs(float(farthest.x)) <= 1e-12 * max(abs(float(q.x)) for q in y):
        return True
    freedom = degrees_of_freedom(farthest)
    level = tail(float(farthest.x / farthest.u), 10**6 if freedom is None else int(freedom))
    return level > _STRAIGHT_LEVEL


def cautions(found: Saturation, bias_field: str = "V") -> list[Caution]:
    """Warnings: readings off their saturated curve, and currents off the line on the powers."""
    warned: list[Caution] = []
    for (name, values), places in zip(found.columns.items(), found.used, strict=True):
        at = places.tolist()
        bias, currents = found.bias[places], values[places]
        warned += checks.line_checks(bias_field, bias, name, currents, indices=at, x_counted=True)
    if found.is_straight:
        return warned
    off = float(np.max(np.abs(found.line.residuals)))
    message = (
        f"饱和电流偏离 I–P 直线达 {significant(off, 2)} μA，超出读数的离散，"
        f"响应度的自由度只有 {found.line.degrees_of_freedom}，请检查光功率的设定"
    )
    return [*warned, Caution("linearity", message, next(reversed(found.columns)))]


def has_responsivity(found: Saturation) -> bool:
    """Whether the current rises with the power and its uncertainty is known."""
    return float(found.line.slope.x) > 0 and verdict.has_uncertainty(found.line)


def items(found: Saturation) -> list[Item]:
    """Items of the panel I over V: readings of each power, and their saturated currents."""
    drawn: list[Item] = []
    rows = zip(found.columns.values(), found.powers, found.means, found.used, strict=True)
    for series, (values, power, mean, places) in enumerate(rows):
        ends = found.bias[[places[0], places[-1]]]
        drawn.append(Points(found.bias, values, f"P = {power:g} mW", series=series))
        drawn.append(Curve(ends, [float(mean.x)] * 2, series=series, dash="dashed"))
    return drawn


def responsivity_panels(
    found: Saturation, power_label: str, note: Sequence[str] = ()
) -> list[Panel]:
    """Saturated currents over the powers with their line, and its residuals."""
    u = [float(mean.u) for mean in found.means]
    label = "饱和电流 I / μA"
    ends = np.array([min(found.powers), max(found.powers)])
    drawn: list[Item] = [
        Curve(ends, found.line.at(ends), "拟合直线"),
        Points(found.line.x, found.line.y, "饱和电流", u_y=u),
    ]
    return [
        Panel(power_label, label, drawn, note=note),
        residual_panel(found.line.x, found.line.residuals, power_label, label, u_y=u),
    ]
