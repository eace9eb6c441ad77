"""The way down to a least-squares minimum: descent, polish and the test that it was reached.

The descent is MINPACK's Levenberg–Marquardt (SciPy) with exact derivatives; Gauss–Newton steps with
an orthogonal factorisation then go to the end of the arithmetic.  Convergence is judged by the
orthogonality of residuals and tangent plane (Bates & Watts, *Technometrics* 23 (1981) 179), which
does not depend on the scale of anything.  Used by ``curve``.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from functions._lab.errors import ReadingError

Floats = NDArray[np.floating[Any]]
Model = Callable[..., Any]

CLOSE = 1e-6
"""Largest relative offset of an accepted solution."""
_MOST_EVALUATIONS = 2000
_MOST_IN_ALL = 2_000_000
"""Evaluations times readings, a second or so; of that many, a hundred evaluations at least."""
_FEWEST_EVALUATIONS = 100
_MOST_STEPS = 30
_UNDETERMINED = "数据不能确定曲线的全部参数，请检查读数或换一个模型"


class ConvergenceError(ReadingError):
    """The data do not lead to, or do not determine, the parameters of the curve."""


class Problem:
    """Residuals and derivatives of one fit, weighted by 1/u where u is known."""

    def __init__(
        self,
        model: Model,
        jacobian: Model | None,
        x: Floats,
        y: Floats,
        u_y: Any,
        start: Sequence[float],
    ) -> None:
        self.model, self.jacobian, self.x, self.y = model, jacobian, x, y
        self.known_weights = u_y is not None
        self.u = np.ones(y.size) if u_y is None else np.broadcast_to(u_y, y.shape)
        self._plain_x = x.astype(float)
        self._analytic = jacobian is None and self._is_analytic(np.asarray(start, dtype=float))

    def curve(self, x: Floats, p: Floats) -> Floats:
        """f(x, p); not finite where the model overflows."""
        with np.errstate(all="ignore"):
            value = np.asarray(self.model(x, *p))
        return np.broadcast_to(value, x.shape[-1:] if x.ndim else ())

    def residuals(self, p: Floats) -> Floats:
        """(y - f)/u (n,), in the precision of y and p."""
        return (self.y - self.curve(self.x, p)) / self.u

    def objective(self, p: Floats) -> Floats:
        """As :meth:`residuals`, in double precision, huge where the model is not finite."""
        value = ((self.y - self.curve(self._plain_x, p)) / self.u).astype(float)
        return np.where(np.isfinite(value), np.clip(value, -1e100, 1e100), 1e100)

    def slopes(self, p: Floats) -> Floats:
        """Derivatives of :meth:`objective` (n, p)."""
        matrix = -self.gradient(self._plain_x, p) / self.u[:, None]
        return np.where(np.isfinite(matrix), np.clip(matrix, -1e100, 1e100), 0.0)

    def gradient(self, x: Floats, p: Floats) -> Floats:
        """∂f/∂p (n, p) at ``x``."""
        p = p.astype(float)
        if self.jacobian is not None:
            with np.errstate(all="ignore"):
                return np.asarray(self.jacobian(x, *p), dtype=float)
        x = x.astype(float)
        return self._complex_step(x, p) if self._analytic else self._differences(x, p)

    def _complex_step(self, x: Floats, p: Floats) -> Floats:
        """Im f(p + ih)/h, exact to rounding (Squire & Trapp, *SIAM Review* 40 (1998) 110)."""
        columns = []
        for j in range(p.size):
            step = 1e-30 * (abs(p[j]) or 1.0)
            moved = list(p.astype(complex))
            moved[j] += 1j * step
            with np.errstate(all="ignore"):
                value = np.imag(np.asarray(self.model(x, *moved))) / step
            columns.append(np.broadcast_to(value, x.shape[-1:]))
        return np.stack(columns, axis=1).astype(float)

    def _differences(self, x: Floats, p: Floats) -> Floats:
        """Central differences of fourth order."""
        columns = []
        for j in range(p.size):
            step = np.zeros(p.size)
            step[j] = 1e-3 * (abs(p[j]) or 1.0)
            near = self.curve(x, p + step) - self.curve(x, p - step)
            far = self.curve(x, p + 2 * step) - self.curve(x, p - 2 * step)
            columns.append((8 * near - far) / (12 * step[j]))
        return np.stack(columns, axis=1).astype(float)

    def _is_analytic(self, p: Floats) -> bool:
        """Whether the complex step agrees with differences, so that it may be trusted."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", np.exceptions.ComplexWarning)
                exact = self._complex_step(self._plain_x, p)
        except (TypeError, ValueError, np.exceptions.ComplexWarning):
            return False
        rough = self._differences(self._plain_x, p)
        with np.errstate(all="ignore"):
            scale = np.max(np.abs(rough), axis=0)
            return bool(np.all(np.abs(exact - rough) <= 1e-3 * scale + 1e-300))


def descend(
    problem: Problem, start: Floats, bounds: Sequence[tuple[float, float]] | None
) -> Floats:
    """Minimum reached from ``start`` (p,): Levenberg–Marquardt, or the trust region with bounds.

    Without bounds the trust region is the second way where the first one does not converge.
    """
    limits = (-np.inf, np.inf) if bounds is None else tuple(np.array(bounds, dtype=float).T)
    if bounds is not None:
        start = np.clip(start, *limits)
    most = max(_FEWEST_EVALUATIONS, min(_MOST_EVALUATIONS, _MOST_IN_ALL // problem.y.size))
    best, lowest = start, np.inf
    for method in ("lm", "trf") if bounds is None else ("trf",):
        if not np.isfinite(np.sum(problem.objective(start) ** 2)):
            break
        with np.errstate(all="ignore"):  # a step that overflows is one that is not taken
            outcome = optimize.least_squares(
                problem.objective,
                start,
                jac=problem.slopes,
                method=method,
                bounds=limits,
                x_scale="jac",
                xtol=1e-15,
                ftol=1e-15,
                gtol=1e-15,
                max_nfev=most,
            )
        if outcome.cost < lowest:
            best, lowest = outcome.x, outcome.cost
        if offset(problem, best) < CLOSE:
            break
    return np.asarray(best, dtype=float)


def factor(problem: Problem, p: Floats) -> tuple[Floats, Floats, Floats]:
    """Q (n, p), R (p, p) of the Jacobian with columns scaled to unit length, and the lengths (p,).

    Raises ConvergenceError where the columns are linearly dependent.
    """
    slopes = problem.slopes(p)
    lengths = np.linalg.norm(slopes, axis=0)
    if not np.all(np.isfinite(lengths)) or np.any(lengths == 0):
        raise ConvergenceError(_UNDETERMINED)
    q, r = np.linalg.qr(slopes / lengths)
    singular = np.linalg.svd(r, compute_uv=False)
    if singular[-1] <= singular[0] * np.finfo(float).eps * slopes.shape[0]:
        raise ConvergenceError(_UNDETERMINED)
    return q, r, lengths


def offset(problem: Problem, p: Floats) -> float:
    """Relative offset of Bates & Watts: tangential over normal part of the residuals.

    What the rounding of y and of the parameters alone can put into the tangential part does not
    count: of p it is felt as ∂f/∂p · p, for the phase of a fast sine much more than that of y.
    """
    try:
        q, _, _ = factor(problem, p)
    except ConvergenceError:
        return np.inf
    residuals = problem.objective(p)
    tangential = q.T @ residuals
    spread = np.linalg.norm(residuals - q @ tangential) / np.sqrt(max(1, q.shape[0] - q.shape[1]))
    sizes = np.abs((problem.y / problem.u).astype(float))
    sizes += np.abs(problem.slopes(p)) @ np.abs(p.astype(float))
    rounding = 16 * np.finfo(float).eps * np.linalg.norm(sizes)
    excess = max(0.0, float(np.linalg.norm(tangential) - rounding)) / np.sqrt(q.shape[1])
    return float(excess / max(float(spread), 1e-300))


def polish(problem: Problem, p: Floats) -> Floats:
    """Gauss–Newton to the end of the arithmetic, as long as residuals grow more orthogonal.

    Residuals and parameters keep the precision of y, only the step is computed in double
    precision, as in iterative refinement.
    """
    p = best = p.astype(problem.y.dtype)
    residuals = problem.residuals(p)
    least, lowest = np.inf, np.sum(residuals**2)
    for _ in range(_MOST_STEPS):
        q, r, lengths = factor(problem, p)
        with np.errstate(all="ignore"):  # beyond all bounds there is nothing to be polished
            tangential = (q.T.astype(p.dtype) @ residuals).astype(float)
        size, total = float(np.linalg.norm(tangential)), np.sum(residuals**2)
        if not (size < least and total <= lowest * (1 + 1e-9)):
            break
        best, least, lowest = p, size, min(total, lowest)
        p = p - np.linalg.solve(r, tangential) / lengths
        residuals = problem.residuals(p)
    return best
