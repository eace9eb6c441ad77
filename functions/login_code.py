"""Log in a browser by six digits: asked for where one is logged in, typed into the page."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from functions._runtime import codes
from functions._runtime.function import Access, Call, Endpoint, Function
from functions._runtime.people import Session, user

Code = Annotated[
    str,
    Meta(
        title="登录数字",
        description="小程序里得到的六位（有人试猜时九位）数字，三分钟内有效，只能用一次",
        pattern=f"^(?:[0-9]{{{codes.DIGITS}}}|[0-9]{{{codes.LONG_DIGITS}}})$(?!\n)",
    ),
]


class LoginCode(Struct, frozen=True):
    """Digits to be typed into the page, and for how many seconds they hold."""

    code: str
    expires_in: int


class Typed(Struct, frozen=True):
    """The digits that a person typed."""

    code: Code


async def give(call: Call[Any]) -> LoginCode:
    """A new code for the caller; an older one of theirs is over."""
    return LoginCode(await codes.give(call.services, call.user), codes.SECONDS)


async def enter(call: Call[Typed]) -> Session:
    """Whose code this is; it is over with that."""
    found = await codes.take(call.services, call.input.code, _address(call))
    token = call.services.tokens.issue(found.user_id, found.openid)
    return Session(token, user(found))


def _address(call: Call[Any]) -> str:
    """Where a call comes from: what the last proxy before us noted, else the peer itself."""
    noted = call.request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    peer = call.request.client.host if call.request.client else ""
    return (noted or peer)[:64]


function = Function(
    __file__,
    "网页登录",
    [
        Endpoint(
            "/api/auth/code",
            "POST",
            "取登录网页用的数字",
            give,
            output=LoginCode,
            access=Access.USER,
            refusals=(403, 429, 503),
        ),
        Endpoint(
            "/api/auth/browser",
            "POST",
            "用小程序里取的数字登录网页",
            enter,
            output=Session,
            input=Typed,
            example=b'{"code": "012345"}',
            refusals=(401, 403, 429, 503),
        ),
    ],
)
app = function.app
