"""The simple pendulum: the acceleration of free fall from the periods of several lengths.

Model
    T² = a + b l with b = 4π²/g; the intercept a takes up what all lengths have in common.
Measurands
    g from the slope b.
Sources
    Any textbook of mechanics.
"""

from math import pi
from typing import TYPE_CHECKING, Annotated

from functions import _lab as lab
from functions._lab.fields import (
    Positive,
    Readings,
    column,
    field,
    require_equal_lengths,
    require_points,
    require_spread,
)
from functions._lab.figure import Figure
from functions._lab.result import Result
from functions._runtime.experiment import experiment

if TYPE_CHECKING:
    from functions._lab.line import Line


class Pendulum(Readings, frozen=True):
    """Lengths, and the period at each."""

    length: Annotated[list[Positive], column("摆长", "l", "m", table="单摆")]
    period: Annotated[list[Positive], column("周期", "T", "s", table="单摆")]

    def __post_init__(self) -> None:
        require_equal_lengths(length=self.length, period=self.period)
        require_points("length", self.length, 3, "拟合直线")
        require_spread("length", self.length)


def analyse(readings: Pendulum) -> Result:
    """g with its uncertainty; readings that look wrong become warnings."""
    import numpy as np

    line = _line(readings)
    g = lab.measurand.measurand("重力加速度", "g", "m/s²", 4 * pi**2 / line.slope)
    return Result(
        measurands=[g],
        fits=[line.as_fit("T2-l", "T² = a + b·l", ("斜率", "b", "s²/m"), ("截距", "a", "s²"))],
        warnings=[
            *lab.checks.line_checks(
                "length", readings.length, "period", readings.period, to_y=np.square
            ),
            *lab.checks.few_points(line.degrees_of_freedom, "重力加速度 g"),
        ],
    )


def _line(readings: Pendulum) -> "Line":
    squares = [period**2 for period in readings.period]
    return lab.line.fit_line(
        readings.length,
        squares,
        x_limit=readings.limit("length"),
        y_limit=lab.limits.mean(_limits(readings)),
        label="T²–l 直线",
        x_label="摆长 l",
        y_label="周期 T",
    )


def _limits(readings: Pendulum) -> list[float] | None:
    """Limits of error of T², reading by reading: 2 T Δ."""
    return lab.limits.of_each(readings.limit("period"), [2 * t for t in readings.period])


def figures(readings: Pendulum, result: Result) -> dict[str, Figure]:
    """Figure ``t2-l``: the squares of the periods over the lengths, and the residuals."""
    panels = lab.panels.line_panels(
        _line(readings),
        field(Pendulum, "length").axis,
        "周期的平方 T² / s²",
        note=[measurand.display for measurand in result.measurands],
        x_limit=readings.limit("length"),
        y_limit=_limits(readings),
    )
    return {"t2-l": Figure("单摆：周期的平方与摆长", panels)}


function = experiment(__file__, title="单摆", input=Pendulum, analyse=analyse, figures=figures)
app = function.app

if __name__ == "__main__":
    function.main()
