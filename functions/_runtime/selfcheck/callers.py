"""Who may call: WeChat's login, tokens, and headers that anybody could send."""

from functions._runtime.selfcheck.finding import Found, Given, Outcome
from functions._runtime.selfcheck.site import CheckFailed, Site

_CODE = "selfcheck_made_up"
"""Has the form of a code, so that WeChat is asked about it."""


def wechat_login(site: Site, given: Given) -> Found:
    """Whether WeChat is really asked: a made-up code must not log anybody in."""
    reply = site.ask("POST", "/api/auth/wechat", {"code": _CODE}, anonymous=True)
    if reply.status == 401:
        return Outcome.PASSED, "真实登录已接通（微信拒绝了自检用的假 code，应当如此）"
    body = site.require(reply).json()
    site.token = body["token"]
    if not site.is_local:
        raise CheckFailed(
            "警告：模拟登录已打开，任何人都能冒充任何人！请设 WECHAT_MOCK=0 后重新部署"
        )
    return Outcome.NOTED, f"模拟登录（WECHAT_MOCK=1），用户 {body['user']['openid']}；只可用于开发"


def login(site: Site, given: Given) -> Found:
    """The given token or code, or the simulated login, names a user; without it nobody is."""
    if given.token:
        site.token = given.token
    elif given.code:
        reply = site.ask("POST", "/api/auth/wechat", {"code": given.code}, anonymous=True)
        site.token = site.require(reply).json()["token"]
    for refused in ("", f"Bearer {site.token}x"):
        headers = {"Authorization": refused} if refused else {}
        site.require(site.ask("GET", "/api/me", headers=headers, anonymous=True), 401)
    if not site.token:
        return Outcome.SKIPPED, "请用 --token 或 --code 给出登录身份，才能检查下面的各项"
    user = site.get_json("/api/me")
    who = f"用户 {user['user_id']}（openid {user['openid']}，{user['role']}）"
    return Outcome.PASSED, f"{who}，无令牌或错误令牌被拒绝"


def forged_headers(site: Site, given: Given) -> Found:
    """Nobody outside may call themselves a user by the platform's headers."""
    if not given.appid:
        return Outcome.SKIPPED, "用 --appid 给出小程序 AppID 可检查伪造身份头"
    forged = {
        "X-WX-SOURCE": "wx_client",
        "X-WX-APPID": given.appid,
        "X-WX-OPENID": "selfcheck_forged",
    }
    reply = site.ask("GET", "/api/me", headers=forged, anonymous=True)
    if reply.status == 200:
        raise CheckFailed(
            "警告：从这个地址可以伪造身份头！请关闭公网访问，或设 WECHAT_TRUST_HEADERS=0"
        )
    site.require(reply, 401)
    return Outcome.PASSED, "伪造的 X-WX-* 身份头被拒绝"
