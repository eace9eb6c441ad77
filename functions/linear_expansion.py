"""The coefficient of linear expansion of a metal, by dial gauge, optical lever or interferometer.

Model
    L = L₀ (1 + α (θ - θ₀)).  The line of the elongation over the temperature has the slope k, and
    α = k/L₀.  Dial gauge: its reading.  Optical lever with the arm b, read at a distance D:
    α = b k/(2 D L₀) with k of the scale's reading.  Interferometer: N fringes are an elongation of
    Nλ/2; the temperature rises by s from one to the next, α = λ/(2 L₀ s).
Measurands
    α.
Sources
    The handouts of 线膨胀系数; near 20 °C copper 16.5e-6 K⁻¹, aluminium 23.1e-6, iron 11.8e-6,
    brass 18 to 19e-6 (CRC Handbook); 16.7 and 23.8 about 20 to 100 °C in handouts.
"""

from functions._lab.fields import Celsius, NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, constant, figure, result, single, slope
from functions._runtime.experiment import declared

ALPHA = ("线膨胀系数", "α", "K⁻¹")
USUAL = (1e-7, 3e-4)
CAUSES = ("加热时样品是否与温度计同温", "原长 L₀ 的单位", "手册值是否为所测材料的")


class Rod(Experiment, title="样品"):
    """The rod, and the value of a handbook."""

    L_0 = single("样品原长", "L₀", "mm", limit=0.5, usual=(50, 1500))
    ref = constant("所测材料的手册值（默认铜）", "α₀", "K⁻¹", 1.67e-5)


class Dial(Rod, title="千分表法", tag="dial"):
    """The readings of a dial gauge as the rod is heated."""

    t = column("温度", "θ", "°C", table="升温", limit=0.5, count=4, kind=Celsius)
    n = column("千分表读数", "n", "mm", table="升温", limit=0.005, count=4, kind=Real)
    k = slope("伸长率", "k", "mm/°C", x=t, y=n)
    alpha = result(
        *(*ALPHA, "abs(k)/L_0"),
        accepted=Rod.ref,
        plausible=USUAL,
        causes=(*CAUSES, "千分表的一格是 0.001 mm 还是 0.01 mm"),
    )
    plot = figure("线膨胀：千分表读数与温度", k)


class Lever(Rod, title="光杠杆法", tag="lever"):
    """The readings of the scale of an optical lever."""

    b = single("光杠杆臂长", "b", "mm", limit=0.05, usual=(20, 150))
    D = single("镜面到标尺的距离", "D", "cm", limit=0.2, usual=(40, 400))
    t = column("温度", "θ", "°C", table="升温", limit=0.5, count=4, kind=Celsius)
    n = column("标尺读数", "n", "cm", table="升温", limit=0.05, count=4, kind=Real)
    k = slope("读数变化率", "k", "cm/°C", x=t, y=n)
    alpha = result(
        *(*ALPHA, "b*abs(k)/(2*D*L_0)"),
        accepted=Rod.ref,
        plausible=USUAL,
        causes=(*CAUSES, "公式中的因子 2", "光杠杆后足是否落在样品端面"),
    )
    plot = figure("线膨胀：标尺读数与温度", k)


class Interferometer(Rod, title="干涉法", tag="fringes"):
    """The temperatures at which so many fringes have passed."""

    lam = constant("波长", "λ", "nm", 632.8)
    N = column("条纹数", "N", "1", table="条纹", counted=True, count=4, kind=NonNegative)
    t = column("温度", "θ", "°C", table="条纹", limit=0.1, count=4, kind=Celsius)
    s = slope("每条纹的升温", "s", "°C", x=N, y=t)
    alpha = result(
        *(*ALPHA, "lam/(2*L_0*abs(s))"),
        accepted=Rod.ref,
        plausible=USUAL,
        causes=(*CAUSES, "条纹数错", "每条纹的伸长是 λ/2"),
    )
    plot = figure("线膨胀：温度与条纹数", s)


function = declared(
    *(__file__, Dial, Lever, Interferometer),
    title="固体线膨胀系数",
    chapter="力学与热学",
    keywords="热膨胀 千分表 光杠杆 干涉",
)
app = function.app
