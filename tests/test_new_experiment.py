"""The page that tells how to add an experiment: its files, as they stand, are an experiment."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from functions._lab.notation import nodes
from tests import server
from tests.platform.tree import plant
from tests.server import ROOT

PAGE = (ROOT / "docs" / "new-experiment.md").read_text()
SAMPLE = "data/samples/young-modulus.json"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source tree with the files of the page, each under the name in its heading."""
    folder = plant(tmp_path_factory.mktemp("page"))
    (folder / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    found = re.findall(
        r"^## \d\. [^\n]*`(\S+)`$.*?^```\w+\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
    )
    assert [name for name, _ in found] == [
        "functions/young_modulus.py",
        SAMPLE,
        "tests/functions/test_young_modulus.py",
    ]
    for name, text in found:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).unlink(missing_ok=True)  # a link to our own
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
    script = ("-m", "functions", "young-modulus", SAMPLE, "--steps", "--out", str(tmp_path))
    assert said in python(tree, *script)
    assert [path.name for path in tmp_path.iterdir()] == ["young-modulus-plot.png"]


def test_the_page_shows_what_is_committed(tree: Path) -> None:
    for name in ("functions/young_modulus.py", SAMPLE):
        assert (tree / name).read_text() == (ROOT / name).read_text()


def test_the_pages_test_passes(tree: Path) -> None:
    python(
        tree,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/functions/test_young_modulus.py",
    )


def test_the_contract_tests_pass_over_the_pages_module(tree: Path) -> None:
    """Those that need no started server; among them that each limit of error acts."""
    tests = tree / "tests"
    for path in (ROOT / "tests").iterdir():
        if path.name not in ("functions", "__pycache__"):
            (tests / path.name).symlink_to(path)
    for name in ("__init__.py", "simulated.py", "test_limits.py"):
        (tests / "functions" / name).symlink_to(ROOT / "tests" / "functions" / name)
    wanted = "young and (limit or title or axes)"
    files = ("tests/functions/test_limits.py", "tests/runtime/test_contract.py")
    said = python(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", wanted)
    assert re.search(r"^\d{2} passed", said, re.MULTILINE), said


def test_the_pages_files_are_clean(tree: Path) -> None:
    files = ("functions/young_modulus.py", "tests/functions/test_young_modulus.py")
    ruff = ("-m", "ruff")
    python(tree, *ruff, "check", "--no-cache", *files)
    python(tree, *ruff, "format", "--no-cache", "--check", *files)


def test_it_is_served_without_any_other_edit(tree: Path, tmp_path: Path) -> None:
    started = server.start(tmp_path / "data", tree=tree, variables={"WORKERS": "1"})
    try:
        with started.client() as client:
            items = client.get("/api/experiments").json()["items"]
            assert "young-modulus" in [item["name"] for item in items]
            form = client.get("/api/experiments/young-modulus").json()
            assert [f["title"] for f in form["fields"]][:2] == ["钢丝长", "镜面到标尺的距离"]
            paths = client.get("/openapi.json").json()["paths"]
            answer = client.post(form["route"], json=form["sample"])
            (measurand,) = answer.json()["results"]
            assert measurand["display"] in PAGE
            assert client.get(answer.json()["images"][0]).content.startswith(b"\x89PNG")
            steps = client.get(f"/api/runs/{answer.json()['run_id']}/steps").json()
            assert measurand["display"] in str(steps)
            bad = client.post(form["route"], json={**form["sample"], "up": [1.0]})
            assert bad.status_code == 400
            assert bad.json()["detail"].startswith("增重时读数 n₊：有 1 个读数")
    finally:
        started.stop()
    for suffix in ("", "/start", "/check"):
        assert f"/api/plots/young-modulus{suffix}" in paths


def test_what_the_page_names_exists() -> None:
    (table,) = re.findall(r"^\| word \|.*?\n\n", PAGE, re.DOTALL | re.MULTILINE)
    words = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    known = set(nodes.__all__)
    named = {word for cell in words for word in re.findall(r"`(\w+)`", cell)}
    assert named == known - {"Node"}
    for path in re.findall(r"`(functions/[\w/]+\.py)`", PAGE):
        assert (ROOT / path).exists(), path
