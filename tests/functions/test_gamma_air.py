"""γ of air against a published sheet (Axolyz/…-nku-physics-experiments)."""

import math
import statistics

import pytest

from tests.functions.declared import analysed, sample


def test_the_mean_and_its_scatter() -> None:
    """There γ ≈ p₁/(p₁ - p₂), mean 1.34071 with s = 0.03867; with logarithms 0.7 % more.

    By hand run by run; u_A = s/√10.
    """
    given = sample("gamma-air")
    pairs = list(zip(given["U_1"], given["U_2"], strict=True))
    assert sum(a / (a - b) for a, b in pairs) / 10 == pytest.approx(1.34071, abs=5e-6)
    each = [
        math.log((101 + a / 20) / 101) / math.log((101 + a / 20) / (101 + b / 20)) for a, b in pairs
    ]
    found = analysed("gamma_air", given).measurand("γ")
    assert found.value == pytest.approx(sum(each) / 10, rel=1e-9)
    assert found.value == pytest.approx(1.34071, rel=0.01)
    by_a = [line.contribution for line in found.budget if line.type == "A"]
    assert by_a == [pytest.approx(statistics.stdev(each) / 10**0.5, rel=1e-9)]
