"""``python -m router export``: files that a platform takes, made from the declarations alone."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml  # type: ignore[import-untyped]

from config import read_settings, variables
from functions._runtime.discovery import discover
from functions._runtime.export import IMAGE, TARGETS, files, run
from functions._runtime.export.plan import READY, Plan, expression, plan
from functions._runtime.function import Function
from tests.platform.split import exported_nginx
from tests.server import ROOT, Server, free_port, start, wait_until_up

FOUND = discover()
SERVED = [function for function in FOUND if function.endpoints]
COMMAND = (sys.executable, "-m", "router", "export")
SECRET = {"JWT_SECRET": "Zx81-qwErty-97-plum-kettle-orbit-33"}


def wire(function: Function) -> str:
    return function.name.replace("_", "-")


@pytest.fixture(name="planned")
def _planned() -> Plan:
    return plan(FOUND, [], IMAGE)


def test_the_command_needs_no_settings_and_names_what_it_wrote(tmp_path: Path) -> None:
    """Run as the guide has it, without JWT_SECRET, with names as in routes and as in files."""
    done = subprocess.run(
        [*COMMAND, "knative", "plot-status", "millikan", "--out", str(tmp_path / "out")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")},
    )
    assert (done.returncode, done.stderr) == (0, "")
    written = sorted(str(path) for path in (tmp_path / "out").iterdir())
    assert done.stdout.splitlines() == written
    assert [Path(path).name for path in written] == ["millikan.yaml", "plot-status.yaml"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["knative", "millikann"], "没有函数 millikann，可选：admin_db_info, "),
        (["scf", "selfcheck"], "函数 selfcheck 只在命令行使用"),
        (["kubernetes"], "用法：python -m router export {knative,scf,cloudrun,nginx}"),
        ([], "用法："),
    ],
)
def test_mistakes_are_one_chinese_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = run(arguments)
    except SystemExit as end:
        status = int(str(end.code))
    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert words in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_declarations_give_the_same_files(target: str) -> None:
    assert files(target) == files(target)
    assert list(files(target)) == list(files(target, sorted(wire(f) for f in SERVED)))


def test_functions_without_routes_are_left_out(planned: Plan) -> None:
    assert [d.function for d in planned.deployments] == sorted(SERVED, key=lambda f: f.name)
    assert "selfcheck" not in {d.name for d in planned.deployments}


def test_variables_are_accepted_by_the_settings(planned: Plan, tmp_path: Path) -> None:
    for deployment in planned.deployments:
        given = deployment.variables()
        assert given.keys() <= variables().keys()
        settings = read_settings({**given, **SECRET, "DATA_DIR": str(tmp_path)})
        assert settings.request_seconds < deployment.resources.timeout_s
        mounted = {function.name for function in discover(settings.functions)}
        assert deployment.function.name in mounted
        everything = {function.name for function in FOUND}
        assert (mounted == everything) == deployment.function.mounts_all


def test_knative_services_are_those_of_the_declarations(planned: Plan) -> None:
    made = files("knative", image="registry.example.com/lab:v7")
    assert len(made) == len(SERVED)
    for deployment in planned.deployments:
        service = yaml.safe_load(str(made[f"{deployment.name}.yaml"]))
        assert service["kind"] == "Service"
        assert re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", service["metadata"]["name"])
        spec = service["spec"]["template"]["spec"]
        resources = deployment.function.resources
        assert spec["containerConcurrency"] == resources.concurrency
        assert spec["timeoutSeconds"] == resources.timeout_s
        (container,) = spec["containers"]
        assert container["image"] == "registry.example.com/lab:v7"
        assert container["resources"]["limits"]["memory"] == f"{resources.memory_mb}Mi"
        assert container["resources"]["requests"]["cpu"] == f"{resources.cpu * 1000:.0f}m"
        given = {entry["name"]: entry["value"] for entry in container["env"]}
        assert given == deployment.variables()
        mounted = discover(given.get("FUNCTIONS", "").split(",") if "FUNCTIONS" in given else ())
        routes = {e.route for function in mounted for e in function.endpoints}
        assert container["readinessProbe"]["httpGet"]["path"] == READY
        assert {READY, container["livenessProbe"]["httpGet"]["path"]} <= routes


def test_cloudrun_configurations_have_the_fields_of_the_platform(planned: Plan) -> None:
    def parsed(text: str) -> dict[str, Any]:
        plain = "\n".join(x for x in text.splitlines() if not x.lstrip().startswith("//"))
        found: dict[str, Any] = json.loads(plain)
        return found

    made = files("cloudrun")
    whole = parsed((ROOT / "container.config.json").read_text())
    for deployment in planned.deployments:
        config = parsed(str(made[f"{deployment.name}/container.config.json"]))
        assert config.keys() == whole.keys()
        assert config["mem"] == 2 * config["cpu"]
        assert config["mem"] * 1024 >= deployment.resources.memory_mb
        assert config["cpu"] >= deployment.resources.cpu
        assert config["envParams"].get("FUNCTIONS", "") == ",".join(deployment.mounted)


def test_services_of_cloudrun_name_every_route_once(planned: Plan) -> None:
    services = json.loads(str(files("cloudrun")["services.json"]))
    for deployment in planned.deployments:
        for route in deployment.patterns():
            if route in planned.shared or route.startswith("/static/"):
                continue
            path = route.partition("{")[0].rstrip("/") or "/"
            assert services[path] == deployment.service
    assert services["*"] in {d.service for d in planned.deployments if d.function.mounts_all}
    assert "*" not in json.loads(str(files("cloudrun", ["millikan"])["services.json"]))


@pytest.mark.parametrize(
    ("route", "fits", "fits_not"),
    [
        ("/api/runs/{run_id}", "/api/runs/a.b", "/api/runs/a/data.csv"),
        ("/api/runs/{run_id}/data.csv", "/api/runs/a/data.csv", "/api/runs/a/dataXcsv"),
        ("/static/{file:path}", "/static/a/b", "/statics/a"),
    ],
)
def test_routes_become_expressions(route: str, fits: str, fits_not: str) -> None:
    assert re.search(expression(route), fits)
    assert not re.search(expression(route), fits_not)


def test_scf_bootstrap_serves_on_9000_with_the_code_of_its_function_alone(
    tmp_path: Path,
) -> None:
    assert run(["scf", "ping", "--out", str(tmp_path)]) == 0
    folder = tmp_path / "ping"
    bootstrap = (folder / "scf_bootstrap").read_bytes()
    assert bootstrap.startswith(b"#!/bin/bash\n")
    assert b"\r" not in bootstrap
    assert (folder / "scf_bootstrap").stat().st_mode & 0o777 == 0o755
    assert b"export HOST=0.0.0.0\nexport PORT=9000\n" in bootstrap
    parameters = json.loads((folder / "function.json").read_text())
    assert (parameters["Type"], parameters["MemorySize"] % 128) == ("HTTP", 0)
    modules = {path.stem for path in (folder / "functions").glob("*.py")}
    assert modules == {"__init__", "ping", "health"}
    port = free_port()
    text = bootstrap.decode().replace("PORT=9000", f"PORT={port}").replace("0.0.0.0", "127.0.0.1")
    (folder / "scf_bootstrap").write_text(text)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(folder / "scf_bootstrap")],
            env={**SECRET, "PATH": "/usr/bin:/bin", "PYTHON": sys.executable}
            | {"DATA_DIR": str(tmp_path / "data"), "MPLCONFIGDIR": str(tmp_path)},
            stdout=log,
            stderr=log,
        )
        server = Server(f"http://127.0.0.1:{port}", process, tmp_path / "log")
        try:
            wait_until_up(server)
            answer = httpx.get(f"{server.base}/api/ping", trust_env=False)
            other = httpx.get(f"{server.base}/api/me", trust_env=False)
        finally:
            server.stop()
    assert (answer.json(), other.status_code) == ({"message": "pong"}, 404)


def test_scf_copies_what_an_experiment_needs_and_no_secret(tmp_path: Path) -> None:
    made = files("scf", ["millikan"])
    names = {path.removeprefix("millikan/") for path in made}
    assert {"router.py", "config.py", "data/samples/millikan.json", "docs/client.js"} <= names
    assert "functions/plot_status.py" in names
    assert "functions/_lab/rules/profiles/gum.json" in names
    assert "functions/fiber.py" not in names
    assert not [name for name in names if ".env" in name or name.endswith(".pyc")]


def test_one_function_beside_the_bundle(tmp_path: Path) -> None:
    """nginx sends the function's own routes to it, and everything else to the bundle."""
    secret = {"FUNCTIONS": "ping,health"}
    alone = start(tmp_path / "data", variables=secret)
    rest = start(tmp_path / "data", variables={"FUNCTIONS": "me,experiments"})
    folder = tmp_path / "nginx"
    try:
        made = files("nginx", ["ping"])
        assert "upstream bundle {" in str(made["upstreams.conf"])
        ports = {"ping": [_port(alone)], "bundle": [_port(rest)]}
        with exported_nginx(folder, ports, ["ping"]) as base:
            assert httpx.get(f"{base}/api/ping", trust_env=False).json() == {"message": "pong"}
            assert httpx.get(f"{base}/api/me", trust_env=False).status_code == 401
            assert httpx.get(f"{rest.base}/api/ping", trust_env=False).status_code == 404
            rest.stop()
            away = httpx.get(f"{base}/api/me", trust_env=False)
            assert (away.status_code, away.headers["retry-after"]) == (503, "2")
            assert httpx.get(f"{base}/api/ping", trust_env=False).status_code == 200
    finally:
        alone.stop()
        rest.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _port(server: Server) -> int:
    return int(server.base.rpartition(":")[2])


def test_nginx_takes_away_every_identity_header() -> None:
    text = str(files("nginx")["nginx.conf"])
    own = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    stripped = re.findall(r'proxy_set_header (X-WX-[\w-]+) "";', own)
    assert stripped
    assert re.findall(r'proxy_set_header (X-WX-[\w-]+) "";', text) == stripped
    for location in re.findall(r"location [^{]+{([^}]*)}", text):
        assert "proxy_set_header" not in location, "it would replace those of the server"
