"""All experiments with what a client needs to build their forms."""

from typing import Any

import msgspec

from functions._runtime.form import ExperimentForm, form
from functions._runtime.function import Call, Endpoint, Function, Resources


class Experiments(msgspec.Struct, frozen=True):
    """Every experiment that is mounted."""

    items: list[ExperimentForm]


async def handle(call: Call[Any]) -> Experiments:
    """Name, title, route, fields, sample and JSON Schema of every experiment."""
    return Experiments([form(experiment) for experiment in call.services.experiments.values()])


function = Function(
    __file__,
    "实验列表",
    [Endpoint("/api/experiments", "GET", "实验列表与表单字段", handle, output=Experiments)],
    resources=Resources(memory_mb=512, cpu=0.5),
    mounts_all=True,
)
app = function.app

if __name__ == "__main__":
    function.main()
