"""What was deleted stays deleted: on other instances' disks, and while it is worked on."""

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from functions._lab.errors import ReadingError
from functions._runtime import gallery, work
from storage import files, runs
from tests.conftest import Place
from tests.mariadb import Mariadb
from tests.resilience.instances import READINGS, ROUTE, HeldUp, Instance, instance, logged_in, over


@pytest.fixture
def two(mysql_place: Place, tmp_path: Path) -> Iterator[list[Instance]]:
    """Two instances that share the database and no disk."""
    found = [instance(mysql_place, tmp_path / name) for name in ("here", "elsewhere")]
    yield found
    for one in found:
        one.close()


def figures(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.png"))


@pytest.mark.parametrize("path", ["/api/runs/{run}", "/api/me"])
def test_deleted_on_one_instance_is_out_of_reach_on_the_other(
    two: list[Instance], tmp_path: Path, path: str
) -> None:
    here, elsewhere = two
    headers = logged_in(here)
    made = here.post(ROUTE, json=READINGS, headers=headers).json()
    (address,) = made["images"]
    assert elsewhere.get(address).status_code == 200
    assert len(figures(tmp_path / "here")) == len(figures(tmp_path / "elsewhere")) == 1
    gone = here.request("DELETE", path.format(run=made["run_id"]), headers=headers)
    assert gone.status_code == 200
    assert figures(tmp_path / "here") == []
    assert elsewhere.get(address).status_code == 404
    elsewhere.wait(elsewhere.app.state.services.runs.gallery.tidy)
    assert figures(tmp_path / "elsewhere") == []


def test_a_figure_is_served_from_its_file_while_the_database_is_away(
    two: list[Instance], mariadb: Mariadb
) -> None:
    here, _ = two
    headers = logged_in(here)
    (address,) = here.post(ROUTE, json=READINGS, headers=headers).json()["images"]
    whole = here.get(address).content
    mariadb.stop()
    assert here.get(address).content == whole


def test_deleted_while_its_figure_is_written(
    client: Instance, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writing thread cannot be stopped; what it wrote goes when it has ended."""
    headers = logged_in(client)
    writing = HeldUp(files.write, before=True)
    monkeypatch.setattr(files, "write", writing)
    task = client.post(f"{ROUTE}/start", json=READINGS, headers=headers).json()["task_id"]
    assert writing.reached.wait(30)
    threading.Timer(0.2, writing.go_on.set).start()
    gone = client.request("DELETE", f"/api/runs/{task}", headers=headers)
    assert gone.json() == {"id": task, "deleted": True}
    client.wait(client.app.state.services.runs.finisher.close)
    assert writing.ended.wait(30)
    assert figures(place.data_dir) == []


def test_erased_while_a_figure_is_drawn_again(
    client: Instance, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = logged_in(client)
    (address,) = client.post(ROUTE, json=READINGS, headers=headers).json()["images"]
    shutil.rmtree(place.data_dir / "plots")
    writing = HeldUp(files.write, before=True)
    monkeypatch.setattr(files, "write", writing)
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(client.get, address)
        assert writing.reached.wait(30)
        assert client.request("DELETE", "/api/me", headers=headers).json()["erased"]
        writing.go_on.set()
        assert asking.result().status_code == 404
    assert figures(place.data_dir) == []


def refuse(experiment: str, body: bytes, stored: str | None = None) -> work.Analysis:
    """In place of the analysis: refuse the readings."""
    raise ReadingError("坏", "qi")


def test_readings_refused_to_one_asker_are_not_taken_from_another(
    client: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who got a task polls until it is over: it must be failed, never unknown."""
    headers = logged_in(client)
    claim = HeldUp(runs.claim)
    monkeypatch.setattr(runs, "claim", claim)
    monkeypatch.setattr(gallery, "work", SimpleNamespace(analyse=refuse))
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(client.post, ROUTE, json=READINGS, headers=headers)
        assert claim.reached.wait(30)
        task = client.post(f"{ROUTE}/start", json=READINGS, headers=headers).json()["task_id"]
        claim.go_on.set()
        assert asking.result().status_code == 400
    answer = over(client, task, headers)
    assert answer["status"] == "failed"
    assert "坏" in answer["message"]


def test_readings_refused_to_their_only_asker_are_not_kept(
    client: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = logged_in(client)
    monkeypatch.setattr(gallery, "work", SimpleNamespace(analyse=refuse))
    assert client.post(ROUTE, json=READINGS, headers=headers).status_code == 400
    page: dict[str, Any] = client.get("/api/runs", headers=headers).json()
    assert page["items"] == []
