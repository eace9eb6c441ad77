"""Magnifications of a microscope and a telescope against a published report, and by hand."""

import pytest

from tests.functions.declared import analysed, sample, typed

MICROSCOPE = [
    ({"L": 470.2 - 183.0, "S": 280, "d": [28], "n": [7.0]}, 40.0, 38.10),
    ({"L": 470.2 - 177.5, "S": 229, "d": [30], "n": [8.2]}, 36.58, 31.99),
]
"""HITSZ-OpenAuto/PHYS1002, Exp13: readings in mm, |M| and its theory as printed."""


@pytest.mark.parametrize(("readings", "measured", "theory"), MICROSCOPE)
def test_the_published_microscopes(
    readings: dict[str, object], measured: float, theory: float
) -> None:
    found = analysed("microscope_telescope", {**sample("microscope-telescope"), **readings})
    one = found.measurand("M")
    assert one.value == pytest.approx(measured, abs=0.006)
    assert one.reference is not None
    assert typed(one.reference.value, 4) == theory


def test_the_published_telescope() -> None:
    """The same report: -4.53 for 9.5 and 43 mm; f_o/f_e = 225/45 = 5."""
    found = analysed("microscope_telescope", sample("microscope-telescope-telescope"))
    one = found.measurand("M")
    assert typed(one.value, 3) == 4.53
    assert one.reference is not None
    assert one.reference.value == pytest.approx(5)


def test_the_uncertainty_by_hand() -> None:
    """M = 28/0.7: limits 1 mm in 28 and 0.2 in 7 divisions; M = 43/9.5: 1 in 43, 0.5 in 9.5 mm."""
    micro = analysed("microscope_telescope", sample("microscope-telescope")).measurand("M")
    u = 40 * ((1 / 28) ** 2 + (0.2 / 7) ** 2) ** 0.5 / 3**0.5
    assert micro.standard_uncertainty == pytest.approx(u, rel=1e-6)
    given = sample("microscope-telescope-telescope")
    tele = analysed("microscope_telescope", given).measurand("M")
    u = 43 / 9.5 * ((1 / 43) ** 2 + (0.5 / 9.5) ** 2) ** 0.5 / 3**0.5
    assert tele.standard_uncertainty == pytest.approx(u, rel=1e-6)
