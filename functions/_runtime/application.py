"""Functions mounted as one ASGI application: the bundle, or one function alone."""

import contextlib
import logging
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from typing import NoReturn

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from config import Settings, SettingsError, load_settings, system_reason
from functions._runtime import heap, logs
from functions._runtime.boundary import Boundary, json_response, refusal
from functions._runtime.discovery import DiscoveryError, discover
from functions._runtime.errors import BadInput, TooLarge
from functions._runtime.function import Call, Endpoint, Function
from functions._runtime.identity import identify
from functions._runtime.openapi import document
from functions._runtime.plots import figure_file
from functions._runtime.services import Services
from functions._runtime.swagger import docs_routes
from functions._runtime.validation import convert, decode
from storage.errors import AddressInvalid

_HEAP_KEPT_MIB = 4
"""An answer holds a megabyte at most."""

_LARGE = 64 * 1024
"""Bytes of a body that takes about a millisecond to read."""


log = logging.getLogger("physics_lab.start")


class StartRefused(Exception):
    """A setting or a function is wrong; one line in Chinese says which."""


def assemble(chosen: Sequence[str] = ()) -> Starlette:
    """The application of the chosen functions, or of those that ``FUNCTIONS`` names.

    Raises StartRefused.
    """
    try:
        settings = load_settings()
        return bundle(discover(chosen or settings.functions), settings)
    except (SettingsError, DiscoveryError) as error:
        raise StartRefused(f"无法启动：{error}") from error
    except AddressInvalid as error:
        raise StartRefused(f"无法启动：{error.message}：{error.detail}") from error


def bundle(found: Sequence[Function], settings: Settings) -> Starlette:
    """An ASGI application of the given functions.

    Parameters
    ----------
    found : the functions, as :func:`discovery.discover` gives them.
    settings : the settings of this process.
    """
    services = Services(settings, found)
    routes: list[BaseRoute] = [
        _mount(function, endpoint) for function in found for endpoint in function.endpoints
    ]
    if not any(isinstance(route, Route) and route.path == "/" for route in routes):
        routes.append(Route("/", _alive))
    schema = document(found)
    routes += docs_routes(schema)
    routes.append(Route("/static/plots/{path:path}", figure_file))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["GET", "POST", "PUT", "DELETE"],
                allow_headers=["authorization", "content-type", "x-request-id"],
                expose_headers=["x-request-id", "retry-after"],
                max_age=86400,
            ),
            Middleware(Boundary),
        ],
        exception_handlers={HTTPException: _refuse},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    app.state.services = services
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    services: Services = app.state.services
    heap.bound(_HEAP_KEPT_MIB)
    logs.configure(services.settings.log_level)
    await services.open()
    try:
        yield
    finally:
        await services.close()


async def _refuse(request: Request, error: Exception) -> Response:
    """Starlette's own refusals (404, 405) in the form of ours."""
    response = refusal(error)
    assert response is not None
    return response


async def _alive(request: Request) -> Response:
    """The probe's answer where no page is mounted."""
    return json_response({"message": "ok"})


def _mount(function: Function, endpoint: Endpoint) -> Route:
    async def respond(request: Request) -> Response:
        request.scope["function"] = function.name
        services: Services = request.app.state.services
        caller = await identify(request, endpoint.access, services)
        request.scope["user_id"] = caller.user_id if caller else None
        with services.runs.rates.of_refused(caller.user_id if caller else None):
            body = await _body(request, services.settings.max_body_kb * 1024)
            given = _input(endpoint, body, request)
        answer = await endpoint.handle(Call(services, request, given, caller, body))
        return answer if isinstance(answer, Response) else json_response(answer)

    respond.__name__ = function.name
    return Route(endpoint.route, respond, methods=[endpoint.method])


def _input(endpoint: Endpoint, body: bytes, request: Request) -> object:
    if endpoint.input is not None:
        return decode(body, endpoint.input)
    if endpoint.query is not None:
        return convert(dict(request.query_params), endpoint.query)
    return None


async def _body(request: Request, limit: int) -> bytes:
    """The request's body.  Raises TooLarge as soon as it is known to be over the limit."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit():
        raise BadInput("请求头 Content-Length 不是数字")
    parts: list[bytes] = []
    size = int(declared)
    if size <= limit:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > limit:
                break
            parts.append(part)
    if size > limit:
        raise TooLarge(f"请求体超过 {limit // 1024} KB")
    return b"".join(parts)


def serve(app: ASGIApp) -> None:
    """Run an application under Uvicorn on the configured address until it is told to stop.

    Ends the process with one line where the address cannot be had.
    """
    import uvicorn

    from functions._runtime.connections import bounded, more_files

    settings = load_settings()
    more_files()
    try:
        _bind_once(settings.host, settings.port)
    except OSError as error:
        place = f"端口 {settings.port}（环境变量 PORT，HOST 为 {settings.host}）"
        refuse_to_start(f"无法启动：{place}不能监听：{system_reason(error)}")
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        http=bounded(settings.receive_seconds),
        timeout_graceful_shutdown=max(1, int(settings.shutdown_seconds)),
    )


def refuse_to_start(line: str) -> NoReturn:
    """End the process with one line for who started it, and one in the log.

    The log is stdout where that is no terminal: the platform keeps nothing else.
    """
    if not sys.stdout.isatty():
        logs.configure("INFO")
        log.critical(line)
    sys.exit(line)


def _bind_once(host: str, port: int) -> None:
    """Take an address as the server will, and leave it.  Raises OSError."""
    family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
