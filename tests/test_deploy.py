"""The manifests under docs/deploy agree with the bundle; nginx.conf is tried with real nginx."""

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml  # type: ignore[import-untyped]
from starlette.routing import Route

from config import read_settings, variables
from functions._runtime.application import bundle
from functions._runtime.discovery import discover
from tests.nginx import nginx
from tests.server import free_port

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "docs" / "deploy"
FORGED = dict.fromkeys(
    [
        "X-WX-OPENID",
        "X-WX-APPID",
        "X-WX-UNIONID",
        "X-WX-FROM-OPENID",
        "X-WX-FROM-APPID",
        "X-WX-FROM-UNIONID",
        "X-WX-SOURCE",
        "X-WX-ENV",
    ],
    "forged",
)


def _documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


def _compose() -> dict[str, Any]:
    services: dict[str, Any] = _documents("docker-compose.yml")[0]["services"]
    return services


def _containers() -> list[dict[str, Any]]:
    """The container of the Deployment and that of the Knative service."""
    workloads = [
        document
        for name in ("kubernetes.yaml", "knative.yaml")
        for document in _documents(name)
        if document["kind"] in ("Deployment", "Service") and "template" in document["spec"]
    ]
    assert [w["kind"] for w in workloads] == ["Deployment", "Service"]
    return [w["spec"]["template"]["spec"]["containers"][0] for w in workloads]


def test_variables_are_those_of_the_settings() -> None:
    given = [set(_compose()["lab"]["environment"])]
    given += [{entry["name"] for entry in container["env"]} for container in _containers()]
    for names in given:
        assert names <= variables().keys()
        assert "WECHAT_MOCK" in names


def test_values_are_accepted_by_the_settings(tmp_path: Path) -> None:
    secret = {"JWT_SECRET": "Zx81-qwErty-97-plum-kettle-orbit-33", "DATA_DIR": str(tmp_path)}
    for container in _containers():
        given = {entry["name"]: entry["value"] for entry in container["env"]}
        settings = read_settings({**given, **secret})
        assert not settings.wechat_mock


def test_ports_and_users_are_those_of_the_image() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "ARG RUN_UID=10001" in dockerfile
    for container in _containers():
        assert container["ports"][0]["containerPort"] == 8000
    deployment = _documents("kubernetes.yaml")[0]["spec"]["template"]["spec"]
    assert deployment["securityContext"]["runAsUser"] == 10001
    mounts = deployment["containers"][0]["volumeMounts"]
    assert [mount["mountPath"] for mount in mounts] == ["/app/data"]
    assert _compose()["lab"]["volumes"][0]["target"] == "/app/data"
    assert "DATA_DIR=/app/data" in dockerfile
    assert _compose()["lab"]["environment"]["PORT"] == "8000"
    assert "http://lab:8000" in (DEPLOY / "nginx.conf").read_text()


def test_probes_ask_routes_that_exist(tmp_path: Path) -> None:
    settings = read_settings({"WECHAT_MOCK": "1", "DATA_DIR": str(tmp_path)})
    app = bundle(discover(), settings)
    routes = {route.path for route in app.routes if isinstance(route, Route)}
    probes = [
        probe["httpGet"]["path"]
        for container in _containers()
        for key, probe in container.items()
        if key.endswith("Probe")
    ]
    assert len(probes) == 4
    assert set(probes) <= routes


def test_there_is_time_to_shut_down() -> None:
    deployment = _documents("kubernetes.yaml")[0]["spec"]["template"]["spec"]
    given = {e["name"]: e["value"] for e in deployment["containers"][0]["env"]}
    pause = int(deployment["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pause + float(given["SHUTDOWN_SECONDS"]) < deployment["terminationGracePeriodSeconds"]
    grace = int(_compose()["lab"]["stop_grace_period"].removesuffix("s"))
    assert float(variables()["SHUTDOWN_SECONDS"][0]) < grace


def test_the_figures_fit_into_the_folder() -> None:
    """The cap on figures leaves room in the memory disk and the scratch volume of 1 GiB."""
    lab = _compose()["lab"]
    size_mb = lab["volumes"][0]["tmpfs"]["size"] / 1e6
    assert float(lab["environment"]["PLOTS_MAX_MB"]) < 0.8 * size_mb
    deployment = _documents("kubernetes.yaml")[0]["spec"]["template"]["spec"]
    assert deployment["volumes"][0]["emptyDir"]["sizeLimit"] == "1Gi"
    given = {e["name"]: e["value"] for e in deployment["containers"][0]["env"]}
    assert float(given["PLOTS_MAX_MB"]) < 0.8 * 1024


class _Echo(BaseHTTPRequestHandler):
    """Answers with the request's headers as JSON."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers.items())).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *args: object) -> None:
        """Stay silent."""


def _in_front_of(port: int, folder: Path, **changes: str) -> contextlib.AbstractContextManager[str]:
    """The documented nginx with the bundle at this port, and other times of patience."""
    text = (DEPLOY / "nginx.conf").read_text()
    given = {
        f"client_{name}_timeout 10s": f"client_{name}_timeout {v}" for name, v in changes.items()
    }
    return nginx(text, folder, {"http://lab:8000": f"http://127.0.0.1:{port}", **given})


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /api/plots/millikan HTTP/1.1\r\nHost: lab\r\n",
        b"POST /api/plots/millikan HTTP/1.1\r\nHost: lab\r\nContent-Length: 99\r\n\r\n{",
    ],
    ids=["head", "body"],
)
def test_nginx_gives_up_slow_clients(tmp_path: Path, sent: bytes) -> None:
    with _in_front_of(free_port(), tmp_path, header="1s", body="1s") as base:
        address = urlsplit(base)
        with socket.create_connection((address.hostname or "", address.port or 0), 10) as slow:
            slow.sendall(sent)
            began = time.monotonic()
            with contextlib.suppress(ConnectionError):
                while slow.recv(4096):
                    pass
            assert time.monotonic() - began < 5


def test_nginx_lets_a_class_log_in_and_no_flood(tmp_path: Path) -> None:
    """A class behind one address at once is no flood; ten classes in a second are."""
    echo = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    threading.Thread(target=echo.serve_forever, args=(0.05,), daemon=True).start()
    try:
        with (
            _in_front_of(echo.server_address[1], tmp_path) as base,
            httpx.Client(base_url=base, trust_env=False) as client,
        ):
            got = [client.post("/api/auth/wechat", json={"code": "x"}) for _ in range(600)]
            others = client.get("/api/ping")
    finally:
        echo.shutdown()
        echo.server_close()
    codes = [answer.status_code for answer in got]
    assert codes[:200] == [200] * 200
    assert set(codes) == {200, 429}
    refused = next(answer for answer in got if answer.status_code == 429)
    assert refused.json() == {"detail": "请求过于频繁，请稍后再试"}
    assert refused.headers["retry-after"] == "2"
    assert others.status_code == 200


@pytest.fixture(name="through_nginx")
def _through_nginx(tmp_path: Path) -> Iterator[httpx.Client]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    with (
        _in_front_of(upstream.server_address[1], tmp_path) as base,
        httpx.Client(base_url=base) as client,
    ):
        yield client
    upstream.shutdown()
    upstream.server_close()


def test_nginx_takes_away_identity_headers_from_outside(through_nginx: httpx.Client) -> None:
    seen = through_nginx.get("/api/me", headers={**FORGED, "Authorization": "Bearer t"}).json()
    arrived = {name.upper() for name in seen}
    assert not arrived & FORGED.keys()
    assert seen["Authorization"] == "Bearer t"


def test_nginx_keeps_or_gives_a_request_id(through_nginx: httpx.Client) -> None:
    kept = through_nginx.get("/", headers={"X-Request-ID": "from-the-caller"}).json()
    assert kept["X-Request-ID"] == "from-the-caller"
    given = through_nginx.get("/").json()["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", given)


def test_nginx_lets_the_bundle_refuse_a_large_body_and_refuses_a_larger_one(
    through_nginx: httpx.Client,
) -> None:
    limit = int(variables()["MAX_BODY_KB"][0]) * 1024
    assert through_nginx.post("/", content=b"x" * (limit + 1)).status_code == 200
    refused = through_nginx.post("/", content=b"x" * (limit + 2048))
    assert (refused.status_code, refused.json()) == (413, {"detail": "请求体过大"})


def test_nginx_says_in_chinese_that_the_service_is_away(tmp_path: Path) -> None:
    with _in_front_of(free_port(), tmp_path) as base:
        answer = httpx.get(f"{base}/api/ping")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json() == {"detail": "服务暂时不可用，请稍后重试"}
