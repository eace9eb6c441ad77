"""Instances in the test's own process: quick to start, and open to being held up anywhere."""

import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx

from config import read_settings
from tests.conftest import Place
from tests.in_process import Client

T = TypeVar("T")

ROUTE = "/api/plots/millikan"
READINGS = {"ni": [2, 2, 5, 6], "qi": [3.214, 3.191, 8.167, 9.302]}
_FUNCTIONS = ["millikan", "wechat_auth", "runs", "my_data", "plot_status"]


class Instance(Client):
    """An instance whose parts a test may call in its event loop."""

    def wait(self, work: Callable[..., Awaitable[T]], *args: Any) -> T:
        """What the coroutine gives."""
        return self._portal.call(work, *args)


def instance(place: Place, data_dir: Path | None = None, **variables: str) -> Instance:
    """An instance with the database of ``place``, and a data folder of its own where given."""
    settings = {"WECHAT_MOCK": "1", "WORKERS": "1", "RATE_PER_MINUTE": "100000"}
    settings |= {"JWT_SECRET": "two-1nstances-aB9xQ7-of-one-service"}
    settings |= {"DATA_DIR": str(data_dir or place.data_dir), "MYSQL_URL": place.mysql_url or ""}
    return Instance(read_settings(settings | variables), _FUNCTIONS)


def logged_in(client: Client, name: str = "s") -> dict[str, str]:
    """The headers of a student."""
    token = client.post("/api/auth/wechat", json={"code": name}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def over(client: Client, task: str, headers: dict[str, str]) -> dict[str, Any]:
    """The answer about a run once it is over."""
    for _ in range(600):
        answer: dict[str, Any] = client.get(f"/api/plots/status/{task}", headers=headers).json()
        if answer["status"] != "pending":
            return answer
        time.sleep(0.05)
    raise AssertionError("still pending")


def at_once(ask: Callable[[int], httpx.Response], count: int) -> list[httpx.Response]:
    """Ask from ``count`` threads together."""
    together = threading.Barrier(count)

    def one(number: int) -> httpx.Response:
        together.wait(30)
        return ask(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


class HeldUp:
    """A function in place of another: it does its work, and waits before or after it.

    Attributes
    ----------
    reached : set when the first call has come to where it waits.
    go_on : to be set for it to go on; later calls do not wait.
    ended : set when a call has ended.
    """

    def __init__(self, work: Callable[..., Any], *, before: bool = False) -> None:
        self._work = work
        self._before = before
        self.reached = threading.Event()
        self.go_on = threading.Event()
        self.ended = threading.Event()

    def __call__(self, *args: Any, **more: Any) -> Any:
        if self._before:
            self._wait()
        found = self._work(*args, **more)
        if not self._before:
            self._wait()
        self.ended.set()
        return found

    def _wait(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            assert self.go_on.wait(30)
