"""Probes of the platform: is the process alive, and should it be sent requests."""

from typing import Any

from msgspec import Struct
from starlette.responses import Response

from functions._runtime.boundary import json_response
from functions._runtime.function import Call, Endpoint, Function

_MISSING = {
    "stopping": "服务正在停止",
    "starting": "计算进程正在启动",
    "database": "数据库暂时不可用",
}


class Health(Struct, frozen=True):
    """``status`` is ``alive`` or ``ready``; a refusal says what is missing."""

    status: str


async def live(call: Call[Any]) -> Health:
    """The process answers; nothing else is asked, since a restart would mend nothing else."""
    return Health("alive")


async def ready(call: Call[Any]) -> Response:
    """200 where a request would be served: database reached, workers warm, not shutting down."""
    state = await call.services.state()
    if state == "ready":
        return json_response(Health(state))
    refusal = {"status": state, "detail": _MISSING[state]}
    return json_response(refusal, 503, {"Retry-After": "2"})


function = Function(
    __file__,
    "健康检查",
    [
        Endpoint("/health/live", "GET", "进程是否存活", live, output=Health),
        Endpoint("/health/ready", "GET", "是否可以接收请求", ready, output=Health, refusals=(503,)),
    ],
)
app = function.app
