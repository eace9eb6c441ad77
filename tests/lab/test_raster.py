"""What we rely on in matplotlib's compiled renderer, and the PNG encoder."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from functions._lab.drafting import png, raster
from functions._lab.drafting.sheet import Area, Dots, Item, Shape, Sheet, Stroke, Word

BLACK = (0.0, 0.0, 0.0)
RED = (1.0, 0.0, 0.0)


def painted(*items: Item) -> NDArray[np.uint8]:
    return raster.paint(Sheet(120, 80, "", list(items)))


def line(*points: tuple[float, float]) -> NDArray[np.float64]:
    return np.array(points, dtype=np.float64)


def test_an_empty_sheet_is_white_and_opaque() -> None:
    pixels = painted()
    assert pixels.shape == (80, 120, 4)
    assert pixels.min() == 255


def test_a_thin_line_fills_exactly_its_pixels() -> None:
    pixels = painted(Stroke(line((10, 20.5), (50, 20.5)), BLACK, 1.0))
    dark = np.argwhere(pixels[:, :, 0] == 0)
    assert dark.tolist() == [[20, column] for column in range(10, 50)]
    assert (pixels[:, :, 0] < 255).sum() == 40


def test_dashes_and_separate_segments() -> None:
    dashed = painted(Stroke(line((0, 10.5), (100, 10.5)), BLACK, 1.0, dash=(10.0, 10.0)))
    assert (dashed[10, :, 0] < 128).sum() == pytest.approx(50, abs=2)
    pairs = line((0, 10.5), (20, 10.5), (40, 10.5), (60, 10.5))
    pixels = painted(Stroke(pairs, BLACK, 1.0, pairs=True))
    assert pixels[10, 30, 0] == 255
    assert pixels[10, 50, 0] == 0


def test_an_area_is_blended() -> None:
    square = line((10, 10), (30, 10), (30, 30), (10, 30))
    pixels = painted(Area(square, RED, 0.5))
    assert pixels[20, 20, :3].tolist() == pytest.approx([255, 127, 127], abs=2)
    assert (pixels[:, :, 1] < 200).sum() == 400


@pytest.mark.parametrize("shape", ["circle", "square", "triangle", "diamond", "wedge", "pentagon"])
def test_markers_lie_at_their_points(shape: Shape) -> None:
    pixels = painted(Dots(line((40.2, 30.7)), shape, 10.0, BLACK, BLACK, 0.0))
    ink = 255.0 - pixels[:, :, 0]
    rows, columns = np.indices(ink.shape) + 0.5
    assert (ink * columns).sum() / ink.sum() == pytest.approx(40.2, abs=0.6)
    assert (ink * rows).sum() / ink.sum() == pytest.approx(30.7, abs=0.9)


def test_an_open_marker_shows_what_is_under_it() -> None:
    square = line((0, 0), (120, 0), (120, 80), (0, 80))
    pixels = painted(Area(square, RED), Dots(line((40, 30)), "circle", 10.0, None, BLACK, 2.0))
    assert pixels[30, 40, :3].tolist() == [255, 0, 0]


def test_upright_text_is_level_text_turned() -> None:
    level = painted(Word("电压 U", 10.0, 50.0, 20.0, BLACK))[:, :, 0]
    upright = raster.paint(Sheet(80, 120, "", [Word("电压 U", 50.0, 110.0, 20.0, BLACK, True)]))
    assert np.array_equal(np.rot90(level), upright[:, :, 0])


def test_palette_keeps_exact_colours_and_white() -> None:
    square = line((10, 10), (30, 10), (30, 30), (10, 30))
    pixels = painted(Area(square, (0x12 / 255, 0x34 / 255, 0x56 / 255)))
    data = png.encode(pixels, [(0x12, 0x34, 0x56)])
    image = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert image[20, 20].tolist() == [0x12, 0x34, 0x56]
    assert image[0, 0].tolist() == [255, 255, 255]


def test_rounding_to_the_palette_is_not_to_be_seen() -> None:
    pixels = painted(Word("密立根 ABC", 5.0, 50.0, 20.0, BLACK), Word("x", 5, 70, 20, RED))
    image = np.asarray(Image.open(io.BytesIO(png.encode(pixels))).convert("RGB")).astype(int)
    assert np.abs(image - pixels[:, :, :3]).max() <= 16


def test_more_colours_than_a_palette_holds() -> None:
    ramp = np.full((64, 4096, 4), 255, dtype=np.uint8)
    keys = np.arange(4096)
    ramp[:, :, :3] = np.stack([keys & 15, keys >> 4 & 15, keys >> 8], axis=1)[None] * 17
    data = png.encode(ramp)
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.size == (4096, 64)
    assert len(image.getpalette() or []) <= 768


@pytest.mark.parametrize("width", [121, 120])
def test_strips_are_the_image_cut_where_nothing_is_drawn(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(raster, "_STRIP", 40 * width)
    items: list[Item] = []
    for number in range(6):
        y = 25.3 + 50 * number
        items.append(Stroke(line((10, y), (60, y + 14.2), (110, y - 8)), RED, 3.0))
        items.append(Dots(line((60, y), (80, y + 9)), "diamond", 6.0, RED, BLACK, 2.0))
        items.append(Word("gÅ电 10⁻¹⁹", 5.0, y + 4, 14.0, BLACK))
        items.append(Word("p", 100.0, y + 15, 12.0, BLACK, vertical=True))
        items.append(Area(line((90, y), (95, y), (95, y + 12)), BLACK, 0.5))
    sheet = Sheet(width, 333, "", items)
    whole, strips = raster.paint(sheet), list(raster.strips(sheet))
    assert len(strips) >= 6
    # Moved by whole pixels, soft edges may round to the next of 256 levels.
    assert np.abs(np.concatenate(strips).astype(int) - whole).max() <= 2
    files = png.encode(whole), png.join(np.array_split(whole, 7))
    one, other = (np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) for data in files)
    assert np.array_equal(one, other)
    assert np.abs(one.astype(int) - whole[:, :, :3]).max() <= 16


def test_what_cannot_be_cut_is_one_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "_STRIP", 1000)
    full = Sheet(50, 300, "", [Stroke(line((10, 0), (20, 300)), RED, 3.0)])
    assert [len(strip) for strip in raster.strips(full)] == [300]
    assert sum(len(strip) for strip in raster.strips(Sheet(50, 300, "", []))) == 300
