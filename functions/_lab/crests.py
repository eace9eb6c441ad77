"""The maxima of a Franck–Hertz curve: which readings tell of them, where they lie, their lines."""

from collections.abc import Sequence

import numpy as np

from functions._lab.neighbours import neighbour_checks, slipped_last
from functions._lab.overload import find_overload
from functions._lab.peaks import Extrema, find_extrema, touching_places
from functions._lab.ranges import range_checks
from functions._lab.result import Caution
from functions._lab.slips import caution, plain
from functions._lab.spacing import Array, Spacing, fit_spacing, plain_spacing
from functions._lab.suspects import step_of

FEWEST = 3
"""Extrema of a line."""
MOST_BUNCHES = 1000
"""Longer curves are averaged over neighbouring readings first."""


def usable(
    voltages: Sequence[float], currents: Sequence[float], place: str
) -> tuple[list[int], list[Caution]]:
    """Indices of the readings that are of the curve, and what is wrong with the readings.

    Readings behind a discharge, or where the meter stands at its end, are not.  Of a range that was
    switched on the way only the switch is said.

    Parameters
    ----------
    voltages, currents : (n,), in any order.
    place : input field of the currents.
    """
    if switched := range_checks(voltages, place, currents):
        return list(range(len(currents))), switched
    kept, found = _before_overload(np.array(voltages), np.array(currents), place)
    within = [voltages[n] for n in kept], [currents[n] for n in kept]
    return kept, found + neighbour_checks(within[0], place, within[1], indices=kept)


def _before_overload(
    voltages: Array, currents: Array, place: str
) -> tuple[list[int], list[Caution]]:
    order = np.argsort(voltages, kind="stable")
    overload = find_overload(currents[order])
    if overload is None:
        return list(range(currents.size)), []
    first = int(order[overload.index])
    kept = sorted(order[: overload.index].tolist())
    meant = slipped_last(voltages[order], currents[order], overload.index)
    if meant is not None:
        return kept, [caution(meant, place, first, float(currents[first]))]
    at = f"{plain(voltages[first])} V"
    sentence = f"从 {at} 起电流突然猛增，管子可能已击穿：请调低加速电压，只分析它之前的读数"
    if overload.kind == "full-scale":
        sentence = f"从 {at} 起电流不再变化，电流表可能已满量程：请换大量程，只分析它之前的读数"
    return kept, [Caution(overload.kind, sentence, place, first)]


def extrema_of(voltages: Sequence[float], currents: Sequence[float]) -> Extrema:
    """Maxima and minima of a curve (n,), of at most ``MOST_BUNCHES`` means of neighbours."""
    order = np.argsort(voltages, kind="stable")
    columns = np.array(voltages)[order], np.array(currents)[order]
    size = -(-order.size // MOST_BUNCHES)
    starts = np.arange(0, order.size, size)
    counts = np.diff(np.append(starts, order.size))
    x, y = (np.add.reduceat(column, starts) / counts for column in columns)
    return find_extrema(x, y, periodic=True, digit=step_of(currents))


def lines(extrema: Extrema, x_limit: float | None) -> tuple[Spacing, Spacing | None]:
    """Lines V_n against n of the maxima and, where there are enough, of the minima.

    What the envelope does not explain in the maxima it does not explain in the minima.
    """
    touching = touching_places(extrema)
    maxima = fit_spacing(
        extrema.peaks, touching.peaks, x_limit=x_limit, label="峰位", x_label="加速电压"
    )
    if len(extrema.valleys) < FEWEST:
        return maxima, None
    before = sum(peak.value < extrema.valleys[0].value for peak in extrema.peaks)
    first = maxima.orders[0] + before - 1
    if maxima.share is not None:
        return maxima, fit_spacing(
            extrema.valleys,
            touching.valleys,
            x_limit=x_limit,
            label="谷位",
            x_label="加速电压",
            first=first,
        )
    places = np.array([valley.value for valley in extrema.valleys])
    own = np.array([valley.standard_uncertainty for valley in extrema.valleys])
    return maxima, plain_spacing(
        places, own, x_limit=x_limit, label="谷位", x_label="加速电压", first=first
    )


def listed(peaks: Sequence[float], x_limit: float | None) -> Spacing:
    """Line of maxima whose voltages (n,) were read off, known to half a step of their last digit.

    The step is taken as a rectangular limit (JCGM 100:2008, F.2.2.1), where they scatter less.
    """
    places = np.unique(np.array(peaks, dtype=float))
    own = np.full(places.size, step_of(places) / 2 / 3**0.5)
    return plain_spacing(places, own, x_limit=x_limit, label="峰位", x_label="加速电压")
