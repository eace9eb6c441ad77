"""The loader, on tiny real functions written for each test."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.server import MOCK, ROOT

PING = """
from msgspec import Struct
from functions._runtime.function import Endpoint, Function

class Pong(Struct):
    message: str

async def handle(call):
    return Pong("pong")

function = Function(__file__, "t", [Endpoint("/api/ping", "GET", "t", handle, output=Pong)])
"""


EXPERIMENT = """
from functions._lab.fields import Readings, column
from functions._lab.result import Result
from functions._runtime.experiment import experiment
import msgspec
from typing import Annotated

class Lengths(Readings, frozen=True):
    l: Annotated[list[float], column("长度", "l", "m")]

def analyse(readings):
    return Result()

def figures(readings, result):
    return {}

function = experiment(
    __file__, title="t", input=Lengths, analyse=analyse, figures=figures, chapter="光学"
)
"""
"""An experiment whose sample is missing."""


def start_with(folder: Path, modules: dict[str, str], **variables: str) -> tuple[int, str]:
    """Exit status and last line of a router whose ``functions/`` also holds ``modules``."""
    extra = folder / "extra"
    extra.mkdir()
    for name, source in modules.items():
        (extra / f"{name}.py").write_text(textwrap.dedent(source))
    code = f"import functions; functions.__path__.append({str(extra)!r}); import router"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=MOCK | {"DATA_DIR": str(folder / "data"), "PATH": ""} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.strip()


def test_a_new_module_is_mounted_without_any_list(tmp_path: Path) -> None:
    source = PING.replace("/api/ping", "/api/hello")
    assert start_with(tmp_path, {"hello": source}) == (0, "")


@pytest.mark.parametrize(
    ("modules", "variables", "said"),
    [
        ({"broken": "import nothing_like_this"}, {}, ["broken.py", "ModuleNotFoundError"]),
        ({"broken": "def ("}, {}, ["broken.py", "SyntaxError"]),
        ({"empty": "x = 1"}, {}, ["empty.py", "没有声明 function"]),
        ({"twin": PING}, {}, ["ping.py", "twin.py", "GET /api/ping"]),
        ({"my-test": PING}, {}, ["my-test.py", "小写字母"]),
        ({"rope": EXPERIMENT}, {}, ["rope.py 缺少样例读数 data/samples/rope.json"]),
        (
            {"rope": EXPERIMENT.replace("(Readings, ", "(msgspec.Struct, ")},
            {},
            ["rope.py", "Readings"],
        ),
        (
            {"odd": PING.replace("message: str", "message: complex").replace("ping", "odd")},
            {},
            ["odd.py", "JSON 没有的类型", "complex"],
        ),
        ({}, {"FUNCTIONS": "millikan,nothing"}, ["FUNCTIONS", "nothing"]),
        ({}, {"PORT": "http"}, ["PORT"]),
        ({}, {"WECHAT_MOCK": "yes"}, ["WECHAT_MOCK"]),
        ({}, {"WECHAT_MOCK": "0"}, ["JWT_SECRET"]),
        ({}, {"WECHAT_MOCK": "0", "JWT_SECRET": "ChangeMeStrongSecret"}, ["JWT_SECRET", "32"]),
        ({}, {"WECHAT_MOCK": "0", "JWT_SECRET": "changeme" * 5}, ["JWT_SECRET"]),
        ({}, {"WECHAT_MOCK": "0", "JWT_SECRET": "a" * 40}, ["JWT_SECRET"]),
        ({}, {"MYSQL_URL": "postgres://a:hunter2@b/c"}, ["MYSQL_URL"]),
    ],
)
def test_what_stops_the_start_is_one_clear_line(
    tmp_path: Path, modules: dict[str, str], variables: dict[str, str], said: list[str]
) -> None:
    status, line = start_with(tmp_path, modules, **variables)
    assert status == 1
    assert "\n" not in line
    assert all(word in line for word in said), line
    assert "hunter2" not in line
    assert "StrongSecret" not in line


def test_importing_the_router_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, router, functions._runtime.discovery as d\n"
        "heavy = {'numpy', 'scipy', 'matplotlib', 'GTC', 'pymysql', 'urllib3', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)), len(d.discover()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=MOCK | {"DATA_DIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found, count = done.stdout.split("] ")
    assert found == "["
    assert int(count) >= 8
