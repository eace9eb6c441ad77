"""The Wheatstone bridge: a resistance by the ratio arms or by exchange, and its sensitivity.

Model
    At balance R_x = (R₁/R₂) R₀; exchanging R_x and R₀ rids it of the arms: R_x = √(R₀ R₀′).
    Sensitivity S = Δn/(ΔR₀/R₀) for Δn divisions after a change ΔR₀.
Measurands
    R_x, S.
Sources
    Any text on bridges; classes of decades: JJG 982-2003.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.instruments import DecadeBox
from functions._lab.notation.nodes import repeats, result, single
from functions._runtime.experiment import declared

BOX = DecadeBox(((1000, 0.1), (100, 0.1), (10, 0.1), (1, 0.5), (0.1, 2)), 0.02)
CAUSES = ("比例臂 R₁/R₂ 是否写反或差十倍", "导线与接触电阻（测小电阻时）")


class Sensitive(Experiment, title="电桥灵敏度"):
    """The change of the box and the deflection that it makes."""

    dR = single("改变量", "ΔR₀", "Ω", limit=BOX, usual=(1e-3, 1e4))
    dn = single("检流计偏转", "Δn", "1", limit=0.2, usual=(0.2, 200))


class Ratio(Sensitive, title="比例臂", tag="ratio"):
    """The balances with known arms."""

    R_0 = repeats("平衡时的 R₀", "R₀", "Ω", limit=BOX, usual=(0.1, 1e5))
    R_1 = single("比例臂 R₁", "R₁", "Ω", limit=BOX, usual=(0.1, 1e5))
    R_2 = single("比例臂 R₂", "R₂", "Ω", limit=BOX, usual=(0.1, 1e5))
    R_x = result(*("待测电阻", "R_x", "Ω", "R_1/R_2*R_0"), plausible=(0.05, 5e6), causes=CAUSES)
    S = result("灵敏度（格）", "S", "1", "dn*R_0/dR", plausible=(1, 1e6))


class Exchange(Sensitive, title="交换法", tag="exchange"):
    """The balances before and after R_x and R₀ are exchanged."""

    R_0 = repeats("交换前的 R₀", "R₀", "Ω", limit=BOX, usual=(0.1, 1e5))
    R_s = repeats("交换后的 R₀", "R₀′", "Ω", limit=BOX, usual=(0.1, 1e5))
    R_x = result(*("待测电阻", "R_x", "Ω", "sqrt(R_0*R_s)"), plausible=(0.05, 5e6), causes=CAUSES)
    S = result("灵敏度（格）", "S", "1", "dn*R_0/dR", plausible=(1, 1e6))


function = declared(
    *(__file__, Ratio, Exchange),
    title="惠斯通电桥测电阻",
    chapter="电磁学",
    keywords="单臂电桥 电阻箱 灵敏度",
)
app = function.app
