"""A local HTTP server that plays WeChat's code2Session, well-behaved or not."""

import json
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

SESSION_KEY = "HyVFkGl5F5OQWJZZaNzBBg=="
"""The example of WeChat's documentation; must never leave the code under test."""


class Handler(BaseHTTPRequestHandler):
    """One call: noted, then answered as the next reply of the script says."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.close_connection = True
        self.server.note(address.path, given)(self)

    def send(self, body: bytes, status: int = 200, content_type: str = "text/plain") -> None:
        """A whole answer; WeChat sends its JSON as ``text/plain``."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.write(body)

    def write(self, data: bytes) -> None:
        """Bytes as they are; the client may be gone."""
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except (OSError, ValueError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""


Reply = Callable[[Handler], None]


def session(openid: str, **more: object) -> Reply:
    """Success, without ``errcode`` as WeChat mostly answers."""
    body = {"session_key": SESSION_KEY, "openid": openid, **more}
    return lambda call: call.send(json.dumps(body).encode())


def refusal(errcode: int) -> Reply:
    """A refusal; the words quote what a careless server could quote."""
    words = f"refused {errcode}, session_key {SESSION_KEY}, rid: 6543-21"
    body = {"errcode": errcode, "errmsg": words}
    return lambda call: call.send(json.dumps(body).encode())


def text(body: bytes, status: int = 200) -> Reply:
    """Any body with any status."""
    return lambda call: call.send(body, status)


def raw(data: bytes) -> Reply:
    """Bytes that need not be HTTP, then the end of the connection."""
    return lambda call: call.write(data)


def redirect(address: str) -> Reply:
    """302 to another address."""
    return raw(f"HTTP/1.1 302 Found\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n".encode())


def late(seconds: float, then: Reply) -> Reply:
    """Silence, then an answer."""

    def reply(call: Handler) -> None:
        time.sleep(seconds)
        then(call)

    return reply


def dripping(body: bytes, pause: float) -> Reply:
    """A right answer, one byte after the other."""

    def reply(call: Handler) -> None:
        call.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
        for byte in body:
            call.write(bytes([byte]))
            time.sleep(pause)

    return reply


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, owner: "WeChat") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self._owner = owner

    def note(self, path: str, given: dict[str, str]) -> Reply:
        return self._owner.note(path, given)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses our certificate is no news."""


class WeChat:
    """The server; a context manager.

    ``script`` holds the replies to come, of which the last is repeated; ``calls`` the queries that
    came, ``paths`` where they went.
    """

    def __init__(self, certificate: str | None = None) -> None:
        self.script: list[Reply] = []
        self.calls: list[dict[str, str]] = []
        self.paths: list[str] = []
        self._lock = threading.Lock()
        self._server = _Server(self)
        scheme = "http"
        if certificate:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.base = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    def note(self, path: str, given: dict[str, str]) -> Reply:
        """Remember a call and give its reply."""
        with self._lock:
            self.calls.append(given)
            self.paths.append(path)
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def __enter__(self) -> "WeChat":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
