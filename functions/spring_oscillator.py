"""A hanging spring: its stiffness by weights on a Jolly balance, and by its oscillations.

Model
    m g = k Δy: k = g/b for the lengthening b by unit mass, by least squares; or Δy for one weight
    m by successive differences of the mean of loading and unloading.  Oscillations:
    T² = (4π²/k)(m + m_e), so k = 4π²/b and m_e = a/b of the line T² = a + b m; m_e is a third of
    the spring's mass where the load is much heavier than the spring.
Measurands
    k; of the oscillations k and m_e.
Sources
    The handouts of 焦利秤; the effective mass: E. E. Galloni and M. Kohen, Am. J. Phys. 47, 1076
    (1979).
"""

from functions._lab.fields import NonNegative, Real
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
    successive,
)
from functions._runtime.experiment import declared

K = ("劲度系数", "k", "N/m")
STIFF = (0.1, 500)


class Static(Experiment, title="焦利秤：逐次加砝码，最小二乘", tag="static"):
    """Weights and the reading of the balance under each."""

    g = constant("重力加速度", "g", "m/s²", 9.80)
    m = column(
        "砝码质量", "m", "g", table="伸长", limit=0.01, count=3, kind=NonNegative, usual=(0.1, 2000)
    )
    y = column("焦利秤读数", "y", "cm", table="伸长", limit=0.01, count=3, kind=Real)
    b = slope("单位质量的伸长", "b", "cm/g", x=m, y=y)
    k = result(*K, "g/abs(b)", plausible=STIFF, causes=("砝码质量与读数的单位", "读数是否三线对齐"))
    plot = figure("焦利秤：读数与砝码质量", b)


class BothWays(Experiment, title="焦利秤：增减砝码，逐差法", tag="successive"):
    """One weight after another, and the readings while adding and while removing them."""

    g = constant("重力加速度", "g", "m/s²", 9.80)
    m = single("每级砝码的质量", "m", "g", limit=0.01, usual=(0.1, 500))
    i = column("砝码数", "i", "1", table="伸长", count=4, counted=True, kind=NonNegative)
    up = column("增重时读数", "y₊", "cm", table="伸长", limit=0.01, count=4, kind=Real)
    down = column("减重时读数", "y₋", "cm", table="伸长", limit=0.01, count=4, kind=Real)
    y = derived("平均读数", "y", "cm", "(up + down)/2")
    s = successive("每级砝码的伸长", "Δy", "cm", x=i, y=y)
    k = result(
        *K, "m*g/abs(s)", plausible=STIFF, causes=("砝码质量与读数的单位", "读数是否三线对齐")
    )
    plot = figure("焦利秤：平均读数与砝码数", s)


class Oscillations(Experiment, title="弹簧振子：改变质量，作 T²–m 直线", tag="oscillation"):
    """The spring's mass, and for each load the time of n periods."""

    m_s = single("弹簧质量", "m_s", "g", limit=0.05, usual=(0.5, 500))
    n = constant("每次的周期数", "n", "1", 50)
    m = column("负载质量（含托盘）", "m", "g", table="周期", limit=0.05, count=3, usual=(1, 5000))
    t = column("n 个周期的时间", "t", "s", table="周期", limit=0.2, count=3, usual=(0.1, 500))
    T2 = derived("周期的平方", "T²", "s²", "(t/n)**2")
    b = slope("斜率", "b", "s²/g", x=m, y=T2)
    a = intercept("截距", "a", "s²", b)
    m_3 = derived("弹簧质量的三分之一", "m_s/3", "g", "m_s/3")
    k = result(*K, "4*pi**2/b", plausible=STIFF, causes=("周期数是否数错", "质量的单位"))
    causes = ("负载是否含托盘与小镜", "周期数是否数错", "弹簧与负载相比是否过重")
    m_e = result("弹簧的有效质量", "m_e", "g", "a/b", accepted=m_3, causes=causes)
    plot = figure("弹簧振子：周期的平方与负载质量", b)


function = declared(
    __file__,
    Static,
    BothWays,
    Oscillations,
    title="焦利秤测劲度系数与弹簧振子",
    chapter="力学与热学",
    keywords="胡克定律 弹簧 简谐振动 有效质量 倔强系数",
)
app = function.app
