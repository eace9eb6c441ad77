"""Several runs of one straight line, all over the same abscissae.

The pooled line is the least-squares line of the mean of the runs.  What it is uncertain by:

* the departure of the mean from a straight line, which holds the scatter within the runs and any
  departure that the runs share: V₁, ν = n - 2;
* the scatter of the lines of the J runs about the pooled one: V₂ = s²(runs)/J, ν = J - 1, as the
  group means of JCGM 100:2008, H.5.2.4;
* of the scatter that the runs do not share, both hold a part: V₃ = s²/J, ν = (n - 2)(J - 1), from
  what is left of the readings when the lines of the runs and the mean departure are taken out.

For any ordinate, and for the slope, u² = V₁ + (V₂ - V₃), the last only where V₂ is larger than V₃
by more than chance lets it be in 29 % of cases (35 % for three runs): a two-way
analysis of variance with random effects (H. Scheffé, The Analysis of Variance, 1959, 7 and 8), the
smaller effects pooled.  Neither V₁ nor V₂ alone would do: the first knows nothing of what differs
from run to run, the second (H.5 as it stands) nothing of what all runs share.

The degrees of freedom are those of Welch and Satterthwaite over the three mean squares.  With two
runs V₂ has ν = 1, for which their formula promises too much (coverage of a 95 % interval down to
88 %), and no test is worth making: u² = V₁ + V₂, and its coverage factor is the mean of
those of V₁ and V₂ with the weights V₁ and V₂ (W. G. Cochran and G. M. Cox, Experimental Designs,
2nd ed., 1957, for two samples of unequal variance).

Coverage, over every ratio of the three variances with 8 to 13 readings: 93.5 to 96.5 % for four
runs, 92.5 to 97 % for three, 94 to 99.5 % for two (``tests/lab/test_pooled.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from GTC import inf, multiple_ureal
from numpy.typing import ArrayLike
from scipy import special

from functions._lab.errors import ReadingError
from functions._lab.line import Line, fit_line
from functions._lab.linear import COVERAGE, Floats, combined, expanded

BETWEEN = "各次之间的差异"
_LEVELS = {3: 0.35}
_LEVEL = 0.29
"""Level at which V₂ is taken for more than V₃, by the number of runs; chosen for the coverage."""
_TWO_SIDED = (1 + COVERAGE) / 2


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
        scatter, rest = np.zeros_like(at), np.zeros_like(at)
        for component in self.mean.components:
            if component.degrees_of_freedom < inf:
                scatter = scatter + component.variance_at(at)
            else:
                rest = rest + component.variance_at(at)
        own = self.interaction * (1 / self.mean.n + distance)
        extra, dof = _between(lines, scatter, own, self.mean.n)
        return expanded(scatter + extra + rest, scatter + extra, dof)


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
    return PooledLine(mean, lines, _slope(mean, lines, interaction, label), interaction)


def _slope(mean: Line, lines: Sequence[Line], interaction: float, label: str) -> Any:
    """Slope of the mean with the scatter within runs and that between them as one component.

    One, because its degrees of freedom are not those of its parts.
    """
    slopes = np.array([[float(line.slope.x)] for line in lines])
    known = [c for c in mean.components if c.degrees_of_freedom < inf]
    scatter = np.array([sum(c.u_slope**2 for c in known)])
    own = np.array([interaction / _sxx(mean.x)])
    extra, dof = _between(slopes, scatter, own, mean.n)
    if not extra[0] > 0:
        return mean.slope
    causes = [(c.label, c.u_slope) for c in known] + [(BETWEEN, float(np.sqrt(extra[0])))]
    labels, u = zip(*[(text, size) for text, size in causes if size], strict=True)
    labels = (f"{label} {labels[0]}".strip() if labels[0] == BETWEEN else labels[0], *labels[1:])
    leaves = multiple_ureal([0.0] * len(u), u, float(dof[0]), labels)
    leaves += [c.leaves()[1] for c in mean.components if c.degrees_of_freedom == inf]
    return combined(float(mean.slope.x), [1.0] * len(leaves), leaves)


def _between(estimates: Floats, shared: Floats, own: Floats, n: int) -> tuple[Floats, Floats]:
    """What the differences of the runs add to the variance of their mean, and ν of it all.

    Parameters
    ----------
    estimates : of each of J ≥ 1 runs, shape (J, m).
    shared : V₁, shape (m,).
    own : variance of one estimate from the scatter that the runs do not share, shape (m,).
    n : number of readings in a run.
    """
    count, dof = len(estimates), max(n - 2, 1)
    if count == 1:
        return np.zeros_like(own), np.full_like(own, dof)
    total = estimates.var(axis=0, ddof=1) / count
    if count == 2:
        return total, _between_two(shared, total, dof)
    part, dof_part = own / count, dof * (count - 1)
    least = special.fdtri(count - 1, dof_part, 1 - _LEVELS.get(count, _LEVEL))
    extra = np.where(total > least * part, total - part, 0.0)
    inverse = shared**2 / dof + np.where(extra > 0, total**2 / (count - 1) + part**2 / dof_part, 0)
    effective = np.full_like(extra, dof)
    np.divide((shared + extra) ** 2, inverse, out=effective, where=inverse > 0)
    return extra, np.maximum(effective, 1.0)


def _between_two(shared: Floats, total: Floats, dof: int) -> Floats:
    """ν for the mean of the coverage factors of ``shared`` (ν = ``dof``) and ``total`` (ν = 1)."""
    high, low = special.stdtrit(1, _TWO_SIDED), special.stdtrit(dof, _TWO_SIDED)
    variance = shared + total
    share = np.divide(total, variance, out=np.zeros_like(total), where=variance > 0)
    found = special.stdtridf(_TWO_SIDED, low + share * (high - low))
    return np.asarray(np.clip(np.where(share > 0, found, dof), 1.0, dof))


def _sxx(x: Floats) -> float:
    return float(np.sum((x - x.mean()) ** 2))
