"""What was stored is finished: after a kill, by whoever is asked; and not for ever."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from config import read_settings
from functions._runtime import gallery, work
from functions._runtime.finishing import CLAIMS_ALLOWED, DEATHS_IN_ALL
from functions._runtime.workers import TaskTooLarge
from storage import runs, users
from tests.conftest import Place
from tests.frozen import freeze
from tests.in_process import Client
from tests.resilience.fleet import workers_of
from tests.resilience.students import PNG_END, PNG_START
from tests.server import ROOT, Server, running, wait_until_ready

READINGS = {"ni": [2, 2, 5, 6], "qi": [3.214, 3.191, 8.167, 9.302]}
OTHER_READINGS = READINGS | {"qi": [3.215, 3.191, 8.167, 9.302]}
START = "/api/plots/millikan/start"
ASKERS = 50


@contextmanager
def frozen_workers(server: Server) -> Iterator[None]:
    """Stop the worker processes for a block, so that work begins and does not end."""
    wait_until_ready(server.base)
    found = workers_of(server.process.pid)
    for pid in found:
        freeze(pid)
    try:
        yield
    finally:
        for pid in found:
            if Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGCONT)


def wait_for_status(data_dir: Path, wanted: str) -> None:
    """Wait until the only run's row says so."""
    deadline = time.monotonic() + 20
    status = None
    while time.monotonic() < deadline:
        connection = sqlite3.connect(data_dir / "lab.sqlite")
        (status,) = connection.execute("SELECT status FROM runs").fetchone()
        connection.close()
        if status == wanted:
            return
        time.sleep(0.02)
    raise AssertionError(status)


def polled(client: httpx.Client, task: str, seconds: float = 40.0) -> dict[str, Any]:
    """The answer about a run once it is over; nothing is asked but its status."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer: dict[str, Any] = client.get(f"/api/plots/status/{task}").json()
        if answer["status"] != "pending":
            return answer
        time.sleep(0.2)
    raise AssertionError("still pending")


def is_whole(png: bytes) -> bool:
    return png.startswith(PNG_START) and png.endswith(PNG_END)


def test_a_run_killed_between_store_and_render_is_complete_after_the_restart(
    tmp_path: Path,
) -> None:
    """82 points of Franck and Hertz; after the restart the client does nothing but poll."""
    readings = json.loads((ROOT / "data" / "samples" / "frank-hertz.json").read_text())
    assert len(readings["groups"][0]["currents"]) == 82
    variables = {"WORKERS": "1", "LEASE_SECONDS": "2"}
    with running(tmp_path, **variables) as server:
        client = server.client()
        with frozen_workers(server):
            task = client.post("/api/plots/frank-hertz/start", json=readings).json()["task_id"]
            wait_for_status(tmp_path, "running")
            server.stop(signal.SIGKILL)
    with running(tmp_path, **variables) as server:
        client.base_url = httpx.URL(server.base)
        began = time.monotonic()
        answer = polled(client, task)
        print(f"\ncomplete {time.monotonic() - began:.2f} s after the restart, lease 2 s")
        assert answer["status"] == "completed"
        assert is_whole(client.get(answer["images"][0]).content)
    client.close()


def test_a_run_that_is_deleted_while_it_is_worked_on_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path, WORKERS="1") as server, server.client() as client:
        with frozen_workers(server):
            task = client.post(START, json=READINGS).json()["task_id"]
            wait_for_status(tmp_path, "running")
            assert client.delete(f"/api/runs/{task}").json()["deleted"]
        assert client.get(f"/api/plots/status/{task}").status_code == 404
        assert client.post("/api/plots/millikan", json=READINGS).status_code == 200
        assert not list((tmp_path / "plots").rglob(f"*{task}*"))
    assert "is left for later" not in server.log.read_text()


def test_figures_that_are_gone_are_drawn_again_in_every_format(tmp_path: Path) -> None:
    with running(tmp_path, WORKERS="1") as server, server.client() as client:
        (address,) = client.post("/api/plots/millikan", json=READINGS).json()["images"]
        first = client.get(address).content
        vector = {end: client.get(address[:-3] + end).content for end in ("svg", "pdf")}
    (kept,) = (tmp_path / "plots").rglob("*.png")
    for file in (tmp_path / "plots").rglob("*.*"):
        file.unlink()
    with running(tmp_path, WORKERS="1") as server:
        again = httpx.get(server.base + address, trust_env=False).content
        assert again == first == kept.read_bytes()
        for end, data in vector.items():
            redrawn = httpx.get(server.base + address[:-3] + end, trust_env=False)
            assert redrawn.status_code == 200
            assert redrawn.content[:5] == data[:5]
        cache = [file.name for file in (tmp_path / "plots").rglob("*.*")]
        assert len(cache) == 3, cache


def die(experiment: str, body: bytes, stored: str | None = None) -> work.Analysis:
    """In place of the analysis: take the worker down."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def devour(experiment: str, body: bytes, stored: str | None = None) -> work.Analysis:
    """In place of the analysis: ask for more memory than any worker may have."""
    bytearray(100_000_000_000)
    raise AssertionError


@pytest.fixture
def client(place: Place) -> Iterator[Client]:
    opened = in_process(place)
    yield opened
    opened.close()


def in_process(place: Place) -> Client:
    variables = {"WECHAT_MOCK": "1", "WORKERS": "1", "DATA_DIR": str(place.data_dir)}
    variables["MYSQL_URL"] = place.mysql_url or ""
    return Client(read_settings(variables), ["millikan", "wechat_auth", "runs"])


def logged_in(client: Client) -> dict[str, str]:
    token = client.post("/api/auth/wechat", json={"code": "s"}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def over(client: Client, task: str, headers: dict[str, str]) -> dict[str, Any]:
    for _ in range(300):
        answer: dict[str, Any] = client.get(f"/api/plots/status/{task}", headers=headers).json()
        if answer["status"] != "pending":
            return answer
        time.sleep(0.1)
    raise AssertionError("still pending")


def test_a_run_that_kills_its_worker_three_times_fails_and_may_be_sent_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = logged_in(client)
    with monkeypatch.context() as poisoned:
        poisoned.setattr(
            gallery, "work", SimpleNamespace(analyse=die, draw_packed=work.draw_packed)
        )
        task = client.post(START, json=READINGS, headers=headers).json()["task_id"]
        answer = over(client, task, headers)
    assert (answer["status"], answer["images"]) == ("failed", [])
    assert answer["message"] == "计算进程多次异常退出，请检查读数后重新提交"
    database = client.app.state.services.database
    assert runs.get(database, task).attempts == 3
    assert client.post(START, json=READINGS, headers=headers).json()["task_id"] == task
    assert over(client, task, headers)["status"] == "completed"


def test_a_run_that_wants_too_much_memory_fails_at_once_and_is_not_claimed_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = logged_in(client)
    database = client.app.state.services.database
    with monkeypatch.context() as greedy:
        greedy.setattr(
            gallery, "work", SimpleNamespace(analyse=devour, draw_packed=work.draw_packed)
        )
        task = client.post(START, json=READINGS, headers=headers).json()["task_id"]
        answer = over(client, task, headers)
        assert (answer["status"], answer["images"]) == ("failed", [])
        assert answer["message"] == TaskTooLarge.message
        refused = client.post("/api/plots/millikan", json=OTHER_READINGS, headers=headers)
        assert (refused.status_code, refused.json()["detail"]) == (400, TaskTooLarge.message)
    run = runs.get(database, task)
    assert (run.claims, run.attempts) == (1, 0)
    assert task not in [left.id for left in runs.expired(database, 100)]
    assert client.post(START, json=READINGS, headers=headers).json()["task_id"] == task
    assert over(client, task, headers)["status"] == "completed"


def test_deaths_add_up_over_instances(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = logged_in(client)
    database = client.app.state.services.database
    (user,) = users.everyone(database)
    run, _ = runs.accept(database, user.user_id, "millikan", "d", json.dumps(READINGS), False)
    assert runs.claim(database, run.id, "elsewhere", 0.0)
    for death in range(1, DEATHS_IN_ALL):
        assert runs.count_attempt(database, run.id, "elsewhere") == death
    monkeypatch.setattr(gallery, "work", SimpleNamespace(analyse=die, draw_packed=work.draw_packed))
    assert over(client, run.id, headers)["status"] == "failed"
    assert runs.get(database, run.id).attempts == DEATHS_IN_ALL


def test_a_run_that_takes_its_instance_down_is_given_up(client: Client) -> None:
    """Each claim that was never handed back is an instance that was lost over the run."""
    headers = logged_in(client)
    database = client.app.state.services.database
    (user,) = users.everyone(database)
    run, _ = runs.accept(database, user.user_id, "millikan", "d", json.dumps(READINGS), False)
    for instance in range(CLAIMS_ALLOWED):
        assert runs.claim(database, run.id, f"instance{instance}", 0.0)
    answer = over(client, run.id, headers)
    assert answer["status"] == "failed"
    assert answer["message"] == "多次计算都没有完成，请检查读数后重新提交"


def test_a_missing_figure_is_drawn_once_for_fifty_askers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = logged_in(client)
    answer = client.post("/api/plots/millikan", json=READINGS, headers=headers).json()
    (address,) = answer["images"]
    services = client.app.state.services
    (file,) = services.settings.data_dir.rglob("*.png")
    first = file.read_bytes()
    file.unlink()
    asked: list[str] = []
    run = services.workers.run

    async def counted(task: Any, *args: Any, **more: Any) -> Any:
        asked.append(task.__name__)
        return await run(task, *args, **more)

    monkeypatch.setattr(services.workers, "run", counted)
    with ThreadPoolExecutor(ASKERS) as threads:
        got = list(threads.map(lambda _: client.get(address), range(ASKERS)))
    assert {answer.status_code for answer in got} == {200}
    assert {answer.content for answer in got} == {first} == {file.read_bytes()}
    assert asked == ["analyse", "draw_packed"]
