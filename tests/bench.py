"""``make bench``: start time, one request, memory, of a really started bundle.

Medians of a few starts, with the range.  The numbers are this machine's at this moment.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests import server

STARTS = 5
REQUESTS = 15
SAMPLE = server.ROOT / "data" / "samples" / "millikan.json"


def main() -> None:
    """Measure and print."""
    first, serving, whole = [], [], []
    for number in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            running = server.start(Path(folder), wait=False)
            try:
                _until_ping(running)
                first.append((time.monotonic() - begun) * 1000)
                if number == 0:
                    _requests(running)
                serving.append(_resident_mb(running.process.pid))
                whole.append(sum(_resident_mb(pid) for pid in _family(running.process.pid)))
            finally:
                running.stop()
    _print("process start to first GET /api/ping", "ms", first)
    _print("resident memory of the serving process", "MB", serving)
    _print("of all processes, shared pages counted in each", "MB", whole[:1])


def _until_ping(running: server.Server) -> None:
    while running.process.poll() is None:
        try:
            httpx.get(f"{running.base}/api/ping", timeout=5, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.002)
    raise RuntimeError(running.log.read_text())


def _requests(running: server.Server) -> None:
    """Millikan with its figure in the answer: readings changed, so nothing is reused; then ping."""
    sample = json.loads(SAMPLE.read_bytes())
    with running.client("bench") as client:
        took = []
        for number in range(REQUESTS):
            charges = [q + number * 1e-3 for q in sample["qi"]]
            took.append(_timed(client, {**sample, "qi": charges, "return_data_uri": True}))
        _print("first Millikan, workers still starting", "ms", took[:1])
        _print("Millikan with its figure, afterwards", "ms", took[1:])
        _print("the same readings again", "ms", [_timed(client, sample) for _ in range(REQUESTS)])
        pings = []
        for _ in range(100):
            begun = time.monotonic()
            client.get("/api/ping").raise_for_status()
            pings.append((time.monotonic() - begun) * 1000)
        _print("GET /api/ping", "ms", pings)


def _timed(client: httpx.Client, body: object) -> float:
    begun = time.monotonic()
    client.post("/api/plots/millikan", json=body).raise_for_status()
    return (time.monotonic() - begun) * 1000


def _family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from _family(int(child))


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _print(what: str, unit: str, values: list[float]) -> None:
    spread = f"  ({min(values):.1f} to {max(values):.1f})" if len(values) > 1 else ""
    print(f"{what:<50} {statistics.median(values):8.1f} {unit}{spread}", flush=True)


if __name__ == "__main__":
    main()
