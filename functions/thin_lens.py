"""The focal length of a thin lens: object and image, conjugate positions, autocollimation.

Model
    Positions on the bench: x_o of the object, x_l of the lens, x_s of the screen; p = |x_l - x_o|,
    q = |x_s - x_l|, f = p q/(p + q).  Conjugate (Bessel): f = (L² - e²)/(4 L), L object to screen,
    e between the two positions of the lens.  Autocollimation: f = |x_l - x_o|.
Measurands
    f.
Sources
    E. Hecht, Optics, 5.2.  0.2 cm as the limit of a position where the image looks sharp.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, mean, result
from functions._runtime.experiment import declared

CAUSES = ("支架读数与元件实际位置的偏差", "像是否真正清晰", "各元件是否共轴")


class ObjectImage(Experiment, title="物距像距法", tag="object-image"):
    """Positions of object, lens and screen, row by row."""

    x_o = column("物的位置", "x_o", "cm", table="物像", limit=0.05, kind=Real)
    x_l = column("透镜位置", "x_l", "cm", table="物像", limit=0.2, kind=Real)
    x_s = column("像屏位置", "x_s", "cm", table="物像", limit=0.05, kind=Real)
    p = derived("物距", "p", "cm", "abs(x_l - x_o)")
    q = derived("像距", "q", "cm", "abs(x_s - x_l)")
    F = derived("每次的焦距", "f", "cm", "p*q/(p + q)")
    m = mean("各次平均", "f_m", "cm", F)
    f = result("焦距", "f", "cm", "m", plausible=(1, 100), causes=CAUSES)


class Conjugate(Experiment, title="共轭法（二次成像法）", tag="conjugate"):
    """Positions of object, screen, and of the lens for both images, row by row."""

    x_o = column("物的位置", "x_o", "cm", table="共轭", count=1, limit=0.05, kind=Real)
    x_s = column("像屏位置", "x_s", "cm", table="共轭", count=1, limit=0.05, kind=Real)
    x_1 = column("成大像时透镜", "x₁", "cm", table="共轭", count=1, limit=0.2, kind=Real)
    x_2 = column("成小像时透镜", "x₂", "cm", table="共轭", count=1, limit=0.2, kind=Real)
    L = derived("物屏距离", "L", "cm", "abs(x_s - x_o)")
    e = derived("透镜移动的距离", "e", "cm", "abs(x_2 - x_1)")
    F = derived("每次的焦距", "f", "cm", "(L**2 - e**2)/(4*L)")
    m = mean("各次平均", "f_m", "cm", F)
    f = result("焦距", "f", "cm", "m", plausible=(1, 100), causes=CAUSES)


class Autocollimation(Experiment, title="自准直法", tag="autocollimation"):
    """Positions of object and lens, row by row."""

    x_o = column("物的位置", "x_o", "cm", table="自准直", limit=0.05, kind=Real)
    x_l = column("透镜位置", "x_l", "cm", table="自准直", limit=0.2, kind=Real)
    F = derived("每次的焦距", "f", "cm", "abs(x_l - x_o)")
    m = mean("各次平均", "f_m", "cm", F)
    f = result("焦距", "f", "cm", "m", plausible=(1, 100), causes=CAUSES)


function = declared(
    __file__,
    ObjectImage,
    Conjugate,
    Autocollimation,
    chapter="光学",
    keywords="凸透镜 焦距 贝塞尔 自准",
    title="薄透镜焦距的测定",
)
app = function.app
