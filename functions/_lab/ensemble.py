"""Estimates of one fit as correlated uncertain numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from GTC import multiple_ureal, set_correlation


def correlated(
    values: Sequence[float], covariance: Any, degrees_of_freedom: float, labels: Sequence[str]
) -> list[Any]:
    """GTC uncertain numbers with the given covariance (p × p).

    They form one ensemble, so that the degrees of freedom of what is derived from them are right
    although they are correlated (R. Willink, *Metrologia* 44 (2007) 340, section 4.1).
    """
    matrix = np.asarray(covariance, dtype=float)
    u = np.sqrt(np.diag(matrix))
    numbers = list(
        multiple_ureal([float(v) for v in values], u.tolist(), degrees_of_freedom, labels)
    )
    for i, first in enumerate(numbers):
        for j, second in enumerate(numbers[:i]):
            if u[i] > 0 and u[j] > 0:
                set_correlation(float(np.clip(matrix[i, j] / (u[i] * u[j]), -1, 1)), first, second)
    return numbers
