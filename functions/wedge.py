"""The air wedge: the thickness of a thin thing between two glass plates.

Model
    Over one fringe the wedge grows by λ/2: D = (λ/2) L/Δx at normal incidence, L from the edge
    where the plates touch to the thing, Δx the distance of neighbouring dark fringes: positions by
    successive differences, or the length of N fringes several times.
Measurands
    D.
Sources
    E. Hecht, Optics, 9.4.1; the handouts of 劈尖干涉; 589.3 nm, the middle of the sodium doublet.
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
    successive,
)
from functions._runtime.experiment import declared

EDGE = "劈尖长度"
D = ("厚度（细丝直径）", "D", "μm")
CAUSES = ("条纹数是否数错", "L 是否从棱边量到细丝", "鼓轮是否中途反转（回程差）")
PLAUSIBLE = (0.5, 2000)


class Wedge(Experiment, title="劈尖"):
    """What both methods read: the edge and the thing, several times."""

    lam = constant("波长", "λ", "nm", 589.3)
    e_1 = column("棱边位置", "X₁", "mm", table=EDGE, limit=0.005, count=1, kind=Real)
    e_2 = column("细丝位置", "X₂", "mm", table=EDGE, limit=0.005, count=1, kind=Real)
    L_i = derived("各次的长度", "L", "mm", "abs(e_2 - e_1)")
    L = mean("劈尖长度", "L_m", "mm", L_i)


class Positions(Wedge, title="逐条读条纹位置，逐差法", tag="positions"):
    """Positions of every so many fringes."""

    k = column("条纹序号", "k", "1", table="条纹", count=4, counted=True, kind=NonNegative)
    x = column("条纹位置", "x", "mm", table="条纹", limit=0.005, count=4, kind=Real)
    dx = successive("相邻条纹的间距", "Δx", "mm", x=k, y=x)
    D = result(*D, "lam*L/(2*abs(dx))", plausible=PLAUSIBLE, causes=CAUSES)
    plot = figure("劈尖：条纹位置与序号", dx)


class Lengths(Wedge, title="多次测 N 条条纹的长度", tag="lengths"):
    """Where N fringes begin and end."""

    N = constant("每次的条纹数", "N", "1", 30)
    x_1 = column("起点位置", "x₁", "mm", table="N 条条纹", limit=0.005, count=1, kind=Real)
    x_2 = column("终点位置", "x₂", "mm", table="N 条条纹", limit=0.005, count=1, kind=Real)
    l_i = derived("各次的 N 条长度", "l", "mm", "abs(x_2 - x_1)")
    l = mean("N 条条纹的长度", "l_m", "mm", l_i)
    D = result(*D, "lam*N*L/(2*l)", plausible=PLAUSIBLE, causes=CAUSES)


function = declared(
    __file__,
    Positions,
    Lengths,
    title="劈尖测细丝直径",
    chapter="光学",
    keywords="等厚干涉 头发丝 薄片厚度",
)
app = function.app
