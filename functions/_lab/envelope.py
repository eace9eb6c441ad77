"""The smooth envelope through the maxima or the minima of a curve.  Used by ``peaks``."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CLEAR_OF_ZERO = 3.0
"""Least height, in its u, for which the logarithm of an envelope is taken."""


@dataclass(frozen=True)
class Envelope:
    """Smooth curve through extrema: a power law with a bend, or a parabola.

    ln y as a polynomial of ln x of at most second degree (exact for any power law) where x and y
    are positive, else y as such a polynomial of x; least squares where there are more than three.
    """

    logarithmic: bool
    coefficients: Floats
    least: float
    """Abscissa below which the power law is not continued."""

    def at(self, x: Floats) -> Floats:
        """The envelope at ``x`` (n,)."""
        if not self.logarithmic:
            return np.asarray(np.polynomial.polynomial.polyval(x, self.coefficients))
        t = np.log(np.maximum(x, self.least))
        return np.asarray(np.exp(np.polynomial.polynomial.polyval(t, self.coefficients)))


def fit_envelope(x: Any, y: Any, u: Any) -> Envelope:
    """Envelope through two points (x, y) at least, with standard uncertainties ``u`` of y."""
    places, heights, u = (np.asarray(column, dtype=float) for column in (x, y, u))
    logarithmic = bool(np.all(places > 0) and np.all(heights > _CLEAR_OF_ZERO * u))
    least = float(places.min()) / 4
    if logarithmic:
        places, heights = np.log(places), np.log(heights)
    columns = np.vander(places, min(3, places.size), increasing=True)
    return Envelope(logarithmic, np.linalg.pinv(columns) @ heights, least)
