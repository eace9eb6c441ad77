"""The trifilar pendulum: moments of inertia of the plate and of a ring on it.

Model
    J₀ = m₀ g R r T₀² / (4π² H) for the plate that hangs on three wires of height H, fixed at radius
    R below and r above; with a ring of mass m on it J₁ = (m₀ + m) g R r T₁² / (4π² H), and the ring
    alone J = J₁ - J₀.  By its diameters D₁ and D₂ it should be m (D₁² + D₂²)/8.
Measurands
    J₀ and J.
Sources
    The handouts of 三线摆 (small angles, R - r ≪ H); the ring by integration.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import constant, derived, repeats, result, single
from functions._runtime.experiment import declared


class Trifilar(Experiment, title="三线摆测转动惯量"):
    """Masses and lengths of the apparatus, and the times of n swings without and with the ring."""

    m_0 = single("下盘质量", "m₀", "g", limit=0.5, usual=(50, 3000))
    m = single("圆环质量", "m", "g", limit=0.5, usual=(50, 3000))
    R = single("下盘悬点到中心", "R", "cm", limit=0.02, usual=(3, 20))
    r = single("上盘悬点到中心", "r", "cm", limit=0.02, usual=(1, 20))
    H = single("两盘的距离", "H", "cm", limit=0.1, usual=(20, 120))
    D_1 = single("圆环外径", "D₁", "cm", limit=0.002, usual=(3, 30))
    D_2 = single("圆环内径", "D₂", "cm", limit=0.002, usual=(1, 25))
    g = constant("重力加速度", "g", "m/s²", 9.80)
    n = constant("每次的周期数", "n", "1", 50)
    t_0 = repeats("下盘 n 个周期的时间", "t₀", "s", limit=0.2, usual=(5, 300))
    t_1 = repeats("加圆环后 n 个周期的时间", "t₁", "s", limit=0.2, usual=(5, 300))
    T_0 = derived("下盘的周期", "T₀", "s", "t_0/n")
    T_1 = derived("加圆环后的周期", "T₁", "s", "t_1/n")
    J_0 = result("下盘转动惯量", "J₀", "kg·m²", "m_0*g*R*r*T_0**2/(4*pi**2*H)")
    J_1 = derived("共同的转动惯量", "J₁", "kg·m²", "(m_0 + m)*g*R*r*T_1**2/(4*pi**2*H)")
    J_t = derived("由质量与直径算得的值", "J_t", "kg·m²", "m*(D_1**2 + D_2**2)/8")
    J = result(
        *("圆环转动惯量", "J", "kg·m²", "J_1 - J_0"),
        accepted=J_t,
        plausible=(1e-5, 0.1),
        causes=("所记的时间是几个周期", "摆角是否过大、有无晃动", "R、r 是悬点半径而不是盘半径"),
    )


function = declared(__file__, Trifilar, chapter="力学与热学", keywords="转动惯量 圆环")
app = function.app
