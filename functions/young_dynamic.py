"""Young's modulus of a rod by its flexural resonance (dynamic method).

Model
    E = 1.6067 L³ m f² / d⁴ · T₁ for the fundamental of a free round rod; T₁ corrects for its finite
    thickness (1.005 at d/L = 0.024).
Measurands
    E.
Sources
    GB/T 22315-2008, 6.2; handbooks: 200 GPa for steel, 100 for brass, 70 for aluminium.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import constant, derived, known, repeats, result, single
from functions._runtime.experiment import declared


class YoungDynamic(Experiment, title="动态法测杨氏模量"):
    """The rod, and its resonance read several times."""

    L = single("棒长", "L", "mm", limit=0.02, usual=(100, 300))
    m = single("质量", "m", "g", limit=0.05, usual=(3, 200))
    d_r = repeats("直径（千分尺读数）", "d′", "mm", limit=0.004, usual=(2, 15))
    d_0 = constant("千分尺零点", "d₀", "mm", 0.0, kind=Real)
    f = repeats("共振频率", "f", "Hz", limit=2.0, usual=(100, 3000))
    T_1 = constant("修正系数", "T₁", "1", 1.005)
    C = known("基频系数", "C", "1", 1.6067)
    d = derived("直径", "d", "mm", "d_r - d_0")
    E = result(
        *("杨氏模量", "E", "GPa", "C*L**3*m*f**2/d**4*T_1"),
        plausible=(20, 500),
        causes=("千分尺零点未减（d 的四次方）", "是否为基频共振", "质量的单位"),
    )


function = declared(__file__, YoungDynamic, chapter="力学与热学", keywords="弹性模量 悬挂法 共振")
app = function.app
