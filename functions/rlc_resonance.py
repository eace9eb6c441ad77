"""Series resonance: its frequency, its quality, and the capacitance that follows.

Model
    f₀ = 1/(2π√(L C)); Q = f₀/(f₂ - f₁) between the frequencies of 1/√2 of the largest current, and
    Q = U_C/U at resonance.
Measurands
    Q by bandwidth and by voltages, C.
Sources
    Any text on circuits.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.instruments import Digital
from functions._lab.notation.nodes import derived, repeats, result, single
from functions._runtime.experiment import declared

METER = Digital(1.0, 0.01)
CAUSES = ("半功率点应取 0.707 I_max，不是 0.5", "扫频时输出电压是否保持不变")


class Resonance(Experiment, title="RLC 串联谐振"):
    """The frequencies of resonance and of half power, and the voltages at resonance."""

    f_0 = repeats("谐振频率", "f₀", "kHz", limit=0.0025, usual=(0.01, 5000))
    f_1 = single("半功率点频率（低）", "f₁", "kHz", limit=0.005, usual=(0.01, 5000))
    f_2 = single("半功率点频率（高）", "f₂", "kHz", limit=0.005, usual=(0.01, 5000))
    U = single("谐振时的总电压", "U", "V", limit=METER, usual=(1e-3, 100))
    U_C = single("谐振时电容上的电压", "U_C", "V", limit=METER, usual=(1e-3, 1000))
    L = single("电感", "L", "mH", limit=Digital(1.0, 0.0), usual=(1e-3, 1e4))
    df = derived("带宽", "Δf", "kHz", "f_2 - f_1")
    Q = result("品质因数（带宽）", "Q", "1", "f_0/df", plausible=(0.3, 2000), causes=CAUSES)
    Q_U = result("品质因数（电压比）", "Q_U", "1", "U_C/U", plausible=(0.3, 2000), causes=CAUSES)
    C = result(
        *("电容", "C", "μF", "1/(4*pi**2*f_0**2*L)"),
        plausible=(1e-6, 1e4),
        causes=("电感的单位是 mH 还是 H", "频率的单位"),
    )


function = declared(__file__, Resonance, chapter="电磁学", keywords="谐振电路 品质因数 带宽 通频带")
app = function.app
