"""Focal lengths against a public sheet (laonuo2004/BIT_Physics_experiments)."""

import pytest

from tests.functions.declared import analysed, sample


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("thin-lens", 9.830363),
        ("thin-lens-conjugate", 9.89875),
        ("thin-lens-autocollimation", 9.853333),
    ],
)
def test_three_methods(name: str, published: float) -> None:
    found = analysed("thin_lens", sample(name)).measurand("f")
    assert found.value == pytest.approx(published, rel=1e-6)


def test_the_uncertainty_of_the_conjugate_method_by_hand() -> None:
    """L = 60.00, e = 34.99 cm: ∂f/∂L = (1 + e²/L²)/4 = 0.335021, ∂f/∂e = -e/(2L) = -0.291583.

    u(L)² = 2·0.05²/3, u(e)² = 2·0.2²/3.
    """
    found = analysed("thin_lens", sample("thin-lens-conjugate")).measurand("f")
    u = ((0.335021**2 * 0.05**2 + 0.291583**2 * 0.2**2) * 2 / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-5)
