"""The simple pendulum: the acceleration of free fall from one length, or from several.

Model
    T = 2π √(l/g), l from the point of suspension to the middle of the ball, T from the time t of n
    swings.  One length: g = 4π² l / T².  Several: T² = a + b l, g = 4π²/b; the intercept takes up
    what all lengths have in common.
Measurands
    g.
Sources
    Any textbook of mechanics; 9.780 to 9.832 m/s² between equator and pole (WGS 84).
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    intercept,
    repeats,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

EARTH = (9.806, 0.015, "地面各处 9.78～9.83 m/s²")
USUAL = (8, 12)
CAUSES = ("周期数是否数错", "摆长应量到球心", "摆角是否过大")
G = ("重力加速度", "g", "m/s²")


class OneLength(Experiment, title="一个摆长，多次测时间", tag="mean"):
    """One length, the time of n swings several times."""

    s = single("摆线长", "s", "cm", limit=0.1, usual=(20, 250))
    D = single("摆球直径", "D", "mm", limit=0.02, usual=(5, 60))
    n = constant("每次的周期数", "n", "1", 50)
    t = repeats("n 个周期的时间", "t", "s", limit=0.2, usual=(1, 500))
    l = derived("摆长", "l", "cm", "s + D/2")
    T = derived("周期", "T", "s", "t/n")
    g = result(*G, "4*pi**2*l/T**2", accepted=EARTH, plausible=USUAL, causes=CAUSES)


class Lengths(Experiment, title="多个摆长，作 T²–l 直线", tag="line"):
    """Several lengths, the time of n swings of each."""

    n = constant("每次的周期数", "n", "1", 50)
    l = column("摆长（到球心）", "l", "cm", table="单摆", limit=0.1, count=3, usual=(20, 250))
    t = column("n 个周期的时间", "t", "s", table="单摆", limit=0.2, count=3, usual=(1, 500))
    T2 = derived("周期的平方", "T²", "s²", "(t/n)**2")
    b = slope("斜率", "b", "s²/cm", x=l, y=T2)
    a = intercept("截距", "a", "s²", b)
    g = result(*G, "4*pi**2/b", accepted=EARTH, plausible=USUAL, causes=CAUSES)
    plot = figure("单摆：周期的平方与摆长", b)


function = declared(
    __file__,
    OneLength,
    Lengths,
    title="单摆测重力加速度",
    chapter="力学与热学",
    keywords="重力加速度 g",
)
app = function.app
