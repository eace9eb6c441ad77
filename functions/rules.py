"""The rules by which uncertainties can be evaluated and results written: the GUM's and schools'."""

import functools
from typing import Any

import msgspec
from starlette.responses import Response

from functions._lab.rules import Rules, profiles
from functions._runtime.function import Call, Endpoint, Function, Resources
from functions._runtime.packed import Packed, pack


class KnownRules(msgspec.Struct, frozen=True):
    """Every rule that is known by name, first that of the GUM, which holds where none is chosen."""

    items: list[Rules]


@functools.cache
def listing() -> Packed:
    """The rules as JSON."""
    return pack(msgspec.json.encode(KnownRules([*profiles().values()])), "application/json")


async def handle(call: Call[Any]) -> Response:
    """Name, title, source, status, version and parameters of every rule."""
    return listing().response(call.request, {"Cache-Control": "no-cache"})


function = Function(
    __file__,
    "评定规则",
    [Endpoint("/api/rules", "GET", "各校的不确定度评定规则", handle, output=KnownRules)],
    resources=Resources(memory_mb=256, cpu=0.25),
)
app = function.app
