"""Young's modulus of a wire, stretched by weights and read by an optical lever.

Model
    E = 8 m g L D / (π d² b Δn): one weight m more lengthens the wire by b Δn / (2 D), where Δn is
    the change of the scale's reading, by successive differences of the mean of loading and
    unloading.  Where the light is folded so that the scale moves twice as far, 16 in place of 8.
Measurands
    E.
Sources
    GB/T 22315-2008 for the methods; the handouts of 拉伸法测杨氏模量 for the lever; handbooks give
    190 to 210 GPa for carbon steel.
"""

from functions._lab.fields import NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    repeats,
    result,
    single,
    successive,
)
from functions._runtime.experiment import declared


class YoungModulus(Experiment, title="拉伸法测杨氏模量（光杠杆）"):
    """Wire, optical lever, and the scale's readings under more and fewer weights."""

    L = single("钢丝长", "L", "cm", limit=0.1, usual=(20, 200))
    D = single("镜面到标尺的距离", "D", "cm", limit=0.2, usual=(40, 400))
    b = single("光杠杆臂长", "b", "mm", limit=0.05, usual=(20, 150))
    d_r = repeats("钢丝直径（千分尺读数）", "d′", "mm", limit=0.004, usual=(0.1, 2))
    d_0 = constant("千分尺零点", "d₀", "mm", 0.0, kind=Real)
    m = constant("每级砝码的质量", "m", "kg", 1.0)
    g = constant("重力加速度", "g", "m/s²", 9.80)
    K = constant("光路系数（一般为 8，折返光路为 16）", "K", "1", 8)
    i = column("砝码数", "i", "1", table="标尺读数", count=4, counted=True, kind=NonNegative)
    up = column("增重时读数", "n₊", "cm", table="标尺读数", limit=0.05, count=4, kind=Real)
    down = column("减重时读数", "n₋", "cm", table="标尺读数", limit=0.05, count=4, kind=Real)
    d = derived("钢丝直径", "d", "mm", "d_r - d_0")
    n = derived("平均读数", "n", "cm", "(up + down)/2")
    dn = successive("每级砝码的读数变化", "Δn", "cm", x=i, y=n)
    E = result(
        "杨氏模量",
        "E",
        "GPa",
        "K*m*g*L*D/(pi*d**2*b*dn)",
        accepted=(200, 5.8, "碳钢手册值 190～210 GPa"),
        plausible=(20, 500),
        causes=("直径 d 是否减去千分尺零点", "每级砝码的质量", "光路系数是 8 还是 16"),
    )
    plot = figure("标尺读数与砝码数", dn)


function = declared(__file__, YoungModulus, chapter="力学与热学", keywords="弹性模量 光杠杆 金属丝")
app = function.app
