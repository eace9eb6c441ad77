"""Fraunhofer diffraction at a single slit: its width.

Model
    Dark fringes lie at a sin φ = k λ, k = 1, 2, 3 …, side maxima at k = 1.430, 2.459, 3.471 (roots
    of tan πk = πk); φ is small, sin φ = y/L half the distance y of both fringes of an order, and
    the distance L of slit and screen.  a = λ L/s with the mean s of y/k.
Measurands
    a.
Sources
    E. Hecht, Optics, 10.2.1; the handouts of 单缝衍射; 632.8 nm for He-Ne.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, constant, derived, mean, result, single
from functions._runtime.experiment import declared

FRINGES = "条纹位置"


class SlitDiffraction(Experiment, title="单缝衍射测缝宽"):
    """Positions of fringes left and right of the middle."""

    lam = constant("波长", "λ", "nm", 632.8)
    L = single("单缝到接收屏的距离", "L", "cm", limit=0.5, usual=(10, 1000))
    k = column(
        "级次（暗纹 1、2…；次极大 1.43、2.46…）", "k", "1", table=FRINGES, count=1, counted=True
    )
    left = column("左侧位置", "x_L", "mm", table=FRINGES, limit=0.05, count=1, kind=Real)
    right = column("右侧位置", "x_R", "mm", table=FRINGES, limit=0.05, count=1, kind=Real)
    y = derived("到中央的距离", "y", "mm", "abs(right - left)/2")
    s_i = derived("各级的 y/k", "s", "mm", "y/k")
    s = mean("y/k 的平均值", "s_m", "mm", s_i)
    a = result(
        *("缝宽", "a", "μm", "lam*L/s"),
        plausible=(5, 2000),
        causes=(
            "级次 k 是否数错（中央亮纹两侧为第 1 级）",
            "y 取到中央的距离，不是左右间距",
            "波长",
        ),
    )


function = declared(
    __file__, SlitDiffraction, chapter="光学", keywords="夫琅禾费衍射 缝宽 暗纹 次极大 细丝直径"
)
app = function.app
