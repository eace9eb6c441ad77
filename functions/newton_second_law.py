"""Newton's second law on the air track: the mass that is accelerated, or the force on it.

Model
    A weight m pulls a glider over a pulley: m g = M a + f, M all that moves and f the drag.  By a
    flag of width d through gates s apart a = d² q/(2 s), q = 1/Δt₂² - 1/Δt₁².  Weights moved from
    glider to hook leave M as it is: M = 2 s g/(d² c) and f = -g q₀/c by slope c and intercept q₀
    of q over m; of a timer that shows a, M = g/c and f = -g a₀/c.  With the same weight and loads
    on the glider 1/q = d² M/(2 s F) gives F = d²/(2 s k) by the slope k of 1/q over M.
Measurands
    M and f, or F.
Sources
    The handouts of 气垫导轨; any textbook of mechanics.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    intercept,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

MASS, DRAG = ("由运动得的总质量", "M", "g"), ("阻力", "f", "mN")
CAUSES = ("砝码是否从滑块移到钩上（总质量不变）", "总质量是否含砝码与钩", "导轨是否调平")
HEAVY = (50, 2000)


class Total(Experiment, title="总质量不变"):
    """What all methods with one mass have."""

    M_w = single("称得的总质量", "M_w", "g", limit=0.1, usual=(50, 2000))
    g = constant("重力加速度", "g", "m/s²", 9.80)


class Gates(Total, title="总质量不变，两个光电门", tag="force"):
    """The flag, and for each weight the times through both gates."""

    d = single("挡光宽度", "d", "mm", limit=0.02, usual=(2, 120))
    s = single("光电门的距离", "s", "cm", limit=0.1, usual=(5, 200))
    m = column("钩上的质量", "m", "g", table="挡光", limit=0.02, count=3, usual=(0.5, 200))
    t_1 = column("第一光电门的挡光时间", "Δt₁", "ms", table="挡光", limit=0.01, count=3)
    t_2 = column("第二光电门的挡光时间", "Δt₂", "ms", table="挡光", limit=0.01, count=3)
    q = derived("挡光时间平方倒数之差", "q", "ms⁻²", "1/t_2**2 - 1/t_1**2")
    c = slope("斜率", "c", "1/(ms²·g)", x=m, y=q)
    q_0 = intercept("截距", "q₀", "ms⁻²", c)
    M = result(*MASS, "2*s*g/(d**2*c)", accepted=Total.M_w, plausible=HEAVY, causes=CAUSES)
    f = result(*DRAG, "-g*q_0/c")
    plot = figure("牛顿第二定律：挡光时间平方倒数之差与钩上的质量", c)


class Shown(Total, title="总质量不变，计时器显示加速度", tag="shown"):
    """For each weight the acceleration that the timer shows."""

    m = column("钩上的质量", "m", "g", table="加速度", limit=0.02, count=3, usual=(0.5, 200))
    a = column("加速度", "a", "cm/s²", table="加速度", limit=0.5, count=3, usual=(2, 500))
    c = slope("斜率", "c", "cm/s²/g", x=m, y=a)
    a_0 = intercept("截距", "a₀", "cm/s²", c)
    M = result(*MASS, "g/c", accepted=Total.M_w, plausible=HEAVY, causes=CAUSES)
    f = result(*DRAG, "-g*a_0/c")
    plot = figure("牛顿第二定律：加速度与钩上的质量", c)


class Loads(Experiment, title="拉力不变，改变滑块质量", tag="mass"):
    """The weight, the flag, and for each whole mass the times through both gates."""

    m = single("钩上的质量", "m", "g", limit=0.02, usual=(0.5, 200))
    d = single("挡光宽度", "d", "mm", limit=0.02, usual=(2, 120))
    s = single("光电门的距离", "s", "cm", limit=0.1, usual=(5, 200))
    g = constant("重力加速度", "g", "m/s²", 9.80)
    M = column("总质量", "M", "g", table="挡光", limit=0.1, count=3, usual=(50, 2000))
    t_1 = column("第一光电门的挡光时间", "Δt₁", "ms", table="挡光", limit=0.01, count=3)
    t_2 = column("第二光电门的挡光时间", "Δt₂", "ms", table="挡光", limit=0.01, count=3)
    q = derived("挡光时间平方倒数之差", "q", "ms⁻²", "1/t_2**2 - 1/t_1**2")
    r = derived("q 的倒数", "1/q", "ms²", "1/q")
    k = slope("斜率", "k", "ms²/g", x=M, y=r)
    F_m = derived("砝码的重力", "mg", "mN", "m*g")
    F = result(
        *("由运动得的拉力", "F", "mN", "d**2/(2*s*k)"),
        accepted=F_m,
        plausible=(5, 2000),
        causes=("总质量是否含砝码与钩", "阻力，导轨是否调平", "挡光宽度与时间的单位"),
    )
    plot = figure("牛顿第二定律：1/q 与总质量", k)


function = declared(
    __file__,
    Gates,
    Shown,
    Loads,
    title="气垫导轨上验证牛顿第二定律",
    chapter="力学与热学",
    keywords="加速度 质量 力 光电门 砝码",
)
app = function.app
