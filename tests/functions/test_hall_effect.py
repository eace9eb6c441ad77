"""The Hall effect against a published sheet (laonuo2004/BIT_Physics_experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_sensitivity_and_density() -> None:
    """K_H = 13.0827 V/(A·T), n = 9.54269×10²⁰ m⁻³ there, as mean of V_H/(I_S B); here the slope.

    Both agree within the uncertainty; R_H = K_H d with d = 0.5 mm.
    """
    result = analysed("hall_effect", sample("hall-effect"))
    k = result.measurand("K_H")
    assert abs(k.value - 13.0827) < k.standard_uncertainty
    assert result.measurand("R_H").value == pytest.approx(k.value * 0.5e-3, rel=1e-12)
    n = result.measurand("n")
    assert n.value == pytest.approx(9.54269e20, rel=5e-3)
    assert n.value == pytest.approx(1 / (1.602176634e-19 * k.value * 0.5e-3), rel=1e-12)


def test_the_uncertainty_by_hand() -> None:
    """V_H = 1, 2, 3 mV at 1, 2, 3 mA exactly, 100 mT: only the limits act.

    Each V_H has the limit 0.01·√4/4 = 0.005 mV, I_S 0.01 mA; slope 1 Ω, Σ(x-x̄)² = 2 mA²:
    u(b)² = (0.005² + 0.01²)/3/2; u(B)/B = 1/100/√3.
    """
    volts = [1.0, 2.0, 3.0]
    turned = [-one for one in volts]
    readings = {"B": 100, "I": [1, 2, 3], "V_1": volts, "V_2": turned, "V_3": volts, "V_4": turned}
    k = analysed("hall_effect", readings).measurand("K_H")
    relative = ((0.005**2 + 0.01**2) / 6 + (0.01**2) / 3) ** 0.5
    assert k.value == pytest.approx(10.0, rel=1e-12)
    assert k.standard_uncertainty == pytest.approx(10 * relative, rel=1e-6)
