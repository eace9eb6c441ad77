"""What an operator is told when the bundle, or one function alone, cannot or should not start."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import MOCK, ROOT, free_port, running

SECRET = "q7Zr0vLwXn2Kd8Tb5Yc1Hj4Mf6Pg9Se3"
ROUTER = ("-m", "router")
ALONE = ("-m", "functions", "ping")


def command(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing but these variables; it must end by itself."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=MOCK | {"DATA_DIR": str(folder / "data"), "PATH": ""} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line for who started it; the log has the same, since platforms keep only stdout."""
    (line,) = done.stderr.splitlines()
    (logged,) = [json.loads(entry) for entry in done.stdout.splitlines()]
    assert (logged["level"], logged["message"]) == ("CRITICAL", line)
    return line


@pytest.mark.parametrize("words", [ROUTER, ALONE], ids=["bundle", "alone"])
def test_a_port_in_use_is_one_clear_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        done = command(tmp_path, *words, PORT=str(port))
    assert done.returncode == 1
    line = only_line(done)
    assert line.startswith(f"无法启动：端口 {port}（环境变量 PORT，")
    assert line.endswith("已被别的程序占用")


def test_an_address_of_another_machine_is_one_clear_line(tmp_path: Path) -> None:
    done = command(tmp_path, *ROUTER, PORT=str(free_port()), HOST="192.0.2.1")
    line = only_line(done)
    assert "HOST 为 192.0.2.1" in line


@pytest.mark.parametrize("words", [ROUTER, ALONE], ids=["bundle", "alone"])
def test_a_bad_setting_is_one_clear_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = command(tmp_path, *words, WECHAT_MOCK="0")
    assert done.returncode == 1
    line = only_line(done)
    assert line.startswith("无法启动：环境变量 JWT_SECRET 未设置")


def test_a_function_alone_under_uvicorn_does_not_start_with_a_bad_setting(tmp_path: Path) -> None:
    words = ("-m", "uvicorn", "functions.millikan:app", "--port", str(free_port()))
    done = command(tmp_path, *words, JWT_SECRET="short", WECHAT_MOCK="0")
    assert done.returncode != 0
    assert "无法启动：环境变量 JWT_SECRET 太短" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("variables", "said", "unsaid"),
    [
        ({"WECHAT_MOCK": "1"}, ["WECHAT_MOCK is 1"], ["WECHAT_APPID"]),
        ({}, ["WECHAT_APPID is not", "WECHAT_APP_SECRET is not", "MYSQL_URL is not"], ["MOCK"]),
        ({"WECHAT_APPID": "wx1"}, ["WECHAT_APP_SECRET is not"], ["WECHAT_APPID is not"]),
        (
            {"WECHAT_APPID": "wx1", "WECHAT_TRUST_HEADERS": "1"},
            ["MYSQL_URL is not"],
            ["WECHAT_APP_SECRET is not"],
        ),
    ],
    ids=["mock", "nothing", "half", "headers"],
)
def test_the_log_warns_of_what_was_overlooked(
    tmp_path: Path, variables: dict[str, str], said: list[str], unsaid: list[str]
) -> None:
    given = {"WECHAT_MOCK": "0", "JWT_SECRET": SECRET, "FUNCTIONS": "ping"} | variables
    with running(tmp_path / "data", **given) as server:
        pass
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    warnings = " ".join(line["message"] for line in lines if line["level"] == "WARNING")
    assert all(word in warnings for word in said), warnings
    assert not any(word in warnings for word in unsaid), warnings
    assert SECRET not in server.log.read_text()


@pytest.mark.parametrize(
    ("lies", "said"), [("alone", "is adopted"), ("beside ours", "is not used")]
)
def test_the_database_of_the_older_deployment_is_not_passed_over(
    tmp_path: Path, lies: str, said: str
) -> None:
    sqlite3.connect(tmp_path / "dev.sqlite").close()
    if lies == "beside ours":
        sqlite3.connect(tmp_path / "lab.sqlite").close()
    with running(tmp_path, FUNCTIONS="ping,me,wechat_auth") as started:
        with started.client("ann") as ann:
            assert ann.get("/api/me").status_code == 200
        logged = started.log.read_text()
    assert f"the database of the older deployment, dev.sqlite, {said}" in logged
    assert ((tmp_path / "dev.sqlite").stat().st_size > 0) == (lies == "alone")


def test_no_level_of_the_log_holds_readings_or_openids(tmp_path: Path) -> None:
    with running(tmp_path, LOG_LEVEL="DEBUG", WORKERS="1") as started:
        with started.client("ann-of-the-log") as ann:
            answer = ann.post(
                "/api/plots/millikan", json={"ni": [2, 3, 5], "qi": [3.21, 4.83, 8.0217]}
            )
            assert answer.status_code == 200
            address = answer.json()["images"][0]
            picture = ann.get(address)
        logged = started.log.read_text()
    assert '"path":"/api/plots/millikan"' in logged
    assert "8.0217" not in logged
    assert "ann-of-the-log" not in logged
    assert picture.headers["content-security-policy"].startswith("sandbox;")
    assert picture.headers["x-robots-tag"] == "noindex"


def test_a_killed_instance_leaves_nothing_in_the_folder_for_scratch_files(tmp_path: Path) -> None:
    """TMPDIR is the data volume in our container."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with running(tmp_path / "data", WORKERS="1", TMPDIR=str(scratch)) as started:
        with started.client("ann") as ann:
            body = {"ni": [2, 3, 5], "qi": [3.21, 4.83, 8.02]}
            assert ann.post("/api/plots/millikan", json=body).status_code == 200
        started.stop(signal.SIGKILL)
    assert list(scratch.iterdir()) == []
