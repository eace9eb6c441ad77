"""The deployment guide stays true: its curl lines are run, its variables and files exist."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import variables
from functions._runtime.export import TARGETS
from tests import server

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs" / "deploy.zh-CN.md").read_text()
# Variables that the guide names and that are somebody else's.
PLATFORM = {"MYSQL_ADDRESS", "MYSQL_USERNAME", "MYSQL_PASSWORD"}
BUILD_ARGUMENTS = {"PIP_INDEX_URL", "BASE_IMAGE", "RUN_UID"}
EXPECTED = {
    "/api/ping": '{"message":"pong"}',
    "/openapi.json": "200",
    "/api/me": "401",
    "/": "200",
    "/health/live": '{"status":"alive"}',
    "/health/ready": '{"status":"ready"}',
}


@pytest.fixture(name="base", scope="module")
def _base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("guide")
    with server.running(folder) as running:
        yield running.base


def _curl_lines() -> list[str]:
    blocks = re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]
    assert len(lines) == 7
    return lines


def _said(line: str, base: str) -> str:
    """What a line of the guide prints."""
    return subprocess.run(
        ["bash", "-euc", f"BASE={base}\n{line}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        env={"PATH": "/usr/bin:/bin", "no_proxy": "*"},
    ).stdout.strip()


@pytest.mark.parametrize("line", _curl_lines(), ids=lambda line: line.partition("$BASE")[2][:20])
def test_curl_lines_do_what_the_guide_says(line: str, base: str) -> None:
    route = line.partition("$BASE")[2].split()[0]
    if route == "/health/ready":
        server.wait_until_ready(base)
    answer = _said(line, base)
    if route == "/api/auth/wechat":
        assert '"token":"' in answer
    else:
        assert answer == EXPECTED[route]


def test_the_self_check_command_passes_against_a_started_server(base: str) -> None:
    (line,) = re.findall(r"python -m functions\.selfcheck https://<[^>]+>$", GUIDE, re.MULTILINE)
    module = line.split()[2]
    done = subprocess.run(
        [sys.executable, "-m", module, base],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "失败" not in done.stdout.splitlines()[0]


def _export_lines() -> list[str]:
    lines = re.findall(r"^\.venv/bin/python (-m router export .+)$", GUIDE, re.MULTILINE)
    assert {line.split()[3] for line in lines} == set(TARGETS)
    return lines


@pytest.mark.parametrize("line", _export_lines())
def test_export_commands_write_files(line: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, *line.split(), "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for name in re.findall(r"`([\w.]+\.(?:conf|json))`", _row(line.split()[3])):
        assert list(tmp_path.rglob(name)), name


def _row(target: str) -> str:
    (row,) = re.findall(rf"^\| `{target}` \|.*$", GUIDE, re.MULTILINE)
    return str(row)


def test_names_that_the_guide_uses_of_the_client_are_its_own() -> None:
    client = (ROOT / "docs" / "client.js").read_text()
    (example,) = re.findall(r"```js\n(.*?)```", GUIDE, re.DOTALL)
    for method in re.findall(r"lab\.(\w+)\(", example):
        assert re.search(rf"^  (?:async )?{method}\(", client, re.MULTILINE), method
    for option in ("env", "service", "services", "base", "trusted"):
        assert re.search(rf"@property {{.*}} \[{option}\]", client), option


def test_variables_named_in_the_guide_exist() -> None:
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", GUIDE))
    arguments = set(re.findall(r"--build-arg ([A-Z_]+)=", GUIDE))
    assert arguments == BUILD_ARGUMENTS
    for argument in arguments:
        assert f"ARG {argument}" in (ROOT / "Dockerfile").read_text()
    assert named - PLATFORM - BUILD_ARGUMENTS - {"DEV_CODE"} <= variables().keys()


def test_the_variables_file_of_the_guide_is_complete() -> None:
    block = next(b for b in re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL) if "JWT" in b)
    given = dict(line.split("=", 1) for line in block.splitlines())
    assert {"WECHAT_APPID", "WECHAT_APP_SECRET", "MYSQL_URL", "JWT_SECRET"} <= given.keys()
    assert given["WECHAT_MOCK"] == "0"
    assert given["PORT"] == variables()["PORT"][0]


def test_links_and_modules_of_the_guide_exist() -> None:
    for link in re.findall(r"\]\(((?!http)[^)#]+)\)", GUIDE):
        assert (ROOT / "docs" / link).exists(), link
    for module in re.findall(r"python -m ([a-z_.]+)", GUIDE):
        assert (ROOT / (module.replace(".", "/") + ".py")).is_file(), module
