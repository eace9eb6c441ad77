"""Readings that disagree with their repeats."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from functions._lab import slips
from functions._lab.result import Caution
from functions._lab.suspects import Array, robust_deviation, step_of, tail

ROBUST_DEVIATIONS = 3.5
LEVEL = 0.004
_COMPATIBLE = 2.5
_MOST_NAMED = 12
"""Where more readings disagree, one more warning tells nothing new."""


def repeats_checks(columns: Mapping[str, Sequence[float] | Array]) -> list[Caution]:
    """Readings that disagree with their repeats.

    Parameters
    ----------
    columns : field name to readings, (n,) each, n ≥ 1; the readings of equal index repeat the same
        measurement.  Fewer than two columns give no warning.
    """
    names = list(columns)
    if len(names) < 2:
        return []
    readings = np.array([np.asarray(columns[name], float) for name in names])
    cautions: list[Caution] = []
    left_out = np.zeros(readings.shape, bool)
    half_step = 0.5 * step_of(readings.ravel())
    for _ in range(min(max(1, readings.size // 8), _MOST_NAMED)):
        found = _worst_repeat(readings, left_out, half_step)
        if found is None:
            break
        column, row = found
        left_out[column, row] = True
        cautions.append(_repeat_caution(readings, left_out, names, (column, row), half_step))
    return cautions


def _deviations(readings: Array, left_out: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Readings less the mean of their repeats, and the share 1 - 1/m of variance they keep."""
    kept = np.where(left_out, np.nan, readings)
    count = np.sum(~left_out, axis=0)
    mean = np.nansum(kept, axis=0) / np.maximum(count, 1)
    free = np.broadcast_to(1 - 1 / np.maximum(count, 1), readings.shape)
    return kept - mean, np.where(left_out, 0.0, free)


def _worst_repeat(
    readings: Array, left_out: NDArray[np.bool_], step: float
) -> tuple[int, int] | None:
    """Column and row of the reading that disagrees most, if significantly."""
    deviation, free = _deviations(readings, left_out)
    usable = (free > 0) & np.isfinite(deviation)
    total = float(np.sum(deviation[usable] ** 2))
    dof = round(float(np.sum(free[usable]))) - 1
    if dof < 1 or not usable.any():
        return None
    deleted = np.zeros(readings.shape)
    deleted[usable] = deviation[usable] / free[usable]
    variance = np.maximum(total - deleted * deleted * free, 0.0) / dof + step**2
    t = np.zeros(readings.shape)
    t[usable] = np.abs(deleted[usable]) * np.sqrt(free[usable] / variance[usable])
    worst = np.unravel_index(int(np.argmax(t)), t.shape)
    robust = max(robust_deviation(deviation[usable]), step)
    significant_one = tail(float(t[worst]), dof) * usable.sum() < LEVEL
    if significant_one and abs(deleted[worst]) > ROBUST_DEVIATIONS * robust:
        return int(worst[0]), int(worst[1])
    return None


def _repeat_caution(
    readings: Array,
    left_out: NDArray[np.bool_],
    names: list[str],
    place: tuple[int, int],
    step: float,
) -> Caution:
    column, row = place
    typed, field = float(readings[column, row]), names[column]
    others = [float(v) for v in readings[~left_out[:, row], row]]
    beside = "、".join(slips.plain(v) for v in others[:5])
    deviation, free = _deviations(readings, left_out)
    usable = free > 0
    dof = max(float(np.sum(free[usable])), 1.0)
    spread = float(np.sqrt(np.sum(deviation[usable] ** 2) / dof + step**2))
    target = float(np.mean(others))
    for meant in slips.candidates(typed, slips.decimals(readings.ravel())):
        if abs(meant.value - target) < _COMPATIBLE * spread:
            return slips.caution(meant, field, row, typed)
    return Caution(
        "repeats",
        f"{field}[{row}] = {slips.plain(typed)} 与同一点的其余读数 {beside} 不一致，请核对或重测",
        field,
        row,
    )
