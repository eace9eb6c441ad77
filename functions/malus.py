"""The law of Malus: light through a polariser and an analyser at an angle to it.

Model
    I = I₀ cos²θ + I_d, a line over cos²θ; I_d is what is left at crossed polarisers: the dark
    current of the detector, stray light, and what the polarisers let through.
Measurands
    I₀ and I_d.
Sources
    E. Hecht, Optics, 8.2.1; the handouts of 光的偏振, 马吕斯定律.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, figure, intercept, result, slope
from functions._runtime.experiment import declared


class Malus(Experiment, title="马吕斯定律"):
    """Angles between the polarisers and the photocurrents."""

    theta = column("两偏振片的夹角", "θ", "°", table="光强", limit=1.0, count=4, kind=Real)
    I = column("光电流（光强）", "I", "μA", table="光强", limit=0.01, count=4, kind=Real)
    c = derived("余弦平方因子", "cos²θ", "1", "cos(theta)**2")
    b = slope("斜率", "b", "μA", x=c, y=I)
    a = intercept("截距", "a", "μA", b)
    I_0 = result(
        *("偏振部分的最大光强", "I₀", "μA", "b"),
        causes=("θ 的零点是否在光强极大处", "光电流是否换了量程"),
    )
    I_d = result("消光时剩余的光强", "I_d", "μA", "a")
    plot = figure("马吕斯定律：光强与 cos²θ", b)


function = declared(__file__, Malus, chapter="光学", keywords="偏振 起偏 检偏 消光")
app = function.app
