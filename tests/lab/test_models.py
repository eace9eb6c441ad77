"""The declared models: NIST StRD from their own starts, exact curves, SciPy beside them."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize

from functions._lab import starts, units
from functions._lab.adequacy import (
    fit_checks,
    neighbours_probability,
    reading_checks,
    runs_probability,
)
from functions._lab.curve import ConvergenceError
from functions._lab.errors import ReadingError
from functions._lab.model_names import Model
from functions._lab.models import Fitted, equation, fit_model, needs_offset, parameter_names
from functions._lab.successive import successive_differences
from tests.lab.nist import digits
from tests.lab.test_curve import certified

Array = NDArray[np.float64]
TAU = 2 * np.pi


def values(fitted: Fitted) -> list[float]:
    return [float(estimate.x) for estimate in fitted.estimates]


def uncertainties(fitted: Fitted) -> list[float]:
    return [float(estimate.u) for estimate in fitted.estimates]


def test_danwood_is_a_power_and_needs_no_start() -> None:
    problem = certified("DanWood")
    fitted = fit_model("power", problem.x.astype(float), problem.y.astype(float))
    assert digits(values(fitted), problem.parameters) >= 9
    assert digits(uncertainties(fitted), problem.standard_deviations) >= 6


def test_eckerle4_is_a_gaussian_without_a_constant_and_needs_no_start() -> None:
    # NIST: y = (b1/b2) exp(-((x - b3)/b2)²/2), so that A = b1/b2, σ = b2, μ = b3.
    problem = certified("Eckerle4")
    b1, b2, b3 = problem.parameters.astype(float)
    fitted = fit_model("gaussian", problem.x.astype(float), problem.y.astype(float), offset=False)
    assert digits(values(fitted), [b1 / b2, b3, b2]) >= 9
    _, u_width, u_centre = problem.standard_deviations[[0, 1, 2]]
    assert digits(uncertainties(fitted)[1:], [u_centre, u_width]) >= 6
    product = fitted.estimates[0] * fitted.estimates[2]  # b1, with the covariance
    assert product.u == pytest.approx(float(problem.standard_deviations[0]), rel=1e-6)


def power(x: Array, a: float, b: float, c: float = 0.0) -> Array:
    return a * x**b + c


def exponential(x: Array, a: float, b: float, c: float = 0.0) -> Array:
    return a * np.exp(b * x) + c


def logarithm(x: Array, a: float, b: float) -> Array:
    return a + b * np.log(x)


def gaussian(x: Array, a: float, m: float, s: float, c: float = 0.0) -> Array:
    return a * np.exp(-((x - m) ** 2) / (2 * s * s)) + c


def sine(x: Array, a: float, f: float, phase: float, c: float) -> Array:
    return a * np.sin(TAU * f * x + phase) + c


def damped(x: Array, a: float, b: float, f: float, phase: float, c: float) -> Array:
    return a * np.exp(-b * x) * np.sin(TAU * f * x + phase) + c


CURVES: dict[Model, Any] = {
    "power": power,
    "exponential": exponential,
    "logarithm": logarithm,
    "gaussian": gaussian,
    "sine": sine,
    "damped-sine": damped,
}
TRUTHS: list[tuple[Model, list[float], bool | None, float]] = [
    ("power", [2.0, -1.5], None, 0.01),
    ("power", [-3.0, 2.4], None, 0.5),
    ("power", [0.5, 0.5, 7.0], True, 0.002),
    ("exponential", [5.0, -0.7], None, 0.02),
    ("exponential", [-5.0, 0.3], None, 0.1),
    ("exponential", [60.0, -0.4, 22.0], True, 0.2),
    ("logarithm", [1.0, -2.5], None, 0.02),
    ("gaussian", [4.0, 5.2, 0.9, 1.0], None, 0.05),
    ("gaussian", [-4.0, 8.5, 1.4], False, 0.05),
    ("sine", [3.0, 0.35, 1.1, -2.0], None, 0.1),
    ("sine", [0.5, 1.7, -2.9, 10.0], None, 0.05),
    ("damped-sine", [6.0, 0.35, 0.8, 2.5, 0.4], None, 0.03),
]
IDS = [f"{model}-{number}" for number, (model, *_) in enumerate(TRUTHS)]
X = np.linspace(1.0, 10.0, 40)


@pytest.mark.parametrize(("model", "truth", "offset", "noise"), TRUTHS, ids=IDS)
def test_exact_readings_give_the_truth(
    model: Model, truth: list[float], offset: bool | None, noise: float
) -> None:
    fitted = fit_model(model, X, CURVES[model](X, *truth), offset=offset)
    assert values(fitted) == pytest.approx(truth, rel=1e-8)
    assert fitted.at(4.2) == pytest.approx(CURVES[model](np.array([4.2]), *truth)[0], rel=1e-8)


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(("model", "truth", "offset", "noise"), TRUTHS, ids=IDS)
def test_scipy_agrees(
    model: Model, truth: list[float], offset: bool | None, noise: float, known: bool
) -> None:
    """SciPy's ``curve_fit`` from the truth, with derivatives of its own."""
    random = np.random.default_rng(5)
    y = CURVES[model](X, *truth) + random.normal(0, noise, X.size)
    u = np.full(X.size, noise) if known else None
    fitted = fit_model(model, X, y, offset=offset, u_y=u)
    expected, covariance = optimize.curve_fit(
        CURVES[model], X, y, truth, sigma=u, absolute_sigma=known, xtol=1e-14, ftol=1e-14
    )
    assert values(fitted) == pytest.approx(expected, rel=1e-5)
    assert uncertainties(fitted) == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-3)
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    assert np.array(fitted.fit.covariance) / scale == pytest.approx(covariance / scale, abs=2e-3)
    assert fitted.fit.degrees_of_freedom == X.size - len(truth)
    if known:
        rss = float(np.sum(((y - CURVES[model](X, *expected)) / noise) ** 2))
        assert fitted.fit.chi_squared == pytest.approx(rss, rel=1e-6)
        assert math.isinf(fitted.estimates[0].df)


def test_amplitude_and_width_are_positive_and_the_phase_is_the_principal_one() -> None:
    for phase in (-9.0, -3.0, 0.0, 3.1, 7.0):
        amplitude, _, found, _ = values(fit_model("sine", X, sine(X, -2.0, 0.4, phase, 1.0)))
        assert amplitude == pytest.approx(2.0)
        assert abs(found) <= math.pi * (1 + 1e-12)
        assert math.cos(found - (phase + math.pi)) == pytest.approx(1.0)
    assert values(fit_model("gaussian", X, gaussian(X, 1.0, 5.0, -0.7)))[2] == pytest.approx(0.7)


@pytest.mark.parametrize("n", [7, 12, 100, 599, 601, 5000])
@pytest.mark.parametrize("share", [0.05, 0.4, 0.8])
def test_a_frequency_is_found_wherever_it_lies_below_the_limit(n: int, share: float) -> None:
    """From half a period over the readings to 0.8 of half the sampling rate."""
    x = np.linspace(3.0, 8.0, n)
    frequency = max(share * (n - 1) / 10, 0.1)
    found = fit_model("sine", x, sine(x, 2.0, frequency, 0.7, 1.0))
    assert values(found)[1] == pytest.approx(frequency, rel=1e-6)


def test_a_frequency_is_found_from_readings_at_uneven_times() -> None:
    random = np.random.default_rng(3)
    for n in (25, 900):
        x = np.sort(random.uniform(0, 10, n))
        y = sine(x, 1.0, 0.93, 0.2, 5.0) + random.normal(0, 0.1, n)
        assert values(fit_model("sine", x, y))[1] == pytest.approx(0.93, abs=0.02)


def test_the_periodogram_is_the_share_of_a_least_squares_sine() -> None:
    random = np.random.default_rng(8)
    x, y = np.sort(random.uniform(0, 5, 20)), random.normal(0, 1, 20)
    design = np.stack([np.ones(20), np.sin(TAU * 0.8 * x), np.cos(TAU * 0.8 * x)], axis=1)
    rss = float(np.linalg.lstsq(design, y)[1][0])
    expected = 1 - rss / float(np.sum((y - y.mean()) ** 2))
    assert starts.periodogram(np.array([0.8]), x, y)[0] == pytest.approx(expected)


def test_instrument_limits_add_type_b_reading_by_reading() -> None:
    """y = A x², B known from exact readings; by hand u²(A) = Σ (∂A/∂y_i)² Δ²/3 with J = (x^B,
    A x^B ln x) and ∂p/∂y = (JᵀJ)⁻¹Jᵀ; Δx acts as |A B x^(B-1)| Δx."""
    y = power(X, 2.0, 2.0)
    jacobian = np.stack([X**2, 2 * X**2 * np.log(X)], axis=1)
    by_reading = np.linalg.inv(jacobian.T @ jacobian) @ jacobian.T
    variance = (0.3**2 + (4 * X * 0.02) ** 2) / 3
    expected = np.sqrt(np.sum(by_reading**2 * variance, axis=1))
    fitted = fit_model("power", X, y, x_limit=0.02, y_limit=0.3)
    assert uncertainties(fitted) == pytest.approx(expected, rel=1e-6)
    assert fitted.estimates[0].df > 1e6
    gradient = np.array([9.0, 2 * 9.0 * math.log(3.0)])
    covariance = (by_reading * variance) @ by_reading.T
    u = math.sqrt(gradient @ covariance @ gradient)
    assert fitted.band(np.array([3.0]))[0] == pytest.approx(1.959964 * u, rel=1e-5)


def test_type_a_and_b_together() -> None:
    random = np.random.default_rng(4)
    y = exponential(X, 5.0, -0.3) + random.normal(0, 0.02, X.size)
    bare = uncertainties(fit_model("exponential", X, y))
    exact = uncertainties(fit_model("exponential", X, exponential(X, 5.0, -0.3), y_limit=0.05))
    both = fit_model("exponential", X, y, y_limit=0.05)
    assert uncertainties(both) == pytest.approx(np.hypot(bare, exact), rel=5e-3)
    assert both.estimates[0].df > X.size - 2


def test_uncertain_x_enters_by_the_effective_variance() -> None:
    """Orthogonal distance regression of SciPy is the exact treatment; both agree to first order."""
    random = np.random.default_rng(12)
    truth = [4.0, 5.2, 1.5, 1.0]
    x = X + random.normal(0, 0.05, X.size)
    y = gaussian(X, *truth) + random.normal(0, 0.05, X.size)
    fitted = fit_model("gaussian", x, y, u_x=0.05, u_y=0.05)

    def distances(p: Array) -> Array:
        true_x = p[4:]
        return np.concatenate([(x - true_x) / 0.05, (y - gaussian(true_x, *p[:4])) / 0.05])

    best = optimize.least_squares(distances, [*truth, *x], xtol=1e-13, ftol=1e-13)
    covariance = np.linalg.inv(best.jac.T @ best.jac)[:4, :4]
    u = np.sqrt(np.diag(covariance))
    assert np.all(np.abs(np.array(values(fitted)) - best.x[:4]) < 0.5 * u)
    assert uncertainties(fitted) == pytest.approx(u, rel=0.1)
    assert fitted.fit.chi_squared == pytest.approx(2 * best.cost, rel=0.1)


def test_uncertain_x_of_a_proportionality_and_a_polynomial() -> None:
    """b = Σ w x y/Σ w x² with the equal weights 1/(u_y² + b² u_x²): u(b) = √(…/Σ x²)."""
    y = 3.0 * X
    found = fit_model("proportional", X, y, u_x=0.1, u_y=0.4)
    assert uncertainties(found)[0] == pytest.approx(math.sqrt((0.16 + 0.09) / float(X @ X)))
    line = fit_model("polynomial", X, y, degree=1, u_x=0.1, u_y=0.4)
    spread = float(np.sum((X - X.mean()) ** 2))
    assert uncertainties(line)[1] == pytest.approx(math.sqrt(0.25 / spread), rel=1e-6)


def test_names_units_and_equations() -> None:
    assert equation("polynomial", degree=3) == "y = c₀ + c₁·x + c₂·x² + c₃·x³"
    assert equation("power", offset=True) == "y = A·x^B + C"
    assert equation("gaussian", offset=False) == "y = A·exp(−(x−μ)²/(2σ²))"
    named = parameter_names("polynomial", "s", "m")
    assert [unit for *_, unit in named] == ["m", "m/s", "m/s²"]
    assert [unit for *_, unit in parameter_names("sine", "s", "cm")] == ["cm", "s⁻¹", "rad", "cm"]


@pytest.mark.parametrize(
    ("above", "below", "exponent", "expected"),
    [
        ("V", "A", 1, "V/A"),
        ("m", "s", 2, "m/s²"),
        ("m/s", "s", 1, "(m/s)/s"),
        ("V", "m/s", 1, "V/(m/s)"),
        ("V", "m/s", 2, "V/(m/s)²"),
        ("1", "s", 1, "s⁻¹"),
        ("", "s", 3, "s⁻³"),
        ("1", "m/s", 1, "(m/s)⁻¹"),
        ("V", "1", 1, "V"),
        ("", "", 1, "1"),
        ("V", "V", 1, "1"),
        ("mA", "°C", 1, "mA/°C"),
    ],
)
def test_quotients_of_units(above: str, below: str, exponent: int, expected: str) -> None:
    assert units.quotient(above, below, exponent) == expected


@pytest.mark.parametrize("model", ["power", "logarithm"])
def test_an_abscissa_out_of_the_domain_is_named(model: Model) -> None:
    with pytest.raises(ReadingError) as caught:
        fit_model(model, [1.0, 2.0, 0.0, 4.0], [1.0, 2.0, 3.0, 4.0])
    assert (caught.value.field, caught.value.index) == ("x", 2)


@pytest.mark.parametrize("model", ["power", "exponential", "gaussian", "sine", "damped-sine"])
@pytest.mark.parametrize("y", [np.full(40, 3.0), np.zeros(40)], ids=["constant", "zero"])
def test_readings_that_determine_nothing_are_refused(model: Model, y: Array) -> None:
    with pytest.raises(ConvergenceError):
        fit_model(model, X, y, offset=True)


# 逐差法, worked by hand: y at k = 1 … 6; d = 6.02, 6.04, 5.98 (three steps apart); d̄ = 6.01333,
# s(d) = √((0.0066667² + 0.0266667² + 0.0333333²)/2) = 0.0305505; u(d̄) = s/√3 = 0.0176383;
# per step /3: 2.004444, u = 0.00587945; ν = 2.
K = np.arange(1.0, 7.0)
Y = np.array([1.00, 3.01, 5.02, 7.02, 9.05, 11.00])


def test_successive_differences_by_hand() -> None:
    found = successive_differences(K, Y)
    assert found.differences == pytest.approx([6.02, 6.04, 5.98])
    assert found.step.x == pytest.approx(2.0044444, rel=1e-7)
    assert found.step.u == pytest.approx(0.00587945, rel=1e-5)
    assert found.step.df == pytest.approx(2)
    half = successive_differences(0.5 * K, Y)
    assert (half.slope.x, half.slope.u) == pytest.approx((4.0088889, 0.0117589), rel=1e-5)
    limited = successive_differences(K, Y, y_limit=0.03)
    # each d has two readings of u = Δ/√3: u_B = √2·0.03/√3/√3/3 per step
    by_limit = math.sqrt(2) * 0.03 / 9
    assert limited.step.u == pytest.approx(math.hypot(0.00587945, by_limit), rel=1e-5)
    known = successive_differences(K, Y, u_y=0.02)
    assert known.step.u == pytest.approx(math.sqrt(6) * 0.02 / 9)
    assert known.chi_squared == pytest.approx(2 * 0.0305505**2 / (2 * 0.02**2), rel=1e-5)


def test_successive_differences_in_any_order_and_of_an_odd_number() -> None:
    order = [3, 0, 5, 1, 4, 2]
    assert successive_differences(K[order], Y[order]).step.x == pytest.approx(2.0044444)
    odd = successive_differences(np.arange(5.0), [0.0, 2.1, 999.0, 6.0, 8.1])
    assert odd.unused == 2
    assert odd.step.x == pytest.approx((6.0 + 6.0) / 2 / 3)


@pytest.mark.parametrize(
    ("x", "index"), [([1.0, 2, 3, 4.5, 5.5, 6.0], 3), ([1.0, 1, 1, 1, 1, 1], None)]
)
def test_unequal_steps_are_named(x: list[float], index: int | None) -> None:
    with pytest.raises(ReadingError, match="等间隔") as caught:
        successive_differences(x, Y)
    assert caught.value.index == index


def test_runs_by_counting() -> None:
    """5 + and 5 -: of 252 arrangements 2 have two runs, 2 + 8 two or three."""
    assert runs_probability([1.0] * 5 + [-1.0] * 5) == pytest.approx(2 / 252)
    three = [1.0] * 2 + [-1.0] * 5 + [1.0] * 3
    assert runs_probability(three) == pytest.approx(10 / 252)
    assert runs_probability([1.0, -1.0] * 5) == pytest.approx(1.0)
    assert runs_probability([1.0] * 4 + [-1.0] * 4) == 1.0
    long = [1.0, 1.0, -1.0, -1.0] * 100  # 200 runs of 400, 201 expected
    assert runs_probability(long) == pytest.approx(0.5, abs=0.05)


def test_a_wrong_model_is_seen() -> None:
    fitted = fit_model("line", X, X**2)
    assert [c.code for c in fit_checks(fitted, "line")] == ["residual-pattern"]
    known = fit_model("line", X, X**2, u_y=0.1)
    assert [c.code for c in fit_checks(known, "line")] == ["chi-squared", "residual-pattern"]
    random = np.random.default_rng(2)
    noise = fit_model("line", X, random.normal(0, 1, X.size))
    assert [c.code for c in fit_checks(noise, "line")] == ["poor-fit"]
    generous = fit_model("line", X, X + random.normal(0, 0.1, X.size), u_y=1.0)
    assert [c.code for c in fit_checks(generous, "line")] == ["chi-squared"]


@pytest.mark.parametrize(("model", "truth", "offset", "noise"), TRUTHS, ids=IDS)
def test_a_decimal_slip_is_found_in_every_model(
    model: Model, truth: list[float], offset: bool | None, noise: float
) -> None:
    random = np.random.default_rng(6)
    clean = np.round(CURVES[model](X, *truth) + random.normal(0, noise, X.size), 3)
    place = int(np.argsort(np.abs(clean))[-4])
    y = clean.copy()
    y[place] = round(10 * clean[place], 3)
    fitted = fit_model(model, X, clean, offset=offset)
    assert reading_checks(fitted, model, offset=offset) == []
    found = reading_checks(fit_model(model, X, y, offset=offset), model, offset=offset)
    assert [(c.code, c.field, c.index) for c in found] == [("decimal-slip", "y", place)]


def test_abscissae_of_very_different_sizes_do_not_exhaust_the_memory() -> None:
    """As many frequencies are tried as there are readings, not as the span over the least step."""
    x = np.array([*range(11), 1e12, 5.0 + 1e-9])
    y = np.array([0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, 3, 1.0])
    with pytest.raises(ReadingError):
        fit_model("sine", x, y)


def durbin_watson_share(gradient: "np.typing.NDArray[np.float64]", level: float) -> float:
    """Share of sound residuals of that design whose probability is below ``level``."""
    random = np.random.default_rng(len(gradient))
    sets = 20_000 if len(gradient) < 30 else 4000
    q = np.linalg.qr(gradient)[0]
    scatter = random.normal(size=(sets, len(gradient)))
    residuals = scatter - scatter @ q @ q.T
    return float(np.mean([neighbours_probability(one, gradient) < level for one in residuals]))


@pytest.mark.parametrize("count", [5, 6, 8, 12, 21, 50])
def test_the_test_of_neighbours_has_its_level(count: int) -> None:
    """Of sound lines 5 % and 0.1 % are below; the beta distribution is close from n = 5 on."""
    design = np.vander(np.arange(count, dtype=float), 2)
    assert durbin_watson_share(design, 0.05) == pytest.approx(0.05, abs=0.012)
    assert durbin_watson_share(design, 0.001) < 0.004


def test_neighbours_by_the_published_table() -> None:
    """N. E. Savin and K. J. White, Econometrica 45 (1977) 1989: for n = 20 and one regressor the
    5 % point lies between 1.201 and 1.411, for n = 50 between 1.503 and 1.585."""
    for count, low, high in ((20, 1.201, 1.411), (50, 1.503, 1.585)):
        design = np.vander(np.arange(count, dtype=float), 2)
        random = np.random.default_rng(count)
        q = np.linalg.qr(design)[0]
        found = []
        for _ in range(4000):
            scatter = random.normal(size=count)
            residuals = scatter - q @ (q.T @ scatter)
            d = float(np.sum(np.diff(residuals) ** 2) / np.sum(residuals**2))
            found.append((d, neighbours_probability(residuals, design)))
        assert max(d for d, p in found if p < 0.05) <= high
        assert min(d for d, p in found if p > 0.05) >= low


@pytest.mark.parametrize("model", ["power", "exponential"])
def test_a_constant_is_added_where_the_readings_ask_for_it(model: Any) -> None:
    """Of sets without one some 1 % get it; nearly all with one that stands out do."""
    random = np.random.default_rng(5)
    x = np.linspace(1, 8, 12)
    curve = 5 * x**1.5 if model == "power" else 50 * np.exp(-0.3 * x)
    sets = 300
    without = [needs_offset(model, x, curve + random.normal(0, 0.3, x.size)) for _ in range(sets)]
    assert sum(map(bool, without)) <= 0.03 * sets
    with_c = [needs_offset(model, x, curve + 20 + random.normal(0, 0.3, x.size)) for _ in range(50)]
    assert sum(map(bool, with_c)) >= 48
    assert needs_offset("line", x, curve) is False
    assert needs_offset(model, x[:3], curve[:3]) is False
    known = needs_offset(model, x, curve + 20, u_y=0.3)
    assert known is True
    assert needs_offset(model, x, curve + random.normal(0, 0.3, x.size), u_y=0.3) is False


def test_a_line_through_the_origin_with_uncertain_x_has_the_least_chi_squared() -> None:
    """Three points (issue 12105 of scipy/scipy, y - 100): 22.20 at b = -2.298, 36.8 near b = 0."""
    x = [30.120348566300354, 36.218214083626386, 52.86998374096616]
    y = [-16.52966828850863, 29.10207165602722, -14.405348017688539]
    u_x = [9.143516964542775, 13.139914563620316, 25.52829979507901]
    u_y = [4.466601663162877, 6.1119669024770085, 23.009080364235516]
    fitted = fit_model("proportional", x, y, u_x=u_x, u_y=u_y)
    b = np.linspace(-20, 20, 400_001)
    readings = zip(x, y, u_x, u_y, strict=True)
    chi = sum((v - b * u) ** 2 / (s**2 + (b * r) ** 2) for u, v, r, s in readings)
    assert float(fitted.estimates[0].x) == pytest.approx(float(b[np.argmin(chi)]), abs=2e-4)
    assert fitted.fit.chi_squared == pytest.approx(float(np.min(chi)), rel=1e-6)
    assert fitted.fit.chi_squared == pytest.approx(22.20, abs=0.005)


def test_proportional_with_uncertain_x_is_without_bias_and_covers() -> None:
    """Slope 2, u(x) = 1 at x = 1 … 10: effective variances gave 1.953 and covered 79 %."""
    random = np.random.default_rng(9)
    true, sets = np.arange(1.0, 11.0), 1500
    found, hits = [], 0
    for _ in range(sets):
        x, y = true + random.normal(0, 1, 10), 2 * true + random.normal(0, 0.1, 10)
        b = fit_model("proportional", x, y, u_x=1.0, u_y=0.1).estimates[0]
        found.append(float(b.x))
        hits += abs(float(b.x) - 2) <= 1.96 * float(b.u)
    assert np.mean(found) == pytest.approx(2, abs=0.015)
    assert hits / sets == pytest.approx(0.95, abs=0.025)


def test_what_is_nothing_but_rounding_is_zero() -> None:
    fitted = fit_model("polynomial", [1, 2, 3, 4, 5], [1, 4, 9, 16, 25])
    assert [float(c.x) for c in fitted.estimates] == [0.0, 0.0, 1.0]
    line = fit_model("line", [0.1, 0.2, 0.3, 0.7], [0.3, 0.6, 0.9, 2.1])
    assert float(line.estimates[0].x) == 0.0
    small = fit_model("line", [1, 2, 3], [1e-9 + 1, 1e-9 + 2, 1e-9 + 3])
    assert float(small.estimates[0].x) == pytest.approx(1e-9, rel=1e-5)
