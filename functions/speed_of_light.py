"""The speed of light from the phase of light whose intensity is modulated.

Model
    Light modulated at the frequency f runs to a mirror and back.  Where the mirror moves by Δx, the
    path grows by 2 Δx and the phase lags by Δφ = 2π f · 2 Δx/c: c = 4π f b with the slope b of x
    over φ.  Mixed down to the difference frequency f′ the phase stays, and shifts the signal by
    t = Δφ/(2π f′) on the oscilloscope: c = 2 b f/f′ with the slope b of x over t.
Measurands
    c in air.
Sources
    The handouts of 光速测量 (光强调制, 相位法, 差频法); c = 299 792 458 m/s exactly, n = 1.00027 of
    air (P. E. Ciddor, Appl. Opt. 35, 1566 (1996)).
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, figure, result, single, slope
from functions._runtime.experiment import declared

AIR = (2.9971e8, 0.0001e8, "空气中的光速 c/n")
USUAL = (1e8, 1e9)
CAUSES = ("光程是反射镜移动距离的 2 倍", "频率的单位", "示波器的时基")
C = ("光速", "c", "m/s")


class Beat(Experiment, title="差频法（示波器读时间）", tag="beat"):
    """Positions of the mirror, and shifts in time of the signal of the difference frequency."""

    f = single("调制频率", "f", "MHz", limit=0.01, usual=(1, 1000))
    f_d = single("差频", "f′", "kHz", limit=0.1, usual=(1, 10000))
    t = column("时间差", "t", "μs", table="反射镜", limit=0.005, count=3, kind=Real)
    x = column("反射镜位置", "x", "cm", table="反射镜", limit=0.05, count=3, kind=Real)
    b = slope("斜率", "b", "cm/μs", x=t, y=x)
    c = result(*C, "2*abs(b)*f/f_d", accepted=AIR, plausible=USUAL, causes=CAUSES)
    plot = figure("反射镜位置与时间差", b)


class Phase(Experiment, title="相位法（直接读相位）", tag="phase"):
    """Positions of the mirror, and phases."""

    f = single("调制频率", "f", "MHz", limit=0.01, usual=(1, 1000))
    phi = column("相位差", "φ", "°", table="反射镜", limit=0.5, count=3, kind=Real)
    x = column("反射镜位置", "x", "cm", table="反射镜", limit=0.05, count=3, kind=Real)
    b = slope("斜率", "b", "cm/°", x=phi, y=x)
    c = result(*C, "4*pi*f*abs(b)", accepted=AIR, plausible=USUAL, causes=CAUSES)
    plot = figure("反射镜位置与相位差", b)


function = declared(
    __file__,
    Beat,
    Phase,
    title="光速的测量",
    chapter="光学",
    keywords="光强调制 相位法 差频法 光拍",
)
app = function.app
