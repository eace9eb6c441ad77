"""Where a panel is still empty: a coarse grid of what is drawn, and the free places in it."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from functions._lab.drafting.sheet import Box, Pixels

_LONGEST_PATH = 400_000


class Space:
    """The inside of a panel in square cells, each taken or free."""

    def __init__(self, box: Box, cell: float) -> None:
        self.box = box
        self.cell = cell
        rows, columns = max(1, int(box.height / cell)), max(1, int(box.width / cell))
        self.taken: NDArray[np.bool_] = np.zeros((rows, columns), dtype=np.bool_)

    def _cells(self, points: Pixels) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        rows, columns = self.taken.shape
        column = np.clip((points[:, 0] - self.box.left) / self.cell, 0, columns - 1).astype(np.intp)
        row = np.clip((points[:, 1] - self.box.top) / self.cell, 0, rows - 1).astype(np.intp)
        return row, column

    def take_points(self, points: Pixels, reach: float) -> None:
        """Take the squares of half side ``reach`` pixels around the points (N, 2)."""
        layer = np.zeros_like(self.taken)
        layer[self._cells(points)] = True
        for _ in range(math.ceil(reach / self.cell)):
            layer[1:] |= layer[:-1].copy()
            layer[:-1] |= layer[1:].copy()
            layer[:, 1:] |= layer[:, :-1].copy()
            layer[:, :-1] |= layer[:, 1:].copy()
        self.taken |= layer

    def take_line(self, points: Pixels, reach: float) -> None:
        """Take the cells that the polyline through the points runs over."""
        steps = np.abs(np.diff(points, axis=0)).max(axis=1, initial=0.0) / self.cell
        along = np.concatenate(([0.0], np.cumsum(steps)))
        samples = np.linspace(0.0, along[-1], min(_LONGEST_PATH, int(2 * along[-1]) + 2))
        x, y = (np.interp(samples, along, points[:, axis]) for axis in (0, 1))
        self.take_points(np.column_stack([x, y]), reach)

    def take_bars(self, first: Pixels, last: Pixels) -> None:
        """Take the straight bars from ``first`` to ``last`` (N, 2), all upright or all level."""
        upright = bool(np.allclose(first[:, 0], last[:, 0]))
        taken = self.taken if upright else self.taken.T
        ends = (self._cells(first), self._cells(last))
        (start, lane), (stop, _) = ends if upright else ((c, r) for r, c in ends)
        change = np.zeros((taken.shape[0] + 1, taken.shape[1]), dtype=np.int32)
        np.add.at(change, (np.minimum(start, stop), lane), 1)
        np.add.at(change, (np.maximum(start, stop) + 1, lane), -1)
        taken |= np.cumsum(change[:-1], axis=0) > 0

    def take_box(self, box: Box) -> None:
        """Take a rectangle."""
        top = max(0, math.floor((box.top - self.box.top) / self.cell))
        left = max(0, math.floor((box.left - self.box.left) / self.cell))
        bottom = max(0, math.ceil((box.bottom - self.box.top) / self.cell))
        right = max(0, math.ceil((box.right - self.box.left) / self.cell))
        self.taken[top:bottom, left:right] = True

    def place(
        self,
        width: float,
        height: float,
        cost: Callable[[Pixels, Pixels], Pixels],
        near: Box | None = None,
    ) -> Box | None:
        """The free rectangle of that size with the least cost(left, top), or None.

        With ``near`` only those whose upper left corner is inside it are looked at.
        """
        rows, columns = self.taken.shape
        high, wide = math.ceil(height / self.cell), math.ceil(width / self.cell)
        upper, lower, first, last = 0, rows - high, 0, columns - wide
        if near is not None:
            upper = max(upper, math.ceil((near.top - self.box.top) / self.cell))
            lower = min(lower, math.floor((near.bottom - self.box.top) / self.cell))
            first = max(first, math.ceil((near.left - self.box.left) / self.cell))
            last = min(last, math.floor((near.right - self.box.left) / self.cell))
        if upper > lower or first > last:
            return None
        taken = self.taken[upper : lower + high, first : last + wide]
        total = np.zeros((taken.shape[0] + 1, taken.shape[1] + 1), dtype=np.int32)
        np.cumsum(np.cumsum(taken, axis=0, dtype=np.int32), axis=1, out=total[1:, 1:])
        inside = total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide]
        row, column = np.nonzero((inside + total[:-high, :-wide]) == 0)
        if not row.size:
            return None
        left = self.box.left + self.cell * (first + column).astype(np.float64)
        top = self.box.top + self.cell * (upper + row).astype(np.float64)
        best = int(np.argmin(cost(left, top)))
        corner = float(left[best]), float(top[best])
        return Box(*corner, corner[0] + width, corner[1] + height)

    def headroom(self, width: float, *, at_top: bool) -> float:
        """Height in pixels of the best free place of that width along the top or bottom edge."""
        rows, columns = self.taken.shape
        wide = min(columns, math.ceil(width / self.cell))
        grid = self.taken if at_top else self.taken[::-1]
        depth = np.where(grid.any(axis=0), grid.argmax(axis=0), rows)
        windows = np.lib.stride_tricks.sliding_window_view(depth, wide)
        return float(windows.min(axis=1).max()) * self.cell
