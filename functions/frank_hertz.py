"""Franck–Hertz: the first excitation potential from the maxima of the collector current.

Model
    Electrons lose the energy e·U₀ in one inelastic collision after another, so that the current
    has maxima at V_n = V₀ + n·U₀; V₀ is the offset by contact potential and retarding field.
    Distances grow a little with n, since electrons gain energy on their free path beyond U₀
    (Rapior et al.); that is not modelled, and U₀ is the mean distance.
Measurands
    For each group: U₀ and V₀ from the line V_n against n of the maxima; U₀ from that of the minima;
    and U₀ from the maxima by successive differences.
Uncertainty
    Each maximum is the vertex of a local parabola, with the uncertainty that the scatter of the
    readings gives it.  The rising envelope pulls maxima to higher voltages, the first ones most.
    The shift is reckoned from the envelope through the maxima, and its share is fitted along with
    V₀ and U₀ (see ``_lab.peaks`` and ``_lab.spacing``), so that U₀ is not too small by it; where
    that does not explain the maxima, U₀ is the slope of their plain line, with the scatter about it
    as uncertainty.  A limit of error of VG2K counts for each maximum on its own.  One of the
    currents, common to all readings of a curve, moves no maximum.
    Instead of a curve, the voltages of its maxima alone may be given: then the line is plain.
    Beyond a discharge, or where the meter stands at its full scale, nothing is analysed
    (``_lab.overload``).
Sources
    J. Franck and G. Hertz, Verh. Dtsch. Phys. Ges. 16 (1914) 457; G. Rapior, K. Sengstock and
    V. Baev, Am. J. Phys. 74 (2006) 423, on the distances.  Levels: NIST Atomic Spectra Database
    (ver. 5), physics.nist.gov/asd, with 1 cm⁻¹ = 1.239 841 984 × 10⁻⁴ eV: Ar I 3p⁵4s
    93 143.76 cm⁻¹ (1s₅) and 93 750.60 cm⁻¹ (1s₄); Hg I 6s6p ³P₁ 39 412.30 cm⁻¹; Ne I 2p⁵3p
    148 257.79 to 152 970.73 cm⁻¹.
"""

import itertools
import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    Label,
    Readings,
    Real,
    column,
    field,
    require_equal_lengths,
    require_spread,
)
from functions._lab.figure import WIDTH_PX, Figure, Item, Panel, Points
from functions._lab.reporting import fixed
from functions._lab.result import Caution, Fit, Measurand, Result
from functions._runtime.experiment import experiment

if TYPE_CHECKING:
    from functions._lab.spacing import Spacing

MOST_GROUPS = 10
FEWEST_MAXIMA = 3
FEWEST_READINGS = 5
MOST_FULL_FIGURES, NARROW = 4, 1150
"""With more groups the figures have fewer pixels, for all of them to fit into one answer."""

REFERENCES = {
    "argon": (
        11.548,
        0.0438,
        "NIST ASD：Ar I 1s₅ 11.548 eV；1s₄ 11.624 eV 也可激发，计入不确定度",
    ),
    "mercury": (4.8865, 0.0, "NIST ASD：Hg I 6³P₁ 4.886 eV"),
    "neon": (18.674, 0.169, "NIST ASD：Ne I 2p⁵3p 各能级 18.382～18.966 eV"),
}
"""Value, standard uncertainty and source in V.

Of argon the first excited level; that the next one, 0.0758 eV above, is excited as well is allowed
for by 0.0758/√3.  Of neon the middle and the half-width of 2p⁵3p over √3: electrons excite these
levels rather than 2p⁵3s at 16.62 to 16.85 eV.
"""
DISAGREEMENT = 0.03
"""Least relative distance of U₀ from maxima and from minima that is warned of: what a background
does to minima of single humps stays below 2 %."""
CAUSES = ("气体种类 gas 是否选对", "VG2K 的量程或倍率是否记错", "峰是否漏记或读数间隔太大")


class Group(Struct, frozen=True):
    """One curve, or the voltages of its maxima."""

    currents: (
        Annotated[list[Real], column("极板电流", "I", "μA", table="I–V 曲线", limited=False)] | None
    ) = None
    label: Annotated[Label, Meta(title="测量条件")] = ""
    peaks: (
        Annotated[list[Real], column("峰位", "Vₙ", "V", table="只有峰位时", limited=False)] | None
    ) = None


class FrankHertz(Readings, frozen=True):
    """Collector current against accelerating voltage, in one curve or several."""

    groups: Annotated[list[Group], Meta(title="曲线", min_length=1, max_length=MOST_GROUPS)]
    VG2K: Annotated[list[Real], column("加速电压", "V", "V", table="I–V 曲线")] | None = None
    gas: Annotated[Literal["argon", "mercury", "neon"], Meta(title="管内气体")] = "argon"

    def __post_init__(self) -> None:
        columns: dict[str, list[float]] = {}
        if self.VG2K is not None:
            require_spread("VG2K", self.VG2K)
            columns["VG2K"] = self.VG2K
        for i, group in enumerate(self.groups):
            place = f"groups[{i}]"
            if group.currents is not None and group.peaks is not None:
                raise ReadingError("已有整条曲线，请不要再填峰位", f"{place}.peaks")
            if group.currents is not None:
                columns[f"{place}.currents"] = group.currents
            elif group.peaks is None:
                raise ReadingError("没有读数，请填电流或峰位", f"{place}.currents")
            elif len(set(group.peaks)) < FEWEST_MAXIMA:
                sentence = f"只有 {len(set(group.peaks))} 个不同的峰位，至少需要 {FEWEST_MAXIMA} 个"
                raise ReadingError(sentence, f"{place}.peaks")
        curves = {name: values for name, values in columns.items() if name != "VG2K"}
        if curves:
            require_equal_lengths(**columns)
            name, values = next(iter(curves.items()))
            if len(values) < 2:
                raise ReadingError("只有 1 个读数，画不出曲线", name)

    @property
    def voltages(self) -> list[float]:
        """VG2K in V; 1, 2, … N where it was not given, nothing where there is no curve."""
        lengths = [len(group.currents) for group in self.groups if group.currents is not None]
        given = self.VG2K or [float(n + 1) for n in range(lengths[0] if lengths else 0)]
        return given if lengths else []


class Found(Struct, frozen=True):
    """What one curve holds: its extrema (``_lab.peaks.Extrema``) and the lines through them."""

    extrema: Any = None
    maxima: Any = None
    minima: Any = None
    notes: tuple[str, ...] = ()


class Curves(Result, frozen=True, kw_only=True):
    """The result with what the figures need, one entry for each group."""

    found: list[Found]


Outcome = tuple[Found, list[Measurand], list[Fit], list[Caution]]


def analyse(readings: FrankHertz) -> Curves:
    """All measurands of all groups."""
    measurands: list[Measurand] = []
    fits: list[Fit] = []
    cautions = lab.strays.column_checks("VG2K", readings.voltages)
    if len(readings.VG2K or []) >= FEWEST_READINGS:
        cautions = lab.typed.checked(cautions, lab.usual_motion.FRANK_HERTZ, ("", readings))
    found = []
    for i, given in enumerate(readings.groups):
        group, own, lines, warned = (_curve if given.peaks is None else _listed)(readings, i)
        found.append(group)
        measurands += own
        fits += lines
        cautions += warned
    return Curves(measurands=measurands, fits=fits, warnings=cautions, found=found)


def _curve(readings: FrankHertz, i: int) -> Outcome:
    """One curve."""
    currents, place = readings.groups[i].currents or [], f"groups[{i}].currents"
    kept, cautions = lab.crests.usable(readings.voltages, currents, place)
    voltages = [readings.voltages[n] for n in kept]
    if len(set(voltages)) < FEWEST_READINGS:
        sentence = f"只有 {len(voltages)} 个读数，找不到峰，请测完整条曲线"
        return Found(), [], [], [*cautions, lab.verdict.unfit(sentence, place)]
    extrema = lab.crests.extrema_of(voltages, [currents[n] for n in kept])
    count = len(extrema.peaks)
    if count < FEWEST_MAXIMA:
        strayed = lab.strays.stray_checks("VG2K", readings.voltages)
        advice = "" if strayed or len(kept) < len(currents) else "，请把加速电压加得更高"
        sentence = f"只找到 {count} 个峰，求 U₀ 至少需要 {FEWEST_MAXIMA} 个{advice}"
        return Found(extrema), [], [], [*cautions, lab.verdict.unfit(sentence, place)]
    maxima, minima = lab.crests.lines(extrema, readings.limit("VG2K"))
    found, measurands, fits, warned = _outcome(readings, i, maxima, minima, place)
    return msgspec.structs.replace(found, extrema=extrema), measurands, fits, cautions + warned


def _listed(readings: FrankHertz, i: int) -> Outcome:
    """The voltages of maxima alone."""
    peaks, place = readings.groups[i].peaks or [], f"groups[{i}].peaks"
    maxima = lab.crests.listed(peaks, readings.limit("VG2K"))
    found, measurands, fits, warned = _outcome(readings, i, maxima, None, place)
    return found, measurands, fits, lab.strays.column_checks(place, peaks) + warned


def _outcome(
    readings: FrankHertz, i: int, maxima: "Spacing", minima: "Spacing | None", place: str
) -> Outcome:
    """What the lines give."""
    measurands = _measurands(readings, i, maxima, minima)
    suffix = _suffix(readings, i)
    fits = [_fit(f"v-n{suffix}", maxima)]
    if minima is not None:
        fits.append(_fit(f"v-n-minima{suffix}", minima))
    notes = tuple(measurand.display for measurand in measurands)
    cautions = _cautions(place, maxima, measurands)
    return Found(None, maxima, minima, notes), measurands, fits, cautions


def _suffix(readings: FrankHertz, i: int) -> str:
    return f"-{i + 1}" if len(readings.groups) > 1 else ""


def _measurands(
    readings: FrankHertz, i: int, maxima: "Spacing", minima: "Spacing | None"
) -> list[Measurand]:
    """Of one group, in the order of a report."""
    of = f"（第 {i + 1} 组）" if len(readings.groups) > 1 else ""
    reference = REFERENCES[readings.gas]

    def potential(name: str, symbol: str, estimate: Any) -> Measurand:
        return lab.measurand.measurand(f"{name}{of}", symbol, "V", estimate, reference=reference)

    found = [potential("第一激发电位（峰，最小二乘法）", "U₀", maxima.spacing)]
    if minima is not None:
        found.append(potential("第一激发电位（谷，最小二乘法）", "U₀′", minima.spacing))
    found.append(lab.measurand.measurand(f"接触电位差等引起的偏移{of}", "V₀", "V", maxima.offset))
    found.append(potential("第一激发电位（峰，逐差法）", "U₀″", maxima.differences))
    return found


def _fit(name: str, line: "Spacing") -> Fit:
    spacing, offset = ("第一激发电位", "U₀", "V"), ("偏移", "V₀", "V")
    return line.as_fit(name, "V_n = V₀ + n·U₀", spacing, offset)


def _cautions(place: str, maxima: "Spacing", measurands: list[Measurand]) -> list[Caution]:
    """Warnings: order numbers in doubt, few maxima, and the reference."""
    found = []
    first, numbers = maxima.orders[0], maxima.orders
    found += _disagreement(place, measurands)
    if first > 1:
        sentence = (
            f"首峰在 {fixed(maxima.maxima[0], 1)} V，按间距应是第 {first} 个峰，前面的峰没有测出"
        )
        found.append(Caution("missing-peak", sentence, place))
    gaps = [a for a, b in itertools.pairwise(numbers) if b - a > 1]
    if gaps:
        sentence = f"第 {gaps[0]} 个峰之后有峰没有测出，请检查读数间隔"
        found.append(Caution("missing-peak", sentence, place))
    nu = measurands[0].by_gum.degrees_of_freedom
    found += lab.checks.few_points(float("inf") if nu is None else nu, "第一激发电位 U₀ ", place)
    return found + lab.checks.reference_check(measurands[0], CAUSES, place)


def _disagreement(place: str, measurands: list[Measurand]) -> list[Caution]:
    """Warn where maxima and minima give values of U₀ that exclude each other."""
    if measurands[1].symbol != "U₀′":
        return []
    peaks, valleys = measurands[:2]
    limits = [m.by_gum.expanded_uncertainty for m in (peaks, valleys)]
    apart = abs(peaks.value - valleys.value)
    if apart <= max(math.hypot(*limits), DISAGREEMENT * abs(peaks.value)):
        return []
    sentence = (
        f"由峰得 {peaks.display.partition('(k')[0].strip()}，由谷得 "
        f"{valleys.display.partition('(k')[0].strip()}，两者不一致：请检查峰、谷是否找对"
    )
    return [Caution("disagreement", sentence, place)]


def figures(readings: FrankHertz, result: Curves) -> dict[str, Figure]:
    """One figure a group, ``group-1`` …: the curve, and V_n against n with its residuals."""
    return {f"group-{i + 1}": _figure(readings, i, found) for i, found in enumerate(result.found)}


def _figure(readings: FrankHertz, i: int, found: Found) -> Figure:
    full = len(readings.groups) <= MOST_FULL_FIGURES
    number = f"（第 {i + 1} 组）" if len(readings.groups) > 1 else ""
    axes = field(FrankHertz, "VG2K").axis, field(Group, "currents").axis
    panels = []
    currents = readings.groups[i].currents
    if currents is not None:
        items: list[Item] = [Points(readings.voltages, currents, "读数")]
        if found.extrema is not None:
            items = [*lab.crest_panels.curve_items(found.extrema), *items]
        panels.append(Panel(*axes, items, title=readings.groups[i].label))
    if found.maxima is not None:
        panels += lab.crest_panels.line_panels(found.maxima, found.minima, found.notes)
    width = WIDTH_PX if full else NARROW
    return Figure(f"弗兰克-赫兹曲线{number}", panels, columns=1 if full else 2, width_px=width)


function = experiment(
    __file__,
    title="弗兰克-赫兹",
    input=FrankHertz,
    analyse=analyse,
    figures=figures,
    chapter="近代物理",
    keywords="夫兰克 氩 汞 氖 第一激发电位",
)
app = function.app
