"""Fixtures of the whole test suite: a database of either engine, made for one test."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from storage.database import Database, open_database
from tests.mariadb import Mariadb

# Before NumPy is loaded: tests run on all cores already, and the matrices are small.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

hypothesis.settings.register_profile("same", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("search", max_examples=3000, deadline=None)
hypothesis.settings.load_profile("same")  # `pytest --hypothesis-profile search` looks further


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests measured and printed."""
    for report in terminalreporter.getreports("passed"):
        if report.capstdout.strip():
            terminalreporter.write_line(f"{report.nodeid}: {report.capstdout.strip()}")


@dataclass(frozen=True)
class Place:
    """Where one test keeps its data: a database of its own and an empty data folder."""

    mysql_url: str | None
    data_dir: Path

    @property
    def is_mysql(self) -> bool:
        return self.mysql_url is not None

    def open(self, patience_s: float = 8.0, connections: int = 8) -> Database:
        """Open the database once more, as another instance would."""
        return open_database(
            self.mysql_url, self.data_dir, patience_s=patience_s, connections=connections
        )


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Mariadb]:
    """A MariaDB of this session.  Fails, never skips, where none is installed."""
    with Mariadb() as server:
        yield server


@pytest.fixture
def mariadb(mariadb_server: Mariadb) -> Mariadb:
    """The session's MariaDB, running, whatever the test before did to it."""
    mariadb_server.start()
    return mariadb_server


@pytest.fixture
def mysql_place(mariadb: Mariadb, tmp_path: Path) -> Iterator[Place]:
    """A place in MariaDB whose database does not exist yet."""
    name = f"lab_{secrets.token_hex(6)}"
    yield Place(mariadb.url(name), tmp_path / "data")
    mariadb.start()
    mariadb.execute(f"DROP DATABASE IF EXISTS {name}")


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Place:
    """A place in SQLite whose file does not exist yet."""
    return Place(None, tmp_path / "data")


@pytest.fixture(params=["sqlite", "mariadb"])
def place(request: pytest.FixtureRequest) -> Place:
    """A place on each engine in turn."""
    name = "mysql_place" if request.param == "mariadb" else "sqlite_place"
    found: Place = request.getfixturevalue(name)
    return found


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    """An empty database on each engine in turn."""
    opened = place.open()
    yield opened
    opened.close()
