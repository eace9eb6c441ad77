"""Brewster's angle: the refractive index of a surface from the light that it reflects.

Model
    n = tan i_B: at the angle of incidence i_B the reflected light has no component in the plane of
    incidence; an analyser turned to that plane extinguishes it.  The angle is read on either side
    of the normal, i_B is half of the angle between both readings.
Measurands
    i_B and n.
Sources
    E. Hecht, Optics, 8.6.1 and 4.6.3; the handouts of 光的偏振, 布儒斯特角.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, mean, repeats, result
from functions._runtime.experiment import declared

I_B = ("布儒斯特角", "i_B", "°")
N = ("折射率", "n", "1", "tan(i)")
PLAUSIBLE = (1.2, 3)
CAUSES = ("入射角是否从法线量起", "反射光是否真正消光", "角度的零点")


class OneSide(Experiment, title="直接读入射角", tag="angle"):
    """Angles of incidence, from a scale whose zero is the normal."""

    i_r = repeats("消光时的入射角", "i", "°", limit=0.5, usual=(20, 85))
    i = result(*I_B, "i_r", plausible=(50, 72))
    n = result(*N, plausible=PLAUSIBLE, causes=CAUSES)


class BothSides(Experiment, title="法线两侧读转台角度", tag="two-sides"):
    """Readings of the turntable for extinction on either side of the normal."""

    left = column("左侧消光时转台读数", "θ_L", "°", table="转台", limit=0.5, count=1, kind=Real)
    right = column("右侧消光时转台读数", "θ_R", "°", table="转台", limit=0.5, count=1, kind=Real)
    i_i = derived("各次的布儒斯特角", "i", "°", "acos(cos(left - right))/2")
    i_m = mean("平均值", "i_m", "°", i_i)
    i = result(*I_B, "i_m", plausible=(50, 72))
    n = result(*N, plausible=PLAUSIBLE, causes=CAUSES)


function = declared(
    __file__,
    OneSide,
    BothSides,
    title="布儒斯特角测折射率",
    chapter="光学",
    keywords="起偏角 反射 偏振 玻璃",
)
app = function.app
