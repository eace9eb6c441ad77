"""What every visitor meets: is it there, encrypted, documented, on time, bounded."""

import time
from email.utils import parsedate_to_datetime

from functions._runtime.selfcheck.finding import Found, Given, Outcome
from functions._runtime.selfcheck.site import LONGEST_S, CheckFailed, Reply, Site

SKEW_S = 60.0


def alive(site: Site, given: Given) -> Found:
    """``/api/ping`` says pong, ``/`` answers without a token."""
    reply = site.ask("GET", "/api/ping", anonymous=True)
    if site.require(reply).json() != {"message": "pong"}:
        raise CheckFailed("/api/ping 的回答不是 pong，这个地址上可能是别的服务")
    site.require(site.ask("GET", "/", anonymous=True))
    if reply.seconds > LONGEST_S:
        return Outcome.NOTED, f"首个回答用了 {reply.seconds:.1f} 秒，实例可能刚从零启动"
    return Outcome.PASSED, f"pong，{reply.seconds * 1000:.0f} 毫秒"


def transport(site: Site, given: Given) -> Found:
    """Tokens travel encrypted."""
    if site.base.startswith("https://"):
        return Outcome.PASSED, "HTTPS"
    if site.is_local:
        return Outcome.PASSED, "本机或内网地址，未加密"
    return Outcome.NOTED, "没有使用 HTTPS：令牌会以明文传输，小程序也只接受 HTTPS"


def documents(site: Site, given: Given) -> Found:
    """The OpenAPI document, and the page with what it loads."""
    schema = site.get_json("/openapi.json")
    if not str(schema["openapi"]).startswith("3.1"):
        raise CheckFailed("/openapi.json 不是 OpenAPI 3.1")
    page = site.require(site.ask("GET", "/docs"))
    for asset in ("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"):
        if asset.encode() not in page.body:
            raise CheckFailed(f"/docs 没有引用 {asset}")
        site.require(site.ask("GET", asset))
    return Outcome.PASSED, f"/docs 可用，共 {len(schema['paths'])} 条路由"


def clock(site: Site, given: Given) -> Found:
    """The server's clock against this machine's: tokens and codes have a life."""
    before = time.time()
    date = site.ask("GET", "/api/ping").headers.get("Date")
    if not date:
        return Outcome.SKIPPED, "回答没有 Date 头"
    # The header holds whole seconds.
    skew = 0.5 + parsedate_to_datetime(date).timestamp() - (before + time.time()) / 2
    words = f"服务器时钟与本机相差约 {abs(skew):.0f} 秒"
    if abs(skew) > SKEW_S:
        raise CheckFailed(f"{words}，请校准（也可能是本机的时钟不准）")
    return Outcome.PASSED, words


def cross_origin(site: Site, given: Given) -> Found:
    """The preflight of an H5 page is answered; that of a stranger's is not."""
    origin = given.origin or "http://localhost:5173"
    if _allowed(site, "https://stranger.invalid"):
        return Outcome.NOTED, "任何网址都可以跨域调用，请把 CORS_ORIGINS 设为自己的域名"
    if _allowed(site, origin):
        return Outcome.PASSED, f"允许 {origin}"
    if given.origin:
        raise CheckFailed(f"不允许 {origin}，请把它加入 CORS_ORIGINS")
    return Outcome.NOTED, f"不允许 {origin}；若有 H5 页面，请用 --origin 检查它的网址"


def _allowed(site: Site, origin: str) -> bool:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    reply = site.ask("OPTIONS", "/api/ping", headers=asked, anonymous=True)
    allowed = reply.headers.get("Access-Control-Allow-Origin", "")
    return reply.status == 200 and allowed in ("*", origin)


def limits(site: Site, given: Given) -> Found:
    """A body of 2 MB is refused as too large, and the bundle goes on."""
    reply: Reply | None
    try:
        reply = site.ask("POST", "/api/auth/wechat", b" " * (2 << 20), anonymous=True)
    except CheckFailed:
        reply = None
    site.require(site.ask("GET", "/api/ping"))
    if reply is None:
        return Outcome.NOTED, "发送 2 MB 请求体时连接被切断，应为 HTTP 413"
    if reply.status == 413:
        return Outcome.PASSED, "2 MB 的请求体被拒绝（413）"
    return Outcome.NOTED, f"2 MB 的请求体没有因大小被拒绝（{reply.detail}），请检查 MAX_BODY_KB"
