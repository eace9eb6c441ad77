"""The torsion pendulum of Pohl: natural frequency, damping, and the phase when driven.

Model
    θ'' + 2 β θ' + ω₀² θ = f cos ωt.  Free amplitudes fall as e^(-βt): β = -d/T by the change d of
    ln θ per period, by successive differences.  Driven, θ lags by φ, cot φ = (ω₀² - ω²)/(2 β ω), so
    that ω cot φ over ω² is a line with the slope -1/(2 β) that crosses zero at ω₀².  Beside it
    stands ω₀ = 2π/T₀ of the pendulum without damping.
Measurands
    ω₀, β and the quality factor Q = ω₀/(2 β).
Sources
    The handouts of 波尔共振; L. D. Landau and E. M. Lifshitz, Mechanics, §§ 25 and 26.
"""

from functions._lab.fields import NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    intercept,
    known,
    repeats,
    result,
    slope,
    successive,
)
from functions._runtime.experiment import declared

W, B, Q = ("固有角频率", "ω₀", "rad/s"), ("阻尼系数", "β", "s⁻¹"), ("品质因数", "Q", "1")
SLOW, DAMPED = (0.5, 50), (1e-3, 2)


class Free(Experiment, title="自由振动"):
    """The time of n periods without damping."""

    n = constant("每次的周期数", "n", "1", 10)
    t_0 = repeats("无阻尼时 n 个周期的时间", "t₀", "s", limit=0.001, usual=(1, 200))


class Damping(Free, title="阻尼振动，振幅的对数逐差", tag="damping"):
    """The time of n periods with damping, and the amplitudes one period after another."""

    t = repeats("有阻尼时 n 个周期的时间", "t", "s", limit=0.001, usual=(1, 200))
    i = column("振幅的序号", "i", "1", table="振幅", counted=True, count=4, kind=NonNegative)
    theta = column("振幅", "θ", "°", table="振幅", limit=1.0, count=4, usual=(2, 180))
    one = known("单位角度", "θ₁", "°", 1.0)
    y = derived("振幅的对数 ln(θ/°)", "Y", "1", "ln(theta/one)")
    d = successive("每周期 ln(θ/°) 的变化", "d", "1", x=i, y=y)
    omega = result(*W, "2*pi*n/t_0", plausible=SLOW, causes=("所记的时间是几个周期",))
    beta = result(*B, "abs(d)*n/t", plausible=DAMPED, causes=("用了 10T 而不是 T", "漏记振幅"))
    q = result(*Q, "omega/(2*beta)", plausible=(2, 2000))
    plot = figure("波尔共振：振幅的对数与序号", d)


class Phase(Free, title="受迫振动，相频特性", tag="phase"):
    """The time of n periods of the drive, and the phase by the flash, of either sign."""

    t = column("n 个周期的时间", "t", "s", table="相频", limit=0.001, count=4, usual=(1, 200))
    phi = column("相位差", "φ", "°", table="相频", limit=1.0, count=4, kind=Real, usual=(3, 180))
    x = derived("驱动角频率的平方", "ω²", "s⁻²", "(2*pi*n/t)**2")
    y = derived("ω·cotφ", "Y", "s⁻¹", "2*pi*n/t*cot(abs(phi))")
    b = slope("斜率", "b", "s", x=x, y=y)
    a = intercept("截距", "a", "s⁻¹", b)
    w_0 = derived("无阻尼自由振动的角频率", "ω_f", "rad/s", "2*pi*n/t_0")
    causes = ("相位差是否等振幅稳定后读取", "固有周期随振幅略有变化", "t 是几个周期")
    omega = result(*W, "sqrt(-a/b)", accepted=w_0, plausible=SLOW, causes=causes)
    beta = result(*B, "-1/(2*b)", plausible=DAMPED, causes=causes)
    q = result(*Q, "omega/(2*beta)", plausible=(2, 2000))
    plot = figure("波尔共振：ω·cotφ 与 ω²", b)


function = declared(
    __file__,
    Damping,
    Phase,
    title="波尔共振（扭摆的阻尼与受迫振动）",
    chapter="力学与热学",
    keywords="玻尔共振仪 受迫振动 阻尼系数 相频特性 固有频率",
)
app = function.app
