"""Check one's own report: numbers worked out by hand, compared with those of a run."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from functions._runtime.claiming import MOST_CLAIMS, Claim, Claims
from functions._runtime.function import Access, Call, Endpoint, Function

RunId = Annotated[str, Meta(title="记录", pattern="^[0-9a-f]{32}$(?!\n)")]


class OwnReport(Struct, frozen=True):
    """An own run, and what was worked out of it by hand; without claims, what may be claimed."""

    run_id: RunId
    claims: Annotated[list[Claim], Meta(title="自己算的", max_length=MOST_CLAIMS)] = []


async def handle(call: Call[OwnReport]) -> Response:
    """Each number right or wrong by the rule of the run, and what was probably done."""
    run = await call.services.runs.own(call.input.run_id, call.user.user_id)
    told = await call.services.runs.claims(run, call, call.input.claims)
    return Response(told, media_type="application/json")


function = Function(
    __file__,
    "核对自己算的",
    [
        Endpoint(
            *("/api/check-report", "POST", "核对自己算的", handle),
            output=Claims,
            input=OwnReport,
            access=Access.USER,
            example=b'{"run_id": "0123456789abcdef0123456789abcdef", "claims": []}',
            refusals=(404, 429, 503),
        )
    ],
)
app = function.app
