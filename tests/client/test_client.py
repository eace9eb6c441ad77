"""docs/client.js: its types are the schema's, Node's tests pass, and the server serves it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from functions._runtime.swagger import CLIENT
from tests.client.typedefs import ROOTS, block, replaced, schemas
from tests.server import ROOT, Server, running

TEXT = CLIENT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("client") / "data", WORKERS="1") as started:
        yield started


def test_its_types_are_those_of_the_schema() -> None:
    assert replaced(TEXT) == TEXT, "run: python -m tests.client.typedefs"
    assert block() in TEXT


def test_every_type_that_it_names_is_defined() -> None:
    defined = set(re.findall(r"@typedef \{object\} (\w+)", TEXT)) | {
        "Lab",
        "Array",
        "Object",
        "Promise",
    }
    returned = set(re.findall(r"@returns \{Promise<(\w+)>\}", TEXT))
    assert set(ROOTS) <= returned
    assert returned <= defined
    assert set(ROOTS) <= schemas().keys()


def test_it_needs_nothing_else() -> None:
    assert not re.findall(r"^import |\brequire\(|\bimport\(", TEXT, re.MULTILINE)


def test_it_is_served_as_it_is(server: Server) -> None:
    answer = httpx.get(f"{server.base}/docs/client.js", trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.content == CLIENT.read_bytes()


def test_under_node(server: Server, tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "Node.js is not installed: tests/install.sh tests"
    module = tmp_path / "client.mjs"
    shutil.copyfile(CLIENT, module)
    environment = {
        "PATH": os.environ["PATH"],
        "LAB_CLIENT": str(module),
        "LAB_BASE": server.base,
        "LAB_SAMPLE": str(ROOT / "data" / "samples" / "millikan.json"),
        "NO_PROXY": "*",
    }
    done = subprocess.run(
        [node, "--test", str(Path(__file__).with_name("client.test.mjs"))],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.findall(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[0]) >= 13
