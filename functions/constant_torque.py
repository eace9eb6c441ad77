"""Moments of inertia of a turntable and of a body on it, under a constant torque.

Model
    A weight m on a thread round a pulley of radius r turns the table with β₂; the thread gone,
    friction slows it down with β₁ < 0: J = m r (g - r β₂)/(β₂ - β₁).  With a body on it β₄ and β₃,
    and the body's J = J₂ - J₁; by mass and diameters m_b (D² + d²)/8.  Of the times t of angles
    k π, θ = ω₀ t + β t²/2 gives β = 2 b by the slope b of θ/t over t, whatever ω₀.
Measurands
    J₁ of the table and J of the body.
Sources
    The handouts of 恒力矩转动法; the disc and the ring by integration.
"""

from functions._lab.fields import NonNegative, Real
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

TABLE, BODY = ("空台转动惯量", "J₁", "kg·m²"), ("待测物转动惯量", "J", "kg·m²")
BOTH, BY_SIZE = ("共同的转动惯量", "J₂", "kg·m²"), ("由质量与直径算得的值", "J_t", "kg·m²")
FIRST, SECOND = "m*r*(g - r*beta_2)/(beta_2 - beta_1)", "m*r*(g - r*beta_4)/(beta_4 - beta_3)"
SMALL = (1e-5, 0.5)
CAUSES = ("减速时的角加速度应为负", "r 是绕线塔轮的半径而不是直径", "砝码质量是否含托盘")
A, W = "rad/s²", "rad/s"


class Turntable(Experiment, title="砝码、塔轮与待测物"):
    """The weight, the pulley, and mass and diameters of the body."""

    m = single("砝码质量（含托盘）", "m", "g", limit=0.5, usual=(5, 500))
    r = single("塔轮半径", "r", "mm", limit=0.02, usual=(5, 100))
    g = constant("重力加速度", "g", "m/s²", 9.80)
    m_b = single("待测物质量", "m_b", "g", limit=0.5, usual=(20, 5000))
    D = single("待测物外径", "D", "mm", limit=0.02, usual=(20, 500))
    d = single("待测物内径（圆盘填 0）", "d", "mm", limit=0.02, kind=NonNegative)
    J_t = derived(*BY_SIZE, "m_b*(D**2 + d**2)/8")


class Shown(Turntable, title="测角加速度", tag="shown"):
    """The angular accelerations that the timer shows."""

    beta_1 = repeats("空台减速（负）", "β₁", A, limit=0.001, kind=Real, usual=(0.001, 5))
    beta_2 = repeats("空台加速", "β₂", A, limit=0.001, usual=(0.05, 50))
    beta_3 = repeats("加待测物后减速（负）", "β₃", A, limit=0.001, kind=Real, usual=(0.001, 5))
    beta_4 = repeats("加待测物后加速", "β₄", A, limit=0.001, usual=(0.05, 50))
    J_1 = result(*TABLE, FIRST, plausible=SMALL, causes=CAUSES)
    J_2 = derived(*BOTH, SECOND)
    J = result(*BODY, "J_2 - J_1", accepted=Turntable.J_t, plausible=SMALL, causes=CAUSES)


class Times(Turntable, title="测转角与时间", tag="times"):
    """The times of angles k π from the first signal, slowed down and driven."""

    k_1 = column("转过的 π 数", "k₁", "1", table="空台减速", counted=True, count=3)
    t_1 = column("时间", "t₁", "s", table="空台减速", limit=1e-4, count=3, usual=(0.1, 200))
    k_2 = column("转过的 π 数", "k₂", "1", table="空台加速", counted=True, count=3)
    t_2 = column("时间", "t₂", "s", table="空台加速", limit=1e-4, count=3, usual=(0.1, 200))
    k_3 = column("转过的 π 数", "k₃", "1", table="加物减速", counted=True, count=3)
    t_3 = column("时间", "t₃", "s", table="加物减速", limit=1e-4, count=3, usual=(0.1, 200))
    k_4 = column("转过的 π 数", "k₄", "1", table="加物加速", counted=True, count=3)
    t_4 = column("时间", "t₄", "s", table="加物加速", limit=1e-4, count=3, usual=(0.1, 200))
    w_1 = derived("空台减速时的平均角速度", "θ₁/t₁", W, "k_1*pi/t_1")
    w_2 = derived("空台加速时的平均角速度", "θ₂/t₂", W, "k_2*pi/t_2")
    w_3 = derived("加物减速时的平均角速度", "θ₃/t₃", W, "k_3*pi/t_3")
    w_4 = derived("加物加速时的平均角速度", "θ₄/t₄", W, "k_4*pi/t_4")
    b_1, b_2 = slope("斜率", "b₁", A, x=t_1, y=w_1), slope("斜率", "b₂", A, x=t_2, y=w_2)
    b_3, b_4 = slope("斜率", "b₃", A, x=t_3, y=w_3), slope("斜率", "b₄", A, x=t_4, y=w_4)
    beta_1 = derived("空台减速的角加速度", "β₁", A, "2*b_1")
    beta_2 = derived("空台加速的角加速度", "β₂", A, "2*b_2")
    beta_3 = derived("加物减速的角加速度", "β₃", A, "2*b_3")
    beta_4 = derived("加物加速的角加速度", "β₄", A, "2*b_4")
    J_1 = result(*TABLE, FIRST, plausible=SMALL, causes=CAUSES[1:])
    J_2 = derived(*BOTH, SECOND)
    J = result(*BODY, "J_2 - J_1", accepted=Turntable.J_t, plausible=SMALL, causes=CAUSES[1:])
    plot = figure("恒力矩：空台加速时的平均角速度与时间", b_2)
    plot_slow = figure("恒力矩：空台减速时的平均角速度与时间", b_1)


function = declared(
    __file__,
    Shown,
    Times,
    title="恒力矩转动法测转动惯量",
    chapter="力学与热学",
    keywords="刚体 角加速度 塔轮 圆环 圆盘",
)
app = function.app
