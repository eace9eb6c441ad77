"""A database of either engine for one test; that in MariaDB is made once and emptied after each."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import runs, users
from storage.database import Database
from storage.engine import Connection
from storage.models import Plot, Run, User
from storage.records import PENDING, RUNNING, RunRecord
from tests.conftest import Place
from tests.mariadb import Mariadb

Accept = Callable[..., RunRecord]


@pytest.fixture(scope="session")
def kept_url(mariadb_server: Mariadb) -> str:
    """Address of a database that lives as long as the server."""
    return mariadb_server.url(f"kept_{secrets.token_hex(6)}")


@pytest.fixture(params=["sqlite", "mariadb"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database on each engine in turn."""
    place = Place(None, tmp_path / "data")
    if request.param == "mariadb":
        request.getfixturevalue("mariadb")
        place = Place(request.getfixturevalue("kept_url"), tmp_path / "data")
    opened = place.open()
    yield opened
    if place.is_mysql:
        opened.perform(empty)
    opened.close()


def empty(connection: Connection) -> None:
    """Delete all rows."""
    for model in (Run, Plot, User):
        model.delete().execute(connection)


def in_flight(database: Database, user_id: int | None = None) -> int:
    """Unfinished runs, of one user or of all."""

    def count(connection: Connection) -> int:
        unfinished = Run.status.in_((PENDING, RUNNING))
        owner = True if user_id is None else Run.user_id == user_id
        return int(Run.select().where(unfinished & owner).count(connection))

    return database.perform(count)


@pytest.fixture
def mysql_database(mysql_place: Place) -> Iterator[Database]:
    """An empty database in MariaDB, of this test alone."""
    opened = mysql_place.open(patience_s=30)
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
def user_id(database: Database) -> int:
    return users.find_or_create(database, "student").user_id


@pytest.fixture
def accept(database: Database, user_id: int) -> Accept:
    """Accept readings of the student; the digest tells them apart."""

    def accept(digest: str = "d" * 64, experiment: str = "millikan") -> RunRecord:
        return runs.accept(database, user_id, experiment, digest, "{}", False)[0]

    return accept
