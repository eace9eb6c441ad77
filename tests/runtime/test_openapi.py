"""The OpenAPI document, the Swagger page, and schemathesis over everything that is described."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.experiments import BY_DECLARATION, EXPERIMENTS
from tests.server import Server, running

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("openapi") / "data"
    with running(folder, MAX_RUNS_PER_USER="10000", ADMIN_OPENIDS="mock_root") as server:
        yield server


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, object]:
    answer = httpx.get(f"{server.base}/openapi.json", trust_env=False)
    found: dict[str, object] = answer.json()
    return found


def test_it_is_3_1_and_tells_units_bounds_and_examples(document: dict[str, object]) -> None:
    assert str(document["openapi"]).startswith("3.1")
    schemas = document["components"]["schemas"]  # type: ignore[index]
    charges = schemas["Millikan"]["properties"]["qi"]
    option = charges["anyOf"][0] if "anyOf" in charges else charges
    assert option["x-unit"] == "10⁻¹⁹ C"
    assert option["items"]["minimum"] < option["items"]["maximum"]
    post = document["paths"]["/api/plots/millikan"]["post"]  # type: ignore[index]
    example = post["requestBody"]["content"]["application/json"]["example"]
    assert example["qi"] == [3.214, 3.191, 8.167, 9.302]


def test_every_route_of_the_deployed_client_is_there(document: dict[str, object]) -> None:
    paths = set(document["paths"])  # type: ignore[call-overload]
    for route in (
        "/api/ping",
        "/api/auth/wechat",
        "/api/me",
        "/api/admin/users",
        "/api/admin/db-info",
        "/api/plots/status/{task_id}",
        "/api/plots/millikan",
        "/api/plots/millikan/start",
    ):
        assert route in paths


def test_the_swagger_page_needs_nothing_from_outside(server: Server) -> None:
    page = httpx.get(f"{server.base}/docs", trust_env=False)
    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js", "favicon-32x32.png"):
        assert f"/docs/{asset}" in page.text
        found = httpx.get(f"{server.base}/docs/{asset}", trust_env=False)
        assert found.status_code == 200
        assert found.content
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_schemathesis_finds_no_5xx_and_no_answer_off_the_schema(server: Server) -> None:
    with server.client("root") as admin:
        token = admin.headers["Authorization"]
    declared = [one.wire_name for one in EXPERIMENTS if one.name in BY_DECLARATION]
    own = [one.wire_name for one in EXPERIMENTS if one.name not in BY_DECLARATION]
    # Declared ones share their code, the three routes of one its input, long forms their fields.
    alike = "|".join(
        [f"{name}($|/)" for name in declared if name != "sound-speed"]
        + [f"{name}/(start|check)$" for name in own if name != "millikan"]
        + [f"{name}$" for name in own if name in ("photo-devices", "ultrasound", "fiber")]
    )
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("run", f"{server.base}/openapi.json"),
            *("--header", f"Authorization: {token}"),
            *("--checks", CHECKS),
            *("--phases", "examples,coverage,fuzzing"),
            *("--max-examples", "8", "--seed", "20", "--warnings", "off", "--continue-on-failure"),
            *("--exclude-path-regex", f"^/api/me($|/export)|^/api/plots/({alike})"),
        ],
        cwd=server.log.parent,
        capture_output=True,
        text=True,
        timeout=700,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    print(done.stdout[-500:])
