"""Newton's rings against published diameters and a radius, and by hand."""

import pytest

from tests.functions.declared import analysed, sample, typed


def test_the_diameters_of_a_published_table() -> None:
    """wzk1015/PhysicsExperiment: D₁₅ = 5.789 mm, D₆² = 14.24 mm²; R by 逐差 of five by hand.

    D² = 33.512521 … 14.235529 mm²; differences five rings apart over 4·589.3 nm·5.
    """
    given = sample("newton-rings")
    squares = [(b - a) ** 2 for a, b in zip(given["left"], given["right"], strict=True)]
    mean = sum(a - b for a, b in zip(squares[:5], squares[5:], strict=True)) / 25
    found = analysed("newton_rings", given)
    assert found.measurand("R").value == pytest.approx(mean / (4 * 589.3e-9) * 1e-6, rel=1e-9)


def test_the_radius_of_two_rings() -> None:
    """laonuo2004/BIT_Physics_experiments: rings 11 and 1, R = 0.95833 m; here as two blocks.

    D₁₁ = 27.8474 - 22.3008, D₁ = 26.509 - 23.6498 mm (means of five).
    """
    readings = {
        "k": [12, 11, 2, 1],
        "left": [22.3008, 22.3008, 23.6498, 23.6498],
        "right": [27.8474, 27.8474, 26.509, 26.509],
    }
    found = analysed("newton_rings", readings).measurand("R")
    assert typed(found.value, 5) == 0.95833


def test_the_uncertainty_by_hand() -> None:
    """D² = 4, 5, 6, 7 mm² exactly: only the limits, 2 D Δ √2 of each, as root mean square.

    Mean of D² is 5.5: Δ(D²) = 2 √5.5 · 0.005 √2 mm²; two differences at distance 2.
    """
    right = [k**0.5 for k in (4, 5, 6, 7)]
    readings = {"k": [1, 2, 3, 4], "left": [0, 0, 0, 0], "right": right}
    found = analysed("newton_rings", readings).measurand("R")
    u = 2 * 5.5**0.5 * 0.005 * 2**0.5 * (2 / 6) ** 0.5 / 2
    assert found.standard_uncertainty == pytest.approx(u / (4 * 589.3e-9) * 1e-6, rel=1e-6)
