"""The density of a solid: a hollow cylinder by its measures, or anything by hydrostatic weighing.

Model
    ρ = 4 m / (π (D² H - d² h)) for a cylinder with a blind bore (d = 0 for none).  Hydrostatic, of
    a body that floats, with a sinker: ρ = m₁ ρ₀ / (m₂ - m₃), m₂ with the sinker alone in water, m₃
    with both; of one that sinks m₂ is its mass in air, m₃ in water.
Measurands
    ρ.
Sources
    Archimedes' principle; 0.99820 g/cm³ for water at 20 °C (IAPWS-95).
"""

from functions._lab.fields import NonNegative
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import constant, derived, repeats, result, single
from functions._runtime.experiment import declared

CAUSES = ("质量与长度的单位", "卡尺零点", "浸没时有无气泡")


class Cylinder(Experiment, title="规则体（圆柱，可带盲孔）", tag="cylinder"):
    """Diameters and heights by calliper, several times each, and the mass."""

    m = single("质量", "m", "g", limit=0.05, usual=(0.5, 2000))
    D = repeats("外径", "D", "mm", limit=0.02, usual=(2, 200))
    H = repeats("高", "H", "mm", limit=0.02, usual=(2, 500))
    d = repeats("孔径（无孔填 0）", "d", "mm", limit=0.02, kind=NonNegative)
    h = repeats("孔深（无孔填 0）", "h", "mm", limit=0.02, kind=NonNegative)
    V = derived("体积", "V", "mm³", "pi/4*(D**2*H - d**2*h)")
    rho = result("密度", "ρ", "g/cm³", "m/V", plausible=(0.1, 25), causes=CAUSES)


class Hydrostatic(Experiment, title="流体静力称衡法", tag="hydrostatic"):
    """Three weighings, and the density of water at its temperature."""

    m_1 = single("物体在空气中", "m₁", "g", limit=0.05, usual=(0.5, 2000))
    m_2 = single("物体（连同水中的坠子）在空气中", "m₂", "g", limit=0.05, usual=(0.5, 3000))
    m_3 = single("物体（与坠子）都在水中", "m₃", "g", limit=0.05, kind=NonNegative)
    rho_0 = constant("水的密度", "ρ₀", "g/cm³", 0.9982)
    rho = result(
        *("密度", "ρ", "g/cm³", "m_1*rho_0/(m_2 - m_3)"), plausible=(0.1, 25), causes=CAUSES
    )


function = declared(
    __file__,
    Cylinder,
    Hydrostatic,
    chapter="力学与热学",
    keywords="圆柱 比重 静力称衡 阿基米德",
    title="固体密度的测量",
)
app = function.app
