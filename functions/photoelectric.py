"""The photoelectric effect: Planck's constant and the work function.

Model
    e U_s = h ν - W for the stopping voltage: U_s = a + b ν, h = e b, W = -e a, the threshold
    ν₀ = -a/b.  Lines of the mercury lamp are given by their wavelengths, ν = c/λ.
Measurands
    h, W and ν₀.
Sources
    R. A. Millikan, Phys. Rev. 7, 355 (1916); e, h and c exact in the SI (2019).
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, figure, intercept, known, result, slope
from functions._runtime.experiment import declared


class Photoelectric(Experiment, title="光电效应测普朗克常量"):
    """Wavelengths of the filters and the stopping voltages."""

    lam = column("波长", "λ", "nm", table="截止电压", counted=True, count=3, usual=(250, 800))
    U = column("截止电压", "U_s", "V", table="截止电压", limit=0.002, count=3, kind=Real)
    e = known("元电荷", "e", "C", 1.602176634e-19)
    c = known("光速", "c", "m/s", 299792458)
    nu = derived("频率", "ν", "Hz", "c/lam")
    U_a = derived("截止电压的大小", "U_a", "V", "abs(U)")
    b = slope("斜率", "b", "V/Hz", x=nu, y=U_a)
    a = intercept("截距", "a", "V", b)
    h = result(
        *("普朗克常量", "h", "J·s", "e*b"),
        accepted=(6.62607015e-34, 0.0, "SI 定义值（2019）"),
        plausible=(3e-34, 1.2e-33),
        causes=("截止电压是否扣除暗电流与反向电流的影响", "滤光片与读数是否对应"),
    )
    W = result("逸出功", "W", "eV", "-e*a", plausible=(0.5, 6))
    nu_0 = result("红限频率", "ν₀", "Hz", "-a/b")
    plot = figure("光电效应：截止电压与频率", b)


function = declared(
    __file__, Photoelectric, chapter="近代物理", keywords="普朗克常数 截止电压 逸出功"
)
app = function.app
