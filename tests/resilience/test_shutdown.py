"""SIGTERM: what was answered is there afterwards, leases are given up, the grace is kept."""

import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.mariadb import Mariadb
from tests.resilience.test_recovery import frozen_workers, polled
from tests.server import Server, running

GRACE_S = 4.0
STUDENTS = 12
LOAD_S = 2.5
GOOD_ENDS = (0, -signal.SIGTERM)
"""Uvicorn raises the signal again when all is done, so that the caller sees why."""


def readings(number: int) -> dict[str, list[float]]:
    return {"ni": [2, 2, 5, 6], "qi": [3.214 + number * 1e-5, 3.191, 8.167, 9.302]}


def submitted_until_it_ends(server: Server, name: int, answered: dict[str, str]) -> None:
    """Submit one run after the other, in both ways, until nobody answers any more."""
    with server.client(f"s{name}") as client:
        for number in range(name * 10_000, name * 10_000 + 9_999):
            way = "/start" if number % 2 else ""
            try:
                answer = client.post(f"/api/plots/millikan{way}", json=readings(number))
            except httpx.TransportError:
                return
            if answer.status_code == 200:
                answered[answer.json()["run_id"]] = f"s{name}"
            else:
                assert answer.status_code in (429, 503), answer.text
                time.sleep(0.02)


def ended_within(server: Server, seconds: float) -> float:
    """Send SIGTERM and wait; the time it took."""
    began = time.monotonic()
    assert server.stop() in GOOD_ENDS
    took = time.monotonic() - began
    assert took < seconds, took
    return took


def rows(data_dir: Path) -> dict[str, str]:
    connection = sqlite3.connect(data_dir / "lab.sqlite")
    found = dict(connection.execute("SELECT id, status FROM runs").fetchall())
    connection.close()
    return found


@pytest.mark.slow
def test_sigterm_under_load_loses_nothing(tmp_path: Path) -> None:
    variables = {"WORKERS": "1", "SHUTDOWN_SECONDS": str(GRACE_S)}
    answered: dict[str, str] = {}
    with running(tmp_path, **variables) as server:
        students = [
            threading.Thread(target=submitted_until_it_ends, args=(server, name, answered))
            for name in range(STUDENTS)
        ]
        for student in students:
            student.start()
        time.sleep(LOAD_S)
        took = ended_within(server, GRACE_S + 1.0)
        for student in students:
            student.join()
    states = rows(tmp_path)
    assert answered.keys() <= states.keys()
    assert "running" not in states.values(), "a lease was not given up"
    left = sum(state == "pending" for state in states.values())
    print(f"\n{len(answered)} runs answered, ended in {took:.2f} s, {left} left for later")
    with running(tmp_path, **variables) as server:
        for name in set(answered.values()):
            with server.client(name) as client:
                mine = [run for run, owner in answered.items() if owner == name]
                assert {polled(client, run)["status"] for run in mine} == {"completed"}


@pytest.mark.slow
def test_a_queue_too_long_for_the_grace_is_handed_back(tmp_path: Path) -> None:
    """Workers that stand still end nothing: all is handed back, nobody waits for a lease."""
    variables = {"WORKERS": "2", "SHUTDOWN_SECONDS": "2", "MAX_RUNS_PER_USER": "100"}
    with running(tmp_path, **variables) as server, server.client() as client:
        with frozen_workers(server):
            for number in range(40):
                client.post("/api/plots/millikan/start", json=readings(number))
            refused = concurrently(lambda: client.post("/api/plots/millikan", json=readings(99)))
            time.sleep(0.5)
            took = ended_within(server, 3.0)
        answer = refused()
        assert answer.status_code == 503
        assert "重试" in answer.json()["detail"]
        assert answer.headers["retry-after"]
    states = rows(tmp_path)
    assert len(states) == 41
    assert set(states.values()) == {"pending"}
    print(f"\n41 runs handed back, ended in {took:.2f} s of 2 s")


@pytest.mark.slow
def test_sigterm_while_the_database_is_away(mariadb: Mariadb, tmp_path: Path) -> None:
    url = mariadb.url("shutdown")
    with (
        running(tmp_path, MYSQL_URL=url, WORKERS="1", SHUTDOWN_SECONDS="2") as server,
        server.client() as client,
    ):
        client.post("/api/plots/millikan/start", json=readings(1))
        mariadb.stop()
        refused = concurrently(lambda: client.get("/api/runs"))
        time.sleep(0.5)
        took = ended_within(server, 3.0)
        assert refused().status_code == 503
    print(f"\nended in {took:.2f} s of 2 s")
    mariadb.start()


def concurrently(ask: Callable[[], httpx.Response]) -> Callable[[], httpx.Response]:
    """Ask in a thread; calling what is given back waits for the answer."""
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()

    def answer() -> httpx.Response:
        thread.join(30)
        return answers[0]

    return answer
