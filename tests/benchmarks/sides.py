"""The two servers that are compared, started as they are for use, and what loads them."""

import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tests import server
from tests.benchmarks.client import Client, Refused, is_up
from tests.benchmarks.processes import Confine

CLIENTS = 8
_PING_PAUSE_S = 0.01


@dataclass(frozen=True)
class Side:
    """One of the two: its name and the command after ``python``."""

    name: str
    command: tuple[str, ...]


OURS = Side("bundle", ("-m", "router"))
USUAL = Side("usual way", ("-m", "tests.benchmarks.usual"))


@contextmanager
def started(side: Side, *, wait: bool = True, workers: int = 2) -> Iterator[server.Server]:
    """A running server in a new data folder."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {"WORKERS": str(workers), "MAX_RUNS_PER_USER": "64"}
        running = server.start(Path(folder), command=side.command, wait=wait, variables=variables)
        try:
            yield running
        finally:
            running.stop()


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process to the first ping and to the first figures."""

    ping: float
    finished: float


def start_time(side: Side, experiment: str, body: bytes, confine: Confine | None = None) -> Start:
    """Start a server under a limit, ping it, log in and ask for one experiment."""
    begun = time.perf_counter()
    with started(side, wait=False, workers=2 if confine is None else 1) as running:
        if confine:
            confine(running.process.pid)
        while not is_up(running.base):
            if running.process.poll() is not None:
                raise Refused(running.log.read_text())
            time.sleep(0.002)
        up = time.perf_counter() - begun
        client = Client(running.base)
        client.experiment(experiment, body)
        client.close()
        return Start(up, time.perf_counter() - begun)


@dataclass(frozen=True)
class Load:
    """Outcome of a load: answers a second, and the pings meanwhile in seconds."""

    requests: int
    seconds: float
    pings: list[float]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds

    def ping(self, percent: int) -> float:
        """Percentile of the pings in milliseconds."""
        return statistics.quantiles(self.pings, n=100, method="inclusive")[percent - 1] * 1000


def load(running: server.Server, bodies: Sequence[tuple[str, bytes]]) -> Load:
    """Send all bodies through eight clients at once, one after the other each; ping meanwhile.

    The pings come from a process of their own, so that the clients do not delay them.
    """
    clients = [Client(running.base, f"student {number}") for number in range(CLIENTS)]
    shares = [bodies[number::CLIENTS] for number in range(CLIENTS)]
    failures: list[Exception] = []

    def send(client: Client, share: Sequence[tuple[str, bytes]]) -> None:
        try:
            for experiment, body in share:
                client.experiment(experiment, body)
        except (Refused, OSError) as failure:
            failures.append(failure)

    with _pinging(running.base) as stop:
        begun = time.perf_counter()
        together([lambda c=c, s=s: send(c, s) for c, s in zip(clients, shares, strict=True)])  # type: ignore[misc]
        seconds = time.perf_counter() - begun
        pings = stop()
    for client in clients:
        client.close()
    if failures:
        raise failures[0]
    return Load(len(bodies), seconds, pings)


def together(actions: Sequence[Callable[[], None]]) -> None:
    """Run the actions in threads and wait for all."""
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def _pinging(base: str) -> Iterator[Callable[[], list[float]]]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_ping, args=(base, theirs), daemon=True)
    process.start()
    theirs.close()
    ours.recv()

    def stop() -> list[float]:
        ours.send(None)
        pings: list[float] = ours.recv()
        return pings

    try:
        yield stop
    finally:
        process.join(5)
        process.kill()


def _ping(base: str, pipe: Connection) -> None:
    """Ping every 10 ms on one connection until told to stop."""
    client = Client(base, "pinging")
    pipe.send(None)
    pings: list[float] = []
    while not pipe.poll() or len(pings) < 2:
        pings.append(client.get("/api/ping").seconds)
        time.sleep(_PING_PAUSE_S)
    pipe.recv()
    pipe.send(pings)
