"""The coefficient of linear expansion of readings made for known ones, and by hand."""

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("linear-expansion", 1.67e-5),
        ("linear-expansion-lever", 1.67e-5),
        ("linear-expansion-fringes", 2.36e-5),
    ],
)
def test_what_the_samples_were_made_for(name: str, truth: float) -> None:
    found = analysed("linear_expansion", sample(name)).measurand("α")
    assert abs(found.value - truth) < 3 * found.standard_uncertainty
    assert found.standard_uncertainty < 0.05 * truth


def test_a_dial_by_hand() -> None:
    """8 µm/°C of 500 mm: 16e-6 K⁻¹; u(k) = 5 µm/√3/√500 °C² by the dial alone."""
    readings = {
        **{"method": "dial", "L_0": 500.0, "t": [20, 30, 40, 50], "n": [0.1, 0.18, 0.26, 0.34]},
        "instrument": {"t": 1e-9},
    }
    found = analysed("linear_expansion", readings).measurand("α")
    assert found.value == pytest.approx(16e-6, rel=1e-6)
    parts = [0.005 / 500**0.5 / 0.008, 0.5 / 500]
    relative = (sum(part**2 for part in parts) / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(16e-6 * relative, rel=1e-5)


def test_a_lever_by_hand() -> None:
    """0.02 cm/°C at b = 80 mm, D = 200 cm, of 50 cm: 8·0.02/(2·200·50) = 8e-6 K⁻¹."""
    readings = {
        **{"method": "lever", "L_0": 500.0, "b": 80.0, "D": 200.0},
        **{"t": [20, 30, 40, 50], "n": [5.0, 5.2, 5.4, 5.6]},
        "instrument": {"t": 1e-9, "n": 1e-9},
    }
    found = analysed("linear_expansion", readings).measurand("α")
    assert found.value == pytest.approx(8e-6, rel=1e-6)
    relative = ((0.05 / 80) ** 2 + (0.2 / 200) ** 2 + (0.5 / 500) ** 2) ** 0.5 / 3**0.5
    assert found.standard_uncertainty == pytest.approx(8e-6 * relative, rel=1e-5)


def test_fringes_by_hand() -> None:
    """10 fringes every 1 °C of 150 mm: 3.164 µm/0.15 m = 21.0933e-6 K⁻¹.

    u(s) = 0.1/√3/√500 of 0.1 °C, with Σ(N - 15)² = 500.
    """
    readings = {
        **{"method": "fringes", "L_0": 150.0, "N": [0, 10, 20, 30], "t": [25, 26, 27, 28]},
    }
    found = analysed("linear_expansion", readings).measurand("α")
    assert found.value == pytest.approx(21.0933e-6, rel=1e-5)
    relative = ((0.1 / 500**0.5 / 0.1) ** 2 + (0.5 / 150) ** 2) ** 0.5 / 3**0.5
    assert found.standard_uncertainty == pytest.approx(21.0933e-6 * relative, rel=1e-5)


def test_one_temperature_only() -> None:
    readings = sample("linear-expansion") | {"t": [25.0] * 10}
    with pytest.raises(ReadingError):
        analysed("linear_expansion", readings)
