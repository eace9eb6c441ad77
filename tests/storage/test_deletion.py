"""Runs that go, with all that was made of them; and those that must stay."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import deletion, files, plots, runs, users
from storage.database import Database
from storage.errors import NotFound
from storage.records import FAILED, PENDING, RunRecord
from tests.conftest import Place

LEASE_S = 60.0

Accept = Callable[[str], RunRecord]


@pytest.fixture
def user_id(database: Database) -> int:
    return users.find_or_create(database, "student").user_id


@pytest.fixture
def accept(database: Database, user_id: int) -> Accept:
    """Accept readings of the student; the digest tells them apart."""

    def accept(digest: str) -> RunRecord:
        return runs.accept(database, user_id, "millikan", digest, "{}", False)[0]

    return accept


def fail(database: Database, run: RunRecord) -> None:
    assert runs.claim(database, run.id, "one", LEASE_S)
    assert runs.fail(database, run.id, "one", "坏").status == FAILED


def draw(database: Database, run: RunRecord, figure: str = "fit") -> Path:
    file = f"{run.id}-{figure}.png"
    return files.write(database.data_dir, run.user_id, "millikan", file, b"png")


def test_delete_takes_row_notes_and_files_of_this_run_only(
    database: Database, accept: Accept, user_id: int
) -> None:
    kept, gone = accept("kept"), accept("gone")
    for run in (kept, gone):
        runs.claim(database, run.id, "one", LEASE_S)
        place = (database.data_dir, user_id, "millikan", f"{run.id}-fit.png")
        files.write(*place, b"png")
        runs.complete(database, run.id, "one", "{}", ["fit"], [files.plot_file(*place)])
    assert deletion.delete_run(database, gone.id, user_id)
    assert runs.find(database, gone.id) is None
    assert not deletion.delete_run(database, kept.id, user_id + 1)
    assert [kept.id in plot.url for plot in plots.of_user(database, user_id)] == [True]
    assert [path.name for path in files.of_user(database.data_dir, user_id)] == [
        f"{kept.id}-fit.png"
    ]
    assert not deletion.delete_run(database, gone.id, user_id)
    with pytest.raises(NotFound):
        runs.complete(database, gone.id, "one", "{}", [])


def test_a_file_that_cannot_be_deleted_keeps_no_row(
    database: Database, accept: Accept, user_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the disk holds on to is out of reach without its row, and goes later."""
    run = accept("d")
    path = draw(database, run)

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", refuse)
        assert deletion.delete_run(database, run.id, user_id)
    assert runs.find(database, run.id) is None
    assert path.exists()
    assert deletion.clear_orphans(database) == 1
    assert not path.exists()


def test_a_failed_run_of_one_asker_is_withdrawn(database: Database, accept: Accept) -> None:
    run = accept("d")
    assert not deletion.withdraw(database, run.id)
    fail(database, run)
    assert deletion.withdraw(database, run.id)
    assert runs.find(database, run.id) is None
    assert not deletion.withdraw(database, run.id)


def test_a_run_that_somebody_waits_for_is_not_withdrawn(database: Database, accept: Accept) -> None:
    """The second asker has its id, and polls until it is over."""
    run = accept("d")
    assert accept("d").id == run.id
    fail(database, run)
    assert not deletion.withdraw(database, run.id)
    assert runs.get(database, run.id).status == FAILED


def test_a_run_that_began_anew_is_not_withdrawn(database: Database, accept: Accept) -> None:
    run = accept("d")
    fail(database, run)
    assert accept("d").status == PENDING
    assert not deletion.withdraw(database, run.id)
    fail(database, run)
    assert not deletion.withdraw(database, run.id)


def test_withdrawn_while_it_is_sent_again_is_a_new_run(
    mysql_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the row and writing it; SQLite lets nobody in between."""
    here, elsewhere = mysql_place.open(), mysql_place.open()
    user_id = users.find_or_create(here, "student").user_id
    run, _ = runs.accept(here, user_id, "millikan", "d", "{}", False)
    share = runs._share
    shared: list[str] = []

    def interrupted(connection: Any, known: RunRecord, data_uri: bool) -> RunRecord:
        shared.append(known.id)
        if len(shared) == 1:
            fail(elsewhere, known)
            assert deletion.withdraw(elsewhere, known.id)
        return share(connection, known, data_uri)

    monkeypatch.setattr(runs, "_share", interrupted)
    again, created = runs.accept(here, user_id, "millikan", "d", "{}", False)
    assert shared == [run.id]
    assert created
    assert again.id != run.id
    assert runs.find(here, again.id) == again
    here.close()
    elsewhere.close()


def test_figures_of_runs_that_are_gone_are_cleared(
    database: Database, accept: Accept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on an instance whose disk kept what another instance's rows lost; 3 ids a query."""
    monkeypatch.setattr(deletion, "_IDS_AT_ONCE", 3)
    made = [accept(f"{number}") for number in range(8)]
    paths = [draw(database, run) for run in made]
    paths[5] = draw(database, made[5], "second")
    older = files.write(database.data_dir, made[0].user_id, "millikan", "1700000000.png", b"png")
    odd = files.write(database.data_dir, 77, "fiber", f"{'e' * 32}-fit.png", b"png")
    gone = [made[n] for n in (0, 5, 7)]
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(files, "delete_run", lambda *_: None)
        for run in gone:
            assert deletion.delete_run(database, run.id, run.user_id)
    assert all(path.exists() for path in paths)
    assert deletion.clear_orphans(database) == len(gone) + 1
    assert [path.exists() for path in paths] == [run not in gone for run in made]
    assert older.exists()
    assert not odd.exists()
    assert deletion.clear_orphans(database) == 0
