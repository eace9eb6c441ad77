"""Large bodies that are refused: others hardly wait for them, and they are counted."""

import contextlib
import json
import statistics
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.server import Server, running

CONNECTIONS = 8
SECONDS = 6.0
JUNK = '"zz":[' + ",".join(["[1.0]"] * 150_000) + "]"
BODIES = {
    "/api/plots/fit": '{"model":"polynomial","degree":2.5,"x":[1,2,3,4],"y":[1,2,3,5],'
    + JUNK
    + "}",
    "/api/plots/millikan/check": '{"qi":[' + ",".join(["1.5"] * 240_000) + ',null],"ni":[1]}',
    "/api/plots/frank-hertz/start": '{"VG2K":[' + ",".join(["1.5"] * 240_000) + '],"groups":[]}',
    "/api/uncertainty": '{"formula":"x","quantities":['
    + ",".join(['{"symbol":"x","readings":[1.0,2.0]}'] * 20_000)
    + "]}",
    "/api/plots/millikan": '{"qi":[1,2],"ni":[1,2],"instrument":{'
    + ",".join(f'"k{n}":1' for n in range(70_000))
    + "}}",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("refusals") / "data"
    with running(folder, WORKERS="2", RATE_PER_MINUTE="1000000") as started:
        yield started


def flood(server: Server, end: threading.Event, answered: list[int]) -> list[threading.Thread]:
    """Send what is refused over eight connections, each the next as soon as one is answered."""

    def over_and_over(first: int) -> None:
        with server.client("flooder", timeout=30) as client:
            for number in range(100_000):
                if end.is_set():
                    return
                route, body = list(BODIES.items())[(first + number) % len(BODIES)]
                with contextlib.suppress(httpx.TransportError):
                    answered.append(client.post(route, content=body.encode()).status_code)

    threads = [
        threading.Thread(target=over_and_over, args=(n,), daemon=True) for n in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    return threads


def test_a_probe_is_answered_beside_refused_bodies(server: Server) -> None:
    end, answered, waited = threading.Event(), list[int](), list[float]()
    threads = flood(server, end, answered)
    stop = time.monotonic() + SECONDS
    with httpx.Client(base_url=server.base, trust_env=False, timeout=30) as probe:
        while time.monotonic() < stop:
            began = time.perf_counter()
            assert probe.get("/health/live").status_code == 200
            waited.append(time.perf_counter() - began)
            time.sleep(0.02)
    end.set()
    for thread in threads:
        thread.join(30)
    percentile = statistics.quantiles(waited, n=100)[98]
    print(
        f"{len(answered)} bodies refused in {SECONDS:.0f} s; /health/live: median "
        f"{1e3 * statistics.median(waited):.0f} ms, p99 {1e3 * percentile:.0f} ms"
    )
    assert set(answered) == {400}
    assert percentile < 0.5


def test_refused_bodies_count_in_the_rate(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("counted") / "data"
    sound = json.dumps({"ni": [2, 2, 5, 6], "qi": [3.214, 3.191, 8.167, 9.302]})
    with (
        running(folder, RATE_PER_MINUTE="10") as server,
        server.client("one") as one,
        server.client("two") as two,
    ):
        statuses = [one.post("/api/plots/millikan", content=b"[").status_code for _ in range(12)]
        assert statuses == [400] * 10 + [429] * 2
        refused = one.post("/api/plots/millikan/check", content=sound)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert two.post("/api/plots/millikan", content=sound).status_code == 200
