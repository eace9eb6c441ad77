"""A charged oil drop between two plates: the apparatus, and the charge from its times."""

import math
from typing import Annotated, Any

from msgspec import Meta, Struct

from functions._lab.errors import ReadingError
from functions._lab.fields import Positive, scalar


class Apparatus(Struct, frozen=True):
    """The balance apparatus; defaults of the OM99 handout, at 101 325 Pa and 20 °C."""

    distance_mm: Annotated[Positive, scalar("下落距离", "l", "mm", limited=False)] = 2.0
    plate_gap_mm: Annotated[Positive, scalar("极板间距", "d", "mm", limited=False)] = 5.0
    oil_density: Annotated[Positive, scalar("油密度", "ρ", "kg/m³", limited=False)] = 981.0
    air_density: Annotated[
        float, Meta(ge=0, le=100), scalar("空气密度", "ρ₀", "kg/m³", limited=False)
    ] = 1.2928
    viscosity: Annotated[Positive, scalar("空气黏度", "η", "Pa·s", limited=False)] = 1.83e-5
    pressure: Annotated[Positive, scalar("大气压强", "p", "Pa", limited=False)] = 101325.0
    cunningham_b: Annotated[Positive, scalar("修正常数", "b", "m·Pa", limited=False)] = 8.226e-3
    g: Annotated[Positive, scalar("重力加速度", "g", "m/s²", limited=False)] = 9.80

    def __post_init__(self) -> None:
        if self.oil_density <= self.air_density:
            raise ReadingError("应大于空气密度", "apparatus.oil_density")


def drop_charge(voltage: Any, fall: Any, apparatus: Apparatus, rise: Any = None) -> Any:
    """Charge of a drop in C from its voltage in V, its fall time and its rise time in s.

    Floats or GTC uncertain numbers; the formula is in the docstring of ``functions.millikan``.
    Without a rise time the voltage holds the drop still.
    """
    buoyant = (apparatus.oil_density - apparatus.air_density) * apparatus.g
    viscous = apparatus.viscosity * apparatus.distance_mm * 1e-3
    radius = (9 * viscous / (2 * buoyant * fall)) ** 0.5
    slip = 1 + apparatus.cunningham_b / (apparatus.pressure * radius)
    rates = 1 / fall if rise is None else 1 / fall + 1 / rise
    scale = 18 * math.pi / (2 * buoyant) ** 0.5
    return (
        scale
        * (viscous / slip) ** 1.5
        * rates
        / fall**0.5
        * apparatus.plate_gap_mm
        * 1e-3
        / voltage
    )
