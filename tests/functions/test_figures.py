"""Every figure of every sample: no text clipped, overlapping, missing a glyph or over the data."""

import itertools
import json
import re
import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest

from functions._lab import drawing, symbols
from functions._lab.annotated import annotated
from functions._lab.drafting import fonts
from functions._lab.figure import Curve, Figure, Mark, Panel, Points
from functions._lab.result import Caution, Result
from functions._runtime import work
from functions._runtime.discovery import discover
from functions._runtime.experiment import Experiment

SAMPLES = [
    (experiment, path)
    for experiment in discover()
    if isinstance(experiment, Experiment)
    for path in experiment.sample_paths
]
each_sample = pytest.mark.parametrize(
    ("experiment", "path"), SAMPLES, ids=[path.stem for _, path in SAMPLES]
)


def figures(experiment: Experiment, path: Path) -> dict[str, Figure]:
    readings = msgspec.json.decode(path.read_bytes(), type=experiment.input)
    return work.run(experiment, readings)[1]


@each_sample
@pytest.mark.parametrize("width", [1800, 1000])
def test_no_text_is_clipped_or_overlaps_another(
    experiment: Experiment, path: Path, width: int
) -> None:
    for name, figure in figures(experiment, path).items():
        sheet = drawing.compose(figure, width)
        boxes = drawing.text_boxes(figure, width)
        assert boxes, name
        for text, box in boxes:
            assert box.left >= 0, (name, text)
            assert box.top >= 0, (name, text)
            assert box.right <= sheet.width, (name, text)
            assert box.bottom <= sheet.height, (name, text)
        for (one, first), (other, second) in itertools.combinations(boxes, 2):
            assert not first.overlaps(second), (name, one, other)


@each_sample
def test_no_text_lies_over_a_reading(experiment: Experiment, path: Path) -> None:
    for name, figure in figures(experiment, path).items():
        sheet = drawing.compose(figure, 1800)
        words = list(sheet.words())
        for axes, panel in zip(sheet.axes, figure.panels, strict=True):
            for item in panel.items:
                if isinstance(item, Points | Curve) and not item.on_right:
                    x = axes.x.pixel(np.asarray(item.x, float))
                    y = axes.y.pixel(np.asarray(item.y, float))
                    for word in words:
                        box = word.box
                        hit = (box.left < x) & (x < box.right) & (box.top < y) & (y < box.bottom)
                        assert not hit.any(), (name, word.text)


@each_sample
def test_every_character_has_a_glyph(experiment: Experiment, path: Path) -> None:
    for name, figure in figures(experiment, path).items():
        for text, _ in drawing.text_boxes(figure):
            for character in text:
                assert fonts.glyph(character).face is not None, (name, text, character)


@each_sample
def test_a_picture_is_wide_enough_to_print_and_to_enlarge(
    experiment: Experiment, path: Path
) -> None:
    for figure in figures(experiment, path).values():
        image = drawing.render(figure)
        assert struct.unpack(">I", image[16:20])[0] >= 1600


SVG = "{http://www.w3.org/2000/svg}"


def said(figure: Figure) -> tuple[list[str], str]:
    """The lines of a figure as its SVG says them, and its description."""
    root = ElementTree.fromstring(drawing.render(figure, "svg"))
    description = root.find(f"{SVG}desc")
    assert description is not None
    labels = [group.attrib["aria-label"] for group in root.iter(f"{SVG}g") if group.attrib]
    return labels, description.text or ""


@each_sample
def test_results_and_warnings_are_in_the_figures(experiment: Experiment, path: Path) -> None:
    readings = msgspec.json.decode(path.read_bytes(), type=experiment.input)
    result, drawn = work.run(experiment, readings)
    spoken = [said(figure) for figure in drawn.values()]
    lines = " ".join(label for labels, _ in spoken for label in labels)
    for description in (description for _, description in spoken):
        for measurand in result.measurands:
            assert symbols.plain(measurand.display) in description
    words = " ".join(description for _, description in spoken)
    for caution in work.findings(result, readings).warnings:
        assert symbols.plain(caution.message) in words
    if not result.warnings:
        assert all(not figure.warnings for figure in drawn.values())
    assert not re.search(r"[_^]", lines), lines
    assert "(k = " not in lines


def slipped(name: str, *keys: str | int, value: float) -> tuple[Result, dict[str, Figure]]:
    """A sample with one reading replaced."""
    experiment, path = next(pair for pair in SAMPLES if pair[1].stem == name)
    body = json.loads(path.read_text())
    column: Any = body
    for key in keys[:-1]:
        column = column[key]
    column[keys[-1]] = value
    return work.run(experiment, msgspec.convert(body, experiment.input))


def rings(figure: Figure) -> list[Mark]:
    return [
        item
        for panel in figure.panels
        for item in panel.items
        if isinstance(item, Mark) and item.suspect
    ]


def test_a_doubted_reading_is_ringed_where_it_is_drawn() -> None:
    _, drawn = slipped("thermal", "pt100_resistance", 3, value=13.28)
    (ring,) = rings(drawn["pt100"])
    assert (ring.x, ring.y, ring.text) == (70.0, 13.28, "第 4 点 13.28？若为 132.8 则一致")
    assert drawn["pt100"].warnings[0].startswith("第 4 个 Pt100 电阻 R = 13.28，若为 132.8")
    assert not drawn["ntc"].warnings
    assert not rings(drawn["ntc"])
    labels, description = said(drawn["pt100"])
    assert ring.text in labels
    assert not any("参考值" in label or "偏差" in label for label in labels)
    assert drawn["pt100"].warnings[0] in description


def test_one_of_several_runs_is_ringed_in_its_own_figure() -> None:
    _, drawn = slipped("ultrasound", "v2_2", 4, value=9.9)
    first = rings(drawn["uniform-2"])[0]
    assert first.y == 9.9
    assert first.text == "第 5 点 9.9？若为 0.99 则一致"
    assert not rings(drawn["uniform-1"])


def test_a_reading_that_is_shown_transformed_is_named_below() -> None:
    _, drawn = slipped("mechanics", "t2m", "T10_avg_s", 2, value=166.0)
    assert any("第 3 个" in warning for warning in drawn["t2-m"].warnings)
    assert not rings(drawn["t2-m"])


def test_more_warnings_than_there_is_room_for_are_counted() -> None:
    sentences = [f"提示 {n}" for n in range(6)]
    result = Result(warnings=[Caution("few-points", sentence) for sentence in sentences])
    figure = annotated({"only": Figure("图", [Panel("x", "y", [])])}, result, {})["only"]
    assert list(figure.warnings) == ["提示 0", "提示 1", "提示 2；另有 3 条提示"]
    assert all(sentence in figure.description for sentence in sentences)


def test_what_is_marked_has_the_digits_of_the_result() -> None:
    _, drawn = slipped("photo-devices", "ld_P", 7, value=224.8)
    (figure,) = drawn.values()
    texts = [text for text, _ in drawing.text_boxes(figure)]
    assert "I_th = 8.04 mA" in texts
    assert not any("8.035" in text for text in texts)


def test_the_picture_says_that_it_is_fifteen_centimetres_wide() -> None:
    experiment, path = SAMPLES[0]
    image = drawing.render(next(iter(figures(experiment, path).values())))
    place = image.index(b"pHYs")
    across, down, unit = struct.unpack(">IIB", image[place + 4 : place + 13])
    width = struct.unpack(">I", image[16:20])[0]
    assert across == down
    assert unit == 1
    assert width / across == pytest.approx(0.15, rel=1e-3)
