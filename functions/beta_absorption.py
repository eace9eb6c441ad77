"""Absorption of beta rays in foils, and the plateau of the Geiger-Müller tube that counts them.

Model
    Behind k foils of the mass d per area the rate above background n = N/t - n_b falls as
    exp(-μ_m d k), nearly; b the slope of ln n over k: μ_m = -b/d, half of it is left behind
    D = ln 2/μ_m.  The scatter about the line holds that of the counts, √N.  Plateau: N = a + b V,
    its slope T = b/N over 100 V, at the working voltage V_w.
Measurands
    μ_m and D, or T.
Sources
    The handouts of G-M 计数管与 β 吸收; G. F. Knoll, Radiation Detection and Measurement,
    chapters 2 and 7.
"""

from functions._lab.fields import NonNegative
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    intercept,
    known,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared


class Absorption(Experiment, title="β 吸收", tag="absorption"):
    """Numbers of foils, counts and times of counting."""

    d = single("每片吸收片的质量厚度", "d", "mg/cm²", limit=0.5, usual=(1, 500))
    n_b = constant("本底计数率", "n_b", "s⁻¹", 0.0, kind=NonNegative)
    k = column("片数", "k", "1", table="吸收", counted=True, count=4, kind=NonNegative)
    N = column("计数", "N", "1", table="吸收", counted=True, count=4)
    t = column("计数时间", "t", "s", table="吸收", limit=0.01, count=4, usual=(5, 5000))
    n_1 = known("计数率单位", "n₁", "s⁻¹", 1.0)
    n = derived("净计数率", "n", "s⁻¹", "N/t - n_b")
    y = derived("净计数率的对数", "ln(n)", "1", "ln(n/n_1)")
    b = slope("斜率", "b", "1", x=k, y=y)
    mu = result(
        *("质量吸收系数", "μ_m", "cm²/g", "-b/d"),
        plausible=(0.5, 500),
        causes=("有没有扣除本底", "尾部的轫致辐射与本底不应参加拟合", "吸收片的质量厚度"),
    )
    half = result("半吸收厚度", "D", "mg/cm²", "-d*ln(2)/b", plausible=(1, 2000))
    plot = figure("β 吸收：净计数率的对数与片数", b)


class Plateau(Experiment, title="G-M 计数管的坪曲线", tag="plateau"):
    """Voltages within the plateau and counts in equal times."""

    V_w = constant("工作电压", "V_w", "V", 400)
    V = column("电压", "V", "V", table="坪区", limit=1.0, count=4, usual=(200, 2000))
    N = column("计数", "N", "1", table="坪区", counted=True, count=4)
    h = known("坪斜所取的电压间隔", "h", "V", 100.0)
    b = slope("斜率", "b", "V⁻¹", x=V, y=N)
    a = intercept("截距", "a", "1", b)
    T = result(
        *("坪斜（每 100 V）", "T", "%", "h*b/(a + b*V_w)"),
        plausible=(0.01, 100),
        causes=("坪区以外的点（起始段、放电段）不应参加拟合", "每点的计数时间是否相同"),
    )
    plot = figure("坪曲线：计数与电压", b)


function = declared(
    *(__file__, Absorption, Plateau),
    title="G-M 计数管与 β 吸收",
    chapter="近代物理",
    keywords="盖革 米勒 计数管 放射性 坪曲线 半吸收厚度",
)
app = function.app
