"""The specific latent heat of fusion of ice, by the method of mixtures.

Model
    m_i (L - c_i θ_i + c θ₂) = (m c + m₁ c₁ + C)(θ₁ - θ₂): water, vessel with stirrer and
    thermometer (C) cool from θ₁ to θ₂; ice of θ_i ≤ 0 °C is warmed to 0 °C, melts, and its water is
    warmed to θ₂.  θ₁ and θ₂ as read, or the lines before and after carried on to one moment.
Measurands
    L.
Sources
    The handouts of 冰的熔化热; 333.5 kJ/kg at 0 °C and 101.3 kPa (CRC Handbook, 333.6).
"""

from functions._lab.fields import Celsius, NonNegative
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

FUSION = ("冰的熔化热", "L", "kJ/kg")
ICE = (333.5, 0.2, "0 °C、标准大气压下")
USUAL = (150, 600)
CAUSES = ("冰块是否擦干（带水使结果偏小）", "冰的初温", "θ₁、θ₂ 是否作散热修正", "有没有水溅出")
FORMULA = "((m_2 - m_1)*c + m_1*c_1 + C)*(theta_1 - theta_2)/(m_3 - m_2) - c*theta_2 + c_i*theta_i"


class Weighings(Experiment, title="称量"):
    """What both methods weigh, and the heat capacities."""

    m_1 = single("内筒与搅拌器的质量", "m₁", "g", limit=0.05, usual=(20, 500))
    m_2 = single("内筒、搅拌器与水的质量", "m₂", "g", limit=0.05, usual=(60, 1500))
    m_3 = single("融冰后的总质量", "m₃", "g", limit=0.05, usual=(65, 1800))
    c = constant("水的比热容", "c", "J/(kg·K)", 4186)
    c_1 = constant("内筒与搅拌器的比热容（铜）", "c₁", "J/(kg·K)", 385)
    C = constant("温度计等的热容", "C", "J/K", 0.0, kind=NonNegative)
    theta_i = constant("冰的初温", "θ_i", "°C", 0.0, kind=Celsius)
    c_i = constant("冰的比热容", "c_i", "J/(kg·K)", 2100)


class Read(Weighings, title="读出初温与终温", tag="read"):
    """The temperatures just before the ice and of the mixture, corrected on paper if at all."""

    theta_1 = single("投冰前水温", "θ₁", "°C", limit=0.1, kind=Celsius, usual=(5, 100))
    theta_2 = single("融冰后水温", "θ₂", "°C", limit=0.1, kind=Celsius, usual=(1, 60))
    L = result(*FUSION, FORMULA, accepted=ICE, plausible=USUAL, causes=CAUSES)


class Extrapolated(Weighings, title="散热修正（外推到融冰中点）", tag="line"):
    """Water temperatures before the ice and after it has melted; lines to the middle of melting."""

    t_0 = constant("外推到的时刻（融冰中点）", "t₀", "s", 120, kind=NonNegative)
    t = column("时间", "t", "s", table="投冰前", limit=0.5, count=3, kind=NonNegative)
    a = column("投冰前水温", "θ_a", "°C", table="投冰前", limit=0.1, count=3, kind=Celsius)
    s = column("时间", "t′", "s", table="融冰后", limit=0.5, count=3, kind=NonNegative)
    b = column("融冰后水温", "θ_b", "°C", table="融冰后", limit=0.1, count=3, kind=Celsius)
    k_1 = slope("投冰前的变化率", "k₁", "°C/s", x=t, y=a)
    a_1 = intercept("投冰前直线的截距", "a₁", "°C", k_1)
    k_2 = slope("融冰后的变化率", "k₂", "°C/s", x=s, y=b)
    a_2 = intercept("融冰后直线的截距", "a₂", "°C", k_2)
    theta_1 = derived("外推的初温", "θ₁", "°C", "a_1 + k_1*t_0")
    theta_2 = derived("外推的终温", "θ₂", "°C", "a_2 + k_2*t_0")
    L = result(*FUSION, FORMULA, accepted=ICE, plausible=USUAL, causes=CAUSES)
    before = figure("冰的熔化热：投冰前的水温", k_1)
    after = figure("冰的熔化热：融冰后的水温", k_2)


function = declared(
    *(__file__, Read, Extrapolated),
    title="冰的熔化热",
    chapter="力学与热学",
    keywords="熔解热 潜热 量热器 混合法",
)
app = function.app
