"""The diffraction grating on a spectrometer: its constant, and the wavelength of a line.

Model
    d sin φ = k λ at normal incidence.  A line is read left and right of the straight image, at both
    verniers, φ = (Δ₁ + Δ₂)/4 with the angle Δ between left and right at each; arccos(cos(…)) makes
    it right where the circle passes 360°.  d = λ₀/s, λ = d s with the mean s of (sin φ)/k.
Measurands
    d from a line of known wavelength; λ from a known d.
Sources
    E. Hecht, Optics, 10.2.8; the handouts of 光栅衍射; 546.07 nm, the green line of Hg (NIST ASD).
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import Column, column, constant, derived, mean, result, single
from functions._runtime.experiment import declared

CAUSES = ("级次 k 是否数错", "光栅平面是否与入射光垂直", "度与分是否抄错")


def _read(title: str, symbol: str, unit: str = "°", limit: float | None = None) -> Column:
    """A reading of a vernier; degrees that stand beside minutes are exact."""
    exact, table = limit is None, "读数"
    return column(title, symbol, unit, table=table, limit=limit, count=1, counted=exact, kind=Real)


class Degrees(Experiment, title="角度以度为单位"):
    """Readings in decimal degrees."""

    k = column("级次", "k", "1", table="读数", count=1, counted=True)
    l_1, l_2 = _read("左侧游标 1", "θ₁", limit=1 / 60), _read("左侧游标 2", "θ₂", limit=1 / 60)
    r_1, r_2 = _read("右侧游标 1", "θ₁′", limit=1 / 60), _read("右侧游标 2", "θ₂′", limit=1 / 60)
    p = derived("左右夹角（游标 1）", "Δ₁", "°", "acos(cos(l_1 - r_1))")
    q = derived("左右夹角（游标 2）", "Δ₂", "°", "acos(cos(l_2 - r_2))")


class Minutes(Experiment, title="角度分度、分两列"):
    """Readings in degrees and minutes, side by side."""

    k = column("级次", "k", "1", table="读数", count=1, counted=True)
    l_1, l_3 = _read("左侧游标 1 度", "α₁"), _read("左侧游标 1 分", "β₁", "′", 1.0)
    l_2, l_4 = _read("左侧游标 2 度", "α₂"), _read("左侧游标 2 分", "β₂", "′", 1.0)
    r_1, r_3 = _read("右侧游标 1 度", "α₁′"), _read("右侧游标 1 分", "β₁′", "′", 1.0)
    r_2, r_4 = _read("右侧游标 2 度", "α₂′"), _read("右侧游标 2 分", "β₂′", "′", 1.0)
    p = derived("左右夹角（游标 1）", "Δ₁", "°", "acos(cos(l_1 + l_3 - r_1 - r_3))")
    q = derived("左右夹角（游标 2）", "Δ₂", "°", "acos(cos(l_2 + l_4 - r_2 - r_4))")


class Sines:
    """The angle of diffraction and its sine for one order."""

    phi = derived("衍射角", "φ", "°", "(p + q)/4")
    s_i = derived("各次的 (sinφ)/k", "s", "1", "sin(phi)/k")
    s = mean("平均值", "s_m", "1", s_i)


class Constant(Sines):
    """From a line of known wavelength, in one or several orders."""

    lam_0 = constant("已知谱线的波长", "λ₀", "nm", 546.07)
    d = result("光栅常数", "d", "nm", "lam_0/s", plausible=(300, 50000), causes=CAUSES)


class Wavelength(Sines):
    """From a grating constant that is known."""

    d = single("光栅常数", "d", "nm", limit=2.0, usual=(300, 50000))
    lam = result("波长", "λ", "nm", "d*s", plausible=(300, 900), causes=CAUSES)


class ByDegrees(Constant, Degrees, title="光栅常数（角度以度为单位）", tag="constant"):
    """d from decimal degrees."""


class ByMinutes(Constant, Minutes, title="光栅常数（度、分两列）", tag="constant-minutes"):
    """d from degrees and minutes."""


class LineByDegrees(Wavelength, Degrees, title="波长（角度以度为单位）", tag="wavelength"):
    """λ from decimal degrees."""


class LineByMinutes(Wavelength, Minutes, title="波长（度、分两列）", tag="wavelength-minutes"):
    """λ from degrees and minutes."""


KINDS = (ByMinutes, LineByMinutes, ByDegrees, LineByDegrees)
function = declared(
    __file__, *KINDS, title="光栅衍射", chapter="光学", keywords="光栅常数 波长 分光计 汞灯"
)
app = function.app
