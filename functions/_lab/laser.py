"""Power against current of a laser diode: threshold current and slope efficiency.

Above its threshold a laser diode gives P = η (I - I_th); below, a little spontaneous light that
rises far less.  The lasing branch is fitted by a straight line of its own, P = a + b·I, and the
threshold is its zero, I_th = -a/b, with the covariance of a and b.  Where the branch begins is told
by the data, through a continuous two-segment line (``segments``), or by the student.  The crossing
of the branch with the line through the readings below it stands beside I_th as a cross-check.

Sources: Telcordia SR-TSY-001369, Introduction to Reliability of Laser Diodes and Modules, for these
two ways to find a threshold (linear and two-segment line fit); JCGM 100:2008, H.3, for the
covariance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from GTC import inf, ureal
from numpy.typing import NDArray

from functions._lab import checks
from functions._lab.errors import ReadingError
from functions._lab.figure import Curve, Item, Mark, Points
from functions._lab.line import Line, fit_line
from functions._lab.measurand import measurand
from functions._lab.reporting import significant
from functions._lab.response import striking
from functions._lab.result import Caution, Fit, Measurand
from functions._lab.rules import factors
from functions._lab.segments import TwoSegments, fit_two_segments
from functions._lab.verdict import has_uncertainty, scatter_checks, unfit

Array = NDArray[np.float64]
Places = NDArray[np.intp]

_SIGNIFICANT_BEND = 4.0
"""Least difference of the two slopes, in standard uncertainties, that is taken for a bend."""
_CROSS_CHECK = 0.10
_FEW_DEGREES = 3


@dataclass(frozen=True, eq=False)
class Threshold:
    """The lasing branch and what follows from it."""

    current: Array
    power: Array
    """The columns as typed (n,)."""
    branch: Places
    """Places of the readings of the lasing branch in the columns, by rising current."""
    below: Places
    """Places of the readings below the knee, by rising current."""
    line: Line
    """P = a + b·I over the branch."""
    below_line: Line | None
    """Line over the readings below; None with fewer than two different currents there."""
    chosen_start: int | None
    """Place in the columns at which the data themselves let the branch begin."""
    given_start: int | None
    """Place in the columns that the student gave."""

    @property
    def threshold_current(self) -> Any:
        """I_th = -a/b as an uncertain number, in the unit of the current."""
        return self.line.x_intercept

    @property
    def slope_efficiency(self) -> Any:
        """η = dP/dI as an uncertain number, in the units of the columns."""
        return self.line.slope

    @property
    def crossing(self) -> Any | None:
        """Current at which branch and lower line cross, as an uncertain number, or None."""
        lower, upper = self.below_line, self.line
        if lower is None or float(upper.slope.x) == float(lower.slope.x):
            return None
        if 0 < lower.degrees_of_freedom < _FEW_DEGREES and upper.degrees_of_freedom:
            return _crossing_of_one_scatter(lower, upper)
        return (lower.intercept - upper.intercept) / (upper.slope - lower.slope)


def _crossing_of_one_scatter(lower: Line, upper: Line) -> Any:
    """Crossing of two lines whose readings are taken to scatter alike, ν = ν₁ + ν₂.

    Three or four readings below the knee tell next to nothing of their own scatter, and ν of one
    or two makes Welch and Satterthwaite promise too much.
    """
    at = float((lower.intercept - upper.intercept).x / (upper.slope - lower.slope).x)
    gap = abs(float(upper.slope.x - lower.slope.x))
    dof = lower.degrees_of_freedom + upper.degrees_of_freedom
    variance = float(np.sum(lower.residuals**2) + np.sum(upper.residuals**2)) / dof
    shape = 0.0
    estimate: Any = 0.0
    for line in (lower, upper):
        distance = line.x - line.x.mean()
        shape += 1 / line.n + (at - float(line.x.mean())) ** 2 / float(distance @ distance)
        for limit in (c for c in line.components if c.degrees_of_freedom == inf):
            u = float(np.sqrt(limit.variance_at(np.asarray(at)))) / gap
            estimate = estimate + factors.limited(ureal(0.0, u, label=limit.label))
    u = float(np.sqrt(variance * shape)) / gap
    return estimate + ureal(at, u, dof, label="两段直线 拟合残差")


def threshold(
    current: Sequence[float] | Array,
    power: Sequence[float] | Array,
    *,
    start: int | None = None,
    current_limit: float | None = None,
    power_limit: float | None = None,
    current_label: str = "电流 I",
    power_label: str = "光功率 P",
    power_field: str = "",
) -> Threshold:
    """Find the lasing branch and fit it.

    Parameters
    ----------
    current, power : columns as typed, (n,) each, in any order.
    start : place of the reading at which the branch begins: it and all readings of no smaller
        current are the branch.  Without it the data choose.
    current_limit, power_limit : instrument limits of error Δ of the two columns.
    current_label, power_label : names of the quantities in budgets.
    power_field : input field that errors name.

    Raises
    ------
    ReadingError : no rise of power beyond a bend is found, the branch holds fewer than two
        different currents, or ``start`` is outside the columns.
    """
    currents, powers = np.asarray(current, dtype=float), np.asarray(power, dtype=float)
    order = np.argsort(currents, kind="stable")
    segments = _segments(currents, powers, power_field, needed=start is None)
    if start is None:
        assert segments is not None
        branch = order[segments.start_of_branch :]
    else:
        if not 0 <= start < currents.size:
            raise ReadingError(f"起点序号 {start} 不在 {currents.size} 个读数之内", power_field)
        branch = order[currents[order] >= currents[start]]
    below = order[: segments.start_of_upper] if segments else order[:0]
    below = below[~np.isin(below, branch)]
    if np.unique(currents[branch]).size < 2:
        raise ReadingError("激光段不足 2 个不同的电流，无法拟合", power_field)
    line = fit_line(
        currents[branch],
        powers[branch],
        x_limit=current_limit,
        y_limit=power_limit,
        label="激光段直线",
        x_label=current_label,
        y_label=power_label,
    )
    if float(line.slope.x) <= 0:
        raise ReadingError("激光段的光功率没有随电流上升，找不到阈值", power_field)
    return Threshold(
        current=currents,
        power=powers,
        branch=branch,
        below=below,
        line=line,
        below_line=_lower(currents[below], powers[below], power_limit, power_label),
        chosen_start=int(order[segments.start_of_branch]) if segments else None,
        given_start=start,
    )


def _segments(current: Array, power: Array, field: str, *, needed: bool) -> TwoSegments | None:
    """The two segments, or None where there is no bend upwards and a start was given."""
    reason = "光功率没有随电流明显转折上升，找不到激光段"
    try:
        found = fit_two_segments(current, power)
        if found.values[2] > max(found.values[1], 0.0) and _is_bent(found):
            return found
    except ReadingError as error:
        reason = error.message
    if needed:
        raise ReadingError(reason, field)
    return None


def _is_bent(found: TwoSegments) -> bool:
    """Whether the slopes differ by more than the scatter can make."""
    if found.degrees_of_freedom == 0:
        return True
    covariance = found.covariance
    variance = covariance[1, 1] + covariance[2, 2] - 2 * covariance[1, 2]
    return bool(found.values[2] - found.values[1] > _SIGNIFICANT_BEND * np.sqrt(variance))


def _lower(current: Array, power: Array, limit: float | None, label: str) -> Line | None:
    if np.unique(current).size < 2:
        return None
    return fit_line(current, power, y_limit=limit, label="阈值以下的直线", y_label=label)


def measurands(
    found: Threshold, *, unit: str, scale: float = 1.0, current_unit: str = "mA"
) -> list[Measurand]:
    """Threshold current, its cross-check and slope efficiency, in the order of a report.

    ``scale`` turns the slope into ``unit``: 1e-3 from μW/mA to W/A.  Empty where two readings
    without instrument limits leave the uncertainty unknown; :func:`cautions` says so.
    """
    if not has_uncertainty(found.line):
        return []
    results = [measurand("阈值电流", "I_th", current_unit, found.threshold_current)]
    crossing, below = found.crossing, found.below_line
    if crossing is not None and below is not None and has_uncertainty(below):
        results.append(measurand("阈值电流（两段直线交点）", "I_th′", current_unit, crossing))
    results.append(measurand("斜率效率", "η", unit, found.slope_efficiency * scale))
    return results


def as_fit(found: Threshold, power_unit: str, current_unit: str = "mA") -> Fit:
    """The line of the lasing branch for the wire, named ``p-i``."""
    return found.line.as_fit(
        "p-i",
        "P = a + b·I",
        ("激光段斜率", "b", f"{power_unit}/{current_unit}"),
        ("激光段截距", "a", power_unit),
    )


def cautions(
    found: Threshold,
    current_field: str,
    power_field: str,
    start_field: str = "",
    *,
    tables: int = 1,
) -> list[Caution]:
    """Warnings of the branch: its readings, how few they are, its begin, and the cross-check.

    ``tables`` is the number of tables in the request that are checked alike.
    """
    places = found.branch.tolist()
    warned = checks.line_checks(
        current_field,
        found.current[found.branch],
        power_field,
        found.power[found.branch],
        indices=places,
    )
    columns = np.stack([np.ones_like(found.line.x), found.line.x], axis=1)
    warned = striking(warned, columns, found.line.residuals, tables, places)
    if not has_uncertainty(found.line):
        near = significant(float(found.threshold_current.x), 3)
        message = f"激光段只有 2 个读数，阈值电流约 {near}，不确定度无法评定，请增加测量点"
        return [*warned, unfit(message, power_field)]
    warned += scatter_checks(found.line, "激光段直线", power_field)
    return warned + _start_cautions(found, start_field) + _crossing_cautions(found, power_field)


def _start_cautions(found: Threshold, field: str) -> list[Caution]:
    """Warn where the student's branch takes in readings below the threshold."""
    given, chosen = found.given_start, found.chosen_start
    if given is None or not np.isin(found.branch, _below_knee(found)).any():
        return []
    message = f"起点序号 {given} 把阈值以下的读数也算进了激光段，由数据判断应从序号 {chosen} 开始"
    return [Caution("branch", message, field)]


def _below_knee(found: Threshold) -> Places:
    """Places of all readings of smaller current than the start that the data choose."""
    if found.chosen_start is None:
        return np.array([], dtype=np.intp)
    return np.flatnonzero(found.current < found.current[found.chosen_start])


def _crossing_cautions(found: Threshold, field: str) -> list[Caution]:
    crossing, zero = found.crossing, float(found.threshold_current.x)
    if crossing is None or abs(float(crossing.x) - zero) <= _CROSS_CHECK * abs(zero):
        return []
    pair = f"{significant(float(crossing.x), 3)} 与 {significant(zero, 3)}"
    message = f"两段直线交点与激光段零点给出的阈值（{pair}）相差超过 10 %，请检查激光段的起点"
    return [Caution("cross-check", message, field)]


def items(found: Threshold, current_unit: str = "mA") -> list[Item]:
    """Items of the panel P over I: readings, both segments and the threshold marked."""
    zero, highest = float(found.threshold_current.x), float(found.current.max())
    used = np.isin(np.arange(found.current.size), found.branch)
    drawn: list[Item] = [Points(found.current[used], found.power[used], "激光段读数")]
    if not used.all():
        drawn.append(
            Points(found.current[~used], found.power[~used], "其余读数", series=1, hollow=True)
        )
    ends = np.array([zero, highest])
    drawn.append(Curve(ends, np.maximum(found.line.at(ends), 0.0), "激光段拟合直线"))
    crossing = found.crossing
    if crossing is not None and found.below_line is not None:
        lower = np.array([float(found.current.min()), float(crossing.x)])
        line = found.below_line.at(lower)
        drawn.append(Curve(lower, line, "阈值以下", series=1, dash="dashed"))
    drawn.append(Mark(zero, 0.0, f"I_th = {significant(zero, 4)} {current_unit}", "above"))
    return drawn
