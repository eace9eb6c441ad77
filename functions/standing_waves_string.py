"""Standing waves on a string: speed, mass per length, and how the frequency goes with tension.

Model
    v = √(T/μ), and n loops on a length L have f = n v/(2 L).  L and T kept: v = 2 L b by the slope
    b of f over n.  f and T kept: v = 2 f b by the slope of the length over the number of loops.
    L kept: (f/n)² = T/(4 L² μ), so μ = 1/(4 L² b) by the slope over T; and ln f = ½ ln T + const.
Measurands
    v, μ, or the exponent of T.
Sources
    The handouts of 弦振动; any textbook of waves.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, figure, known, result, single, slope
from functions._runtime.experiment import declared

V = ("波速", "v", "m/s")
SPEEDS = (2, 500)
CAUSES = ("张力是否含托盘、杠杆的倍数", "弦长是否量在两端节点之间", "线密度（拉伸后变小）")


class Known(Experiment, title="已知张力与线密度"):
    """What gives the speed by theory."""

    T = single("张力", "T", "N", limit=0.01, usual=(0.05, 200))
    mu = single("线密度", "μ", "g/m", limit=0.02, usual=(0.05, 30))
    v_t = derived("由张力与线密度算得的波速", "v_t", "m/s", "sqrt(T/mu)")


class Loops(Known, title="弦长与张力不变，改变频率", tag="loops"):
    """The length, and the frequency of each number of loops."""

    L = single("弦长", "L", "cm", limit=0.1, usual=(10, 300))
    n = column("半波数", "n", "1", table="共振频率", counted=True, count=3)
    f = column("共振频率", "f", "Hz", table="共振频率", limit=0.1, count=3, usual=(5, 5000))
    b = slope("每增一个半波的频率", "b", "Hz", x=n, y=f)
    v = result(*V, "2*L*b", accepted=Known.v_t, plausible=SPEEDS, causes=CAUSES)
    plot = figure("弦振动：共振频率与半波数", b)


class Lengths(Known, title="频率与张力不变，改变弦长", tag="lengths"):
    """The frequency, and the length of each number of loops."""

    f = single("振源频率", "f", "Hz", limit=0.1, usual=(5, 5000))
    n = column("半波数", "n", "1", table="弦长", counted=True, count=3)
    L = column("弦长", "L", "cm", table="弦长", limit=0.1, count=3, usual=(2, 300))
    b = slope("半波长", "b", "cm", x=n, y=L)
    v = result(
        *(*V, "2*f*b"),
        accepted=Known.v_t,
        plausible=SPEEDS,
        causes=(*CAUSES[:1], "弦的频率是否为电源频率的两倍", *CAUSES[2:]),
    )
    plot = figure("弦振动：弦长与半波数", b)


class Tensions(Experiment, title="弦长不变，改变张力，求线密度", tag="tension"):
    """The length, and for each tension the frequency of n loops; the string weighed beside it."""

    L = single("弦长", "L", "cm", limit=0.1, usual=(10, 300))
    mu_w = single("称得的线密度", "μ_w", "g/m", limit=0.02, usual=(0.05, 30))
    T = column("张力", "T", "N", table="张力", limit=0.01, count=3, usual=(0.05, 200))
    n = column("半波数", "n", "1", table="张力", counted=True, count=3)
    f = column("共振频率", "f", "Hz", table="张力", limit=0.1, count=3, usual=(5, 5000))
    F = derived("基频的平方", "(f/n)²", "Hz²", "(f/n)**2")
    b = slope("斜率", "b", "Hz²/N", x=T, y=F)
    mu = result(
        *("线密度", "μ", "g/m", "1/(4*L**2*b)"),
        accepted=mu_w,
        plausible=(0.02, 50),
        causes=CAUSES,
    )
    plot = figure("弦振动：基频的平方与张力", b)


class Exponent(Experiment, title="ln f – ln T 直线", tag="exponent"):
    """For each tension the frequency of the same number of loops on the same length."""

    T_0 = known("单位张力", "T₀", "N", 1.0)
    f_0 = known("单位频率", "f₀", "Hz", 1.0)
    T = column("张力", "T", "N", table="张力", limit=0.01, count=3, usual=(0.05, 200))
    f = column("共振频率", "f", "Hz", table="张力", limit=0.1, count=3, usual=(5, 5000))
    x = derived("张力的对数 ln(T/N)", "X", "1", "ln(T/T_0)")
    y = derived("频率的对数 ln(f/Hz)", "Y", "1", "ln(f/f_0)")
    b = slope("斜率", "b", "1", x=x, y=y)
    s = result(
        *("张力的指数", "s", "1", "b"),
        accepted=(0.5, 0.0, "理论值 1/2"),
        plausible=(0.2, 1),
        causes=("张力是否含托盘、杠杆的倍数", "半波数是否相同"),
    )
    plot = figure("弦振动：ln f 与 ln T", b)


function = declared(
    __file__,
    Loops,
    Lengths,
    Tensions,
    Exponent,
    title="弦振动与驻波",
    chapter="力学与热学",
    keywords="弦线 线密度 张力 波速 弦音",
)
app = function.app
