"""A resistance by voltmeter and ammeter, with the resistance of the meters taken off.

Model
    Ammeter inside: U/I = R + R_A, from the line of U over I.  Ammeter outside: I/U = 1/R + 1/R_V,
    from the line of I over U.
Measurands
    R.
Sources
    Any text on electrical measurements; limits of pointer meters: JJG 124-2005.
"""

from functions._lab.fields import NonNegative
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.instruments import Pointer
from functions._lab.notation.nodes import column, constant, figure, result, slope
from functions._runtime.experiment import declared

VOLTS, MILLIAMPERES = Pointer(0.5, 3.0), Pointer(0.5, 15.0)
USUAL = (0.05, 1e7)
CAUSES = ("电流的单位是否为 mA", "内接、外接是否选对", "中途是否换过量程")


class Inside(Experiment, title="电流表内接", tag="inside"):
    """Voltages over resistor and ammeter together."""

    R_A = constant("电流表内阻", "R_A", "Ω", 0.0, kind=NonNegative)
    U = column("电压", "U", "V", table="伏安特性", limit=VOLTS, count=4, usual=(1e-3, 300))
    I = column("电流", "I", "mA", table="伏安特性", limit=MILLIAMPERES, count=4, usual=(1e-3, 5e3))
    k = slope("U–I 直线的斜率", "k", "V/mA", x=I, y=U)
    R = result("电阻", "R", "Ω", "k - R_A", plausible=USUAL, causes=CAUSES)
    plot = figure("伏安法：电压与电流", k)


class Outside(Experiment, title="电流表外接", tag="outside"):
    """Currents through resistor and voltmeter together; without R_V it is taken as infinite."""

    G_V = constant("电压表内阻的倒数 1/R_V", "G_V", "1/Ω", 0.0, kind=NonNegative)
    U = column("电压", "U", "V", table="伏安特性", limit=VOLTS, count=4, usual=(1e-3, 300))
    I = column("电流", "I", "mA", table="伏安特性", limit=MILLIAMPERES, count=4, usual=(1e-3, 5e3))
    k = slope("I–U 直线的斜率", "k", "mA/V", x=U, y=I)
    R = result("电阻", "R", "Ω", "1/(k - G_V)", plausible=USUAL, causes=CAUSES)
    plot = figure("伏安法：电流与电压", k)


function = declared(
    *(__file__, Inside, Outside),
    title="伏安法测电阻",
    chapter="电磁学",
    keywords="内接 外接 欧姆定律 电压表 电流表",
)
app = function.app
