"""Readings without scatter: what is known of them is half a step of their last digit.

A column whose readings are all equal, or lie on their curve much closer than their last digit can
tell, is not exact: the readings were rounded, and half a step of the last digit is a rectangular
limit of error (JCGM 100:2008, F.2.2.1).  It stands in where no instrument's limit is given.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from functions._lab.result import Caution
from functions._lab.suspects import step_of

_EXACT = 0.5
"""Scatter below which the last digit hides it, in standard deviations of the rounding."""

Array = NDArray[np.float64]


def hidden(values: Sequence[float] | Array, scatter: float | None) -> float | None:
    """Half a step of the last digit of the readings (n,), where their scatter is hidden by it.

    Parameters
    ----------
    scatter : standard deviation of the readings about what they should be, None where unknown.
    """
    if scatter is None:
        return None
    half = step_of(values) / 2
    return half if scatter < _EXACT * half / 3**0.5 else None


def hidden_check(what: str, half: float, field: str = "") -> Caution:
    """The warning that an uncertainty comes from the last digit alone.  ``what`` is Chinese."""
    from functions._lab.slips import plain

    sentence = (
        f"{what}：读数看不出离散，不确定度只按末位的一半（{plain(half)}）计，请给出仪器误差限"
    )
    return Caution("no-scatter", sentence, field)
