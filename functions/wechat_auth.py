"""Log in: a code of ``wx.login`` for a token of ours."""

from typing import Annotated

from msgspec import Meta, Struct

from functions._runtime.function import Call, Endpoint, Function
from functions._runtime.identity import person
from functions._runtime.people import Session, user
from functions._runtime.wechat import exchange, mock_openid

Code = Annotated[
    str,
    Meta(
        title="登录凭证",
        description="wx.login 得到的 code，五分钟内有效，只能用一次",
        min_length=1,
        max_length=1024,
        pattern="^[ -~]+$(?!\n)",
    ),
]


class Login(Struct, frozen=True):
    """The code of ``wx.login``."""

    code: Code


async def handle(call: Call[Login]) -> Session:
    """Ask WeChat whose code this is; the person is created at the first login."""
    settings = call.services.settings
    if settings.wechat_mock:
        openid = mock_openid(call.input.code)
    else:
        openid = await exchange(call.input.code, settings, call.services.failed_logins)
    found = await person(call.services, openid)
    token = call.services.tokens.issue(found.user_id, found.openid)
    return Session(token, user(found))


function = Function(
    __file__,
    "微信登录",
    [
        Endpoint(
            "/api/auth/wechat",
            "POST",
            "用 wx.login 的 code 登录",
            handle,
            output=Session,
            input=Login,
            example=b'{"code": "DEV_CODE"}',
            refusals=(401, 403, 429, 500, 502, 503),
        )
    ],
)
app = function.app
