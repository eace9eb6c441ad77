"""Franck–Hertz against simulated tubes of known truth (``tube``); bad input; figures."""

import base64
import json
import math
import time
from dataclasses import replace
from pathlib import Path
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

REFERENCE = Path(__file__).parent / "reference"


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


def test_successive_differences_are_those_of_the_maxima_that_the_figure_marks() -> None:
    # Six maxima: ((V₄ - V₁) + (V₅ - V₂) + (V₆ - V₃)) / 9; seven: (V₅+V₆+V₇ - V₁-V₂-V₃) / 12.
    for peaks, divisor in ((6, 9), (7, 12)):
        _, readings = drawn_at_random(ARGON, 3, peaks)
        result = analyse(readings)
        v = [peak.value for peak in result.found[0].extrema.peaks]
        by_hand = (sum(v[-3:]) - sum(v[:3])) / divisor
        found = result.measurand("U₀″")
        assert found.value == pytest.approx(by_hand, rel=1e-12)
        # The pull of the envelope, which is left in, is a part of the uncertainty.
        maxima = result.found[0].maxima
        c = maxima.crests
        pulled = found.value - (sum(c[-3:]) - sum(c[:3])) / divisor
        expected = abs(pulled) * math.hypot(1, float(maxima.share.u) / float(maxima.share.x))
        contributions = {line.name: line.contribution for line in found.budget}
        assert contributions["未扣除的包络影响"] == pytest.approx(expected, rel=1e-9)


def test_the_line_is_the_weighted_fit_with_the_share_as_third_parameter() -> None:
    _, readings = drawn_at_random(ARGON, 5, 6)
    maxima = analyse(readings).found[0].maxima
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


def published(name: str) -> dict[str, Any]:
    """Readings of others, with their source."""
    data: dict[str, Any] = json.loads((REFERENCE / f"{name}.json").read_text())
    assert data["source"]
    readings: dict[str, Any] = data["readings"]
    return readings


def plain_line(places: list[float]) -> tuple[float, float]:
    """Slope and its u by ordinary least squares of places on 1, 2, …, with NumPy alone."""
    n = np.arange(1, len(places) + 1)
    (slope, _), covariance = np.polyfit(n, places, 1, cov=True)
    return float(slope), math.sqrt(covariance[0, 0])


@pytest.mark.parametrize(
    ("name", "gas", "count"),
    [("fh-gotsky-hgU1-cut", "mercury", 3), ("fh-mendoza-neon1x10", "neon", 3)],
)
def test_where_the_envelope_explains_nothing_the_line_is_plain(
    name: str, gas: str, count: int
) -> None:
    """Two real tubes: with the share λ, U₀ was 11 % and 4 % off with a U of 3 % and 0.4 %."""
    result = analyse(published(name) | {"gas": gas})
    found = result.found[0]
    assert found.maxima.share is None
    assert found.minima.share is None
    places = [peak.value for peak in found.extrema.peaks]
    assert len(places) == count
    slope, u = plain_line(places)
    first = result.measurand("U₀")
    assert first.value == pytest.approx(slope, rel=1e-9)
    assert first.standard_uncertainty == pytest.approx(u, rel=1e-6)
    assert first.degrees_of_freedom == pytest.approx(count - 2)


def test_published_potentials_are_inside_the_intervals() -> None:
    """4.920 V of mercury from the minima; 20.07 ± 0.61 V from the maxima of a neon tube."""
    mercury = analyse(published("fh-gotsky-hgU1-cut") | {"gas": "mercury"})
    for symbol in ("U₀", "U₀′"):
        found = mercury.measurand(symbol)
        assert abs(found.value - 4.920) < found.expanded_uncertainty
    assert mercury.measurand("U₀′").value == pytest.approx(5.034, abs=0.005)
    assert mercury.measurand("U₀").value == pytest.approx(4.44, abs=0.01)
    neon = analyse(published("fh-mendoza-neon1x10") | {"gas": "neon"}).measurand("U₀")
    assert neon.value == pytest.approx(20.07, abs=0.01)
    assert neon.standard_uncertainty == pytest.approx(0.61, abs=0.01)


def test_where_the_current_is_zero_there_are_no_peaks() -> None:
    result = analyse(published("fh-gotsky-neU35") | {"gas": "neon"})
    places = [round(peak.value, 1) for peak in result.found[0].extrema.peaks]
    assert places == [33.7, 49.9, 68.6]
    for symbol in ("U₀", "U₀″"):
        found = result.measurand(symbol)
        assert found.value == pytest.approx(17.4, abs=0.05)
        assert abs(found.value - 20) < found.expanded_uncertainty  # published: 20 ± 1


def test_maxima_and_minima_that_exclude_each_other_are_warned_of() -> None:
    """Minima every 11.6 V beside maxima that a slip has moved."""
    _, readings = drawn_at_random(ARGON, 4, 6)
    currents = readings["groups"][0]["currents"]
    currents[40] = round(currents[40] * 10, 3)
    (caution,) = [c for c in analyse(readings).warnings if c.code == "disagreement"]
    assert "由峰得" in caution.message
    assert "由谷得" in caution.message


@pytest.mark.parametrize("readings", [[90.64], [90.64, 90.64], [45.0, 60.0, 88.0]])
def test_a_discharge_at_the_end_leaves_the_curve_before_it(readings: list[float]) -> None:
    """What one published curve shows: the tube breaks down behind its last valley."""
    sample = json.loads((SAMPLES / "frank-hertz.json").read_text())
    clean = analyse(sample)
    sample["groups"][0]["currents"] += readings
    sample["VG2K"] += [83.0 + n for n in range(len(readings))]
    broken = analyse(sample)
    assert broken.measurands == clean.measurands
    (caution,) = broken.warnings
    assert (caution.code, caution.index) == ("discharge", 82)
    assert "83 V" in caution.message
    assert "加得更高" not in caution.message


def test_a_meter_at_full_scale_is_named() -> None:
    _, readings = drawn_at_random(ARGON, 4, 6)
    currents = readings["groups"][0]["currents"]
    full = 7.0
    first = next(n for n in range(60, len(currents)) if currents[n] > full)
    currents[first:] = [full] * (len(currents) - first)
    result = analyse(readings)
    (caution,) = [c for c in result.warnings if c.code == "full-scale"]
    assert caution.index == first
    assert len(result.found[0].extrema.peaks) >= 3


def test_a_published_discharge() -> None:
    """Published: 4.7 to 5.2 V; the meter stands at 50 behind the discharge."""
    result = analyse(published("fh-malmriv-170-1.0") | {"gas": "mercury"})
    assert 6 <= len(result.found[0].extrema.peaks) <= 12
    assert 4.7 < result.measurand("U₀").value < 5.2
    (caution,) = [c for c in result.warnings if c.code == "discharge"]
    assert "43.19 V" in caution.message


@pytest.mark.parametrize("factor", [0.1, 10.0, 0.01, 1000.0])
@pytest.mark.parametrize("first", [20, 45, 70])
def test_a_range_switched_on_the_way_is_named(first: int, factor: float) -> None:
    sample = json.loads((SAMPLES / "frank-hertz.json").read_text())
    currents = sample["groups"][0]["currents"]
    currents[first:] = [round(value * factor, 6) for value in currents[first:]]
    found = [c for c in analyse(sample).warnings if c.code == "range"]
    assert [(c.field, c.index) for c in found] == [("groups[0].currents", first)]
    assert f"约 {round(max(factor, 1 / factor))} 倍" in found[0].message


def test_voltages_of_the_peaks_alone() -> None:
    """Two published lists (HIT Shenzhen, argon) with their recomputed line and half-split mean."""
    lists = [[15.5, 26.5, 37.5, 49, 61, 74, 87], [15.5, 27, 38, 49.5, 62.5, 74, 87.5]]
    result = analyse({"groups": [{"peaks": one} for one in lists]})
    values = {(m.name[-6:], m.symbol): m for m in result.measurands}
    for number, places, line, halves in zip(
        (1, 2), lists, (11.89286, 11.94643), (11.875, 11.95833), strict=True
    ):
        of = f"（第 {number} 组）"
        slope = next(m for (end, s), m in values.items() if s == "U₀" and of.endswith(end[-5:]))
        assert slope.value == pytest.approx(line, abs=1e-5)
        assert slope.standard_uncertainty == pytest.approx(plain_line(places)[1], rel=1e-9)
        split = next(m for (end, s), m in values.items() if s == "U₀″" and of.endswith(end[-5:]))
        assert split.value == pytest.approx(halves, abs=1e-5)
    converted = msgspec.convert(
        {"groups": [{"peaks": one} for one in lists]}, frank_hertz.FrankHertz
    )
    drawn = frank_hertz.figures(converted, result)
    assert list(drawn) == ["group-1", "group-2"]
    for figure in drawn.values():
        drawing.render(figure)


def test_peaks_at_equal_distances_are_known_to_their_last_digit() -> None:
    """Half a step of it is a rectangular limit (JCGM 100:2008, F.2.2.1)."""
    places = [10.0, 21.5, 33.0, 44.5]
    found = analyse({"groups": [{"peaks": places}]}).measurand("U₀")
    assert found.value == pytest.approx(11.5)
    assert found.standard_uncertainty == pytest.approx(0.05 / math.sqrt(3) / math.sqrt(5))


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


@pytest.mark.parametrize("index", [0, 1, 40, -2, -1])
def test_a_moved_decimal_point_is_named_at_its_own_reading(index: int) -> None:
    _, readings = drawn_at_random(replace(ARGON, background=0.3), 4, 6)
    currents = readings["groups"][0]["currents"]
    typed, index = currents[index], index % len(currents)
    currents[index] = round(max(typed, 0.5) * 10, 3) if index < 2 else round(typed * 10, 3)
    found = [c for c in analyse(readings).warnings if c.code in ("decimal-slip", "outlier")]
    assert {c.index for c in found} == {index}
    if index >= 2:
        assert [c.code for c in found] == ["decimal-slip"]
        assert f"{typed:g}" in found[0].message


def test_slips_are_found_and_named() -> None:
    _, readings = drawn_at_random(ARGON, 4, 6)
    currents = readings["groups"][0]["currents"]
    index, typed = 40, currents[40]
    currents[index] = round(typed * 10, 3)
    slip = analyse(readings).warnings[0]
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
        ({"groups": [{"label": "空"}]}, "groups[0].currents", "没有读数"),
        ({"groups": [{"peaks": [1.0, 2.0]}]}, "groups[0].peaks", "至少需要 3 个"),
        ({"groups": [{"peaks": [1, 2, 3], "currents": [1, 2]}]}, "groups[0].peaks", "不要再填"),
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


@pytest.mark.parametrize("power", [1, 3, 4, 6, 12])
def test_a_voltage_with_misplaced_zeros_is_named_in_a_moment(power: int) -> None:
    readings = json.loads((SAMPLES / "frank-hertz.json").read_text())
    readings["VG2K"][-1] *= 10**power
    began = time.process_time()
    result = analyse(readings)
    assert time.process_time() - began < 1
    named = [
        c for c in result.warnings if (c.field, c.index) == ("VG2K", len(readings["VG2K"]) - 1)
    ]
    assert [c.code for c in named] == ["decimal-slip"]
    assert "若为 82 则与其余数据一致" in named[0].message
    assert not any("请把加速电压加得更高" in c.message for c in result.warnings)


def test_a_listed_peak_with_misplaced_zeros_is_named() -> None:
    result = analyse({"groups": [{"peaks": [14.0, 25.5, 37.1, 48.6, 60_300_000.0]}]})
    assert [(c.code, c.index) for c in result.warnings if c.index == 4] == [("decimal-slip", 4)]
