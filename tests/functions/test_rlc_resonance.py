"""Series resonance against a public report (YiDingg/UCAS-BasicPhysicsExperiment)."""

import math

import pytest

from tests.functions.declared import analysed, sample


def test_published_qualities() -> None:
    """Q = 12.3462 by the bandwidth, and U_C/U = 5.5/0.463 = 11.879; U_L/U was 11.92."""
    found = analysed("rlc_resonance", sample("rlc-resonance"))
    assert found.measurand("Q").value == pytest.approx(2.2475 / 0.182)
    assert found.measurand("Q").value == pytest.approx(12.3462, rel=5e-4)
    assert found.measurand("Q_U").value == pytest.approx(11.9006, rel=3e-3)


def test_the_uncertainty_by_hand() -> None:
    found = analysed("rlc_resonance", sample("rlc-resonance"))
    band = math.hypot(0.005, 0.005) / 0.182
    u = 2.2475 / 0.182 * math.hypot(0.0025 / 2.2475, band) / math.sqrt(3)
    assert found.measurand("Q").standard_uncertainty == pytest.approx(u, rel=1e-3)
    capacity = 1e6 / (4 * math.pi**2 * 2247.5**2 * 0.1)
    assert found.measurand("C").value == pytest.approx(capacity)
    share = math.hypot(2 * 0.0025 / 2.2475, 0.01) / math.sqrt(3)
    assert found.measurand("C").standard_uncertainty == pytest.approx(capacity * share, rel=1e-3)
