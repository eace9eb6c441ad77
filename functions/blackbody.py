"""Radiation of a black body: the exponent of Stefan and Boltzmann, Wien's b, or Planck's constant.

Model
    All wavelengths: E = const·Tⁿ, n the slope of ln E over ln T, where the room's own radiation is
    small.  Maxima: λ_m = b/T, b the slope of λ_m over 1/T.  One wavelength with λT well below
    c₂ = h c/k: E = const·exp(-c₂/(λT)), so ln E over 1/T has the slope -s, h = s λ k/c.
Measurands
    n, b or h.
Sources
    M. Planck, Ann. Phys. 309, 553 (1901); n = 4; b = 2.897 771 955 mm·K, h exact in the SI (2019).
    At λT = 3 mm·K the term that is left out of Planck's law is exp(-4.8) = 0.8 %.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, figure, known, result, single, slope
from functions._runtime.experiment import declared

TABLE = "辐射"


class Stefan(Experiment, title="全波辐射（斯特藩–玻尔兹曼定律）", tag="stefan"):
    """Temperatures and the radiation of all wavelengths, as a detector shows it."""

    T = column("温度", "T", "K", table=TABLE, limit=5.0, count=4, usual=(280, 4000))
    E = column("辐射信号（任意单位）", "E", "1", table=TABLE, count=4)
    K = known("温度单位", "K", "K", 1.0)
    x = derived("温度的对数", "ln(T)", "1", "ln(T/K)")
    y = derived("辐射信号的对数", "ln(E)", "1", "ln(E)")
    s = slope("斜率", "s", "1", x=x, y=y)
    n = result(
        *("温度的指数", "n", "1", "s"),
        accepted=(4.0, 0.0, "斯特藩–玻尔兹曼定律"),
        plausible=(1, 10),
        causes=("温度应为热力学温度", "有没有扣除背景与杂散光", "室温的辐射是否可略", "是否已稳定"),
    )
    plot = figure("黑体辐射：ln E 与 ln T", s)


class Wien(Experiment, title="峰值波长（维恩位移定律）", tag="wien"):
    """Temperatures and the wavelengths of the maxima of the spectra."""

    T = column("温度", "T", "K", table=TABLE, limit=5.0, count=4, usual=(280, 7000))
    l = column("峰值波长", "λ_m", "nm", table=TABLE, limit=10.0, count=4, usual=(400, 10000))
    x = derived("温度的倒数", "1/T", "K⁻¹", "1/T")
    s = slope("斜率", "s", "nm·K", x=x, y=l)
    b = result(
        *("维恩常数", "b", "mm·K", "s"),
        accepted=(2.897772, 1e-6, "CODATA"),
        plausible=(0.3, 30),
        causes=("温度应为热力学温度", "光谱有没有作传递函数修正", "峰顶平缓，位置判断"),
    )
    plot = figure("黑体辐射：峰值波长与温度的倒数", s)


class Planck(Experiment, title="单色辐射（普朗克定律）", tag="planck"):
    """Temperatures and the radiation that a filter of one wavelength lets through."""

    lam = single("滤光片的波长", "λ", "nm", limit=5.0, usual=(300, 2000))
    T = column("温度", "T", "K", table=TABLE, limit=5.0, count=4, usual=(800, 4000))
    E = column("辐射信号（任意单位）", "E", "1", table=TABLE, count=4)
    c = known("光速", "c", "m/s", 299792458)
    k = known("玻尔兹曼常数", "k", "J/K", 1.380649e-23)
    x = derived("温度的倒数", "1/T", "K⁻¹", "1/T")
    y = derived("辐射信号的对数", "ln(E)", "1", "ln(E)")
    s = slope("斜率", "s", "K", x=x, y=y)
    h = result(
        *("普朗克常数", "h", "J·s", "-s*lam*k/c"),
        accepted=(6.62607015e-34, 0.0, "SI 规定值"),
        plausible=(1e-34, 3e-33),
        causes=("温度应为热力学温度", "滤光片的波长", "有没有扣除背景", "λT 应远小于 14.4 mm·K"),
    )
    plot = figure("黑体辐射：ln E 与温度的倒数", s)


function = declared(
    *(__file__, Stefan, Wien, Planck),
    title="黑体辐射",
    chapter="近代物理",
    keywords="斯特藩 玻尔兹曼 维恩 普朗克 热辐射 钨灯",
)
app = function.app
