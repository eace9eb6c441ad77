"""The potentiometer: an e.m.f. against a standard cell, and the inner resistance of a cell.

Model
    At balance no current flows: E_x/E_N = R_x/R_N with the same working current, R the compensating
    resistance or length of wire.  With a load R_L the terminal voltage is U, and r = (E/U - 1) R_L.
Measurands
    E_x; r.
Sources
    Any text on potentiometers; a saturated Weston cell has 1.01863 V at 20 °C (JJG 153-1996).
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.instruments import DecadeBox
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    mean,
    repeats,
    result,
    single,
)
from functions._runtime.experiment import declared

BOX = DecadeBox(((1000, 0.1), (100, 0.1), (10, 0.2), (1, 0.5), (0.1, 5)), 0.02)
CAUSES = ("每次测量前是否重新校准工作电流", "标准电池与待测电池的极性")
EMF = ("待测电动势", "E_x", "V")
WESTON = ("标准电池电动势", "E_N", "V", 1.01863)


class Boxes(Experiment, title="电阻箱组成的电位差计", tag="boxes"):
    """The compensating resistances of the standard and of the unknown cell, the sum kept."""

    E_N = constant(*WESTON)
    R_N = column("补偿标准电池的 R", "R_N", "Ω", table="补偿", limit=BOX, usual=(10, 1e5))
    R_x = column("补偿待测电池的 R", "R_x", "Ω", table="补偿", limit=BOX, usual=(10, 1e5))
    E = derived("每次的电动势", "E", "V", "E_N*R_x/R_N")
    E_m = mean("电动势的平均", "E_m", "V", E)
    E_x = result(*EMF, "E_m", plausible=(0.05, 20), causes=CAUSES)


class Wire(Experiment, title="板式（滑线）电位差计", tag="wire"):
    """The lengths of wire that balance the standard and the unknown cell."""

    E_N = constant(*WESTON)
    l_N = repeats("补偿标准电池的长度", "l_N", "cm", limit=0.1, usual=(10, 2000))
    l_x = repeats("补偿待测电池的长度", "l_x", "cm", limit=0.1, usual=(10, 2000))
    E_x = result(*EMF, "E_N*l_x/l_N", plausible=(0.05, 20), causes=CAUSES)


class Inner(Experiment, title="电池内阻", tag="inner"):
    """The e.m.f., and the voltage with a known load."""

    E = repeats("电动势", "E", "V", limit=0.0005, usual=(0.1, 20))
    U = repeats("接负载时的端电压", "U", "V", limit=0.0005, usual=(0.05, 20))
    R_L = single("负载电阻", "R_L", "Ω", limit=BOX, usual=(1, 1e4))
    r = result(
        *("内阻", "r", "Ω", "(E/U - 1)*R_L"),
        plausible=(1e-3, 1e4),
        causes=("电动势与端电压是否填反", "电池放电时间过长"),
    )


function = declared(
    *(__file__, Boxes, Wire, Inner),
    title="电位差计测电动势和内阻",
    chapter="电磁学",
    keywords="补偿法 电池 标准电池",
)
app = function.app
