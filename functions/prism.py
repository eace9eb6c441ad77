"""The refractive index of a prism by the angle of minimum deviation.

Model
    n = sin((A + δ)/2) / sin(A/2), A the apex of the prism, δ the minimum deviation of the line.
Measurands
    n.
Sources
    E. Hecht, Optics, 5.5.1.  1′ is the limit of error of a student spectrometer.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import repeats, result
from functions._runtime.experiment import declared


class Prism(Experiment, title="分光计测三棱镜折射率（最小偏向角法）"):
    """Apex and minimum deviation, in decimal degrees, several times each."""

    A = repeats("顶角", "A", "°", limit=1 / 60, usual=(30, 90))
    delta = repeats("最小偏向角", "δ", "°", limit=1 / 60, usual=(10, 80))
    n = result(
        *("折射率", "n", "1", "sin((A + delta)/2)/sin(A/2)"),
        plausible=(1.2, 2.2),
        causes=("读数跨过 0° 时没有加 360°", "分没有换算成度", "是否真的转到了最小偏向"),
    )


function = declared(__file__, Prism, chapter="光学", keywords="分光计 顶角 偏向角 玻璃")
app = function.app
