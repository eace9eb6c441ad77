"""Straight lines against published and independently computed problems.

Sources of the numbers: NIST StRD (``nist``), JCGM 100:2008 H.3, ISO/TS 28037:2010 clauses 6 and 7,
Pearson's data with York's weights, and the least-squares values that the apparatus' sample
readings are documented to give.  The files in ``reference`` say where each was taken from.
"""

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from GTC import dof, get_correlation, type_a, type_b, ureal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from functions._lab.errors import ReadingError
from functions._lab.line import Line, fit_line, fit_proportional
from functions._lab.measurand import budget, measurand
from tests.lab.nist import digits, problem

REFERENCE = Path(__file__).parent / "reference"


def reference(name: str) -> Any:
    return json.loads((REFERENCE / name).read_text())


ISO = reference("errors_in_variables/iso_ts_28037.json")
PEARSON = reference("errors_in_variables/pearson_york.json")
U_X = [w**-0.5 for w in PEARSON["wx"]]
U_Y = [w**-0.5 for w in PEARSON["wy"]]


# -- Ordinary least squares


def test_norris_of_nist() -> None:
    norris = problem("norris")
    line = fit_line(norris.predictors[:, 0], norris.response)
    parameters = line.intercept, line.slope
    assert digits([float(p.x) for p in parameters], norris.estimates) > 12
    assert digits([float(p.u) for p in parameters], norris.standard_deviations) > 12
    assert digits(line.residual_standard_deviation, norris.residual_standard_deviation) > 12
    assert digits(line.r_squared, norris.r_squared) > 13
    assert line.degrees_of_freedom == norris.degrees_of_freedom == 34


@pytest.mark.parametrize("name", ["noint1", "noint2"])
def test_line_through_the_origin_of_nist(name: str) -> None:
    noint = problem(name)
    line = fit_proportional(noint.predictors[:, 0], noint.response)
    assert digits(float(line.slope.x), noint.estimates) > 13
    assert digits(float(line.slope.u), noint.standard_deviations) > 13
    assert digits(line.residual_standard_deviation, noint.residual_standard_deviation) > 13
    assert dof(line.slope) == pytest.approx(noint.degrees_of_freedom)
    assert float(line.intercept.x) == float(line.intercept.u) == 0


def test_thermometer_calibration_of_the_gum() -> None:
    """JCGM 100:2008, H.3: printed digits; the prediction at 30 °C is H.3.4, with ν = 9."""
    h3 = reference("gum/H3_thermometer.json")
    expected = h3["expected"]
    line = fit_line(np.array(h3["data"]["t_C"]) - 20, h3["data"]["b_C"])
    assert float(line.intercept.x) == pytest.approx(expected["y1_full"], rel=1e-12)
    assert float(line.slope.x) == pytest.approx(expected["y2_full"], rel=1e-12)
    assert float(line.slope.u) == pytest.approx(expected["u_y2_full"], rel=1e-12)
    assert round(float(line.intercept.u), 4) == expected["u_y1"]
    assert round(get_correlation(line.intercept, line.slope), 2) == expected["r"]
    assert line.residual_standard_deviation == pytest.approx(expected["s"], abs=5e-5)
    assert np.sum(line.residuals**2) == pytest.approx(expected["ssr"], rel=1e-9)
    at_30 = line.predict(10.0)
    assert round(float(at_30.x), 4) == expected["b_30C"]
    assert round(float(at_30.u), 4) == expected["u_b_30C"]
    assert dof(at_30) == pytest.approx(expected["dof"])
    # H.3.4: U = 2.26 u_c for ν = 9 and 95 %
    assert line.band(10.0) == pytest.approx(2.262157 * float(at_30.u), rel=1e-6)
    assert line.at(10.0) == pytest.approx(float(at_30.x))


def test_every_derived_quantity_keeps_n_minus_2_degrees_of_freedom() -> None:
    line = fit_line([1, 2, 3, 4, 5, 7], [2.1, 3.9, 6.2, 7.8, 10.1, 14.2])
    for estimate in (line.intercept, line.slope, line.height, line.x_intercept, line.predict(9)):
        assert dof(estimate) == pytest.approx(4)
    ratio = line.slope / line.intercept
    (influence,) = measurand("比", "q", "1", ratio).budget
    assert influence.contribution == pytest.approx(float(ratio.u))
    assert influence.type == "A"


def test_x_intercept_carries_the_covariance() -> None:
    """u² = (1/b²)(u_a² + x₀² u_b² + 2 x₀ cov(a, b)), from the covariance matrix by hand."""
    line = fit_line([10, 12, 14, 16, 18], [0.9, 5.1, 8.8, 13.2, 16.9])
    a, b = float(line.intercept.x), float(line.slope.x)
    zero = -a / b
    gradient = np.array([-1 / b, -zero / b])
    assert float(line.x_intercept.x) == pytest.approx(zero)
    assert float(line.x_intercept.u) == pytest.approx(
        math.sqrt(gradient @ line.covariance @ gradient)
    )


# -- Type B of instrument limits


def test_limit_of_y_against_one_uncertain_number_for_each_reading() -> None:
    """Δ/√3 on each ordinate, propagated by GTC's own fit, added to the residual type A."""
    x, y, limit = [1.0, 2.0, 4.0, 7.0], [1.2, 1.9, 4.3, 6.8], 0.3
    line = fit_line(x, y, y_limit=limit, label="v–t", y_label="速度 v")
    readings = [ureal(v, limit / math.sqrt(3)) for v in y]
    by_limit = type_b.line_fit(x, readings).a_b
    by_scatter = type_a.line_fit(x, y).a_b
    both = line.intercept, line.slope
    for found, b_part, a_part in zip(both, by_limit, by_scatter, strict=True):
        assert float(found.x) == pytest.approx(a_part.x)
        assert float(found.u) == pytest.approx(math.hypot(a_part.u, b_part.u))
        # Welch–Satterthwaite with one component of ν = 2
        assert dof(found) == pytest.approx(2 * (found.u / a_part.u) ** 4)
    names = {(line.name, line.type) for line in budget(line.slope)}
    assert names == {("v–t 拟合残差", "A"), ("速度 v 仪器误差限", "B")}
    contributions = [entry.contribution for entry in budget(line.x_intercept)]
    assert math.hypot(*contributions) == pytest.approx(float(line.x_intercept.u))


def test_limits_of_both_against_one_uncertain_number_for_each_reading() -> None:
    """Where the scatter is less than the limits explain, the limits are the weights.

    Estimate and type B are then those of GTC's total least squares.
    """
    x, y = [0.0, 1.02, 1.97, 3.01, 4.0], [0.05, 1.93, 4.02, 5.99, 8.01]
    u_x, u_y = 0.1 / math.sqrt(3), 0.2 / math.sqrt(3)
    line = fit_line(x, y, x_limit=0.1, y_limit=0.2, label="线", x_label="x", y_label="y")
    total = type_b.line_fit_wtls([ureal(v, u_x) for v in x], [ureal(v, u_y) for v in y]).a_b
    both = line.intercept, line.slope
    for found, expected in zip(both, total, strict=True):
        assert float(found.x) == pytest.approx(float(expected.x), abs=1e-6)
        type_b_part = [e.contribution for e in budget(found) if e.type == "B"]
        assert math.hypot(*type_b_part) == pytest.approx(float(expected.u), rel=1e-6)


def test_limit_of_x_takes_the_attenuation_out() -> None:
    """Fuller's moment estimator b = Sxy / (Sxx - ν u²): with Sxx = 10, Sxy = 20.1, Δ = 0.3."""
    x, y = [0.0, 1, 2, 3, 4], [0.5, 1.6, 4.4, 5.7, 8.5]
    sxy = sum((a - 2) * b for a, b in zip(x, y, strict=True))
    line = fit_line(x, y, x_limit=0.3)
    assert float(line.slope.x) == pytest.approx(sxy / (10 - 3 * 0.03), rel=1e-12)
    # in the residuals the whole scatter; the line still passes through the centroid (2, 4.14)
    assert float(line.at(2.0)) == pytest.approx(4.14)
    parts = {entry.name: entry.contribution for entry in budget(line.predict(2.0))}
    assert parts["横坐标 仪器误差限"] == pytest.approx(
        abs(float(line.slope.x)) * 0.3 / math.sqrt(15), rel=1e-12
    )


def test_a_small_limit_of_x_hardly_moves_the_line() -> None:
    x, y = [0.0, 1, 2, 3, 4], [0.5, 1.6, 4.4, 5.7, 8.5]
    plain, limited = fit_line(x, y), fit_line(x, y, x_limit=1e-6)
    assert float(limited.slope.x) == pytest.approx(float(plain.slope.x), rel=1e-11)
    assert float(limited.slope.u) == pytest.approx(float(plain.slope.u), rel=1e-9)


@pytest.mark.parametrize("limit", [1e-9, 0.1, 10.0])
def test_limit_of_x_with_a_flat_line(limit: float) -> None:
    line = fit_line([1, 2, 3, 4], [5, 5, 5, 5], x_limit=limit)
    assert (float(line.slope.x), float(line.intercept.x)) == (0.0, 5.0)
    assert line.r_squared is None


def test_limit_through_the_origin() -> None:
    """u_B = (Δ/√3)/√Σx²: Σx² = 14, Δ = 0.6; the residuals of y = 2x are zero."""
    line = fit_proportional([1, 2, 3], [2, 4, 6], y_limit=0.6, label="e")
    assert float(line.slope.x) == 2.0
    assert float(line.slope.u) == pytest.approx(0.6 / math.sqrt(3 * 14))
    assert math.isinf(dof(line.slope))


# -- Known standard uncertainties


@pytest.mark.parametrize(
    ("case", "tolerance"), [("wls_equal_weights_p13", 5e-7), ("wls_unequal_p14", 5e-5)]
)
def test_weighted_lines_of_iso_28037(case: str, tolerance: float) -> None:
    """ISO/TS 28037:2010, clause 6, with the inverse evaluation at y₀ (11.1)."""
    given_data, expected = ISO[case], ISO[case]["expected"]
    line = fit_line(given_data["x"], given_data["y"], u_y=given_data["u_y"])
    assert float(line.intercept.x) == pytest.approx(expected["a"], abs=tolerance)
    assert float(line.slope.x) == pytest.approx(expected["b"], abs=max(tolerance, 5e-4))
    assert float(line.intercept.u) == pytest.approx(expected["u_a"], abs=5e-8)
    assert float(line.slope.u) == pytest.approx(expected["u_b"], abs=1e-6)
    assert line.covariance[0, 1] == pytest.approx(expected["cov"], abs=5e-9)
    assert line.chi_squared == pytest.approx(expected["chi2"], abs=5e-4)
    inverse = expected["inverse_prediction"]
    abscissa = line.inverse(ureal(inverse["y0"], inverse["u_y0"]))
    assert round(float(abscissa.x), 3) == inverse["x0"]
    assert round(float(abscissa.u), 3) == inverse["u_x0"]
    assert math.isinf(dof(line.slope))


def test_errors_in_both_variables_of_iso_28037() -> None:
    """ISO/TS 28037:2010, clause 7.  Its u are of the adjusted points, within 1 % of ours."""
    case, expected = ISO["gdr_x_and_y_errors_p21"], ISO["gdr_x_and_y_errors_p21"]["expected"]
    line = fit_line(case["x"], case["y"], u_x=case["u_x"], u_y=case["u_y"])
    assert float(line.intercept.x) == pytest.approx(expected["a"], abs=5e-5)
    assert float(line.slope.x) == pytest.approx(expected["b"], abs=5e-5)
    assert line.chi_squared == pytest.approx(expected["chi2"], abs=5e-4)
    tolerance = expected["tolerance"]
    assert float(line.intercept.u) == pytest.approx(expected["u_a"], abs=tolerance)
    assert float(line.slope.u) == pytest.approx(expected["u_b"], abs=tolerance)
    assert line.covariance[0, 1] == pytest.approx(expected["cov"], abs=tolerance)


def test_pearson_data_with_york_weights() -> None:
    """The estimate is exact to nine digits; u in Kalantar's convention, not York's of 2004."""
    expected = PEARSON["expected"]
    line = fit_line(PEARSON["x"], PEARSON["y"], u_x=U_X, u_y=U_Y)
    assert float(line.intercept.x) == pytest.approx(expected["intercept"], abs=5e-9)
    assert float(line.slope.x) == pytest.approx(expected["slope"], abs=5e-10)
    assert float(line.intercept.u) == pytest.approx(expected["u_intercept_kalantar"], abs=5e-6)
    assert float(line.slope.u) == pytest.approx(expected["u_slope_kalantar"], abs=5e-7)
    assert line.covariance[0, 1] == pytest.approx(expected["cov"], abs=5e-5)
    assert line.chi_squared is not None
    assert line.chi_squared / 8 == pytest.approx(expected["chi2_over_dof"], abs=1e-4)
    # P(χ² ≥ 11.866) for ν = 8 = e^(-h)(1 + h + h²/2 + h³/6), h = χ²/2
    h = line.chi_squared / 2
    closed = math.exp(-h) * (1 + h + h**2 / 2 + h**3 / 6)
    assert line.chi_squared_probability == pytest.approx(closed)


def test_pearson_data_with_the_axes_exchanged() -> None:
    forward = fit_line(PEARSON["x"], PEARSON["y"], u_x=U_X, u_y=U_Y)
    back = fit_line(PEARSON["y"], PEARSON["x"], u_x=U_Y, u_y=U_X)
    slope, intercept = 1 / back.slope, -back.intercept / back.slope
    assert float(slope.x) == pytest.approx(float(forward.slope.x), rel=1e-9)
    assert float(slope.u) == pytest.approx(float(forward.slope.u), rel=1e-7)
    assert float(intercept.u) == pytest.approx(float(forward.intercept.u), rel=1e-7)
    published = PEARSON["other_conventions"]["y_errors_only_after_swap"]
    weighted = fit_line(PEARSON["y"], PEARSON["x"], u_y=U_X)
    assert float(weighted.intercept.x) == pytest.approx(published["intercept"], abs=5e-5)
    assert float(weighted.slope.x) == pytest.approx(published["slope"], abs=5e-5)
    assert weighted.covariance.ravel() == pytest.approx(
        [published["var_a"], published["cov"], published["cov"], published["var_b"]], rel=1e-5
    )


def test_errors_in_x_alone() -> None:
    """Swapped, it is the weighted line of x on y: slope and χ² follow from that one."""
    line = fit_line(PEARSON["x"], PEARSON["y"], u_x=U_X)
    swapped = fit_line(PEARSON["y"], PEARSON["x"], u_y=U_X)
    assert float(line.slope.x) == pytest.approx(1 / float(swapped.slope.x), rel=1e-9)
    assert line.chi_squared == pytest.approx(swapped.chi_squared, rel=1e-9)


def test_thermometers_of_mathioulakis() -> None:
    """Published to the last printed digit, within one unit of it."""
    case = reference("errors_in_variables/mathioulakis_thermometers.json")
    expected = case["expected"]
    line = fit_line(case["x"], case["y"], u_x=case["u_x"], u_y=case["u_y"])
    assert float(line.intercept.x) == pytest.approx(expected["a"], abs=1e-4)
    assert float(line.intercept.u) == pytest.approx(expected["u_a"], abs=5e-5)
    assert float(line.slope.x) == pytest.approx(expected["b"], abs=1e-5)
    assert float(line.slope.u) == pytest.approx(expected["u_b"], abs=5e-6)
    assert line.covariance[0, 1] == pytest.approx(expected["cov"], abs=1e-8)


@pytest.mark.parametrize("relative", [False, True])
def test_weights_of_r(relative: bool) -> None:
    """Absolute weights, and weights whose common factor the residuals give (R's ``lm``)."""
    case = reference("errors_in_variables/weighted_R_reference.json")
    expected = case["expected"]
    u = expected["scaled" if relative else "absolute"]
    line = fit_line(case["x"], case["y"], u_y=case["u_y"], relative=relative)
    assert float(line.intercept.x) == pytest.approx(expected["a"], abs=5e-6)
    assert float(line.slope.x) == pytest.approx(expected["b"], abs=5e-6)
    assert float(line.intercept.u) == pytest.approx(u["u_a"], abs=5e-6)
    assert float(line.slope.u) == pytest.approx(u["u_b"], abs=5e-6)
    assert line.covariance[0, 1] == pytest.approx(u["cov"], abs=5e-9)
    assert dof(line.slope) == pytest.approx(4 if relative else math.inf)
    assert (line.chi_squared is None) is relative


def test_weights_through_the_origin() -> None:
    """b = Σwxy/Σwx² = (1·2·4 + 4·3·5)/(4 + 36) = 1.7, u = 1/√40, χ² by hand."""
    line = fit_proportional([2, 3], [4, 5], u_y=[1, 0.5])
    assert float(line.slope.x) == pytest.approx(1.7)
    assert float(line.slope.u) == pytest.approx(1 / math.sqrt(40))
    assert line.chi_squared == pytest.approx(0.6**2 + 4 * 0.1**2)


def test_five_thousand_points_agree_with_ordinary_least_squares() -> None:
    """Equal weights, u_x → 0; and it must not take one uncertain number for each reading."""
    x = np.linspace(-1, 3, 5000)
    y = 2 - 0.5 * x + 0.01 * np.sin(1e3 * x)
    plain, total = fit_line(x, y), fit_line(x, y, u_x=1e-9, u_y=0.01)
    assert float(total.slope.x) == pytest.approx(float(plain.slope.x), rel=1e-12)
    assert len(budget(total.slope)) == 1


# -- Worked values of the eight experiments


def worked(estimate: Any, value: float, u: float | None = None) -> None:
    """Every printed digit of value and u."""
    assert float(estimate.x) == pytest.approx(value, abs=_half_a_unit(value))
    if u is not None:
        assert float(estimate.u) == pytest.approx(u, abs=_half_a_unit(u))


def _half_a_unit(printed: float) -> float:
    """Half of the last printed digit."""
    exponent = Decimal(repr(printed)).as_tuple().exponent
    return 0.501 * 10.0 ** int(exponent)


def test_spring_mass() -> None:
    """u of the intercept in exact fractions is 0.00607970 s²."""
    mass = (241.68 + np.array([20, 40, 50, 70, 100])) / 1000
    period = np.array([17.0158, 17.6387, 17.9340, 18.5316, 19.3818]) / 10
    line = fit_line(mass, period**2)
    worked(line.slope, 10.767656, 0.020338)
    worked(line.intercept, 0.0774119, 0.0060797)
    worked(4 * math.pi**2 / line.slope, 3.66639, 0.00693)


def test_velocity_against_displacement() -> None:
    x = np.array([0, 4, 6, 8, 10, 12, 14, 16, 18]) / 100
    v = np.array([77.34, 72.47, 71.17, 69.17, 63.92, 57.30, 49.67, 41.67, 29.70]) / 100
    line = fit_line(x**2, v**2)
    worked(line.slope, -15.35837, 0.58508)
    worked((-line.slope) ** 0.5, 3.91898, 0.07465)


def test_elementary_charge() -> None:
    line = fit_proportional([2, 2, 5, 6], [3.214, 3.191, 8.167, 9.302])
    worked(line.slope, 1.586333, 0.022423)
    assert dof(line.slope) == pytest.approx(3)


def test_platinum_thermometer() -> None:
    """α = slope/R₀ needs the covariance: without it u is some 15 % too large."""
    line = fit_line(np.arange(55, 81, 5), [126.56, 128.55, 130.71, 132.85, 134.97, 137.09])
    worked(line.intercept, 103.22619, 0.15049)
    worked(line.slope / line.intercept * 1000, 4.09918, 0.02737)


def test_thermistor() -> None:
    temperature = np.arange(55, 81, 5) + 273.15
    resistance = np.array([2883, 2424, 2027, 1701, 1435, 1217])
    line = fit_line(1 / temperature, np.log(resistance))
    worked(line.slope, 4013.38, 23.78)
    at_25 = line.predict(1 / 298.15)
    assert math.exp(float(at_25.x)) == pytest.approx(9927.0, abs=0.05)


def test_laser_diode() -> None:
    line = fit_line([12, 15, 18, 21], [68.53, 121.2, 172.6, 224.8])
    worked(line.slope, 17.34033, 0.05472)
    worked(line.x_intercept, 8.03520)


@pytest.mark.parametrize(
    ("current", "slope", "u"),
    [
        ([1.6, 2.8, 4.0, 5.3, 6.5, 7.7], 0.0245143, 0.00013997),
        ([0.24, 0.58, 0.93, 1.29, 1.66, 2.03], 0.00717143, 0.0000608332),
    ],
)
def test_photo_sensitivity(current: list[float], slope: float, u: float) -> None:
    worked(fit_line([50, 100, 150, 200, 250, 300], current).slope, slope, u)


def test_solar_cell() -> None:
    power = [0.225, 0.192, 0.164, 0.140, 0.125, 0.115, 0.108, 0.101, 0.095, 0.089]
    current = [16.2, 14.1, 12.1, 10.4, 9.0, 8.1, 7.3, 6.6, 5.9, 5.4]
    voltage = [5.63, 5.55, 5.48, 5.41, 5.35, 5.29, 5.24, 5.19, 5.15, 5.11]
    worked(fit_line(power, current).slope, 80.1915, 2.7086)
    worked(fit_line(np.log(power), voltage).slope, 0.561174, 0.021415)


def test_free_fall() -> None:
    time = [0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40]
    runs = [
        [0.65, 1.13, 1.63, 2.10, 2.64, 3.10, 3.55, 4.01],
        [0.63, 1.13, 1.64, 2.14, 2.57, 2.80, 3.69, 3.96],
        [0.66, 1.14, 1.64, 2.11, 2.61, 3.07, 3.56, 3.95],
        [0.67, 1.14, 1.65, 2.12, 2.60, 3.09, 3.56, 3.96],
    ]
    worked(fit_line(time, np.mean(runs, axis=0)).slope, 9.5500, 0.1139)
    for run, g in zip(runs, (9.6595, 9.5286, 9.5048, 9.5071), strict=True):
        assert float(fit_line(time, run).slope.x) == pytest.approx(g, abs=5e-5)


# -- Few points, bad readings, the wire


def test_two_points_have_no_scatter() -> None:
    line = fit_line([1, 3], [2, 6])
    assert (float(line.intercept.x), float(line.slope.x)) == (0.0, 2.0)
    assert line.degrees_of_freedom == 0
    assert line.residual_standard_deviation is None
    assert not line.type_a_known
    assert np.isnan(line.band([1, 2])).all()
    assert float(line.slope.u) == 0
    assert measurand("斜率", "b", "1", line.slope).expanded_uncertainty == 0


def test_two_points_with_limits_keep_type_b() -> None:
    """u(b) = (Δ/√3)·√2/|x₂ - x₁|."""
    line = fit_line([1, 3], [2, 6], y_limit=0.1)
    assert float(line.slope.u) == pytest.approx(0.1 / math.sqrt(3) / math.sqrt(2))
    assert not line.type_a_known
    both = fit_line([1, 3], [2, 6], x_limit=0.1)
    assert float(both.slope.x) == pytest.approx(2)


def test_two_points_of_known_uncertainty() -> None:
    line = fit_line([0, 2], [0, 4], u_y=[0.3, 0.4])
    assert float(line.slope.u) == pytest.approx(0.25)
    assert line.type_a_known
    assert line.chi_squared_probability is None
    assert fit_line([0, 2], [0, 4], u_y=[3, 4], relative=True).type_a_known is False


def test_one_point_through_the_origin() -> None:
    line = fit_proportional([2], [5])
    assert float(line.slope.x) == 2.5
    assert not line.type_a_known


def test_exact_line_has_zero_scatter() -> None:
    line = fit_line([1, 2, 3], [3, 5, 7])
    assert line.residual_standard_deviation == 0
    assert float(line.slope.u) == 0
    assert np.all(line.band([0.0, 9.0]) == 0)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([2, 2, 2], [1, 2, 3], "相同"),
        ([1], [2], "至少"),
        ([1, 2, 3], [1, 2], "一样多"),
        ([1, math.nan, 3], [1, 2, 3], "有限"),
    ],
)
def test_readings_that_are_no_line(x: list[float], y: list[float], words: str) -> None:
    with pytest.raises(ReadingError, match=words) as caught:
        fit_line(x, y)
    assert caught.value.field == ""


def test_index_of_the_wrong_reading() -> None:
    with pytest.raises(ReadingError) as caught:
        fit_line([1, 2, 3], [1, 2, math.inf])
    assert caught.value.index == 2
    with pytest.raises(ReadingError) as caught:
        fit_line([1, 2, 3], [1, 2, 3], u_y=[1, 0, 1])
    assert caught.value.index == 1
    with pytest.raises(ReadingError, match="负"):
        fit_line([1, 2, 3], [1, 2, 3], u_y=[1, -1, 1])
    with pytest.raises(ReadingError, match="全为零"):
        fit_proportional([0, 0], [1, 2])


def test_limits_and_known_uncertainties_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="either"):
        fit_line([1, 2, 3], [1, 2, 3], y_limit=1, u_y=1)
    with pytest.raises(ValueError, match="either"):
        fit_proportional([1, 2, 3], [1, 2, 3], y_limit=1, u_y=1)


def test_level_line_has_no_zero() -> None:
    with pytest.raises(ReadingError, match="斜率为零"):
        _ = fit_line([1, 2, 3], [4, 4, 4]).x_intercept


def test_on_the_wire() -> None:
    line = fit_line([1, 2, 3, 4], [2.0, 4.1, 5.9, 8.2])
    fit = line.as_fit("T²–M", "T² = a + b·M", ("斜率", "b", "s²/kg"), ("截距", "a", "s²"))
    assert [p.symbol for p in fit.parameters] == ["a", "b"]
    assert fit.parameters[1].standard_uncertainty == pytest.approx(float(line.slope.u))
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(
        [p.standard_uncertainty for p in fit.parameters]
    )
    assert (fit.n, fit.degrees_of_freedom) == (4, 2)
    origin = fit_proportional([1, 2], [2.0, 4.1]).as_fit("q–n", "q = n·e", ("e", "e", "C"))
    assert len(origin.parameters) == 1
    assert np.shape(origin.covariance) == (1, 1)
    assert origin.r_squared is None


# -- Properties

readings = st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=3, max_size=12)


def _columns(points: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.array(points).T
    assume(np.ptp(x) > 1)
    return x, y


def _same(found: Line, slope: float, u_slope: float) -> None:
    assert float(found.slope.x) == pytest.approx(slope, rel=1e-6, abs=1e-7)
    assert float(found.slope.u) == pytest.approx(u_slope, rel=1e-6, abs=1e-7)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(readings, st.floats(-1000, 1000), st.floats(0.01, 100), st.floats(0.01, 100))
def test_shift_and_scale(
    points: list[tuple[float, float]], shift: float, by_x: float, by_y: float
) -> None:
    """In other units and from another zero it is the same line; also with limits of error."""
    x, y = _columns(points)
    for limits in ((0.0, 0.0), (0.2, 0.3), (0.2, 0.0)):
        line = fit_line(x, y, x_limit=limits[0], y_limit=limits[1])
        moved = fit_line(
            by_x * (x + shift),
            by_y * (y - shift),
            x_limit=by_x * limits[0],
            y_limit=by_y * limits[1],
        )
        ratio = by_x / by_y
        _same(moved, float(line.slope.x) / ratio, float(line.slope.u) / ratio)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(readings, st.floats(0.1, 3), st.floats(0.1, 3))
def test_total_least_squares_is_a_minimum(
    points: list[tuple[float, float]], u_x: float, u_y: float
) -> None:
    """No line through the weighted centroid has a smaller χ² than the fitted one."""
    x, y = _columns(points)
    try:
        line = fit_line(x, y, u_x=u_x, u_y=u_y)
    except ReadingError:
        return
    assert line.chi_squared is not None
    for angle in np.linspace(-1.57, 1.57, 41):
        b = math.tan(angle)
        residuals = (y - y.mean()) - b * (x - x.mean())
        other = np.sum(residuals**2) / (u_y**2 + (b * u_x) ** 2)
        assert line.chi_squared <= other * (1 + 1e-9) + 1e-9
