"""The Jolly balance and the spring oscillator against public reports, and by hand."""

import math

import pytest

from functions._lab.errors import ReadingError
from tests.functions.declared import analysed, sample


def test_springs_of_a_published_report() -> None:
    """tc-imba/VP141, exercise 3: k = 2.2581, 2.2138 N/m, and 1.12 N/m of both in series."""
    given = sample("spring-oscillator")
    second = [6.08, 8.14, 10.23, 12.34, 14.45, 16.55, 18.73]
    series = [20.82, 25.06, 29.25, 33.28, 37.54, 41.61, 45.89]
    for readings, published in ((given["y"], 2.2581), (second, 2.2138), (series, 1.12)):
        k = analysed("spring_oscillator", given | {"y": readings}).measurand("k")
        assert k.value == pytest.approx(published, rel=1e-4)


def test_the_balance_by_hand() -> None:
    """0, 5, 10 g at 2, 4, 6 cm: 0.4 cm/g, k = 9.8/4 N/m; Σ(m - 5 g)² = 50 g²."""
    readings = {"method": "static", "m": [0, 5, 10], "y": [2, 4, 6]}
    k = analysed("spring_oscillator", readings).measurand("k")
    assert k.value == pytest.approx(2.45, rel=1e-12)
    u = ((0.01**2 + (0.4 * 0.01) ** 2) / 3 / 50) ** 0.5
    assert k.standard_uncertainty == pytest.approx(2.45 * u / 0.4, rel=1e-6)


def test_successive_differences_by_hand() -> None:
    """Weights of 5 g, 2 cm each: two differences of 4 cm, two apart; each y the mean of two."""
    readings = {"method": "successive", "m": 5, "i": [0, 1, 2, 3]}
    scale = {"up": [2, 4, 6, 8], "down": [2.1, 4.1, 6.1, 8.1]}
    k = analysed("spring_oscillator", readings | scale).measurand("k")
    assert k.value == pytest.approx(2.45, rel=1e-9)
    u_s = 0.01 / 2**0.5 / 3**0.5 * (2 / 2) ** 0.5 / 2
    relative = ((u_s / 2) ** 2 + (0.01 / 5) ** 2 / 3) ** 0.5
    assert k.standard_uncertainty == pytest.approx(2.45 * relative, rel=1e-6)


def test_oscillations_of_a_published_report() -> None:
    """YiDingg/UCAS-BasicPhysicsExperiment: k = 3.4949 N/m, 4.4097 g besides the glider."""
    readings = {
        **{"method": "oscillation", "m_s": 13.2, "n": 1},
        "m": [220.6, 233.14, 258.08, 270.57, 295.54],
        "t": [1.59415, 1.6382, 1.72193, 1.76243, 1.84068],
        "instrument": {"m": 0.01, "t": 1e-5},
    }
    result = analysed("spring_oscillator", readings)
    assert result.measurand("k").value == pytest.approx(3.4949, abs=2e-4)
    assert result.measurand("m_e").value == pytest.approx(4.4097, abs=0.02)
    reference = result.measurand("m_e").reference
    assert reference is not None
    assert reference.value == pytest.approx(4.4, rel=1e-12)


def test_oscillations_by_hand() -> None:
    """4π² N/m and 2 g of spring: T² = 0.012, 0.022, 0.032 s² for 10, 20, 30 g; only m matters."""
    times = [50 * (0.001 * (m + 2)) ** 0.5 for m in (10, 20, 30)]
    readings = {"method": "oscillation", "m_s": 6, "m": [10, 20, 30], "t": times}
    exact = {"instrument": {"t": 1e-9}}
    result = analysed("spring_oscillator", readings | exact)
    k, m_e = result.measurand("k"), result.measurand("m_e")
    u_m = 0.05 / 3**0.5
    assert k.value == pytest.approx(4 * math.pi**2, rel=1e-9)
    assert k.standard_uncertainty == pytest.approx(k.value * u_m / 200**0.5, rel=1e-5)
    assert m_e.value == pytest.approx(2, rel=1e-9)
    # the load at which T² would vanish, 22 g below the mean
    assert m_e.standard_uncertainty == pytest.approx(u_m * (1 / 3 + 22**2 / 200) ** 0.5, rel=1e-5)


def test_simulated_springs() -> None:
    """k = 2.25 N/m, a third of 10.63 g."""
    for name in ("spring-oscillator-successive", "spring-oscillator-oscillation"):
        k = analysed("spring_oscillator", sample(name)).measurand("k")
        assert abs(k.value - 2.25) < 2 * k.standard_uncertainty


def test_unequal_steps_are_refused_for_successive_differences() -> None:
    given = sample("spring-oscillator-successive")
    with pytest.raises(ReadingError):
        analysed("spring_oscillator", given | {"i": [0, 1, 2, 3, 4, 5, 6, 9]})
