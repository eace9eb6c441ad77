"""The linear problems of NIST's Statistical Reference Datasets, from ``reference``.

Data: https://www.itl.nist.gov/div898/strd/lls/lls.shtml (public domain).  The expected values are
the exact rational least-squares solutions of the printed data to 16 digits; they agree with the
certified values, which have 15.
"""

import csv
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

_FOLDER = Path(__file__).parent / "reference" / "nist_strd_linear"

NAMES = (
    "norris",
    "pontius",
    "noint1",
    "noint2",
    "filip",
    "longley",
    "wampler1",
    "wampler2",
    "wampler3",
    "wampler4",
    "wampler5",
)


@dataclass(frozen=True, eq=False)
class Problem:
    """One data set: predictors, shape (n, columns), response, shape (n,), and the solution."""

    predictors: NDArray[np.float64]
    response: NDArray[np.float64]
    estimates: list[float]
    standard_deviations: list[float]
    residual_standard_deviation: float
    degrees_of_freedom: int
    r_squared: float


@cache
def problem(name: str) -> Problem:
    """The data set of that name, in lower case."""
    with (_FOLDER / f"{name}.csv").open(newline="") as table:
        rows = [[float(cell) for cell in row] for row in list(csv.reader(table))[1:] if row]
    solution = json.loads((_FOLDER / "exact_solutions.json").read_text())[name]
    readings = np.array(rows)
    return Problem(
        predictors=readings[:, 1:],
        response=readings[:, 0],
        estimates=[float(text) for text in solution["beta"]],
        standard_deviations=[float(text) for text in solution["sd"]],
        residual_standard_deviation=float(solution["resid_sd"]),
        degrees_of_freedom=solution["dof"],
        r_squared=float(solution["R2"]),
    )


def digits(found: ArrayLike | None, expected: ArrayLike) -> float:
    """Least number of correct digits, -log₁₀ of the relative deviation, 16 where there is none.

    Where the expected value is zero, the deviation itself counts.
    """
    pairs = zip(np.ravel(np.asarray(found)), np.ravel(np.asarray(expected)), strict=True)
    return min((_correct(float(a), float(b)) for a, b in pairs), default=16.0)


def _correct(found: float, expected: float) -> float:
    deviation = abs(found - expected) / (abs(expected) or 1.0)
    return 16.0 if deviation == 0 else min(16.0, -math.log10(deviation))
