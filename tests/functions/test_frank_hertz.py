"""Franck–Hertz against simulated tubes of known truth (``tube``); bad input; figures."""

import base64
import json
import math
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from functions import frank_hertz
from functions._lab import drawing
from functions._lab.errors import ReadingError
from functions._runtime.experiment import SAMPLES
from tests.functions.tube import (
    ARGON,
    HUMPS,
    LABEL,
    MERCURY,
    OTHER_KINDS,
    SEED,
    Tube,
    drawn_at_random,
)


def analyse(readings: dict[str, Any]) -> frank_hertz.Curves:
    return frank_hertz.analyse(msgspec.convert(readings, frank_hertz.FrankHertz))


def codes(result: frank_hertz.Curves) -> list[str]:
    return [caution.code for caution in result.warnings]


def scores(tube: Tube, peaks: int, seeds: int, gas: str = "argon") -> list[float]:
    """(U₀ - truth)/u; asserts that every maximum is found and none invented."""
    found = []
    for seed in range(seeds):
        moved, readings = drawn_at_random(tube, seed, peaks)
        result = analyse({**readings, "gas": gas})
        places = [peak.value for peak in result.found[0].extrema.peaks]
        truth = moved.offset + moved.spacing * np.arange(1, peaks + 1)
        assert len(places) == peaks, seed
        assert np.abs(np.array(places) - truth).max() < 0.2 * tube.spacing, seed
        first = result.measurand("U₀")
        found.append((first.value - tube.spacing) / first.standard_uncertainty)
    return found


@pytest.mark.parametrize("peaks", [4, 5, 6, 7, 8])
@pytest.mark.parametrize("step", [0.5, 1.0])
@pytest.mark.parametrize("tube", [ARGON, HUMPS], ids=["product", "humps"])
def test_argon(tube: Tube, step: float, peaks: int) -> None:
    assert np.abs(scores(replace(tube, step=step), peaks, 12)).max() <= 3


@pytest.mark.parametrize("peaks", [4, 6, 8])
@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_argon_of_other_kinds(kind: str, peaks: int) -> None:
    # Student's t with 18 degrees of freedom, which four peaks give, is beyond 3 in 0.8 % of sets.
    found = np.abs(scores(OTHER_KINDS[kind], peaks, 8))
    assert np.mean(found <= 3) >= 7 / 8
    assert found.max() < 4


@pytest.mark.parametrize("peaks", [4, 6, 9])
@pytest.mark.parametrize("step", [0.2, 0.5])
def test_mercury(step: float, peaks: int) -> None:
    assert np.abs(scores(replace(MERCURY, step=step), peaks, 10, "mercury")).max() <= 3


def test_plain_maxima_are_too_close_together() -> None:
    # What the share of the envelope is fitted for: crests 11.6 V apart, maxima some 0.7 % less.
    plain = []
    for seed in range(10):
        _, readings = drawn_at_random(ARGON, seed, 6)
        maxima = analyse(readings).found[0].maxima
        plain.append(np.polyfit(maxima.orders, maxima.maxima, 1)[0])
    assert 11.6 * 0.985 < np.mean(plain) < 11.6 * 0.996


def test_the_sample_is_the_documented_simulation() -> None:
    sample = json.loads((SAMPLES / "frank-hertz.json").read_text())
    assert sample == Tube().read(np.random.default_rng(SEED))
    assert len(sample["VG2K"]) == 82
    result = analyse(sample)
    assert result.warnings == []
    names = [m.symbol for m in result.measurands]
    assert names == ["U₀", "U₀′", "V₀", "U₀″"]
    for symbol, truth in (("U₀", 11.6), ("U₀′", 11.6), ("V₀", 6.2), ("U₀″", 11.6)):
        found = result.measurand(symbol)
        assert abs(found.value - truth) < 3 * found.standard_uncertainty
    reference = result.measurand("U₀").reference
    assert reference
    assert reference.value == pytest.approx(11.548, abs=5e-4)


def test_successive_differences_of_the_crests() -> None:
    # Six crests: ((V₄ - V₁) + (V₅ - V₂) + (V₆ - V₃)) / 9; seven: (V₅+V₆+V₇ - V₁-V₂-V₃) / 12.
    for peaks, divisor in ((6, 9), (7, 12)):
        _, readings = drawn_at_random(ARGON, 3, peaks)
        result = analyse(readings)
        v = result.found[0].maxima.crests
        by_hand = (sum(v[-3:]) - sum(v[:3])) / divisor
        assert result.measurand("U₀″").value == pytest.approx(by_hand, rel=1e-12)


def test_the_line_is_the_weighted_fit_with_the_share_as_third_parameter() -> None:
    _, readings = drawn_at_random(ARGON, 5, 6)
    maxima = analyse(readings).found[0].maxima
    assert maxima.birge_ratio == 1
    crests = maxima.crests
    weights = 1 / maxima.uncertainties
    slope, offset = np.polyfit(maxima.orders, crests, 1, w=weights)
    assert float(maxima.spacing.x) == pytest.approx(slope, rel=1e-9)
    assert float(maxima.offset.x) == pytest.approx(offset, rel=1e-9)
    # General least squares by hand, with λ = ½ ± 2 as one more observation.
    shifts = (maxima.maxima - crests) / float(maxima.share.x)
    design = np.stack([np.ones(6), maxima.orders, shifts], axis=1) * weights[:, None]
    covariance = np.linalg.inv(design.T @ design + np.diag([0, 0, 0.25]))
    assert maxima.covariance == pytest.approx(covariance[:2, :2], rel=1e-9)
    assert float(maxima.spacing.u) == pytest.approx(math.sqrt(covariance[1, 1]), rel=1e-9)
    assert float(maxima.share.u) == pytest.approx(math.sqrt(covariance[2, 2]), rel=1e-9)


def test_a_limit_of_the_voltmeter_counts_for_each_maximum() -> None:
    _, readings = drawn_at_random(ARGON, 5, 6)
    without = analyse(readings)
    limited = analyse({**readings, "instrument": {"VG2K": 0.5}})
    own = without.found[0].maxima.uncertainties
    expected = np.hypot(own, 0.5 / math.sqrt(3))
    assert limited.found[0].maxima.uncertainties == pytest.approx(expected)
    types = {influence.type for influence in limited.measurand("U₀").budget}
    assert types == {"A", "B"}
    wide, narrow = limited.measurand("U₀"), without.measurand("U₀")
    assert wide.standard_uncertainty > 2 * narrow.standard_uncertainty


@pytest.mark.parametrize(
    ("gas", "level"),
    # NIST ASD, in cm⁻¹: Ar I 1s₅ 93143.76, Hg I 6³P₁ 39412.30, Ne I 2p⁵3p 148257.79 … 152970.73.
    [("argon", 93143.76), ("mercury", 39412.30), ("neon", (148257.79 + 152970.73) / 2)],
)
def test_references(gas: str, level: float) -> None:
    value, _, source = frank_hertz.REFERENCES[gas]
    assert value == pytest.approx(level * 1.239841984e-4, abs=6e-4)
    assert source.startswith("NIST ASD")


def test_the_wrong_gas_is_noticed() -> None:
    _, readings = drawn_at_random(MERCURY, 1, 6)
    found = [c for c in analyse(readings).warnings if c.code == "reference"]
    assert found
    assert "gas" in found[0].message


def test_fewer_than_three_maxima_give_the_figure_and_a_warning() -> None:
    _, readings = drawn_at_random(ARGON, 1, 2)
    result = analyse(readings)
    assert (codes(result), result.measurands) == (["no-measurand"], [])
    converted = msgspec.convert(readings, frank_hertz.FrankHertz)
    assert list(frank_hertz.figures(converted, result)) == ["group-1"]


@pytest.mark.parametrize(
    "currents",
    [[0.0, 0.014, 0.045], [1.0, 2.0], [0.5] * 82, [0.0] * 30, list(range(82))],
    ids=["contract", "two", "equal", "zero", "straight"],
)
def test_curves_without_peaks(currents: list[float]) -> None:
    readings = {"groups": [{"currents": currents}]}
    result = analyse(readings)
    assert codes(result) == ["no-measurand"]
    converted = msgspec.convert(readings, frank_hertz.FrankHertz)
    for figure in frank_hertz.figures(converted, result).values():
        drawing.render(figure)


def test_slips_are_found_and_named() -> None:
    _, readings = drawn_at_random(ARGON, 4, 6)
    currents = readings["groups"][0]["currents"]
    index, typed = 40, currents[40]
    currents[index] = round(typed * 10, 3)
    (slip,) = analyse(readings).warnings
    assert (slip.code, slip.field, slip.index) == ("decimal-slip", "groups[0].currents", index)
    assert f"{typed:g}" in slip.message
    currents[index] = round(1.6 * typed, 3)
    (outlier,) = analyse(readings).warnings
    assert (outlier.code, outlier.index) == ("outlier", index)
    currents[index] = typed
    readings["VG2K"][30] = 13.0
    assert ("order", "VG2K", 30) in [(c.code, c.field, c.index) for c in analyse(readings).warnings]


def test_a_curve_that_begins_late_has_its_orders_from_the_spacing() -> None:
    _, readings = drawn_at_random(ARGON, 4, 7)
    readings["VG2K"] = readings["VG2K"][22:]
    readings["groups"][0]["currents"] = readings["groups"][0]["currents"][22:]
    result = analyse(readings)
    assert result.found[0].maxima.orders == [2, 3, 4, 5, 6, 7]
    assert codes(result) == ["missing-peak"]


def test_voltages_may_be_missing() -> None:
    sample = json.loads((SAMPLES / "frank-hertz.json").read_text())
    without = {"groups": sample["groups"]}
    assert analyse(without).measurands == analyse(sample).measurands


def test_groups_are_analysed_each_on_its_own() -> None:
    first, second = (drawn_at_random(ARGON, seed, 6)[1] for seed in (1, 2))
    length = min(len(first["VG2K"]), len(second["VG2K"]))
    groups = [
        {"currents": one["groups"][0]["currents"][:length], "label": f"<b>组 {i}</b>"}
        for i, one in enumerate((first, second))
    ]
    result = analyse({"VG2K": first["VG2K"][:length], "groups": groups})
    alone = analyse({"VG2K": first["VG2K"][:length], "groups": groups[1:]})
    assert len(result.measurands) == 8
    assert result.measurands[4].value == alone.measurands[0].value
    assert "第 2 组" in result.measurands[4].name


@pytest.mark.parametrize(
    ("readings", "field", "part"),
    [
        ({"groups": [{"currents": [1.0]}]}, "groups[0].currents", "只有 1 个"),
        ({"VG2K": [2.0, 2.0], "groups": [{"currents": [1.0, 2.0]}]}, "VG2K", "都相同"),
        (
            {"VG2K": [1, 2, 3], "groups": [{"currents": [1, 2, 3]}, {"currents": [1, 2]}]},
            "groups[1].currents",
            "有 2 个读数，而 VG2K 有 3 个",
        ),
        (
            {"groups": [{"currents": [1, 2, 3]}, {"currents": [1, 2, 3, 4]}]},
            "groups[1].currents",
            "有 4 个读数，而 groups[0].currents 有 3 个",
        ),
    ],
)
def test_bad_readings_are_refused(readings: dict[str, Any], field: str, part: str) -> None:
    with pytest.raises(ReadingError) as caught:
        msgspec.convert(readings, frank_hertz.FrankHertz)
    assert caught.value.field == field
    assert part in caught.value.message


@pytest.mark.parametrize("groups", [0, 11])
def test_the_number_of_groups_is_bounded(groups: int) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"groups": [{"currents": [1, 2]}] * groups}, frank_hertz.FrankHertz)


@pytest.mark.parametrize("count", [1, 5, 10])
def test_figures_fit_into_one_answer(count: int) -> None:
    _, readings = drawn_at_random(ARGON, 1, 8)
    readings["groups"] = readings["groups"] * count
    converted = msgspec.convert(readings, frank_hertz.FrankHertz)
    result = frank_hertz.analyse(converted)
    size = len(msgspec.json.encode([result.measurands, result.fits, result.warnings]))
    for number, figure in enumerate(frank_hertz.figures(converted, result).values(), 1):
        texts = " ".join(text for text, _ in drawing.text_boxes(figure))
        assert LABEL in texts
        if count > 1:
            assert f"第 {number} 组" in texts
        size += len(base64.b64encode(drawing.render(figure))) + 200
    assert size < 1000 * 1024


def test_five_thousand_readings() -> None:
    tube = replace(ARGON, step=0.0164, readings=5000)
    result = analyse(tube.read(np.random.default_rng(2)))
    found = result.measurand("U₀")
    assert abs(found.value - 11.6) < 3 * found.standard_uncertainty
    assert result.warnings == []
