"""Who is calling: a login token, or what the platform's gateway says.

1. With an ``Authorization`` header, the token in it decides alone: one that is bad is refused, and
   never replaced by another identity.
2. Without it, and with ``WECHAT_TRUST_HEADERS=1``, the headers that the gateway of WeChat Cloud Run
   adds to ``callContainer`` decide; the person is created where not known yet.
3. Otherwise nobody is logged in.

Headers are believed only as a whole: each at most once and well-formed, ``X-WX-SOURCE`` there,
``X-WX-APPID`` equal to ``WECHAT_APPID``, no sign of the developer's proxy
(``X-WX-LOCAL-DEBUG``, except with ``WECHAT_MOCK=1``), and exactly one of two kinds of caller:

- ``X-WX-OPENID``: our own mini-program;
- ``X-WX-FROM-APPID`` with ``X-WX-FROM-OPENID``: another mini-program that shares this environment
  (资源复用).  Openids are given out per app, so this person is kept as ``appid:openid``.
"""

import logging
import re
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request

from functions._runtime.errors import Forbidden, Unauthorized
from functions._runtime.function import Access
from functions._runtime.tokens import fingerprint
from storage import users

if TYPE_CHECKING:
    from config import Settings
    from functions._runtime.services import Services
    from storage.records import UserRecord

log = logging.getLogger(__name__)

_NAMES = ("source", "appid", "openid", "from-appid", "from-openid", "local-debug")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_LONGEST = 64
_LOG_IN = "请先登录"
_LOG_IN_AGAIN = "登录已失效，请重新登录"


async def identify(request: Request, access: Access, services: "Services") -> "UserRecord | None":
    """The caller, or None where the endpoint is public.

    Raises Unauthorized where nobody is logged in, Forbidden where the role does not allow it.
    """
    if access is Access.PUBLIC:
        return None
    token = bearer(request.headers)
    if token:
        user = await _holder(token, services)
    elif services.settings.wechat_trust_headers:
        user = await person(services, platform_openid(request.headers, services.settings))
    else:
        raise Unauthorized(_LOG_IN)
    if access is Access.ADMIN and not user.is_admin:
        raise Forbidden("需要管理员权限")
    return user


async def person(services: "Services", openid: str) -> "UserRecord":
    """The user of an openid that was proved just now; an admin where ``ADMIN_OPENIDS`` says so."""
    found = await anyio.to_thread.run_sync(users.find_or_create, services.database, openid)
    if openid in services.settings.admin_openids and not found.is_admin:
        log.info("user %d is made an admin by ADMIN_OPENIDS", found.user_id)
        found = await anyio.to_thread.run_sync(users.set_role, services.database, openid, "admin")
    return found


def bearer(headers: Headers) -> str:
    """The token of the ``Authorization`` header; empty where there is none.

    Raises Unauthorized for another scheme and for two of them.
    """
    given = headers.getlist("authorization")
    if not given:
        return ""
    scheme, _, token = given[0].partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer":
        raise Unauthorized(_LOG_IN)
    return token.strip()


def platform_openid(headers: Headers, settings: "Settings") -> str:
    """The openid that the gateway's headers prove, ``appid:openid`` for a sharing mini-program.

    Raises Unauthorized where they are absent, incomplete, contradictory or malformed.
    """
    given = {name: headers.getlist(f"x-wx-{name}") for name in _NAMES}
    values = {name: found[0] for name, found in given.items() if any(found)}
    if "openid" not in values and "from-openid" not in values:
        raise Unauthorized(_LOG_IN)
    fault = _fault(given, values, settings)
    openid = values.get("openid") or f"{values.get('from-appid')}:{values.get('from-openid')}"
    if not fault and len(openid) > _LONGEST:
        fault = "the openid is too long"
    if fault:
        log.warning("identity headers refused: %s", fault)
        raise Unauthorized(_LOG_IN)
    return openid


def _fault(given: dict[str, list[str]], values: dict[str, str], settings: "Settings") -> str:
    """What makes the headers unbelievable, for the log; without their values, which are forged."""
    for name, found in given.items():
        if len(found) > 1:
            return f"X-WX-{name.upper()} came {len(found)} times"
        if name in values and not _WORD.fullmatch(values[name]):
            return f"X-WX-{name.upper()} is malformed"
    if "source" not in values:
        return "X-WX-SOURCE is missing"
    if not settings.wechat_appid:
        return "WECHAT_APPID is not set, so X-WX-APPID cannot be checked"
    if values.get("appid") != settings.wechat_appid:
        return "X-WX-APPID is not WECHAT_APPID"
    if "local-debug" in values and not settings.wechat_mock:
        return "X-WX-LOCAL-DEBUG marks the developer's proxy"
    if "openid" in values and ("from-openid" in values or "from-appid" in values):
        return "X-WX-OPENID and X-WX-FROM-* exclude each other"
    if "from-openid" in values and "from-appid" not in values:
        return "X-WX-FROM-APPID is missing"
    return ""


async def _holder(token: str, services: "Services") -> "UserRecord":
    """The user a token was made for.  Raises Unauthorized."""
    claim = services.tokens.check(token)
    look = users.find_adopted if claim.fingerprint is None else users.find
    user = await anyio.to_thread.run_sync(look, services.database, claim.user_id)
    if user is None or claim.fingerprint not in (None, fingerprint(user.openid)):
        raise Unauthorized(_LOG_IN_AGAIN)
    return user
