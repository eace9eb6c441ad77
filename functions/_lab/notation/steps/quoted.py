"""Uncertainties in the steps as the rule in force quotes them (``rules``)."""

import math
from typing import Any

from functions._lab import influences
from functions._lab.rules import in_force


def u_of(estimate: Any) -> float:
    """What stands for u of an estimate, 0 for what is exact."""
    if not hasattr(estimate, "u"):
        return 0.0
    return influences.quoted(estimate)[0] if in_force().scales else float(estimate.u)


def parts_of(estimate: Any) -> tuple[float, float]:
    """Its type A and its type B part."""
    lines = influences.budget(estimate)
    kinds = ([one.contribution for one in lines if one.type == kind] for kind in "AB")
    by_a, by_b = (math.hypot(*parts) if parts else 0.0 for parts in kinds)
    return by_a, by_b


def name_of_uncertainty() -> str:
    """What u is called: standard uncertainty, where it is one."""
    return "不确定度" if in_force().scales else "标准不确定度"
