"""The general fit: every model through the wire form, coverage, slips, odd texts, bad readings."""

import json
import math
import time
from pathlib import Path
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from functions import fit
from functions._lab import drawing
from functions._lab.errors import ReadingError
from functions._lab.result import Result
from functions._runtime import work
from functions._runtime.errors import BadInput
from functions._runtime.validation import decode

Array = NDArray[np.float64]
TAU = 2 * math.pi
MODELS = get_args(fit.Method)


def analyse(**readings: Any) -> Result:
    return fit.analyse(decode(json.dumps(readings).encode(), fit.Columns))


def codes(result: Result) -> list[str]:
    return [caution.code for caution in result.warnings]


def test_a_line_by_hand() -> None:
    """x = 0 … 3, y = 1, 3, 2, 5: b = 5.5/5 = 1.1, a = 1.1, s² = 2.70/2 = 1.35; u²(b) = s²/5,
    u²(a) = s²(1/4 + 1.5²/5) = 0.945; x₀ = -a/b = -1 with u² = (0.945 + 0.27 + 0.81)/1.21."""
    result = analyse(x=[0, 1, 2, 3], y=[1, 3, 2, 5], x_unit="A", y_unit="V")
    slope, intercept = result.measurand("b"), result.measurand("a")
    assert (slope.unit, intercept.unit) == ("V/A", "V")
    assert slope.value == pytest.approx(1.1)
    assert slope.standard_uncertainty == pytest.approx(math.sqrt(0.27))
    assert slope.degrees_of_freedom == pytest.approx(2)
    assert slope.coverage_factor == pytest.approx(4.302653, rel=1e-6)
    assert intercept.value == pytest.approx(1.1)
    assert intercept.standard_uncertainty == pytest.approx(math.sqrt(0.945))
    assert result.fit("fit").residual_standard_deviation == pytest.approx(math.sqrt(1.35))
    assert result.fit("fit").model == "y = a + b·x"
    assert codes(result) == ["few-points"]
    assert [m.symbol for m in result.measurands] == ["a", "b"]  # b is not clear of zero
    steep = analyse(x=[0, 1, 2, 3], y=[31, 63, 92, 125]).measurand("x₀")
    # the same residuals about y = 31.1 + 31.1 x: u(x₀) as above, over 31.1/1.1
    assert steep.value == pytest.approx(-1)
    assert steep.standard_uncertainty == pytest.approx(math.sqrt(2.025) / 31.1)


def test_known_uncertainties_give_chi_squared() -> None:
    """The same residuals with u = 0.5: χ² = 2.70/0.25, ν = 2, P = exp(-χ²/2)."""
    for u_y in ([0.5], [0.5] * 4):
        found = analyse(x=[0, 1, 2, 3], y=[1, 3, 2, 5], u_y=u_y)
        assert found.measurand("b").standard_uncertainty == pytest.approx(0.5 / math.sqrt(5))
        assert found.measurand("b").degrees_of_freedom is None
        assert found.fit("fit").chi_squared == pytest.approx(10.8)
        assert found.fit("fit").chi_squared_probability == pytest.approx(math.exp(-5.4))


def test_a_reading_beyond_its_stated_uncertainty_is_named() -> None:
    x = list(range(12))
    y = [2.0 * v + 0.1 * (-1) ** v for v in x]
    y[7] += 3.0
    result = analyse(x=x, y=y, u_y=[0.1 + 0.01 * v for v in x])
    assert ("outlier", "y", 7) in [(c.code, c.field, c.index) for c in result.warnings]


def test_derived_quantities() -> None:
    """T = 1/f, Λ = β/f, τ = 1/|B|, x½ = ln2/|B|, FWHM = 2√(2 ln 2) σ, x_m = -c₁/2c₂, u alike."""
    x = np.linspace(0.2, 6.0, 50)
    random = np.random.default_rng(9)

    def noisy(y: Array) -> list[float]:
        return [float(v) for v in y + random.normal(0, 0.01, x.size)]

    given: dict[str, Any] = {"x": x.tolist(), "x_unit": "s", "y_unit": "V"}
    wave = analyse(**given, y=noisy(np.sin(TAU * 0.8 * x)), model="sine")
    f, period = wave.measurand("f"), wave.measurand("T")
    assert period.value == pytest.approx(1 / f.value)
    assert period.standard_uncertainty == pytest.approx(f.standard_uncertainty / f.value**2)
    assert (f.unit, period.unit) == ("s⁻¹", "s")
    y = noisy(3 * np.exp(-0.5 * x) * np.sin(TAU * 0.8 * x))
    decrement = analyse(**given, y=y, model="damped-sine").measurand("Λ")
    assert decrement.value == pytest.approx(0.5 / 0.8, abs=4 * decrement.standard_uncertainty)
    decay = analyse(**given, y=noisy(3 * np.exp(-0.5 * x)), model="exponential")
    rate = decay.measurand("B")
    assert decay.measurand("τ").value == pytest.approx(-1 / rate.value)
    relative = rate.standard_uncertainty / abs(rate.value)
    assert decay.measurand("x½").value == pytest.approx(-math.log(2) / rate.value)
    half = decay.measurand("x½")
    assert half.standard_uncertainty / half.value == pytest.approx(relative)
    bell = analyse(**given, y=noisy(np.exp(-((x - 3) ** 2) / 2)), model="gaussian")
    assert bell.measurand("FWHM").value == pytest.approx(2.3548200 * bell.measurand("σ").value)
    parabola = analyse(**given, y=noisy(5 - (x - 3) ** 2), model="polynomial")
    vertex = parabola.measurand("xₘ")
    assert vertex.value == pytest.approx(3.0, abs=4 * vertex.standard_uncertainty)
    assert parabola.measurand("c₂").unit == "V/s²"


def test_peaks_and_their_spacing() -> None:
    x = np.round(np.arange(0, 60.1, 0.5), 1)
    tops = [12.3, 24.1, 36.0, 48.1]
    y = 0.2 + sum(a * np.exp(-((x - c) ** 2) / 2 / 1.2**2) for a, c in zip([3, 5, 4, 2.5], tops))  # noqa: B905
    y = y + np.random.default_rng(1).normal(0, 0.02, x.size)
    result = analyse(x=x.tolist(), y=y.tolist(), model="peaks", x_unit="°")
    for symbol, top in zip(["x₁", "x₂", "x₃", "x₄"], tops, strict=True):
        found = result.measurand(symbol)
        assert found.value == pytest.approx(top, abs=0.05)
        assert abs(found.value - top) < 2 * found.expanded_uncertainty
    spacing = float(np.polyfit([1, 2, 3, 4], tops, 1)[0])
    assert result.measurand("Δx").value == pytest.approx(spacing, abs=0.05)
    flat = analyse(x=list(range(20)), y=[1.0] * 20, model="peaks")
    assert codes(flat) == ["no-measurand"]
    assert flat.measurands == []


def test_successive_differences_by_hand() -> None:
    # d = 6.02, 6.04, 5.98: mean/3 = 2.0044444, u = 0.0305505/√3/3; see tests/lab/test_models.
    y = [1.00, 3.01, 5.02, 7.02, 9.05, 11.00]
    result = analyse(x=[1, 2, 3, 4, 5, 6], y=y, model="successive-difference", y_unit="mm")
    assert result.measurand("b").value == pytest.approx(2.0044444)
    assert result.measurand("b").standard_uncertainty == pytest.approx(0.00587945, rel=1e-5)
    assert codes(result) == ["few-points"]
    # each of the three differences d over 3 mm has u = √2·0.06/√3 of x, felt as b/3 times that
    limit = {"x": 0.06}
    given = {"x": [1, 2, 3, 4, 5, 6], "y": y, "model": "successive-difference"}
    limited = analyse(**given, instrument=limit).measurand("b")
    u = math.hypot(0.00587945, 2.0044444 / 3 * 0.06 * math.sqrt(2 / 3) / math.sqrt(3))
    assert limited.standard_uncertainty == pytest.approx(u, rel=1e-5)
    known = analyse(**given, u_y=[0.01], u_x=[0.02]).measurand("b")
    u = math.hypot(0.01, 2.0044444 * 0.02) * math.sqrt(2 / 3) / 3
    assert known.standard_uncertainty == pytest.approx(u, rel=1e-6)
    odd = analyse(x=list(range(9)), y=[2.0 * v for v in range(9)], model="successive-difference")
    found = [(c.code, c.index) for c in odd.warnings]
    assert found == [("no-scatter", None), ("unused", 4)]


def test_two_points_make_a_line_without_uncertainty() -> None:
    result = analyse(x=[1, 2], y=[3, 5])
    assert codes(result) == ["no-measurand"]
    assert result.measurands == []
    assert result.fit("fit").parameters[1].value == pytest.approx(2)
    assert analyse(x=[1, 2], y=[3, 5], u_y=[0.1]).measurands


BAD: list[tuple[dict[str, Any], str, int | None]] = [
    ({"x": [1, 2], "y": [1]}, "y", None),
    ({"x": [1, 2, 3], "y": [1, 2, 3], "u_y": [0.1, 0.2]}, "u_y", None),
    ({"x": [1, 2, 3], "y": [1, 2, 3], "u_x": [0.1], "model": "power"}, "u_x", None),
    ({"x": [1, 2, 3], "y": [1, 2, 3], "u_y": [0.1], "instrument": {"y": 1}}, "u_y", None),
    ({"x": [1], "y": [1]}, "x", None),
    ({"x": [2, 2, 2], "y": [1, 2, 3]}, "x", None),
    ({"x": [0, 0], "y": [1, 2], "model": "proportional"}, "x", None),
    ({"x": [1, 2, -3, 4], "y": [1, 2, 3, 4], "model": "power"}, "x", 2),
    ({"x": [1, 0, 3, 4], "y": [1, 2, 3, 4], "model": "logarithm"}, "x", 1),
    ({"x": [1, 2, 3, 4], "y": [1, 2, 3, 4], "model": "gaussian"}, "x", None),
    ({"x": [1, 2, 3, 4], "y": [1, 2, 3, 4], "model": "sine"}, "x", None),
    ({"x": [1, 2, 1, 2, 1, 2], "y": [1, 2, 3, 4, 5, 6], "model": "sine"}, "x", None),
    ({"x": [1, 2, 3], "y": [1, 2, 3], "model": "polynomial", "degree": 3}, "x", None),
    ({"x": [1, 2, 3], "y": [1, 2, 3], "model": "successive-difference"}, "x", None),
    ({"x": [1, 2, 3, 4], "y": [1, 2, 3, 4], "model": "peaks"}, "x", None),
]


@pytest.mark.parametrize(("readings", "field", "index"), BAD)
def test_bad_readings_are_refused_before_anything_is_stored(
    readings: dict[str, Any], field: str, index: int | None
) -> None:
    with pytest.raises(ReadingError) as caught:
        msgspec.convert(readings, fit.Columns)
    assert (caught.value.field, caught.value.index) == (field, index)


@pytest.mark.parametrize(
    "more",
    [
        {"model": "cubic"},
        {"degree": 11},
        {"u_y": [0]},
        {"x_label": "a\nb"},
        {"y_unit": "m" * 21},
        {"x": [1, 2, "3"]},
        {"x": [1, 2, 1e300]},
    ],
)
def test_values_out_of_range_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        analyse(**{"x": [1, 2, 3], "y": [1, 2, 3], **more})


def test_unequal_steps_are_refused_with_their_index() -> None:
    with pytest.raises(ReadingError) as caught:
        analyse(x=[1, 2, 3, 4, 6, 7], y=[1, 2, 3, 4, 5, 6], model="successive-difference")
    assert (caught.value.field, caught.value.index) == ("x", 4)


def data(model: str, n: int, random: np.random.Generator) -> tuple[Array, Array, dict[str, float]]:
    """Readings of a model with known truth and a noise of some per cent."""
    x = np.linspace(0.5, 8.0, n)
    noise = random.normal(0, 0.05, n)
    wave = np.sin(TAU * 0.45 * x + 0.6)
    truths: dict[str, tuple[Array, dict[str, float]]] = {
        "line": (2 + 0.5 * x, {"a": 2, "b": 0.5}),
        "proportional": (0.5 * x, {"b": 0.5}),
        "polynomial": (1 + 2 * x - 0.3 * x**2, {"c₀": 1, "c₁": 2, "c₂": -0.3}),
        "power": (1.5 * x**1.4, {"A": 1.5, "B": 1.4}),
        "exponential": (5 * np.exp(-0.4 * x), {"A": 5, "B": -0.4, "τ": 2.5}),
        "logarithm": (1 + 2 * np.log(x), {"A": 1, "B": 2}),
        "gaussian": (3 * np.exp(-((x - 4) ** 2) / 2 / 1.1**2) + 1, {"A": 3, "μ": 4, "σ": 1.1}),
        "sine": (2 * wave + 1, {"A": 2, "f": 0.45, "φ": 0.6, "C": 1}),
        "damped-sine": (4 * np.exp(-0.3 * x) * wave + 1, {"A": 4, "β": 0.3, "f": 0.45, "φ": 0.6}),
        "successive-difference": (2 + 0.5 * x, {"b": 0.5}),
        "peaks": (2 * wave + 1, {}),
    }
    y, truth = truths[model]
    return np.round(x, 6), np.round(y + noise, 3), truth


@pytest.mark.slow
def test_the_interval_covers_the_truth_and_sound_readings_raise_nothing() -> None:
    """2,000 sets, 200 of each of ten models, half of them with known u: each model within 3.2
    standard deviations of 95 %, all together within 1.5 %."""
    random = np.random.default_rng(31415)
    covered, asked, alarmed, count = 0, 0, 0, 0
    for model in MODELS:
        if model == "peaks":
            continue
        hits: dict[str, int] = {}
        for number in range(200):
            x, y, truth = data(model, 30, random)
            known: dict[str, Any] = {"u_y": [0.05]} if number % 2 else {}
            result = analyse(x=x.tolist(), y=y.tolist(), model=model, **known)
            for symbol, value in truth.items():
                found = result.measurand(symbol)
                inside = abs(found.value - value) <= found.expanded_uncertainty
                hits[symbol] = hits.get(symbol, 0) + inside
            alarmed += bool(result.warnings)
            count += 1
        for symbol, inside_count in hits.items():
            assert abs(inside_count / 200 - 0.95) < 0.05, (model, symbol)
        covered += sum(hits.values())
        asked += 200 * len(hits)
    assert count == 2000
    assert abs(covered / asked - 0.95) <= 0.015
    assert alarmed / count <= 0.01


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("n", [12, 5000])
def test_any_length_is_analysed_and_drawn_in_time(model: str, n: int) -> None:
    x, y, truth = data(model, n, np.random.default_rng(2))
    body = json.dumps({"x": x.tolist(), "y": y.tolist(), "model": model, "x_unit": "s"})
    began = time.perf_counter()
    result, figures = work.run(fit.function, decode(body.encode(), fit.Columns))
    images = [work.draw(figure, "png") for figure in figures.values()]
    assert time.perf_counter() - began < 8
    assert sum(map(len, images)) * 4 / 3 + len(msgspec.json.encode(result.measurands)) < 1000 * 1024
    for symbol, value in truth.items():
        found = result.measurand(symbol)
        assert abs(found.value - value) < 6 * found.standard_uncertainty, symbol


@pytest.mark.parametrize("model", ["power", "exponential", "gaussian", "sine", "damped-sine"])
@pytest.mark.parametrize("kind", ["noise", "step", "line", "constant"])
def test_readings_of_no_such_curve_end_soon(model: str, kind: str) -> None:
    """A result or a sentence, and no waiting, for 5,000 readings that are something else."""
    x = np.linspace(1.0, 9.0, 5000)
    readings = {
        "noise": np.random.default_rng(1).normal(0, 1, x.size),
        "step": np.where(x > 5, 1.0, 0.0),
        "line": 2 * x,
        "constant": np.full(x.size, 3.0),
    }
    body = {"x": x.tolist(), "y": readings[kind].tolist(), "model": model, "offset": "with"}
    began = time.perf_counter()
    try:
        work.run(fit.function, decode(json.dumps(body).encode(), fit.Columns))
    except ReadingError as refusal:
        assert refusal.message  # noqa: PT017
    assert time.perf_counter() - began < 8


def test_texts_of_the_student_are_drawn_as_text() -> None:
    """Markup, emoji, right-to-left marks and long names are neither interpreted nor overlap."""
    texts = {
        "title": "$\\frac{1}{2}$ <script> 😀 \u202eabc",
        "x_label": "电压 U_{max} %s {0} " + "长" * 18,
        "x_unit": "V·m⁻¹·kg^2",
        "y_label": "\u0627\u0644\u062a\u064a\u0627\u0631 𝑰",
        "y_unit": "µA/√Hz",
    }
    readings = decode(
        json.dumps({"x": [1, 2, 3, 4], "y": [1.1, 2.0, 2.9, 4.1], **texts}).encode(), fit.Columns
    )
    _, figures = work.run(fit.function, readings)
    drawn = " ".join(text for text, _ in drawing.text_boxes(figures["fit"]))
    assert "$\\frac{1}{2}$ <script>" in drawn
    assert work.draw(figures["fit"], "png")[:4] == b"\x89PNG"
    assert fit.Columns(x=[1.0, 2.0], y=[1.0, 2.0], x_label="  ").axis("x") == "x"


@pytest.mark.parametrize("path", fit.function.sample_paths, ids=lambda path: path.stem)
def test_the_samples_are_sound(path: Any) -> None:
    result, _ = work.run(fit.function, decode(path.read_bytes(), fit.Columns))
    assert result.measurands
    assert set(codes(result)) <= {"few-points"}


CASES = Path(__file__).parent / "reference" / "fits.json"


def case(name: str) -> fit.Curve:
    """Readings of others, whose source stands beside them."""
    found = json.loads(CASES.read_text())[name]
    assert found["source"]
    return fit.analyse(msgspec.convert(found["readings"], fit.Columns))


def by_symbol(result: fit.Curve) -> dict[str, tuple[float, float]]:
    return {m.symbol: (m.value, m.standard_uncertainty) for m in result.measurands}


def codes_of(result: fit.Curve) -> list[str]:
    return [caution.code for caution in result.warnings]


def test_a_constant_of_an_exponential_is_found_by_the_data_and_said() -> None:
    """A discharge (Dortmund): published A, B, C with u; a cooling of eight points, true τ 600."""
    found = by_symbol(result := case("rc-dortmund-auto"))
    expected = {"A": (1.45089, 0.0236), "B": (-2.10738, 0.0673), "C": (-0.90289, 0.0262)}
    for symbol, (value, u) in expected.items():
        assert found[symbol] == pytest.approx((value, u), rel=2e-3), symbol
    assert found["τ"][0] == pytest.approx(0.4745, abs=1e-4)
    assert codes_of(result) == ["offset"]
    cooling = case("exp-cooling-short")
    (tau,) = [m for m in cooling.measurands if m.symbol == "τ"]
    assert abs(tau.value - 600) < tau.expanded_uncertainty
    assert codes_of(cooling) == ["offset"]


def test_differences_that_agree_are_known_to_the_last_digit() -> None:
    found = by_symbol(result := case("sd-exact8"))
    # Four differences of two readings each known to 0.05/√3, over four steps.
    u = 0.05 / math.sqrt(3) * math.sqrt(2) / math.sqrt(4) / 4
    assert found["b"] == pytest.approx((0.25, u))
    assert codes_of(result) == ["no-scatter"]


def test_two_blocks_of_newtons_rings() -> None:
    """Rings 45 … 40 and 25 … 20: mean of six differences 46.7557 mm², u 0.127; 2.33778 an order."""
    found = by_symbol(case("newton-rings"))
    assert found["d̄"] == pytest.approx((46.7557, 0.127), rel=3e-3)
    assert found["b"] == pytest.approx((2.33778, 0.127 / 20), rel=3e-3)
    assert "Δy" not in found


def test_a_pattern_of_residuals_is_seen() -> None:
    """A Hall voltage with S-shaped residuals: b 135.425, u 1.168, Durbin-Watson 0.40."""
    found = by_symbol(result := case("hall-theissel"))
    assert found["b"] == pytest.approx((135.425, 1.168), rel=1e-4)
    assert codes_of(result) == ["residual-pattern"]


def test_frequencies_in_hertz_are_taken() -> None:
    """Stopping potentials: 4.088227e-15 V/Hz and -1.731236 V, by NumPy's polyfit with its u."""
    result = case("photo-newman-hz")
    readings = json.loads(CASES.read_text())["photo-newman-hz"]["readings"]
    x = np.array(readings["x"]) / 1e15
    (slope, offset), covariance = np.polyfit(x, readings["y"], 1, cov=True)
    found = by_symbol(result)
    assert found["b"] == pytest.approx((slope / 1e15, math.sqrt(covariance[0, 0]) / 1e15), rel=1e-6)
    assert found["a"] == pytest.approx((offset, math.sqrt(covariance[1, 1])), rel=1e-6)
    assert found["b"][0] == pytest.approx(4.088227e-15, rel=1e-6)


def test_rounding_is_no_value() -> None:
    found = by_symbol(result := case("poly-exact"))
    assert [found[symbol][0] for symbol in ("c₀", "c₁", "c₂")] == [0, 0, 1]
    assert min(u for _, u in found.values()) > 0.05
    assert "no-scatter" in codes_of(result)


def test_published_fits_stay_right() -> None:
    found = by_symbol(case("qtt809"))
    for symbol, expected in {
        "A": (0.22249, 0.0058),
        "f": (0.161291, 0.0045),
        "φ": (1.5636, 0.026),
        "C": (0.57075, 0.0069),
    }.items():
        assert found[symbol] == pytest.approx(expected, rel=0.01), symbol
    (slip,) = [c for c in case("ucas-hall-slip").warnings if c.code == "decimal-slip"]
    assert (slip.field, slip.index) == ("y", 5)
    assert "128.7" in slip.message
