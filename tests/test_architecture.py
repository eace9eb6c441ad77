"""The rules of the house that import-linter cannot express, read off the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import ROOT

FUNCTIONS = sorted(p for p in (ROOT / "functions").glob("*.py") if p.name[0] != "_")
MODULES = sorted(
    path for folder in ("functions", "storage") for path in (ROOT / folder).rglob("*.py")
)
MODULES += [ROOT / "config.py", ROOT / "router.py"]
HEAVY = ("numpy", "scipy", "matplotlib", "GTC", "rich", "urllib3", "limits")


def imports(path: Path, *, top_level: bool = False) -> Iterator[str]:
    """Modules that a file imports; ``top_level`` leaves out what functions and checkers import."""
    tree = ast.parse(path.read_text())
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.stem)
def test_a_function_knows_no_other_function_and_no_database(path: Path) -> None:
    allowed = ("functions._lab", "functions._runtime")
    for module in imports(path):
        if module.startswith("functions."):
            assert module.startswith(allowed), module
        assert not module.startswith(("storage", "peewee", "pymysql", "config")), module


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.stem)
def test_a_function_imports_nothing_heavy_at_its_top(path: Path) -> None:
    for module in imports(path, top_level=True):
        assert not module.startswith(HEAVY), module


def test_only_config_reads_the_environment() -> None:
    for path in MODULES:
        if path.name != "config.py":
            text = path.read_text()
            assert "os.environ" not in text, path
            assert "getenv" not in text, path


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 320
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]
            assert lines <= 40, f"{path.name}: {node.name} has {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_no_pyplot_anywhere() -> None:
    for path in MODULES:
        assert not any("pyplot" in module for module in imports(path)), path


def test_nothing_imports_the_statistics_of_scipy() -> None:
    """They take a quarter of a second to import, before the first experiment can be finished."""
    for path in MODULES:
        assert not any(module.startswith("scipy.stats") for module in imports(path)), path
