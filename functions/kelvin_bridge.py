"""The double bridge of Kelvin: the resistivity of a rod.

Model
    R_x = R R_N/R₁ at balance, R the mean of readings with the current both ways;
    ρ = π d² R_x / (4 L) for a rod of diameter d between potential edges at a distance L.
Measurands
    R_x and ρ.
Sources
    Any text on bridges; handbooks: 1.7e-8 Ω·m for copper, 2.7e-8 for aluminium, 6 to 7.5e-8 for
    brass.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import constant, derived, repeats, result, single
from functions._runtime.experiment import declared


class KelvinBridge(Experiment, title="双臂电桥测低电阻与电阻率"):
    """The balances with the current forward and reversed, and the rod."""

    R_N = constant("标准电阻", "R_N", "Ω", 0.001)
    R_1 = constant("比例臂", "R₁", "Ω", 1000)
    up = repeats("电流正向时 R", "R₊", "Ω", limit=0.36, usual=(1, 20000))
    down = repeats("电流反向时 R", "R₋", "Ω", limit=0.36, usual=(1, 20000))
    d_r = repeats("棒直径（千分尺读数）", "d′", "mm", limit=0.004, usual=(0.5, 20))
    d_0 = constant("千分尺零点", "d₀", "mm", 0.0, kind=Real)
    L = single("电压端的距离", "L", "cm", limit=0.05, usual=(2, 100))
    d = derived("棒的直径", "d", "mm", "d_r - d_0")
    R_x = result("待测电阻", "R_x", "Ω", "(up + down)/2*R_N/R_1", plausible=(1e-6, 1))
    rho = result(
        *("电阻率", "ρ", "Ω·m", "pi*d**2*R_x/(4*L)"),
        plausible=(5e-9, 2e-6),
        causes=("直径的零点（平方）", "四端接法是否正确", "正反向是否都读"),
    )


function = declared(__file__, KelvinBridge, chapter="电磁学", keywords="开尔文电桥 电阻率 低电阻")
app = function.app
