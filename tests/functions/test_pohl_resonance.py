"""The pendulum of Pohl against a published report, and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_the_damping_of_a_published_report() -> None:
    """tc-imba/VP141, exercise 5: ω₀ = 4.034 rad/s, β = 0.063 s⁻¹; recomputed 0.06303798.

    u(β) there by its Δ = 1° on every ratio is 1.156e-3; here Δ/√3 and the scatter, 0.71e-3.
    """
    result = analysed("pohl_resonance", sample("pohl-resonance"))
    assert result.measurand("ω₀").value == pytest.approx(4.034342, abs=1e-6)
    beta = result.measurand("β")
    assert beta.value == pytest.approx(0.06303798, rel=1e-6)
    assert 0.5e-3 < beta.standard_uncertainty < 1e-3
    assert result.measurand("Q").value == pytest.approx(4.034342 / 2 / 0.06303798, rel=1e-6)


def test_the_phases_of_that_report() -> None:
    """The same pendulum, driven: the phases agree with its free frequency and its damping."""
    result = analysed("pohl_resonance", sample("pohl-resonance-phase"))
    omega, beta = result.measurand("ω₀"), result.measurand("β")
    assert abs(omega.value - 4.034342) < omega.standard_uncertainty
    assert abs(beta.value - 0.063038) < 2 * beta.standard_uncertainty


def test_the_damping_by_hand() -> None:
    """Amplitudes 160 e^(-i/10)°, T = 2 s: β = 0.05 s⁻¹; the ratios are two periods apart."""
    theta = [160 * math.exp(-i / 10) for i in range(4)]
    readings = {"method": "damping", "t_0": [20, 20], "t": [20, 20], "i": [0, 1, 2, 3]}
    exact = {"instrument": {"t": 1e-9, "t_0": 1e-9}}
    beta = analysed("pohl_resonance", readings | exact | {"theta": theta}).measurand("β")
    assert beta.value == pytest.approx(0.05, rel=1e-9)
    # Δ(ln θ) = 1°/θ; each of the four readings stands in the mean difference with 1/2
    u = (sum(1 / one**2 for one in theta) / 3) ** 0.5 / 2 / 2
    assert beta.standard_uncertainty == pytest.approx(u / 2, rel=1e-5)


def test_phases_by_hand() -> None:
    """ω₀ = 4 rad/s and β = 0.1 s⁻¹: phases of four drives, read either way round."""
    drives = [3.8, 3.9, 4.1, 4.2]
    phi = [math.degrees(math.atan2(0.2 * w, 16 - w**2)) for w in drives]
    readings = {"method": "phase", "t_0": [5 * math.pi], "t": [20 * math.pi / w for w in drives]}
    for sign in (1, -1):
        given = readings | {"phi": [sign * one for one in phi]}
        result = analysed("pohl_resonance", given)
        omega, beta = result.measurand("ω₀"), result.measurand("β")
        assert omega.value == pytest.approx(4, rel=1e-9)
        assert beta.value == pytest.approx(0.1, rel=1e-9)
        # u(b) by Δφ = 1° alone, y = ω cot φ moves by ω/sin² φ
        x = [w**2 for w in drives]
        middle = sum(x) / 4
        spread = sum((one - middle) ** 2 for one in x)
        moved = [
            w / math.sin(math.radians(p)) ** 2 * math.radians(1) * (one - middle) / spread
            for w, p, one in zip(drives, phi, x, strict=True)
        ]
        u_b = (sum(one**2 for one in moved) / 3) ** 0.5
        assert beta.standard_uncertainty == pytest.approx(2 * 0.1**2 * u_b, rel=1e-3)


def test_bad_readings() -> None:
    given = sample("pohl-resonance-phase")
    with pytest.raises(ReadingError):
        analysed("pohl_resonance", given | {"phi": [0.0, *given["phi"][1:]]})
    milliseconds = analysed("pohl_resonance", given | {"t": [1000 * t for t in given["t"]]})
    assert any("t" in one.message for one in milliseconds.warnings)
