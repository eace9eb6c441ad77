"""A detector's current over the wavelength: where it is largest."""

import numpy as np
from numpy.typing import NDArray

from functions._lab.errors import ReadingError
from functions._lab.figure import Curve, Item, Mark, Panel
from functions._lab.measurand import limit, measurand
from functions._lab.photo_parts import Part, device_tag, points, short
from functions._lab.response import Column
from functions._lab.result import Caution
from functions._lab.slips import plain

Array = NDArray[np.float64]


def spectrum(wavelength: Column, current: Column, device: str, title: str) -> Part:
    """Wavelength of the largest current, known no better than the neighbouring readings tell."""
    order = np.argsort(wavelength.values, kind="stable")
    at, height = wavelength.values[order], current.values[order]
    items: list[Item] = [
        Curve(at, height, dash="dotted"),
        points(wavelength, current),
    ]
    found, cautions = [], []
    try:
        middle, reach = _peak(at, height)
        estimate = middle + limit(reach, "波长读数的间隔")
        if wavelength.limit is not None:
            estimate = estimate + limit(wavelength.limit, wavelength.declared.title)
        found.append(measurand(f"{device}峰值波长", f"λ_{device_tag(device)}", "nm", estimate))
        text = f"{plain(middle)} nm"
        items.append(Mark(middle, float(height.max()), text, "above"))
    except ReadingError as reason:
        cautions.append(Caution("no-measurand", f"{title}：{reason.message}", current.name))
    axes = wavelength.declared.axis, current.declared.axis
    return Part(found, [], cautions, [Panel(*axes, items, title=title, note=short(found))])


def _peak(at: Array, height: Array) -> tuple[float, float]:
    """Middle of the highest readings, and the distance within which the maximum must lie.

    A curve with one maximum has it between the readings on either side of the highest ones.
    """
    top = np.flatnonzero(height == height.max())
    if top.size == height.size:
        raise ReadingError("电流不随波长变化，没有峰值")
    if np.any(np.diff(top) > 1):
        raise ReadingError("有几个不相邻的最大值，无法确定峰值波长，请在其附近重测")
    if top[0] == 0 or top[-1] == height.size - 1:
        edge = plain(float(at[0] if top[0] == 0 else at[-1]))
        raise ReadingError(f"最大的电流在波长范围的一端（{edge} nm），峰值可能在测量范围之外")
    middle = float(at[top].mean())
    return middle, max(middle - float(at[top[0] - 1]), float(at[top[-1] + 1]) - middle)
