"""Many simulated data sets of one experiment: how often the truth is covered, and false alarms."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from functions._lab.result import Result

SETS = 2000
ACCUSING = frozenset({"outlier", "decimal-slip", "digit-swap", "repeats", "order"})
"""Warnings that accuse a reading."""


def simulate(
    analyse: Callable[[Any], Result],
    make: Callable[[np.random.Generator], Any],
    truth: Mapping[str, float],
    *,
    seed: int,
    sets: int = SETS,
) -> tuple[dict[str, float], float]:
    """Share of sets whose 95 % interval covers the truth, by name of the measurand, and the share
    in which a reading is accused although all are sound."""
    rng = np.random.default_rng(seed)
    covered, accused = dict.fromkeys(truth, 0), 0
    for _ in range(sets):
        result = analyse(make(rng))
        found = {measurand.name: measurand for measurand in result.measurands}
        for name, value in truth.items():
            measurand = found[name]
            covered[name] += abs(measurand.value - value) <= measurand.expanded_uncertainty
        accused += any(caution.code in ACCUSING for caution in result.warnings)
    return {name: count / sets for name, count in covered.items()}, accused / sets
