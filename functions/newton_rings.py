"""Newton's rings: the radius of curvature of a lens.

Model
    D_k² = 4 k R λ + const for the diameters of dark rings; by successive differences over D², of
    rings in equal steps or of two blocks of them, R = Δ(D²) / (4 λ), Δ(D²) for one ring.
Measurands
    R.
Sources
    E. Hecht, Optics, 9.4; 589.3 nm, the middle of the sodium doublet (NIST ASD: 589.00, 589.59).
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, constant, derived, figure, result, successive
from functions._runtime.experiment import declared


class NewtonRings(Experiment, title="牛顿环测曲率半径"):
    """The readings at the left and the right of each ring."""

    lam = constant("波长", "λ", "nm", 589.3)
    k = column("环的序号", "k", "1", table="牛顿环", count=4, counted=True)
    left = column("左侧读数", "x_L", "mm", table="牛顿环", limit=0.005, count=4, kind=Real)
    right = column("右侧读数", "x_R", "mm", table="牛顿环", limit=0.005, count=4, kind=Real)
    D = derived("直径", "D", "mm", "abs(right - left)")
    D2 = derived("直径的平方", "D²", "mm²", "D**2")
    s = successive("相邻两环 D² 之差", "Δ(D²)", "mm²", x=k, y=D2)
    R = result(
        *("曲率半径", "R", "m", "s/(4*lam)"),
        plausible=(0.1, 20),
        causes=("环的序号是否数错", "鼓轮是否中途反转（回程差）", "波长"),
    )
    plot = figure("牛顿环：直径的平方与序号", s)


function = declared(__file__, NewtonRings, chapter="光学", keywords="等厚干涉 曲率半径 平凸透镜")
app = function.app
