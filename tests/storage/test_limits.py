"""How many runs are in flight, and how many may be."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage import runs, users
from storage.database import Database
from storage.errors import NotFound, RunsExceeded
from storage.records import COMPLETED, FAILED, PENDING, RUNNING
from tests.storage.conftest import Accept

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
    assert runs.in_flight(database, user_id) == 2
    assert runs.in_flight(database, other) == 1
    assert runs.in_flight(database) == 3


def test_limits_refuse_new_runs_but_not_known_ones(database: Database, user_id: int) -> None:
    def send(digest: str, per_user: int, in_all: int) -> bool:
        return runs.accept(
            database, user_id, "fiber", digest, "{}", False, per_user=per_user, in_all=in_all
        )[1]

    assert send("a", 2, 10)
    assert send("b", 2, 10)
    with pytest.raises(RunsExceeded) as refused:
        send("c", 2, 10)
    assert (refused.value.of_user, refused.value.limit) == (True, 2)
    assert not send("a", 2, 10)
    with pytest.raises(RunsExceeded) as refused:
        send("c", 10, 2)
    assert not refused.value.of_user
    assert runs.in_flight(database) == 2


def test_limit_of_a_user_holds_against_threads(database: Database, user_id: int) -> None:
    def send(n: int) -> bool:
        try:
            runs.accept(database, user_id, "fiber", f"{n}", "{}", False, per_user=5)
        except RunsExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(send, range(24))) == 5
    assert runs.in_flight(database, user_id) == 5


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
        assert runs.in_flight(database) == 0
