"""Measurands against the worked examples of the GUM and of NIST.

Data and results in ``reference/gum``: JCGM 100:2008, Annexes H.1, H.2 and H.5, and NIST Technical
Note 1900, Example E13.
"""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from GTC import multiple_ureal, result, type_a, ureal
from GTC import reporting as gtc_reporting
from GTC.core import cos, get_correlation, sin

from functions._lab.errors import ReadingError, ResultError
from functions._lab.measurand import (
    budget,
    constant,
    coverage_factor,
    degrees_of_freedom,
    grouped_mean,
    limit,
    measurand,
    repeated,
)

REFERENCE = Path(__file__).parent / "reference" / "gum"


def _worked(name: str) -> dict[str, Any]:
    return dict(json.loads((REFERENCE / name).read_text(encoding="utf-8")))


def test_gum_h1_end_gauge() -> None:
    """GUM H.1: l = 50.000 838 mm, u_c = 32 nm (first order), ν_eff = 16, U99 = 93 nm."""
    worked = _worked("H1_end_gauge.json")
    given, expected = worked["inputs"], worked["expected"]
    root3 = math.sqrt(3)
    standard = ureal(given["ls"]["x"], given["ls"]["u"], 18, label="ls")
    d0, d1, d2 = (
        ureal(given[n]["x"], given[n]["u"], given[n]["dof"], label=n) for n in ("d0", "d1", "d2")
    )
    alpha_s = constant(given["alpha_s"]["x"], 2e-6 / root3, "alpha_s")
    d_alpha = constant(0.0, 1e-6 / root3, "d_alpha", 50)
    d_theta = constant(0.0, 0.05 / root3, "d_theta", 2)
    theta = constant(-0.1, 0.2, "theta_bar") + constant(0.0, 0.5 / math.sqrt(2), "Delta")
    length = standard + d0 + d1 + d2 - standard * (d_alpha * theta + alpha_s * d_theta)

    found = measurand("端度规长度", "l", "nm", length)
    assert found.value == pytest.approx(expected["l_nm"], abs=0.5)
    assert found.standard_uncertainty == pytest.approx(expected["u_c_first_order_nm"], abs=0.5)
    nu = found.degrees_of_freedom
    assert nu is not None
    assert math.floor(nu) == expected["nu_eff_GUM"]
    k99 = coverage_factor(math.floor(nu), 0.99)
    assert k99 == pytest.approx(expected["t_99"], abs=0.005)
    assert k99 * found.standard_uncertainty == pytest.approx(expected["U99_nm"], abs=0.8)

    lines = {line.name: line for line in found.budget}
    for name, contribution in expected["budget_nm"].items():
        assert lines[name].contribution == pytest.approx(contribution, abs=0.06), name
    assert lines["d_theta"].type == "B"
    assert lines["d_theta"].degrees_of_freedom == 2
    assert lines["d0"].type == "A"
    assert lines["d_theta"].sensitivity_coefficient == pytest.approx(-50000623 * 1.15e-5)


def test_gum_h2_impedance() -> None:
    """GUM H.2: R, X and Z from five simultaneous readings, correlated inputs and outputs."""
    worked = _worked("H2_R_X_Z.json")
    data, expected = worked["data"], worked["expected"]
    V, current, phase = type_a.multi_estimate_real(
        [data["V_volt"], data["I_ampere"], data["phi_rad"]], labels=("V", "I", "φ")
    )
    Z = V / current
    outputs = {"R": result(Z * cos(phase)), "X": result(Z * sin(phase)), "Z": result(Z)}
    for name, estimate in outputs.items():
        found = measurand("阻抗", name, "Ω", estimate)
        assert found.value == pytest.approx(expected[name]["x"], abs=6e-4)
        assert found.standard_uncertainty == pytest.approx(expected[name]["u"], abs=6e-4)
        assert found.degrees_of_freedom == pytest.approx(4)
        (line,) = found.budget
        assert line.type == "A"
        assert line.contribution == pytest.approx(found.standard_uncertainty, rel=1e-12)
        assert line.degrees_of_freedom == 4
    for pair, r in expected["r_out"].items():
        one, other = pair.split(",")
        assert get_correlation(outputs[one], outputs[other]) == pytest.approx(r, abs=1e-3)


def test_gum_h5_between_days() -> None:
    """GUM H.5: s(V̄_j) = 57 μV, s(V_jk) = 85 μV, F = 2.25; u = 18 μV or pooled 13 μV."""
    worked = _worked("H5_anova.json")
    data, expected = worked["data"], worked["expected"]
    spreads = [1e-6 * s for s in data["s_uV"]]
    found = grouped_mean(data["mean_V"], spreads, data["K_per_day"])
    assert found.mean.x == pytest.approx(expected["grand_mean_V"], abs=5e-7)
    assert found.between * 1e6 == pytest.approx(expected["s_between_uV"], abs=0.5)
    assert found.within * 1e6 == pytest.approx(expected["s_within_uV"], abs=0.5)
    assert found.f_ratio == pytest.approx(expected["F"], abs=expected["F_tolerance"])
    # H.5.2.3: significant at 5 % but not at 2.5 % (F 0.95 = 2.12, F 0.975 = 2.45).
    assert 0.025 < found.f_probability < 0.05
    assert found.mean.u * 1e6 == pytest.approx(18, abs=0.5)
    assert found.mean.df == 9
    pooled = grouped_mean(data["mean_V"], spreads, 5, between_groups=False).mean
    assert pooled.u * 1e6 == pytest.approx(13, abs=0.5)
    assert pooled.df == 49


def test_nist_thermal_expansion() -> None:
    """NIST TN 1900 E13: α = (L1 - L0)/(L0 (T1 - T0)), four inputs with ν = 3 each."""
    worked = _worked("NIST_TN1900_E13_expansion.json")
    values = {
        name: ureal(i["x"], i["u"], i["df"], label=name) for name, i in worked["inputs"].items()
    }
    L0, L1, T0, T1 = (values[name] for name in ("L0", "L1", "T0", "T1"))
    found = measurand("线膨胀系数", "α", "1/K", (L1 - L0) / (L0 * (T1 - T0)))
    assert found.value == pytest.approx(worked["expected"]["x"], abs=1e-9)
    expected_u = worked["expected"]["u_gum_t_scaled"]
    assert found.standard_uncertainty == pytest.approx(expected_u, abs=0.006e-6)
    assert found.standard_uncertainty == pytest.approx(worked["expected"]["u_mc"], rel=0.02)
    assert found.budget[0].name == "L1"


def test_type_a_and_b_of_repeats() -> None:
    """Five readings 2.00 2.02 1.98 2.01 1.99, Δ = 0.03: s = 0.0158114, u_A = 0.0070711, ν = 4;
    u_B = 0.0173205; u = 0.0187083 = √0.00035, ν_eff = 4·(0.00035/0.00005)² = 196."""
    found = measurand(
        "长度", "l", "cm", repeated([2.00, 2.02, 1.98, 2.01, 1.99], limit=0.03, label="l")
    )
    assert found.value == pytest.approx(2.0)
    assert found.standard_uncertainty == pytest.approx(math.sqrt(0.00035))
    assert found.degrees_of_freedom == pytest.approx(196.0)
    assert [(i.name, i.type) for i in found.budget] == [("l 仪器误差限", "B"), ("l 重复测量", "A")]
    assert [i.degrees_of_freedom for i in found.budget] == [None, 4]
    assert found.budget[1].contribution == pytest.approx(math.sqrt(0.00005))


def test_single_reading() -> None:
    """One reading has only the instrument's uncertainty, and none at all without its limit."""
    assert repeated([1.2], limit=0.3).u == pytest.approx(0.1732051, rel=1e-6)
    with pytest.raises(ReadingError) as caught:
        repeated([1.2], field="distance")
    assert caught.value.field == "distance"
    with pytest.raises(ReadingError):
        repeated([], field="distance")


@pytest.mark.parametrize(
    ("dof", "k"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (None, 1.960)],
)
def test_coverage_factor(dof: float | None, k: float) -> None:
    """Table G.2 of JCGM 100:2008, column 95 %."""
    assert coverage_factor(dof) == pytest.approx(k, abs=6e-4)


def test_budget_adds_in_quadrature() -> None:
    """Correlated influences are one line; equal labels are one line; nothing is lost."""
    a, b = multiple_ureal([1.0, 2.0], [0.1, 0.2], 5, label_seq=["a", "b"])
    a.set_correlation(-0.9, b)
    independent = constant(3.0, 0.1, "c")
    y = a * b + independent + sum(limit(0.1, "U") for _ in range(4))
    lines = {line.name: line for line in budget(y)}
    # By hand: c_a = 2, c_b = 1: 0.2² + 0.2² - 2·0.9·0.2·0.2 = 0.008.
    assert lines["a、b"].contribution == pytest.approx(math.sqrt(0.008))
    assert lines["a、b"].degrees_of_freedom == 5
    # Four independent limits: √4·0.1/√3, each with u = 0.1/√3.
    assert lines["U 仪器误差限"].contribution == pytest.approx(0.2 / math.sqrt(3))
    assert lines["U 仪器误差限"].standard_uncertainty == pytest.approx(0.1 / math.sqrt(3))
    assert lines["U 仪器误差限"].sensitivity_coefficient == pytest.approx(2.0)
    total = math.sqrt(math.fsum(line.contribution**2 for line in lines.values()))
    assert total == pytest.approx(y.u, rel=1e-12)
    for line in lines.values():
        product = abs(line.sensitivity_coefficient) * line.standard_uncertainty
        assert product == pytest.approx(line.contribution)
    assert budget(y)[0].name == "U 仪器误差限"


def test_correlation_without_ensemble() -> None:
    """Type-B influences with infinite ν may be correlated directly."""
    a = ureal(1.0, 0.3, label="a", independent=False)
    b = ureal(1.0, 0.4, label="b", independent=False)
    a.set_correlation(1.0, b)
    (line,) = budget(a + b)
    assert line.contribution == pytest.approx(0.7)
    assert line.type == "B"


def test_reference() -> None:
    """E = 1.586(22)e-19 against the exact e: -1.02 %, Eₙ = -0.0163/0.0713."""
    estimate = ureal(1.586333e-19, 0.0224e-19, 3, label="e")
    found = measurand("元电荷", "e", "C", estimate, reference=(1.602176634e-19, 0.0, "CODATA"))
    assert found.display == "e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)"
    assert found.reference is not None
    assert found.reference.relative_deviation == pytest.approx(-0.0098888, rel=1e-4)
    expanded = 3.182446 * 0.0224e-19
    assert found.reference.normalized_error == pytest.approx(-0.015843634e-19 / expanded, rel=1e-5)
    inexact = measurand("元电荷", "e", "C", estimate, reference=(1.6e-19, 0.01e-19, "某手册"))
    assert inexact.reference is not None
    spread = math.hypot(expanded, 1.959964 * 0.01e-19)
    assert inexact.reference.normalized_error == pytest.approx(-0.013667e-19 / spread, rel=1e-4)


def test_no_uncertainty() -> None:
    """An exact number: ν and Eₙ undefined, U = 0."""
    found = measurand("常数", "c", "m/s", constant(3.0, 0.0, "c"), reference=(2.0, 0.0, "定义"))
    assert (found.expanded_uncertainty, found.degrees_of_freedom) == (0.0, None)
    assert found.reference is not None
    assert found.reference.normalized_error is None
    x = ureal(1.0, 0.1, 4, label="x")
    assert degrees_of_freedom(x - x) is None


def test_not_finite() -> None:
    """Infinity is refused, not reported."""
    with pytest.raises(ResultError):
        measurand("量", "q", "1", ureal(1e308, 1e300, 3) * 1e10)


def test_degrees_of_freedom_match_gtc() -> None:
    """The k of the report is the one GTC gives for the same ν."""
    y = ureal(1.0, 0.1, 3) * ureal(2.0, 0.3, 7) + ureal(0.0, 0.1)
    assert measurand("量", "y", "1", y).coverage_factor == gtc_reporting.k_factor(y.df)
