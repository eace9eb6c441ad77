"""Whether a fitted curve suits its readings: slips and outliers, χ², runs of residuals.

Each level of significance is chosen so that sound readings under the right model are warned about
in well under one case of a hundred.
"""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from functions._lab import checks
from functions._lab._shaped import curve_of, descend, gradient_of
from functions._lab.model_names import Model
from functions._lab.models import Fitted, with_offset
from functions._lab.reporting import significant
from functions._lab.result import Caution, Fit
from functions._lab.shapes import SHAPES
from functions._lab.slips import plain
from functions._lab.starts import Floats
from functions._lab.suspects import FittedCurve, Refit, Transform, step_of, tail

CHI_SQUARED_LEVEL = 0.001
RUNS_LEVEL = 0.001
OUTLIER_LEVEL = 0.002
POOR = 0.5
_OUTLIER = 3.5
_FEWEST_FOR_RUNS = 10
_MOST_FOR_EXACT = 300
_WORTH_A_LOOK = 0.05
_FEW_DEGREES = 3
_HELD = 0.999


def reading_checks(
    fitted: Fitted, model: Model, *, degree: int = 2, offset: bool | None = None
) -> list[Caution]:
    """Slips and outliers among the readings ``x`` and ``y`` of a fit."""
    if fitted.u is not None and np.ptp(fitted.u) > 0:
        return _weighted_outliers(fitted)
    if model in ("line", "proportional"):
        return checks.line_checks("x", fitted.x, "y", fitted.y, model=model)
    if model == "polynomial":
        if not _strikes(fitted, np.vander(_unit(fitted.x), degree + 1)):
            return []
        return checks.line_checks(
            "x", fitted.x, "y", fitted.y, model=_polynomial(degree), parameters=degree + 1
        )
    shape, constant = SHAPES[model], with_offset(model, offset)
    if not _strikes(fitted, gradient_of(shape, fitted.x, _values(fitted))):
        return []

    def refit(x: Floats, y: Floats) -> Transform:
        p = descend(shape, x, y, np.ones(x.size), constant)
        return FittedCurve(
            lambda at: np.asarray(curve_of(shape)(at, *p), dtype=float),
            lambda at: gradient_of(shape, at, p),
        )

    count = len(fitted.estimates)
    return checks.line_checks("x", fitted.x, "y", fitted.y, model=refit, parameters=count)


def _values(fitted: Fitted) -> Floats:
    return np.array([float(estimate.x) for estimate in fitted.estimates])


def _unit(x: Floats) -> Floats:
    """Abscissae between -1 and 1."""
    return np.asarray((2 * x - x.min() - x.max()) / np.ptp(x))


def _polynomial(degree: int) -> Refit:
    def refit(x: Floats, y: Floats) -> Transform:
        curve = np.polynomial.Polynomial.fit(x, y, degree)
        middle = curve.mapparms()
        return FittedCurve(
            lambda at: np.asarray(curve(at)),
            lambda at: np.vander(middle[0] + middle[1] * at, degree + 1),
        )

    return refit


def _strikes(fitted: Fitted, gradient: Floats) -> bool:
    """Whether any reading looks out of line with the tangent plane, so that refits are worth it."""
    n, p = gradient.shape
    dof = n - p - 1
    if dof < _FEW_DEGREES:
        return True
    lengths = np.linalg.norm(gradient, axis=0)
    q = np.linalg.qr(gradient / lengths)[0]
    free = 1 - np.sum(q**2, axis=1)
    if free.min() < 1 - _HELD:
        return True
    residuals = fitted.residuals
    rest = np.maximum(float(residuals @ residuals) - residuals**2 / free, 0.0) / dof
    floor = (0.5 * step_of(fitted.y)) ** 2
    t = np.abs(residuals) / np.sqrt(free * (rest + floor))
    return bool(tail(float(t.max()), dof) * n < _WORTH_A_LOOK)


def _weighted_outliers(fitted: Fitted) -> list[Caution]:
    """Readings far beyond their own stated uncertainty."""
    assert fitted.u is not None
    ratios = np.abs(fitted.residuals) / fitted.u
    level = OUTLIER_LEVEL / fitted.n
    found = []
    for i in np.flatnonzero((ratios > _OUTLIER) & (2 * special.ndtr(-ratios) < level)):
        sentence = (
            f"y[{i}] = {plain(fitted.y[i])} 偏离拟合曲线，为其标准不确定度的 "
            f"{significant(float(ratios[i]), 2)} 倍，请核对或重测"
        )
        found.append(Caution("outlier", sentence, "y", int(i)))
    return found


def fit_checks(
    fitted: Fitted, model: Model, *, degree: int = 2, offset: bool | None = None
) -> list[Caution]:
    """χ² beyond chance, a curve that explains little, residuals that follow a pattern."""
    found = chi_squared_checks(fitted.fit)
    if fitted.u is None and fitted.explained < POOR:
        percent = significant(max(0.0, 100 * fitted.explained), 2)
        sentence = f"所选模型只说明了 y 变化的 {percent} %，请检查模型是否合适、x 与 y 是否对应"
        found.append(Caution("poor-fit", sentence, "model"))
    scatter = fitted.fit.residual_standard_deviation or 0.0
    smallest = max(0.5 * step_of(fitted.y), 1e-9 * float(np.abs(fitted.y).max()))
    if scatter > smallest:
        order = np.argsort(fitted.x, kind="stable")
        ordered = fitted.residuals[order]
        gradient = _gradient(fitted, model, degree)[order]
        chances = runs_probability(ordered.tolist()), neighbours_probability(ordered, gradient)
        if min(chances) < RUNS_LEVEL:
            sentence = "残差随 x 有规律地变化（同号的残差成串出现），所选模型可能不合适"
            found.append(Caution("residual-pattern", sentence, "model"))
    return found


def constant_checks(added: bool) -> list[Caution]:
    """Say that the data asked for a constant that nobody asked for."""
    if not added:
        return []
    sentence = "数据要求加上常数项 C（不加则残差显著变大），已加；确知没有常数项时请选择不加"
    return [Caution("offset", sentence, "offset")]


def chi_squared_checks(fit: Fit) -> list[Caution]:
    """Warn where χ² is far too large, or far too small, for the stated uncertainties."""
    probability, dof = fit.chi_squared_probability, fit.degrees_of_freedom
    if fit.chi_squared is None or probability is None:
        return []
    ratio = f"χ²/ν = {significant(fit.chi_squared / dof, 2)}"
    if probability < CHI_SQUARED_LEVEL:
        sentence = f"{ratio}，偶然达到的概率小于 0.1 %：模型不合适，或不确定度给得太小"
        return [Caution("chi-squared", sentence, "u_y")]
    if probability > 1 - CHI_SQUARED_LEVEL:
        sentence = f"{ratio}，小得不像偶然：不确定度给得太大"
        return [Caution("chi-squared", sentence, "u_y")]
    return []


def _gradient(fitted: Fitted, model: Model, degree: int) -> Floats:
    """Derivatives of the curve by its parameters at the readings (n, p)."""
    if model == "line":
        return np.vander(_unit(fitted.x), 2)
    if model == "proportional":
        return fitted.x[:, None]
    if model == "polynomial":
        return np.vander(_unit(fitted.x), degree + 1)
    return gradient_of(SHAPES[model], fitted.x, _values(fitted))


def neighbours_probability(residuals: Floats, gradient: Floats) -> float:
    """P of neighbouring residuals so alike, or more, by chance: the test of Durbin and Watson.

    d = Σ (e_i+1 - e_i)²/Σ e_i² of residuals (n,) in order of x; its distribution under independent
    scatter by a beta distribution of the same mean and variance, which follow from the derivatives
    (n, p) (J. Durbin and G. S. Watson, Biometrika 38 (1951) 159, sections 3 and 4).  1 for fewer
    than three degrees of freedom.
    """
    n, p = gradient.shape
    nu = n - p
    total = float(residuals @ residuals)
    if nu < _FEW_DEGREES or not total:
        return 1.0
    q = np.linalg.qr(gradient / np.linalg.norm(gradient, axis=0))[0]
    second = np.zeros_like(q)  # A·q, with A the matrix of Σ (e_i+1 - e_i)²
    steps = np.diff(q, axis=0)
    second[:-1] -= steps
    second[1:] += steps
    inner = q.T @ second
    trace = 2.0 * (n - 1) - float(np.trace(inner))
    squares = 2.0 * (3 * n - 4) - 2 * float(np.sum(second**2)) + float(np.sum(inner * inner.T))
    mean = trace / nu
    variance = 2 * (squares - trace * mean) / (nu * (nu + 2))
    if variance <= 0:
        return 1.0
    both = mean * (4 - mean) / variance - 1
    d = float(np.sum(np.diff(residuals) ** 2)) / total
    return float(special.betainc(both * mean / 4, both * (1 - mean / 4), np.clip(d / 4, 0, 1)))


def runs_probability(residuals: Sequence[float]) -> float:
    """P of so few runs of equal sign, or fewer, by chance (A. Wald and J. Wolfowitz, Ann. Math.
    Stat. 11 (1940) 147).  1 for fewer than ten residuals that are not zero."""
    signs = [residual > 0 for residual in residuals if residual]
    above = sum(signs)
    below = len(signs) - above
    if len(signs) < _FEWEST_FOR_RUNS or not above or not below:
        return 1.0
    runs = 1 + sum(a != b for a, b in itertools.pairwise(signs))
    n = above + below
    if n > _MOST_FOR_EXACT:
        mean = 1 + 2 * above * below / n
        variance = (mean - 1) * (mean - 2) / (n - 1)
        return float(special.ndtr((runs + 0.5 - mean) / math.sqrt(variance)))
    ways = sum(_ways(above, below, r) for r in range(2, runs + 1))
    return ways / math.comb(n, above)


def _ways(above: int, below: int, runs: int) -> int:
    """Arrangements of two kinds with just that many runs."""
    half, odd = divmod(runs, 2)
    if not odd:
        return 2 * math.comb(above - 1, half - 1) * math.comb(below - 1, half - 1)
    first = math.comb(above - 1, half) * math.comb(below - 1, half - 1)
    return first + math.comb(above - 1, half - 1) * math.comb(below - 1, half)
