"""The width of a slit against a published report, and by hand."""

import pytest

from tests.functions.declared import analysed, sample, typed


def test_the_published_widths() -> None:
    """KillingVectorField/Physics-Experiments, 实验二十: 172.2 μm from the first side maxima.

    39.4 μm from the first zeros of the envelope of five slits.
    """
    side = analysed("slit_diffraction", sample("slit-diffraction")).measurand("a")
    assert typed(side.value, 4) == 172.2
    dark = analysed("slit_diffraction", sample("slit-diffraction-dark")).measurand("a")
    assert typed(dark.value, 3) == 39.4


def test_the_published_uncertainty() -> None:
    """The same report: 1 % of a, from 1 cm in 79.9 cm and the fringes; by hand.

    Type B of L 1/√3 cm, of each fringe 0.035/√3 mm, two of them in 8.395 mm.
    """
    found = analysed("slit_diffraction", sample("slit-diffraction")).measurand("a")
    relative = ((1 / 79.9) ** 2 + 2 * (0.035 / 8.395) ** 2) ** 0.5 / 3**0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-6)
    assert 100 * relative == pytest.approx(1, abs=0.25)


def test_several_orders_by_hand() -> None:
    """k = 1, 2 at ±4 and ±8.4 mm: y/k = 4 and 4.2 mm, s = 4.1 mm; L = 1 m: a = 632.8/4.1 μm.

    s(4, 4.2)/√2 = 0.1 mm; limits 0.05/√3·(1/2 + 1/4)/2 mm of either side, the same in all rows.
    """
    readings = {"L": 100, "k": [1, 2], "left": [-4, -8.4], "right": [4, 8.4]}
    found = analysed("slit_diffraction", readings).measurand("a")
    u = (0.1**2 + 2 * (0.05 * 3 / 8) ** 2 / 3) ** 0.5
    relative = ((u / 4.1) ** 2 + (0.5 / 100) ** 2 / 3) ** 0.5
    assert found.value == pytest.approx(632.8 / 4.1)
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-6)
