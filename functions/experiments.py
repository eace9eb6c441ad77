"""All experiments with what a client needs to build their forms."""

import functools
from typing import Any

import msgspec
from starlette.responses import Response

from functions._runtime.experiment import Experiment
from functions._runtime.form import ExperimentForm, form
from functions._runtime.function import Call, Endpoint, Function, Resources
from functions._runtime.packed import Packed, pack


class Experiments(msgspec.Struct, frozen=True):
    """Every experiment that is mounted."""

    items: list[ExperimentForm]


@functools.cache
def listing(mounted: tuple[Experiment, ...]) -> Packed:
    """The forms of these experiments as JSON."""
    forms = Experiments([form(experiment) for experiment in mounted])
    return pack(msgspec.json.encode(forms), "application/json")


async def handle(call: Call[Any]) -> Response:
    """Name, title, route, fields, sample and JSON Schema of every experiment."""
    mounted = tuple(call.services.experiments.values())
    return listing(mounted).response(call.request, {"Cache-Control": "no-cache"})


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
