"""Answer that the bundle is alive; nothing else is touched."""

from typing import Any

from msgspec import Struct

from functions._runtime.function import Call, Endpoint, Function


class Pong(Struct, frozen=True):
    """Always ``pong``."""

    message: str


async def handle(call: Call[Any]) -> Pong:
    """Answer ``pong``."""
    return Pong("pong")


function = Function(
    __file__, "存活检查", [Endpoint("/api/ping", "GET", "存活检查", handle, output=Pong)]
)
app = function.app
