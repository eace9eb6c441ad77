"""Transients against readings of a public report (HITSZ-OpenAuto/PHYS1002) and exact decays."""

import math

import pytest

from tests.functions.declared import analysed


def test_an_exact_decay() -> None:
    """τ = 2 s over 1000 + 50 Ω: 1904.76 μF; only the limits of t and U, the line's own spread."""
    times = [0.0, 1.0, 2.0, 3.0, 4.0]
    readings = {"method": "decay", "R": 1000.0, "r": 50.0, "t": times}
    readings["U"] = [8 * math.exp(-t / 2) for t in times]
    found = analysed("rlc_transient", {**readings, "instrument": {"t": 0.02, "U": 1e-9, "R": 1.0}})
    tau = found.measurand("τ")
    assert tau.value == pytest.approx(2)
    # u(slope) = (1/τ)·(Δt/√3)/√Σ(t - t̄)²; u(τ) = τ²·u(slope)
    u = 2 * 0.02 / math.sqrt(3) / math.sqrt(10)
    assert tau.standard_uncertainty == pytest.approx(u, rel=1e-3)
    capacity = found.measurand("C")
    assert capacity.value == pytest.approx(2e6 / 1050)
    share = math.hypot(u / 2, 1.0 / math.sqrt(3) / 1050)
    assert capacity.standard_uncertainty == pytest.approx(capacity.value * share, rel=1e-3)


def test_half_lives_of_a_report() -> None:
    """10 mH over 1000 + 56.5 Ω has τ = 9.47 μs, measured 9.2: L = 9.72 mH."""
    readings = {"method": "half-life", "R": 1000.0, "r": 56.5, "T": [9.2 * math.log(2)]}
    found = analysed("rlc_transient", readings)
    assert found.measurand("τ").value == pytest.approx(9.2)
    inductance = found.measurand("L")
    assert inductance.value == pytest.approx(9.7198)
    share = math.hypot(0.2 / (9.2 * math.log(2)), 1 / 1056.5) / math.sqrt(3)
    assert inductance.standard_uncertainty == pytest.approx(inductance.value * share, rel=1e-6)
