"""A cheap HTTP client, so that the measuring takes as little of the machine as it can."""

import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT_S = 300.0


class Refused(Exception):
    """The server answered with another status than 200."""


@dataclass(frozen=True)
class Answer:
    """One answer: its body and the seconds from sending to the last byte."""

    body: bytes
    seconds: float


class Client:
    """One kept connection that is logged in as ``name``."""

    def __init__(self, base: str, name: str = "bench", timeout: float = TIMEOUT_S) -> None:
        address = urlsplit(base)
        assert address.hostname is not None
        self._connection = http.client.HTTPConnection(
            address.hostname, address.port, timeout=timeout
        )
        self._headers = {"Content-Type": "application/json"}
        login = json.loads(self.post("/api/auth/wechat", json.dumps({"code": name}).encode()).body)
        self._headers["Authorization"] = f"Bearer {login['token']}"

    def post(self, path: str, body: bytes) -> Answer:
        """Answer to a POST.  Raises Refused."""
        return self._ask("POST", path, body)

    def get(self, path: str) -> Answer:
        """Answer to a GET.  Raises Refused."""
        return self._ask("GET", path, None)

    def experiment(self, name: str, body: bytes) -> Answer:
        """Answer of an experiment to these readings."""
        return self.post(f"/api/plots/{name}", body)

    def renew(self) -> None:
        """Open a new connection: the server gives up one that lay idle for some seconds."""
        self._connection.close()
        self.get("/api/ping")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        begun = time.perf_counter()
        self._connection.request(method, path, body, self._headers)
        response = self._connection.getresponse()
        answer = Answer(response.read(), time.perf_counter() - begun)
        if response.status != 200:
            raise Refused(f"{method} {path}: {response.status} {answer.body[:200]!r}")
        return answer


def is_up(base: str) -> bool:
    """Whether ``GET /api/ping`` is answered now."""
    address = urlsplit(base)
    assert address.hostname is not None
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    try:
        connection.request("GET", "/api/ping")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
