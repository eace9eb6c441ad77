"""The outermost layer of every call: request id, one log line, and exceptions made answers."""

import logging
import re
import secrets
import time

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions._lab.errors import ReadingError
from functions._runtime.errors import HttpError, Unavailable
from functions._runtime.logs import request_id
from functions._runtime.workers import TaskTooLarge, WorkerError
from storage.errors import (
    CursorInvalid,
    NameInvalid,
    NotFound,
    QuotaExceeded,
    RunsExceeded,
    StorageError,
    StorageUnavailable,
)

log = logging.getLogger("physics_lab.access")

_REQUEST_ID = re.compile(r"^[\w.:-]{1,64}$", re.ASCII)
_LONGEST_PATH = 200
"""Of a path in the log; what is asked for may be 64 KB of nonsense."""
_MOST_CALLS = 2000
"""Calls of one instance at once; a class of sixty makes some dozens."""
_LEFT = 499
"""In the log: the client left before its request was there (nginx's number for it)."""

_STARLETTE = {
    404: "没有这个地址",
    405: "这个地址不支持该请求方法",
}


def json_response(
    content: object, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """An answer encoded by msgspec."""
    return Response(msgspec.json.encode(content), status, headers, "application/json")


def refusal(error: Exception) -> Response | None:
    """The response for an exception that says what is wrong, or None for any other."""
    match error:
        case HttpError():
            return _detail(error.status, error.detail, error.headers, error.field, error.index)
        case ReadingError():
            return _detail(400, error.sentence, None, error.field, error.index)
        case HTTPException():
            text = _STARLETTE.get(error.status_code, "请求无法处理")
            return _detail(error.status_code, text, dict(error.headers or {}))
        case NotFound() | NameInvalid():
            return _detail(404, error.message)
        case CursorInvalid():
            return _detail(400, error.message)
        case RunsExceeded():
            return _detail(429, error.message, {"Retry-After": "2"})
        case QuotaExceeded():
            return _detail(413 if error.by_size else 429, error.sentence)
        case TaskTooLarge():
            return _detail(400, error.message)
        case StorageError() | WorkerError():
            return _detail(503, error.message, {"Retry-After": "2"})
    return None


def _detail(
    status: int,
    detail: str,
    headers: dict[str, str] | None = None,
    field: str = "",
    index: int | None = None,
) -> Response:
    """The sentence and, beside it, the place in the request where there is one."""
    place = {"field": field, "index": index} if field else {}
    return json_response({"detail": detail, **place}, status, headers)


class Boundary:
    """ASGI middleware around the whole bundle."""

    def __init__(self, app: ASGIApp, most_calls: int = _MOST_CALLS) -> None:
        self.app = app
        self._most_calls = most_calls
        self._calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identity = _given_id(scope) or secrets.token_hex(8)
        request_id.set(identity)
        began = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", identity.encode()),
                ]
            await send(message)

        self._calls += 1
        try:
            if self._calls > self._most_calls:
                raise Unavailable("同时的请求过多，请稍后重试", retry_after=2)
            await self.app(scope, receive, send_with_id)
        except ClientDisconnect:
            status = _LEFT
        except Exception as error:  # the one boundary: everything becomes an answer
            response = refusal(error)
            if response is None or isinstance(error, StorageUnavailable | WorkerError):
                log.error("call failed", exc_info=error)
            if status == 0:
                response = response or _detail(500, "服务器内部错误，请稍后重试")
                await response(scope, receive, send_with_id)
        finally:
            self._calls -= 1
            _note(scope, status, time.perf_counter() - began)


def _note(scope: Scope, status: int, seconds: float) -> None:
    """One line of the log for a call."""
    log.info(
        "call",
        extra={
            "method": scope["method"],
            "path": scope["path"][:_LONGEST_PATH],
            "function": scope.get("function", ""),
            "user_id": scope.get("user_id"),
            "status": status,
            "ms": round(seconds * 1000, 1),
        },
    )


def _given_id(scope: Scope) -> str:
    """The platform's request id where the caller sent a sane one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            return text if _REQUEST_ID.match(text) else ""
    return ""
