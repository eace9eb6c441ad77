"""Functions taken out of the bundle, each its own process behind nginx, answer as the bundle does.

Bundle and processes share one database; what they reckon they reckon each for themselves, since
the same readings of two people are two runs.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from config import variables
from functions._runtime.discovery import discover
from functions._runtime.experiment import Experiment
from tests.experiments import REPRESENTATIVE
from tests.platform.split import split
from tests.server import Server, running

VARIABLES = {
    "WECHAT_MOCK": "1",
    "ADMIN_OPENIDS": "mock_admin",
    "WORKERS": "1",
}
FOUND = discover()
SAMPLES = [(e, path) for e in REPRESENTATIVE for path in e.sample_paths]
HOT = "millikan"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("split") / "data"


@pytest.fixture(scope="module")
def bundle(data_dir: Path) -> Iterator[Server]:
    with running(data_dir, **VARIABLES) as server:
        yield server


@pytest.fixture(scope="module")
def front(
    bundle: Server, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of nginx; the hot function has two instances."""
    with split(tmp_path_factory.mktemp("nginx"), data_dir, {HOT: 2}, VARIABLES) as base:
        yield base


class Pair:
    """The same calls to the bundle and to the functions behind nginx."""

    def __init__(self, bundle: str, front: str) -> None:
        self.bundle, self.front = (
            httpx.Client(base_url=base, timeout=30, trust_env=False) for base in (bundle, front)
        )

    def log_in(self, name: str) -> dict[str, str]:
        """Header of a person's token, made by the function that logs in."""
        answer = self.front.post("/api/auth/wechat", json={"code": name})
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    def agree(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Both answers are the same in status, body and what the client reads of the headers."""
        answers = [side.request(method, path, **more) for side in (self.bundle, self.front)]
        seen = [
            (
                answer.status_code,
                answer.content,
                [answer.headers.get(name) for name in ("content-type", "retry-after")],
                set(answer.headers.get("allow", "").split(", ")),
            )
            for answer in answers
        ]
        assert seen[0] == seen[1], (method, path)
        return answers[1]


@pytest.fixture(scope="module")
def pair(bundle: Server, front: str) -> Iterator[Pair]:
    made = Pair(bundle.base, front)
    yield made
    made.bundle.close()
    made.front.close()


def neutral(text: str) -> Any:
    """An answer without what is a person's own: number of the run, number of the user."""
    run_id = json.loads(text)["run_id"]
    return json.loads(re.sub(r"/plots/\d+/", "/plots/1/", text.replace(run_id, "run")))


@pytest.mark.parametrize(("experiment", "path"), SAMPLES, ids=[path.stem for _, path in SAMPLES])
def test_samples_are_answered_alike(experiment: Experiment, path: Path, pair: Pair) -> None:
    body = {**json.loads(path.read_bytes()), "return_data_uri": True}
    mine, theirs = pair.log_in("at-the-bundle"), pair.log_in("at-nginx")
    first = pair.bundle.post(experiment.route, json=body, headers=mine)
    second = pair.front.post(experiment.route, json=body, headers=theirs)
    assert first.status_code == second.status_code == 200, (first.text, second.text)
    assert first.json()["run_id"] != second.json()["run_id"]
    assert neutral(first.text) == neutral(second.text)
    assert second.json()["images_data"]
    pair.agree("POST", f"{experiment.route}/check", json=body, headers=mine)
    task = pair.agree("POST", f"{experiment.route}/start", json=body, headers=theirs).json()
    address = f"/api/plots/status/{task['task_id']}"
    state = pair.agree("GET", address, headers=theirs).json()
    assert state["status"] == "completed"
    assert pair.agree("GET", address, headers=mine).status_code == 404
    for image in state["images"]:
        assert pair.agree("GET", image).status_code == 200
        assert pair.agree("GET", image.replace(".png", ".svg")).status_code == 200


@pytest.mark.parametrize("experiment", REPRESENTATIVE, ids=lambda e: e.name)
def test_bad_input_is_answered_alike(experiment: Experiment, pair: Pair) -> None:
    token = pair.log_in("at-nginx")
    limit = int(variables()["MAX_BODY_KB"][0]) * 1024
    bodies = [b"", b"{}", b"[]", b"nonsense", b'{"instrument": 5}', b'{"return_data_uri": 1}']
    bodies += [b" " * (limit + 1), b" " * (2 * limit)]
    for suffix in ("", "/start", "/check"):
        route = experiment.route + suffix
        for body in bodies:
            answer = pair.agree("POST", route, content=body, headers=token)
            assert answer.status_code in (400, 413)
        for header in ({}, {"Authorization": "Bearer forged"}, {"Authorization": "Basic x"}):
            answer = pair.agree("POST", route, content=experiment.sample(), headers=header)
            assert answer.status_code == 401
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            assert pair.agree(method, route, headers=token).status_code == 405


def test_every_route_refuses_strangers_and_wrong_methods_alike(pair: Pair) -> None:
    student = pair.log_in("at-nginx")
    for route in {e.route for function in FOUND for e in function.endpoints}:
        path = re.sub(r"{\w+(:path)?}", "unknown", route)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            pair.agree(method, path, content=b"{}")
        pair.agree("PUT", path, headers=student)


def test_other_addresses_are_answered_alike(pair: Pair) -> None:
    student, admin = pair.log_in("at-nginx"), pair.log_in("admin")
    for path in (
        *(
            "/nothing",
            "/api",
            "/api/plots/",
            "/api/plots/none",
            "/api/plots/millikan/",
            "//api/ping",
        ),
        *("/static/plots/1/millikan/none.png", "/static/plots/x/millikan/a.png", "/static/other"),
        *("/static/plots/1/millikan/..%2f..%2flab.sqlite", "/api/runs/a%2Fb", "/api/%6De"),
        *("/docs", "/docs/client.js", "/docs/none.js", "/openapi.json", "/", "/health/live"),
        *("/api/ping", "/api/experiments", "/api/runs?limit=0", "/api/runs?limit=x", "/api/runs"),
        *(
            "/api/me",
            "/api/admin/users",
            "/api/admin/db-info",
            "/api/runs/none",
            "/api/runs/none/data.csv",
        ),
    ):
        for header in ({}, student, admin):
            pair.agree("GET", path, headers=header)
    assert pair.agree("GET", "/api/admin/users", headers=admin).status_code == 200
    assert pair.agree("GET", "/api/admin/users", headers=student).status_code == 403


def test_cross_origin_preflights_are_answered_alike(pair: Pair) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    for origin in ("http://localhost:5173", "https://evil.example"):
        for path in ("/api/plots/millikan/start", "/api/me", "/api/plots/status/x"):
            pair.agree("OPTIONS", path, headers={**asked, "Origin": origin})
