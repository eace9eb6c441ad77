"""The Balmer lines of hydrogen: the Rydberg constant.

Model
    1/λ = R (1/2² - 1/n²) for n = 3, 4, 5, 6, a line through the origin.  Wavelengths in air are
    made those in vacuum by the refractive index of air (1 where they are already).
Measurands
    R_H.
Sources
    J. J. Balmer (1885); R_H = 1.096775834e7 m⁻¹ from R∞ (CODATA 2018) with the mass of the proton.
"""

from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, constant, derived, figure, result, slope
from functions._runtime.experiment import declared


class HydrogenSpectrum(Experiment, title="氢光谱与里德伯常量"):
    """The upper levels and the wavelengths of the lines."""

    n = column("上能级", "n", "1", table="巴耳末线系", counted=True, count=3)
    lam = column("波长", "λ", "nm", table="巴耳末线系", limit=0.05, count=3, usual=(360, 700))
    n_a = constant("空气折射率（波长已是真空值则填 1）", "n_a", "1", 1.00028)
    x = derived("能级因子 1/4 − 1/n²", "x", "1", "1/4 - 1/n**2")
    y = derived("真空波数", "σ", "m⁻¹", "1/(n_a*lam)")
    R = slope("斜率", "R", "m⁻¹", x=x, y=y, through_origin=True)
    R_H = result(
        *("里德伯常量", "R_H", "m⁻¹", "R"),
        accepted=(1.096775834e7, 0.0, "CODATA 2018，约化质量已计入"),
        plausible=(1e7, 1.2e7),
        causes=("谱线与 n 是否对应", "波长定标", "空气波长是否换算为真空波长"),
    )
    plot = figure("氢光谱：波数与 1/4 − 1/n²", R)


function = declared(__file__, HydrogenSpectrum, chapter="近代物理", keywords="巴尔末 里德堡 光谱")
app = function.app
