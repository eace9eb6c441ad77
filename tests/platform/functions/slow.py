"""An experiment that takes its time."""

import time
from typing import Annotated

from functions._lab.fields import Positive, Readings, scalar
from functions._lab.figure import Curve, Figure, Panel
from functions._lab.result import Result
from functions._runtime.experiment import experiment


class Slow(Readings, frozen=True):
    """How long the analysis takes."""

    seconds: Annotated[Positive, scalar("用时", "t", "s")] = 1.0


def analyse(readings: Slow) -> Result:
    """Sleep."""
    time.sleep(readings.seconds)
    return Result()


def figures(readings: Slow, result: Result) -> dict[str, Figure]:
    """One line."""
    panel = Panel("序号", "比 / 1", [Curve([0.0, 1.0], [0.0, 1.0])])
    return {"slow": Figure("缓慢", [panel])}


function = experiment(
    __file__, title="缓慢", input=Slow, analyse=analyse, figures=figures, chapter="数据处理工具"
)
app = function.app
