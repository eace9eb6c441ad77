"""Electron spin resonance: g of the unpaired electron of DPPH.

Model
    h f = g μ_B B at resonance, γ = 2π f/B.
Measurands
    g and γ.
Sources
    E. Zavoisky (1945); h and μ_B of CODATA 2018; g = 2.0036 for DPPH.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import known, repeats, result, single
from functions._runtime.experiment import declared


class ElectronSpinResonance(Experiment, title="电子自旋共振"):
    """The fields of resonance at one frequency, several times."""

    f = single("微波频率", "f", "MHz", limit=1.0, usual=(5, 40000))
    B = repeats("共振磁场", "B", "mT", limit=1.0, usual=(0.1, 2000))
    h = known("普朗克常量", "h", "J·s", 6.62607015e-34)
    mu = known("玻尔磁子", "μ_B", "J/T", 9.2740100783e-24)
    g = result(
        *("朗德因子", "g", "1", "h*f/(mu*B)"),
        accepted=(2.0036, 0.0002, "DPPH"),
        plausible=(1, 4),
        causes=("磁场的单位（1 Gs = 0.1 mT）", "磁场是否在样品处测定", "频率计的读数"),
    )
    gamma = result("旋磁比", "γ", "s⁻¹·T⁻¹", "2*pi*f/B")


function = declared(
    __file__, ElectronSpinResonance, chapter="近代物理", keywords="ESR EPR 顺磁共振 DPPH"
)
app = function.app
