"""Uniform acceleration on the inclined air track, and g by the angle.

Model
    A flag of width d takes Δt through a gate: v = d/Δt.  v² = v₀² + 2 a s gives a = d² b/2 by the
    slope b of 1/Δt² over s; of two gates a = d² (1/Δt₂² - 1/Δt₁²)/(2 s).  On feet L apart, one
    raised by h, g = a L/h without friction.  Of several heights g = d² L c/(2 s) by the slope c of
    1/Δt₂² - 1/Δt₁² over h, whose intercept takes up drag and a track that is not level.
Measurands
    a and g; of several heights g alone.
Sources
    The handouts of 气垫导轨; any textbook of mechanics; 9.780 to 9.832 m/s² on Earth (WGS 84).
"""

from functions._lab.fields import NonNegative
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, figure, repeats, result, single, slope
from functions._runtime.experiment import declared

A, G = ("加速度", "a", "m/s²"), ("重力加速度", "g", "m/s²")
EARTH = (9.806, 0.015, "地面各处 9.78～9.83 m/s²")
USUAL = (6, 14)
STEEP = (0.005, 3)
CAUSES = ("L 是两支脚的距离，不是导轨的长度", "导轨未先调平，或有空气阻力")


class Incline(Experiment, title="挡光片与倾角"):
    """What all methods have."""

    d = single("挡光宽度", "d", "mm", limit=0.02, usual=(2, 120))
    L = single("支脚的距离", "L", "cm", limit=0.1, usual=(30, 250))


class Distances(Incline, title="多个距离（由静止释放）", tag="line"):
    """Distances to the gate, and the time of the flag through it."""

    h = single("垫高", "h", "mm", limit=0.02, usual=(1, 200))
    s = column("滑行距离", "s", "cm", table="匀变速", limit=0.1, count=3, usual=(5, 200))
    t = column("挡光时间", "Δt", "ms", table="匀变速", limit=0.01, count=3, usual=(2, 1000))
    q = derived("挡光时间平方的倒数", "1/Δt²", "ms⁻²", "1/t**2")
    b = slope("斜率", "b", "1/(ms²·cm)", x=s, y=q)
    a = result(*A, "d**2*b/2", plausible=STEEP, causes=("挡光宽度与时间的单位",))
    g = result(*G, "a*L/h", accepted=EARTH, plausible=USUAL, causes=CAUSES)
    plot = figure("气垫导轨：挡光时间平方的倒数与距离", b)


class TwoGates(Incline, title="两个光电门，多次测时间", tag="two"):
    """A distance between two gates, and the times of the flag through both."""

    h = single("垫高", "h", "mm", limit=0.02, usual=(1, 200))
    s = single("光电门的距离", "s", "cm", limit=0.1, usual=(5, 200))
    t_1 = repeats("第一光电门的挡光时间", "Δt₁", "ms", limit=0.01, usual=(2, 1000))
    t_2 = repeats("第二光电门的挡光时间", "Δt₂", "ms", limit=0.01, usual=(2, 1000))
    a = result(*A, "d**2*(1/t_2**2 - 1/t_1**2)/(2*s)", plausible=STEEP)
    g = result(*G, "a*L/h", accepted=EARTH, plausible=USUAL, causes=CAUSES)


class Heights(Incline, title="两个光电门，改变垫高", tag="heights"):
    """Heights, and the times of the flag through two gates."""

    s = single("光电门的距离", "s", "cm", limit=0.1, usual=(5, 200))
    h = column("垫高", "h", "mm", table="垫高", limit=0.02, count=3, kind=NonNegative)
    t_1 = column("第一光电门的挡光时间", "Δt₁", "ms", table="垫高", limit=0.01, count=3)
    t_2 = column("第二光电门的挡光时间", "Δt₂", "ms", table="垫高", limit=0.01, count=3)
    q = derived("挡光时间平方倒数之差", "q", "ms⁻²", "1/t_2**2 - 1/t_1**2")
    c = slope("斜率", "c", "1/(ms²·mm)", x=h, y=q)
    g = result(*G, "d**2*L*c/(2*s)", accepted=EARTH, plausible=USUAL, causes=CAUSES)
    plot = figure("气垫导轨：挡光时间平方倒数之差与垫高", c)


function = declared(
    __file__,
    Distances,
    TwoGates,
    Heights,
    title="气垫导轨上的匀变速直线运动",
    chapter="力学与热学",
    keywords="加速度 重力加速度 g 光电门 斜面",
)
app = function.app
