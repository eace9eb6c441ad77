"""The Michelson interferometer: a wavelength, a doublet, or the refractive index of air.

Model
    λ = 2 Δd/ΔN for N fringes counted while a mirror moves by d.  Air in a cell of length D:
    n - 1 = λ p₀/(2 D) · ΔN/Δp at the pressure p₀ of the room.  Fringes of two lines vanish every
    ΔL of the mirror, δλ = λ²/(2 ΔL).  All by successive differences.
Measurands
    λ, δλ, or n - 1.
Sources
    E. Hecht, Optics, 9.4; 632.8 nm for He-Ne; n - 1 = 2.72e-4 for air at 15 to 20 °C and 101.3 kPa
    (P. E. Ciddor, Appl. Opt. 35, 1566 (1996)); sodium 588.995 and 589.592 nm (NIST ASD).
"""

from functions._lab.fields import NonNegative, Real
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, constant, figure, result, single, successive
from functions._runtime.experiment import declared


class Wavelength(Experiment, title="测波长", tag="wavelength"):
    """Positions of the mirror after so many fringes."""

    N = column("条纹数", "N", "1", table="条纹", counted=True, count=4, kind=NonNegative)
    d = column("动镜位置", "d", "mm", table="条纹", limit=0.0001, count=4, kind=Real)
    s = successive("每条纹的移动", "Δd", "mm", x=N, y=d)
    lam = result(
        *("波长", "λ", "nm", "2*abs(s)"),
        accepted=(632.8, 0.1, "He-Ne 激光"),
        plausible=(300, 900),
        causes=("条纹数错", "回程差", "读数的传动比"),
    )
    plot = figure("迈克耳孙干涉仪：动镜位置与条纹数", s)


class Doublet(Experiment, title="测钠双线的波长差", tag="sodium"):
    """Positions of the mirror where the fringes vanish, one after another."""

    lam = constant("平均波长", "λ", "nm", 589.3)
    k = column("视见度最小处的序号", "k", "1", table="视见度", counted=True, count=4)
    d = column("动镜位置", "d", "mm", table="视见度", limit=0.0001, count=4, kind=Real)
    s = successive("相邻两次消失的移动", "ΔL", "mm", x=k, y=d)
    split = result(
        *("双线的波长差", "δλ", "nm", "lam**2/(2*abs(s))"),
        accepted=(0.597, 0.001, "钠黄双线"),
        plausible=(0.05, 10),
        causes=("有没有漏掉一次视见度最小", "视见度最小的位置判断", "回程差"),
    )
    plot = figure("钠双线：视见度最小的动镜位置与序号", s)


class AirIndex(Experiment, title="测空气折射率", tag="air-index"):
    """Pressures in the cell after so many fringes."""

    lam = constant("波长", "λ", "nm", 632.8)
    D = single("气室长度", "D", "cm", limit=0.05, usual=(1, 50))
    p_0 = single("大气压", "p₀", "hPa", limit=1.0, usual=(500, 1100))
    N = column("条纹数", "N", "1", table="条纹", counted=True, count=4, kind=NonNegative)
    p = column("气室压强", "p", "hPa", table="条纹", limit=1.0, count=4, usual=(50, 4000))
    s = successive("每条纹的压强", "Δp", "hPa", x=N, y=p)
    n = result(
        *("空气折射率减 1", "n−1", "1", "lam*p_0/(2*D*abs(s))"),
        accepted=(2.72e-4, 0.05e-4, "15～20 °C，101.3 kPa"),
        plausible=(1e-4, 8e-4),
        causes=("压强的单位", "条纹数错", "气室长度"),
    )
    plot = figure("空气折射率：压强与条纹数", s)


function = declared(
    __file__,
    Wavelength,
    Doublet,
    AirIndex,
    chapter="光学",
    keywords="迈克尔逊 钠双线 氦氖 激光波长 干涉",
    title="迈克耳孙干涉仪",
)
app = function.app
