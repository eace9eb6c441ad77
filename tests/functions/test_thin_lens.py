"""Focal lengths of thin lenses against a published sheet, and by hand."""

import pytest

from tests.functions.declared import analysed, sample, typed

SHEET = {"thin-lens": 9.83036, "thin-lens-autocollimation": 9.85333, "thin-lens-conjugate": 9.89875}
"""laonuo2004/BIT_Physics_experiments, 薄透镜焦距测量: f in cm as printed."""


@pytest.mark.parametrize("name", SHEET)
def test_the_published_focal_lengths(name: str) -> None:
    found = analysed("thin_lens", sample(name)).measurand("f")
    assert typed(found.value, 6) == SHEET[name]


def test_the_uncertainty_of_the_conjugate_method_by_hand() -> None:
    """D = 60 cm, d = 34.99 cm: ∂f/∂D = (1 + d²/D²)/4 = 0.335020, ∂f/∂d = -d/(2D) = -0.291583.

    u(D) = 0.1/√3 cm; d = 34.89, 34.99, 35.09 cm: s = 0.1 cm, and 0.2 cm twice for all rows alike.
    """
    found = analysed("thin_lens", sample("thin-lens-conjugate")).measurand("f")
    u_d = (0.1**2 / 3 + 2 * 0.2**2 / 3) ** 0.5
    u = ((0.335020 * 0.1) ** 2 / 3 + (0.291583 * u_d) ** 2) ** 0.5
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-5)


def test_the_uncertainty_of_object_and_image_by_hand() -> None:
    """u = v = 20 cm twice: f = 10 cm and ∂f/∂u = ∂f/∂v = 1/4, so the lens does not matter at all.

    Object: 0.05/4; screen: 0.2/4; both over √3, the same in each row.
    """
    readings = {"method": "object_image", "o": [0, 5], "c": [20, 25], "s": [40, 45]}
    found = analysed("thin_lens", readings).measurand("f")
    assert found.value == pytest.approx(10)
    assert found.standard_uncertainty == pytest.approx((0.05**2 + 0.2**2) ** 0.5 / 4 / 3**0.5)


def test_the_uncertainty_of_autocollimation_by_hand() -> None:
    """f = 9.9, 9.78, 9.88 cm: s = 0.064291 cm; 0.05 and 0.2 cm act on all rows alike."""
    found = analysed("thin_lens", sample("thin-lens-autocollimation")).measurand("f")
    u = (0.064291**2 / 3 + (0.05**2 + 0.2**2) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-5)
