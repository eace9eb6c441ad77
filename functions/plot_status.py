"""How far a run is: polled by the client until it is completed or failed."""

from typing import Any

from functions._runtime.answers import RunStatus, status
from functions._runtime.function import Access, Call, Endpoint, Function, Resources


async def handle(call: Call[Any]) -> RunStatus:
    """State of the caller's own run; taken up here where nobody works on it."""
    runs = call.services.runs
    run = await runs.own(call.path["task_id"], call.user.user_id)
    if not run.is_finished:
        runs.take_up(run)
    wanted = run.data_uri and run.is_finished
    images = await runs.gallery.images(run) if wanted else None
    return status(run, images, renewed=run.is_finished and await runs.is_renewed(run))


function = Function(
    __file__,
    "任务状态",
    [
        Endpoint(
            "/api/plots/status/{task_id}",
            "GET",
            "任务状态：pending、completed 或 failed",
            handle,
            output=RunStatus,
            access=Access.USER,
            refusals=(404,),
        )
    ],
    resources=Resources(memory_mb=512, cpu=0.5),
    mounts_all=True,
)
app = function.app
