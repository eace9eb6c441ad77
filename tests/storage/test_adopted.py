"""A database that the older deployment made, after adoption: logging in, deleting, erasing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import deletion, files, plots, runs, users
from storage.database import Database
from storage.engine import Connection, execute
from storage.errors import StorageReadOnly
from tests.conftest import Place
from tests.mariadb import Mariadb
from tests.storage.test_migrations import ADMIN, STUDENT, deploy, opened


@pytest.fixture(params=["user_info", "users"])
def adopted(request: pytest.FixtureRequest, place: Place, mariadb: Mariadb) -> Place:
    """A deployed database whose ``plot_records`` refer to its users by a foreign key."""
    deploy(place, mariadb, request.param, foreign_key=True)
    return place


def drawn(database: Database, user_id: int, digest: str) -> str:
    """Id of a completed run with a figure."""
    run, _ = runs.accept(database, user_id, "millikan", digest, "{}", False)
    assert runs.claim(database, run.id, "one", 60)
    place = (database.data_dir, user_id, "millikan", f"{run.id}-fit.png")
    files.write(*place, b"png")
    runs.complete(database, run.id, "one", "{}", ["fit"], [files.plot_file(*place)])
    return run.id


def orphans(connection: Connection) -> list[tuple[int]]:
    """Numbers of users that ``plot_records`` name and ``user_info`` has not."""
    return execute(
        connection,
        "SELECT user_id FROM plot_records WHERE user_id NOT IN (SELECT user_id FROM user_info)",
    )


def test_the_foreign_key_is_there(adopted: Place) -> None:
    """Else the tests below would prove nothing."""
    with opened(adopted) as database:
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            database.within(0.2).perform(
                lambda c: execute(c, f"DELETE FROM user_info WHERE user_id = {STUDENT}")
            )
        assert users.find(database, STUDENT) is not None


def test_erasing_takes_rows_and_files_and_leaves_others(adopted: Place) -> None:
    with opened(adopted) as database:
        older = files.write(database.data_dir, STUDENT, "millikan", "图1.png", b"old")
        kept = files.write(database.data_dir, ADMIN, "millikan", "图2.png", b"old")
        drawn(database, STUDENT, "d")
        mine = drawn(database, ADMIN, "d")
        assert len(plots.of_user(database, STUDENT)) == 2
        assert users.erase(database, STUDENT)
        assert [user.user_id for user in users.everyone(database)] == [ADMIN]
        assert plots.of_user(database, STUDENT) == []
        assert database.perform(orphans) == []
        assert not older.parent.parent.exists()
        assert kept.exists()
        assert runs.get(database, mine).status == "completed"
        assert not users.erase(database, STUDENT)


def test_a_disk_that_refuses_leaves_the_rows(
    adopted: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(adopted) as database:
        older = files.write(database.data_dir, STUDENT, "millikan", "图1.png", b"old")

        def refuse(*_: object) -> None:
            raise StorageReadOnly("EROFS")

        with monkeypatch.context() as broken:
            broken.setattr(files, "delete_user", refuse)
            with pytest.raises(StorageReadOnly):
                users.erase(database, STUDENT)
        assert users.find(database, STUDENT) is not None
        assert len(plots.of_user(database, STUDENT)) == 1
        assert users.erase(database, STUDENT)
        assert not older.exists()


def test_a_run_of_an_adopted_user_is_deleted_alone(adopted: Place) -> None:
    with opened(adopted) as database:
        gone, kept = drawn(database, STUDENT, "gone"), drawn(database, STUDENT, "kept")
        assert deletion.delete_run(database, gone, STUDENT)
        urls = [plot.url for plot in plots.of_user(database, STUDENT)]
        assert urls == [
            f"/static/plots/{STUDENT}/millikan/图1.png",
            f"/static/plots/{STUDENT}/millikan/{kept}-fit.png",
        ]


def test_only_rows_older_than_the_adoption_are_adopted(adopted: Place) -> None:
    before = datetime.now(UTC)
    with opened(adopted) as database:
        student = users.find_adopted(database, STUDENT)
        assert student is not None
        assert student.created_at < before
        newcomer = users.find_or_create(database, "newcomer")
        assert users.find_adopted(database, newcomer.user_id) is None
        assert users.find_adopted(database, 10**6) is None


def test_in_a_new_database_nobody_is_adopted(place: Place) -> None:
    with opened(place) as database:
        user = users.find_or_create(database, "first")
        assert users.find(database, user.user_id) == user
        assert users.find_adopted(database, user.user_id) is None


def test_sqlite_of_the_older_deployment_is_used_where_it_lies(
    sqlite_place: Place, mariadb: Mariadb
) -> None:
    deploy(sqlite_place, mariadb, "user_info", foreign_key=True, file="dev.sqlite")
    with opened(sqlite_place) as database:
        assert [user.user_id for user in users.everyone(database)] == [ADMIN, STUDENT]
        assert database.info().database == "dev.sqlite"
    assert _files(sqlite_place.data_dir) == ["dev.sqlite"]


def test_a_database_of_this_bundle_is_preferred(sqlite_place: Place, mariadb: Mariadb) -> None:
    with opened(sqlite_place) as database:
        users.find_or_create(database, "here")
    deploy(sqlite_place, mariadb, "user_info", file="dev.sqlite")
    with opened(sqlite_place) as database:
        assert [user.openid for user in users.everyone(database)] == ["here"]


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".sqlite")
