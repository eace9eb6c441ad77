"""What follows from the parameters of a fitted curve: intercepts, periods, decay constants."""

import math
from typing import Any

from GTC import ureal

from functions._lab.measurand import measurand
from functions._lab.model_names import Model
from functions._lab.models import Fitted
from functions._lab.peaks import Extremum
from functions._lab.result import Measurand

_CLEAR_OF_ZERO = 3.0
FWHM = 2 * math.sqrt(2 * math.log(2))
"""Full width at half maximum of a Gaussian in units of σ."""


def derived(model: Model, fitted: Fitted, x_unit: str) -> list[Measurand]:
    """Measurands that a report gives beside the parameters, where a divisor is clear of zero."""
    p: dict[str, Any] = {
        symbol: value for (_, symbol, _), value in zip(fitted.named, fitted.estimates, strict=True)
    }
    match model:
        case "line" if _clear(p["b"]):
            return [measurand("直线与横轴的交点", "x₀", x_unit, -p["a"] / p["b"])]
        case "polynomial" if len(p) == 3 and _clear(p["c₂"]):
            return [measurand("抛物线顶点的位置", "xₘ", x_unit, -p["c₁"] / (2 * p["c₂"]))]
        case "exponential" if _clear(p["B"]):
            time = 1 / p["B"] if p["B"] > 0 else -1 / p["B"]
            kind, half = ("增长", "倍增") if p["B"] > 0 else ("衰减", "减半")
            return [
                measurand(f"{kind}常数 1/|B|", "τ", x_unit, time),
                measurand(f"{half}间隔 ln2/|B|", "x½", x_unit, math.log(2) * time),
            ]
        case "gaussian":
            return [measurand("半高全宽", "FWHM", x_unit, FWHM * p["σ"])]
        case "sine" if _clear(p["f"]):
            return [measurand("周期", "T", x_unit, 1 / p["f"])]
        case "damped-sine" if _clear(p["f"]):
            return [
                measurand("周期", "T", x_unit, 1 / p["f"]),
                measurand("对数减缩率 β·T", "Λ", "1", p["β"] / p["f"]),
            ]
    return []


def position(extremum: Extremum, label: str) -> Any:
    """Abscissa of a peak or valley as a GTC uncertain number with that label."""
    return ureal(
        extremum.value, extremum.standard_uncertainty, extremum.degrees_of_freedom, label=label
    )


def _clear(value: Any) -> bool:
    return abs(float(value.x)) > _CLEAR_OF_ZERO * float(value.u)
