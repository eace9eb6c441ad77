"""The pn junction: Boltzmann's constant from its characteristic, the band gap from its drift.

Model
    I = I_S exp(e U/(n k T)) for e U much above k T: ln I over U has the slope e/(n k T).  At a
    constant current U falls with the temperature along a line; at 0 K it reaches the gap, E_g/e.
Measurands
    k (of the ideality factor n given); the sensitivity and E_g/e.
Sources
    S. M. Sze, Physics of Semiconductor Devices, 2.4; k and e of the SI (2019); 1.17 eV for silicon
    at 0 K, 1.21 by the straight line.
"""

from functions._lab.fields import Celsius
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.instruments import Digital
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    intercept,
    known,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

METER = Digital(0.5, 0.05)


class Characteristic(Experiment, title="ln I–U 直线，测玻尔兹曼常数", tag="boltzmann"):
    """Voltages and currents at one temperature."""

    q = known("元电荷", "e", "C", 1.602176634e-19)
    T_0 = known("零摄氏度", "T₀", "K", 273.15)
    I_1 = known("单位电流", "I₁", "μA", 1.0)
    n = constant("理想因子", "n", "1", 1.0)
    t = single("温度", "t", "°C", limit=0.5, kind=Celsius)
    U = column("正向电压", "U", "V", table="正向特性", limit=0.0005, count=4, usual=(0.02, 2))
    I = column("电流", "I", "μA", table="正向特性", limit=METER, count=4, usual=(1e-4, 1e6))
    y = derived("电流的对数", "Y", "1", "ln(I/I_1)")
    b = slope("斜率", "b", "1/V", x=U, y=y)
    k = result(
        *("玻尔兹曼常数", "k", "J/K", "q/(n*b*(t + T_0))"),
        accepted=(1.380649e-23, 0.0, "SI 定义值"),
        plausible=(3e-24, 6e-23),
        causes=("小电流只有一位有效数字，不宜同等采用", "理想因子不是 1", "温度是否换成热力学温度"),
    )
    plot = figure("PN 结：电流的对数与电压", b)


class Drift(Experiment, title="恒流下的正向电压与温度", tag="gap"):
    """Temperatures and the voltage at each."""

    T_0 = known("零摄氏度", "T₀", "K", 273.15)
    t = column("温度", "t", "°C", table="温度特性", limit=0.2, count=4, kind=Celsius)
    V = column("正向电压", "V_F", "V", table="温度特性", limit=0.0005, count=4, usual=(0.1, 2))
    b = slope("斜率", "b", "V/°C", x=t, y=V)
    a = intercept("0 °C 时的正向电压", "a", "V", b)
    S = result("灵敏度", "S", "mV/K", "b", plausible=(0.3, 20))
    E_g = result(
        *("禁带宽度（外推到 0 K）", "E_g/e", "V", "a - b*T_0"),
        accepted=(1.21, 0.02, "硅，按直线外推"),
        plausible=(0.3, 3),
        causes=("温度与电压是否同时读", "电流是否保持恒定"),
    )
    plot = figure("PN 结：正向电压与温度", b)


function = declared(
    *(__file__, Characteristic, Drift),
    title="PN 结的物理特性",
    chapter="电磁学",
    keywords="玻尔兹曼常数 禁带宽度 半导体 温度传感器",
)
app = function.app
