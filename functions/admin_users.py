"""All users, for an admin."""

from typing import Any

from msgspec import Struct

from functions._runtime.function import Access, Call, Endpoint, Function
from functions._runtime.people import User, user


class Users(Struct, frozen=True):
    """Users by ascending number."""

    items: list[User]


async def handle(call: Call[Any]) -> Users:
    """Every user by ``user_id`` ascending."""
    return Users([user(record) for record in await call.services.everyone()])


function = Function(
    __file__,
    "用户列表",
    [
        Endpoint(
            "/api/admin/users",
            "GET",
            "所有用户（管理员）",
            handle,
            output=Users,
            access=Access.ADMIN,
        )
    ],
)
app = function.app
