"""How many runs are in flight and stored, how many may be, and what counting them reads."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from storage import deletion, history, runs, users
from storage.database import Database
from storage.engine import Connection
from storage.errors import NotFound, QuotaExceeded, RunsExceeded
from storage.models import Plot, Run
from storage.orm import peewee
from storage.quota import Quota, require_room
from storage.records import COMPLETED, FAILED, PENDING, RUNNING
from tests.storage.conftest import Accept, in_flight

LEASE_S = 60.0


def test_in_flight_counts_pending_and_running(
    database: Database, accept: Accept, user_id: int
) -> None:
    other = users.find_or_create(database, "other").user_id
    runs.accept(database, other, "millikan", "d", "{}", False)
    for n, status in enumerate([PENDING, RUNNING, COMPLETED, FAILED]):
        run = accept(f"{n}")
        if status != PENDING:
            runs.claim(database, run.id, "one", LEASE_S)
        if status == COMPLETED:
            runs.complete(database, run.id, "one", "{}", [])
        if status == FAILED:
            runs.fail(database, run.id, "one", "坏")
    assert in_flight(database, user_id) == 2
    assert in_flight(database, other) == 1
    assert in_flight(database) == 3


def test_limit_in_flight_refuses_new_runs_but_not_known_ones(
    database: Database, user_id: int
) -> None:
    def send(digest: str) -> bool:
        quota = Quota(in_flight=2)
        return runs.accept(database, user_id, "fiber", digest, "{}", False, quota)[1]

    assert send("a")
    assert send("b")
    with pytest.raises(RunsExceeded):
        send("c")
    assert not send("a")
    assert in_flight(database) == 2


def finished(database: Database, user_id: int, digest: str, readings: str, quota: Quota) -> bool:
    """Whether the readings became a new run, which is then completed."""
    run, new = runs.accept(database, user_id, "fiber", digest, readings, False, quota)
    if new:
        runs.claim(database, run.id, "one", LEASE_S)
        runs.complete(database, run.id, "one", "{}", [])
    return new


def test_stored_runs_are_limited_and_deleting_makes_room(database: Database, user_id: int) -> None:
    quota = Quota(in_flight=9, runs=3)
    for n in range(3):
        assert finished(database, user_id, f"{n}", "{}", quota)
    with pytest.raises(QuotaExceeded, match="达到上限（3 条），请先删除不用的记录") as refused:
        finished(database, user_id, "3", "{}", quota)
    assert not refused.value.by_size
    assert not finished(database, user_id, "1", "{}", quota)  # known readings are answered
    kept = history.page(database, user_id, None, None, 9).runs
    assert len(kept) == 3
    other = users.find_or_create(database, "other").user_id
    assert finished(database, other, "3", "{}", quota)
    assert deletion.delete_run(database, kept[0].id, user_id)
    assert finished(database, user_id, "3", "{}", quota)


def test_stored_readings_are_limited_in_bytes(database: Database, user_id: int) -> None:
    quota = Quota(readings_bytes=2**20)
    half = '"' + "压" * (2**19 // 3) + '"'  # three bytes a sign
    assert finished(database, user_id, "a", half, quota)
    assert finished(database, user_id, "b", half[:-9] + '"', quota)
    with pytest.raises(QuotaExceeded, match="达到上限（1 MB），请先删除不用的记录") as refused:
        finished(database, user_id, "c", half, quota)
    assert refused.value.by_size
    assert finished(database, user_id, "d", "{}", quota)


def test_a_failed_run_begins_anew_at_the_quota(database: Database, user_id: int) -> None:
    quota = Quota(in_flight=9, runs=1, readings_bytes=2)
    run, _ = runs.accept(database, user_id, "fiber", "a", "{}", False, quota)
    runs.claim(database, run.id, "one", LEASE_S)
    runs.fail(database, run.id, "one", "坏")
    again, new = runs.accept(database, user_id, "fiber", "a", "{}", False, quota)
    assert (again.id, new, again.status) == (run.id, False, PENDING)


def plan(database: Database, statement: str) -> list[dict[str, Any]]:
    """The rows of the database's own explanation of a statement, by column."""

    def explain(connection: Connection) -> list[dict[str, Any]]:
        word = "EXPLAIN" if isinstance(connection, peewee.MySQLDatabase) else "EXPLAIN QUERY PLAN"
        cursor = connection.execute_sql(f"{word} {statement}")  # type: ignore[no-untyped-call]
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return database.perform(explain)


def fill(database: Database, user_id: int, rows: int) -> None:
    """Runs and figures of the user and of nine others."""

    def insert(connection: Connection) -> None:
        moment = datetime.now(UTC)
        for owner in range(user_id, user_id + 10):
            same = {"user_id": owner, "experiment": "fiber", "lease_expires": 0, "created_at": 0}
            same |= {"readings": "x" * 500, "readings_bytes": 500, "figures": "[]"}
            many = [
                {**same, "id": f"{owner}-{n}", "digest": f"{n}", "status": COMPLETED}
                for n in range(rows)
            ]
            Run.insert_many(many).execute(connection)
            figure = {"user_id": owner, "experiment": "fiber", "created_at": moment}
            Plot.insert_many(
                [{**figure, "file_path": f"{n}", "url": f"{n}"} for n in range(rows)]
            ).execute(connection)

    database.perform(insert)


def test_counting_a_users_runs_reads_one_index(
    database: Database, user_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    fill(database, user_id, 300)
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        database.perform(lambda c: require_room(c, user_id, Quota(9, 9999, 2**30), 1))
    messages: list[Any] = [record.msg for record in caplog.records]
    ((sql, values),) = [message for message in messages if "COUNT" in str(message)]
    for value in values:
        sql = re.sub(r"\?|%s", repr(value), sql, count=1)
    (row,) = plan(database, sql)
    assert "runs_quota" in str(row)
    assert re.search("COVERING INDEX|Using index", str(row))


def test_erasing_reads_only_what_is_the_users(database: Database, user_id: int) -> None:
    fill(database, user_id, 1500)
    for table in ("plot_records", "runs"):
        (row,) = plan(database, f"DELETE FROM {table} WHERE user_id = {user_id}")
        said = str(row.get("detail") or row["key"])
        assert "user_id" in said or "runs_" in said
        assert "SCAN" not in said
        assert int(row.get("rows", 1500)) <= 3000, row  # of 15,000


def test_limit_of_a_user_holds_against_threads(database: Database, user_id: int) -> None:
    def send(n: int) -> bool:
        try:
            runs.accept(database, user_id, "fiber", f"{n}", "{}", False, Quota(in_flight=5))
        except RunsExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(send, range(24))) == 5
    assert in_flight(database, user_id) == 5


def test_erasing_and_accepting_at_once_leaves_no_orphan(database: Database) -> None:
    for n in range(5):
        user = users.find_or_create(database, f"student{n}").user_id

        def send(digest: int, user: int = user) -> None:
            try:
                runs.accept(database, user, "fiber", f"{digest}", "{}", False)
            except NotFound:
                return

        with ThreadPoolExecutor(5) as threads:
            sending = [threads.submit(send, digest) for digest in range(12)]
            assert threads.submit(users.erase, database, user).result()
            for one in sending:
                one.result()
        assert in_flight(database) == 0
