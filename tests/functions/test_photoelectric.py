"""The photoelectric effect against a published sheet (laonuo2004/BIT_Physics_experiments)."""

import pytest

from tests.functions.declared import analysed, sample, typed


def test_h_and_its_uncertainty() -> None:
    """Printed with ν to four digits: slope 0.403842, intercept -1.48606 V, h = 6.46954×10⁻³⁴ J·s
    with e = 1.602×10⁻¹⁹ C.

    The standard error of h by the scatter alone is 0.0555888×10⁻³⁴ J·s.
    """
    given = sample("photoelectric")
    given["lam"] = [2997.92458 / nu for nu in (8.214, 7.408, 6.879, 5.49, 5.196)]
    given["instrument"] = {"U": 1e-9}
    result = analysed("photoelectric", given)
    h = result.measurand("h")
    ratio = 1.602 / 1.602176634
    assert typed(h.value * 1e34 * ratio, 6) == 6.46954
    assert h.standard_uncertainty * 1e34 * ratio == pytest.approx(0.05558881, rel=1e-4)
    assert typed(result.measurand("W").value, 5) == 1.4861
    assert result.measurand("ν₀").value == pytest.approx(1.486059 / 0.4038417 * 1e14, rel=1e-5)


def test_negative_voltages_are_the_same() -> None:
    given = sample("photoelectric")
    turned = {**given, "U": [-one for one in given["U"]]}
    assert analysed("photoelectric", turned) == analysed("photoelectric", given)
