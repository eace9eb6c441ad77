"""The specific charge of the electron: the circle of a beam in the field of Helmholtz coils.

Model
    e/m = 2 U/(B r)², B = (4/5)^(3/2) μ₀ N I/R_c in the middle of the coils; so U over (I D/2)² has
    the slope s, and e/m = 2 s/((4/5)³ (μ₀ N/R_c)²).
Measurands
    e/m.
Sources
    K. T. Bainbridge, Am. J. Phys. 6, 35 (1938); CODATA 2018: 1.758820e11 C/kg.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    known,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared


class ChargeMassRatio(Experiment, title="电子荷质比（亥姆霍兹线圈）"):
    """Voltages, currents and the diameter of the circle at each."""

    mu_0 = known("真空磁导率", "μ₀", "H/m", 1.25663706212e-6)
    N = constant("每个线圈的匝数", "N", "1", 130)
    R_c = single("线圈半径", "R", "mm", limit=1.0, usual=(20, 1000))
    U = column("加速电压", "U", "V", table="圆轨道", limit=1.0, count=4, usual=(20, 5000))
    I = column("线圈电流", "I", "A", table="圆轨道", limit=0.01, count=4, usual=(0.05, 20))
    D = column("轨道直径", "D", "cm", table="圆轨道", limit=0.1, count=4, usual=(1, 40))
    x = derived("(I D/2)²", "x", "A²·cm²", "(I*D/2)**2")
    s = slope("斜率", "s", "V/(A²·cm²)", x=x, y=U)
    ratio = result(
        *("电子荷质比", "e/m", "C/kg", "2*s/((4/5)**3*(mu_0*N/R_c)**2)"),
        accepted=(1.75882e11, 1e6, "CODATA"),
        plausible=(2e10, 2e12),
        causes=("填的是直径还是半径（差 4 倍）", "线圈半径的单位", "地磁场未抵消"),
    )
    plot = figure("荷质比：加速电压与 (I D/2)²", s)


function = declared(__file__, ChargeMassRatio, chapter="电磁学", keywords="电子束 磁场 洛伦兹力")
app = function.app
