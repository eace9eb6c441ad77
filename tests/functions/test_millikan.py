"""Millikan: the worked value, a published table of the balance method, coverage, slips."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest

from functions import millikan
from functions._lab.errors import ReadingError
from functions._lab.result import Result
from functions._runtime.experiment import SAMPLES

SAMPLE = (SAMPLES / "millikan.json").read_bytes()


def analyse(**readings: Any) -> Result:
    return millikan.analyse(msgspec.convert(readings, millikan.Millikan))


def codes(result: Result) -> list[str]:
    return [caution.code for caution in result.warnings]


def test_the_sample_gives_the_worked_value() -> None:
    # Σ n q / Σ n² = 109.457 / 69; s² = Σ (q - n e)² / 3, u = s / √69, by hand calculation.
    n, q = np.array([2, 2, 5, 6]), np.array([3.214, 3.191, 8.167, 9.302])
    e = float(n @ q) / 69
    u = math.sqrt(float(np.sum((q - n * e) ** 2)) / 3 / 69)
    result = millikan.analyse(msgspec.json.decode(SAMPLE, type=millikan.Millikan))
    found = result.measurand("e")
    assert found.value == pytest.approx(1.586333e-19, abs=5e-26)
    assert found.standard_uncertainty == pytest.approx(0.022423e-19, abs=5e-26)
    assert found.value == pytest.approx(e * 1e-19, rel=1e-12)
    assert found.standard_uncertainty == pytest.approx(u * 1e-19, rel=1e-12)
    assert found.degrees_of_freedom == 3
    assert found.display == "e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)"
    assert found.reference
    assert found.reference.value == 1.602176634e-19
    mean = result.measurand("ē")
    ratios = q / n
    assert mean.value == pytest.approx(ratios.mean() * 1e-19, rel=1e-12)
    assert mean.standard_uncertainty == pytest.approx(ratios.std(ddof=1) / 2 * 1e-19, rel=1e-9)
    assert result.warnings == []


# A model report of the OM99 apparatus, "密立根油滴仪示范报告数据处理部分" (wenku365.com document
# 13323061): balance voltage in V, fall time in s over 2 mm, charge in 10⁻¹⁹ C, its integer.
PUBLISHED = [
    (250, 18.5, 6.356, 4),
    (254, 17.9, 6.585, 4),
    (254, 18.1, 6.472, 4),
    (180, 16.9, 10.16, 6),
    (184, 16.8, 10.03, 6),
    (189, 17.0, 9.590, 6),
    (267, 21.3, 4.776, 3),
    (257, 21.9, 4.751, 3),
    (251, 22.0, 4.831, 3),
    (300, 25.7, 3.168, 2),
    (313, 24.2, 3.337, 2),
    (314, 24.5, 3.263, 2),
]
NO_AIR = millikan.Apparatus(air_density=0.0)


@pytest.mark.parametrize(("voltage", "time", "charge", "integer"), PUBLISHED)
def test_the_balance_method_gives_the_published_charges(
    voltage: float, time: float, charge: float, integer: int
) -> None:
    found = millikan.balance_charge(float(voltage), time, NO_AIR) / 1e-19
    assert found == pytest.approx(charge, rel=5e-4)  # printed to four digits, some cut off


def test_the_raw_form_finds_the_published_integers_and_charge_by_itself() -> None:
    result = analyse(
        voltages=[drop[0] for drop in PUBLISHED],
        fall_times=[[drop[1]] for drop in PUBLISHED],
        apparatus={"air_density": 0},
        instrument={"voltages": 1.0, "fall_times": 0.1},
    )
    assert isinstance(result, millikan.Charges)
    assert result.integers == [drop[3] for drop in PUBLISHED]
    n = np.array([drop[3] for drop in PUBLISHED])
    q = np.array([drop[2] for drop in PUBLISHED])
    e = float(n @ q / (n @ n))
    u_a = math.sqrt(float(np.sum((q - n * e) ** 2)) / 11 / float(n @ n))
    # each drop by the limits, as below; e = Σ n q/Σ n²
    by_u = q / np.array([drop[0] for drop in PUBLISHED])
    by_t = 1.57 * q * 0.1 / np.array([drop[1] for drop in PUBLISHED])  # q nearly as t^-1.57
    u_b = math.sqrt(float(np.sum(n**2 * (by_u**2 + by_t**2)) / 3)) / float(n @ n)
    u = math.hypot(u_a, u_b)
    assert u_b > 0.2 * u_a
    assert result.measurand("e").value == pytest.approx(e * 1e-19, rel=2e-4)
    assert result.measurand("e").standard_uncertainty == pytest.approx(u * 1e-19, rel=2e-2)
    # q ∝ 1/U and nearly t^(-3/2 + slip): du/u from both limits, by differences.
    first = PUBLISHED[0]
    step = millikan.balance_charge(first[0], first[1] + 0.05, NO_AIR)
    step -= millikan.balance_charge(first[0], first[1] - 0.05, NO_AIR)
    expected = math.hypot(6.3561 / 250, step / 1e-19 / 0.1 * 0.1) / math.sqrt(3)
    assert result.uncertainties
    assert result.uncertainties[0] == pytest.approx(expected, rel=1e-3)


def test_repeats_give_the_type_a_uncertainty_of_a_drop() -> None:
    times = [18.4, 18.6, 18.5, 18.3, 18.7]
    result = analyse(voltages=[250, 257], fall_times=[times, [21.9, 21.8]], ni=[4, 3])
    assert isinstance(result, millikan.Charges)
    u_t = np.std(times, ddof=1) / math.sqrt(5)
    apparatus = millikan.Apparatus()
    slope = (
        millikan.balance_charge(250.0, 18.5 + 1e-4, apparatus)
        - millikan.balance_charge(250.0, 18.5 - 1e-4, apparatus)
    ) / 2e-4
    assert result.uncertainties
    assert result.uncertainties[0] == pytest.approx(abs(slope) * u_t / 1e-19, rel=1e-5)


def test_integers_that_the_charges_do_not_support_are_named() -> None:
    q = [1.61, 3.19, 4.82, 6.40, 8.03, 3.22]
    result = analyse(ni=[1, 2, 3, 5, 5, 2], qi=q)
    assert [(c.field, c.index) for c in result.warnings if c.code == "integer"] == [("ni", 3)]


def test_a_wrong_quantum_hidden_by_dividing_by_the_accepted_e_comes_out() -> None:
    # Charges of a 5 % too long scale: the accepted e, rounded, still gives integers for all.
    n = np.array([12, 14, 15, 17, 19, 3, 4, 5, 2])
    q = np.round(n * 1.602 * 1.05, 3)
    result = analyse(ni=np.rint(q / 1.602).astype(int).tolist(), qi=q.tolist())
    assert result.measurand("e").value == pytest.approx(1.602e-19, rel=0.02)
    assert result.measurand("e₀").value == pytest.approx(1.05 * 1.602e-19, rel=1e-3)
    assert "integer" in codes(result)


def test_charges_too_large_for_a_quantum_say_so() -> None:
    result = analyse(ni=[400, 500, 600], qi=[640.0, 801.0, 961.0])
    assert "no-measurand" in codes(result)


def test_a_decimal_slip_is_found_and_named() -> None:
    result = analyse(ni=[2, 2, 7, 6, 4, 3], qi=[3.21, 3.19, 1.12, 9.61, 6.41, 4.80])
    slip = next(c for c in result.warnings if c.code == "decimal-slip")
    assert (slip.field, slip.index) == ("qi", 2)
    assert "11.2" in slip.message


@pytest.mark.parametrize(
    ("readings", "field", "index"),
    [
        ({}, "", None),
        ({"qi": [3.2, 4.8]}, "", None),
        ({"ni": [2, 3]}, "", None),
        ({"ni": [2], "qi": [3.2]}, "qi", None),
        ({"ni": [2, 3, 4], "qi": [3.2, 4.8]}, "ni", None),
        ({"voltages": [250, 254]}, "", None),
        ({"voltages": [250, 254], "fall_times": [[18.5]]}, "fall_times", None),
        ({"qi": [3.2, 4.8], "ni": [2, 3], "voltages": [1.0, 2.0]}, "", None),
        (
            {"voltages": [1, 2], "fall_times": [[1], [2]], "apparatus": {"oil_density": 1}},
            "apparatus.oil_density",
            None,
        ),
    ],
)
def test_bad_readings_are_refused(readings: dict[str, Any], field: str, index: int | None) -> None:
    with pytest.raises(ReadingError) as caught:
        msgspec.convert(readings, millikan.Millikan)
    assert (caught.value.field, caught.value.index) == (field, index)


def simulated(random: np.random.Generator) -> dict[str, Any]:
    """Eight drops of 1 to 8 charges with a scatter of 0.03 × 10⁻¹⁹ C."""
    n = random.integers(1, 9, 8)
    q = np.round(n * 1.602176634 + random.normal(0, 0.03, 8), 3)
    return {"ni": n.tolist(), "qi": q.tolist()}


def test_the_interval_covers_the_truth_and_clean_sets_raise_nothing() -> None:
    random = np.random.default_rng(1909)
    covered, alarms, count = dict.fromkeys(("e", "ē", "e₀"), 0), 0, 2000
    for _ in range(count):
        result = analyse(**simulated(random))
        for symbol in covered:
            e = result.measurand(symbol)
            covered[symbol] += abs(e.value - 1.602176634e-19) <= e.expanded_uncertainty
        alarms += bool({"outlier", "decimal-slip", "digit-swap", "integer"} & set(codes(result)))
    assert all(abs(hits / count - 0.95) <= 0.015 for hits in covered.values()), covered
    assert alarms / count <= 0.01


@pytest.mark.parametrize("count", [2, 3, 5000])
def test_any_length_is_analysed(count: int) -> None:
    random = np.random.default_rng(7)
    n = random.integers(1, 9, count)
    q = np.round(n * 1.602 + random.normal(0, 0.03, count), 3)
    result = analyse(ni=n.tolist(), qi=q.tolist())
    assert result.measurand("e").value == pytest.approx(1.602e-19, rel=0.05)


def test_two_drops_are_too_few_to_find_a_quantum() -> None:
    result = millikan.analyse(millikan.Millikan(ni=[2, 3], qi=[3.2, 4.9]))
    (found,) = [w for w in result.warnings if w.code == "no-measurand"]
    assert found.message.startswith("电荷较小的油滴不足 3 个")
