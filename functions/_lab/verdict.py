"""Whether a fitted line can give a measurand with an uncertainty, and what to say where not."""

from typing import Any

import numpy as np
from GTC import inf

from functions._lab import checks
from functions._lab.line import Line
from functions._lab.linear import Floats
from functions._lab.reporting import significant
from functions._lab.result import Caution

IMPRECISE = 0.10
_ROUNDING = 1e-12


def has_uncertainty(line: Line) -> bool:
    """Whether slope and intercept carry an uncertainty that means something.

    Two points without instrument limits determine the line and nothing about its scatter.
    """
    return line.type_a_known or bool(line.components)


def scatter_checks(line: Line, what: str, field: str = "") -> list[Caution]:
    """Warn of too few readings for the uncertainty of ``what`` (Chinese), or for any at all."""
    if not line.degrees_of_freedom and line.chi_squared is None:
        exact = f"{what}：{line.n} 个读数刚好定出直线"
        if has_uncertainty(line):
            sentence = f"{exact}，不确定度只来自仪器误差限，请增加测量点"
            return [Caution("few-points", sentence, field)]
        return [unfit(f"{exact}，无法由离散评定不确定度，请增加测量点", field)]
    found = checks.few_points(line.degrees_of_freedom, what, field)
    if line.chi_squared is None and all(c.degrees_of_freedom < inf for c in line.components):
        found += exact_checks(line.y, line.residuals, what, field)
    return found


def exact_checks(y: Floats, residuals: Floats, what: str, field: str = "") -> list[Caution]:
    """Warn where readings (n,) without scatter would pass off a result as exactly known."""
    if np.abs(residuals).max() > _ROUNDING * np.abs(y).max():
        return []
    sentence = f"{what}：读数恰好都在拟合线上，看不出离散，但不确定度不会是零，请给出仪器误差限"
    return [Caution("no-scatter", sentence, field)]


def unfit(sentence: str, field: str = "") -> Caution:
    """The warning that stands in place of a measurand."""
    return Caution("no-measurand", sentence, field)


def precision_check(what: str, estimate: Any, field: str = "") -> list[Caution]:
    """Warn where the readings scatter so much that a result is known to 10 % (u) only.

    ``what`` is Chinese; ``estimate`` an uncertain number that is far from zero in sound data.
    """
    value, u = float(estimate.x), float(estimate.u)
    if not value or u <= IMPRECISE * abs(value):
        return []
    percent = significant(100 * u / abs(value), 2)
    sentence = f"{what} 的标准不确定度达 {percent} %，读数离散过大，请核对各读数或重测"
    return [Caution("imprecise", sentence, field)]
