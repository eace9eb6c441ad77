"""The ultrasonic grating: the speed of sound in a liquid from light that it diffracts.

Model
    A standing wave of sound of frequency f is a grating of constant Λ = v/f.  With small angles,
    Λ x/F = k λ in the focal plane of the telescope's lens of focal length F, neighbouring orders
    are Δx apart, and v = λ f F/Δx; Δx by successive differences.  Beside it the value for pure
    water, 1404.3 + 4.7 t - 0.04 t² in m/s with t in °C (15 to 35 °C).
Measurands
    v.
Sources
    The handouts of 超声光栅; J. Lubbers and R. Graaff, Ultrasound Med. Biol. 24, 1065 (1998);
    546.07 nm, the green line of Hg (NIST ASD).
"""

from functions._lab.fields import Celsius, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    known,
    result,
    single,
    successive,
)
from functions._runtime.experiment import declared


class UltrasonicGrating(Experiment, title="超声光栅测液体中的声速"):
    """Positions of the diffraction lines of one colour, from negative to positive orders."""

    lam = constant("谱线波长", "λ", "nm", 546.07)
    f = single("超声频率", "f", "MHz", limit=0.02, usual=(1, 30))
    F = single("透镜焦距", "F", "mm", limit=0.5, default=170, usual=(50, 600))
    t = single("水温", "t", "°C", limit=0.5, kind=Celsius)
    k = column("级次", "k", "1", table="衍射条纹", count=4, counted=True, kind=Real)
    x = column("位置", "x", "mm", table="衍射条纹", limit=0.004, count=4, kind=Real)
    v_0 = known("纯水公式的常数项", "v₀", "m/s", 1404.3)
    p = known("纯水公式的一次项系数", "p", "m/(s·K)", 4.7)
    q = known("纯水公式的二次项系数", "q", "m/(s·K²)", 0.04)
    v_t = derived("纯水中的声速", "v_t", "m/s", "v_0 + p*t - q*t**2")
    dx = successive("相邻条纹的间距", "Δx", "mm", x=k, y=x)
    v = result(
        *("声速", "v", "m/s", "lam*f*F/abs(dx)"),
        accepted=v_t,
        plausible=(600, 3000),
        causes=("级次是否数错", "谱线的颜色与波长", "透镜焦距"),
    )
    plot = figure("超声光栅：条纹位置与级次", dx)


function = declared(__file__, UltrasonicGrating, chapter="光学", keywords="声光效应 声速 水 液体")
app = function.app
