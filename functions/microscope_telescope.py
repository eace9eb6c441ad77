"""A microscope and a telescope put together of two lenses: the magnification.

Model
    Microscope: n divisions δ of a scale under it look as long as d on a ruler at the distance S
    seen with the other eye, |M| = d/(n δ); theory Δ S/(f_o f_e) with the optical tube length
    Δ = L - f_o - f_e, L from lens to lens.  Telescope: d₁ of a far ruler looks as long in it as d₂
    of that ruler to the bare eye, |M| = d₂/d₁; theory f_o/f_e where the ruler is far enough.
Measurands
    |M|.
Sources
    E. Hecht, Optics, 5.7.5 and 5.7.7; the handouts of 自组显微镜与望远镜.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, constant, derived, mean, result, single
from functions._runtime.experiment import declared

USUAL = (5, 2000)
M = ("放大率的大小", "M", "1", "M_m")


class Lenses(Experiment, title="两个透镜"):
    """The focal lengths of both lenses."""

    f_o = single("物镜焦距", "f_o", "mm", limit=0.5, usual=USUAL)
    f_e = single("目镜焦距", "f_e", "mm", limit=0.5, usual=USUAL)


class Microscope(Lenses, title="自组显微镜", tag="microscope"):
    """The distance of the lenses, and what some divisions look like beside a ruler."""

    L = single("物镜到目镜的距离", "L", "mm", limit=1.0, usual=USUAL)
    S = single("标尺到目镜的距离", "S", "mm", limit=5.0, default=250, usual=USUAL)
    e = constant("微尺的分度值", "δ", "mm", 0.1)
    d = column("标尺上对应的长度", "d", "mm", table="放大率", limit=1.0, count=1)
    n = column("微尺的格数", "n", "1", table="放大率", limit=0.2, count=1)
    M_t = derived("理论放大率", "M_t", "1", "(L - f_o - f_e)*S/(f_o*f_e)")
    M_i = derived("各次的放大率", "M", "1", "d/(n*e)")
    M_m = mean("放大率的平均值", "M_m", "1", M_i)
    M = result(
        *M,
        accepted=M_t,
        plausible=(2, 1000),
        causes=("光学筒长 Δ 要减去两个焦距", "微尺的分度值", "标尺与像是否同样远（无视差）"),
    )


class Telescope(Lenses, title="自组望远镜", tag="telescope"):
    """Lengths on a far ruler, in the telescope and beside it."""

    d_1 = column("镜中所见标尺的长度", "d₁", "mm", table="放大率", limit=0.5, count=1)
    d_2 = column("肉眼所见与它等长的长度", "d₂", "mm", table="放大率", limit=1.0, count=1)
    M_t = derived("理论放大率", "M_t", "1", "f_o/f_e")
    M_i = derived("各次的放大率", "M", "1", "d_2/d_1")
    M_m = mean("放大率的平均值", "M_m", "1", M_i)
    M = result(
        *M,
        accepted=M_t,
        plausible=(1, 200),
        causes=("标尺不够远时放大率不是 f_o/f_e", "d₁ 与 d₂ 是否写反", "物镜与目镜是否对调"),
    )


function = declared(
    __file__,
    Microscope,
    Telescope,
    title="自组显微镜与望远镜",
    chapter="光学",
    keywords="放大率 放大倍数 物镜 目镜",
)
app = function.app
