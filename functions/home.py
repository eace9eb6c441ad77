"""The page at ``/``: do an experiment in the browser, without WeChat and without a build step.

The page's files lie in ``functions/_page/``.  Their addresses hold a digest of all of them, so a
browser keeps them for good and a new version of the bundle is seen at once.
"""

import functools
import hashlib
from pathlib import Path
from typing import Any

from starlette.responses import Response

from functions._runtime.errors import NotFound
from functions._runtime.function import Call, Endpoint, Function
from functions._runtime.packed import Packed, pack

FOLDER = Path(__file__).parent / "_page"
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_LOOK_AGAIN = "no-cache"
_FOREVER = "public, max-age=31536000, immutable"


@functools.cache
def assets() -> dict[str, Packed]:
    """All files that the page may load, by name; read once in the life of a process."""
    return {
        path.name: pack(path.read_bytes(), MEDIA_TYPES[path.suffix])
        for path in sorted(FOLDER.iterdir())
        if path.suffix in MEDIA_TYPES
    }


@functools.cache
def version() -> str:
    """Digest of all the page's files, part of their addresses."""
    joined = "".join(f"{name} {asset.digest}\n" for name, asset in assets().items())
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


@functools.cache
def index(login: str) -> Packed:
    """The page itself; ``login`` is ``mock``, ``code`` or ``wechat``."""
    base = f"/page/{version()}"
    preloads = "\n".join(
        f'<link rel="modulepreload" href="{base}/{name}">'
        for name in assets()
        if name.endswith(".js")
    )
    text = (FOLDER / "index.html").read_text(encoding="utf-8")
    for mark, value in {"{login}": login, "{base}": base, "{preloads}": preloads}.items():
        text = text.replace(mark, value)
    return pack(text.encode(), "text/html; charset=utf-8")


async def home(call: Call[Any]) -> Response:
    """The page; a 200 without a token, so it also serves as the platform's probe."""
    settings = call.services.settings
    login = "mock" if settings.wechat_mock else "code" if settings.login_codes else "wechat"
    return index(login).response(call.request, _HEADERS | {"Cache-Control": _LOOK_AGAIN})


async def page_file(call: Call[Any]) -> Response:
    """One file of the page; kept for good where the address is that of this version."""
    asset = assets().get(call.path["file"])
    if asset is None:
        raise NotFound("页面没有这个文件")
    current = call.path["version"] == version()
    caching = _FOREVER if current else _LOOK_AGAIN
    return asset.response(call.request, _HEADERS | {"Cache-Control": caching})


function = Function(
    __file__,
    "网页",
    [
        Endpoint("/", "GET", "网页", home, media_type="text/html"),
        Endpoint(
            "/page/{version}/{file}",
            "GET",
            "网页的文件",
            page_file,
            media_type="*/*",
            refusals=(404,),
        ),
    ],
)
app = function.app
