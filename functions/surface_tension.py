"""The surface tension of water, by pulling a ring or a frame off it.

Model
    A film has two surfaces.  Force sensor: the line of the voltage over the force m g of weights
    has the slope K, and a ring falls off with U₁ - U₂: σ = (U₁ - U₂)/(π K (D₁ + D₂)).  Jolly's
    balance: the line of the scale over the mass has the slope s, k = g/s; a frame of breadth b
    lengthens the spring by l - l₀, σ = k (l - l₀)/(2 b), a ring σ = k (l - l₀)/(2 π d).  Beside it
    σ_w = B τ^1.256 (1 - 0.625 τ), τ = 1 - T/T_c, of pure water.
Measurands
    σ.
Sources
    The handouts of 液体表面张力; IAPWS R1-76(2014) for water (72.74 mN/m at 20 °C).
"""

from functions._lab.fields import Celsius, NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    known,
    mean,
    repeats,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

SIGMA = ("表面张力系数", "σ", "mN/m")
USUAL = (5, 600)
CAUSES = ("液膜有两个面", "水与环是否洁净", "环或框是否水平", "液膜是否过早破裂")


class Water(Experiment, title="水"):
    """What all methods compare with."""

    theta = single("水温", "θ", "°C", limit=0.5, kind=Celsius, usual=(2, 60))
    g = constant("重力加速度", "g", "m/s²", 9.80)
    T_0 = known("0 °C 的热力学温度", "T₀", "K", 273.15)
    T_c = known("水的临界温度", "T_c", "K", 647.096)
    B = known("水的常数", "B", "mN/m", 235.8)
    tau = derived("对比温度的余数", "τ", "1", "1 - (theta + T_0)/T_c")
    sigma_w = derived("纯水的值", "σ_w", "mN/m", "B*tau**1.256*(1 - 0.625*tau)")


class Sensor(Water, title="拉脱法（力敏传感器）", tag="sensor"):
    """Calibration by weights, the ring, and voltages before and after the film breaks."""

    D_1 = repeats("吊环外径", "D₁", "mm", limit=0.02, usual=(10, 80))
    D_2 = repeats("吊环内径", "D₂", "mm", limit=0.02, usual=(10, 80))
    m = column("砝码质量", "m", "g", table="定标", limit=0.001, count=3, kind=NonNegative)
    U = column("输出电压", "U", "mV", table="定标", limit=0.1, count=3, kind=Real)
    U_1 = column("拉断前瞬间的电压", "U₁", "mV", table="拉脱", limit=0.1, count=3, kind=Real)
    U_2 = column("拉断后的电压", "U₂", "mV", table="拉脱", limit=0.1, count=3, kind=Real)
    F = derived("砝码所受重力", "F", "mN", "m*g")
    K = slope("灵敏度", "K", "mV/mN", x=F, y=U)
    dU = derived("电压的变化", "ΔU", "mV", "abs(U_1 - U_2)")
    V = mean("电压变化的平均", "ΔU_m", "mV", dU)
    sigma = result(
        *(*SIGMA, "V/(pi*abs(K)*(D_1 + D_2))"),
        accepted=Water.sigma_w,
        plausible=USUAL,
        causes=(*CAUSES, "U₁ 应取拉断前瞬间的值，不是最大值"),
    )
    plot = figure("表面张力：力敏传感器的定标", K)


class Spring(Water, title="焦利秤"):
    """Calibration of the spring, and its readings before and as the film breaks."""

    m = column("砝码质量", "m", "g", table="弹簧", limit=0.001, count=4, kind=NonNegative)
    x = column("标尺读数", "x", "cm", table="弹簧", limit=0.02, count=4, kind=Real)
    l_0 = single("未受液膜拉力时的读数", "l₀", "cm", limit=0.02, kind=Real)
    l = repeats("液膜破裂时的读数", "l", "cm", limit=0.02, count=3, kind=Real)
    s = slope("每克的伸长", "s", "cm/g", x=m, y=x)
    k = derived("劲度系数", "k", "N/m", "g/abs(s)")
    plot = figure("表面张力：焦利秤的定标", s)


class Frame(Spring, title="焦利秤（门形丝框）", tag="frame"):
    """A frame of wire."""

    b = repeats("丝框宽度", "b", "mm", limit=0.02, usual=(10, 150))
    sigma = result(
        *(*SIGMA, "k*abs(l - l_0)/(2*b)"),
        accepted=Water.sigma_w,
        plausible=USUAL,
        causes=CAUSES,
    )


class Ring(Spring, title="焦利秤（圆环）", tag="ring"):
    """A thin ring."""

    d = repeats("圆环的平均直径", "d", "mm", limit=0.02, usual=(10, 80))
    sigma = result(
        *(*SIGMA, "k*abs(l - l_0)/(2*pi*d)"),
        accepted=Water.sigma_w,
        plausible=USUAL,
        causes=CAUSES,
    )


function = declared(
    *(__file__, Sensor, Frame, Ring),
    title="液体表面张力系数",
    chapter="力学与热学",
    keywords="拉脱法 焦利秤 力敏传感器 液膜",
)
app = function.app
