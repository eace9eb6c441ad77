"""What hangs, is locked or is too large: nobody waits for it longer than an operation may take."""

import functools
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from storage import mysql, runs, users
from storage.database import Database
from storage.engine import Connection, execute
from storage.errors import StorageTooLarge, StorageUnavailable
from storage.sqlite import FILE_NAME
from tests.conftest import Place
from tests.frozen import freeze
from tests.mariadb import Mariadb
from tests.storage.conftest import in_flight
from tests.storage.sentences import assert_chinese


def test_server_that_hangs_holds_nobody_beyond_the_deadline(
    mysql_database: Database, mariadb: Mariadb
) -> None:
    """The connection was in use a moment ago, so nobody asks first whether it still answers."""
    users.everyone(mysql_database)
    with stopped(mariadb):
        began = time.monotonic()
        with pytest.raises(StorageUnavailable) as refused:
            users.everyone(mysql_database.within(1.0))
        assert time.monotonic() - began < 6.0
    assert_chinese(refused.value.message)
    assert users.everyone(mysql_database) == []


@contextmanager
def stopped(mariadb: Mariadb) -> Iterator[None]:
    """Let the server neither answer nor hang up for a block."""
    number = int((mariadb.folder / "pid").read_text())
    freeze(number)
    try:
        yield
    finally:
        os.kill(number, signal.SIGCONT)


@contextmanager
def holding(database: Database, user_id: int) -> Iterator[None]:
    """Keep a user's row locked, as an instance in the middle of accepting does, or where it died.

    The server's own patience is 50 s for a lock, and 8 h for a client that says nothing.
    """
    held, leave = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        if leave.is_set():
            return
        execute(connection, "SELECT 1 FROM user_info WHERE user_id = %s FOR UPDATE", user_id)
        held.set()
        leave.wait(30)

    with ThreadPoolExecutor(1) as threads:
        holder = threads.submit(database.perform, hold)
        assert held.wait(10)
        try:
            yield
        finally:
            leave.set()
        holder.result()


def test_locked_row_holds_nobody_beyond_the_deadline(mysql_database: Database) -> None:
    user = users.find_or_create(mysql_database, "student").user_id
    with holding(mysql_database, user):
        began = time.monotonic()
        with pytest.raises(StorageUnavailable) as refused:
            runs.accept(mysql_database.within(1.0), user, "fiber", "d", "{}", False)
        assert time.monotonic() - began < 6.0
        assert_chinese(refused.value.message)
    assert runs.accept(mysql_database, user, "fiber", "d", "{}", False)[1]


def test_deadlock_is_tried_again(mysql_database: Database) -> None:
    """Two transactions lock two rows crosswise; the server ends one of them with error 1213."""
    names = ["one", "two"]
    rows = [users.find_or_create(mysql_database, name).user_id for name in names]
    both_hold, begun = threading.Barrier(2), [0, 0]

    def lock(place: int, connection: Connection) -> None:
        begun[place] += 1
        for number, row in enumerate((rows[place], rows[1 - place])):
            execute(connection, "SELECT 1 FROM user_info WHERE user_id = %s FOR UPDATE", row)
            if number == 0 and begun[place] == 1:
                both_hold.wait(30)

    with ThreadPoolExecutor(2) as threads:
        work = [
            threads.submit(mysql_database.perform, functools.partial(lock, place))
            for place in range(2)
        ]
        for one in work:
            one.result()
    assert sum(begun) == 3


def test_locks_of_a_lost_host_are_given_up(
    mysql_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host says nothing any more, not even farewell; a second here for the minute."""
    assert "wait_timeout = 60" in mysql._SESSION
    monkeypatch.setattr(mysql, "_SESSION", mysql._SESSION.replace("= 60", "= 1"))
    lost, heir = mysql_place.open(), mysql_place.open(patience_s=20)
    user = users.find_or_create(heir, "student").user_id
    with holding(lost, user):
        assert runs.accept(heir, user, "fiber", "d", "{}", False)[1]
    lost.close()
    heir.close()


def test_locked_sqlite_holds_nobody_beyond_the_deadline(sqlite_place: Place) -> None:
    """By another process; the connection was opened when there was more time."""
    database = sqlite_place.open()
    user = users.find_or_create(database, "student").user_id
    other = sqlite3.connect(sqlite_place.data_dir / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(StorageUnavailable) as refused:
        runs.accept(database.within(0.5), user, "fiber", "d", "{}", False)
    assert time.monotonic() - began < 4.0
    assert_chinese(refused.value.message)
    other.execute("ROLLBACK")
    other.close()
    assert runs.accept(database, user, "fiber", "d", "{}", False)[1]
    database.close()


@pytest.mark.parametrize("size", [1_100_000, 30_000_000])
def test_what_the_server_cannot_take_is_refused_at_once(
    mysql_place: Place, mariadb: Mariadb, size: int
) -> None:
    """1 MiB was the default of ``max_allowed_packet`` up to MySQL 5.6; no retry ever helps."""
    with packets_of(mariadb, 1024 * 1024):
        database = mysql_place.open()
        user = users.find_or_create(database, "student").user_id
        kept, _ = runs.accept(database, user, "fiber", "kept", "x" * 900_000, False)
        assert runs.claim(database, kept.id, "one", 60)
        with pytest.raises(StorageTooLarge) as refused:
            runs.accept(database, user, "fiber", "lost", "x" * size, False)
        with pytest.raises(StorageTooLarge):
            runs.complete(database, kept.id, "one", "x" * size, [])
        assert not refused.value.passing
        assert "减少读数" in refused.value.message
        assert in_flight(database) == 1
        assert runs.complete(database, kept.id, "one", "{}", []).results == "{}"
        database.close()


@contextmanager
def packets_of(mariadb: Mariadb, size: int) -> Iterator[None]:
    """Let the server take no more than that at once, on connections opened in a block."""
    ((before,),) = mariadb.execute("SELECT @@global.max_allowed_packet")
    mariadb.execute(f"SET GLOBAL max_allowed_packet = {size}")
    try:
        yield
    finally:
        mariadb.execute(f"SET GLOBAL max_allowed_packet = {before}")
