"""Several instances behind nginx, as processes of this machine; they share only the database."""

import contextlib
import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from tests.nginx import nginx
from tests.server import ROOT, Server, free_port, start, wait_until_up

COMMON = {
    "JWT_SECRET": "fleet-0f-three-aB9xQ7-instances-here",
    "WORKERS": "1",
    "LEASE_SECONDS": "4",
}


class Fleet:
    """Instances that can be killed and started again; a context manager that ends them all.

    Parameters
    ----------
    folder : each instance gets a data folder of its own in it.
    variables : settings of all instances beside :data:`COMMON`.
    """

    def __init__(self, folder: Path, size: int, **variables: str) -> None:
        self._folder = folder
        self._variables = {**COMMON, **variables}
        self.workers_killed = 0
        self._ports = [free_port() for _ in range(size)]
        self.instances = [self._start(place) for place in range(size)]
        for instance in self.instances:
            wait_until_up(instance, 60)
        self._entered = contextlib.ExitStack()
        self.base = self._entered.enter_context(self._nginx())

    def __enter__(self) -> "Fleet":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._entered.close()
        for instance in self.instances:
            instance.stop(signal.SIGKILL)

    def _nginx(self) -> contextlib.AbstractContextManager[str]:
        """docs/deploy/nginx.conf before the instances.

        There a name server names the instances at each request, so that nginx keeps no record of
        who failed: here ``max_fails=0``.
        """
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in self._ports)
        changes = {
            "worker_processes auto": "worker_processes 1",
            "resolver 127.0.0.11 valid=5s;": f"upstream fleet {{ {servers} }}",
            "http://lab:8000": "http://fleet",
        }
        text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
        return nginx(text, self._folder, changes)

    def _start(self, place: int) -> Server:
        folder = self._folder / f"instance{place}"
        port = self._ports[place]
        return start(folder, port=port, wait=False, variables=self._variables)

    def kill(self, place: int) -> None:
        """SIGKILL an instance and start it again at once, without waiting for it."""
        self.instances[place].stop(signal.SIGKILL)
        self.instances[place] = self._start(place)

    def kill_a_worker(self, chance: random.Random) -> None:
        """SIGKILL some worker of some instance."""
        found = [pid for i in list(self.instances) for pid in workers_of(i.process.pid)]
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(chance.choice(found), signal.SIGKILL)
            self.workers_killed += 1


def workers_of(pid: int) -> list[int]:
    """Worker processes of an instance: the children of its template process."""
    return [worker for template in _children(pid) for worker in _children(template)]


def _children(pid: int) -> list[int]:
    """Processes that any thread of a process has started."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in thread.read_text().split()]
    return found


class Repeated(threading.Thread):
    """Does something every few seconds until the block is left."""

    def __init__(self, seconds: float, action: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._seconds = seconds
        self._action = action
        self._end = threading.Event()
        self.times = 0

    def run(self) -> None:
        while not self._end.wait(self._seconds):
            self._action()
            self.times += 1

    def __enter__(self) -> "Repeated":
        self.start()
        return self

    def __exit__(self, *ignored: object) -> None:
        self._end.set()
        self.join(60)
