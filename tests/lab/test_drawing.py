"""The renderer: geometry, texts that neither clip nor overlap, formats, determinism."""

import io
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from functions._lab import drawing
from functions._lab.drafting.sheet import Box, Dots, Sheet, Stroke, Word
from functions._lab.drafting.style import SERIES
from functions._lab.figure import Band, Curve, Figure, Item, Mark, Panel, Points, Rule

LONG = "很长的标签 label with many words 0123456789 " * 5
ODD = [
    r"$\frac{$",
    "a\nb\tc",
    "100 %",
    "😀 emoji \U0001f469\u200d\U0001f52c",
    "\x00\x07\x1b[31m",
    "\ud800",
    "{}%s\\n",
    "ﷺ\u202eabc",
]


def millikan() -> Figure:
    n = np.array([2.0, 2.0, 5.0, 6.0])
    q = np.array([3.214, 3.191, 8.167, 9.302])
    u = np.full(4, 0.12)
    main = Panel(
        "量子数 n",
        "电荷 q / 10⁻¹⁹ C",
        [Points(n, q, "测量值", u_y=u), Curve([0, 6.5], [0, 10.31], "q = n·e")],
        note=["e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)"],
    )
    low = Panel("量子数 n", "残差 / 10⁻¹⁹ C", [Points(n, q - 1.5863 * n, u_y=u)], residual=True)
    return Figure("密立根油滴", [main, low])


def frank_hertz() -> Figure:
    v = np.arange(1.0, 83.0)
    i = (v / 82) ** 1.6 * (1.3 + np.sin((v - 8) / 11.6 * 2 * np.pi - 1.5))
    peaks = [k for k in range(1, 81) if i[k] > i[k - 1] and i[k] > i[k + 1]]
    valleys = [k for k in range(1, 81) if i[k] < i[k - 1] and i[k] < i[k + 1]]
    items: list[Item] = [Points(v, i, "读数"), Curve(v, i, "平滑曲线")]
    marks: list[Item] = [Mark(v[k], i[k], f"{v[k]:.2f} V", side="above") for k in peaks]
    marks += [Mark(v[k], i[k], f"{v[k]:.2f} V", side="below") for k in valleys]
    order = np.arange(1.0, len(peaks) + 1)
    second = Panel("n", "Vₙ / V", [Points(order, v[peaks], "极大值")], note=["U₀ = 11.6 V"])
    return Figure("弗兰克-赫兹", [Panel("V / V", "I / μA", [*items, *marks]), second])


def ten_panels(columns: int) -> Figure:
    x = np.array([0.4, 5, 10, 15, 20, 25, 30])
    panels = [
        Panel(
            "电流 I / mA",
            "光功率 P / μW",
            [Points(x, x**1.1 * 10.0 ** (k - 5), "测量值"), Curve(x, x**1.1 * 10.0 ** (k - 5))],
            title=f"光电二极管光谱响应 {k}",
            note=["dI/dE = (0.02451 ± 0.00039) μA/lx (k = 2.78, P = 95 %)"],
        )
        for k in range(10)
    ]
    return Figure("光电器件性能", panels, columns)


def twin() -> Figure:
    v = np.array([0.92, 1.82, 2.70, 3.50, 4.13, 4.47, 4.78, 4.91, 5.01, 5.10])
    i = np.array([17.5, 17.4, 17.3, 16.9, 15.9, 14.5, 11.7, 9.5, 7.5, 5.0])
    items: list[Item] = [
        Points(v, i, "电流"),
        Points(v, v * i, "功率", series=1, on_right=True),
        Curve(v, v * i, series=1, on_right=True),
        Mark(4.13, 65.667, "P_m = 65.7 mW (4.13 V, 15.9 mA)", on_right=True),
        Rule("x", 4.13, "U_m"),
        Band(v, i - 1, i + 1, "带"),
    ]
    panel = Panel("电压 U / V", "电流 I / mA", items, right_label="功率 P / mW", note=["FF = 0.7"])
    return Figure("光照特性", [panel])


def eight_by_eight() -> Figure:
    v = np.arange(1.0, 83.0)
    items: list[Item] = []
    for g in range(8):
        i = (g + 1) * (v / 82) ** 1.6 * (1.3 + np.sin((v - 8) / 11.6 * 2 * np.pi - 1.5))
        items.append(Points(v, i, f"第 {g + 1} 组", series=g))
        items += [Mark(v[k], i[k], f"{v[k]:.1f} V") for k in range(7, 80, 10)]
    return Figure("八组八峰", [Panel("U / V", "I / μA", items)])


def semilog() -> Figure:
    t = np.array([55, 60, 65, 70, 75, 80.0])
    r = np.array([2883, 2424, 2027, 1701, 1435, 1217.0])
    curve = Panel("t / ℃", "R / Ω", [Points(t, r, "测量值")], y_log=True, note=["B = 4013 K"])
    line = Panel("1/T / K⁻¹", "ln(R/Ω)", [Points(1 / (t + 273.15), np.log(r), series=1)])
    return Figure("NTC", [curve, line], columns=2)


FIGURES = {
    "millikan": millikan(),
    "frank-hertz": frank_hertz(),
    "ten in two": ten_panels(2),
    "ten in three": ten_panels(3),
    "ten in four": ten_panels(4),
    "twin": twin(),
    "eight by eight": eight_by_eight(),
    "semilog": semilog(),
}


def assert_texts_are_clear(figure: Figure, width: int = 1800) -> Sheet:
    """No text leaves the canvas and no two share an area."""
    sheet = drawing.compose(figure, width)
    canvas = Box(0, 0, sheet.width, sheet.height)
    boxes = drawing.text_boxes(figure, width)
    for text, box in boxes:
        assert canvas.left <= box.left, text
        assert canvas.top <= box.top, text
        assert box.right <= canvas.right, text
        assert box.bottom <= canvas.bottom, text
    for (one, box), (other, second) in combinations(boxes, 2):
        assert not box.overlaps(second), (one, box, other, second)
    return sheet


def inner_words(sheet: Sheet) -> list[Word]:
    return [w for w in sheet.words() for a in sheet.axes if a.box.overlaps(w.box)]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("width", [1800, 900])
def test_texts_neither_clip_nor_overlap(name: str, width: int) -> None:
    assert_texts_are_clear(FIGURES[name], width)


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_lies_on_data(name: str) -> None:
    sheet = assert_texts_are_clear(FIGURES[name])
    for word in inner_words(sheet):
        box = word.box
        for item in sheet.items:
            if isinstance(item, Dots) and len(item.points) > 1:
                x, y = item.points.T
                inside = (box.left < x) & (x < box.right) & (box.top < y) & (y < box.bottom)
                assert not inside.any(), (word.text, name)


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_lies_on_a_curve(name: str) -> None:
    figure = FIGURES[name]
    sheet = drawing.compose(figure, 1800)
    curves = [
        (panel, item)
        for panel in range(len(figure.panels))
        for item in figure.panels[panel].items
        if isinstance(item, Curve)
    ]
    for panel, curve in curves:
        axes = sheet.axes[panel]
        y_scale = axes.right if curve.on_right and axes.right else axes.y
        along = np.linspace(0, len(curve.x) - 1, 3000)
        x = np.interp(along, np.arange(len(curve.x)), axes.x.pixel(curve.x))
        y = np.interp(along, np.arange(len(curve.y)), y_scale.pixel(curve.y))
        for word in inner_words(sheet):
            box = word.box
            inside = (box.left < x) & (x < box.right) & (box.top < y) & (y < box.bottom)
            assert not inside.any(), (word.text, name)


def decoded(figure: Figure, width: int = 1800) -> np.ndarray:
    image = Image.open(io.BytesIO(drawing.render(figure, "png", width)))
    image.load()
    return np.asarray(image.convert("RGB")).astype(int)


@pytest.mark.parametrize("log", [False, True])
def test_a_marker_lies_where_the_axes_say(log: bool) -> None:
    x, y = [1.0, 2.0, 4.0], [10.0, 30.0, 90.0]
    figure = Figure("", [Panel("x", "y", [Points(x, y)], x_log=log, y_log=log)])
    axes = drawing.compose(figure, 1800).axes[0]
    image = decoded(figure)
    blue = np.abs(image - (0x00, 0x72, 0xB2)).sum(axis=2) < 40
    for one, other in zip(x, y, strict=True):
        column, row = float(axes.x.pixel(one)), float(axes.y.pixel(other))
        near = blue[int(row) - 15 : int(row) + 16, int(column) - 15 : int(column) + 16]
        rows, columns = np.nonzero(near)
        # Pixel k covers k … k + 1.
        assert abs(rows.mean() + int(row) - 15 + 0.5 - row) < 1.0
        assert abs(columns.mean() + int(column) - 15 + 0.5 - column) < 1.0


def test_axes_map_values_to_pixels_linearly() -> None:
    axes = drawing.compose(millikan(), 1800).axes[0]
    ends = axes.x.pixel([axes.x.low, axes.x.high])
    assert ends == pytest.approx([axes.box.left, axes.box.right])
    low, middle, high = axes.y.pixel([2.0, 4.0, 6.0])
    assert low - middle == pytest.approx(middle - high)
    assert low > high


def test_tick_labels_stand_at_their_values() -> None:
    sheet = drawing.compose(millikan(), 1800)
    axes = sheet.axes[1]
    for text in ("0", "3", "6"):
        box = next(w.box for w in sheet.words() if w.text == text and w.box.top > axes.box.bottom)
        assert (box.left + box.right) / 2 == pytest.approx(float(axes.x.pixel(float(text))))


def test_residual_panel_shares_its_abscissa_and_has_zero_in_the_middle() -> None:
    upper, lower = drawing.compose(millikan(), 1800).axes
    assert (lower.x.low, lower.x.high) == (upper.x.low, upper.x.high)
    assert (lower.box.left, lower.box.right) == (upper.box.left, upper.box.right)
    assert lower.box.height < 0.5 * upper.box.height
    assert lower.y.low == -lower.y.high


def test_error_bars_have_the_length_of_the_uncertainty() -> None:
    figure = Figure("", [Panel("x", "y", [Points([1, 2], [5, 9], u_y=[0.5, 2.0])])])
    sheet = drawing.compose(figure, 1800)
    axes = sheet.axes[0]
    bars = next(i for i in sheet.items if isinstance(i, Stroke) and i.colour == SERIES[0])
    first = bars.points[:2, 1]
    assert abs(first[0] - first[1]) == pytest.approx(
        abs(axes.y.pixel(4.5) - axes.y.pixel(5.5)), abs=1e-6
    )


def test_text_is_large_enough_for_a_phone() -> None:
    sizes = [word.size for word in drawing.compose(millikan(), 1800).words()]
    assert min(sizes) >= 34
    marks = [word.size for word in drawing.compose(frank_hertz(), 1800).words()]
    assert min(marks) >= 31


@pytest.mark.parametrize("name", FIGURES)
def test_sizes_of_files(name: str) -> None:
    size = len(drawing.render(FIGURES[name]))
    limit = {"eight by eight": 180, "frank-hertz": 130}.get(name, 250 if "ten" in name else 80)
    assert size < limit * 1024


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
def test_same_figure_same_bytes(format: drawing.Format) -> None:
    assert drawing.render(millikan(), format) == drawing.render(millikan(), format)


def test_png_is_a_palette_image_of_the_asked_width() -> None:
    image = Image.open(io.BytesIO(drawing.render(millikan(), "png", 1620)))
    image.load()
    assert (image.format, image.mode, image.width) == ("PNG", "P", 1620)
    assert 900 < image.height < 1400


def test_svg_is_xml_without_dates() -> None:
    root = ElementTree.fromstring(drawing.render(twin(), "svg"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["width"] == "1600"
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids)) > 10


def test_pdf_has_a_page_and_no_dates() -> None:
    data = drawing.render(twin(), "pdf")
    assert data.startswith(b"%PDF-1.4")
    assert data.rstrip().endswith(b"%%EOF")
    assert b"/MediaBox" in data
    assert b"Date" not in data
    start = int(data.split(b"startxref\n")[1].split(b"\n")[0])
    assert data[start:].startswith(b"xref")


def test_unknown_format_and_width_are_refused() -> None:
    with pytest.raises(ValueError, match="gif"):
        drawing.render(millikan(), "gif")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="width"):
        drawing.render(millikan(), "png", 50)


@pytest.mark.parametrize("text", [*ODD, LONG, "", " ", "字" * 200, "W" * 200])
def test_any_text_is_drawn_literally(text: str) -> None:
    items: list[Item] = [
        Points([1, 2], [3, 4], text, u_y=[0.1, 0.1]),
        Curve([1, 2], [3, 4], text + "c"),
        Mark(1.5, 3.5, text),
        Rule("y", 3.2, text),
    ]
    panel = Panel(text, text, items, title=text, note=[text, text], right_label=text)
    low = Panel(text, text, [Points([1, 2], [0.1, -0.1])], residual=True)
    figure = Figure(text, [panel, low])
    assert_texts_are_clear(figure)
    formats: list[drawing.Format] = ["png", "svg", "pdf"]
    assert all(drawing.render(figure, format) for format in formats)
    ElementTree.fromstring(drawing.render(figure, "svg"))


def test_markup_is_not_parsed() -> None:
    figure = Figure("$x^2$ <b>&amp;</b>", [Panel("x", "y", [Points([1, 2], [1, 2])])])
    assert "$x^2$ <b>&amp;</b>" in [text for text, _ in drawing.text_boxes(figure)]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([1.0], [1.0]),
        ([0.0], [0.0]),
        ([3.0] * 5, [7.0] * 5),
        ([1, 2, 3], [1e-12, 2e-12, 3e-12]),
        ([1e12, 2e12], [-1e12, 1e12]),
        ([1e-12, 1e12], [1e-12, 1e12]),
        ([1000.001, 1000.002, 1000.003], [1e9 + 1, 1e9 + 2, 1e9 + 3]),
        ([-5, -4], [-1e-300, 1e-300]),
        ([0, 1], [-1e300, 1e300]),
        ([0, 1], [1e15, 1e15 + 2]),
        ([], []),
    ],
)
@pytest.mark.parametrize("log", [False, True])
def test_any_range(x: list[float], y: list[float], log: bool) -> None:
    items: list[Item] = [Points(x, y, "点", u_y=[abs(v) * 0.1 for v in y]), Curve(x, y, "线")]
    panel = Panel("x / m", "y / s", items, x_log=log, y_log=log, note=["a = 1.234 ± 0.056"])
    figure = Figure("范围", [panel, Panel("x / m", "残差", [Points(x, y)], residual=True)])
    assert_texts_are_clear(figure)
    assert drawing.render(figure)


def test_five_thousand_points() -> None:
    x = np.linspace(0, 10, 5000)
    y = np.sin(x) + np.random.default_rng(1).normal(0, 0.1, 5000)
    figure = Figure("", [Panel("x", "y", [Points(x, y, "读数"), Curve(x, np.sin(x), "sin")])])
    assert_texts_are_clear(figure)
    assert len(drawing.render(figure)) < 200 * 1024


def test_legend_makes_room_where_there_is_none() -> None:
    x = np.repeat(np.linspace(0, 1, 40), 25)
    y = np.tile(np.linspace(0, 1, 25), 40)
    panel = Panel("x", "y", [Points(x, y, "读数")], note=["a = 1", "b = 2"])
    sheet = assert_texts_are_clear(Figure("", [panel]))
    axes = sheet.axes[0]
    assert "读数" in [w.text for w in inner_words(sheet)]
    assert axes.y.high > 1.1 or axes.y.low < -0.1


def test_a_long_legend_stands_above_the_axes() -> None:
    items = [Points([0, 1, 2], [k, 2, 8 - k], f"第 {k} 组", series=k) for k in range(12)]
    sheet = assert_texts_are_clear(Figure("", [Panel("x", "y", items)], columns=3))
    texts = [w.text for w in sheet.words()]
    assert all(f"第 {k} 组" in texts for k in range(12))


def test_every_result_note_is_shown_whole() -> None:
    sheet = assert_texts_are_clear(ten_panels(3))
    shown = " ".join(w.text for w in sheet.words())
    assert "…" not in shown
    assert shown.count("0.02451 ± 0.00039") == 10


numbers = st.floats(-1e6, 1e6, allow_nan=False, width=32)


@settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    places=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30),
    label=st.text(max_size=40),
    note=st.lists(st.text(max_size=60), max_size=4),
    columns=st.integers(1, 4),
    marks=st.integers(0, 6),
)
def test_random_figures_keep_their_texts_apart(
    places: list[tuple[float, float]], label: str, note: list[str], columns: int, marks: int
) -> None:
    x, y = (list(values) for values in zip(*places, strict=True))
    items: list[Item] = [Points(x, y, label), Curve(x, y, label + "线")]
    items += [Mark(a, b, f"{a:.2f} V") for a, b in places[:marks]]
    panel = Panel(label, label, items, title=label, note=note)
    figure = Figure(
        label, [panel, Panel(label, "残差", [Points(x, y)], residual=True)] * 2, columns
    )
    assert_texts_are_clear(figure)


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MPL")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=root,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


DRAW = """
import hashlib, sys
from functions._lab import drawing
from functions._lab.figure import Band, Curve, Figure, Item, Mark, Panel, Points, Rule
drawing.warm()
figure = Figure("标题", [Panel("x", "y", [Points([1, 2], [1, 2], "读数")])])
files = [drawing.render(figure, f) for f in ("png", "svg", "pdf")]
print(hashlib.sha256(b"".join(files)).hexdigest())
assert "matplotlib.font_manager" not in sys.modules
assert "matplotlib.pyplot" not in sys.modules
"""


def test_neither_matplotlibrc_nor_home_matter(tmp_path: Path) -> None:
    rc = tmp_path / "matplotlibrc"
    rc.write_text(
        "font.size: 40\nlines.linewidth: 30\ntext.usetex: True\nno such key\nbackend: x\n"
    )
    plain = run(DRAW)
    odd = run(DRAW, MATPLOTLIBRC=str(rc), HOME="/nonexistent", XDG_CONFIG_HOME="/proc/nowhere")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert (odd.returncode, odd.stderr) == (0, "")
    assert plain.stdout == odd.stdout
