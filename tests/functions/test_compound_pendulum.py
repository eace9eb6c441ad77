"""The compound pendulum against a public report (KillingVectorField/Physics-Experiments)."""

import math

import numpy as np
import pytest

from tests.functions.declared import analysed, sample


def test_g_and_the_radius_of_gyration() -> None:
    """g = 9.75 m/s² and k = 17.3 cm are printed, by a line drawn through the points.

    Here by least squares over all of them, and within 1 % and 2 % of what is printed.
    """
    given = sample("compound-pendulum")
    h, period = np.array(given["h"]), np.array(given["t"]) / 10
    b, a = np.polyfit(h**2, period**2 * h, 1)
    result = analysed("compound_pendulum", given)
    g, k = result.measurand("g"), result.measurand("k")
    assert g.value == pytest.approx(4 * math.pi**2 / b / 100, rel=1e-9)
    assert k.value == pytest.approx((a / b) ** 0.5, rel=1e-9)
    assert g.value == pytest.approx(9.75, rel=0.01)
    assert k.value == pytest.approx(17.3, rel=0.02)


def test_the_uncertainty_by_hand() -> None:
    """Exact periods on a line, so that only the limits act; h stands in both columns.

    Δh moves a point off the line by (T² - 2 b h) Δh, Δt by 2 T h Δt/n; the slope takes of each
    (x - x̄)/Σ(x - x̄)², and u is that of a rectangle.
    """
    h = np.array([10.0, 20.0, 30.0, 40.0])
    period = np.sqrt((10 + 0.04 * h**2) / h)
    readings = {"n": 10, "h": h.tolist(), "t": (10 * period).tolist()}
    found = analysed("compound_pendulum", readings).measurand("g")
    x = h**2
    weights = (x - x.mean()) / ((x - x.mean()) ** 2).sum()
    off = np.hypot((period**2 - 0.08 * h) * 0.05, 2 * period * h * 0.01 / 10)
    u = math.sqrt(((weights * off) ** 2).sum() / 3)
    assert found.value == pytest.approx(4 * math.pi**2 / 4, rel=1e-9)
    assert found.standard_uncertainty == pytest.approx(found.value * u / 0.04, rel=1e-6)
