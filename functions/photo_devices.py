"""Photoelectric devices: laser diode, LED, photodiode and phototransistor.

Model
    I-V of LED and laser diode: U = U_on + r I above the knee.  P-I of the laser diode: P = η
    (I - I_th) above the threshold; of the LED: P = a + b I + c I².  Photodiode and phototransistor:
    I = a + S E and I ∝ E^γ over the illuminance; I = I_s + g U where saturated; the wavelength of
    the largest current.
Measurands
    U_on and r of both emitters; η of the LED at I → 0; I_th, its cross-check and η of the laser
    diode; S, γ, I_s, g and peak wavelength of both detectors.
Uncertainty
    Lines: ordinary least squares, ν = n - 2, with covariance; γ by least squares of I itself; the
    peak wavelength by the distance of the readings beside the largest (rectangular, type B).
    The branch of a curve is chosen by the data unless ``ld_linear_start_idx`` says otherwise.
Figures
    ``photo-devices``: all panels without their residuals.  With ``panels`` each one also on its
    own, with residuals where no more than six are asked for: ``led-iv``, ``led-pi``, ``ld-iv``,
    ``ld-pi``, ``pd-light``, ``pd-bias``, ``pd-spectrum``, ``pt-light``, ``pt-bias``,
    ``pt-spectrum``.
Sources
    B. E. A. Saleh and M. C. Teich, Fundamentals of Photonics, 2nd ed. (Wiley 2007), chapters 17 and
    18; Telcordia SR-TSY-001369 for the threshold; JCGM 100:2008, H.3, for lines.
"""

from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    NonNegative,
    Positive,
    Readings,
    Real,
    column,
    require_equal_lengths,
    scalar,
)
from functions._lab.figure import Figure, Panel
from functions._lab.result import Caution, Fit, Measurand, Result
from functions._runtime.experiment import experiment

MOST_WITH_RESIDUALS = 6
"""Panels asked for on their own are drawn with residuals where there are no more than so many:
eleven images have to fit into one answer of 1000 KiB."""
START = "ld_linear_start_idx"
PHOTODIODE, PHOTOTRANSISTOR = "光电二极管", "光电三极管"


class Pair(NamedTuple):
    """One panel: abscissa and ordinate as typed, what is made of them, device and title."""

    x: str
    y: str
    kind: str
    device: str
    title: str


PAIRS = {
    "led-iv": Pair("led_I", "led_V", "junction", "LED", "LED 伏安特性"),
    "led-pi": Pair("led_I", "led_P", "led", "LED", "LED 光功率特性"),
    "ld-iv": Pair("ld_I", "ld_V", "junction", "LD", "LD 伏安特性"),
    "ld-pi": Pair("ld_I", "ld_P", "laser", "LD", "LD 光功率特性"),
    "pd-light": Pair("pd_L", "pd_I_L", "illuminance", PHOTODIODE, "光电二极管光照特性"),
    "pd-bias": Pair("pd_V", "pd_I_V", "bias", PHOTODIODE, "光电二极管伏安特性"),
    "pd-spectrum": Pair("pd_wl", "pd_I_wl", "spectrum", PHOTODIODE, "光电二极管光谱特性"),
    "pt-light": Pair("pt_L", "pt_I_L", "illuminance", PHOTOTRANSISTOR, "光电三极管光照特性"),
    "pt-bias": Pair("pt_V", "pt_I_V", "bias", PHOTOTRANSISTOR, "光电三极管伏安特性"),
    "pt-spectrum": Pair("pt_wl", "pt_I_wl", "spectrum", PHOTOTRANSISTOR, "光电三极管光谱特性"),
}


class PhotoDevices(Readings, frozen=True):
    """Ten tables, each of which may be missing."""

    led_I: Annotated[list[Real], column("LED 电流", "I", "mA", table="LED")] | None = None
    led_V: Annotated[list[Real], column("LED 电压", "U", "V", table="LED")] | None = None
    led_P: Annotated[list[Real], column("LED 光功率", "P", "μW", table="LED")] | None = None
    ld_I: Annotated[list[Real], column("LD 电流", "I", "mA", table="LD")] | None = None
    ld_V: Annotated[list[Real], column("LD 电压", "U", "V", table="LD")] | None = None
    ld_P: Annotated[list[Real], column("LD 光功率", "P", "μW", table="LD")] | None = None
    ld_linear_start_idx: (
        Annotated[int, scalar("LD 激光段起点序号（从 0 数起）", "", "1", limited=False)] | None
    ) = None
    pd_L: (
        Annotated[list[NonNegative], column("光照度", "E", "lx", table="光电二极管光照特性")] | None
    ) = None
    pd_I_L: (
        Annotated[list[Real], column("光电流", "I", "μA", table="光电二极管光照特性")] | None
    ) = None
    pd_V: Annotated[list[Real], column("电压", "U", "V", table="光电二极管伏安特性")] | None = None
    pd_I_V: (
        Annotated[list[Real], column("光电流", "I", "μA", table="光电二极管伏安特性")] | None
    ) = None
    pd_wl: (
        Annotated[list[Positive], column("波长", "λ", "nm", table="光电二极管光谱特性")] | None
    ) = None
    pd_I_wl: (
        Annotated[
            list[Real], column("光电流", "I", "μA", table="光电二极管光谱特性", limited=False)
        ]
        | None
    ) = None
    pt_L: (
        Annotated[list[NonNegative], column("光照度", "E", "lx", table="光电三极管光照特性")] | None
    ) = None
    pt_I_L: (
        Annotated[list[Real], column("光电流", "I", "mA", table="光电三极管光照特性")] | None
    ) = None
    pt_V: Annotated[list[Real], column("电压", "U", "V", table="光电三极管伏安特性")] | None = None
    pt_I_V: (
        Annotated[list[Real], column("光电流", "I", "mA", table="光电三极管伏安特性")] | None
    ) = None
    pt_wl: (
        Annotated[list[Positive], column("波长", "λ", "nm", table="光电三极管光谱特性")] | None
    ) = None
    pt_I_wl: (
        Annotated[
            list[Real], column("光电流", "I", "mA", table="光电三极管光谱特性", limited=False)
        ]
        | None
    ) = None
    panels: Annotated[bool, Meta(title="每幅小图另存一张")] = False

    def __post_init__(self) -> None:
        given = _given(self)
        if not given:
            raise ReadingError("没有收到任何一组完整的读数")
        used = {name for pair in given.values() for name in (pair.x, pair.y)}
        for pair in PAIRS.values():
            for name, other in ((pair.x, pair.y), (pair.y, pair.x)):
                if getattr(self, name) is not None and name not in used:
                    raise ReadingError(f"缺少与之对应的 {other}", name)
        for pair in given.values():
            columns = {name: getattr(self, name) for name in (pair.x, pair.y)}
            require_equal_lengths(**columns)

    @property
    def start(self) -> int | None:
        """Where the lasing branch begins, None where no two readings are left from there on."""
        start = self.ld_linear_start_idx
        return start if start is not None and 0 <= start < len(self.ld_I or []) - 1 else None


def _given(readings: PhotoDevices) -> dict[str, Pair]:
    """The tables of which both columns were sent."""
    return {
        name: pair
        for name, pair in PAIRS.items()
        if getattr(readings, pair.x) is not None and getattr(readings, pair.y) is not None
    }


class Devices(Result, frozen=True, kw_only=True):
    """The result with the parts (``_lab.photo_parts.Part``) that the figures draw."""

    parts: dict[str, Any]


def analyse(readings: PhotoDevices) -> Devices:
    """All tables that were sent; one that cannot be analysed is a warning in its place."""
    given = _given(readings)
    parts = {name: _part(readings, pair) for name, pair in given.items()}
    measurands: list[Measurand] = []
    fits: list[Fit] = []
    cautions: list[Caution] = []
    for name, part in parts.items():
        measurands += part.measurands
        fits += part.fits
        cautions += part.cautions
        if given[name].kind != "spectrum":
            columns = (getattr(given[name], axis) for axis in "xy")
            found = (lab.response.column_of(readings, column) for column in columns)
            cautions += lab.response.rising_checks(*found)
    if readings.start is None and None not in (readings.ld_linear_start_idx, readings.ld_P):
        sentence = (
            f"起点序号 {readings.ld_linear_start_idx} 之后没有两个读数，"
            f"已由数据判断激光段的起点（应在 0 到 {len(readings.ld_I or []) - 2} 之间）"
        )
        cautions.append(Caution("branch", sentence, START))
    cautions = lab.typed.checked(cautions, lab.usual_light.PHOTO_DEVICES, ("", readings))
    return Devices(
        measurands=measurands,
        fits=fits,
        warnings=lab.response.first_warnings(cautions),
        parts=parts,
    )


def _part(readings: PhotoDevices, pair: Pair) -> Any:
    x, y = (lab.response.column_of(readings, name) for name in (pair.x, pair.y))
    parts = lab.photo_parts
    try:
        match pair.kind:
            case "junction":
                return parts.junction(x, y, pair.device, pair.title)
            case "led":
                return parts.led_power(x, y, pair.title)
            case "laser":
                return parts.laser_power(x, y, readings.start, START, pair.title)
            case "illuminance":
                return parts.illuminance(x, y, pair.device, pair.title)
            case "bias":
                return parts.bias(x, y, pair.device, pair.title)
        return lab.spectral.spectrum(x, y, pair.device, pair.title)
    except ReadingError as reason:
        return parts.unanalysed(x, y, pair.title, reason)


def figures(readings: PhotoDevices, result: Devices) -> dict[str, Figure]:
    """``photo-devices`` with all panels, and each on its own where ``panels`` asks for it."""
    overview: list[Panel] = [part.panels[0] for part in result.parts.values()]
    columns = 2 if len(overview) > 1 else 1
    drawn = {"photo-devices": Figure("光电器件性能", overview, columns)}
    if readings.panels:
        with_residuals = len(result.parts) <= MOST_WITH_RESIDUALS
        for name, part in result.parts.items():
            drawn[name] = _alone(part.panels if with_residuals else part.panels[:1])
    return drawn


def _alone(panels: list[Panel]) -> Figure:
    """The panels of one part as a figure, the title of the first as that of the figure."""
    first, *below = panels
    return Figure(first.title, [replace(first, title=""), *below])


function = experiment(
    __file__,
    title="光电器件性能",
    input=PhotoDevices,
    analyse=analyse,
    figures=figures,
    chapter="光学",
    keywords="光电二极管 光电三极管 光敏电阻 LED",
)
app = function.app
