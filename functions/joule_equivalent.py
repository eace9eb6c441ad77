"""The mechanical equivalent of heat, by the work of a current in a calorimeter.

Model
    J = A/Q with the work A in joules and the heat Q = (m c + m₁ c₁ + C) Δθ in calories.  From the
    first and the last temperature: A = U I t, Δθ = θ₂ + δθ - θ₁ with the correction δθ for what was
    lost.  From the rise k = dθ/dt about the temperature of the room, where losses cancel:
    J = U²/(R (m c + m₁ c₁ + C) k).
Measurands
    J.
Sources
    The handouts of 热功当量; 4.184 J for the thermochemical calorie, 4.1868 J for the international
    one, 4.1855 J for that of 15 °C (ISO 80000-5:2007, Annex).
"""

from functions._lab.fields import Celsius, NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    figure,
    repeats,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

J = ("热功当量", "J", "J/cal")
CALORIE = (4.1855, 0.0015, "15 °C 卡，其他卡在 4.184～4.187")
CAUSES = ("散热是否修正", "水与量热器的质量", "比热容是否以卡计", "加热是否搅拌均匀")


class Calorimeter(Experiment, title="量热器"):
    """Water, vessel, and what else is heated."""

    m = single("水的质量", "m", "g", limit=0.05, usual=(30, 1500))
    m_1 = single("内筒、搅拌器与电极的质量", "m₁", "g", limit=0.05, usual=(5, 600))
    c = constant("水的比热容", "c", "cal/(g·K)", 1.0)
    c_1 = constant("内筒与搅拌器的比热容（铜）", "c₁", "cal/(g·K)", 0.092)
    C = constant("温度计、电阻丝等的热容", "C", "cal/K", 0.0, kind=NonNegative)


class Work(Calorimeter, title="电流做功与始末温度", tag="work"):
    """Voltage, current, the time of heating and two temperatures."""

    U = repeats("电压", "U", "V", limit=0.075, usual=(1, 60))
    I = repeats("电流", "I", "A", limit=0.01, usual=(0.05, 10))
    t = single("通电时间", "t", "s", limit=0.5, usual=(60, 6000))
    theta_1 = single("初温", "θ₁", "°C", limit=0.1, kind=Celsius, usual=(2, 60))
    theta_2 = single("终温", "θ₂", "°C", limit=0.1, kind=Celsius, usual=(3, 90))
    d = constant("终温的散热修正", "δθ", "°C", 0.0, kind=Real)
    eq = result(
        *(*J, "U*I*t/((m*c + m_1*c_1 + C)*(theta_2 + d - theta_1))"),
        accepted=CALORIE,
        plausible=(1, 20),
        causes=CAUSES,
    )


class Rise(Calorimeter, title="升温直线（室温附近）", tag="rise"):
    """Voltage at a resistor, and temperatures as much below as above that of the room."""

    U = repeats("电压", "U", "V", limit=0.075, usual=(1, 60))
    R = single("加热电阻", "R", "Ω", limit=0.1, usual=(0.5, 1000))
    t = column("时间", "t", "min", table="升温", limit=0.02, count=4, kind=NonNegative)
    a = column("水温", "θ", "°C", table="升温", limit=0.1, count=4, kind=Celsius)
    k = slope("升温速率", "k", "°C/min", x=t, y=a)
    eq = result(
        *(*J, "U**2/(R*(m*c + m_1*c_1 + C)*k)"),
        accepted=CALORIE,
        plausible=(1, 20),
        causes=(*CAUSES, "读数是否在室温上下对称"),
    )
    plot = figure("热功当量：水温与时间", k)


function = declared(
    *(__file__, Work, Rise),
    title="热功当量",
    chapter="力学与热学",
    keywords="电热法 焦耳 卡 量热器",
)
app = function.app
