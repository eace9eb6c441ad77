"""A driven tuning fork: its period with loaded arms, and the sharpness of its resonance.

Model
    Loaded with m on each arm it resonates at f: T² = 1/f² = (4π²/k)(m + m₀), so that k = 4π²/b and
    m₀ = a/b of the line T² = a + b m, for one arm; an unknown load by its own f: (1/f² - a)/b.  A
    resonance that falls to 1/√2 of the peak at f₁ and f₂ has Q = f₀/(f₂ - f₁).
Measurands
    k and m₀, and the unknown load; or Q and the width.
Sources
    The handouts of 音叉的受迫振动与共振; L. D. Landau and E. M. Lifshitz, Mechanics, § 26, for Q.
"""

from functions._lab.fields import NonNegative
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    derived,
    figure,
    intercept,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

F, AUDIBLE = ("共振频率", "f", "Hz"), (50, 2000)


class Loads(Experiment, title="改变双臂质量，作 T²–m 直线", tag="mass"):
    """The load on each arm, and the frequency of resonance."""

    m = column("每臂所加质量", "m", "g", table="共振", limit=0.05, count=3, kind=NonNegative)
    f = column(*F, table="共振", limit=0.01, count=3, usual=AUDIBLE)
    T2 = derived("周期的平方", "T²", "ms²", "1/f**2")
    b = slope("斜率", "b", "ms²/g", x=m, y=T2)
    a = intercept("截距", "a", "ms²", b)
    m_0 = result("每臂的有效质量", "m₀", "g", "a/b", plausible=(1, 500), causes=("质量的单位",))
    k = result("每臂的劲度系数", "k", "kN/m", "4*pi**2/b", plausible=(0.5, 5000))
    plot = figure("音叉：周期的平方与所加质量", b)


class Unknown(Loads, title="由 T²–m 直线测未知质量", tag="unknown"):
    """The same, and the frequency with the unknown load."""

    f_x = single("加待测物时的共振频率", "f_x", "Hz", limit=0.01, usual=AUDIBLE)
    m_x = result(
        *("每臂的待测质量", "m_x", "g", "(1/f_x**2 - a)/b"),
        plausible=(0.1, 500),
        causes=("两臂是否对称加载",),
    )


class Width(Experiment, title="由共振曲线的半功率点测 Q", tag="width"):
    """The frequencies of the peak, and where the voltage is 1/√2 of it."""

    f_0 = single("峰值的频率", "f₀", "Hz", limit=0.01, usual=AUDIBLE)
    f_1 = single("低频侧的半功率频率", "f₁", "Hz", limit=0.01, usual=AUDIBLE)
    f_2 = single("高频侧的半功率频率", "f₂", "Hz", limit=0.01, usual=AUDIBLE)
    Q = result(
        *("品质因数", "Q", "1", "f_0/(f_2 - f_1)"),
        plausible=(10, 1e5),
        causes=("半功率点是峰值的 1/√2 而不是 1/2", "峰附近的点是否太疏"),
    )
    B = result("半功率带宽", "Δf", "Hz", "f_2 - f_1", plausible=(1e-3, 50))


function = declared(
    __file__,
    Loads,
    Unknown,
    Width,
    title="音叉的受迫振动与共振",
    chapter="力学与热学",
    keywords="品质因数 共振曲线 有效质量",
)
app = function.app
