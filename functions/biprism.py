"""Fresnel's biprism: the wavelength of light from the distance of its fringes.

Model
    λ = d Δx/D, Δx the distance of neighbouring fringes by successive differences, D from the
    virtual sources to the plane of the fringes, d = √(d₁ d₂) the distance of the sources, by a lens
    between them and the eyepiece that forms their image large (d₁) and small (d₂).  D is the sum of
    both distances of object (or image) where these are read instead.
Measurands
    λ.
Sources
    E. Hecht, Optics, 9.3.2; the handouts of 双棱镜干涉.
"""

from functions._lab.fields import NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    mean,
    result,
    single,
    successive,
)
from functions._runtime.experiment import declared

IMAGES = "虚光源的像"


class Biprism(Experiment, title="双棱镜干涉测波长"):
    """Fringes, and both images of the two virtual sources several times."""

    lam_0 = constant("光源的波长（供比较）", "λ₀", "nm", 589.3)
    D = single("虚光源到测微目镜的距离", "D", "cm", limit=0.5, usual=(20, 300))
    a_1 = column("大像左侧", "a₁", "mm", table=IMAGES, limit=0.005, count=1, kind=Real)
    a_2 = column("大像右侧", "a₂", "mm", table=IMAGES, limit=0.005, count=1, kind=Real)
    b_1 = column("小像左侧", "b₁", "mm", table=IMAGES, limit=0.005, count=1, kind=Real)
    b_2 = column("小像右侧", "b₂", "mm", table=IMAGES, limit=0.005, count=1, kind=Real)
    k = column("条纹序号", "k", "1", table="条纹", count=4, counted=True, kind=NonNegative)
    x = column("条纹位置", "x", "mm", table="条纹", limit=0.005, count=4, kind=Real)
    a = derived("各次的大像间距", "a", "mm", "abs(a_2 - a_1)")
    b = derived("各次的小像间距", "b", "mm", "abs(b_2 - b_1)")
    d_1 = mean("大像间距", "d₁", "mm", a)
    d_2 = mean("小像间距", "d₂", "mm", b)
    d = derived("虚光源间距", "d", "mm", "sqrt(d_1*d_2)")
    dx = successive("相邻条纹的间距", "Δx", "mm", x=k, y=x)
    lam = result(
        *("波长", "λ", "nm", "d*abs(dx)/D"),
        accepted=lam_0,
        plausible=(300, 900),
        causes=("条纹数是否数错", "D 是否量到虚光源与目镜的焦平面", "大像、小像是否最清晰"),
    )
    plot = figure("双棱镜：条纹位置与序号", dx)


function = declared(__file__, Biprism, chapter="光学", keywords="菲涅耳双棱镜 分波前干涉 钠光")
app = function.app
