"""The deployment guide stays true: its curl lines are run, its variables and files exist."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from config import variables
from functions._runtime.export import TARGETS
from storage import users
from storage.database import open_database
from tests import server
from tests.conftest import Place
from tests.wechat_server import WeChat, refusal

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


def _self_checked(base: str, *options: str) -> list[str]:
    """Lines that the guide's command prints; it must succeed."""
    (line,) = re.findall(
        r"python -m functions selfcheck https://<[^>]+> --code <CODE>$", GUIDE, re.M
    )
    done = subprocess.run(
        [sys.executable, *line.split()[1:4], base, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout.splitlines()


def test_the_self_check_command_checks_everything_that_it_can(base: str) -> None:
    lines = _self_checked(base, "--code", "operator")
    assert "没有检查：伪造身份、数据库" in lines
    (identity,) = [line for line in lines if "身份" in line and "openid mock_operator" in line]
    assert identity.startswith("[通过]")


def test_without_a_code_the_self_check_says_what_it_left_out(tmp_path: Path) -> None:
    """As in production, where no made-up code logs in: six checks have nobody to act for."""
    real = {"WECHAT_MOCK": "0", "JWT_SECRET": "k3y-f0r-tokens-aB9xQ7-k3y-f0r-tokens"}
    with WeChat() as wechat:
        wechat.script = [refusal(40029)]
        keys = {"WECHAT_APPID": "wx1", "WECHAT_APP_SECRET": "s", "WECHAT_API_BASE": wechat.base}
        with server.running(tmp_path, WORKERS="1", **real, **keys) as running:
            lines = _self_checked(running.base)
    (left_out,) = [line for line in lines if line.startswith("没有检查：")]
    titles = left_out.partition("：")[2].split("、")
    assert titles == ["身份", "伪造身份", "实验与图片", "中文字体", "任务", "数据库"]
    assert "6 项跳过" in lines[-1]


def _console_line(beginning: str) -> str:
    (line,) = re.findall(rf"^{beginning} .*$", GUIDE, re.MULTILINE)
    return str(line)


def test_the_backup_of_sqlite_can_be_restored(tmp_path: Path) -> None:
    database = open_database(None, tmp_path / "data")
    users.find_or_create(database, "before")
    subprocess.run(
        ["bash", "-euc", _console_line("python3 -c")], cwd=tmp_path, check=True, timeout=30
    )
    users.find_or_create(database, "after")
    database.close()
    subprocess.run(["bash", "-euc", _console_line("rm -f")], cwd=tmp_path, check=True, timeout=30)
    restored = open_database(None, tmp_path / "data")
    assert [user.openid for user in users.everyone(restored)] == ["before"]
    restored.close()


def test_the_backup_of_mysql_can_be_restored(mysql_place: Place, tmp_path: Path) -> None:
    database = mysql_place.open()
    users.find_or_create(database, "张三")
    name = database.info().database
    for command in ("mysqldump", "mysql"):
        line = _console_line(command).replace(" -p ", " ").replace("lab_physics ", f"{name} ")
        given = urlsplit(mysql_place.mysql_url or "")
        for word, value in (("主机", "127.0.0.1"), ("端口", given.port), ("用户", given.username)):
            line = line.replace(f"<{word}>", str(value))
        subprocess.run(
            ["bash", "-euc", line],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "MYSQL_PWD": unquote(given.password or "")},
            check=True,
            timeout=30,
        )
        if command == "mysqldump":
            users.find_or_create(database, "after")
    assert [user.openid for user in users.everyone(database)] == ["张三"]
    database.close()


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
    (example, _) = re.findall(r"```js\n(.*?)```", GUIDE, re.DOTALL)
    named = re.findall(r"lab\.(\w+)\(", GUIDE)
    assert set(re.findall(r"lab\.(\w+)\(", example)) < set(named)
    for method in named:
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
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), module
