"""Optical rotation of sugar solutions: the specific rotation, and an unknown concentration.

Model
    φ = α c l: the slope b of the rotation φ over the concentration c gives α = b/l with the
    length l of the tube.  The rotation φ_x of another solution gives c_x = (φ_x - a)/b; the
    intercept a takes up the zero of the polarimeter.
Measurands
    α, c_x.
Sources
    The handouts of 旋光仪; 66.5 °·cm³/(g·dm) for sucrose at 20 °C and 589 nm, as in handbooks.
"""

from functions._lab.fields import NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    figure,
    intercept,
    repeats,
    result,
    single,
    slope,
)
from functions._runtime.experiment import declared


class Solutions(Experiment, title="标准溶液"):
    """Solutions of known concentration."""

    c = column("浓度", "c", "g/cm³", table="标准溶液", limit=0.0005, count=3, kind=NonNegative)
    phi = column("旋光度", "φ", "°", table="标准溶液", limit=0.05, count=3, kind=Real)
    b = slope("斜率", "b", "°·cm³/g", x=c, y=phi)
    a = intercept("截距", "a", "°", b)
    plot = figure("旋光度与浓度", b)


class Specific(Solutions, title="测旋光率", tag="specific"):
    """The length of the tube, beside the solutions."""

    l = single("旋光管长度", "l", "cm", limit=0.02, usual=(2, 60))
    alpha = result(
        *("旋光率", "α", "°·cm³/(g·dm)", "b/l"),
        accepted=(66.5, 0.1, "蔗糖，20 °C，589 nm"),
        plausible=(5, 300),
        causes=("旋光管长度的单位", "溶液浓度", "各管溶液是否放错"),
    )


class Unknown(Solutions, title="测未知浓度", tag="concentration"):
    """Rotations by a solution of unknown concentration, beside the solutions."""

    phi_x = repeats("待测溶液的旋光度", "φ_x", "°", limit=0.05, kind=Real)
    c_x = result(
        *("待测溶液浓度", "c_x", "g/cm³", "(phi_x - a)/b"),
        plausible=(0, 2),
        causes=("旋光度是否减去同一个零点", "各管溶液是否放错"),
    )


function = declared(
    __file__,
    Specific,
    Unknown,
    title="旋光仪测糖溶液",
    chapter="光学",
    keywords="旋光率 旋光度 蔗糖 浓度",
)
app = function.app
