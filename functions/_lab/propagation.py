"""Instrument limits carried through a non-linear fit.

A reading that moves by δ moves the parameters of a least-squares fit by C Jᵀ δ with
C = (JᵀJ)⁻¹ (JCGM 100:2008, 5.1.2).  The limits are taken as independent from reading to reading,
as for straight lines, so each limit gives an ensemble of its own with infinite degrees of freedom.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions._lab.curve import CurveFit
from functions._lab.ensemble import correlated
from functions._lab.rules import factors

Array = NDArray[np.float64]


def with_limits(fit: CurveFit, gradient: Array, limits: Mapping[str, Array | None]) -> list[Any]:
    """Parameters of ``fit`` as uncertain numbers, with the limits of the instruments in them.

    Parameters
    ----------
    fit : unweighted fit of n readings and p parameters.
    gradient : ∂f/∂p at the readings, (n, p).
    limits : name of the quantity to what its limit of error does to y - f of each reading, (n,),
        in the unit of y; None where no limit is given.
    """
    parameters = list(fit.parameters)
    for label, moved in limits.items():
        if moved is None:
            continue
        weights = np.linalg.pinv(gradient)
        covariance = (weights * (moved**2 / 3)) @ weights.T
        zeros = [0.0] * len(parameters)
        labels = [f"{label} 仪器误差限"] * len(parameters)
        moves = correlated(zeros, covariance, float("inf"), labels)
        parameters = [p + factors.limited(move) for p, move in zip(parameters, moves, strict=True)]
    return parameters
