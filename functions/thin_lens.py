"""The focal length of a thin converging lens on an optical bench, by three methods.

Model
    Object and image: f = u v / (u + v), u and v from the positions of object, lens and screen, and
    the mean over all settings.  Conjugate (Bessel): with object and screen D > 4 f apart, the lens
    gives sharp images at two positions d apart, f = (D² - d²)/(4 D); a lens off the mark of its
    rider does not matter.  Autocollimation: a mirror behind the lens throws the image back beside
    the object at u = f.
Measurands
    f.
Sources
    E. Hecht, Optics, 5.2; the handouts of 薄透镜焦距的测定.
"""

from functions._lab.fields import Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, mean, result, single
from functions._runtime.experiment import declared

F = ("焦距", "f", "cm")
USUAL = (2, 100)
BENCH = "光具座读数"
CAUSES = ("物屏、透镜与标线是否重合（滑块偏移）", "像是否最清晰", "各元件是否等高共轴")


class ObjectImage(Experiment, title="物距像距法", tag="object_image"):
    """Positions of object, lens and screen for several object distances."""

    o = column("物屏位置", "x_o", "cm", table=BENCH, limit=0.05, kind=Real)
    c = column("透镜位置", "x_L", "cm", table=BENCH, limit=0.05, kind=Real)
    s = column("像屏位置", "x_i", "cm", table=BENCH, limit=0.2, kind=Real)
    u = derived("物距", "u", "cm", "abs(c - o)")
    v = derived("像距", "v", "cm", "abs(s - c)")
    f_i = derived("各次的焦距", "f", "cm", "u*v/(u + v)")
    f_m = mean("焦距的平均值", "f_m", "cm", f_i)
    f = result(*F, "f_m", plausible=USUAL, causes=CAUSES)


class Conjugate(Experiment, title="共轭法（贝塞尔法）", tag="conjugate"):
    """Object and screen at rest, and the two positions of the lens several times."""

    D = single("物屏到像屏的距离", "D", "cm", limit=0.1, usual=(10, 300))
    c_1 = column("成大像时透镜位置", "x₁", "cm", table=BENCH, limit=0.2, kind=Real)
    c_2 = column("成小像时透镜位置", "x₂", "cm", table=BENCH, limit=0.2, kind=Real)
    d_i = derived("各次的透镜位移", "d", "cm", "abs(c_2 - c_1)")
    d = mean("透镜位移的平均值", "d_m", "cm", d_i)
    f = result(
        *F,
        "(D**2 - d**2)/(4*D)",
        plausible=USUAL,
        causes=("物屏到像屏的距离是否大于 4f", *CAUSES[1:]),
    )


class Autocollimation(Experiment, title="自准直法", tag="autocollimation"):
    """Positions of object and lens when the image lies beside the object."""

    o = column("物屏位置", "x_o", "cm", table=BENCH, limit=0.05, kind=Real)
    c = column("透镜位置", "x_L", "cm", table=BENCH, limit=0.2, kind=Real)
    f_i = derived("各次的焦距", "f", "cm", "abs(c - o)")
    f_m = mean("焦距的平均值", "f_m", "cm", f_i)
    f = result(*F, "f_m", plausible=USUAL, causes=("像是否由平面镜反射而成", *CAUSES[:2]))


function = declared(
    __file__,
    ObjectImage,
    Conjugate,
    Autocollimation,
    title="薄透镜焦距的测定",
    chapter="光学",
    keywords="凸透镜 物距像距 共轭 贝塞尔 自准直",
)
app = function.app
