"""Everything of one person: taken away as a zip, or erased."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from functions._lab.errors import ReadingError
from functions._runtime import gallery, work
from tests.conftest import Place
from tests.mariadb import Mariadb
from tests.resilience.instances import instance, logged_in
from tests.resilience.test_recovery import frozen_workers
from tests.server import Server, running

ROUTE = "/api/plots/millikan"
SENT = '{"ni":[2,2,5,6],"qi":[3.2140,3.191,8.167,9.302]}'


@pytest.fixture(params=["sqlite", "mysql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    variables = {"WORKERS": "1"}
    if request.param == "mysql":
        mariadb: Mariadb = request.getfixturevalue("mariadb")
        mariadb.execute("DROP DATABASE IF EXISTS my_data")
        variables["MYSQL_URL"] = mariadb.url("my_data")
    with running(tmp_path / "data", **variables) as server:
        yield server


def exported(client: httpx.Client) -> zipfile.ZipFile:
    answer = client.get("/api/me/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


def test_the_export_holds_all_of_it_and_nothing_of_others(server: Server, tmp_path: Path) -> None:
    with server.client("ann") as ann, server.client("bob") as bob:
        run = ann.post(ROUTE, content=SENT).json()
        bob.post(ROUTE, content=SENT)
        me = ann.get("/api/me").json()
        older = tmp_path / "data" / "plots" / str(me["user_id"]) / "fiber" / "1700000000.png"
        older.parent.mkdir(parents=True)
        older.write_bytes(b"older")
        image = ann.get(run["images"][0]).content
        archive = exported(ann)
        names = archive.namelist()
        (folder,) = {name.rpartition("/")[0] for name in names if name.startswith("runs/")}
        assert run["run_id"][:8] in folder
        assert json.loads(archive.read("user.json"))["openid"] == me["openid"]
        (record,) = json.loads(archive.read("plot_records.json"))
        assert record["url"] == run["images"][0]
        assert archive.read(f"{folder}/readings.json").decode() == SENT
        assert archive.read(f"{folder}/readings.csv").startswith(b"\xef\xbb\xbfni,qi\r\n2,3.2140")
        assert json.loads(archive.read(f"{folder}/results.json"))["results"] == run["results"]
        (figure,) = [name for name in names if name.endswith(".png") and "runs/" in name]
        assert archive.read(figure) == image
        assert archive.read("older/fiber/1700000000.png") == b"older"
        assert "missing.txt" not in names


def test_a_figure_that_is_gone_is_drawn_for_the_export(server: Server, tmp_path: Path) -> None:
    with server.client("ann") as ann:
        run = ann.post(ROUTE, content=SENT).json()
        image = ann.get(run["images"][0]).content
        for path in (tmp_path / "data").rglob("*.png"):
            path.unlink()
        archive = exported(ann)
        (figure,) = [name for name in archive.namelist() if name.endswith(".png")]
        assert archive.read(figure) == image


def refuse(experiment: str, body: bytes, stored: str | None = None) -> work.Analysis:
    """In place of the analysis, as after an update that accepts less."""
    raise ReadingError("坏", "qi")


def test_a_figure_that_can_be_drawn_no_more_is_named_and_the_rest_exported(
    sqlite_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = instance(sqlite_place)
    headers = logged_in(client)
    for sent in (SENT, SENT.replace("3.2140", "3.2141")):
        assert client.post(ROUTE, content=sent, headers=headers).status_code == 200
    (_, gone) = sqlite_place.data_dir.rglob("*.png")
    gone.unlink()
    monkeypatch.setattr(gallery, "work", SimpleNamespace(analyse=refuse))
    answer = client.get("/api/me/export", headers=headers)
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    (missing,) = archive.read("missing.txt").decode().splitlines()
    assert missing.endswith("/q-n.png")
    names = archive.namelist()
    assert missing not in names
    assert sum(name.endswith(".png") for name in names) == 1
    assert sum(name.endswith("/readings.json") for name in names) == 2
    client.close()


def test_an_erased_person_leaves_nothing(server: Server, tmp_path: Path) -> None:
    with server.client("ann") as ann, server.client("bob") as bob:
        theirs = bob.post(ROUTE, content=SENT).json()["images"][0]
        run = ann.post(ROUTE, content=SENT).json()
        user_id = ann.get("/api/me").json()["user_id"]
        assert ann.delete("/api/me").json() == {"user_id": user_id, "erased": True}
        for method, path in (
            ("GET", "/api/me"),
            ("GET", "/api/runs"),
            ("GET", "/api/me/export"),
            ("POST", ROUTE),
            ("DELETE", "/api/me"),
        ):
            refused = ann.request(method, path, content=SENT)
            assert refused.status_code == 401, path
            assert refused.json() == {"detail": "登录已失效，请重新登录"}
        assert ann.get(run["images"][0]).status_code == 404
        assert not (tmp_path / "data" / "plots" / str(user_id)).exists()
        assert bob.get(theirs).status_code == 200
    with server.client("ann") as again:
        assert again.get("/api/me").json()["user_id"] != user_id
        assert again.get("/api/runs").json()["items"] == []


def test_erased_while_a_run_is_worked_on_leaves_nothing(server: Server, tmp_path: Path) -> None:
    with server.client("ann") as ann:
        user_id = ann.get("/api/me").json()["user_id"]
        with frozen_workers(server):
            ann.post(f"{ROUTE}/start", content=SENT)
            assert ann.delete("/api/me").json()["erased"]
    with server.client("bob") as bob:
        assert bob.post(ROUTE, content=SENT).status_code == 200
    assert not list((tmp_path / "data" / "plots" / str(user_id)).rglob("*.png"))


def test_nobody_else_may(server: Server) -> None:
    assert httpx.get(f"{server.base}/api/me/export", trust_env=False).status_code == 401
    assert httpx.delete(f"{server.base}/api/me", trust_env=False).status_code == 401
