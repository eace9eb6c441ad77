"""Radiation of a black body, made by Planck's law and by hand."""

import math

import msgspec
import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample

C_2 = 6.62607015e-34 * 299792458 / 1.380649e-23


@pytest.mark.parametrize(
    ("name", "symbol", "truth"),
    [
        ("blackbody", "n", 4.0),
        ("blackbody-wien", "b", 2.897772),
        ("blackbody-planck", "h", 6.62607015e-34),
    ],
)
def test_what_the_samples_were_made_for(name: str, symbol: str, truth: float) -> None:
    found = analysed("blackbody", sample(name)).measurand(symbol)
    assert abs(found.value - truth) < 2.5 * found.standard_uncertainty
    assert found.standard_uncertainty < 0.05 * truth
    assert found.reference is not None
    assert found.reference.value == pytest.approx(truth, rel=1e-6)


def test_the_exponent_by_hand() -> None:
    """E = T³ at e-folds of 1000 K: n = 3; Σ(ln T - mean)² = 5.

    5 K of every T are 5/T of ln T, in the mean of squares q: u(n) = 3 q/√3/√5.
    """
    temperatures = [1000 * math.exp(i) for i in range(4)]
    readings = {
        **{"method": "stefan", "T": temperatures, "E": [math.exp(3 * i) for i in range(4)]},
    }
    found = analysed("blackbody", readings).measurand("n")
    assert found.value == pytest.approx(3, rel=1e-9)
    mean = (sum((5 / t) ** 2 for t in temperatures) / 4) ** 0.5
    assert found.standard_uncertainty == pytest.approx(3 * mean / 15**0.5, rel=1e-5)


def test_the_constant_of_wien_by_hand() -> None:
    """λ_m = b/T with b = 3 mm·K at 1/T of 2, 3, 4, 5 times 10⁻⁴ K⁻¹; 10 nm of each λ_m.

    u(b) = 10 nm/√3/√(5·10⁻⁸ K⁻²).
    """
    readings = {
        **{"method": "wien", "T": [1e4 / i for i in (2, 3, 4, 5)], "l": [600, 900, 1200, 1500]},
        "instrument": {"T": 1e-9},
    }
    found = analysed("blackbody", readings).measurand("b")
    assert found.value == pytest.approx(3, rel=1e-6)
    assert found.standard_uncertainty == pytest.approx(10e-6 / 3**0.5 / 5e-8**0.5, rel=1e-5)


def test_planck_by_hand() -> None:
    """By his own law at 500 nm and 1500 to 2250 K Wien's is 2e-5 off; λ has 5 nm of 500 nm."""
    temperatures = [1500.0, 1750.0, 2000.0, 2250.0]
    readings = {
        **{"method": "planck", "lam": 500.0, "T": temperatures},
        "E": [1e9 / (math.exp(C_2 / (500e-9 * t)) - 1) for t in temperatures],
        "instrument": {"T": 1e-6},
    }
    found = analysed("blackbody", readings).measurand("h")
    assert found.value == pytest.approx(6.62607015e-34, rel=1e-4)
    assert found.standard_uncertainty == pytest.approx(found.value * 5 / 500 / 3**0.5, rel=1e-3)


def test_no_radiation() -> None:
    with pytest.raises(msgspec.ValidationError, match="E"):
        analysed("blackbody", sample("blackbody") | {"E": [0.0] * 8})


def test_one_temperature_only() -> None:
    with pytest.raises(ReadingError):
        analysed("blackbody", sample("blackbody") | {"T": [1000.0] * 8})
