"""WeChat's code2Session: a login code, used once, for the openid of the person.

``GET {WECHAT_API_BASE}/sns/jscode2session`` carries the app's secret in its address and answers a
``session_key``.  Neither may reach a log or an answer: the key is never decoded, what urllib3 says
about a request (it quotes the address) is neither logged nor raised further, and its own logger is
kept quiet.

A code works once.  So a call is repeated only where it surely did not count: WeChat said that it
is busy, or no connection came about.  For the same reason every call opens its own connection: a
kept one that a gateway dropped silently would swallow the code.

Source: code2Session in the reference of the mini-program's server API,
https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
"""

import asyncio
import contextlib
import functools
import logging
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from functions._runtime.errors import BadInput, HttpError, Unavailable
from functions._runtime.rates import Rates

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

    from config import Settings

log = logging.getLogger(__name__)

TOTAL_S = 6.0
"""Of the 14 s of a request, the database may need 8 while it wakes."""
CONNECT_S = 2.0
READ_S = 5.0
PAUSES_S = (0.2, 0.6)
"""Waiting times before the repetitions; each is varied by half of it."""
LARGEST_ANSWER = 64 * 1024
AT_ONCE = 16
"""Own threads: a slow WeChat must not take those that the database needs."""

BUSY = -1
LONGEST_OPENID = 64
OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)
"""WeChat's are 32 letters and digits; what cannot be one is not sent under our secret."""
FAILED_PER_MINUTE = 600
"""Codes that WeChat refused, after which it is asked no more for a while: made-up ones would use
up the quota of the app."""
_MOCK_CODE = re.compile(r"[A-Za-z0-9._:@+=-](?:[A-Za-z0-9 ._:@+=-]*[A-Za-z0-9._:@+=-])?", re.ASCII)


class Fault(Enum):
    """Why there is no answer; the value is what the log says."""

    UNREACHED = "no connection, nothing was sent"
    TLS = (
        "TLS failed. If 开放接口服务 (the platform's sidecar) is switched on for this service, it "
        "puts a self-signed certificate before api.weixin.qq.com and does not serve code2Session: "
        "switch it off"
    )
    LOST = "no whole answer after the request was sent"
    UNREADABLE = "the answer is not that of code2Session"


class Answer(msgspec.Struct, frozen=True):
    """What we take from WeChat's answer; ``errcode`` is often absent on success."""

    errcode: int = 0
    openid: str = ""


class _Refusal(NamedTuple):
    status: int
    detail: str
    retry_after: int = 0


_BROKEN = _Refusal(502, "微信登录服务异常，请稍后重试")
_INVALID = _Refusal(401, "登录凭证无效或已过期，请重新登录")
_USED_UP = _Refusal(503, "今天的微信登录次数已用完，请联系管理员", 600)
_REFUSALS = {
    BUSY: _Refusal(503, "微信系统繁忙，请稍后重试", 5),
    40029: _INVALID,
    40163: _Refusal(401, "登录凭证已被使用，请重新登录"),
    40226: _Refusal(403, "该微信账号被微信判为高风险，不能登录"),
    45009: _USED_UP,
    45011: _Refusal(429, "登录过于频繁，请一分钟后再试", 60),
    50002: _Refusal(403, "该微信账号被微信限制，不能登录"),
}
_MISCONFIGURED = {
    40013: "WECHAT_APPID is wrong",
    40125: "WECHAT_APP_SECRET is wrong",
    41002: "WECHAT_APPID did not arrive",
    41004: "WECHAT_APP_SECRET did not arrive",
    41008: "js_code did not arrive",
    40164: "the address of this server is not in the IP whitelist of the mini-program",
    48004: "WeChat has withdrawn the interface from this mini-program",
    61004: "the address of this server is not in the IP whitelist of the mini-program",
}


def mock_openid(code: str) -> str:
    """The openid ``mock_<code>`` of a simulated login.

    Raises BadInput for a code that does not fit the openid's 64 characters, or with characters
    that a database may take for others (a space at the end, letters beyond ASCII).
    """
    openid = f"mock_{code}"
    room = LONGEST_OPENID - len("mock_")
    if len(code) > room:
        raise BadInput(f"code：模拟登录时最多 {room} 个字符")
    if not _MOCK_CODE.fullmatch(code):
        raise BadInput("code：模拟登录时只能含字母、数字和 . _ : @ + = -，以及中间的空格")
    return openid


async def exchange(code: str, settings: "Settings", failed: Rates) -> str:
    """The openid that WeChat gives for a login code.

    Parameters
    ----------
    failed : counts the codes that WeChat refused; where it is full, WeChat is not asked.

    Raises
    ------
    HttpError
        401, 403, 429, 500, 502 or 503 by WeChat's errcode; see ``_REFUSALS``.
    Busy
        too many codes were refused within a minute.
    Unavailable
        ``WECHAT_APPID`` or ``WECHAT_APP_SECRET`` is not set; the sentence names it.
    """
    given = {
        "WECHAT_APPID": settings.wechat_appid,
        "WECHAT_APP_SECRET": settings.wechat_app_secret,
    }
    missing = "、".join(name for name, value in given.items() if not value)
    if missing:
        log.error("login is impossible: %s is not set", missing)
        raise Unavailable(f"服务器没有设置环境变量 {missing}，暂时不能登录")
    if not CODE.fullmatch(code):
        raise HttpError(_INVALID.detail, status=_INVALID.status)
    failed.require_room(settings.wechat_appid)
    outcome = await _ask(code, settings)
    if isinstance(outcome, Answer) and outcome.errcode == 0 and OPENID.fullmatch(outcome.openid):
        return outcome.openid
    refusal = _refuse(outcome)
    if refusal.status == _INVALID.status:
        failed.count(settings.wechat_appid)
    raise refusal


async def _ask(code: str, settings: "Settings") -> Answer | Fault:
    """WeChat's answer, or why there is none; repeated only where that cannot spend the code."""
    deadline = time.monotonic() + TOTAL_S
    fetch = functools.partial(_fetch, code, settings, deadline)
    outcome: Answer | Fault = Fault.LOST
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(TOTAL_S):
            for pause in (*PAUSES_S, None):
                outcome = await asyncio.get_running_loop().run_in_executor(_threads(), fetch)
                busy = isinstance(outcome, Answer) and outcome.errcode == BUSY
                if pause is None or not (busy or outcome is Fault.UNREACHED):
                    break
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - a jitter
    return outcome


def _refuse(outcome: Answer | Fault) -> HttpError:
    """The refusal for an outcome that is no login; logged where it is not the caller's doing."""
    if isinstance(outcome, Fault):
        log.error("code2Session: %s", outcome.value)
        return HttpError(_BROKEN.detail, status=_BROKEN.status)
    fault = _MISCONFIGURED.get(outcome.errcode)
    if fault is not None:
        log.error("code2Session: errcode %d, %s", outcome.errcode, fault)
        return HttpError("服务器的微信登录配置有误，请联系管理员", status=500)
    refusal = _REFUSALS.get(outcome.errcode, _BROKEN)
    log.log(
        logging.ERROR if refusal is _BROKEN else logging.WARNING,
        "code2Session: errcode %d%s",
        outcome.errcode,
        "" if outcome.errcode else " without a usable openid",
    )
    return HttpError(refusal.detail, status=refusal.status, retry_after=refusal.retry_after)


@functools.cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="wechat")


@functools.cache
def _pool() -> "PoolManager":
    """One pool for its TLS context: reading the certificates anew for each login is slow."""
    import ssl

    import urllib3

    # Its debug line and its warnings about headers quote the address, and with it the secret.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    return urllib3.PoolManager(ssl_context=ssl.create_default_context(), maxsize=AT_ONCE)


def _fetch(code: str, settings: "Settings", deadline: float) -> Answer | Fault:
    """One call, in a thread.  Gives a Fault rather than raise: urllib3's words hold the secret."""
    from urllib3 import Timeout
    from urllib3 import exceptions as trouble

    left = max(0.05, deadline - time.monotonic())
    try:
        response = _pool().request(
            "GET",
            f"{settings.wechat_api_base}/sns/jscode2session",
            fields={
                "appid": settings.wechat_appid,
                "secret": settings.wechat_app_secret,
                "js_code": code,
                "grant_type": "authorization_code",
            },
            headers={"Connection": "close", "Accept": "application/json"},
            timeout=Timeout(connect=min(CONNECT_S, left), read=min(READ_S, left)),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            body = _read(response, deadline)
        finally:
            response.close()
    except (trouble.NewConnectionError, trouble.ConnectTimeoutError):
        return Fault.UNREACHED
    except trouble.SSLError:
        return Fault.TLS
    except trouble.HTTPError:
        return Fault.LOST
    if response.status != 200:
        return Fault.UNREADABLE
    return body if isinstance(body, Fault) else _decode(body)


def _read(response: "BaseHTTPResponse", deadline: float) -> bytes | Fault:
    """The answer's body, as far as size and deadline allow."""
    body = b""
    while part := response.read1(8192):
        body += part
        if len(body) > LARGEST_ANSWER:
            return Fault.UNREADABLE
        if time.monotonic() > deadline:
            return Fault.LOST
    return body


def _decode(body: bytes) -> Answer | Fault:
    """WeChat's JSON, without the session key."""
    try:
        return msgspec.json.decode(body, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Fault.UNREADABLE
