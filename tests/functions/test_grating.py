"""The grating against two published sheets, and by hand."""

from math import pi, radians, tan

import pytest

from tests.functions.declared import analysed, sample, typed


@pytest.mark.parametrize(("order", "published"), [(1, 33395.9), (2, 33402.9), (3, 33386.1)])
def test_the_constant_from_each_order(order: int, published: float) -> None:
    """mengkl/Data-Processing-of-College-Physics-Experiments-in-whut: d₁, d₂, d₃ in Å.

    The sample has the minutes as decimals of four places.
    """
    given = sample("grating-constant")
    rows = [i for i, k in enumerate(given["k"]) if k == order]
    own = {n: [v[i] for i in rows] if isinstance(v, list) else v for n, v in given.items()}
    found = analysed("grating", own).measurand("d")
    assert found.value * 10 == pytest.approx(published, rel=1e-5)


def test_a_constant_with_its_typed_wavelength() -> None:
    """laonuo2004/BIT_Physics_experiments: 3.31846 µm, from 541.6 nm typed for 546.1 nm."""
    found = analysed("grating", {**sample("grating"), "lam_0": 541.6}).measurand("d")
    assert typed(found.value, 6) == 3318.46


def test_the_wavelength_of_a_line() -> None:
    """The same sheet, with its d: 572.477 nm for the second yellow line."""
    readings = {**sample("grating-wavelength-minutes"), "d": 3318.46}
    found = analysed("grating", readings).measurand("λ")
    assert found.value == pytest.approx(572.477, abs=0.001)


def test_across_zero_and_the_uncertainty_by_hand() -> None:
    """30° and 330° are 60° apart: φ = 30°, d = 2·546.07 nm; u(d)/d = u(φ)/tan φ.

    φ is a quarter of the sum of four readings of 1′: u(φ) = (1′/√3)·√4/4.
    """
    angles = {"l_1": [30], "l_2": [210], "r_1": [330], "r_2": [150]}
    found = analysed("grating", {"method": "constant", "k": [1], **angles}).measurand("d")
    assert found.value == pytest.approx(2 * 546.07)
    u = pi / 180 / 60 / 3**0.5 / 2 / tan(radians(30))
    assert found.standard_uncertainty == pytest.approx(found.value * u, rel=1e-6)


def test_the_uncertainty_of_a_wavelength_by_hand() -> None:
    """The same angles with d = 1000 nm, Δ = 2 nm, in degrees and minutes: λ = 500 nm."""
    degrees = {"l_1": [29], "l_2": [210], "r_1": [330], "r_2": [150]}
    minutes = {"l_3": [60], "l_4": [0], "r_3": [0], "r_4": [0]}
    readings = {"method": "wavelength-minutes", "d": 1000, "k": [1], **degrees, **minutes}
    found = analysed("grating", readings).measurand("λ")
    assert found.value == pytest.approx(500)
    u = pi / 180 / 60 / 3**0.5 / 2 / tan(radians(30))
    assert found.standard_uncertainty == pytest.approx(500 * (u**2 + 0.002**2 / 3) ** 0.5, rel=1e-6)
