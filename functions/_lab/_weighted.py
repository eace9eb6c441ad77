"""Straight lines where both variables carry an uncertainty.

The minimum of χ²(a, b) = Σ (yᵢ - a - b xᵢ)² / (u²(yᵢ) + b² u²(xᵢ)), first over the angle of the
line, so that no minimum is missed, then by Newton steps.  The covariance is that of the law of
propagation (JCGM 100:2008, 5.1.2) applied to the observed points, with the full Hessian: the
convention of M. Krystek and M. Anton, Meas. Sci. Technol. 22 (2011) 035101, of Kalantar,
Meas. Sci. Technol. 3 (1992) 1113, and of GTC's ``type_b.line_fit_wtls`` (which needs one uncertain
number for each reading, and minutes for a few thousand of them).  York et al., Am. J. Phys. 72
(2004) 367, evaluate it at the adjusted points; the two agree to a few per cent.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from functions._lab.errors import ReadingError
from functions._lab.linear import Floats

_ANGLES = 181
_NEWTON_STEPS = 30
_SETTLED = 1e-6
_LEVEL = 1e-8


@dataclass(frozen=True)
class Centred:
    """The line y = height + slope·(x - pivot) whose height and slope are not correlated."""

    pivot: float
    height: float
    slope: float
    u_height: float
    u_slope: float
    chi_squared: float


def fit(x: Floats, y: Floats, u_x: Floats, u_y: Floats) -> Centred:
    """Line through n ≥ 2 points with known, independent standard uncertainties, each shape (n,).

    Raises ReadingError where a point has no uncertainty at all, or where the data do not
    determine a slope.
    """
    exact = np.flatnonzero((u_x == 0) & (u_y == 0))
    if exact.size:
        raise ReadingError("不确定度为零，无法加权", index=int(exact[0]))
    shift_x, shift_y = float(x.mean()), float(y.mean())
    width_x, width_y = _width(x, u_x), _width(y, u_y)
    scaled = (x - shift_x) / width_x, (y - shift_y) / width_y, u_x / width_x, u_y / width_y
    slope = _least_slope(*scaled) if u_x.any() else 0.0
    line = _polished(*scaled, slope)
    return Centred(
        pivot=shift_x + width_x * line.pivot,
        height=shift_y + width_y * line.height,
        slope=line.slope * width_y / width_x,
        u_height=line.u_height * width_y,
        u_slope=line.u_slope * width_y / width_x,
        chi_squared=line.chi_squared,
    )


def _width(values: Floats, u: Floats) -> float:
    """Unit in which a column is of the order of one: its range, or its least u if that is more."""
    least = float(u[u > 0].min()) if u.any() else 0.0
    return max(float(np.ptp(values)), least) or 1.0


def _profile(angle: float, x: Floats, y: Floats, u_x: Floats, u_y: Floats) -> float:
    """χ² at the best line of that angle."""
    sine, cosine = np.sin(angle), np.cos(angle)
    variance = (u_y * cosine) ** 2 + (u_x * sine) ** 2
    distance = y * cosine - x * sine
    weights = 1 / variance
    distance = distance - np.sum(weights * distance) / np.sum(weights)
    return float(np.sum(weights * distance**2))


def _least_slope(
    x: Floats,
    y: Floats,
    u_x: Floats,
    u_y: Floats,
    profile: Callable[..., float] = _profile,
) -> float:
    """Slope near the global minimum of χ² over all angles."""
    # neither 0 nor ±π/2: there the variance of a point known in one variable alone would vanish
    step = np.pi / _ANGLES
    angles = (np.arange(_ANGLES) + 0.5) * step - np.pi / 2 + 1e-3
    values = [profile(angle, x, y, u_x, u_y) for angle in angles]
    best = float(angles[int(np.argmin(values))])
    found = optimize.minimize_scalar(
        profile,
        args=(x, y, u_x, u_y),
        bounds=(best - step, best + step),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(np.tan(found.x))


def _polished(x: Floats, y: Floats, u_x: Floats, u_y: Floats, slope: float) -> Centred:
    """Newton steps on the slope (the intercept always at its best), then the uncertainties."""
    last = np.inf
    for _ in range(_NEWTON_STEPS):
        state = _State(x, y, u_x, u_y, slope)
        curvature = state.curvature
        if not curvature > state.least_curvature:
            break
        step = -state.gradient / curvature
        if not abs(step) < last:
            break
        slope, last = slope + step, abs(step)
    settled = last <= _SETTLED * max(1.0, abs(slope))
    if not (settled and curvature > state.least_curvature):
        raise ReadingError("两个变量的不确定度太大，数据不能确定一条直线")
    return state.centred()


def fit_origin(x: Floats, y: Floats, u_x: Floats, u_y: Floats) -> tuple[float, float, float]:
    """Slope b of y = b x, its u, and χ² of points with known uncertainties, each shape (n,).

    The least of Σ (y - b x)² / (u²(y) + b² u²(x)) over all angles of the line; u by propagation
    from the observed points with the full second derivative, as for the line.

    Raises ReadingError where a point has no uncertainty at all, or the data determine no slope.
    """
    exact = np.flatnonzero((u_x == 0) & (u_y == 0))
    if exact.size:
        raise ReadingError("不确定度为零，无法加权", index=int(exact[0]))
    width_x, width_y = float(np.abs(x).max()), float(np.abs(y).max()) or 1.0
    at, level, spread, scatter = x / width_x, y / width_y, u_x / width_x, u_y / width_y
    slope = _least_slope(at, level, spread, scatter, profile=_origin_profile)
    weights = 1 / (scatter**2 + (slope * spread) ** 2)
    residuals = level - slope * at
    pull = weights**2 * spread**2 * residuals
    curvature = float(
        np.sum(
            weights * at**2
            + 4 * slope * pull * at
            - pull * residuals
            + 4 * slope**2 * weights * spread**2 * pull * residuals
        )
    )
    if not curvature > _LEVEL * float(np.sum(weights * at**2)):
        raise ReadingError("两个变量的不确定度太大，数据不能确定斜率")
    by_y = weights * at + 2 * slope * pull
    by_x = weights * residuals - slope * weights * at - 2 * slope**2 * pull
    u = float(np.sqrt(np.sum((by_y * scatter) ** 2 + (by_x * spread) ** 2))) / curvature
    unit = width_y / width_x
    return slope * unit, u * unit, float(np.sum(weights * residuals**2))


def _origin_profile(angle: float, x: Floats, y: Floats, u_x: Floats, u_y: Floats) -> float:
    """χ² of the line through the origin of that angle."""
    sine, cosine = np.sin(angle), np.cos(angle)
    distance = y * cosine - x * sine
    return float(np.sum(distance**2 / ((u_y * cosine) ** 2 + (u_x * sine) ** 2)))


class _State:
    """χ²/2 at one slope: gradient, Hessian, and sensitivities of the estimates to the readings.

    Abscissae are counted from their weighted mean, the line from its weighted mean height.
    """

    def __init__(self, x: Floats, y: Floats, u_x: Floats, u_y: Floats, slope: float) -> None:
        self.u_x, self.u_y, self.slope = u_x, u_y, slope
        self.weights = 1 / (u_y**2 + (slope * u_x) ** 2)
        total = np.sum(self.weights)
        self.mean_x = float(np.sum(self.weights * x) / total)
        self.mean_y = float(np.sum(self.weights * y) / total)
        self.x = x - self.mean_x
        self.residuals = (y - self.mean_y) - slope * self.x
        self.pull = self.weights**2 * u_x**2 * self.residuals

    @property
    def gradient(self) -> float:
        """First derivative of χ²/2 by the slope, the height following it."""
        return float(
            -np.sum(self.weights * self.x * self.residuals)
            - self.slope * np.sum(self.pull * self.residuals)
        )

    @property
    def hessian(self) -> Floats:
        """Second derivatives of χ²/2 by height and slope."""
        w, r, b = self.weights, self.residuals, self.slope
        mixed = np.sum(w * self.x) + 2 * b * np.sum(self.pull)
        curvature = np.sum(
            w * self.x**2
            + 4 * b * self.pull * self.x
            - self.pull * r
            + 4 * b**2 * w * self.u_x**2 * self.pull * r
        )
        return np.array([[np.sum(w), mixed], [mixed, curvature]])

    @property
    def curvature(self) -> float:
        """Second derivative of χ²/2 by the slope, the height following it."""
        h = self.hessian
        return float(h[1, 1] - h[0, 1] ** 2 / h[0, 0])

    @property
    def least_curvature(self) -> float:
        """Less than this, and the valley of χ² is level, or the line upright, to rounding."""
        return float(_LEVEL * np.sum(self.weights * self.x**2))

    def covariance(self) -> Floats:
        """Covariance of height and slope by propagation from the observed points."""
        w, r, b, x = self.weights, self.residuals, self.slope, self.x
        by_y = np.array([w, w * x + 2 * b * self.pull])
        by_x = np.array([-b * w, w * r - b * w * x - 2 * b**2 * self.pull])
        parts = np.hstack([by_y * self.u_y, by_x * self.u_x])
        sensitivities = np.linalg.solve(self.hessian, parts)
        return np.asarray(sensitivities @ sensitivities.T)

    def centred(self) -> Centred:
        """The line about the abscissa where height and slope are not correlated."""
        covariance = self.covariance()
        variance = covariance[1, 1]
        offset = -covariance[0, 1] / variance
        least = max(covariance[0, 0] - covariance[0, 1] ** 2 / variance, 0.0)
        return Centred(
            pivot=self.mean_x + offset,
            height=self.mean_y + self.slope * offset,
            slope=self.slope,
            u_height=float(np.sqrt(least)),
            u_slope=float(np.sqrt(variance)),
            chi_squared=float(np.sum(self.weights * self.residuals**2)),
        )
