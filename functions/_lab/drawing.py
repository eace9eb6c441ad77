"""Drawing: a figure as data in, an image file out.  The one place that knows the house style.

``render`` lays a figure out once (``drafting.compose``) and puts the sheet into PNG, SVG or PDF.
The same figure gives the same bytes.  Not for several threads at once: fonts keep state.
"""

from typing import Literal, TypeAlias

from functions._lab.drafting import pdf, png, raster, svg
from functions._lab.drafting.compose import compose
from functions._lab.drafting.sheet import Box, Sheet
from functions._lab.drafting.style import EXACT
from functions._lab.figure import WIDTH_PX, Curve, Figure, Panel, Points

__all__ = ["Format", "compose", "render", "text_boxes", "warm"]

Format: TypeAlias = Literal["png", "svg", "pdf"]

_WARMED = "0123456789−.,()=±×·/ °⁻¹²³⁴⁵⁶⁷⁸⁹ΩμλαβηΔabcdefghiklmnoprstuvxyzABCEIKMPRTUV"
_WARMED_ITALIC = " ".join("abdefgiklmnqrstuvxyABCEIMPRTUVαβγηθλμσφχω")
_WARMED_CHINESE = "电压流温度阻时间速位移质量光强功率残差读数拟合直线曲实验测量结果理论值"


def render(figure: Figure, format: Format = "png", width_px: int | None = None) -> bytes:
    """The figure as a file of that format, as wide as it says or as is asked; the height follows.

    Raises ValueError for an unknown format or a width outside 200 … 10,000 pixels.
    """
    sheet = _sheet(figure, width_px or figure.width_px)
    if format == "png":
        return png.join(raster.strips(sheet), EXACT)
    if format == "svg":
        return svg.write(sheet)
    if format == "pdf":
        return pdf.write(sheet)
    raise ValueError(f"unknown format {format!r}: png, svg or pdf")


def text_boxes(figure: Figure, width_px: int = WIDTH_PX) -> list[tuple[str, Box]]:
    """Every text of the figure with the rectangle in pixels that it takes, y downwards."""
    return [(word.text, word.box) for word in _sheet(figure, width_px).words()]


def _sheet(figure: Figure, width_px: int) -> Sheet:
    if not 200 <= width_px <= 10_000:
        raise ValueError(f"width {width_px} px is outside 200 … 10,000")
    return compose(figure, width_px)


def warm() -> None:
    """Load the fonts, the rasteriser and the glyphs that most figures need (about 0.1 s)."""
    points = Points([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], "读数", u_y=[0.1, 0.1, 0.1])
    curve = Curve([1.0, 3.0], [1.0, 3.0], _WARMED_CHINESE)
    panel = Panel("时间 t / s", "速度 v / (m/s)", [points, curve], note=[_WARMED, _WARMED_ITALIC])
    low = Panel("时间 t / s", "残差", [points], residual=True)
    render(Figure(_WARMED_CHINESE, [panel, low]))
