"""What the bundle has stored of the caller: take it all away, or have it erased."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from starlette.responses import Response, StreamingResponse

from functions._runtime import personal
from functions._runtime.function import Access, Call, Endpoint, Function


class Erased(Struct, frozen=True):
    """Who was erased; the token is worth nothing from now on."""

    user_id: int
    erased: bool


async def export(call: Call[Any]) -> Response:
    """A zip of the caller's user row, runs, readings, results and figures."""
    call.services.runs.rates.admit(call.user.user_id)
    name = f"physics-lab-{call.user.user_id}-{datetime.now(UTC):%Y%m%d}.zip"
    return StreamingResponse(
        personal.export(call.services, call.user),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


async def erase(call: Call[Any]) -> Erased:
    """Erase the caller with all runs and figures."""
    return Erased(call.user.user_id, await personal.erase(call.services, call.user))


function = Function(
    __file__,
    "我的数据",
    [
        Endpoint(
            "/api/me/export",
            "GET",
            "导出自己的全部数据（zip）",
            export,
            media_type="application/zip",
            access=Access.USER,
            refusals=(429,),
        ),
        Endpoint(
            "/api/me",
            "DELETE",
            "注销并删除自己的全部数据",
            erase,
            output=Erased,
            access=Access.USER,
        ),
    ],
)
app = function.app
