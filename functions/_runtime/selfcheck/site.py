"""A started bundle as a client sees it from outside: what the self-check asks through."""

import ipaddress
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec
import urllib3
from urllib3 import exceptions as trouble

CONNECT_S = 10.0
READ_S = 60.0
"""An instance that was scaled to zero needs its time."""

LONGEST_S = 15.0
"""Limit of ``callContainer``."""

_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (trouble.NameResolutionError, "域名无法解析，请检查地址"),
    (trouble.NewConnectionError, "连接不上，请检查地址与端口，以及服务是否已启动"),
    (trouble.ConnectTimeoutError, "连接超时"),
    (trouble.SSLError, "HTTPS 证书无效或不是 HTTPS 服务"),
    (trouble.ReadTimeoutError, "等待回答超时"),
    (trouble.LocationValueError, "地址格式不正确"),
)


class CheckFailed(Exception):
    """A check does not hold; ``words`` say in Chinese what was found and what to do."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


@dataclass(frozen=True)
class Reply:
    """One answer, with the time it took."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body as plain data.  Raises CheckFailed where it is no JSON."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise CheckFailed(f"HTTP {self.status}，回答不是 JSON") from None

    @property
    def detail(self) -> str:
        """Status and ``detail`` of a refusal, as far as there is one."""
        try:
            said = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            said = None
        words = said.get("detail", "") if isinstance(said, dict) else ""
        return f"HTTP {self.status}" + (f"：{words}" if words else "")


@dataclass
class Site:
    """A base address, the token to use, and the runs that were made there.

    Parameters
    ----------
    base : ``https://example.com``, without a path.
    token : login token, empty before login.
    """

    base: str
    token: str = ""
    runs: list[str] = field(default_factory=list)
    _pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)

    @property
    def is_local(self) -> bool:
        """Whether the address is of this machine or of a private network."""
        host = urlsplit(self.base).hostname or ""
        try:
            return ipaddress.ip_address(host).is_private
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    def ask(
        self,
        method: str,
        path: str,
        content: object = None,
        *,
        headers: dict[str, str] | None = None,
        anonymous: bool = False,
    ) -> Reply:
        """One request; ``content`` goes as JSON, bytes go as they are.

        Raises CheckFailed where there is no answer.
        """
        body = content if isinstance(content, bytes) else None
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.token and not anonymous:
            sent["Authorization"] = f"Bearer {self.token}"
        if content is not None and body is None:
            body = msgspec.json.encode(content)
        began = time.monotonic()
        try:
            answer = self._pool.request(
                method,
                self.base + path,
                body=body,
                headers=sent,
                retries=False,
                redirect=False,
                timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S),
            )
        except trouble.HTTPError as error:
            words = next((w for kind, w in _WORDS if isinstance(error, kind)), "连接中断")
            raise CheckFailed(words) from None
        return Reply(answer.status, answer.headers, answer.data, time.monotonic() - began)

    def get_json(self, path: str) -> Any:
        """JSON of a 200 answer.  Raises CheckFailed for anything else."""
        return self.require(self.ask("GET", path)).json()

    def require(self, reply: Reply, status: int = 200) -> Reply:
        """The reply, if it has this status.  Raises CheckFailed otherwise."""
        if reply.status != status:
            raise CheckFailed(f"应为 HTTP {status}，得到 {reply.detail}")
        return reply

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()
