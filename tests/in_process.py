"""A bundle in this process, so that its log can be read; called from any thread."""

import functools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import httpx
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette

from config import Settings
from functions._runtime.application import bundle
from functions._runtime.discovery import discover

T = TypeVar("T")


class Client:
    """A blocking client of the given functions, without a port and without a lifespan."""

    def __init__(self, settings: Settings, functions: Sequence[str]) -> None:
        self.app: Starlette = bundle(discover(functions), settings)
        self._context = start_blocking_portal()
        self._portal = self._context.__enter__()

    def run_async(self, action: Callable[[], Awaitable[T]]) -> T:
        """Await something in this client's event loop."""
        return self._portal.call(action)

    def close(self) -> None:
        """End the event loop and the database's connections."""
        self._context.__exit__(None, None, None)
        self.app.state.services.database.close()

    def get(self, path: str, **more: Any) -> httpx.Response:
        """GET; ``more`` as httpx takes it."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """POST; ``more`` as httpx takes it."""
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any method."""
        return self._portal.call(functools.partial(self._request, method, path, **more))

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://lab") as client:
            return await client.request(method, path, **more)
