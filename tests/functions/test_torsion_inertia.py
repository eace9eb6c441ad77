"""The torsion pendulum against a published set of readings, and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def test_bodies_of_a_published_set() -> None:
    """buaase/Phylab-Web: K = 0.032931 N·m; tube, ball and rod beside their sizes, 10⁻³ kg·m²."""
    by_size = {"": 1.672583, "-ball": 1.631532, "-rod": 4.085658}
    for name, found in (("", 1.674417), ("-ball", 1.802502), ("-rod", 4.340779)):
        given = sample(f"torsion-inertia{name}")
        squares = {t: (mean(given[t]) / 5) ** 2 for t in ("t_0", "t_1", "t")}
        stiff = 4 * math.pi**2 * 0.71177 * 0.09995**2 / 8 / (squares["t_1"] - squares["t_0"])
        swing = squares["t"] - (0 if name else squares["t_0"])
        result = analysed("torsion_inertia", given)
        assert result.measurand("K").value == pytest.approx(stiff, rel=1e-12)
        assert result.measurand("K").value == pytest.approx(0.03293068, rel=1e-6)
        inertia = result.measurand("J")
        assert inertia.value == pytest.approx(stiff * swing / (4 * math.pi**2), rel=1e-12)
        assert inertia.value == pytest.approx(found / 1000, rel=1e-6)
        assert inertia.reference is not None
        assert inertia.reference.value == pytest.approx(by_size[name] / 1000, rel=1e-6)


def test_parallel_axes_of_a_published_set() -> None:
    """There the slope of T² over x² is 610.861 s²/m², by the sliders' mass 575.368."""
    mass = analysed("torsion_inertia", sample("torsion-inertia-axes")).measurand("M")
    assert mass.value == pytest.approx(479.94 * 610.861 / 575.3684, rel=1e-3)


def test_the_uncertainty_by_hand() -> None:
    """Equal times: J = J₁ (t² - t₀²)/(t₁² - t₀²), only the limits act."""
    readings = {"method": "tube", "m_1": 800, "D_1": 100, "m": 800, "D": 100, "d": 80}
    times = {"t_0": [8, 8], "t_1": [13, 13], "t": [16, 16]}
    inertia = analysed("torsion_inertia", readings | times).measurand("J")
    low, high = 13**2 - 8**2, 16**2 - 8**2
    by_time = [2 * 16 / high, 2 * 13 / low, 2 * 8 * (1 / low - 1 / high)]
    parts = [0.1 / 800, 2 * 0.02 / 100, *(0.01 * one for one in by_time)]
    assert inertia.value == pytest.approx(0.001 * high / low, rel=1e-12)
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert inertia.standard_uncertainty == pytest.approx(inertia.value * relative, rel=1e-9)


def test_parallel_axes_by_hand() -> None:
    """T₁² - T₀² = 1 s² by 10⁻³ kg·m²: T² = 1 s² + 400 s²/m² x² is 0.4 kg; only J₁ matters."""
    readings = {"method": "axes", "n": 1, "m_1": 800, "D_1": 100, "M_w": 400, "x": [5, 10, 15]}
    t = [(1 + 0.04 * x**2) ** 0.5 for x in (5, 10, 15)]
    exact = {"instrument": {"t_0": 1e-9, "t_1": 1e-9, "t": 1e-9, "x": 1e-9}}
    times = {"t_0": [1, 1], "t_1": [2**0.5, 2**0.5], "t": t}
    mass = analysed("torsion_inertia", readings | times | exact).measurand("M")
    assert mass.value == pytest.approx(400, rel=1e-9)
    relative = (((0.1 / 800) ** 2 + (2 * 0.02 / 100) ** 2) / 3) ** 0.5
    assert mass.standard_uncertainty == pytest.approx(400 * relative, rel=1e-5)


def test_the_support_is_subtracted() -> None:
    given = sample("torsion-inertia-ball")
    plain = analysed("torsion_inertia", given).measurand("J").value
    less = analysed("torsion_inertia", given | {"J_s": 1.7e-4}).measurand("J").value
    assert plain - less == pytest.approx(1.7e-4, rel=1e-9)


def test_equal_times_are_refused() -> None:
    given = sample("torsion-inertia")
    with pytest.raises(ReadingError):
        analysed("torsion_inertia", given | {"t_1": given["t_0"]})
