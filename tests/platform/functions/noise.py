"""An experiment whose figures are as large as figures get: lines through noise."""

import random
from typing import Annotated

from functions._lab.fields import Count, Readings, scalar
from functions._lab.figure import Curve, Figure, Panel
from functions._lab.result import Result
from functions._runtime.experiment import experiment


class Noise(Readings, frozen=True):
    """How many figures, and a number that makes readings differ."""

    figures: Annotated[Count, scalar("图数", "N", "1")] = 3
    seed: Annotated[Count, scalar("种子", "s", "1")] = 1


def analyse(readings: Noise) -> Result:
    """Nothing is measured."""
    return Result()


def figures(readings: Noise, result: Result) -> dict[str, Figure]:
    """One panel each, full of lines; the second figure is a small one."""
    drawn = {}
    for number in range(readings.figures):
        source = random.Random(readings.seed * 1000 + number)
        points = 20 if number == 1 else 6000
        items = [
            Curve(list(range(points)), [source.random() for _ in range(points)], series=series)
            for series in range(5)
        ]
        panel = Panel(x_label="序号", y_label="噪声 / 1", items=items)
        drawn[f"noise-{number}"] = Figure("噪声", [panel])
    return drawn


function = experiment(
    __file__,
    title="噪声",
    input=Noise,
    analyse=analyse,
    figures=figures,
    chapter="数据处理工具",
)
app = function.app
