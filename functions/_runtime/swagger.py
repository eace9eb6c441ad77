"""``/openapi.json`` and ``/docs``: Swagger UI from a package, no CDN, nothing from outside.

``/docs/client.js`` is the client for mini-programs and pages, one module that is read and copied.
"""

from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from functions._runtime.errors import NotFound

ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
CLIENT = Path(__file__).parents[2] / "docs" / "client.js"
_START = b"""window.ui = SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, persistAuthorization: true
});
"""
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>物理实验接口文档</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'"
)


def docs_routes(schema: dict[str, Any]) -> list[Route]:
    """Routes of the documentation of ``schema``, an OpenAPI 3.1 document."""
    encoded = msgspec.json.encode(schema)

    async def openapi(request: Request) -> Response:
        return Response(encoded, media_type="application/json")

    return [
        Route("/openapi.json", openapi),
        Route("/docs", _page),
        Route("/docs/start.js", _start),
        Route("/docs/client.js", _client),
        Route("/docs/{asset}", _asset),
    ]


async def _page(request: Request) -> Response:
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


async def _start(request: Request) -> Response:
    return Response(_START, media_type="text/javascript")


async def _client(request: Request) -> Response:
    return FileResponse(CLIENT, media_type="text/javascript; charset=utf-8")


async def _asset(request: Request) -> Response:
    """One file of the Swagger UI package; the package is imported when the docs are opened."""
    name = request.path_params["asset"]
    if name not in ASSETS:
        raise NotFound("没有这个地址")
    import swagger_ui_bundle

    return FileResponse(Path(swagger_ui_bundle.swagger_ui_path) / name, media_type=ASSETS[name])
