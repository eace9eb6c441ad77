"""Caching, isolation, cross-origin calls and logs of a really running bundle."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.mariadb import Mariadb
from tests.server import Server, running

ROUTE = "/api/plots/millikan"
READINGS = {"ni": [2, 2, 5, 6], "qi": [3.214, 3.191, 8.167, 9.302]}


@pytest.fixture(scope="module", params=["sqlite", "mysql"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("http") / "data"
    variables = {"ADMIN_OPENIDS": "mock_head", "WORKERS": "1"}
    if request.param == "mysql":
        mariadb: Mariadb = request.getfixturevalue("mariadb_server")
        mariadb.start()
        variables["MYSQL_URL"] = mariadb.url("http_contract")
    with running(folder, **variables) as server:
        yield server


@pytest.fixture(scope="module")
def ann(server: Server) -> Iterator[httpx.Client]:
    with server.client("ann") as client:
        yield client


@pytest.fixture(scope="module")
def bob(server: Server) -> Iterator[httpx.Client]:
    with server.client("bob") as client:
        yield client


def test_the_root_and_ping_need_no_token(server: Server) -> None:
    assert httpx.get(f"{server.base}/", trust_env=False).status_code == 200
    answer = httpx.get(f"{server.base}/api/ping", trust_env=False)
    assert answer.json() == {"message": "pong"}


def test_a_figure_is_cached_for_long_and_answers_304(ann: httpx.Client) -> None:
    (address,) = ann.post(ROUTE, json=READINGS).json()["images"]
    first = ann.get(address)
    assert "immutable" in first.headers["cache-control"]
    again = ann.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    for format_, start in (("svg", b"<?xml"), ("pdf", b"%PDF")):
        other = ann.get(address.replace(".png", f".{format_}"))
        assert other.status_code == 200
        assert other.content.startswith(start)


def test_the_same_readings_are_the_same_run_and_another_users_are_not(
    ann: httpx.Client, bob: httpx.Client
) -> None:
    first = ann.post(ROUTE, json=READINGS).json()
    spaced = json.dumps(READINGS, indent=3).encode()
    assert ann.post(ROUTE, content=spaced).json()["run_id"] == first["run_id"]
    assert bob.post(ROUTE, json=READINGS).json()["run_id"] != first["run_id"]


def test_anothers_run_cannot_be_told_from_a_missing_one(
    ann: httpx.Client, bob: httpx.Client
) -> None:
    own = ann.post(ROUTE, json=READINGS).json()["run_id"]
    missing = "0" * 32
    for path in ("/api/plots/status/{}", "/api/runs/{}", "/api/runs/{}/data.csv"):
        theirs, none = bob.get(path.format(own)), bob.get(path.format(missing))
        assert (theirs.status_code, theirs.content) == (404, none.content)
        assert none.status_code == 404
    refused = bob.delete(f"/api/runs/{own}")
    assert (refused.status_code, refused.content) == (404, none.content)
    assert ann.get(f"/api/runs/{own}").status_code == 200
    assert own not in bob.get("/api/runs").text


def test_images_inside_are_asked_for(ann: httpx.Client) -> None:
    answer = ann.post(ROUTE, json={**READINGS, "return_data_uri": True}).json()
    assert answer["images_data"][0].startswith("data:image/png;base64,iVBOR")
    assert ann.post(ROUTE, json=READINGS).json()["images_data"] is None


def test_admin_routes_are_for_admins(server: Server, ann: httpx.Client) -> None:
    for path in ("/api/admin/users", "/api/admin/db-info"):
        assert httpx.get(server.base + path, trust_env=False).status_code == 401
        assert ann.get(path).status_code == 403
    with server.client("head") as head:
        items = head.get("/api/admin/users").json()["items"]
        assert [item["user_id"] for item in items] == sorted(item["user_id"] for item in items)
        assert set(items[0]) == {"user_id", "openid", "role", "created_at"}
        info = head.get("/api/admin/db-info").json()
        assert set(info) == {"backend", "host", "port", "database", "tables"}
        assert {"user_info", "plot_records", "runs"} <= set(info["tables"])


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1:5173"])
def test_a_preflight_of_the_deployed_h5_client_is_allowed(server: Server, origin: str) -> None:
    answer = httpx.options(
        server.base + ROUTE,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
        trust_env=False,
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == origin
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()


def test_a_refusal_can_be_read_across_origins_too(server: Server) -> None:
    origin = {"Origin": "http://localhost:5173"}
    answer = httpx.post(server.base + ROUTE, json={}, headers=origin, trust_env=False)
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == origin["Origin"]
    stranger = httpx.get(
        f"{server.base}/api/ping", headers={"Origin": "https://evil.example"}, trust_env=False
    )
    assert "access-control-allow-origin" not in stranger.headers


def logged(server: Server, identity: str) -> tuple[dict[str, Any], str]:
    """The one log line of a call, written once its answer is on its way, and the whole log."""
    calls: list[dict[str, Any]] = []
    deadline = time.monotonic() + 10
    while not calls and time.monotonic() < deadline:
        time.sleep(0.01)
        text = server.log.read_text()
        lines = [json.loads(line) for line in text.splitlines() if line.endswith("}")]
        calls = [line for line in lines if line.get("request_id") == identity]
    (call,) = calls
    return call, text


def test_every_call_is_one_json_line_without_body_or_secret(
    server: Server, ann: httpx.Client
) -> None:
    marks = {"X-Request-ID": "given-by-the-platform"}
    answer = ann.post(ROUTE, json={**READINGS, "secret_note": "moonstone"}, headers=marks)
    assert answer.headers["x-request-id"] == "given-by-the-platform"
    call, text = logged(server, "given-by-the-platform")
    assert call["function"] == "millikan"
    assert call["status"] == 200
    assert call["user_id"] == ann.get("/api/me").json()["user_id"]
    assert call["ms"] > 0
    assert "moonstone" not in text
    assert ann.headers["Authorization"].split()[1] not in text


def test_the_serving_process_never_loads_what_the_workers_use(
    server: Server, ann: httpx.Client
) -> None:
    assert ann.post(ROUTE, json=READINGS).json()["images"]
    mapped = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "msgspec" in mapped
    for name in ("numpy", "scipy", "matplotlib"):
        assert f"/{name}/" not in mapped, name


def test_a_long_path_does_not_fill_the_log(server: Server, ann: httpx.Client) -> None:
    path = "/nothing/" + "x" * 30_000
    assert ann.get(path, headers={"X-Request-ID": "long-path"}).status_code == 404
    call, _ = logged(server, "long-path")
    assert path.startswith(call["path"])
    assert len(call["path"]) <= 200


def test_text_from_outside_is_kept_out_of_the_request_id(ann: httpx.Client) -> None:
    answer = ann.get("/api/ping", headers={"X-Request-ID": "a b" * 50})
    assert len(answer.headers["x-request-id"]) == 16
