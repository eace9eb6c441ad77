"""How quantities and units are printed, after ISO 80000-1 and GB/T 3101: by hand, text by text."""

import pytest

from functions._lab.drafting import fonts
from functions._lab.symbols import pieces, plain

ITALIC_FACE = 2


def marked(text: str) -> str:
    """Italic letters in <>, lowered parts after _, raised ones after ^."""
    parts = []
    for piece in pieces(text):
        shown = f"<{piece.text}>" if piece.italic else piece.text
        parts.append({0: shown, 1: f"^{{{shown}}}", -1: f"_{{{shown}}}"}[piece.level])
    return "".join(parts).replace("\u2009", "~")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("温度 t / °C", "温度 <t> / °C"),
        ("加速电压 V / V", "加速电压 <V> / V"),
        ("速度 v / (m/s)", "速度 <v> / (m/s)"),
        ("油滴电荷 q / 10⁻¹⁹ C", "油滴电荷 <q> / 10⁻¹⁹ C"),
        ("I_th = (8.04 ± 0.12) mA", "<I>_{th} = (8.04 ± 0.12)~mA"),
        ("α = (4.10 ± 0.08)×10⁻³ /°C", "<α> = (4.10 ± 0.08)×10⁻³~/°C"),
        ("α_T = −0.045 /K", "<α>_{<T>} = −0.045~/K"),
        ("m_eff = 7.2 g", "<m>_{eff} = 7.2~g"),
        ("P_m = 65.98 mW", "<P>_{m} = 65.98~mW"),
        ("E_n = 0.36", "<E>_{n} = 0.36"),
        ("U₀″ = 11.5 V", "<U>₀″ = 11.5~V"),
        ("峰位 Vₙ / V", "峰位 <V>_{<n>} / V"),
        ("R = R∞·exp(B/T)", "<R> = <R>_{∞}·exp(<B>/<T>)"),
        ("ln(R/Ω)", "ln(<R>/Ω)"),
        ("ln(P / mW)", "ln(<P> / mW)"),
        ("I ∝ E^γ", "<I> ∝ <E>^{<γ>}"),
        ("dI_sc/dJ = 18.0 mA", "d<I>_{sc}/d<J> = 18.0~mA"),
        ("y = A·sin(2πf·x + φ)", "<y> = <A>·sin(2π<f>·<x> + <φ>)"),
        ("g = 4π²l/T²", "<g> = 4π²<l>/<T>²"),
        ("Δx = 11.92 mm", "Δ<x> = 11.92~mm"),
        ("P = 95 %，包含因子 k_P = 2.78", "<P> = 95~%，包含因子 <k>_{<P>} = 2.78"),
        ("A 类", "A 类"),
        ("Pt100 电阻 R / Ω", "Pt100 电阻 <R> / Ω"),
        ("NIST ASD：Ar I 11.548 eV", "NIST ASD：Ar I 11.548~eV"),
        ("/ (m²/s²)", "/ (m²/s²)"),
        ("", ""),
        ("_ ^ __ a_ ^b", "_ ^ __ <a>_ ^<b>"),
    ],
)
def test_printed(text: str, printed: str) -> None:
    assert marked(text) == printed


def test_italic_letters_are_of_the_italic_font() -> None:
    glyphs = {glyph.character: glyph for glyph, _ in fonts.spread("I_th = 8.04 mA")[0]}
    assert glyphs["I"].face == ITALIC_FACE
    assert glyphs["A"].face != ITALIC_FACE
    assert glyphs["t"].face != ITALIC_FACE
    assert glyphs["t"].rise < 0
    assert glyphs["t"].scale < glyphs["A"].scale == 1.0


@pytest.mark.parametrize("text", ["x_a_b^(c^d)", "a" * 3000, "（_）^^", "1_2 m_3/ (", "\ud800_x"])
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text))
    assert isinstance(plain(text), str)


def test_read_out_without_signs() -> None:
    assert plain("I_th′ = 8 mA，E^γ，x̄_n") == "Ith′ = 8 mA，Eγ，x̄n"


def test_a_unit_stays_on_its_line() -> None:
    assert fonts.wrap("残差 / (m²/s²)", 10.0, 50.0, 2) == ["残差", "/ (m²/s²)"]
    assert fonts.wrap("残差 / 10⁻¹⁹ C", 10.0, 50.0, 2) == ["残差", "/ 10⁻¹⁹ C"]
