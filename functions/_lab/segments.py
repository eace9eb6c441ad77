"""A continuous line of two straight segments, with its breakpoint.

    y = h + b₁·(x - c)  for x < c,      y = h + b₂·(x - c)  for x ≥ c

The least-squares breakpoint c is found exactly, by looking at every interval between neighbouring
abscissae (D. J. Hudson, *J. Am. Stat. Assoc.* 61 (1966) 1097, doi:10.2307/2283202): in each,
either the two lines fitted apart cross inside it, or the best joint lies on a reading.  With sums
kept from the left this takes O(n) after sorting.

Covariance: the linearised one of the four parameters (h, b₁, b₂, c), V = s² (JᵀJ)⁻¹ with ν = n - 4;
where the joint lies on a reading the derivative is the mean of the two one-sided ones.

**Which readings are on the upper branch.**  ``start_of_upper`` is the first reading at or beyond
the breakpoint: the model knows no other division.  A real knee is rounded, though (spontaneous
emission at the threshold of a laser, the exponential foot of a diode), and the readings in it lie
off the line.  ``start_of_branch`` leaves them out: beginning at ``start_of_upper``, a reading is
passed over as long as it disagrees with the line through the readings beyond it (Student's t of the
prediction, two-sided 1 %).  Of the laser diode in the wire contract's example (threshold near 8 mA)
the reading at 9 mA lies 0.67 μW above the line through the four beyond it, whose own scatter allows
0.58 μW at one standard deviation (t = 1.15, ν = 2, P = 37 %): nothing in the data sets it apart, it
stays, and ``start_of_branch`` is 3.  A student who judges otherwise gives the start index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from functions._lab._joint import APART, hinge, least_joint
from functions._lab.ensemble import correlated
from functions._lab.errors import ReadingError
from functions._lab.result import Fit, Parameter
from functions._lab.suspects import FittedCurve

Floats = NDArray[np.float64]

_FEWEST = 4
_KNEE_PROBABILITY = 0.01
_NAMES = ("转折处纵坐标", "下段斜率", "上段斜率", "转折点")


@dataclass(frozen=True)
class TwoSegments:
    """Two straight segments joined at a breakpoint.  Arrays are in order of x.

    With four readings the segments pass through all of them: ``values`` and the curve are there,
    but nothing is left over for uncertainties, ν = 0, and the uncertain numbers raise ReadingError.
    """

    values: Floats
    """h, b₁, b₂, c: ordinate at the breakpoint, lower and upper slope, breakpoint."""
    covariance: Floats
    """Of ``values`` (4 × 4); zeros where ν = 0."""
    x: Floats
    y: Floats
    order: NDArray[np.intp]
    """Place of each sorted reading in the columns as given."""
    start_of_upper: int
    """First reading, in order of x, at or beyond the breakpoint."""
    start_of_branch: int
    """First reading of the upper branch clear of a rounded knee; never before start_of_upper."""
    label: str

    @property
    def n(self) -> int:
        """Number of readings."""
        return int(self.x.size)

    @property
    def degrees_of_freedom(self) -> int:
        """ν = n - 4."""
        return self.n - 4

    @property
    def fitted(self) -> Floats:
        """The segments at ``x`` (n,)."""
        return self.at(self.x)

    @property
    def residuals(self) -> Floats:
        """y - fitted (n,)."""
        return self.y - self.fitted

    @property
    def residual_standard_deviation(self) -> float | None:
        """√(Σ residual² / ν); None where ν = 0."""
        if self.degrees_of_freedom == 0:
            return None
        return float(np.sqrt(np.sum(self.residuals**2) / self.degrees_of_freedom))

    def at(self, x: Any) -> Floats:
        """The segments at ``x``, shape as ``x``."""
        h, lower, upper, joint = self.values
        beyond = np.asarray(x, dtype=float) - joint
        return np.asarray(h + lower * np.minimum(beyond, 0) + upper * np.maximum(beyond, 0))

    def gradient(self, x: Any) -> Floats:
        """Derivatives of the segments by h, b₁, b₂ and c at ``x`` (m,), shape (m, 4)."""
        at = np.asarray(x, dtype=float)
        _, lower, upper, joint = self.values
        moved = -(np.where(at < joint, lower, upper) + np.where(at > joint, upper, lower)) / 2
        return np.column_stack([hinge(at, joint), moved])

    @cached_property
    def parameters(self) -> list[Any]:
        """h, b₁, b₂, c as GTC uncertain numbers, one correlated ensemble.

        Raises ReadingError where ν = 0.
        """
        if self.degrees_of_freedom == 0:
            raise ReadingError("4 个读数恰好定出两段直线，没有余下的自由度来估计不确定度")
        labels = [f"{self.label} {name}".strip() for name in _NAMES]
        return correlated(self.values.tolist(), self.covariance, self.degrees_of_freedom, labels)

    @property
    def breakpoint(self) -> Any:
        """Abscissa c at which the segments meet (uncertain number)."""
        return self.parameters[3]

    @property
    def lower_slope(self) -> Any:
        """b₁ (uncertain number)."""
        return self.parameters[1]

    @property
    def upper_slope(self) -> Any:
        """b₂ (uncertain number)."""
        return self.parameters[2]

    @property
    def x_intercept(self) -> Any:
        """Zero of the upper line, c - h/b₂, with the covariances (uncertain number)."""
        if self.values[2] == 0:
            raise ReadingError("上段直线是水平的，与横轴没有交点")
        h, _, slope, joint = self.parameters
        return joint - h / slope

    def as_fit(self, name: str, model: str, parameters: Sequence[tuple[str, str, str]]) -> Fit:
        """For the answer; (Chinese name, symbol, unit) of h, b₁, b₂ and c, in this order."""
        rows = zip(parameters, self.values, np.sqrt(np.diag(self.covariance)), strict=True)
        return Fit(
            name=name,
            model=model,
            parameters=[Parameter(*texts, float(value), float(u)) for texts, value, u in rows],
            covariance=self.covariance.tolist(),
            n=self.n,
            degrees_of_freedom=self.degrees_of_freedom,
            residual_standard_deviation=self.residual_standard_deviation,
        )


def fit_two_segments(x: Any, y: Any, *, label: str = "") -> TwoSegments:
    """Fit a continuous two-segment line.

    Parameters
    ----------
    x, y : (n,), in any order; repeated abscissae are allowed.
    label : put before the names of the parameters in budgets.

    Raises
    ------
    ReadingError : fewer than four different abscissae, no bend in the data, or abscissae so far
        apart in size that most of them are one in double precision.
    """
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    order = np.argsort(xs, kind="stable")
    xs, ys = xs[order], ys[order]
    if np.unique(xs).size < _FEWEST:
        raise ReadingError(f"两段直线的拟合至少需要 {_FEWEST} 个不同的横坐标")
    centre, span = xs.mean(), np.ptp(xs)
    height, spread = ys.mean(), np.ptp(ys) or 1.0
    t, v = (xs - centre) / span, (ys - height) / spread
    joint = least_joint(t, v)
    scaled = _solve(t, v, joint)
    units = np.array([spread, spread / span, spread / span, span])
    values = scaled * units + np.array([height, 0, 0, centre])
    start = int(np.searchsorted(t, joint - 1e-12))
    return TwoSegments(
        values=values,
        covariance=_covariance(t, v, scaled) * np.outer(units, units),
        x=xs,
        y=ys,
        order=order,
        start_of_upper=start,
        start_of_branch=_clear_of_knee(t, v, start),
        label=label,
    )


def refit(x: Any, y: Any) -> FittedCurve:
    """The segments as ``checks.line_checks`` wants its models."""
    found = fit_two_segments(x, y)
    return FittedCurve(found.at, found.gradient)


def _solve(t: Floats, v: Floats, joint: float) -> Floats:
    """h, b₁, b₂, c for the given joint."""
    return np.append(np.linalg.lstsq(hinge(t, joint), v, rcond=None)[0], joint)


def _covariance(t: Floats, v: Floats, values: Floats) -> Floats:
    """Covariance of h, b₁, b₂, c (4 × 4); zeros where no degree of freedom is left."""
    _, lower, upper, joint = values
    columns = hinge(t, joint)
    moved = -(np.where(t < joint, lower, upper) + np.where(t > joint, upper, lower)) / 2
    _, r = np.linalg.qr(np.column_stack([columns, moved]))
    if abs(upper - lower) < 1e-9:
        raise ReadingError("读数之间看不出转折，两段直线的斜率没有差别")
    if np.linalg.cond(r) > 1e12:
        raise ReadingError(APART)
    dof = t.size - 4
    if dof == 0:
        return np.zeros((4, 4))
    inverse = np.linalg.inv(r)
    squares = np.sum((v - columns @ values[:3]) ** 2)
    return np.asarray(squares / dof * (inverse @ inverse.T))


def _clear_of_knee(t: Floats, v: Floats, start: int) -> int:
    """First reading from ``start`` on that agrees with the line through those beyond it.

    At most half of the branch is passed over, and three readings must lie beyond.
    """
    last = min(start + (t.size - start) // 2, t.size - 4)
    for i in range(start, last + 1):
        beyond, heights = t[i + 1 :], v[i + 1 :]
        mean, squares = beyond.mean(), np.sum((beyond - beyond.mean()) ** 2)
        if squares == 0:
            return i
        slope = np.sum((beyond - mean) * heights) / squares
        residuals = heights - heights.mean() - slope * (beyond - mean)
        dof = beyond.size - 2
        variance = np.sum(residuals**2) / dof
        u = np.sqrt(variance * (1 + 1 / beyond.size + (t[i] - mean) ** 2 / squares))
        distance = abs(v[i] - heights.mean() - slope * (t[i] - mean))
        if distance <= max(u * special.stdtrit(dof, 1 - _KNEE_PROBABILITY / 2), 1e-9):
            return i
    return max(start, last + 1) if last >= start else start
