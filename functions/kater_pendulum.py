"""The reversible pendulum of Kater: g from the periods about two knife edges.

Model
    4π²/g = (T₁² + T₂²)/(2 L) + (T₁² - T₂²)/(2 (2 h₁ - L)) for knife edges at a distance L, h₁ that
    of the first one from the centre of mass (F. W. Bessel).
Measurands
    g.
Sources
    F. W. Bessel, Abh. Königl. Akad. Wiss. Berlin (1826); 9.780 to 9.832 m/s² on Earth (WGS 84).
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import constant, derived, repeats, result
from functions._runtime.experiment import declared


class KaterPendulum(Experiment, title="凯特摆测重力加速度"):
    """The distance of the knife edges, and the times of n periods about each."""

    n = constant("每次的周期数", "n", "1", 10)
    L = repeats("两刀口的距离", "L", "cm", limit=0.05, usual=(20, 200))
    h_1 = repeats("刀口 1 到质心", "h₁", "cm", limit=0.5, usual=(5, 150))
    t_1 = repeats("绕刀口 1 的 n 个周期", "t₁", "s", limit=0.001, usual=(5, 300))
    t_2 = repeats("绕刀口 2 的 n 个周期", "t₂", "s", limit=0.001, usual=(5, 300))
    T_1 = derived("绕刀口 1 的周期", "T₁", "s", "t_1/n")
    T_2 = derived("绕刀口 2 的周期", "T₂", "s", "t_2/n")
    g = result(
        "重力加速度",
        "g",
        "m/s²",
        "4*pi**2/((T_1**2 + T_2**2)/(2*L) + (T_1**2 - T_2**2)/(2*(2*h_1 - L)))",
        accepted=(9.806, 0.015, "地面各处 9.78～9.83 m/s²"),
        plausible=(8, 12),
        causes=("h₁ 是否对应同一刀口", "周期数是否数错", "两刀口的周期是否已调到接近"),
    )


function = declared(__file__, KaterPendulum, chapter="力学与热学", keywords="可逆摆 重力加速度")
app = function.app
