"""The shear modulus of a wire by a torsion pendulum with and without a ring.

Model
    D = 4π² J / (T₁² - T₀²) is the torsion constant, J = m (d₁² + d₂²)/8 that of the ring, T₀ and T₁
    the periods without it and with it; G = 32 L D / (π d⁴) for a wire of length L and diameter d.
Measurands
    D and G.
Sources
    Any text on elasticity (torsion of a round bar); handbooks give 79 to 82 GPa for steel.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import constant, derived, repeats, result, single
from functions._runtime.experiment import declared


class ShearModulus(Experiment, title="扭摆法测切变模量"):
    """Wire, ring, and the times of n swings."""

    n = constant("每次的周期数", "n", "1", 40)
    d_r = repeats("钢丝直径（千分尺读数）", "d′", "mm", limit=0.004, usual=(0.1, 3))
    d_0 = constant("千分尺零点", "d₀", "mm", 0.0, kind=Real)
    L = repeats("钢丝长", "L", "cm", limit=0.1, usual=(5, 150))
    m = single("圆环质量", "m", "g", limit=0.5, usual=(20, 5000))
    d_1 = repeats("圆环内径", "d₁", "mm", limit=0.02, usual=(20, 300))
    d_2 = repeats("圆环外径", "d₂", "mm", limit=0.02, usual=(20, 300))
    t_0 = repeats("不加圆环的时间", "t₀", "s", limit=0.01, usual=(10, 1000))
    t_1 = repeats("加圆环的时间", "t₁", "s", limit=0.01, usual=(10, 1000))
    d = derived("钢丝直径", "d", "mm", "d_r - d_0")
    J = derived("圆环的转动惯量", "J", "kg·m²", "m*(d_1**2 + d_2**2)/8")
    D = result("扭转系数", "D", "N·m", "4*pi**2*J*n**2/(t_1**2 - t_0**2)", plausible=(1e-4, 1))
    G = result(
        *("切变模量", "G", "GPa", "32*L*D/(pi*d**4)"),
        accepted=(80.5, 1.0, "钢的手册值 79～82 GPa"),
        plausible=(5, 200),
        causes=("钢丝直径与千分尺零点（四次方）", "圆环直径的单位", "所记的是几个周期"),
    )


function = declared(__file__, ShearModulus, chapter="力学与热学", keywords="剪切模量 扭摆 扭转")
app = function.app
