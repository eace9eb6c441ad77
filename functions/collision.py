"""Collisions on the air track: coefficient of restitution, momentum and energy.

Model
    Glider 1 runs into glider 2 at rest; v = d/Δt of a flag of width d.  e = (v₂ - v₁)/v₁₀,
    R = p′/p = (m₁ v₁ + m₂ v₂)/(m₁ v₁₀), K = E′/E = (m₁ v₁² + m₂ v₂²)/(m₁ v₁₀²), v₁ that of glider
    1 afterwards.  Equal masses and an elastic bumper: v₁ = 0.  Gliders that stick: v₁ = v₂, and
    K = m₁/(m₁ + m₂) where momentum is conserved.  Where all three times are read, all flags are of
    one width, which drops out, and every collision gives its own e, R and K.
Measurands
    e, R and K; of gliders that stick R and K.
Sources
    The handouts of 气垫导轨上的碰撞; any textbook of mechanics.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, mean, result, single
from functions._runtime.experiment import declared

E, P, K = ("恢复系数", "e", "1"), ("碰后与碰前动量之比", "R", "1"), ("碰后与碰前动能之比", "K", "1")
CONSERVED = (1, 0.0, "动量守恒")
CAUSES = ("导轨未调平或有阻力", "碰前碰后的时间是否对应", "是否正碰，滑块有无振动")
TIMES = (2, 1000)


class Pair(Experiment, title="两个时间"):
    """Masses, flags, and for each collision the times before and after."""

    m_1 = single("滑块 1 质量", "m₁", "g", limit=0.05, usual=(50, 1000))
    m_2 = single("滑块 2 质量", "m₂", "g", limit=0.05, usual=(50, 1000))
    d_1 = single("碰前所用的挡光宽度", "d₁", "mm", limit=0.02, usual=(2, 120))
    d_2 = single("碰后所用的挡光宽度", "d₂", "mm", limit=0.02, usual=(2, 120))
    t_0 = column("碰前的挡光时间", "Δt₁₀", "ms", table="碰撞", limit=0.01, count=1, usual=TIMES)
    t_2 = column("碰后的挡光时间", "Δt₂", "ms", table="碰撞", limit=0.01, count=1, usual=TIMES)
    r = derived("碰前与碰后时间之比", "r", "1", "t_0/t_2")
    w = mean("时间之比的平均", "w", "1", r)


class Equal(Pair, title="弹性碰撞，质量相等（滑块 1 碰后静止）", tag="equal"):
    """Glider 1 stops."""

    restitution = result(*E, "w*d_2/d_1", plausible=(0.3, 1.1), causes=CAUSES)
    p = result(*P, "m_2*restitution/m_1", accepted=CONSERVED, plausible=(0.6, 1.1), causes=CAUSES)
    k = result(*K, "m_2*restitution**2/m_1", plausible=(0.1, 1.2))


class Sticking(Pair, title="完全非弹性碰撞（碰后粘合）", tag="inelastic"):
    """Both move on together."""

    formula = "(m_1 + m_2)*w*d_2/(m_1*d_1)"
    p = result(*P, formula, accepted=CONSERVED, plausible=(0.6, 1.1), causes=CAUSES)
    k_t = derived("动量守恒时的动能之比", "K₀", "1", "m_1/(m_1 + m_2)")
    k = result(*K, "(m_1 + m_2)*(w*d_2/d_1)**2/m_1", accepted=k_t, causes=CAUSES)


class Bouncing(Experiment, title="弹性碰撞，三个时间（挡光宽度相同）", tag="elastic"):
    """Masses, and for each collision the times of equal flags; negative where glider 1 recoils."""

    m_1 = single("滑块 1 质量", "m₁", "g", usual=(50, 1000))
    m_2 = single("滑块 2 质量", "m₂", "g", usual=(50, 1000))
    t_0 = column("滑块 1 碰前", "Δt₁₀", "ms", table="挡光时间", limit=0.01, count=1, usual=TIMES)
    t_1 = column("滑块 1 碰后（反弹为负）", "Δt₁", "ms", table="挡光时间", limit=0.01, kind=Real)
    t_2 = column("滑块 2 碰后", "Δt₂", "ms", table="挡光时间", limit=0.01, count=1, usual=TIMES)
    e_i = derived("各次的恢复系数", "e′", "1", "t_0/t_2 - t_0/t_1")
    p_i = derived("各次的动量之比", "R′", "1", "t_0/t_1 + m_2*t_0/(m_1*t_2)")
    k_i = derived("各次的动能之比", "K′", "1", "(t_0/t_1)**2 + m_2*(t_0/t_2)**2/m_1")
    e_m = mean("恢复系数的平均", "e_m", "1", e_i)
    p_m = mean("动量之比的平均", "R_m", "1", p_i)
    k_m = mean("动能之比的平均", "K_m", "1", k_i)
    restitution = result(*E, "e_m", plausible=(0.3, 1.1), causes=CAUSES)
    p = result(*P, "p_m", accepted=CONSERVED, plausible=(0.6, 1.1), causes=CAUSES)
    k = result(*K, "k_m", plausible=(0.1, 1.2))


function = declared(
    __file__,
    Bouncing,
    Equal,
    Sticking,
    title="气垫导轨上的碰撞",
    chapter="力学与热学",
    keywords="动量守恒 恢复系数 弹性碰撞 非弹性碰撞 动能 光电门",
)
app = function.app
