"""Lissajous figures: a frequency by the number of loops, a phase by the ellipse.

Model
    f_y/f_x = n_x/n_y, n the crossings of a horizontal and a vertical line; φ = arcsin(A/B) for the
    width A of the ellipse on the axis and B at its widest, 0 to 90°.
Measurands
    f_x; φ.
Sources
    Any text on the oscilloscope.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, mean, result, single
from functions._runtime.experiment import declared


class Frequency(Experiment, title="测频率", tag="frequency"):
    """The loops of each figure and the known frequency."""

    n_x = column("水平线的交点数", "n_x", "1", table="李萨如图形", counted=True)
    n_y = column("竖直线的交点数", "n_y", "1", table="李萨如图形", counted=True)
    f_y = column("已知频率（Y 轴）", "f_y", "Hz", table="李萨如图形", limit=0.05)
    f = derived("每次的频率", "f", "Hz", "f_y*n_y/n_x")
    f_m = mean("频率的平均", "f_m", "Hz", f)
    f_x = result(
        *("待测频率（X 轴）", "f_x", "Hz", "f_m"),
        plausible=(0.1, 1e8),
        causes=("交点数之比是否写反",),
    )


class Phase(Experiment, title="测相位差", tag="phase"):
    """The two widths of the ellipse."""

    A = single("轴上的宽度 2x₀（格）", "A", "1", limit=0.1, usual=(0.1, 12))
    B = single("最大宽度 2x_m（格）", "B", "1", limit=0.1, usual=(0.2, 12))
    phi = result(
        *("相位差", "φ", "°", "asin(A/B)"),
        plausible=(0.5, 90),
        causes=("图形向左倾斜时为 180° − φ",),
    )


function = declared(
    *(__file__, Frequency, Phase),
    title="示波器：李萨如图形",
    chapter="电磁学",
    keywords="示波器 频率比 相位差",
)
app = function.app
