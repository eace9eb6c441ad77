"""Instrument limits of typed quantities, carried to the quantities that are fitted."""

import numpy as np
from numpy.typing import ArrayLike


def carried(limit: float | None, derivatives: ArrayLike) -> float | None:
    """Limit of error of a function of a reading, or None without a limit.

    Parameters
    ----------
    limit : limit of error Δ of the reading.
    derivatives : of the function at each reading, shape (n,) or one for all.  A fit with equal
        weights knows one limit for all readings: Δ times the root mean square, which leaves the
        mean variance what it is.
    """
    if limit is None:
        return None
    return limit * float(np.sqrt(np.mean(np.square(np.asarray(derivatives, float)))))
