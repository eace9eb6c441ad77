"""The prism against a public report (KillingVectorField/Physics-Experiments)."""

import pytest

from tests.functions.declared import analysed


def test_the_index_for_the_green_line() -> None:
    """A = 60.00556°, δ = 54.08056°: n = 1.678018 there."""
    readings = {"A": [60.00556], "delta": [54.0417, 54.075, 54.125]}
    assert analysed("prism", readings).measurand("n").value == pytest.approx(1.678018, rel=2e-6)


def test_the_uncertainty_by_hand() -> None:
    """A = δ = 60° read once: n = sin 60°/sin 30° = 1.7320508.

    ∂n/∂δ = cos 60°/(2 sin 30°) = 0.5; ∂n/∂A = 0.5 - n·cot 30°/2 = 0.5 - 1.5 = -1 per radian;
    u = 1′/√3 = 1.67944e-4 rad of each.
    """
    found = analysed("prism", {"A": [60.0], "delta": [60.0]}).measurand("n")
    assert found.value == pytest.approx(1.7320508, rel=1e-7)
    assert found.standard_uncertainty == pytest.approx(1.67944e-4 * (0.25 + 1) ** 0.5, rel=1e-5)
