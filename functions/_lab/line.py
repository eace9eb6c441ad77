"""Straight lines: y = a + b x, with everything that a report needs.

Three kinds, told apart by what is known of the readings:

* nothing, or instrument limits Δ: ordinary least squares (JCGM 100:2008, H.3), the scatter of the
  residuals as type A with ν = n - 2; each limit as type B, u = Δ/√3, infinite ν, independent from
  reading to reading.  A limit of x makes the estimate one with errors in both variables: the
  scatter that the limit of x does not explain is taken as that of y, but never less than the
  limit of y (W. A. Fuller, Measurement Error Models, Wiley 1987, 1.2 and 1.3).
* standard uncertainties of y: weighted least squares (ISO/TS 28037:2010, clause 6).
* standard uncertainties of x, or of both: errors in both variables (clause 7; see ``_weighted``).

Two points determine a line but not its scatter: then ν = 0, ``residual_standard_deviation`` and
``type_a_known`` say so, and slope and intercept carry type B only, u = 0 where there is none.
An experiment must not print such a u = 0 as an uncertainty.
"""

from typing import Any

import numpy as np
from GTC import inf
from numpy.typing import ArrayLike

from functions._lab import _weighted
from functions._lab._straight import Component, Line, assemble
from functions._lab.errors import ReadingError
from functions._lab.linear import (
    Extended,
    Floats,
    checked_pair,
    checked_scales,
    checked_uncertainties,
)

__all__ = ["Line", "fit_line", "fit_proportional"]


def fit_line(
    x: ArrayLike,
    y: ArrayLike,
    *,
    x_limit: float | None = None,
    y_limit: float | None = None,
    u_x: ArrayLike | None = None,
    u_y: ArrayLike | None = None,
    relative: bool = False,
    label: str = "",
    x_label: str = "",
    y_label: str = "",
) -> Line:
    """Fit y = a + b x; see the module for the three kinds.

    Parameters
    ----------
    x, y : shape (n,), n ≥ 2.
    x_limit, y_limit : instrument limits of error Δ, in the unit of x and y.
    u_x, u_y : known standard uncertainties, one for all readings or shape (n,).  They exclude the
        limits.
    relative : ``u_x``, ``u_y`` give ratios only; the residuals give their factor, ν = n - 2.
    label : what the line is, for the budget.
    x_label, y_label : names of the quantities, for the lines of the limits in the budget.

    Raises ReadingError where the readings do not determine a line: fewer than two, all x equal,
    lengths that differ, NaN.  Raises ValueError for limits beside known uncertainties.
    """
    abscissae, ordinates = checked_pair(x, y, 2)
    if np.ptp(abscissae) == 0:
        raise ReadingError("所有读数都相同，无法拟合")
    if u_x is None and u_y is None:
        names = x_label or f"{label} 横坐标", y_label or label
        return _ordinary(abscissae, ordinates, x_limit or 0.0, y_limit or 0.0, label, names)
    if x_limit is not None or y_limit is not None:
        raise ValueError("give either instrument limits or known standard uncertainties")
    spread_x = checked_uncertainties(u_x, len(abscissae))
    spread_y = checked_uncertainties(u_y, len(abscissae))
    return _known(abscissae, ordinates, spread_x, spread_y, relative, label)


def fit_proportional(
    x: ArrayLike,
    y: ArrayLike,
    *,
    y_limit: float | None = None,
    u_x: ArrayLike | None = None,
    u_y: ArrayLike | None = None,
    label: str = "",
    y_label: str = "",
) -> Line:
    """Fit y = b x: type A from the residuals with ν = n - 1, known weights, or u of both.

    Parameters and errors as :func:`fit_line`; here n ≥ 1, and x must not be all zero.
    """
    abscissae, ordinates = checked_pair(x, y, 1)
    if not abscissae.any():
        raise ReadingError("横坐标全为零，无法拟合")
    if u_y is not None and y_limit is not None:
        raise ValueError("give either an instrument limit or known standard uncertainties")
    if u_x is not None:
        given = (checked_uncertainties(u, len(abscissae)) for u in (u_x, u_y))
        b, u_b, squares = _weighted.fit_origin(abscissae, ordinates, *given)
        known = [Component(f"{label} 已知不确定度".strip(), 0.0, u_b, 0.0)]
        dof = len(abscissae) - 1
        return assemble(abscissae, ordinates, 0.0, 0.0, b, known, dof, chi_squared=squares)
    spread = checked_scales(u_y, len(abscissae))
    weighted = (abscissae / spread).astype(np.longdouble), ordinates / spread
    norm = np.sum(weighted[0] ** 2)
    slope = np.sum(weighted[0] * weighted[1]) / norm
    squares = float(np.sum((weighted[1] - slope * weighted[0]) ** 2))
    dof, unit = len(abscissae) - 1, float(1 / np.sqrt(norm))
    if u_y is not None:
        components = [Component(f"{label} 已知不确定度".strip(), 0.0, unit, 0.0)]
        return assemble(abscissae, ordinates, 0.0, 0.0, slope, components, dof, chi_squared=squares)
    components = [_type_b(y_label or label, 0.0, (y_limit or 0.0) * unit, 0.0)]
    if dof:
        u_a = float(np.sqrt(squares / dof)) * unit
        components.append(Component(f"{label} 拟合残差".strip(), 0.0, u_a, 0.0, dof))
    return assemble(abscissae, ordinates, 0.0, 0.0, slope, components, dof)


def _ordinary(
    x: Floats, y: Floats, x_limit: float, y_limit: float, label: str, names: tuple[str, str]
) -> Line:
    """Line of readings of unknown, equal scatter, with instrument limits where not zero."""
    n, dof = len(x), len(x) - 2
    middle, height = x.mean(dtype=np.longdouble), y.mean(dtype=np.longdouble)
    dx, dy = x - middle, y - height
    noise_x, noise_y = _noise(dx, dy, x_limit / np.sqrt(3), y_limit / np.sqrt(3))
    slope, by_x, by_y = _orthogonal(dx, dy, noise_x, noise_y)
    squares = np.sum((dy - slope * dx) ** 2)
    pivot, root = float(middle), float(np.sqrt(n))
    spread_x, spread_y = (float(np.sqrt(np.sum(part**2))) for part in (by_x, by_y))
    components = [
        _type_b(names[0], x_limit * abs(float(slope)) / root, x_limit * spread_x, pivot),
        _type_b(names[1], y_limit / root, y_limit * spread_y, pivot),
    ]
    if dof:
        s = float(np.sqrt(squares / dof))
        residual = f"{label} 拟合残差".strip()
        components.append(Component(residual, s / root, s * spread_y, pivot, dof))
    total = np.sum(dy**2)
    r_squared = float(1 - squares / total) if total and not x_limit else None
    height = height + slope * (pivot - middle)
    return assemble(x, y, pivot, height, slope, components, dof, r_squared=r_squared)


def _noise(dx: Extended, dy: Extended, u_x: float, u_y: float) -> tuple[float, float]:
    """Variances that weigh x and y: of x its limit, of y what x leaves of the scatter."""
    dof = len(dx) - 2
    sxx, sxy = np.sum(dx * dx), np.sum(dx * dy)
    if not u_x or not sxy:
        return 0.0, 1.0
    if dof and sxx > dof * u_x**2:
        slope = sxy / (sxx - dof * u_x**2)
        rest = np.sum((dy - slope * dx) ** 2) / dof - (slope * u_x) ** 2
        return u_x**2, max(float(rest), u_y**2)
    return u_x**2, u_y**2


def _orthogonal(
    dx: Extended, dy: Extended, noise_x: float, noise_y: float
) -> tuple[Any, Extended, Extended]:
    """Slope for equal variances of all x and of all y, and its derivatives by x and by y.

    b solves p b² Sxy - b (p Syy - q Sxx) - q Sxy = 0 with p, q the variances of x and y (Fuller,
    1.3); the derivatives are those of the implicit function.  p = 0 is ordinary least squares.
    """
    p, q = np.longdouble(noise_x), np.longdouble(noise_y)
    sxx, sxy, syy = np.sum(dx * dx), np.sum(dx * dy), np.sum(dy * dy)
    half = p * syy - q * sxx
    root = np.sqrt(half**2 + 4 * p * q * sxy**2)
    slope = (half + root) / (2 * p * sxy) if half > 0 else 2 * q * sxy / (root - half)
    by_slope = 2 * slope * p * sxy - half
    by_x = ((q - p * slope**2) * dy - 2 * slope * q * dx) / by_slope
    by_y = ((q - p * slope**2) * dx + 2 * slope * p * dy) / by_slope
    return slope, by_x, by_y


def _known(x: Floats, y: Floats, u_x: Floats, u_y: Floats, relative: bool, label: str) -> Line:
    """Line of readings of known standard uncertainties, or of known ratios of them."""
    found = _weighted.fit(x, y, u_x, u_y)
    dof = len(x) - 2
    factor, kind, nu = 1.0, "已知不确定度", inf
    if relative:
        factor = float(np.sqrt(found.chi_squared / dof)) if dof else 0.0
        kind, nu = "拟合残差", dof or inf
    component = Component(
        f"{label} {kind}".strip(),
        factor * found.u_height,
        factor * found.u_slope,
        found.pivot,
        nu,
    )
    chi_squared = None if relative else found.chi_squared
    line = x, y, found.pivot, found.height, found.slope
    return assemble(*line, [component], dof, chi_squared=chi_squared)


def _type_b(label: str, height: float, slope: float, pivot: float) -> Component:
    """Component of an instrument limit, from what the line would move by at Δ itself."""
    third = float(np.sqrt(3))
    name = f"{label} 仪器误差限".strip()
    return Component(name, height / third, slope / third, pivot, limited=True)
