"""The compound pendulum: g, and the radius of gyration, from periods about many axes.

Model
    T² h = (4π²/g) h² + 4π² k²/g for the distance h of the axis from the centre of mass, k the
    radius of gyration about it: g = 4π²/b and k² = a/b of the line T² h = a + b h².
Measurands
    g and k.
Sources
    H. Kater, Phil. Trans. R. Soc. 108, 33 (1818); 9.780 to 9.832 m/s² on Earth (WGS 84).
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    intercept,
    result,
    slope,
)
from functions._runtime.experiment import declared


class CompoundPendulum(Experiment, title="复摆测重力加速度"):
    """Distances of the axis from the centre of mass, and the times of n periods."""

    n = constant("每次的周期数", "n", "1", 10)
    h = column("悬点到质心", "h", "cm", table="复摆", limit=0.05, count=4, usual=(1, 100))
    t = column("n 个周期的时间", "t", "s", table="复摆", limit=0.01, count=4, usual=(1, 200))
    h2 = derived("距离的平方", "h²", "cm²", "h**2")
    q = derived("周期平方乘距离", "T²h", "s²·cm", "(t/n)**2*h")
    b = slope("斜率", "b", "s²/cm", x=h2, y=q)
    a = intercept("截距", "a", "s²·cm", b)
    g = result(
        *("重力加速度", "g", "m/s²", "4*pi**2/b"),
        accepted=(9.806, 0.015, "地面各处 9.78～9.83 m/s²"),
        plausible=(8, 12),
        causes=("h 是否从质心量起", "周期数是否数错", "摆角是否过大"),
    )
    k = result("绕质心的回转半径", "k", "cm", "sqrt(abs(a/b))", plausible=(2, 60))
    plot = figure("复摆：T²h 与 h²", b)


function = declared(
    __file__, CompoundPendulum, chapter="力学与热学", keywords="物理摆 回转半径 转动惯量"
)
app = function.app
