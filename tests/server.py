"""A really started bundle for tests: its own process, port and data folder."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import httpx

ROOT = Path(__file__).resolve().parents[1]
MOCK = {"WECHAT_MOCK": "1", "HOST": "127.0.0.1", "WORKERS": "2", "RATE_PER_MINUTE": "100000"}

_TRIES = 3
_NOT_HANDED_ON = ("MYSQL_URL", "JWT_SECRET", "OPENBLAS_NUM_THREADS")
_TAKEN = ("已被别的程序占用", "address already in use")
"""What the bundle, and Uvicorn alone, say of a port that is not free any more."""


def free_port() -> int:
    """A TCP port that nobody listens on at present."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A running bundle; ``client()`` logs in with the mock login."""

    base: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self, name: str = "tester", timeout: float = 30.0) -> httpx.Client:
        """An HTTP client with the token of ``name``."""
        answer = httpx.post(f"{self.base}/api/auth/wechat", json={"code": name}, trust_env=False)
        answer.raise_for_status()
        token = {"Authorization": f"Bearer {answer.json()['token']}"}
        return httpx.Client(base_url=self.base, timeout=timeout, trust_env=False, headers=token)

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> int:
        """End the process; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(sent)
        return self.process.wait(30)


def start(
    data_dir: Path,
    *,
    command: tuple[str, ...] = ("-m", "router"),
    port: int | None = None,
    wait: bool = True,
    variables: Mapping[str, str] = MappingProxyType({}),
    tree: Path = ROOT,
) -> Server:
    """Start the bundle of a source tree and wait until it answers (``wait``).

    Where no ``port`` is given, and somebody takes the free one before it does, it takes another.
    """
    for _ in range(_TRIES):
        server = _launch(data_dir, command, port or free_port(), variables, tree)
        if not wait:
            return server
        try:
            wait_until_up(server)
            return server
        except RuntimeError as error:
            if port or not any(words in str(error) for words in _TAKEN):
                raise
    raise RuntimeError(f"{_TRIES} free ports were taken by others")


def _launch(
    data_dir: Path,
    command: tuple[str, ...],
    port: int,
    variables: Mapping[str, str],
    tree: Path,
) -> Server:
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "server.log"
    environment = {k: v for k, v in os.environ.items() if k not in _NOT_HANDED_ON}
    environment |= MOCK | {"DATA_DIR": str(data_dir), "PORT": str(port)} | dict(variables)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *(word.format(port=port) for word in command)],
            cwd=tree,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Server(f"http://127.0.0.1:{port}", process, log)


def wait_until_up(server: Server, seconds: float = 30.0) -> None:
    """Wait for the first answer.  Raises RuntimeError with the log where it never comes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            httpx.get(f"{server.base}/", timeout=2, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.02)
    server.stop(signal.SIGKILL)
    raise RuntimeError(f"the server did not start:\n{server.log.read_text()}")


def wait_until_ready(base: str, seconds: float = 60.0) -> None:
    """Wait until database and workers are there.  Raises TimeoutError where they never are."""
    deadline = time.monotonic() + seconds
    while httpx.get(f"{base}/health/ready", trust_env=False).status_code != 200:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{base} is not ready after {seconds:.0f} s")
        time.sleep(0.05)


@contextmanager
def running(data_dir: Path, **variables: str) -> Iterator[Server]:
    """A bundle for the length of a ``with`` block."""
    server = start(data_dir, variables=variables)
    try:
        yield server
    finally:
        server.stop()
