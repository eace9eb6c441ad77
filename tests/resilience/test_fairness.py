"""One user who floods the bundle in every way, and another who wants one thing."""

import contextlib
import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.server import ROOT, Server, running

MILLIKAN = json.loads((ROOT / "data/samples/millikan.json").read_text())
TUBE = "/api/plots/frank-hertz"


def _curves() -> dict[str, Any]:
    """Five curves of 4,000 readings, as much as one request may hold."""
    x = [0.025 * i for i in range(4000)]
    waves = [
        [0.05 * v + min(v / 40, 1) * (1 + math.sin(0.546 * v + k)) for v in x] for k in range(5)
    ]
    groups = [{"currents": [round(i, 3) for i in wave], "label": "?"} for wave in waves]
    return {"VG2K": [round(v, 3) for v in x], "groups": groups}


CURVES = json.dumps(_curves())


def heavy(number: int) -> bytes:
    """Readings of their own for each number."""
    return CURVES.replace("?", str(number)).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(
        tmp_path_factory.mktemp("fair") / "data", WORKERS="2", RATE_PER_MINUTE="240"
    ) as started:
        yield started


def flood(server: Server, end: threading.Event) -> list[threading.Thread]:
    """Check, submit and redraw as the same user, over and over, without waiting for anything."""

    def over_and_over(act: Callable[[httpx.Client, int], object]) -> None:
        with server.client("flooder", timeout=5) as client:
            for number in range(100_000):
                if end.is_set():
                    return
                with contextlib.suppress(httpx.TransportError):
                    act(client, number)
                end.wait(0.05)

    def check(client: httpx.Client, number: int) -> None:
        assert client.post(f"{TUBE}/check", content=heavy(number)).status_code in (200, 429, 503)

    def leave(client: httpx.Client, number: int) -> None:
        client.post(f"{TUBE}/check", content=heavy(-number), timeout=0.2)

    def start(client: httpx.Client, number: int) -> None:
        client.post(f"{TUBE}/start", content=heavy(1000 + number))

    def redraw(client: httpx.Client, number: int) -> None:
        for run in client.get("/api/runs").json()["items"]:
            for image in client.get(f"/api/runs/{run['id']}").json().get("images", []):
                client.get(image.replace(".png", ".pdf"))

    threads = [
        threading.Thread(target=over_and_over, args=(act,), daemon=True)
        for act in (check, check, leave, start, start, redraw)
    ]
    for thread in threads:
        thread.start()
    return threads


def test_another_user_is_answered_while_one_floods(server: Server) -> None:
    end = threading.Event()
    threads = flood(server, end)
    took = []
    try:
        with server.client("one") as client:
            time.sleep(2)
            for number in range(20):
                charges = [q + 1e-4 * number for q in MILLIKAN["qi"]]
                began = time.monotonic()
                answer = client.post("/api/plots/millikan", json={**MILLIKAN, "qi": charges})
                took.append(time.monotonic() - began)
                assert answer.status_code == 200, answer.text
    finally:
        end.set()
        for thread in threads:
            thread.join(20)
    median, p95 = sorted(took)[10], sorted(took)[18]
    print(f"beside the flood: median {median:.2f} s, p95 {p95:.2f} s, worst {max(took):.2f} s")
    assert p95 < 2


def test_a_newer_check_takes_the_place_of_the_older(server: Server) -> None:
    statuses: list[int] = []

    def ask(number: int) -> None:
        with server.client("typist") as client:
            statuses.append(client.post(f"{TUBE}/check", content=heavy(number)).status_code)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses.count(200) >= 1
    assert set(statuses) <= {200, 429}


def test_a_check_whose_client_has_gone_is_ended(server: Server) -> None:
    before = server.log.read_text().count('"status":499')
    with server.client("goer") as client:
        for number in range(3):
            with pytest.raises(httpx.ReadTimeout):
                client.post(f"{TUBE}/check", content=heavy(500 + number), timeout=0.03)
    deadline = time.monotonic() + 10
    while server.log.read_text().count('"status":499') < before + 3:
        assert time.monotonic() < deadline, "the calls were not ended"
        time.sleep(0.1)
