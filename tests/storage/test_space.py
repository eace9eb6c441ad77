"""What was erased is given back to the disk: SQLite's files before and after."""

import sqlite3
from pathlib import Path

import pytest

from storage import deletion, history, runs, users
from storage.database import open_database

READINGS = '"' + "1.2345," * 70_000 + '"'
"""Half a megabyte."""


def size(folder: Path) -> int:
    """Bytes of the database with its log."""
    return sum(path.stat().st_size for path in folder.glob("lab.sqlite*"))


def filled(folder: Path) -> tuple[int, int, str]:
    """A database with forty runs of one user and one of another: both users, and that run."""
    database = open_database(None, folder)
    first, second = (users.find_or_create(database, name).user_id for name in ("one", "two"))
    for n in range(40):
        runs.accept(database, first, "fiber", f"{n}", READINGS, False)
    kept, _ = runs.accept(database, second, "fiber", "kept", READINGS, False)
    database.close()
    return first, second, kept.id


def written_by_an_older_version(folder: Path) -> None:
    """Make the file one that keeps its free pages, as all files were."""
    connection = sqlite3.connect(folder / "lab.sqlite", isolation_level=None)
    connection.execute("PRAGMA auto_vacuum = none")
    connection.execute("VACUUM")
    assert connection.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("older", [False, True])
def test_erasing_gives_space_back(tmp_path: Path, older: bool) -> None:
    first, second, kept = filled(tmp_path)
    if older:
        written_by_an_older_version(tmp_path)
    before = size(tmp_path)
    assert before > 40 * len(READINGS)
    database = open_database(None, tmp_path)
    assert users.erase(database, first)
    assert size(tmp_path) < 4 * len(READINGS)
    assert runs.get_own(database, kept, second).readings == READINGS
    database.close()
    print(f"{before / 2**20:.1f} MB before, {size(tmp_path) / 2**20:.1f} MB after erasing")


def test_deleting_runs_gives_space_back(tmp_path: Path) -> None:
    first, _, _ = filled(tmp_path)
    before = size(tmp_path)
    database = open_database(None, tmp_path)
    for run in history.page(database, first, None, None, 50).runs:
        assert deletion.delete_run(database, run.id, first)
    assert size(tmp_path) < before / 2  # with up to 4 MB of log
    database.close()
    assert size(tmp_path) < 5 * len(READINGS)


def test_somebody_who_reads_meanwhile_is_not_disturbed(tmp_path: Path) -> None:
    first, second, kept = filled(tmp_path)
    reader = sqlite3.connect(tmp_path / "lab.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT COUNT(*) FROM runs").fetchone() == (41,)
    database = open_database(None, tmp_path)
    assert users.erase(database, first)
    assert reader.execute("SELECT COUNT(*) FROM runs").fetchone() == (41,)
    reader.close()
    assert runs.get_own(database, kept, second).readings == READINGS
    assert users.erase(database, second)
    assert size(tmp_path) < len(READINGS)
    database.close()
