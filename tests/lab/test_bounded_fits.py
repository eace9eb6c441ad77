"""No fit takes long, whatever the readings are; derivatives against complex steps.

The bounds on processor time are some five times what the worst body takes on an idle core.
"""

import contextlib
import time

import numpy as np
import pytest
from numpy.typing import NDArray

from functions import fit
from functions._lab.errors import ReadingError
from functions._lab.shapes import SHAPES
from functions._lab.starts import Floats, periodogram

MODELS = ["line", "polynomial", *SHAPES, "peaks"]

POINTS = {
    "power": [1.3, -0.7],
    "exponential": [2.0, -0.4],
    "logarithm": [1.5, 0.3],
    "gaussian": [2.0, 3.0, 1.2],
    "sine": [1.1, 0.37, -0.6],
    "damped-sine": [1.1, 0.2, 0.37, -0.6],
}


@pytest.mark.parametrize("model", SHAPES)
def test_derivatives_are_those_of_a_complex_step(model: str) -> None:
    """Im f(p + ih)/h, exact to rounding (Squire and Trapp, SIAM Review 40 (1998) 110)."""
    shape, x = SHAPES[model], np.linspace(0.3, 7, 23)
    p = POINTS[model]
    for j, column in enumerate(shape.gradient(x, *p)):
        moved: list[complex] = list(p)
        moved[j] += 1e-30j
        exact = np.imag(shape.curve(x, *moved)) / 1e-30
        assert np.asarray(column) == pytest.approx(exact, rel=1e-12, abs=1e-14)


def test_evenly_spaced_frequencies_are_reckoned_as_single_ones() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.uniform(0, 10, 90), rng.normal(0, 1, 90)
    grid = np.arange(0.02, 8, 0.01)
    assert periodogram(grid, x, y) == pytest.approx(periodogram(grid, x, y, even=False), abs=1e-9)


def analysed(model: str, x: Floats, y: Floats) -> float:
    """Seconds of processor time of one analysis, which may refuse the readings."""
    began = time.process_time()
    columns = fit.Columns(x=x.tolist(), y=y.tolist(), model=model)  # type: ignore[arg-type]
    with contextlib.suppress(ReadingError):
        fit.analyse(columns)
    return time.process_time() - began


def spoilt(kind: str, model: str, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Readings of about the model with faults of one kind."""
    rng = np.random.default_rng(5)
    x = np.linspace(0.1, 10, n)
    curve = SHAPES[model].curve(x, *POINTS[model]) if model in SHAPES else 1 + 2 * x
    y = np.asarray(curve) + rng.normal(0, 0.05, n)
    if kind == "outliers":
        y[::37] += 3
    elif kind == "last x":
        x[-1] *= 1e6
    elif kind == "one y":
        y[n // 3] *= 1e9
    elif kind == "pairs":
        x[1::2] = x[::2] + 1e-4
    else:
        y = rng.uniform(0.1, 1, n)
    return x.round(5), y.round(4)


KINDS = ["outliers", "last x", "one y", "pairs", "noise"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", ["sine", "damped-sine", "gaussian", "power"])
def test_sixty_readings_take_a_moment(model: str, kind: str) -> None:
    assert analysed(model, *spoilt(kind, model, 60)) < 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", MODELS)
def test_the_longest_columns_take_seconds(model: str, kind: str) -> None:
    assert analysed(model, *spoilt(kind, model, 5000)) < 10
