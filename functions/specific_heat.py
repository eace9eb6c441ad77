"""Specific heats: of a solid by mixtures, of a metal or of a liquid by cooling.

Model
    Mixtures: m_x c_x (θ_x - θ₂) = (m c + m₁ c₁ + C)(θ₂ - θ₁).  Like samples that cool through the
    same interval of temperature in t₁ and t₂: c₂ = c₁ m₁ t₂/(m₂ t₁).  Liquids in one cup of heat
    capacity C, S the slope of ln(θ - θ₀) over the time: (m₁ c₁ + C) S₁ = (m₂ c₂ + C) S₂.
Measurands
    c_x or c₂.
Sources
    The handouts of 比热容的测量; near 100 °C 393, 460 and 963 J/(kg·K) for copper, iron and
    aluminium there (0.0940, 0.110, 0.230 cal/(g·K)); zinc 388 J/(kg·K) (CRC Handbook).
"""

from functions._lab.fields import Celsius, NonNegative
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    known,
    repeats,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

C = "J/(kg·K)"
HANDBOOK = "所测材料的手册值"
USUAL = (50, 3000)
FORMULA = "(m*c + m_1*c_1 + C_t)*(theta_2 - theta_1)/(m_x*(theta_x - theta_2))"


class Mixture(Experiment, title="混合法（固体）", tag="mixture"):
    """The hot solid, and the water before and after it is put in."""

    m_x = single("待测物的质量", "m_x", "g", limit=0.05, usual=(10, 1000))
    theta_x = single("待测物投入前的温度", "θ_x", "°C", limit=0.2, kind=Celsius, usual=(40, 150))
    m = single("水的质量", "m", "g", limit=0.05, usual=(30, 1500))
    theta_1 = single("水的初温", "θ₁", "°C", limit=0.1, kind=Celsius, usual=(1, 60))
    theta_2 = single("混合后的温度", "θ₂", "°C", limit=0.1, kind=Celsius, usual=(1, 80))
    m_1 = single("内筒与搅拌器的质量", "m₁", "g", limit=0.05, usual=(10, 500))
    c = constant("水的比热容", "c", C, 4186)
    c_1 = constant("内筒与搅拌器的比热容（铜）", "c₁", C, 385)
    C_t = constant("温度计的热容（浸入体积每立方厘米 2.0）", "C", "J/K", 0.0, kind=NonNegative)
    c_r = constant(f"{HANDBOOK}（默认锌）", "c_r", C, 388)
    c_x = result(
        *("待测物的比热容", "c_x", C, FORMULA),
        accepted=c_r,
        plausible=USUAL,
        causes=("θ₁、θ₂ 是否作散热修正", "待测物投入前是否已降温", "手册值是否为所测材料的"),
    )


class Metal(Experiment, title="冷却法（金属）", tag="metal"):
    """Two like samples, one of known specific heat, and how long each cools through the same."""

    m_1 = single("标准样品的质量", "m₁", "g", limit=0.02, usual=(1, 100))
    t_1 = repeats("标准样品的冷却时间", "t₁", "s", limit=0.2, count=2, usual=(3, 200))
    m_2 = single("待测样品的质量", "m₂", "g", limit=0.02, usual=(0.5, 100))
    t_2 = repeats("待测样品的冷却时间", "t₂", "s", limit=0.2, count=2, usual=(3, 200))
    c_1 = constant("标准样品的比热容（100 °C 的铜）", "c₁", C, 393)
    c_r = constant(f"{HANDBOOK}（默认铁，100 °C）", "c_r", C, 460)
    c_2 = result(
        *("待测样品的比热容", "c₂", C, "c_1*m_1*t_2/(m_2*t_1)"),
        accepted=c_r,
        plausible=USUAL,
        causes=("两样品是否混淆", "温度区间是否相同", "手册值是否为所测材料的"),
    )


class Liquid(Experiment, title="冷却法（液体）", tag="liquid"):
    """Water and a liquid that cool in the same cup."""

    m_1 = single("水的质量", "m₁", "g", limit=0.05, usual=(5, 500))
    m_2 = single("待测液体的质量", "m₂", "g", limit=0.05, usual=(5, 500))
    C_0 = constant("杯、搅拌器与温度计的热容", "C", "J/K", 50, kind=NonNegative)
    c_1 = constant("水的比热容", "c₁", C, 4186)
    theta_0 = constant("环境温度", "θ₀", "°C", 20.0, kind=Celsius)
    K = known("温度单位", "K", "°C", 1)
    t = column("时间", "t", "min", table="水", count=4, kind=NonNegative)
    a = column("水温", "θ_w", "°C", table="水", limit=0.1, count=4, kind=Celsius)
    s = column("时间", "t′", "min", table="待测液体", count=4, kind=NonNegative)
    b = column("液温", "θ_l", "°C", table="待测液体", limit=0.1, count=4, kind=Celsius)
    y = derived("水的对数温差", "ln(θ_w−θ₀)", "1", "ln((a - theta_0)/K)")
    z = derived("液体的对数温差", "ln(θ_l−θ₀)", "1", "ln((b - theta_0)/K)")
    S_1 = slope("水的斜率", "S₁", "min⁻¹", x=t, y=y)
    S_2 = slope("液体的斜率", "S₂", "min⁻¹", x=s, y=z)
    c_2 = result(
        *("待测液体的比热容", "c₂", C, "((m_1*c_1 + C_0)*S_1/S_2 - C_0)/m_2"),
        plausible=(500, 8000),
        causes=("环境温度 θ₀", "杯的热容", "两次冷却的环境是否相同", "液面高度是否相同"),
    )
    water = figure("冷却法：水的对数温差", S_1)
    liquid = figure("冷却法：待测液体的对数温差", S_2)


function = declared(
    *(__file__, Mixture, Metal, Liquid),
    **{
        "title": "比热容的测量",
        "chapter": "力学与热学",
        "keywords": "混合法 冷却法 量热器 牛顿冷却",
    },
)
app = function.app
