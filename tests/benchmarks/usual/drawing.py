"""Figures with pyplot as most people write them."""

import io
import threading
from collections.abc import Callable
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from numpy.typing import ArrayLike
from pylopdf_fonts_zh_cn import sans_path

Drawing = Callable[[Any], None]

_drawing = threading.Lock()
"""Two threads at once in mathtext's parser break it for good: every later figure fails.  As Python
runs one thread at a time, waiting here costs little."""


def use_chinese_font() -> None:
    """Add the font and choose it, as is done in front of every figure."""
    path = str(sans_path())
    font_manager.fontManager.addfont(path)
    plt.rcParams["font.family"] = font_manager.FontProperties(fname=path).get_name()
    plt.rcParams["axes.unicode_minus"] = False


def saved(figure: Any) -> bytes:
    """The figure as PNG; it is closed."""
    figure.tight_layout()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=300, bbox_inches="tight")
    plt.close(figure)
    return buffer.getvalue()


def single(draw: Drawing) -> bytes:
    """A figure with one pair of axes, drawn by ``draw``."""
    with _drawing:
        use_chinese_font()
        figure, axes = plt.subplots(figsize=(8, 6))
        draw(axes)
        return saved(figure)


def grid(rows: int, columns: int, size: tuple[float, float], drawings: list[Drawing]) -> bytes:
    """A figure with many pairs of axes."""
    with _drawing:
        use_chinese_font()
        figure, axes = plt.subplots(rows, columns, figsize=size)
        for one, draw in zip(np.ravel(axes), drawings, strict=True):
            draw(one)
        return saved(figure)


def label(axes: Any, title: str, x: str, y: str) -> None:
    """Title, axis labels, grid and legend."""
    axes.set_title(title)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(True, linestyle="--", alpha=0.5)
    axes.legend()


def straight(title: str, x_label: str, y_label: str, x: ArrayLike, y: ArrayLike) -> Drawing:
    """Points with their least-squares line, its equation and r²."""
    slope, intercept, r2 = line(x, y)

    def draw(axes: Any) -> None:
        dense = np.linspace(np.min(x), np.max(x), 200)
        axes.scatter(x, y, color="tab:blue", label="实验数据")
        axes.plot(dense, slope * dense + intercept, "r-", label="拟合直线")
        text = f"$y = {slope:.4f}x + {intercept:.4f}$\n$R^2 = {r2:.4f}$"
        box = {"boxstyle": "round", "facecolor": "white", "alpha": 0.8}
        axes.text(0.05, 0.95, text, transform=axes.transAxes, va="top", bbox=box)
        label(axes, title, x_label, y_label)

    return draw


def joined(title: str, x_label: str, y_label: str, x: ArrayLike, y: ArrayLike) -> Drawing:
    """Points joined by straight pieces, in the order of x."""
    order = np.argsort(x)

    def draw(axes: Any) -> None:
        axes.plot(np.asarray(x)[order], np.asarray(y)[order], "o-", label="实验数据")
        label(axes, title, x_label, y_label)

    return draw


def line(x: ArrayLike, y: ArrayLike) -> tuple[float, float, float]:
    """Slope, intercept and r² of the least-squares line."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    slope, intercept = np.polyfit(x, y, 1)
    rest = y - (slope * x + intercept)
    r2 = 1 - np.sum(rest**2) / np.sum((y - np.mean(y)) ** 2)
    return float(slope), float(intercept), float(r2)
