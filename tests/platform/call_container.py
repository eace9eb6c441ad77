"""A stand-in for ``wx.cloud.callContainer``, with the limits of WeChat Cloud Run as it has them.

Facts: 15 s, not adjustable; request body up to 100 KiB; response up to 1000 KiB; GET, POST, PUT and
DELETE.  The gateway says who is calling; what the client says of it does not count.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

LONGEST_S = 15.0
LARGEST_REQUEST = 100 * 1024
LARGEST_RESPONSE = 1000 * 1024
METHODS = frozenset({"GET", "POST", "PUT", "DELETE"})

REQUEST_TOO_LARGE = -606001
RESPONSE_TOO_LARGE = -606002
TIMED_OUT = 102002
_OF_THE_GATEWAY = ("source", "openid", "appid", "unionid", "env", "from-openid", "from-appid")


class CallFailed(Exception):
    """The platform's own refusal; ``code`` as the mini-program sees it."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code = code


@dataclass
class CallContainer:
    """One person's mini-program.

    Attributes
    ----------
    base : address of the container.
    identity : what the gateway adds; empty as for a call over the public domain.
    longest : seconds of the slowest answer and bytes of the largest one so far.
    """

    base: str
    identity: dict[str, str] = field(default_factory=dict)
    slowest_s: float = 0.0
    largest: int = 0

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.base, trust_env=False, timeout=LONGEST_S)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __call__(
        self, method: str, path: str, data: Any = None, header: dict[str, str] | None = None
    ) -> httpx.Response:
        """Answer of the container.  Raises CallFailed where the platform lets nothing through."""
        if method not in METHODS:
            raise CallFailed(-1, f"method {method} is not supported")
        body = data if isinstance(data, bytes) else b"" if data is None else json_bytes(data)
        if len(body) > LARGEST_REQUEST:
            raise CallFailed(REQUEST_TOO_LARGE, "request too large")
        try:
            answer = self._client.request(method, path, content=body, headers=self._headers(header))
        except httpx.TimeoutException:
            raise CallFailed(TIMED_OUT, "timeout") from None
        took = answer.elapsed.total_seconds()
        if took > LONGEST_S:
            raise CallFailed(TIMED_OUT, "timeout")
        if len(answer.content) > LARGEST_RESPONSE:
            raise CallFailed(RESPONSE_TOO_LARGE, "response too large")
        self.slowest_s = max(self.slowest_s, took)
        self.largest = max(self.largest, len(answer.content))
        return answer

    def _headers(self, header: dict[str, str] | None) -> dict[str, str]:
        """What the container receives: the client's headers without its claims, and the gateway's.

        Over the public domain it is not known whether claims are taken away: they pass.
        """
        given = {name.lower(): value for name, value in (header or {}).items()}
        if self.identity:
            given = {n: v for n, v in given.items() if n not in _claims()}
        return {
            "content-type": "application/json",
            "x-wx-service": "lab-physics-backend",
            **given,
            **self.identity,
        }


def own(openid: str, appid: str) -> dict[str, str]:
    """Headers of our own mini-program's user."""
    return {"x-wx-source": "wx_client", "x-wx-openid": openid, "x-wx-appid": appid, "x-wx-env": "e"}


def sharing(openid: str, appid: str, owner: str) -> dict[str, str]:
    """Headers of a user of another mini-program that shares the environment of ``owner``."""
    return {
        "x-wx-source": "wx_client",
        "x-wx-appid": owner,
        "x-wx-from-openid": openid,
        "x-wx-from-appid": appid,
        "x-wx-env": "e",
    }


def json_bytes(data: Any) -> bytes:
    """JSON as a mini-program sends it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _claims() -> set[str]:
    return {f"x-wx-{name}" for name in _OF_THE_GATEWAY}
