"""Transients: the time constants of RC and RL circuits.

Model
    A voltage that decays as U = U₀ exp(-t/τ): ln U over t has the slope -1/τ; C = τ/R with R all
    resistance of the loop, L = τ R.  On the scope by its half-life, τ = T½/ln 2.
Measurands
    τ, and C or L.
Sources
    Any text on circuits.
"""

from functions._lab.fields import NonNegative
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    known,
    repeats,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

CAUSES = ("回路电阻要包括信号源内阻和线圈电阻", "单位是否差 10³", "方波周期是否远大于 τ")
ALL = ("信号源内阻与线圈电阻", "r", "Ω", 0.0)


class Decay(Experiment, title="RC 放电：ln U–t 直线", tag="decay"):
    """Times and the voltage at each while the capacitor discharges."""

    U_1 = known("单位电压", "U₁", "V", 1.0)
    R = single("电阻", "R", "Ω", limit=1.0, usual=(1, 1e8))
    r = constant(*ALL, kind=NonNegative)
    t = column("时间", "t", "s", table="放电", limit=0.1, count=4, kind=NonNegative)
    U = column("电压", "U", "V", table="放电", limit=0.01, count=4, usual=(1e-4, 1e3))
    y = derived("电压的对数", "Y", "1", "ln(U/U_1)")
    b = slope("斜率", "b", "1/s", x=t, y=y)
    tau = result("时间常数", "τ", "s", "-1/b", plausible=(1e-9, 1e5), causes=CAUSES)
    C = result("电容", "C", "μF", "tau/(R + r)", plausible=(1e-6, 1e6), causes=CAUSES)
    plot = figure("RC 放电：电压的对数与时间", b)


class HalfLife(Experiment, title="示波器读半衰期：RL 电路", tag="half-life"):
    """The half-life of the current of a coil."""

    R = single("电阻", "R", "Ω", limit=1.0, usual=(1, 1e6))
    r = constant(*ALL, kind=NonNegative)
    T = repeats("半衰期", "T½", "μs", limit=0.2, usual=(0.01, 1e6))
    tau = result("时间常数", "τ", "μs", "T/ln(2)", plausible=(0.01, 1e6), causes=CAUSES)
    L = result("电感", "L", "mH", "tau*(R + r)", plausible=(1e-3, 1e5), causes=CAUSES)


function = declared(
    *(__file__, Decay, HalfLife),
    title="RC、RL 电路的暂态过程",
    chapter="电磁学",
    keywords="时间常数 电容 电感 充放电 半衰期",
)
app = function.app
