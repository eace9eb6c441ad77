"""The air wedge against a published sheet, and by hand."""

import pytest

from tests.functions.declared import analysed, sample, typed


def test_the_published_thickness() -> None:
    """laonuo2004/BIT_Physics_experiments: D = 30.619 μm, u = 0.356 μm from the scatter alone."""
    tight = dict.fromkeys(("e_1", "e_2", "x_1", "x_2"), 5e-6)
    found = analysed("wedge", {**sample("wedge-lengths"), "instrument": tight}).measurand("D")
    assert typed(found.value, 5) == 30.619
    assert found.standard_uncertainty == pytest.approx(0.356, abs=5e-4)


def test_the_positions_of_the_same_fringes() -> None:
    """Differences of two steps: 17.175 and 16.62 mm over 60 fringes; L = 29.0952 mm."""
    found = analysed("wedge", sample("wedge")).measurand("D")
    spacing = (17.175 + 16.62) / 2 / 60
    assert found.value == pytest.approx(589.3e-3 * 29.0952 / (2 * spacing), rel=1e-9)


def test_the_uncertainty_by_hand() -> None:
    """L = 40 mm, four fringes at 0, 1, 2, 3 mm: Δx = 1 mm, D = 11.786 μm; only limits act.

    u(L) = 0.005 √2/√3 mm; two differences at distance 2: u(Δx) = 0.005/√3·√(2/2)/2 mm.
    """
    readings = {"e_1": [0], "e_2": [40], "k": [0, 1, 2, 3], "x": [0, 1, 2, 3]}
    found = analysed("wedge", {"method": "positions", **readings}).measurand("D")
    relative = ((0.005 * 2**0.5 / 40) ** 2 / 3 + (0.005 / 2) ** 2 / 3) ** 0.5
    assert found.value == pytest.approx(11.786)
    assert found.standard_uncertainty == pytest.approx(11.786 * relative, rel=1e-6)


def test_the_uncertainty_of_lengths_by_hand() -> None:
    """L = 40 mm, N = 30 over 10 mm: D = 35.358 μm; each length is of two readings of 0.005 mm."""
    readings = {"e_1": [0], "e_2": [40], "x_1": [5], "x_2": [15]}
    found = analysed("wedge", {"method": "lengths", **readings}).measurand("D")
    relative = 0.005 * (2 / 3) ** 0.5 * (1 / 40**2 + 1 / 10**2) ** 0.5
    assert found.value == pytest.approx(35.358)
    assert found.standard_uncertainty == pytest.approx(35.358 * relative, rel=1e-6)
