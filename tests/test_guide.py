"""The deployment guide stays true: its curl lines are run, its variables and files exist."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import variables
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
}


@pytest.fixture(name="base", scope="module")
def _base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("guide")
    with server.running(folder) as running:
        yield running.base


def _curl_lines() -> list[str]:
    blocks = re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]
    assert len(lines) == 5
    return lines


@pytest.mark.parametrize("line", _curl_lines(), ids=lambda line: line.partition("$BASE")[2][:20])
def test_curl_lines_do_what_the_guide_says(line: str, base: str) -> None:
    answer = subprocess.run(
        ["bash", "-euc", f"BASE={base}\n{line}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        env={"PATH": "/usr/bin:/bin", "no_proxy": "*"},
    ).stdout.strip()
    route = line.partition("$BASE")[2].split()[0]
    if route == "/api/auth/wechat":
        assert '"token":"' in answer
    else:
        assert answer == EXPECTED[route]


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
