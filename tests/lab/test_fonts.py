"""Glyphs: every character that our texts use has one; anything else is a box, not a failure."""

import unicodedata

import numpy as np
import pytest
from numpy.typing import NDArray

from functions._lab.drafting import fonts

USED = (
    "0123456789−+-±×·/()[]%°℃′″ ²³⁻¹⁹⁰⁴⁵⁶⁷⁸₀₁₂₃₄₅₆₇₈₉ₙₘₐₓₕᵢ⁺"
    "ΩμµλΔαβγδεηθνπρσφχψωΣ√∝∞≤≥≈≠∂∫ℓ…“”‘’（）《》，。；：、？！—–ÅäöüéŁ"
    "密立根油滴弗兰克赫兹光纤传感通讯伏安特性照度热敏电阻铂超声波多普勒测速残差置信带"
)


CLOSE = 79


def drawn_vertices(shape: fonts.Glyph) -> NDArray[np.float64]:
    """Vertices in em, without those of closing commands, which mean nothing."""
    vertices, codes = fonts.outline(shape)
    return np.asarray(vertices[codes != CLOSE] / 1000)


@pytest.mark.parametrize("character", sorted(set(USED) - {" "}))
def test_every_used_character_has_a_glyph(character: str) -> None:
    shape = fonts.glyph(character)
    assert shape.face is not None, unicodedata.name(character)
    assert shape.base
    assert shape.advance > 0
    assert fonts.bitmap(shape, 36.0).coverage.max() > 128


def test_all_of_gb2312_has_glyphs() -> None:
    missing = []
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            if fonts.glyph(character).face is None:
                missing.append(character)
    assert not missing


@pytest.mark.parametrize(("character", "base"), [("⁻", "−"), ("⁹", "9"), ("²", "2"), ("₀", "0")])
def test_superscripts_are_small_digits(character: str, base: str) -> None:
    small, plain = fonts.glyph(character), fonts.glyph(base)
    assert (small.base, small.face) == (base, plain.face)
    assert small.advance == pytest.approx(0.62 * plain.advance)
    assert (small.rise > 0) == (character != "₀")


@pytest.mark.parametrize("character", ["\n", "\t", "\x00", "\u200b", "\u202e", "\ufeff"])
def test_controls_are_blank(character: str) -> None:
    assert fonts.glyph(character).base == ""


@pytest.mark.parametrize("character", ["\ud800", "\U000f0000", "\U0001faf0"])
def test_unknown_characters_are_boxes(character: str) -> None:
    shape = fonts.glyph(character)
    assert shape.face is None
    box = fonts.bitmap(shape, 36.0).coverage
    assert box[0].min() == 255
    assert box[box.shape[0] // 2, box.shape[1] // 2] == 0
    assert len(fonts.outline(shape)[0])


@pytest.mark.parametrize("character", "gÅ电|_")
def test_bitmap_lies_where_the_outline_does(character: str) -> None:
    shape = fonts.glyph(character)
    drawn = fonts.bitmap(shape, 50.0)
    x, y = (drawn_vertices(shape) * 50).T
    rows, columns = np.nonzero(drawn.coverage > 20)
    assert drawn.left + columns.min() == pytest.approx(x.min(), abs=1.5)
    assert drawn.left + columns.max() + 1 == pytest.approx(x.max(), abs=1.5)
    assert drawn.top - rows.min() == pytest.approx(y.max(), abs=1.5)
    assert drawn.top - rows.max() - 1 == pytest.approx(y.min(), abs=1.5)


def test_text_stays_within_its_box() -> None:
    for character in set(USED):
        shape = fonts.glyph(character)
        if shape.base:
            y = drawn_vertices(shape)[:, 1] * shape.scale + shape.rise
            assert y.max() <= fonts.ASCENT + 0.02, character
            assert y.min() >= -fonts.DESCENT - 0.02, character


@pytest.mark.parametrize("character", "0123456789.−")
def test_digits_stay_within_their_lower_box(character: str) -> None:
    y = drawn_vertices(fonts.glyph(character))[:, 1]
    assert y.max() <= fonts.DIGIT_ASCENT
    assert y.min() >= -fonts.DIGIT_DESCENT


def test_widths_add_up() -> None:
    assert fonts.measure("电压", 10.0) == pytest.approx(20.0, abs=0.01)
    assert fonts.measure("12", 10) == pytest.approx(fonts.measure("1", 10) + fonts.measure("2", 10))


@pytest.mark.parametrize("text", ["字" * 200, "word " * 60, "x" * 300])
def test_fitted_and_wrapped_texts_are_narrow_enough(text: str) -> None:
    cut = fonts.fit(text, 30.0, 400.0)
    assert cut.endswith("…")
    assert fonts.measure(cut, 30.0) <= 400.0
    lines = fonts.wrap(text, 30.0, 400.0, 3)
    assert len(lines) == 3
    assert all(fonts.measure(line, 30.0) <= 400.0 for line in lines)


def test_wrapping_breaks_at_blanks_and_keeps_everything() -> None:
    lines = fonts.wrap("e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)", 30.0, 450.0, 3)
    assert " ".join(lines) == "e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)"
