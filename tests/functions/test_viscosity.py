"""The falling ball by hand, with readings of a tool's example (feixukeji/PhyX)."""

import pytest

from tests.functions.declared import analysed, sample


def test_the_viscosity_by_hand() -> None:
    """d̄ = 2.374167 mm, t̄ = 6.265 s: Stokes 0.664989 Pa·s over 1.063864·1.012285.

    (7.874 - 0.9552)·9.7947·2.374167²·6.265/(18·0.2)·1e-3 = 0.66476 Pa·s before the correction.
    """
    given = sample("viscosity")
    d, t = sum(given["d"]) / 6 * 1e-3, sum(given["t"]) / 6
    stokes = (7874 - 955.2) * 9.7947 * d * d * t / (18 * 0.2)
    corrected = stokes / ((1 + 2.4 * d / 0.08922) * (1 + 1.6 * d / 0.3092))
    found = analysed("viscosity", given).measurand("η")
    assert found.value == pytest.approx(corrected, rel=1e-9)
    assert found.value == pytest.approx(0.6173, rel=2e-3)


def test_a_ball_without_walls_is_uncertain_by_its_parts() -> None:
    """A tube of a metre: u/η of 2 d, t and l, each by its limit alone."""
    readings = {"d": [2.0, 2.0], "t": [10.0, 10.0], "l": 20.0, "D": 1e6, "H": 1e6}
    found = analysed("viscosity", readings).measurand("η")
    parts = [2 * 0.004 / 2, 0.2 / 10, 0.05 / 20]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-4)
