"""Where two straight segments meet: the joint of least squares, by looking at every interval.

``segments`` says how and where that is from.  Columns are sorted and scaled, of the order of one.
"""

import numpy as np
from numpy.typing import NDArray

from functions._lab.errors import ReadingError

Floats = NDArray[np.float64]

APART = "横坐标的大小相差悬殊，请检查单位与小数点"


def least_joint(t: Floats, v: Floats) -> float:
    """The joint of least squares.

    Raises ReadingError where rounding leaves none to choose from.
    """
    with np.errstate(all="ignore"):
        try:
            joints = _candidates(t, v)
        except np.linalg.LinAlgError:
            joints = np.array([])
    if not joints.size:
        raise ReadingError(APART)
    hinges = np.stack([hinge(t, joint) for joint in joints])
    basis = np.linalg.qr(hinges).Q
    rest = v - np.einsum("kni,ki->kn", basis, np.einsum("kni,n->ki", basis, v))
    return float(joints[np.argmin(np.sum(rest**2, axis=1))])


def _candidates(t: Floats, v: Floats) -> Floats:
    """The joints with the smallest sums of squares by running sums, the best few of all.

    A sum of squares obtained as a difference of sums is rounded; the best few are compared anew.
    """
    _, starts = np.unique(t, return_index=True)
    crossing, apart = _crossings(t, v, starts)
    joints = np.concatenate([crossing, t[starts[1:-1]]])
    sums = np.concatenate([apart, _hinge_sums(t, v, starts[1:-1])])
    joints, sums = joints[np.isfinite(sums)], sums[np.isfinite(sums)]
    return np.asarray(joints[np.argsort(sums, kind="stable")[:12]])


def _running(t: Floats, v: Floats, at: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Sums of 1, t, t², v, tv, v² over readings before each index in ``at``, and over the rest."""
    rows = np.stack([np.ones_like(t), t, t * t, v, t * v, v * v])
    total = np.concatenate([np.zeros((6, 1)), np.cumsum(rows, axis=1)], axis=1)
    return total[:, at], total[:, -1:] - total[:, at]


def _line(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Intercept, slope and sum of squared residuals of lines from their sums."""
    n, st, stt, sv, stv, svv = sums
    slope = (stv - st * sv / n) / (stt - st * st / n)
    intercept = (sv - slope * st) / n
    return intercept, slope, svv - sv * sv / n - slope * (stv - st * sv / n)


def _crossings(t: Floats, v: Floats, starts: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Crossings of lines fitted apart that fall into their own interval, and the sums of squares.

    Each side has two different abscissae at least.
    """
    at = starts[2:-1]
    left, right = _running(t, v, at)
    a, b, lower = _line(left)
    d, e, upper = _line(right)
    joint = (a - d) / (e - b)
    inside = (joint >= t[at - 1]) & (joint <= t[at])
    return joint[inside], (lower + upper)[inside]


def _hinge_sums(t: Floats, v: Floats, at: NDArray[np.intp]) -> Floats:
    """Sums of squares with the joint on each reading in ``at``."""
    joint = t[at]

    def shifted(sums: Floats) -> tuple[Floats, ...]:
        n, st, stt, sv, stv, svv = sums
        moved = st - n * joint
        return n, moved, stt - 2 * joint * st + n * joint**2, sv, stv - joint * sv, svv

    left, right = (shifted(sums) for sums in _running(t, v, at))
    nothing = np.zeros_like(joint)
    matrix = np.array(
        [
            [left[0] + right[0], left[1], right[1]],
            [left[1], left[2], nothing],
            [right[1], nothing, right[2]],
        ]
    )
    target = np.array([left[3] + right[3], left[4], right[4]])
    solution = np.linalg.solve(matrix.transpose(2, 0, 1), target.T[:, :, None])[:, :, 0]
    return np.asarray(left[5] + right[5] - np.sum(solution * target.T, axis=1))


def hinge(t: Floats, joint: float) -> Floats:
    """Columns of h, b₁ and b₂ (n, 3)."""
    return np.stack([np.ones_like(t), np.minimum(t - joint, 0), np.maximum(t - joint, 0)], axis=1)
