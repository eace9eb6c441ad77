"""Codes by which a person who is logged in elsewhere logs in a browser.

Six digits can be tried out, so wrong ones are counted by address, and in all.  With ``n`` codes
valid at a time, one try hits one of them with a chance of n in a million; while somebody tries them
out, codes of nine digits are given.
"""

import hashlib
import hmac
import secrets

from functions._runtime.blocking import in_thread
from functions._runtime.errors import Forbidden, Unauthorized, Unavailable
from functions._runtime.services import Services
from storage import login_codes
from storage.records import UserRecord

DIGITS, LONG_DIGITS = 6, 9
SECONDS = 180
_DRAWS = 8


async def give(services: Services, user: UserRecord) -> str:
    """A new code for a user, in the place of an older one.

    Raises Forbidden where this way is closed, Busy for too many, Unavailable where none is free.
    """
    _require_allowed(services)
    services.asked_codes.admit(user.user_id)
    digits = LONG_DIGITS if services.wrong_codes.besieged else DIGITS
    for _ in range(_DRAWS):
        code = f"{secrets.randbelow(10**digits):0{digits}d}"
        digest, database = _digest(services, code), services.database
        if await in_thread(login_codes.put, database, user.user_id, digest, SECONDS):
            return code
    raise Unavailable("现在取登录数字的人太多，请稍后再试", retry_after=5)


async def take(services: Services, code: str, address: str) -> UserRecord:
    """Whose code this is; it is over with that.

    Raises Forbidden where this way is closed, Unauthorized for a wrong code, Busy for too many.
    """
    _require_allowed(services)
    short = len(code) == DIGITS
    async with services.wrong_codes.one_at_a_time:
        services.wrong_codes.require_room(address, short=short)
        found = await in_thread(login_codes.take, services.database, _digest(services, code))
        if found is None:
            services.wrong_codes.count(address, short=short)
            raise Unauthorized("登录数字不对或已过期，请在小程序里重新获取")
    return found


def _require_allowed(services: Services) -> None:
    if not services.settings.login_codes:
        raise Forbidden("没有开放用数字登录网页")


def _digest(services: Services, code: str) -> str:
    key = services.settings.jwt_secret.encode()
    return hmac.new(key, b"login-code:" + code.encode(), hashlib.sha256).hexdigest()
