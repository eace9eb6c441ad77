"""Moments of inertia on a torsion pendulum with a spiral spring, and the parallel axes.

Model
    T² = 4π² J/K.  A cylinder, J₁ = m₁ D₁²/8 by mass and diameter, on the tray gives the stiffness
    K = 4π² J₁/(T₁² - T₀²), T₀ of the tray alone; a body on the tray J = K (T² - T₀²)/(4π²), one in
    the tray's place J = K T²/(4π²) - J_s with the support's J_s.  By size: tube m (D² + d²)/8, ball
    m D²/10, thin rod m l²/12.  Two sliders at x on a rod: T² = a + b x² with b = 4π² M/K, so that
    their mass M = K b/(4π²) tests the theorem of parallel axes.
Measurands
    K; and J, or M.
Sources
    The handouts of 扭摆法测转动惯量; the bodies by integration, the axes by Steiner's theorem.
"""

from functions._lab.fields import NonNegative
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    repeats,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

J, BY_SIZE = ("转动惯量", "J", "kg·m²"), ("由质量与尺寸算得的值", "J_t", "kg·m²")
SMALL = (1e-5, 0.1)
CAUSES = ("所记的时间是几个周期", "摆角是否相近（40°～90°）", "支座的转动惯量是否扣除")


class Pendulum(Experiment, title="扭摆与标准圆柱"):
    """The times of n swings of the tray alone and with the cylinder."""

    n = constant("每次的周期数", "n", "1", 10)
    m_1 = single("圆柱质量", "m₁", "g", limit=0.1, usual=(50, 5000))
    D_1 = single("圆柱直径", "D₁", "mm", limit=0.02, usual=(20, 300))
    t_0 = repeats("载物盘 n 个周期的时间", "t₀", "s", limit=0.01, usual=(1, 200))
    t_1 = repeats("加圆柱后 n 个周期的时间", "t₁", "s", limit=0.01, usual=(1, 200))
    J_1 = derived("圆柱的转动惯量", "J₁", "kg·m²", "m_1*D_1**2/8")
    K = result("扭转常数", "K", "N·m", "4*pi**2*J_1*n**2/(t_1**2 - t_0**2)", plausible=(1e-3, 1))


class Tube(Pendulum, title="圆筒（放在载物盘上）", tag="tube"):
    """Mass and diameters, and the times on the tray; the inner diameter is 0 of a cylinder."""

    m = single("待测物质量", "m", "g", limit=0.1, usual=(20, 5000))
    D = single("外径", "D", "mm", limit=0.02, usual=(20, 300))
    d = single("内径（实心填 0）", "d", "mm", limit=0.02, kind=NonNegative)
    t = repeats("加待测物后 n 个周期的时间", "t", "s", limit=0.01, usual=(1, 300))
    J_t = derived(*BY_SIZE, "m*(D**2 + d**2)/8")
    formula = "K*(t**2 - t_0**2)/(4*pi**2*n**2)"
    J = result(*J, formula, accepted=J_t, plausible=SMALL, causes=CAUSES[:2])


class Ball(Pendulum, title="球（取下载物盘）", tag="ball"):
    """Mass and diameter, and the times on the axis."""

    m = single("球的质量", "m", "g", limit=0.1, usual=(20, 5000))
    D = single("球的直径", "D", "mm", limit=0.02, usual=(20, 300))
    J_s = constant("支座的转动惯量", "J_s", "kg·m²", 0.0, kind=NonNegative)
    t = repeats("球 n 个周期的时间", "t", "s", limit=0.01, usual=(1, 300))
    J_t = derived(*BY_SIZE, "m*D**2/10")
    J = result(
        *(*J, "K*t**2/(4*pi**2*n**2) - J_s"), accepted=J_t, plausible=SMALL, causes=CAUSES[::-1]
    )


class Rod(Pendulum, title="细杆（取下载物盘）", tag="rod"):
    """Mass and length, and the times with the middle on the axis."""

    m = single("杆的质量", "m", "g", limit=0.1, usual=(20, 5000))
    l = single("杆长", "l", "cm", limit=0.05, usual=(10, 150))
    J_s = constant("夹具的转动惯量", "J_s", "kg·m²", 0.0, kind=NonNegative)
    t = repeats("杆 n 个周期的时间", "t", "s", limit=0.01, usual=(1, 300))
    J_t = derived(*BY_SIZE, "m*l**2/12")
    J = result(
        *(*J, "K*t**2/(4*pi**2*n**2) - J_s"), accepted=J_t, plausible=SMALL, causes=CAUSES[::-1]
    )


class Axes(Pendulum, title="平行轴定理（杆上滑块）", tag="axes"):
    """The sliders' mass, their distances from the axis, and the times of n swings."""

    M_w = single("两滑块的总质量", "M_w", "g", limit=0.1, usual=(50, 2000))
    x = column("滑块质心到转轴", "x", "cm", table="滑块", limit=0.05, count=3, usual=(1, 60))
    t = column("n 个周期的时间", "t", "s", table="滑块", limit=0.01, count=3, usual=(1, 300))
    x2 = derived("距离的平方", "x²", "cm²", "x**2")
    T2 = derived("周期的平方", "T²", "s²", "(t/n)**2")
    b = slope("斜率", "b", "s²/cm²", x=x2, y=T2)
    causes = ("x 是否量到滑块质心", "所记的时间是几个周期", "摆角是否相近（40°～90°）")
    M = result("由斜率得的滑块质量", "M", "g", "K*b/(4*pi**2)", accepted=M_w, causes=causes)
    plot = figure("平行轴定理：周期的平方与距离的平方", b)


function = declared(
    __file__,
    Tube,
    Ball,
    Rod,
    Axes,
    title="扭摆法测转动惯量",
    chapter="力学与热学",
    keywords="平行轴定理 蜗簧 扭转常数 圆筒 球 细杆",
)
app = function.app
