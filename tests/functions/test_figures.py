"""Every figure of every sample: no text clipped, overlapping, missing a glyph or over the data."""

import itertools
import struct
from pathlib import Path

import msgspec
import numpy as np
import pytest

from functions._lab import drawing
from functions._lab.drafting import fonts
from functions._lab.figure import Curve, Figure, Points
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
