"""Resistance and temperature: the coefficient of copper, the constant B of a thermistor.

Model
    Copper R = R₀(1 + α t), so α = b/R₀ of the line R = R₀ + b t.  NTC thermistor R = A exp(B/T), so
    ln(R/Ω) = ln A + B/T.
Measurands
    α and R₀; B.
Sources
    JJG 229-2010 for copper (α = 4.280e-3 /°C, Cu50); makers' notes on NTC thermistors.
"""

from functions._lab.fields import Celsius
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.instruments import Digital
from functions._lab.notation.nodes import (
    column,
    derived,
    figure,
    intercept,
    known,
    result,
    slope,
)
from functions._runtime.experiment import declared

OHMS = Digital(0.1, 0.01)


class Copper(Experiment, title="铜电阻", tag="copper"):
    """Temperatures and the resistance at each."""

    t = column("温度", "t", "°C", table="阻温", limit=0.2, count=4, kind=Celsius)
    R = column("电阻", "R", "Ω", table="阻温", limit=OHMS, count=4, usual=(1, 1e4))
    b = slope("斜率", "b", "Ω/°C", x=t, y=R)
    a = intercept("0 °C 时的电阻", "a", "Ω", b)
    R_0 = result("0 °C 时的电阻", "R₀", "Ω", "a", plausible=(0.5, 1e4))
    alpha = result(
        *("温度系数", "α", "1/°C", "b/a"),
        accepted=(4.28e-3, 0.01e-3, "工业铜电阻"),
        plausible=(1e-3, 2e-2),
        causes=("有没有串联别的电阻（使 α 偏小）", "升温过快，样品温度落后于读数", "温度的单位"),
    )
    plot = figure("铜电阻：电阻与温度", b)


class Thermistor(Experiment, title="负温度系数热敏电阻", tag="ntc"):
    """Temperatures and the resistance at each."""

    T_0 = known("零摄氏度", "T₀", "K", 273.15)
    R_1 = known("单位电阻", "R₁", "Ω", 1.0)
    t = column("温度", "t", "°C", table="阻温", limit=0.2, count=4, kind=Celsius)
    R = column("电阻", "R", "Ω", table="阻温", limit=OHMS, count=4, usual=(1, 1e7))
    x = derived("热力学温度的倒数", "1/T", "1/K", "1/(t + T_0)")
    y = derived("电阻的对数", "Y", "1", "ln(R/R_1)")
    k = slope("斜率", "k", "K", x=x, y=y)
    B = result(
        *("材料常数", "B", "K", "k"),
        plausible=(500, 10000),
        causes=("温度是否换成热力学温度", "电阻的单位是 Ω 还是 kΩ"),
    )
    plot = figure("热敏电阻：电阻的对数与温度倒数", k)


function = declared(
    *(__file__, Copper, Thermistor),
    title="铜电阻与热敏电阻的温度特性",
    chapter="电磁学",
    keywords="温度系数 NTC 非平衡电桥 阻温特性",
)
app = function.app
