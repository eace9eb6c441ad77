"""Free fall past light gates: g from many distances, or from two.

Model
    h = v₀ t + g t²/2, h and t counted from the first gate (or from the release), so that
    h/t = v₀ + (g/2) t: g = 2 b of the line of h/t over t, whose intercept takes up v₀.  Of two
    distances g = 2 (h₂/t₂ - h₁/t₁)/(t₂ - t₁), where v₀ drops out.
Measurands
    g.
Sources
    The handouts of 自由落体; any textbook of mechanics for uniform acceleration; 9.780 to
    9.832 m/s² between equator and pole (WGS 84).
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    derived,
    figure,
    intercept,
    repeats,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

G = ("重力加速度", "g", "m/s²")
EARTH = (9.806, 0.015, "地面各处 9.78～9.83 m/s²")
USUAL = (8, 12)
CAUSES = ("时间的单位", "立柱是否铅直，小球是否正中通过光电门", "距离是否从计时起点量起")


class Line(Experiment, title="多个距离，作 h/t–t 直线", tag="line"):
    """Distances of the second gate from where the timer starts, and the times."""

    h = column("下落距离", "h", "cm", table="自由落体", limit=0.1, count=3, usual=(5, 300))
    t = column("下落时间", "t", "ms", table="自由落体", limit=0.1, count=3, usual=(20, 1000))
    v = derived("平均速度", "h/t", "m/s", "h/t")
    b = slope("斜率", "b", "m/(s·ms)", x=t, y=v)
    v_0 = intercept("计时起点的速度", "v₀", "m/s", b)
    g = result(*G, "2*b", accepted=EARTH, plausible=USUAL, causes=CAUSES)
    plot = figure("自由落体：平均速度与时间", b)


class TwoDistances(Experiment, title="两个距离，多次测时间", tag="two"):
    """Two distances from where the timer starts, the times of each several times."""

    h_1 = single("较短的距离", "h₁", "cm", limit=0.1, usual=(5, 200))
    h_2 = single("较长的距离", "h₂", "cm", limit=0.1, usual=(10, 300))
    t_1 = repeats("较短距离的时间", "t₁", "ms", limit=0.1, usual=(20, 800))
    t_2 = repeats("较长距离的时间", "t₂", "ms", limit=0.1, usual=(50, 1000))
    formula = "2*(h_2/t_2 - h_1/t_1)/(t_2 - t_1)"
    g = result(*G, formula, accepted=EARTH, plausible=USUAL, causes=CAUSES)


function = declared(
    __file__,
    Line,
    TwoDistances,
    title="自由落体测重力加速度",
    chapter="力学与热学",
    keywords="光电门 落球 重力加速度 g",
)
app = function.app
