"""The page that tells how to add an experiment: its files, as they stand, are an experiment."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import server
from tests.platform.tree import plant
from tests.server import ROOT

PAGE = (ROOT / "docs" / "new-experiment.md").read_text()
SAMPLE = "data/samples/pendulum.json"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source tree with the files of the page, each under the name in its heading."""
    folder = plant(tmp_path_factory.mktemp("page"))
    (folder / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    found = re.findall(
        r"^## \d\. [^\n]*`(\S+)`$.*?^```\w+\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
    )
    assert [name for name, _ in found] == [
        "functions/pendulum.py",
        SAMPLE,
        "tests/functions/test_pendulum.py",
    ]
    for name, text in found:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def python(tree: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_script_prints_what_the_page_says(tree: Path, tmp_path: Path) -> None:
    (said,) = re.findall(r"```text\n(.*?)\n```", PAGE)
    assert said in python(tree, "-m", "functions.pendulum", SAMPLE, "--out", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["pendulum-t2-l.png"]


def test_the_pages_test_passes(tree: Path) -> None:
    python(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/functions/test_pendulum.py")


def test_the_contract_tests_pass_over_the_pages_module(tree: Path) -> None:
    """Those that need no started server; among them that each limit of error acts."""
    tests = tree / "tests"
    for path in (ROOT / "tests").iterdir():
        if path.name not in ("functions", "__pycache__"):
            (tests / path.name).symlink_to(path)
    for name in ("__init__.py", "simulated.py", "test_limits.py"):
        (tests / "functions" / name).symlink_to(ROOT / "tests" / "functions" / name)
    wanted = "pendulum and (limit or title or axes)"
    files = ("tests/functions/test_limits.py", "tests/runtime/test_contract.py")
    said = python(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", wanted)
    assert "4 passed" in said, said


def test_the_pages_files_are_clean(tree: Path) -> None:
    files = ("functions/pendulum.py", "tests/functions/test_pendulum.py")
    ruff = ("-m", "ruff")
    python(tree, *ruff, "check", "--no-cache", *files)
    python(tree, *ruff, "format", "--no-cache", "--check", *files)


def test_it_is_served_without_any_other_edit(tree: Path, tmp_path: Path) -> None:
    started = server.start(tmp_path / "data", tree=tree, variables={"WORKERS": "1"})
    try:
        with started.client() as client:
            items = client.get("/api/experiments").json()["items"]
            (form,) = [item for item in items if item["name"] == "pendulum"]
            assert [f["title"] for f in form["fields"]] == ["摆长", "周期"]
            paths = client.get("/openapi.json").json()["paths"]
            answer = client.post(form["route"], json=form["sample"])
            (measurand,) = answer.json()["results"]
            assert measurand["display"] in PAGE
            assert client.get(answer.json()["images"][0]).content.startswith(b"\x89PNG")
            bad = client.post(form["route"], json={"length": [1, 2], "period": [1]})
            assert bad.json()["detail"].startswith("周期 T：有 1 个读数，而摆长 l 有 2 个")
    finally:
        started.stop()
    for suffix in ("", "/start", "/check"):
        assert f"/api/plots/pendulum{suffix}" in paths


def test_what_the_page_names_exists() -> None:
    (table,) = re.findall(r"^\| for \|.*?\n\n", PAGE, re.DOTALL | re.MULTILINE)
    modules = list((ROOT / "functions" / "_lab").glob("*.py"))
    known = {path.stem for path in modules}
    for path in modules:
        known |= set(re.findall(r"^(?:def |class )?(\w+)\b", path.read_text(), re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", table)) <= known
