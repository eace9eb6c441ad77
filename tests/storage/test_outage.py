"""Servers that sleep, go away, come back, hang, or refuse to write; disks that are full."""

import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import mysql, runs, users
from storage.address import MysqlAddress
from storage.database import Database, open_database
from storage.engine import Connection, execute
from storage.errors import StorageFull, StorageReadOnly, StorageTooLarge, StorageUnavailable
from storage.mysql import MysqlEngine
from storage.orm import peewee
from tests.conftest import Place
from tests.mariadb import Mariadb
from tests.storage.conftest import in_flight
from tests.storage.sentences import assert_chinese

NOBODY = 65534


def test_operations_wait_for_a_server_that_comes_back(
    mysql_database: Database, mariadb: Mariadb
) -> None:
    with ThreadPoolExecutor(8) as threads:
        names = [f"before{n}" for n in range(16)]
        list(threads.map(lambda name: users.find_or_create(mysql_database, name), names))
        mariadb.stop()
        waking = threading.Timer(1.0, mariadb.start)
        waking.start()
        began = time.monotonic()
        names = [f"during{n}" for n in range(7)]
        made = list(threads.map(lambda name: users.find_or_create(mysql_database, name), names))
        waited = time.monotonic() - began
        waking.join()
    assert 0.9 < waited < 30
    assert [user.openid for user in made] == names
    assert len(users.everyone(mysql_database)) == 23


def test_connections_broken_by_a_hard_restart_are_replaced(
    mysql_database: Database, mariadb: Mariadb
) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: users.find(mysql_database, n), range(32)))
    mariadb.stop(hard=True)
    mariadb.start()
    quick = mysql_database.within(3.0)
    for n in range(12):
        assert users.find(quick, n) is None


def test_sleeping_server_is_given_up_in_time(mysql_database: Database, mariadb: Mariadb) -> None:
    mariadb.stop()
    began = time.monotonic()
    with pytest.raises(StorageUnavailable) as refused:
        users.everyone(mysql_database.within(1.0))
    assert time.monotonic() - began < 6.0
    assert_chinese(refused.value.message)


def test_instance_may_start_before_its_server(mysql_place: Place, mariadb: Mariadb) -> None:
    mariadb.stop()
    database = mysql_place.open(patience_s=0.3)
    with pytest.raises(StorageUnavailable):
        database.prepare()
    mariadb.start()
    assert users.everyone(database.within(8.0)) == []
    database.close()


def test_connections_that_the_server_closed_are_replaced(
    mysql_database: Database, mariadb: Mariadb
) -> None:
    def own_number(connection: Connection) -> int:
        number: int = execute(connection, "SELECT CONNECTION_ID()")[0][0]
        return number

    for _ in range(3):
        mariadb.execute(f"KILL {mysql_database.perform(own_number)}")
        assert users.everyone(mysql_database.within(2.0)) == []


def test_idle_connections_are_asked_before_use(
    mysql_database: Database, mariadb: Mariadb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own word of farewell is found by a ping, so ``body`` runs once only."""
    monkeypatch.setattr(mysql, "_PING_AFTER_S", 0.0)
    calls: list[int] = []

    def own_number(connection: Connection) -> int:
        calls.append(execute(connection, "SELECT CONNECTION_ID()")[0][0])
        return calls[-1]

    mariadb.execute(f"KILL {mysql_database.perform(own_number)}")
    mysql_database.perform(own_number)
    assert mysql_database.perform(own_number) == calls[1] != calls[0]
    assert len(calls) == 3


def test_connection_killed_within_an_operation_is_replaced(
    mysql_database: Database, mariadb: Mariadb
) -> None:
    seen: list[int] = []

    def broken_once(connection: Connection) -> int:
        number: int = execute(connection, "SELECT CONNECTION_ID()")[0][0]
        seen.append(number)
        if len(seen) == 1:
            mariadb.execute(f"KILL {number}")
            time.sleep(0.05)
        return int(execute(connection, "SELECT 42")[0][0])

    assert mysql_database.perform(broken_once) == 42
    assert len(set(seen)) == 2


def test_server_that_accepts_but_is_silent_holds_nobody_beyond_the_deadline(
    tmp_path: Path,
) -> None:
    """Connecting is not serialised: six threads together wait no longer than one."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        url = f"mysql://u:p@127.0.0.1:{listener.getsockname()[1]}/d"
        database = open_database(url, tmp_path, patience_s=1.0)

        def wait(_: int) -> float:
            began = time.monotonic()
            with pytest.raises(StorageUnavailable):
                database.prepare()
            return time.monotonic() - began

        with ThreadPoolExecutor(6) as threads:
            assert max(threads.map(wait, range(6))) < 3.0


def test_pool_is_bounded_and_waiting_for_it_too(mysql_place: Place) -> None:
    database = mysql_place.open(connections=2)
    database.prepare()
    inside, leave = threading.Barrier(3), threading.Event()

    def stay(_: Connection) -> None:
        inside.wait(10)
        leave.wait(10)

    with ThreadPoolExecutor(2) as threads:
        staying = [threads.submit(database.perform, stay) for _ in range(2)]
        inside.wait(10)
        with pytest.raises(StorageUnavailable, match="in use"):
            users.everyone(database.within(0.3))
        leave.set()
        for one in staying:
            one.result()
    assert users.everyone(database) == []
    database.close()


def test_wrong_password_fails_at_once_and_is_not_shown(mariadb: Mariadb, tmp_path: Path) -> None:
    database = open_database(mariadb.url("x", password="Wr0ngPassw0rd"), tmp_path)
    began = time.monotonic()
    with pytest.raises(StorageUnavailable) as refused:
        database.prepare()
    assert time.monotonic() - began < 6.0
    assert "Wr0ngPassw0rd" not in f"{refused.value!r}{refused.value.__cause__!r}"
    assert_chinese(refused.value.message)


def test_read_only_mysql(mysql_database: Database, mariadb: Mariadb, tmp_path: Path) -> None:
    user = users.find_or_create(mysql_database, "student")
    name = mysql_database.info().database
    login = f"student_{name[-6:]}"
    mariadb.execute(
        f"CREATE USER {login}@'%' IDENTIFIED BY 'pw'",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name}.* TO {login}@'%'",
        "SET GLOBAL read_only = 1",
    )
    ordinary = open_database(mariadb.url(name, user=login, password="pw"), tmp_path)
    try:
        with pytest.raises(StorageReadOnly) as refused:
            runs.accept(ordinary, user.user_id, "fiber", "d", "{}", False)
        assert_chinese(refused.value.message)
        assert users.find(ordinary, user.user_id) == user
    finally:
        mariadb.execute("SET GLOBAL read_only = 0", f"DROP USER {login}@'%'")
    assert in_flight(ordinary) == 0
    assert runs.accept(ordinary, user.user_id, "fiber", "d", "{}", False)[1]
    ordinary.close()


def test_read_only_sqlite() -> None:
    """The folder and its files may not be written; root becomes nobody for the attempt."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    try:
        database = open_database(None, folder / "data", patience_s=1.0)
        user = users.find_or_create(database, "student")
        database.close()
        paths = [folder, folder / "data", *(folder / "data").iterdir()]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        with as_nobody(), pytest.raises(StorageUnavailable) as refused:
            runs.accept(database, user.user_id, "fiber", "d", "{}", False)
        assert_chinese(refused.value.message)
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
        database.close()
        assert in_flight(database) == 0
        assert runs.accept(database, user.user_id, "fiber", "d", "{}", False)[1]
        database.close()
    finally:
        shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up root's right to write everywhere for a block."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def test_full_sqlite(sqlite_place: Place) -> None:
    """SQLite's own limit of pages gives the result code of a full disk, SQLITE_FULL."""
    database = sqlite_place.open(connections=1)
    user = users.find_or_create(database, "student").user_id
    kept, _ = runs.accept(database, user, "fiber", "kept", "{}", False)
    database.perform(lambda connection: execute(connection, "PRAGMA max_page_count = 1"))
    with pytest.raises(StorageFull) as refused:
        runs.accept(database, user, "fiber", "lost", "[" + "1," * 100_000 + "1]", False)
    assert_chinese(refused.value.message)
    database.close()
    assert [run.id for run in runs.expired(database, 9)] == [kept.id]
    assert runs.accept(database, user, "fiber", "lost", "{}", False)[1]
    database.close()


def test_damaged_sqlite_is_an_outage_not_a_mistake(sqlite_place: Place) -> None:
    sqlite_place.data_dir.mkdir()
    (sqlite_place.data_dir / "lab.sqlite").write_bytes(b"this is not a database " * 1000)
    database = sqlite_place.open(patience_s=1.0)
    with pytest.raises(StorageUnavailable) as refused:
        database.prepare()
    assert_chinese(refused.value.message)


# Numbers and names: MySQL 8.0 Error Message Reference, chapters 2 (server) and 3 (client).
@pytest.mark.parametrize(
    ("number", "kind", "passing"),
    [
        (1290, StorageReadOnly, False),  # ER_OPTION_PREVENTS_STATEMENT, --read-only
        (1836, StorageReadOnly, False),  # ER_READ_ONLY_MODE
        (1114, StorageFull, False),  # ER_RECORD_FILE_FULL
        (1021, StorageFull, False),  # ER_DISK_FULL
        (2006, StorageUnavailable, True),  # CR_SERVER_GONE_ERROR
        (2013, StorageUnavailable, True),  # CR_SERVER_LOST
        (4031, StorageUnavailable, True),  # ER_CLIENT_INTERACTION_TIMEOUT
        (2003, StorageUnavailable, True),  # CR_CONN_HOST_ERROR
        (1040, StorageUnavailable, True),  # ER_CON_COUNT_ERROR
        (1203, StorageUnavailable, True),  # ER_TOO_MANY_USER_CONNECTIONS
        (1226, StorageUnavailable, True),  # ER_USER_LIMIT_REACHED
        (1153, StorageTooLarge, False),  # ER_NET_PACKET_TOO_LARGE
        (1020, StorageUnavailable, True),  # ER_CHECKREAD, MariaDB's snapshot isolation
        (1317, StorageUnavailable, True),  # ER_QUERY_INTERRUPTED
        (1205, StorageUnavailable, True),  # ER_LOCK_WAIT_TIMEOUT
        (1213, StorageUnavailable, True),  # ER_LOCK_DEADLOCK
        (1045, StorageUnavailable, False),  # ER_ACCESS_DENIED_ERROR
        (1146, StorageUnavailable, False),  # ER_NO_SUCH_TABLE
    ],
)
def test_error_numbers(number: int, kind: type[StorageUnavailable], passing: bool) -> None:
    engine = MysqlEngine(MysqlAddress("h", 3306, "d", "u", "p"))
    fault = engine.judge(peewee.OperationalError(number, "text"))
    assert fault is not None
    assert (type(fault), fault.passing) == (kind, passing)


def test_empty_interface_error_is_a_lost_connection() -> None:
    engine = MysqlEngine(MysqlAddress("h", 3306, "d", "u", "p"))
    fault = engine.judge(peewee.InterfaceError(0, ""))
    assert fault is not None
    assert (fault.passing, fault.lost) == (True, True)
    assert engine.judge(peewee.ProgrammingError(1064, "syntax")) is None
