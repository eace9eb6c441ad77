"""The ratio of the heat capacities of air by Clément and Desormes.

Model
    p₁ is the excess pressure before the adiabatic expansion, p₂ that after warming up again:
    γ = ln((p₀ + p₁)/p₀) / ln((p₀ + p₁)/(p₀ + p₂)), of every run; pressures by the sensor's voltage.
Measurands
    γ, the mean of all runs.
Sources
    N. Clément and C. B. Desormes, J. Phys. 89, 321 (1819); CRC Handbook: 1.402 for
    dry air at 20 °C.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, constant, derived, mean, result
from functions._runtime.experiment import declared


class GammaAir(Experiment, title="空气比热容比 γ（绝热膨胀法）"):
    """The sensor's voltages before the expansion and after it, run by run."""

    p_0 = constant("大气压", "p₀", "kPa", 101.3)
    S = constant("压力传感器灵敏度", "S", "mV/kPa", 20.0)
    U_1 = column("放气前的电压", "U₁", "mV", table="压强", limit=0.1, count=3, usual=(20, 300))
    U_2 = column("回升后的电压", "U₂", "mV", table="压强", limit=0.1, count=3, usual=(3, 100))
    q = derived("每次的比值", "γ", "1", "ln((p_0 + U_1/S)/p_0)/ln((p_0 + U_1/S)/(p_0 + U_2/S))")
    m = mean("各次平均", "γ_m", "1", q)
    gamma = result(
        *("空气比热容比", "γ", "1", "m"),
        accepted=(1.402, 0.002, "20 °C 干燥空气"),
        plausible=(1.05, 1.9),
        causes=("放气后关阀是否过早或过晚", "U₁、U₂ 是否等温度恢复室温后才读", "瓶塞或阀门漏气"),
    )


function = declared(__file__, GammaAir, chapter="力学与热学", keywords="绝热指数 泊松比 热容比")
app = function.app
