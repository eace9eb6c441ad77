"""The history: own runs only, page by page, read, taken away as CSV, deleted."""

import csv
import io
import json
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from functions._runtime.table import table
from tests.server import ROOT, Server, running

ROUTE = "/api/plots/millikan"
UNKNOWN = "0" * 32


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("history") / "data", WORKERS="1") as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A student of this test alone."""
    with server.client(secrets.token_hex(8)) as client:
        yield client


def readings(number: int) -> dict[str, Any]:
    return {"ni": [2, 2, 5, 6], "qi": [3.214 + number / 1000, 3.191, 8.167, 9.302]}


def submit(client: httpx.Client, number: int) -> str:
    run: str = client.post(ROUTE, json=readings(number)).json()["run_id"]
    return run


def test_pages_come_newest_first_and_without_gaps(client: httpx.Client) -> None:
    made = [submit(client, number) for number in range(5)]
    seen: list[str] = []
    before: str | None = ""
    for size in (2, 2, 1):
        page = client.get("/api/runs", params={"limit": 2, "before": before}).json()
        assert len(page["items"]) == size
        seen += [item["id"] for item in page["items"]]
        before = page["next"]
    assert before is None
    assert seen == made[::-1]


def test_the_list_can_be_of_one_experiment(client: httpx.Client) -> None:
    run = submit(client, 0)
    (line,) = client.get("/api/runs?experiment=millikan").json()["items"]
    assert line["id"] == run
    assert line["status"] == "completed"
    assert line["images"] == [f"{line['images'][0]}"]
    assert run in line["images"][0]
    assert client.get("/api/runs?experiment=thermal").json() == {"items": [], "next": None}


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "before=nonsense"])
def test_a_wrong_query_is_refused_in_chinese(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/api/runs?{query}")
    assert answer.status_code == 400
    assert any("\u4e00" <= sign <= "\u9fff" for sign in answer.json()["detail"])


def test_a_run_is_read_with_its_readings_as_they_were_sent(client: httpx.Client) -> None:
    sent = '{"ni":[2,2,5,6],"qi":[3.2140,3.191,8.167,9.30200]}'
    plots = client.post(ROUTE, content=sent).json()
    answer = client.get(f"/api/runs/{plots['run_id']}")
    assert sent in answer.text
    detail = answer.json()
    assert {k: detail[k] for k in ("results", "fits", "warnings", "images")} == {
        k: plots[k] for k in ("results", "fits", "warnings", "images")
    }
    assert detail["finished_at"] >= detail["created_at"]


def test_csv_holds_decimals_as_typed(client: httpx.Client) -> None:
    sent = '{"ni": [2, 5], "qi": [3.2140, 8.170], "instrument": {"qi": 1e-2}}'
    run = client.post(ROUTE, content=sent).json()["run_id"]
    answer = client.get(f"/api/runs/{run}/data.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"millikan-{run}.csv" in answer.headers["content-disposition"]
    assert answer.content == (b"\xef\xbb\xbfni,qi,instrument.qi\r\n2,3.2140,1e-2\r\n5,8.170,\r\n")


def test_csv_carries_no_formula() -> None:
    """In texts and in names of fields; a negative number stays a number."""
    extra = {
        "=cmd|' /C calc'!A0": [-1.5],
        "note": ["=1+1", "@SUM(A1)", "\t=2", "+3", "-x", "plain"],
    }
    text = b"".join(table(json.dumps(readings(0) | extra))).decode("utf-8-sig")
    names, *lines = csv.reader(io.StringIO(text))
    assert names[2] == "'=cmd|' /C calc'!A0"
    assert lines[0][2] == "-1.5"
    notes = [line[3] for line in lines]
    assert notes == ["'=1+1", "'@SUM(A1)", "'\t=2", "'+3", "'-x", "plain"]


def test_a_deleted_run_is_gone_with_its_figures(client: httpx.Client) -> None:
    run = submit(client, 0)
    (address,) = client.get(f"/api/runs/{run}").json()["images"]
    assert client.get(address).status_code == 200
    assert client.delete(f"/api/runs/{run}").json() == {"id": run, "deleted": True}
    for method, path in (
        ("GET", f"/api/runs/{run}"),
        ("GET", f"/api/runs/{run}/data.csv"),
        ("DELETE", f"/api/runs/{run}"),
        ("GET", f"/api/plots/status/{run}"),
        ("GET", address),
    ):
        assert client.request(method, path).status_code == 404, path
    assert client.get("/api/runs").json()["items"] == []
    again = submit(client, 0)
    assert again != run


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/runs/{}"),
        ("GET", "/api/runs/{}/data.csv"),
        ("DELETE", "/api/runs/{}"),
        ("GET", "/api/plots/status/{}"),
    ],
)
def test_anothers_run_looks_exactly_like_none(
    server: Server, client: httpx.Client, method: str, path: str
) -> None:
    run = submit(client, 0)
    with server.client("somebody else") as other:
        theirs = other.request(method, path.format(run))
        missing = other.request(method, path.format(UNKNOWN))
    assert theirs.status_code == missing.status_code == 404
    assert theirs.content == missing.content
    quiet = ("date", "x-request-id")
    assert {k: v for k, v in theirs.headers.items() if k not in quiet} == {
        k: v for k, v in missing.headers.items() if k not in quiet
    }
    assert client.get(f"/api/runs/{run}").status_code == 200


def test_the_queue_is_bounded_and_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("bounded") / "data"
    with (
        running(folder, WORKERS="1", MAX_RUNS_PER_USER="3", RATE_PER_MINUTE="60") as server,
        server.client() as client,
    ):
        statuses = []
        for number in range(70):
            answer = client.post(f"{ROUTE}/start", json=readings(number))
            statuses.append(answer.status_code)
            if answer.status_code == 429:
                assert int(answer.headers["retry-after"]) >= 1
                assert "稍后" in answer.json()["detail"]
        assert set(statuses) == {200, 429}
        assert statuses[0] == 200
        assert statuses[60:] == [429] * 10


def test_stored_runs_are_bounded_and_deleting_makes_room(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("quota") / "data"
    with running(folder, MAX_STORED_RUNS_PER_USER="2") as server, server.client() as client:
        first, second = submit(client, 1), submit(client, 2)
        for route in (ROUTE, f"{ROUTE}/start"):
            refused = client.post(route, json=readings(3))
            assert refused.status_code == 429
            said = "已保存的记录达到上限（2 条），请先删除不用的记录"
            assert refused.json()["detail"] == said
        assert submit(client, 1) == first
        kept = [run["id"] for run in client.get("/api/runs").json()["items"]]
        assert kept == [second, first]
        client.delete(f"/api/runs/{first}")
        assert client.post(ROUTE, json=readings(3)).status_code == 200


def test_stored_readings_are_bounded_in_bytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("quota") / "data"
    limits = {"MAX_STORED_MB_PER_USER": "1", "MAX_RUNS_PER_USER": "100"}
    with running(folder, **limits) as server, server.client() as client:
        charges, sent, kept = [1.6021 + n / 1e7 for n in range(4000)], 0, 0
        while kept == sent < 2**21:
            charges[0] += 0.001
            body = json.dumps({"qi": charges, "ni": [1] * 4000}, separators=(",", ":"))
            answer = client.post(f"{ROUTE}/start", content=body)
            sent += len(body)
            kept += len(body) if answer.status_code == 200 else 0
        assert answer.status_code == 413
        assert answer.json()["detail"] == "已保存的读数达到上限（1 MB），请先删除不用的记录"
        assert kept <= 2**20 < sent


def test_anonymous_callers_are_refused(server: Server) -> None:
    for path in ("/api/runs", f"/api/runs/{UNKNOWN}", f"/api/runs/{UNKNOWN}/data.csv"):
        assert httpx.get(server.base + path, trust_env=False).status_code == 401


def test_readings_survive_json(client: httpx.Client) -> None:
    """A body that is a JSON text with escapes comes back as the same JSON."""
    tube = json.loads((ROOT / "data/samples/frank-hertz.json").read_text())
    tube["groups"][0]["label"] = '油滴 "甲" \\ \u2028'
    body = json.dumps(tube)
    run = client.post("/api/plots/frank-hertz", content=body).json()["run_id"]
    assert client.get(f"/api/runs/{run}").json()["readings"] == json.loads(body)


def test_fields_that_nobody_declared_are_dropped_with_a_word(client: httpx.Client) -> None:
    """A long name with thousands of parts in it would be repeated in every column of the table."""
    bomb = {"k" * 60_000: {str(n): 1 for n in range(6_000)}}
    readings = '{"qi": [3.2140, 3.191, 8.167, 9.302],  "ni": [2, 2, 5, 6.0]'
    body = f"{readings}, {json.dumps(bomb)[1:]}".encode()
    answer = client.post(ROUTE, content=body)
    assert answer.status_code == 200
    (said,) = [w["message"] for w in answer.json()["warnings"] if w["code"] == "ignored"]
    assert len(said) < 100
    run = answer.json()["run_id"]
    assert '"qi":[3.2140,3.191,8.167,9.302]' in client.get(f"/api/runs/{run}").text
    assert len(client.get(f"/api/runs/{run}/data.csv").content) < len(body)
    checked = client.post(f"{ROUTE}/check", content=body).json()["warnings"]
    assert said in [w["message"] for w in checked]


@pytest.mark.parametrize(
    "readings",
    [
        {"k" * 60_000: {str(n): 1 for n in range(6_000)}},
        {"a": {"k" * 3000: [[{"b" * 500: n}] for n in range(800)]}},
        {f"c{n}": [1] * (2000 if n == 0 else 1) for n in range(2000)},
        {"q": ['"' * 500] * 50},
        {"x": [0.1 * n for n in range(500)], "y": [1.0] * 500},
    ],
    ids=["long name", "deep", "ragged", "quotes", "plain"],
)
def test_a_table_is_at_most_four_times_its_readings(readings: dict[str, Any]) -> None:
    text = json.dumps(readings)
    size = sum(len(piece) for piece in table(text))
    print(f"{size / len(text):.2f} times")
    assert size <= 4 * len(text)
