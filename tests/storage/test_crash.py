"""SQLite under SIGKILL: the database stays whole, and what was acknowledged is there."""

import random
import sqlite3
import time
from multiprocessing.connection import Connection

import pytest

from storage import users
from storage.sqlite import FILE_NAME
from tests.conftest import Place
from tests.storage import processes
from tests.storage.conftest import in_flight

KILLS = 100


@pytest.mark.slow
def test_hundred_kills_lose_nothing(sqlite_place: Place) -> None:
    chance = random.Random(20240229)
    database = sqlite_place.open()
    user = users.find_or_create(database, "student").user_id
    database.close()
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        writer, told = processes.start_writer(sqlite_place, user, f"{kill}")
        acknowledged.add(told.recv())
        time.sleep(chance.uniform(0.0, 0.04))
        writer.kill()
        acknowledged |= received(told)
        writer.join()
        writer.close()
        assert_whole(sqlite_place, acknowledged)
    print(f"{KILLS} kills, {len(acknowledged)} runs acknowledged, 0 lost")
    database = sqlite_place.open()
    assert in_flight(database, user) >= len(acknowledged)
    database.close()


def received(told: Connection) -> set[str]:
    """What a dead writer had told; a message cut off by its death was not acknowledged."""
    ids = set()
    while True:
        try:
            ids.add(told.recv())
        except (EOFError, OSError):
            told.close()
            return ids


def assert_whole(place: Place, acknowledged: set[str]) -> None:
    connection = sqlite3.connect(place.data_dir / FILE_NAME)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    stored = {run_id for (run_id,) in connection.execute("SELECT id FROM runs")}
    connection.close()
    assert acknowledged <= stored


def test_every_commit_is_synced(sqlite_place: Place) -> None:
    """FULL is 2: https://www.sqlite.org/pragma.html#pragma_synchronous."""
    database = sqlite_place.open()
    pragmas = database.perform(
        lambda c: [
            c.execute_sql(f"PRAGMA {name}").fetchone()[0]  # type: ignore[no-untyped-call]
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
    )
    assert pragmas[:2] == ["wal", 2]
    assert 4000 < pragmas[2] <= 5000
    database.close()
