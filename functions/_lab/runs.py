"""Checks and panels of several runs over the same abscissae (see ``pooled``)."""

from collections.abc import Mapping, Sequence

import numpy as np

from functions._lab import checks, verdict
from functions._lab.figure import Band, Curve, Item, Panel, Points
from functions._lab.linear import Floats
from functions._lab.panels import line_panels, residual_label, spread
from functions._lab.pooled import PooledLine
from functions._lab.response import striking
from functions._lab.result import Caution

MOST_WARNINGS = 12
"""A table that is wrong throughout is not listed reading by reading."""


def run_checks(
    x_field: str, x: Sequence[float], runs: Mapping[str, Sequence[float]], *, tables: int = 1
) -> list[Caution]:
    """Readings that disagree with their repeats; then the mean of the others against its line.

    Parameters
    ----------
    x_field, x : the abscissae as typed, (n,).
    runs : field to readings, (n,) each, at least one.
    tables : number of tables in the request that are checked alike.
    """
    found = checks.repeats_checks(runs)
    if len(runs) == 1:
        (name, readings) = next(iter(runs.items()))
        judged = checks.line_checks(x_field, x, name, readings, x_monotonic=True)
        found += _striking(judged, x, readings, tables)
    else:
        means = _mean_without(runs, found)
        judged = checks.line_checks(x_field, x, "", means, x_monotonic=True)
        judged = _striking(judged, x, means, tables)
        found += [_of_mean(x_field, x, caution) for caution in judged]
    return found[:MOST_WARNINGS]


def _striking(
    judged: Sequence[Caution], x: Sequence[float], y: Sequence[float] | Floats, tables: int
) -> list[Caution]:
    """The warnings without outliers that so many tables let expect now and then."""
    columns = np.stack([np.ones(len(x)), np.asarray(x, dtype=np.float64)], axis=1)
    residuals = y - columns @ np.linalg.lstsq(columns, np.asarray(y), rcond=None)[0]
    return striking(judged, columns, residuals, tables)


def scatter_checks(pooled: PooledLine, what: str, field: str) -> list[Caution]:
    """Warn of too few readings for the uncertainty of ``what`` (Chinese), or for any at all."""
    if len(pooled.runs) == 1 or not pooled.has_uncertainty:
        return verdict.scatter_checks(pooled.mean, what, field)
    found = checks.few_points(pooled.degrees_of_freedom, what, field)
    if not float(pooled.slope.u):
        found += verdict.exact_checks(pooled.mean.y, pooled.mean.residuals, what, field)
    return found


def _mean_without(runs: Mapping[str, Sequence[float]], accused: Sequence[Caution]) -> Floats:
    """Mean of the runs, (n,), without the readings that are warned about already."""
    readings = np.array([np.asarray(run, dtype=np.float64) for run in runs.values()])
    kept = np.ones(readings.shape, dtype=bool)
    rows = {name: row for row, name in enumerate(runs)}
    for caution in accused:
        if caution.index is not None:
            kept[rows[caution.field], caution.index] = False
    kept |= ~kept.any(axis=0)
    return np.asarray(np.mean(readings, axis=0, where=kept))


def _of_mean(x_field: str, x: Sequence[float], caution: Caution) -> Caution:
    """A warning about the mean, which is no field, as one about its abscissa."""
    if caution.field or caution.index is None:
        return caution
    sentence = (
        f"{x_field}[{caution.index}] = {x[caution.index]:g} 处各次读数的平均值偏离拟合直线，"
        "请核对该点的各次读数"
    )
    return Caution("outlier", sentence, x_field, caution.index)


def run_panels(
    pooled: PooledLine,
    x_label: str,
    y_label: str,
    *,
    note: Sequence[str] = (),
    x_limit: float | None = None,
    y_limit: float | None = None,
) -> list[Panel]:
    """All runs with the pooled line and its 95 % band, and the residuals of all below.

    Parameters are those of ``panels.line_panels``.
    """
    line = pooled.mean
    if len(pooled.runs) == 1:
        return line_panels(line, x_label, y_label, note=note, x_limit=x_limit, y_limit=y_limit)
    grid = np.linspace(float(line.x.min()), float(line.x.max()), 60)
    fitted, half = line.at(grid), pooled.band(grid)
    items: list[Item] = []
    if np.isfinite(half).all():
        items.append(Band(grid, fitted - half, fitted + half, "95 % 置信带"))
    items.append(Curve(grid, fitted, "各次平均的拟合直线"))
    bars = spread(x_limit, line.n), spread(y_limit, line.n)
    rest: list[Item] = []
    for number, run in enumerate(pooled.runs):
        items.append(
            Points(run.x, run.y, f"第 {number + 1} 次", u_x=bars[0], u_y=bars[1], series=number)
        )
        rest.append(Points(run.x, run.y - line.at(run.x), u_y=bars[1], series=number))
    return [
        Panel(x_label, y_label, items, note=note),
        Panel(x_label, residual_label(y_label), rest, residual=True),
    ]
