"""The speed of sound in air, by standing waves, by phase, or by time of flight.

Model
    v = f λ.  Maxima of a standing wave are λ/2 apart, equal phases on the oscilloscope λ; by
    successive differences.  Time of flight: l = v t + l₀.  Beside it the value for dry air,
    v = 331.45 m/s √(1 + t/273.15 °C).
Measurands
    v.
Sources
    The handouts of 声速的测量; 331.45 m/s for dry air at 0 °C there (331.29 m/s: G. S. K. Wong,
    J. Acoust. Soc. Am. 79, 1359 (1986)).
"""

from functions._lab.fields import Celsius, NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    known,
    result,
    single,
    slope,
    successive,
)
from functions._runtime.experiment import declared

V = ("声速", "v", "m/s")
USUAL = (250, 450)
CAUSES = ("频率是否为换能器的谐振频率", "有没有漏掉或多数了一个极大", "测微鼓轮的回程差")


class Air(Experiment, title="空气"):
    """What all methods compare with."""

    t = single("室温", "t", "°C", limit=0.5, kind=Celsius)
    v_0 = constant("0 °C 时的声速", "v₀", "m/s", 331.45)
    T_0 = known("0 °C 的热力学温度", "T₀", "K", 273.15)
    v_t = derived("干燥空气中的理论值", "v_t", "m/s", "v_0*sqrt(1 + t/T_0)")


class Standing(Air, title="驻波法（共振干涉法）", tag="standing"):
    """Positions of consecutive maxima of the amplitude."""

    f = single("频率", "f", "kHz", limit=0.01, usual=(20, 60))
    i = column("极大的序号", "i", "1", table="极大位置", count=4, counted=True, kind=NonNegative)
    x = column("位置", "x", "mm", table="极大位置", limit=0.02, count=4, kind=Real)
    dx = successive("相邻极大的距离", "Δx", "mm", x=i, y=x)
    lam = derived("波长", "λ", "mm", "2*dx")
    v = result(*V, "f*lam", accepted=Air.v_t, plausible=USUAL, causes=CAUSES)
    plot = figure("驻波法：极大的位置与序号", dx)


class Phase(Air, title="相位比较法", tag="phase"):
    """Positions at which the figure of Lissajous is the same line again."""

    f = single("频率", "f", "kHz", limit=0.01, usual=(20, 60))
    i = column("同相点的序号", "i", "1", table="同相位置", count=4, counted=True, kind=NonNegative)
    x = column("位置", "x", "mm", table="同相位置", limit=0.02, count=4, kind=Real)
    lam = successive("波长", "λ", "mm", x=i, y=x)
    v = result(*V, "f*lam", accepted=Air.v_t, plausible=USUAL, causes=CAUSES)
    plot = figure("相位法：同相点的位置与序号", lam)


class Flight(Air, title="时差法", tag="flight"):
    """Distances and the times of flight of a pulse."""

    l = column("距离", "l", "mm", table="时差法", limit=0.02, count=3, usual=(10, 2000))
    tau = column("时间", "τ", "μs", table="时差法", limit=1.0, count=3, usual=(30, 6000))
    b = slope("每毫米所需的时间", "b", "μs/mm", x=l, y=tau)
    v = result(*V, "1/b", accepted=Air.v_t, plausible=USUAL, causes=CAUSES[1:])
    plot = figure("时差法：时间与距离", b)


function = declared(
    __file__,
    Standing,
    Phase,
    Flight,
    title="空气中声速的测量",
    chapter="力学与热学",
    keywords="驻波 相位比较 时差 超声",
)
app = function.app
