"""Several runs of one straight line, all over the same abscissae.

The pooled line is the least-squares line of the mean of the runs.  What it is uncertain by:

* the departure of the mean from a straight line, which holds the scatter within the runs and any
  departure that the runs share: V₁, ν = n - 2;
* the scatter of the lines of the J runs about the pooled one: V₂ = s²(runs)/J, ν = J - 1, as the
  group means of JCGM 100:2008, H.5.2.4;
* of the scatter that the runs do not share, both hold a part: V₃ = s²/J, ν = (n - 2)(J - 1), from
  what is left of the readings when the lines of the runs and the mean departure are taken out.

For any ordinate, and for the slope, u² = V₁ + max(V₂ - V₃, 0): a two-way analysis of variance
with random effects (H. Scheffé, The Analysis of Variance, 1959, 7 and 8).  Neither V₁ nor V₂ alone
would do: the first knows nothing of what differs from run to run, the second (H.5 as it stands)
nothing of what all runs share.  Fewer than four runs tell too little of V₂ - V₃; then V₃ is not
taken off, and u rather too large than too small.
The degrees of freedom are those of Welch and Satterthwaite, a difference included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from GTC import inf, ureal
from numpy.typing import ArrayLike
from scipy import special

from functions._lab.errors import ReadingError
from functions._lab.line import Line, fit_line
from functions._lab.linear import COVERAGE, Floats

BETWEEN = "各次之间的差异"
ENOUGH_RUNS = 4
"""Runs from which on V₃ is taken off."""


@dataclass(frozen=True, eq=False)
class PooledLine:
    """The line of the mean of J runs of n readings each."""

    mean: Line
    """Fit of the mean, whose u knows of the scatter about the line only."""
    runs: list[Line]
    """Fits of the runs one by one."""
    slope: Any
    """Slope (GTC uncertain number) with both scatters and the instrument limits in u."""
    interaction: float
    """Scatter of a single reading that the runs do not share, squared; 0 for one run or ν = 0."""

    @property
    def has_uncertainty(self) -> bool:
        """Whether the uncertainty means something: not for two readings in one run."""
        return self.mean.type_a_known or float(self.slope.u) > 0

    @property
    def degrees_of_freedom(self) -> float:
        """Effective ν of the slope; 0 where there is no scatter to judge by."""
        if len(self.runs) == 1 or not float(self.slope.u):
            return float(self.mean.degrees_of_freedom)
        return float(self.slope.df)

    def band(self, x: ArrayLike) -> Floats:
        """Half-width U (P = 95 %) of the pooled line at ``x``, same shape; NaN where unknown."""
        at = np.asarray(x, dtype=np.float64)
        if not self.has_uncertainty:
            return np.full_like(at, np.nan)
        lines = np.array([run.at(at) for run in self.runs])
        distance = (at - self.mean.x.mean()) ** 2 / _sxx(self.mean.x)
        extra, dof = _between(lines, self.interaction * (1 / self.mean.n + distance), self.mean.n)
        type_a = [c for c in self.mean.components if c.degrees_of_freedom < inf]
        scatter = sum((c.variance_at(at) for c in type_a), np.zeros_like(at))
        total = sum((c.variance_at(at) for c in self.mean.components), np.zeros_like(at)) + extra
        inverse = extra**2 / dof
        if self.mean.degrees_of_freedom:
            inverse = inverse + scatter**2 / self.mean.degrees_of_freedom
        effective = np.full_like(total, 1e9)
        np.divide(total**2, inverse, out=effective, where=inverse > 0)
        k = special.stdtrit(np.clip(effective, 1.0, 1e9), (1 + COVERAGE) / 2)
        return np.asarray(k * np.sqrt(total))


def pool_lines(
    x: ArrayLike,
    runs: Sequence[ArrayLike] | Floats,
    *,
    x_limit: float | None = None,
    y_limit: float | None = None,
    label: str = "",
    x_label: str = "",
    y_label: str = "",
) -> PooledLine:
    """Pool runs that share their abscissae.

    Parameters
    ----------
    x : shape (n,), n ≥ 2.
    runs : J ≥ 1 columns of shape (n,).
    x_limit, y_limit, label, x_label, y_label : as in ``line.fit_line``; a limit is common to the
        runs and is not made smaller by their number.

    Raises ReadingError as ``line.fit_line``, and for no run.
    """
    if not len(runs):
        raise ReadingError("没有读数")
    given: dict[str, Any] = {"x_limit": x_limit, "y_limit": y_limit, "label": label}
    given |= {"x_label": x_label, "y_label": y_label}
    lines = [fit_line(x, run, **given) for run in runs]
    if len(lines) == 1:
        return PooledLine(lines[0], lines, lines[0].slope, 0.0)
    readings = np.array([line.y for line in lines])
    mean = fit_line(x, readings.mean(axis=0), **given)
    rest = np.array([line.residuals for line in lines])
    own = rest - rest.mean(axis=0)
    interaction = float(np.sum(own**2)) / max((mean.n - 2) * (len(lines) - 1), 1)
    slopes = np.array([float(line.slope.x) for line in lines])
    extra, dof = _between(slopes[:, None], np.array([interaction / _sxx(mean.x)]), mean.n)
    slope = mean.slope
    if extra[0] > 0:
        u, cause = float(np.sqrt(extra[0])), f"{label} {BETWEEN}".strip()
        slope = slope + ureal(0.0, u, float(dof[0]), cause)
    return PooledLine(mean, lines, slope, interaction)


def _between(estimates: Floats, own: Floats, n: int) -> tuple[Floats, Floats]:
    """Variance of a mean of J ≥ 1 estimates that the scatter within runs does not explain, and ν.

    Parameters
    ----------
    estimates : of each run, shape (J, m).
    own : variance of one estimate from the scatter that the runs do not share, shape (m,).
    n : number of readings in a run.
    """
    count = len(estimates)
    if count == 1:
        return np.zeros_like(own), np.ones_like(own)
    total = estimates.var(axis=0, ddof=1) / count
    part = own / count if count >= ENOUGH_RUNS else np.zeros_like(own)
    extra = np.maximum(total - part, 0.0)
    inverse = total**2 / (count - 1) + part**2 / max((n - 2) * (count - 1), 1)
    dof = np.ones_like(extra)
    np.divide(extra**2, inverse, out=dof, where=inverse > 0)
    return extra, np.maximum(dof, 1.0)


def _sxx(x: Floats) -> float:
    return float(np.sum((x - x.mean()) ** 2))
