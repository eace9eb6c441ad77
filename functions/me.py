"""Who the caller is."""

from typing import Any

from functions._runtime.function import Access, Call, Endpoint, Function
from functions._runtime.people import User, user


async def handle(call: Call[Any]) -> User:
    """The caller's own row."""
    return user(call.user)


function = Function(
    __file__,
    "当前用户",
    [Endpoint("/api/me", "GET", "当前用户", handle, output=User, access=Access.USER)],
)
app = function.app
