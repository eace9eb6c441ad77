"""Non-linear fits against NIST StRD and hand-computed cases."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from functions._lab.curve import ConvergenceError, CurveFit, fit_curve
from functions._lab.errors import ReadingError

STRD = Path(__file__).parent / "reference" / "nist_strd_nonlinear"
Array = NDArray[Any]
_PI = np.longdouble("3.141592653589793238462643383279")


def gauss(x: Array, b1: Any, b2: Any, b3: Any, b4: Any, b5: Any, b6: Any, b7: Any, b8: Any) -> Any:
    return (
        b1 * np.exp(-b2 * x)
        + b3 * np.exp(-((x - b4) ** 2) / b5**2)
        + b6 * np.exp(-((x - b7) ** 2) / b8**2)
    )


def lanczos(x: Array, b1: Any, b2: Any, b3: Any, b4: Any, b5: Any, b6: Any) -> Any:
    return b1 * np.exp(-b2 * x) + b3 * np.exp(-b4 * x) + b5 * np.exp(-b6 * x)


def cubic_ratio(x: Array, b1: Any, b2: Any, b3: Any, b4: Any, b5: Any, b6: Any, b7: Any) -> Any:
    return (b1 + b2 * x + b3 * x**2 + b4 * x**3) / (1 + b5 * x + b6 * x**2 + b7 * x**3)


def enso(x: Array, *b: Any) -> Any:
    b1, b2, b3, b4, b5, b6, b7, b8, b9 = b
    year, second, third = (2 * _PI * x / period for period in (12, b4, b7))
    return (
        b1
        + b2 * np.cos(year)
        + b3 * np.sin(year)
        + b5 * np.cos(second)
        + b6 * np.sin(second)
        + b8 * np.cos(third)
        + b9 * np.sin(third)
    )


def chwirut(x: Array, b1: Any, b2: Any, b3: Any) -> Any:
    return np.exp(-b1 * x) / (b2 + b3 * x)


MODELS: dict[str, Callable[..., Any]] = {
    "Bennett5": lambda x, b1, b2, b3: b1 * (b2 + x) ** (-1 / b3),
    "BoxBOD": lambda x, b1, b2: b1 * (1 - np.exp(-b2 * x)),
    "Chwirut1": chwirut,
    "Chwirut2": chwirut,
    "DanWood": lambda x, b1, b2: b1 * x**b2,
    "ENSO": enso,
    "Eckerle4": lambda x, b1, b2, b3: (b1 / b2) * np.exp(-(((x - b3) / b2) ** 2) / 2),
    "Gauss1": gauss,
    "Gauss2": gauss,
    "Gauss3": gauss,
    "Hahn1": cubic_ratio,
    "Kirby2": lambda x, b1, b2, b3, b4, b5: (b1 + b2 * x + b3 * x**2) / (1 + b4 * x + b5 * x**2),
    "Lanczos1": lanczos,
    "Lanczos2": lanczos,
    "Lanczos3": lanczos,
    "MGH09": lambda x, b1, b2, b3, b4: b1 * (x**2 + x * b2) / (x**2 + x * b3 + b4),
    "MGH10": lambda x, b1, b2, b3: b1 * np.exp(b2 / (x + b3)),
    "MGH17": lambda x, b1, b2, b3, b4, b5: b1 + b2 * np.exp(-x * b4) + b3 * np.exp(-x * b5),
    "Misra1a": lambda x, b1, b2: b1 * (1 - np.exp(-b2 * x)),
    "Misra1b": lambda x, b1, b2: b1 * (1 - (1 + b2 * x / 2) ** (-2)),
    "Misra1c": lambda x, b1, b2: b1 * (1 - (1 + 2 * b2 * x) ** (-0.5)),
    "Misra1d": lambda x, b1, b2: b1 * b2 * x / (1 + b2 * x),
    "Nelson": lambda x, b1, b2, b3: b1 - b2 * x[0] * np.exp(-b3 * x[1]),
    "Rat42": lambda x, b1, b2, b3: b1 / (1 + np.exp(b2 - b3 * x)),
    "Rat43": lambda x, b1, b2, b3, b4: b1 / (1 + np.exp(b2 - b3 * x)) ** (1 / b4),
    "Roszman1": lambda x, b1, b2, b3, b4: b1 - b2 * x - np.arctan(b3 / (x - b4)) / _PI,
    "Thurber": cubic_ratio,
}


@dataclass(frozen=True)
class Problem:
    """One file of NIST StRD."""

    name: str
    starts: tuple[list[float], list[float]]
    parameters: Array
    standard_deviations: Array
    residual_sum_of_squares: float
    x: Array
    y: Array


def certified(name: str) -> Problem:
    lines = (STRD / f"{name}.dat").read_text(encoding="ascii").splitlines()
    rows = [
        [float(text) for text in match.group(1).split()]
        for match in (re.match(r"\s*b\d\s*=\s*(.*)", line) for line in lines)
        if match
    ]
    table = np.array(rows)
    rss = next(float(line.split()[-1]) for line in lines if line.startswith("Residual Sum of Sq"))
    data = np.array([[np.longdouble(text) for text in line.split()] for line in lines[60:] if line])
    x = data[:, 1] if data.shape[1] == 2 else data[:, 1:].T
    y = np.log(data[:, 0]) if name == "Nelson" else data[:, 0]
    starts = (table[:, 0].tolist(), table[:, 1].tolist())
    return Problem(name, starts, table[:, 2], table[:, 3], rss, x, y)


def digits(found: Any, expected: Array) -> float:
    """Worst number of agreeing digits, the log relative error of NIST."""
    deviation = np.abs(np.asarray(found, float) - expected) / np.abs(expected)
    return float(-np.log10(np.max(np.maximum(deviation, 1e-11))))


def solve(problem: Problem, start: int) -> CurveFit:
    first = problem.starts[start - 1]
    names = [f"b{i + 1}" for i in range(len(first))]
    return fit_curve(MODELS[problem.name], problem.x, problem.y, first, names=names)


EXTENDED = float(np.finfo(np.longdouble).eps) < 1e-18
SHORT_IN_DOUBLE = {"Lanczos1"}
"""Sets whose certified standard deviations double precision cannot give: the residuals of Lanczos1
(9e-14) are only 400 times the rounding (2e-16) of its readings."""


@pytest.mark.parametrize("start", [1, 2])
@pytest.mark.parametrize("name", sorted(MODELS))
def test_strd_certified_values(name: str, start: int) -> None:
    problem = certified(name)
    fit = solve(problem, start)
    assert fit.degrees_of_freedom == problem.y.size - problem.parameters.size
    assert digits(fit.values, problem.parameters) >= 9
    if EXTENDED or name not in SHORT_IN_DOUBLE:
        assert digits(fit.standard_uncertainties, problem.standard_deviations) >= 6
        found = np.sum(fit.residuals**2)
        assert found == pytest.approx(problem.residual_sum_of_squares, rel=1e-6)


@pytest.mark.parametrize("start", [1, 2])
def test_strd_with_readings_in_double_falls_short_only_where_stated(start: int) -> None:
    short = set()
    for name in MODELS:
        exact = certified(name)
        problem = replace(exact, x=exact.x.astype(float), y=exact.y.astype(float))
        fit = solve(problem, start)
        assert digits(fit.values, problem.parameters) >= 9, name
        if digits(fit.standard_uncertainties, problem.standard_deviations) < 6:
            short.add(name)
    assert short == SHORT_IN_DOUBLE


def test_all_strd_sets_are_there() -> None:
    assert {path.stem for path in STRD.glob("*.dat")} == set(MODELS)
    assert len(MODELS) == 27


def straight(x: Array, a: Any, b: Any) -> Any:
    return a + b * x


X = np.arange(4.0)
Y = np.array([1.0, 3.0, 2.0, 5.0])
"""By hand: b = 5.5/5 = 1.1, a = 2.75 - 1.65 = 1.1, residuals -0.1, 0.8, -1.3, 0.6, sum of squares
2.70, s² = 1.35; u²(b) = s²/5 = 0.27, u²(a) = s²(1/4 + 1.5²/5) = 0.945, cov = -1.5 s²/5 = -0.405."""


def test_straight_line_by_hand() -> None:
    fit = fit_curve(straight, X, Y, [0, 0], names=["a", "b"])
    assert fit.values == pytest.approx([1.1, 1.1])
    assert fit.covariance == pytest.approx(np.array([[0.945, -0.405], [-0.405, 0.27]]))
    assert fit.residuals == pytest.approx([-0.1, 0.8, -1.3, 0.6])
    assert fit.residual_standard_deviation == pytest.approx(math.sqrt(1.35))
    assert fit.chi_squared is None


def test_covariance_is_carried_into_derived_quantities() -> None:
    a, b = fit_curve(straight, X, Y, [0, 0], names=["a", "b"]).parameters
    zero = -a / b
    # u² = (u²(a) + u²(b) - 2 cov)/b² at a/b = 1: (0.945 + 0.27 + 0.81)/1.21
    assert zero.x == pytest.approx(-1)
    assert zero.u == pytest.approx(math.sqrt(2.025 / 1.21))
    assert zero.df == pytest.approx(2)


def test_known_uncertainties() -> None:
    fit = fit_curve(straight, X, Y, [0, 0], names=["a", "b"], u_y=0.5)
    assert fit.standard_uncertainties[1] == pytest.approx(0.5 / math.sqrt(5))
    assert fit.chi_squared == pytest.approx(2.70 / 0.25)
    assert fit.chi_squared_probability == pytest.approx(math.exp(-5.4))  # ν = 2: exp(-χ²/2)
    assert math.isinf(fit.parameters[0].df)
    # z₀.₉₇₅ u(ȳ) at the centroid, u(ȳ) = 0.5/√4
    assert fit.band(1.5) == pytest.approx(1.959964 * 0.25)


def test_band_and_curve() -> None:
    fit = fit_curve(straight, X, Y, [0, 0], names=["a", "b"])
    assert fit.at(2.0) == pytest.approx(3.3)
    # t₀.₉₇₅(2) = 4.302653; u(y(0)) = u(a)
    assert fit.band(np.array([0.0, 1.5])) == pytest.approx(
        [4.302653 * math.sqrt(0.945), 4.302653 * math.sqrt(1.35 / 4)]
    )


def test_result_fit() -> None:
    texts = [("截距", "a", "V"), ("斜率", "b", "V/s")]
    fit = fit_curve(straight, X, Y, [0, 0], names=["a", "b"]).as_fit("直线", "y = a + b·x", texts)
    assert fit.n == 4
    assert fit.degrees_of_freedom == 2
    assert fit.parameters[1].unit == "V/s"
    assert fit.parameters[1].standard_uncertainty == pytest.approx(math.sqrt(0.27))


def test_model_that_is_not_analytic_is_differentiated_by_differences() -> None:
    # |b| hides the imaginary part from the complex step; the answer must not change.
    fit = fit_curve(lambda x, a, b: a + np.abs(b) * x, X, Y, [0.5, 0.5], names=["a", "b"])
    assert fit.values == pytest.approx([1.1, 1.1])
    assert fit.standard_uncertainties**2 == pytest.approx([0.945, 0.27])


def test_given_jacobian_and_bounds() -> None:
    def jacobian(x: Array, a: float, b: float) -> Array:
        return np.stack([np.ones_like(x), x], axis=1)

    wide = fit_curve(
        straight, X, Y, [0, 0], names=["a", "b"], jacobian=jacobian, bounds=[(-9, 9), (-9, 9)]
    )
    assert wide.values == pytest.approx([1.1, 1.1])
    assert wide.at_bound == ()
    held = fit_curve(straight, X, Y, [0, 0], names=["a", "b"], bounds=[(0, 9), (0, 1)])
    assert held.at_bound == ("b",)
    assert held.values == pytest.approx([1.25, 1.0])  # ȳ - 1·x̄


def test_exact_readings_leave_no_uncertainty() -> None:
    fit = fit_curve(straight, X, 2 + 3 * X, [0, 0], names=["a", "b"])
    assert fit.values == pytest.approx([2, 3])
    assert fit.standard_uncertainties == pytest.approx([0, 0], abs=1e-12)
    assert fit.parameters[1].x == pytest.approx(3)


def test_too_few_readings() -> None:
    with pytest.raises(ReadingError, match=r"只有 2 个读数.*至少需要 3 个"):
        fit_curve(straight, X[:2], Y[:2], [0, 0], names=["a", "b"])
    assert (
        fit_curve(straight, X[:2], Y[:2], [0, 0], names=["a", "b"], u_y=1).degrees_of_freedom == 0
    )


@pytest.mark.parametrize(
    ("model", "x"),
    [
        (straight, np.full(4, 2.0)),
        (lambda x, a, b: a + b + 0 * x, X),
        (lambda x, a, b: a * x + 0 * b, X),
    ],
    ids=["one abscissa", "only the sum", "no effect"],
)
def test_undetermined_parameters(model: Any, x: Array) -> None:
    with pytest.raises(ConvergenceError):
        fit_curve(model, x, Y, [1, 1], names=["a", "b"])


def test_no_minimum() -> None:
    # y falls, exp(b·x) with a > 0 held does better and better as b → -∞ away from x = 0.
    with pytest.raises(ConvergenceError):
        fit_curve(lambda x, b: np.exp(b * x), X + 1, -Y, [0.0], names=["b"])
