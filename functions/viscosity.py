"""The viscosity of a liquid by a falling ball (Stokes), with the correction for the walls.

Model
    η = (ρ - ρ₀) g d² t / (18 l) · 1/((1 + 2.4 d/D)(1 + 1.6 d/h)): a ball of diameter d, density ρ
    falls l in t through a liquid of density ρ₀, in a tube of diameter D filled to the height h.
Measurands
    η.
Sources
    G. G. Stokes (1851); the corrections of R. Ladenburg, Ann. Phys. 327, 287 (1907).
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import constant, repeats, result, single
from functions._runtime.experiment import declared


class Viscosity(Experiment, title="落球法测液体黏度"):
    """The ball, the tube, and the times of fall."""

    d = repeats("小球直径", "d", "mm", limit=0.004, usual=(0.3, 10))
    t = repeats("下落时间", "t", "s", limit=0.2, usual=(0.5, 300))
    l = single("下落距离", "l", "cm", limit=0.05, usual=(3, 80))
    D = single("圆筒内径", "D", "mm", limit=0.02, usual=(10, 200))
    H = single("液体高度", "h", "cm", limit=0.1, usual=(5, 120))
    rho = constant("小球密度", "ρ", "g/cm³", 7.80)
    rho_0 = constant("液体密度", "ρ₀", "g/cm³", 0.955)
    g = constant("重力加速度", "g", "m/s²", 9.80)
    eta = result(
        "黏度",
        "η",
        "Pa·s",
        "(rho - rho_0)*g*d**2*t/(18*l)/((1 + 2.4*d/D)*(1 + 1.6*d/H))",
        plausible=(0.01, 20),
        causes=("直径的单位（平方）", "计时段内是否已匀速", "液体的温度"),
    )


function = declared(
    __file__, Viscosity, chapter="力学与热学", keywords="粘度 粘滞系数 斯托克斯 蓖麻油"
)
app = function.app
