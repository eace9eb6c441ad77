"""The declaration of a function: one object that HTTP, script and OpenAPI are made from."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import anyio.to_thread
import msgspec

from functions._runtime.errors import Unauthorized

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from functions._runtime.services import Services
    from storage.records import UserRecord

In = TypeVar("In")
T = TypeVar("T")


class Access(Enum):
    """Who may call an endpoint."""

    PUBLIC = "public"
    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Call(Generic[In]):
    """One call of an endpoint: the decoded input, the caller, and what the bundle offers."""

    services: "Services"
    request: "Request"
    input: In
    caller: "UserRecord | None" = None
    body: bytes = b""

    @property
    def user(self) -> "UserRecord":
        """The caller.  Raises Unauthorized where the endpoint is public and nobody logged in."""
        if self.caller is None:
            raise Unauthorized("请先登录")
        return self.caller

    @property
    def path(self) -> dict[str, str]:
        """The variable parts of the route."""
        return self.request.path_params

    async def blocking(self, work: Callable[..., T], *args: Any) -> T:
        """Run a storage operation in a thread, so that the event loop stays free."""
        return await anyio.to_thread.run_sync(work, *args)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route of a function.

    ``input`` is the Struct of the JSON body, ``query`` that of the query string; ``output`` is the
    Struct of the answer, or None where the handler returns a Response of ``media_type``.
    """

    route: str
    method: str
    summary: str
    handle: Callable[[Call[Any]], Awaitable[Any]]
    output: Any = None
    input: Any = None
    query: type[msgspec.Struct] | None = None
    access: Access = Access.PUBLIC
    media_type: str = "application/json"
    example: bytes | None = None
    refusals: tuple[int, ...] = ()
    """Statuses this endpoint may answer beside those of its access and input."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a deployment of this function alone should be given."""

    memory_mb: int = 256
    cpu: float = 0.25
    timeout_s: int = 15
    concurrency: int = 80


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the bundle.

    Parameters
    ----------
    file : ``__file__`` of its module; the name comes from it.
    title : Chinese title.
    endpoints : its routes.
    needs : names of functions that must be mounted with it when it is deployed alone.
    resources : what a deployment of it alone should be given.
    mounts_all : its answers depend on which functions are mounted, so that a deployment of it
        alone is given all of them.
    """

    file: str
    title: str
    endpoints: Sequence[Endpoint]
    needs: tuple[str, ...] = ()
    resources: Resources = field(default_factory=Resources)
    mounts_all: bool = False

    @property
    def name(self) -> str:
        """Name of the module, ``millikan``."""
        return Path(self.file).stem

    def fault(self) -> str:
        """Why the bundle cannot mount this function, in Chinese; empty where it can."""
        return ""

    @property
    def app(self) -> "ASGIApp":
        """This function alone as an ASGI application: ``uvicorn functions.millikan:app``."""
        return LoneApplication(self.name)

    def main(self, arguments: list[str]) -> None:
        """Serve this function alone: ``python -m functions ping``.  It takes no arguments."""
        from functions._runtime.application import StartRefused, assemble, refuse_to_start, serve

        if arguments:
            refuse_to_start(f"{self.name} 不是实验，后面不带参数；设置由环境变量给出")
        try:
            serve(assemble([self.name]))
        except StartRefused as refused:
            refuse_to_start(str(refused))


class LoneApplication:
    """One function alone, built at its first call: importing the module stays cheap."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._app: ASGIApp | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if self._app is None:
            from functions._runtime.application import StartRefused, assemble

            try:
                self._app = assemble([self.name])
            except StartRefused as refused:
                if scope["type"] != "lifespan":
                    raise
                # A server takes an exception for "no lifespan", and would serve nothing but 500.
                await receive()
                await send({"type": "lifespan.startup.failed", "message": str(refused)})
                return
        await self._app(scope, receive, send)
