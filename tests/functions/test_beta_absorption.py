"""Absorption of beta rays and the plateau against a public report (regymm/USTCPhysExpData)."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def line(x: list[float], y: list[float]) -> tuple[float, float]:
    """The slope of least squares and its uncertainty by the scatter (JCGM 100:2008, H.3)."""
    n = len(x)
    middle, height = sum(x) / n, sum(y) / n
    spread = sum((one - middle) ** 2 for one in x)
    slope = sum((a - middle) * b for a, b in zip(x, y, strict=True)) / spread
    rest = sum((b - height - slope * (a - middle)) ** 2 for a, b in zip(x, y, strict=True))
    return slope, (rest / (n - 2) / spread) ** 0.5


def test_ten_foils_of_a_report() -> None:
    """ln n falls by 0.1943259 a foil; of 30 mg/cm² (taken for it) that is 6.4775 cm²/g."""
    given = sample("beta-absorption")
    result = analysed("beta_absorption", given)
    found = result.measurand("μ_m")
    assert found.value == pytest.approx(0.1943259 / 0.030, rel=1e-6)
    assert result.measurand("D").value == pytest.approx(30 * math.log(2) / 0.1943259, rel=1e-6)
    logarithms = [math.log(n / t) for n, t in zip(given["N"], given["t"], strict=True)]
    b, by_scatter = line(given["k"], logarithms)
    relative = ((by_scatter / b) ** 2 + (0.5 / 30) ** 2 / 3) ** 0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-4)


def test_the_background_is_taken_off() -> None:
    """Net rates 100, 50, 25, 12.5 s⁻¹ above 2 s⁻¹: half are left behind one foil of 100 mg/cm²."""
    readings = {
        **{"method": "absorption", "d": 100.0, "n_b": 2.0, "k": [0, 1, 2, 3]},
        **{"N": [10200, 5200, 2700, 1450], "t": [100.0] * 4},
    }
    result = analysed("beta_absorption", readings)
    assert result.measurand("D").value == pytest.approx(100, rel=1e-9)
    assert result.measurand("μ_m").value == pytest.approx(10 * math.log(2), rel=1e-9)


def test_the_plateau_of_a_report() -> None:
    """340 to 450 V: 14.6578 % of the mean count over 100 V, the count of the line at 395 V.

    u(T)/T is that of the slope: at the middle the count has s/√12 of its own, 0.6 %.
    """
    given = sample("beta-absorption-plateau")
    found = analysed("beta_absorption", given | {"instrument": {"V": 1e-6}}).measurand("T")
    assert found.value == pytest.approx(14.6578, rel=1e-5)
    b, by_scatter = line(given["V"], given["N"])
    middle = sum(given["N"]) / 12
    spread = sum((v - 395) ** 2 for v in given["V"])
    own = by_scatter * spread**0.5 / 12**0.5 / middle
    relative = ((by_scatter / b) ** 2 + own**2) ** 0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-4)


def test_a_background_above_the_counts() -> None:
    with pytest.raises(ReadingError, match="净计数率的对数"):
        analysed("beta_absorption", sample("beta-absorption") | {"n_b": 50.0})
