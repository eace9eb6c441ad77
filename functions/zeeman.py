"""The Zeeman effect of the green line of mercury: the specific charge of the electron.

Model
    Components M g apart by Δ differ in wavenumber by Δ·L̃ B, L̃ = e/(4π m c).  Rings of an etalon
    with the gap d: D² grows by S from ring to ring, one order or 1/(2d), so that two components of
    a ring differ by (D_b² - D_a²)/(2 d S) and e/m = 2π c (D_b² - D_a²)/(d B Δ S).  Scan by
    pressure: the positions of the components over their Δ have the slope k, orders are Δx apart,
    L̃ = k/(2 d B Δx) and e/m = 4π c L̃.
Measurands
    e/m, and L̃ of the scan.
Sources
    The handouts of 塞曼效应; CODATA 2018: e/m = 1.758 820 010 76e11 C/kg, μ_B/(h c) =
    46.686 447 78 m⁻¹ T⁻¹.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    constant,
    derived,
    figure,
    known,
    mean,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared

CHARGE = ("电子荷质比", "e/m", "C/kg")
CODATA = (1.75882e11, 1e6, "CODATA")
USUAL = (1e10, 2e12)
CAUSES = ("磁感应强度 B 的测量位置与单位", "标准具间距 d", "Δ(Mg) 取错")


class Etalon(Experiment, title="标准具与磁场"):
    """The gap of the etalon and the field."""

    d = constant("标准具间距", "d", "mm", 2.0)
    B = single("磁感应强度", "B", "T", limit=0.01, usual=(0.1, 3))
    v = known("光速", "c", "m/s", 299792458)


class Rings(Etalon, title="干涉圆环直径（π 成分）", tag="rings"):
    """Of each ring the diameters of the inner, middle and outer component."""

    M = constant("外环与内环的 Δ(Mg)", "Δ", "1", 1.0)
    p = column("圆环序号（由内向外）", "p", "1", table="圆环直径", counted=True, count=3)
    D_a = column("内环", "D_a", "mm", table="圆环直径", limit=0.01, count=3, usual=(0.3, 60))
    D_c = column("中环", "D_c", "mm", table="圆环直径", limit=0.01, count=3, usual=(0.3, 60))
    D_b = column("外环", "D_b", "mm", table="圆环直径", limit=0.01, count=3, usual=(0.3, 60))
    y = derived("中环直径的平方", "D_c²", "mm²", "D_c**2")
    S = slope("相邻两级 D² 之差", "S", "mm²", x=p, y=y)
    q = derived("外环与内环 D² 之差", "δ", "mm²", "D_b**2 - D_a**2")
    q_m = mean("外环与内环 D² 之差的平均", "δ_m", "mm²", q)
    ratio = result(
        *(*CHARGE, "2*pi*v*q_m/(d*B*M*S)"),
        accepted=CODATA,
        plausible=USUAL,
        causes=(*CAUSES, "直径有没有平方", "圆环序号是否由内向外数"),
    )
    plot = figure("塞曼效应：中环直径的平方与序号", S)


class Scan(Etalon, title="气压扫描", tag="scan"):
    """Of each component its Δ(M g), and its positions in two orders."""

    M = column("洛伦兹单位数", "Δ", "1", table="谱线位置", counted=True, count=3, kind=Real)
    X_1 = column("第一级位置", "x₁", "mV", table="谱线位置", limit=1.0, count=3, kind=Real)
    X_2 = column("第二级位置", "x₂", "mV", table="谱线位置", limit=1.0, count=3, kind=Real)
    x = derived("两级的平均位置", "x", "mV", "(X_1 + X_2)/2")
    k = slope("每洛伦兹单位的移动", "k", "mV", x=M, y=x)
    D = derived("两级的间隔", "Δx", "mV", "abs(X_2 - X_1)")
    D_m = mean("两级间隔的平均", "Δx_m", "mV", D)
    L = result(
        *("洛伦兹单位", "L", "cm⁻¹/T", "abs(k)/(2*d*B*D_m)"),
        accepted=(0.466864, 1e-6, "CODATA"),
        plausible=(0.05, 5),
        causes=CAUSES,
    )
    ratio = result(*CHARGE, "4*pi*v*L", accepted=CODATA, plausible=USUAL, causes=CAUSES)
    plot = figure("塞曼效应：谱线位置与洛伦兹单位数", k)


function = declared(
    *(__file__, Rings, Scan),
    title="塞曼效应",
    chapter="近代物理",
    keywords="荷质比 汞绿线 法布里 珀罗 标准具 洛伦兹单位",
)
app = function.app
