"""Polynomials against NIST's Statistical Reference Datasets (``nist``) and hand computation."""

import math

import numpy as np
import pytest
from GTC import dof, type_b, ureal

from functions._lab.errors import ReadingError
from functions._lab.line import fit_line
from functions._lab.measurand import budget
from functions._lab.polynomial import fit_polynomial, least_squares
from tests.lab.nist import digits, problem


@pytest.mark.parametrize(
    ("name", "least"),
    [("pontius", 11), ("filip", 10), ("wampler3", 11), ("wampler4", 11), ("wampler5", 9)],
)
def test_polynomials_of_nist(name: str, least: float) -> None:
    certified = problem(name)
    degree = len(certified.estimates) - 1
    found = fit_polynomial(certified.predictors[:, 0], certified.response, degree)
    assert digits([float(c.x) for c in found.coefficients], certified.estimates) > least
    u = [float(c.u) for c in found.coefficients]
    assert digits(u, certified.standard_deviations) > 11
    assert digits(np.sqrt(np.diag(found.covariance)), certified.standard_deviations) > 11
    assert digits(found.residual_standard_deviation, certified.residual_standard_deviation) > 11
    assert found.degrees_of_freedom == certified.degrees_of_freedom
    for coefficient in found.coefficients:
        assert dof(coefficient) == pytest.approx(certified.degrees_of_freedom)


@pytest.mark.parametrize("name", ["wampler1", "wampler2"])
def test_exact_polynomials_of_nist(name: str) -> None:
    """Certified residual standard deviation zero, with responses up to 4 × 10⁶."""
    certified = problem(name)
    found = fit_polynomial(certified.predictors[:, 0], certified.response, 5)
    assert digits([float(c.x) for c in found.coefficients], certified.estimates) > 11
    s = found.residual_standard_deviation
    assert s is not None
    assert s < 1e-14 * np.max(certified.response)
    assert digits([float(c.u) for c in found.coefficients], certified.standard_deviations) > 11


def test_longley_of_nist() -> None:
    """Six correlated predictors and a constant: the general core."""
    longley = problem("longley")
    design = np.column_stack([np.ones(16), longley.predictors])
    found = least_squares(design, longley.response)
    assert digits(found.estimates, longley.estimates) > 11
    s = found.residual_standard_deviation
    assert s is not None
    assert digits(s, longley.residual_standard_deviation) > 11
    assert digits(s * np.sqrt(np.diag(found.inverse)), longley.standard_deviations) > 10
    assert found.degrees_of_freedom == longley.degrees_of_freedom


@pytest.mark.parametrize("name", ["norris", "noint1", "noint2"])
def test_the_core_agrees_on_straight_lines(name: str) -> None:
    certified = problem(name)
    constant = [np.ones(len(certified.response))] if name == "norris" else []
    found = least_squares(np.column_stack([*constant, certified.predictors]), certified.response)
    assert digits(found.estimates, certified.estimates) > 12
    s = found.residual_standard_deviation
    assert s is not None
    assert digits(s * np.sqrt(np.diag(found.inverse)), certified.standard_deviations) > 12


def test_degree_one_is_the_straight_line() -> None:
    x, y = [1.0, 2, 4, 8, 9], [2.2, 3.1, 5.2, 8.7, 10.1]
    line, polynomial = fit_line(x, y, y_limit=0.2), fit_polynomial(x, y, 1, y_limit=0.2)
    intercept, slope = polynomial.coefficients
    assert float(intercept.u) == pytest.approx(float(line.intercept.u))
    assert float(slope.x) == pytest.approx(float(line.slope.x))
    assert float(slope.u) == pytest.approx(float(line.slope.u))
    assert dof(slope) == pytest.approx(dof(line.slope))
    assert polynomial.covariance == pytest.approx(line.covariance)
    abscissae = np.array([[0.0, 3.0], [5.0, 20.0]])
    assert polynomial.at(abscissae) == pytest.approx(line.at(abscissae))
    assert polynomial.band(abscissae) == pytest.approx(line.band(abscissae))
    assert polynomial.fitted == pytest.approx(line.fitted)
    assert polynomial.residuals == pytest.approx(line.residuals)


def test_known_uncertainties_against_one_uncertain_number_for_each_reading() -> None:
    """Parabola through three points: Lagrange's formula with GTC, no fit at all."""
    x, y, u = (0.0, 1.0, 3.0), (1.0, 4.0, 2.0), (0.1, 0.2, 0.3)
    found = fit_polynomial(x, y, 2, u_y=u)
    points = [ureal(v, s) for v, s in zip(y, u, strict=True)]
    lagrange = (
        points[0] * (2 - 1) * (2 - 3) / 3
        + points[1] * (2 - 0) * (2 - 3) / ((1 - 0) * (1 - 3))
        + points[2] * (2 - 0) * (2 - 1) / (3 * 2)
    )
    predicted = found.predict(2.0)
    assert float(predicted.x) == pytest.approx(float(lagrange.x))
    assert float(predicted.u) == pytest.approx(float(lagrange.u))
    assert found.band(2.0) == pytest.approx(1.959964 * float(lagrange.u), rel=1e-6)
    assert math.isinf(dof(predicted))
    assert found.chi_squared == pytest.approx(0, abs=1e-20)
    assert found.residual_standard_deviation is None
    assert found.type_a_known


def test_weights_against_the_weighted_line() -> None:
    """ISO/TS 28037:2010, clause 6, second example: a = 0.8852, b = 2.057, χ² = 4.131."""
    found = fit_polynomial(
        [1, 2, 3, 4, 5, 6], [3.2, 4.3, 7.6, 8.6, 11.7, 12.8], 1, u_y=[0.5, 0.5, 0.5, 1, 1, 1]
    )
    intercept, slope = found.coefficients
    assert float(intercept.x) == pytest.approx(0.8852, abs=5e-5)
    assert float(slope.x) == pytest.approx(2.057, abs=5e-4)
    assert float(intercept.u) == pytest.approx(0.5297081, abs=5e-8)
    assert found.chi_squared == pytest.approx(4.131, abs=5e-4)


def test_vertex_of_a_parabola() -> None:
    """y = 7 - 2 (x - 4)² ± 0.01: vertex (4, 7); u against propagation from each reading."""
    x = np.array([2.0, 3.0, 4.0, 5.0, 6.0])
    noise = np.array([1, -1, 0, -1, 1]) * 0.01
    found = fit_polynomial(x, 7 - 2 * (x - 4) ** 2 + noise, 2, y_limit=0.03)
    position, height = found.extremum()
    c0, c1, c2 = found.coefficients
    assert float(position.x) == pytest.approx(4, abs=1e-12)
    assert float(position.x) == pytest.approx(float((-c1 / (2 * c2)).x))
    assert float(position.u) == pytest.approx(float((-c1 / (2 * c2)).u))
    assert float(height.u) == pytest.approx(float((c0 - c1**2 / (4 * c2)).u), rel=1e-9)
    # slope and curvature are orthogonal about x = 4, so u(x₀) = u(slope)/4.0…, Σ(x - 4)² = 10
    s = found.residual_standard_deviation
    assert s is not None
    slope_u = math.hypot(s, 0.03 / math.sqrt(3)) / math.sqrt(10)
    assert float(position.u) == pytest.approx(slope_u / abs(2 * float(c2.x)))
    assert {entry.type for entry in budget(height)} == {"A", "B"}
    contributions = [entry.contribution for entry in budget(height)]
    assert math.hypot(*contributions) == pytest.approx(float(height.u))


def test_far_from_the_origin_the_vertex_keeps_its_digits() -> None:
    x = 1e6 + np.linspace(-1, 1, 9)
    position, height = fit_polynomial(x, 3 - (x - 1e6 - 0.25) ** 2, 2).extremum()
    assert float(position.x) - 1e6 == pytest.approx(0.25, abs=1e-8)
    assert float(height.x) == pytest.approx(3, abs=1e-9)


def test_uncertain_abscissa() -> None:
    """At x = 2 ± 0.1 the parabola x² has slope 4, so u = 0.4."""
    found = fit_polynomial([0, 1, 2, 3], [0, 1, 4, 9], 2)
    predicted = found.predict(ureal(2, 0.1))
    assert float(predicted.x) == pytest.approx(4)
    assert float(predicted.u) == pytest.approx(0.4, rel=1e-9)


def test_as_many_points_as_parameters() -> None:
    found = fit_polynomial([0, 1, 2], [1, 3, 2], 2)
    assert found.degrees_of_freedom == 0
    assert found.residual_standard_deviation is None
    assert not found.type_a_known
    assert np.isnan(found.band([0.5, 1.5])).all()
    assert found.at(1.0) == pytest.approx(3)


def test_readings_that_are_no_polynomial() -> None:
    with pytest.raises(ReadingError, match="至少"):
        fit_polynomial([1, 2], [1, 2], 2)
    with pytest.raises(ReadingError, match="不同的横坐标"):
        fit_polynomial([1, 1, 2, 2], [1, 2, 3, 4], 2)
    with pytest.raises(ReadingError, match="一样多"):
        fit_polynomial([1, 2, 3], [1, 2], 1)
    with pytest.raises(ReadingError, match="为零"):
        fit_polynomial([1, 2, 3], [1, 2, 3], 1, u_y=[1, 0, 1])
    with pytest.raises(ReadingError, match="没有弯曲"):
        fit_polynomial([0, 1, 2], [0, 0, 0], 2).extremum()
    with pytest.raises(ValueError, match="parabola"):
        fit_polynomial([0, 1, 2], [0, 1, 2], 1).extremum()
    with pytest.raises(ValueError, match="either"):
        fit_polynomial([0, 1, 2], [0, 1, 2], 1, y_limit=1, u_y=1)
    with pytest.raises(ValueError, match="degree"):
        fit_polynomial([0, 1, 2], [0, 1, 2], 0)


def test_designs_without_a_solution() -> None:
    with pytest.raises(ReadingError, match="线性相关"):
        least_squares([[1, 2], [2, 4], [3, 6]], [1, 2, 3])
    with pytest.raises(ReadingError, match="全为零"):
        least_squares([[1, 0], [2, 0], [3, 0]], [1, 2, 3])
    with pytest.raises(ReadingError, match="至少需要"):
        least_squares([[1, 2, 3]], [1])


def test_on_the_wire() -> None:
    found = fit_polynomial([0, 1, 2, 3, 4], [0.1, 1.0, 3.9, 9.2, 15.9], 2)
    fit = found.as_fit(
        "P–U", "P = c₀ + c₁U + c₂U²", [("c₀", "c₀", "W"), ("c₁", "c₁", "W/V"), ("c₂", "c₂", "W/V²")]
    )
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(
        [p.standard_uncertainty for p in fit.parameters]
    )
    assert [p.standard_uncertainty for p in fit.parameters] == pytest.approx(
        [float(c.u) for c in found.coefficients]
    )
    assert (fit.n, fit.degrees_of_freedom) == (5, 2)


def test_parabola_against_gtc_on_linear_terms() -> None:
    """About a symmetric centre the odd coefficient of a parabola is the slope of the line."""
    x, y = [-2.0, -1, 0, 1, 2], [3.1, 1.2, 0.1, 0.8, 4.2]
    limit = 0.3
    found = fit_polynomial(x, y, 2, y_limit=limit, y_label="y")
    line = type_b.line_fit(x, [ureal(v, limit / math.sqrt(3)) for v in y]).a_b
    parts = {entry.name: entry.contribution for entry in budget(found.coefficients[1])}
    assert float(found.coefficients[1].x) == pytest.approx(float(line[1].x))
    assert parts["y 仪器误差限"] == pytest.approx(float(line[1].u))
