"""Young's modulus of a beam on two knife edges, loaded in its middle.

Model
    E = d³ g / (4 a³ b) · ΔM/ΔZ: d the distance of the edges, a and b thickness and width of the
    beam, Z the sag under the mass M, by a microscope; the slope c of Z over M gives ΔM/ΔZ = 1/c.
Measurands
    E.
Sources
    Any text on elasticity (beam of rectangular section); handbooks: 100 GPa for brass, 180 for
    iron.
"""

from functions._lab.fields import NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, constant, figure, repeats, result, slope
from functions._runtime.experiment import declared


class YoungBeam(Experiment, title="梁弯曲法测杨氏模量"):
    """The beam, and its sag under several masses."""

    d = repeats("两刀口的距离", "d", "mm", limit=0.12, usual=(100, 1000))
    b = repeats("梁的宽度", "b", "mm", limit=0.02, usual=(5, 60))
    a = repeats("梁的厚度", "a", "mm", limit=0.004, usual=(0.3, 10))
    g = constant("重力加速度", "g", "m/s²", 9.80)
    M = column("砝码质量", "M", "g", table="加载", limit=0.2, count=4, kind=NonNegative)
    Z = column("显微镜读数", "Z", "mm", table="加载", limit=0.002, count=4, kind=Real)
    c = slope("斜率", "c", "mm/g", x=M, y=Z)
    E = result(
        *("杨氏模量", "E", "GPa", "d**3*g/(4*a**3*b*abs(c))"),
        plausible=(20, 500),
        causes=("厚度 a（三次方）", "刀口距离是否为有效长度", "砝码是否挂在正中"),
    )
    plot = figure("梁弯曲：下垂量与砝码", c)


function = declared(
    __file__, YoungBeam, chapter="力学与热学", keywords="弹性模量 霍尔位置传感器 弯曲"
)
app = function.app
