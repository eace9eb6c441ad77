"""Figures with what a result says beside its numbers: doubted readings ringed, warnings below.

The deployed mini-program shows nothing but figures.  Which column a panel shows is told from the
readings themselves: the axis holds numbers of that column and no others.  A reading that is shown
transformed only (ln R, T²) is named under the figure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from functions._lab.figure import Figure, Item, Mark, Panel, Points
from functions._lab.reporting import concise, fixed, significant, statement
from functions._lab.result import Caution, Measurand, Result
from functions._lab.rules import DEFAULT, in_force
from functions._lab.rules.factors import probability
from functions._lab.slips import plain

Array = NDArray[np.float64]

_MOST_SENTENCES = 3
"""Whole sentences under a figure; the others are counted, and stand in its description."""
_MOST_RINGS = 4
_MEANT = re.compile(r"(?:若为|应为) ([−\d.×⁰¹²³⁴-⁹⁻-]+)")
_VALUE = re.compile(r"\(?(?P<value>[−\d.]+) ± [\d.]+\)?(?P<power>×10[⁻⁰¹²³⁴-⁹]+)?(?P<unit> .+)?")
_STATED = re.compile(r" \((?:k|P|E|u_r) = [^()]*\)$")
_SLIPS = frozenset({"decimal-slip", "digit-swap", "outlier", "order", "repeats", "unit", "range"})
_OF_READINGS = _SLIPS | {"sign", "discharge", "offset", "no-measurand"}
"""Causes; what else is said follows from them, or is about the uncertainty."""


@dataclass(frozen=True)
class _Shown:
    """A doubted reading where it is drawn."""

    figure: str
    panel: int
    mark: Mark


def annotated(
    figures: Mapping[str, Figure], result: Result, columns: Mapping[str, Sequence[float]]
) -> dict[str, Figure]:
    """The figures with rings, warnings and a description.

    Parameters
    ----------
    figures : by name.
    result : with its warnings in the words of the form.
    columns : path of each column in the request to its readings.
    """
    ranked = sorted(result.warnings, key=lambda c: c.code not in _OF_READINGS)
    places = {id(c): _places(c, figures, columns) for c in ranked}
    results = [measurand.display for measurand in result.measurands]
    found = {}
    for name, figure in figures.items():
        first = name == next(iter(figures))
        own = [c for c in ranked if _concerns(c, name, places[id(c)], first, columns, figures)]
        rings = [shown for c in own for shown in places[id(c)] if shown.figure == name]
        found[name] = replace(
            figure,
            panels=told(
                _ringed(figure.panels, rings[:_MOST_RINGS]),
                result.measurands,
                doubted=any(caution.code in _SLIPS for caution in own),
            ),
            warnings=_sentences([caution.message for caution in own]),
            description="；".join([*results, *(caution.message for caution in own)]),
        )
    return found


def told(
    panels: Sequence[Panel], measurands: Sequence[Measurand], *, doubted: bool = False
) -> list[Panel]:
    """The panels with reference values beside the results, and with k and P said once.

    Nothing is compared where readings are ``doubted``, or where U is larger than the value.

    What is written beside a spring constant k must not be taken for it: the coverage factor is k_P.
    """
    factors: list[float] = []
    known: set[str] = set()
    found = []
    for panel in panels:
        notes: list[str] = []
        for note in panel.note:
            of_note = [m for m in measurands if note.startswith(_number(m))]
            notes.append(_number(of_note[0]) + _way(of_note[0]) if of_note else note)
            factors += [measurand.coverage_factor for measurand in of_note]
            compared = [] if doubted else of_note
            notes += [_reference(m, known) for m in compared if _tells(m)]
        items = [_rounded(item, measurands) for item in panel.items]
        found.append(replace(panel, note=notes, items=items))
    if factors:
        noted = next(i for i, panel in enumerate(found) if panel.note)
        found[noted] = replace(found[noted], note=[*found[noted].note, _coverage(factors)])
    return found


def _tells(measurand: Measurand) -> bool:
    """Whether there is something to compare with, and the result is known well enough."""
    known = measurand.by_gum.expanded_uncertainty <= abs(measurand.value)
    return measurand.reference is not None and known


def _number(measurand: Measurand) -> str:
    """``R₀ = (103.23 ± 0.42) Ω``, without what the rule states in brackets at the end."""
    return _STATED.sub("", measurand.display)


def _rounded(item: Item, measurands: Sequence[Measurand]) -> Item:
    """A mark that names a result shows it with the digits that its uncertainty leaves."""
    if not isinstance(item, Mark):
        return item
    for measurand in measurands:
        shown = _VALUE.fullmatch(_number(measurand).partition(" = ")[2])
        if item.text.startswith(f"{measurand.symbol} = ") and shown:
            value = "".join(filter(None, (shown["value"], shown["power"])))
            return replace(item, text=f"{measurand.symbol} = {value}{shown['unit'] or ''}")
    return item


def _way(measurand: Measurand) -> str:
    """How it was found, as its name says in brackets: ``（谷，最小二乘法）``."""
    way = re.search("（[^（）]*）", measurand.name)
    return way.group() if way else ""


def _coverage(factors: Sequence[float]) -> str:
    """What U is, said once for all results: by which rule, where not by that of the GUM."""
    rule = in_force()
    if rule.coverage == "t":
        low, high = fixed(min(factors), 2), fixed(max(factors), 2)
        between = low if low == high else f"{low}～{high}"
        said = f"P = {100 * probability(rule):g} %，包含因子 k_P = {between}"
    else:
        said = statement(rule.coverage, probability(rule))
    return said if rule.name == DEFAULT else "：".join(filter(None, (rule.title, said)))


def _reference(measurand: Measurand, known: set[str]) -> str:
    """The accepted value, its source, and how far the result is from it.

    ``known`` values have been said, with their sources.
    """
    reference = measurand.reference
    assert reference is not None
    unit = "" if measurand.unit in ("", "1") else f" {measurand.unit}"
    value = concise(reference.value, reference.standard_uncertainty)
    away = significant(100 * reference.relative_deviation, 2)
    sign = "" if away.startswith("−") else "+"
    accepted = f"参考值 {value}{unit}（{reference.source.partition('；')[0]}），"
    said = f"{'' if accepted in known else accepted}偏差 {sign}{away} %"
    known.add(accepted)
    if reference.normalized_error is None:
        return said
    return f"{said}，E_n = {significant(reference.normalized_error, 2)}"


def _sentences(messages: list[str]) -> list[str]:
    if len(messages) <= _MOST_SENTENCES:
        return messages
    more = f"另有 {len(messages) - _MOST_SENTENCES} 条提示"
    return [*messages[: _MOST_SENTENCES - 1], f"{messages[_MOST_SENTENCES - 1]}；{more}"]


def _concerns(
    caution: Caution,
    name: str,
    places: Sequence[_Shown],
    first: bool,
    columns: Mapping[str, Sequence[float]],
    figures: Mapping[str, Figure],
) -> bool:
    """Whether a warning belongs to a figure: it shows the reading, or the column, or none does."""
    if places:
        return any(shown.figure == name for shown in places)
    column = columns.get(caution.field)
    showing = [] if column is None else [n for n in figures if _shows(figures[n], column)]
    return name in showing if showing else first


def _shows(figure: Figure, column: Sequence[float]) -> bool:
    return any(axis is not None for _, points in _points(figure) for axis in _axes(points, column))


def _places(
    caution: Caution, figures: Mapping[str, Figure], columns: Mapping[str, Sequence[float]]
) -> list[_Shown]:
    """Where the reading of a warning is drawn, once in each figure."""
    column = columns.get(caution.field)
    if caution.index is None or column is None or not caution.index < len(column):
        return []
    typed, found = column[caution.index], []
    for name, figure in figures.items():
        spots = [
            (number, points, int(place))
            for number, points in _points(figure)
            for axis in _axes(points, column)
            if axis is not None
            for place in np.flatnonzero(axis == typed)
        ]
        if spots:
            # of several equal readings, the one that stands where it was typed
            number, points, place = min(spots, key=lambda spot: abs(spot[2] - (caution.index or 0)))
            at = float(np.asarray(points.x)[place]), float(np.asarray(points.y)[place])
            text = _short(caution, typed)
            mark = Mark(*at, text, on_right=points.on_right, suspect=True)
            found.append(_Shown(name, number, mark))
    return found


def _points(figure: Figure) -> list[tuple[int, Points]]:
    return [
        (number, item)
        for number, panel in enumerate(figure.panels)
        if not panel.residual
        for item in panel.items
        if isinstance(item, Points) and len(item.x)
    ]


def _axes(points: Points, column: Sequence[float]) -> tuple[Array | None, Array | None]:
    """Ordinates and abscissae, None where they are no part of the column."""
    y, x = np.asarray(points.y, float), np.asarray(points.x, float)
    return (y if _is_part(y, column) else None, x if _is_part(x, column) else None)


def _is_part(values: Array, column: Sequence[float]) -> bool:
    return bool(np.isin(values, np.asarray(column, float)).all())


def _short(caution: Caution, typed: float) -> str:
    text = f"第 {(caution.index or 0) + 1} 点 {plain(typed)}？"
    meant = _MEANT.search(caution.message)
    return f"{text}若为 {meant[1]} 则一致" if meant else text


def _ringed(panels: Sequence[Panel], rings: Sequence[_Shown]) -> list[Panel]:
    found = []
    for number, panel in enumerate(panels):
        marks: dict[tuple[float, float], Item] = {}
        for shown in rings:
            if shown.panel == number:
                marks.setdefault((shown.mark.x, shown.mark.y), shown.mark)
        found.append(replace(panel, items=[*panel.items, *marks.values()]))
    return found
