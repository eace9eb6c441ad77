"""Nuclear magnetic resonance: the gyromagnetic ratio and g of a nucleus.

Model
    h f = g μ_N B, γ = 2π f/B, at the frequency f of resonance in the field B.
Measurands
    γ and g.
Sources
    F. Bloch, Phys. Rev. 70, 460 (1946); h and μ_N of CODATA 2018; for ¹H γ = 2.6752218744e8 s⁻¹T⁻¹,
    g = 5.5856946893.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import known, repeats, result, single
from functions._runtime.experiment import declared


class Nmr(Experiment, title="核磁共振"):
    """The field, and the frequency of resonance several times."""

    B = single("磁感应强度", "B", "T", limit=0.005, usual=(0.05, 3))
    f = repeats("共振频率", "f", "MHz", limit=0.001, usual=(1, 130))
    h = known("普朗克常量", "h", "J·s", 6.62607015e-34)
    mu = known("核磁子", "μ_N", "J/T", 5.0507837461e-27)
    gamma = result("旋磁比", "γ", "s⁻¹·T⁻¹", "2*pi*f/B", plausible=(2e7, 4e8))
    g = result(
        *("朗德因子", "g", "1", "h*f/(mu*B)"),
        plausible=(0.1, 8),
        causes=("磁场是否在样品处测定", "频率的单位", "共振峰是否等间隔"),
    )


function = declared(__file__, Nmr, chapter="近代物理", keywords="NMR 旋磁比 g 因子 质子")
app = function.app
