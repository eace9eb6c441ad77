"""The thermal conductivity of a poor conductor, by the steady flow through a plate.

Model
    What flows through the plate (D_B, h_B) at θ₁ above and θ₂ below, the lower disc gives off, of
    D_P, h_P, m and c.  Free on both faces it cools at k = |dθ/dt| at θ₂; covered it gives off the
    share s = (D_P + 4h_P)/(2D_P + 4h_P) of that: λ = m c k s · 4h_B/(π D_B² (θ₁ - θ₂)).
    Thermocouples with one junction in ice: voltages in place of all temperatures.
Measurands
    λ.
Sources
    The handouts of 稳态平板法测不良导体的导热系数; rubber 0.1 to 0.25 W/(m·K) (handbooks).
"""

from functions._lab.fields import Celsius, NonNegative
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

RUBBER = (0.175, 0.043, "橡胶手册值 0.1～0.25")
LAMBDA = ("导热系数", "λ", "W/(m·K)")
CAUSES = (
    "直径与半径是否混淆",
    "冷却速率是否取在稳态下表面温度附近",
    "是否达到稳态",
    "接触是否紧密",
)


class Discs(Experiment, title="样品与散热盘"):
    """The plate, and the lower disc."""

    D_B = repeats("样品直径", "D_B", "mm", limit=0.02, usual=(30, 300))
    h_B = repeats("样品厚度", "h_B", "mm", limit=0.02, usual=(1, 30))
    D_P = repeats("散热盘直径", "D_P", "mm", limit=0.02, usual=(30, 300))
    h_P = repeats("散热盘厚度", "h_P", "mm", limit=0.02, usual=(2, 40))
    m = single("散热盘质量", "m", "g", limit=0.5, usual=(50, 3000))
    c = constant("散热盘的比热容（黄铜、铜）", "c", "J/(kg·K)", 385)
    K = derived("几何因子", "K", "m⁻¹", "(D_P + 4*h_P)/(2*D_P + 4*h_P)*4*h_B/(pi*D_B**2)")


class Thermometers(Discs, title="测温度", tag="temperature"):
    """The steady temperatures, and those of the disc as it cools about the lower one."""

    theta_1 = single("稳态上表面温度", "θ₁", "°C", limit=0.1, kind=Celsius, usual=(20, 150))
    theta_2 = single("稳态下表面温度", "θ₂", "°C", limit=0.1, kind=Celsius, usual=(15, 120))
    t = column("时间", "t", "s", table="散热盘冷却", limit=0.5, count=4, kind=NonNegative)
    a = column("散热盘温度", "θ", "°C", table="散热盘冷却", limit=0.1, count=4, kind=Celsius)
    k = slope("冷却速率", "k", "°C/s", x=t, y=a)
    lam = result(
        *(*LAMBDA, "m*c*abs(k)*K/(theta_1 - theta_2)"),
        accepted=RUBBER,
        plausible=(0.005, 20),
        causes=CAUSES,
    )
    plot = figure("导热系数：散热盘的冷却", k)


class Thermocouples(Discs, title="测热电偶电动势", tag="thermocouple"):
    """The same with voltages, which are proportional to temperatures in °C."""

    E_1 = single("稳态上表面电动势", "ε₁", "mV", limit=0.01, usual=(0.3, 10))
    E_2 = single("稳态下表面电动势", "ε₂", "mV", limit=0.01, usual=(0.2, 8))
    t = column("时间", "t", "s", table="散热盘冷却", limit=0.5, count=4, kind=NonNegative)
    a = column("散热盘电动势", "ε", "mV", table="散热盘冷却", limit=0.01, count=4, usual=(0.2, 8))
    k = slope("冷却速率", "k", "mV/s", x=t, y=a)
    lam = result(
        *(*LAMBDA, "m*c*abs(k)*K/(E_1 - E_2)"),
        accepted=RUBBER,
        plausible=(0.005, 20),
        causes=CAUSES,
    )
    plot = figure("导热系数：散热盘的冷却", k)


function = declared(
    *(__file__, Thermometers, Thermocouples),
    title="不良导体的导热系数（稳态平板法）",
    chapter="力学与热学",
    keywords="热导率 橡胶盘 散热盘 冷却速率 稳态法",
)
app = function.app
