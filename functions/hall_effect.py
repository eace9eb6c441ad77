"""The Hall effect: sensitivity, Hall coefficient and density of carriers of a semiconductor.

Model
    V_H = K_H I_S B.  Of each current four voltages are read, with current and field reversed:
    V_H = (V₁ - V₂ + V₃ - V₄)/4 removes all side effects but Ettingshausen's.  The slope b of V_H
    over I_S gives K_H = b/B, R_H = K_H d and n = 1/(e R_H).
Measurands
    K_H, R_H and n.
Sources
    The handouts of 霍尔效应; ASTM F76-08 for the reversals; e exact in the SI (2019).
"""

from functions._lab.fields import Positive, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, figure, known, result, single, slope
from functions._runtime.experiment import declared


class HallEffect(Experiment, title="霍尔效应（改变工作电流）"):
    """Field, thickness, and for each current the voltages at +I +B, -I +B, -I -B, +I -B."""

    B = single("磁感应强度", "B", "mT", limit=1.0, usual=(5, 1500))
    d = single("霍尔片厚度", "d", "mm", limit=0.005, default=0.5, usual=(0.01, 2))
    I = column("工作电流", "I_S", "mA", table="四组电压", limit=0.01, count=3, kind=Positive)
    V_1 = column("+I +B", "V₁", "mV", table="四组电压", limit=0.01, count=3, kind=Real)
    V_2 = column("−I +B", "V₂", "mV", table="四组电压", limit=0.01, count=3, kind=Real)
    V_3 = column("−I −B", "V₃", "mV", table="四组电压", limit=0.01, count=3, kind=Real)
    V_4 = column("+I −B", "V₄", "mV", table="四组电压", limit=0.01, count=3, kind=Real)
    e = known("元电荷", "e", "C", 1.602176634e-19)
    V = derived("霍尔电压", "V_H", "mV", "abs(V_1 - V_2 + V_3 - V_4)/4")
    b = slope("斜率", "b", "mV/mA", x=I, y=V)
    K = result("霍尔灵敏度", "K_H", "V/(A·T)", "b/B", plausible=(0.1, 2000))
    R = result("霍尔系数", "R_H", "m³/C", "K*d")
    n = result("载流子浓度", "n", "m⁻³", "1/(e*R)")
    plot = figure("霍尔电压与工作电流", b)


function = declared(__file__, HallEffect, chapter="电磁学", keywords="霍尔系数 灵敏度 载流子")
app = function.app
