"""The life of a run on both engines."""

import time
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from storage import deletion, plots, runs, users
from storage.database import Database
from storage.engine import Connection
from storage.errors import NotFound
from storage.models import Run
from storage.records import COMPLETED, FAILED, PENDING, RUNNING, PlotFile
from tests.conftest import Place
from tests.storage import processes
from tests.storage.conftest import Accept, in_flight

LEASE_S = 60.0
SHORT_S = 0.3


def test_accepted_run_has_what_was_sent(database: Database, user_id: int) -> None:
    readings = '{"groups": [{"label": "VG1=2.3V，温度 25 ℃ 😀 \\\\u0000 $\\\\frac{$"}]}'
    before = datetime.now(UTC) - timedelta(seconds=1)
    run, created = runs.accept(database, user_id, "frank-hertz", "a" * 64, readings, True)
    assert created
    assert run.readings == readings
    assert (run.user_id, run.experiment, run.digest) == (user_id, "frank-hertz", "a" * 64)
    assert (run.status, run.data_uri, run.attempts, run.claims) == (PENDING, True, 0, 0)
    assert (run.results, run.figures, run.message, run.finished_at) == (None, (), "", None)
    assert before <= run.created_at <= datetime.now(UTC) + timedelta(seconds=1)
    assert runs.get(database, run.id) == run
    assert runs.find(database, run.id) == run


def test_ids_are_128_bits_of_chance(accept: Accept) -> None:
    ids = {accept(f"{n}").id for n in range(20)}
    assert len(ids) == 20
    assert all(len(bytes.fromhex(run_id)) == 16 for run_id in ids)


def test_large_readings_come_back_whole(database: Database, user_id: int) -> None:
    readings = "[" + ",".join(["1.234567890123"] * 200_000) + "]"
    run, _ = runs.accept(database, user_id, "millikan", "d", readings, False)
    assert runs.get(database, run.id).readings == readings


def test_same_readings_are_the_same_run(database: Database, user_id: int) -> None:
    first, created = runs.accept(database, user_id, "millikan", "d", "{}", False)
    again, created_again = runs.accept(database, user_id, "millikan", "d", "{ }", False)
    assert (created, created_again) == (True, False)
    assert again == first


def test_images_stay_wanted(database: Database, user_id: int) -> None:
    wanted = [
        runs.accept(database, user_id, "millikan", "d", "{}", flag)[0].data_uri
        for flag in (False, True, False)
    ]
    assert wanted == [False, True, True]


def test_user_experiment_and_digest_tell_runs_apart(database: Database, user_id: int) -> None:
    other = users.find_or_create(database, "other").user_id
    keys = [(user_id, "millikan", "d"), (other, "millikan", "d")]
    keys += [(user_id, "fiber", "d"), (user_id, "millikan", "D")]
    ids = {runs.accept(database, *key, "{}", False)[0].id for key in keys}
    assert len(ids) == 4


def test_accepted_by_threads_of_processes_at_once_is_one_run(place: Place) -> None:
    database = place.open()
    user = users.find_or_create(database, "student").user_id
    answers = processes.at_once(processes.accept, [(place, user, 8), (place, user, 8)])
    accepted = list(chain.from_iterable(answers))
    assert len(accepted) == 64
    assert len({run_id for run_id, _ in accepted}) == 1
    assert sum(created for _, created in accepted) == 1
    assert in_flight(database) == 1
    database.close()


def test_nothing_is_accepted_for_an_unknown_user(database: Database) -> None:
    with pytest.raises(NotFound):
        runs.accept(database, 4711, "millikan", "d", "{}", False)
    assert in_flight(database) == 0


def test_claim_is_for_one(database: Database, accept: Accept) -> None:
    run = accept()
    held = runs.claim(database, run.id, "one", LEASE_S)
    assert held is not None
    assert (held.status, held.lease_owner, held.claims) == (RUNNING, "one", 1)
    assert (run.held, held.held) == (False, True)
    ahead = held.lease_expires - run.created_at
    assert timedelta(seconds=LEASE_S) <= ahead < timedelta(seconds=LEASE_S + 10)
    assert runs.claim(database, run.id, "two", LEASE_S) is None
    assert runs.claim(database, run.id, "one", LEASE_S) is None
    assert runs.claim(database, "0" * 32, "one", LEASE_S) is None
    assert runs.get(database, run.id) == held


def test_claims_by_processes_at_once_are_for_one_each(place: Place) -> None:
    database = place.open()
    user = users.find_or_create(database, "student").user_id
    ids = [runs.accept(database, user, "fiber", f"{n}", "{}", False)[0].id for n in range(30)]
    got = processes.at_once(
        processes.claim_all, [(place, ids, "one"), (place, list(reversed(ids)), "two")]
    )
    assert sorted(chain.from_iterable(got)) == sorted(ids)
    assert {runs.get(database, run_id).claims for run_id in ids} == {1}
    database.close()


def test_expired_lease_is_taken_over(database: Database, accept: Accept) -> None:
    run = accept()
    assert [r.id for r in runs.expired(database, 5)] == [run.id]
    runs.claim(database, run.id, "dead", SHORT_S)
    assert runs.expired(database, 5) == []
    time.sleep(SHORT_S + 0.05)
    assert [(r.id, r.held) for r in runs.expired(database, 5)] == [(run.id, False)]
    taken = runs.claim(database, run.id, "heir", LEASE_S)
    assert taken is not None
    assert (taken.lease_owner, taken.claims) == ("heir", 2)
    assert not runs.renew(database, run.id, "dead", LEASE_S)


def put_back_the_clock(database: Database, seconds: float) -> None:
    """Make every lease reach as far as it does after the database's clock went back."""

    def shift(connection: Connection) -> None:
        Run.update({Run.lease_expires: Run.lease_expires + round(seconds * 1e6)}).execute(
            connection
        )

    database.perform(shift)


def test_a_waiting_run_is_claimed_whatever_the_clock_did(
    database: Database, accept: Accept
) -> None:
    run = accept()
    put_back_the_clock(database, 3600)
    assert [r.id for r in runs.expired(database, 5)] == [run.id]
    taken = runs.claim(database, run.id, "one", LEASE_S)
    assert taken is not None
    assert taken.lease_owner == "one"


def test_a_lease_from_before_the_clock_was_put_back_ends(
    database: Database, accept: Accept
) -> None:
    run = accept()
    runs.claim(database, run.id, "dead", LEASE_S)
    assert runs.claim(database, run.id, "heir", LEASE_S) is None
    put_back_the_clock(database, 3600)
    assert [r.id for r in runs.expired(database, 5)] == [run.id]
    taken = runs.claim(database, run.id, "heir", LEASE_S)
    assert taken is not None
    assert not runs.renew(database, run.id, "dead", LEASE_S)


def test_renewed_lease_does_not_expire(database: Database, accept: Accept) -> None:
    run = accept()
    runs.claim(database, run.id, "one", SHORT_S)
    assert runs.renew(database, run.id, "one", LEASE_S)
    time.sleep(SHORT_S + 0.05)
    assert runs.claim(database, run.id, "two", LEASE_S) is None
    assert runs.expired(database, 5) == []


def test_released_run_is_free_at_once_and_the_claim_does_not_count(
    database: Database, accept: Accept
) -> None:
    run = accept()
    runs.claim(database, run.id, "one", LEASE_S)
    assert not runs.release(database, run.id, "two")
    assert runs.release(database, run.id, "one")
    assert not runs.release(database, run.id, "one")
    freed = runs.get(database, run.id)
    assert (freed.status, freed.lease_owner, freed.claims) == (PENDING, None, 0)
    taken = runs.claim(database, run.id, "two", LEASE_S)
    assert taken is not None
    assert taken.claims == 1


def test_complete(database: Database, accept: Accept, user_id: int) -> None:
    run = accept()
    runs.claim(database, run.id, "one", LEASE_S)
    noted = [PlotFile(f"data/{name}", f"/static/{name}") for name in ("fit", "residuals")]
    results = '{"e": 1.586333e-19, "题": "基本电荷"}'
    done = runs.complete(database, run.id, "one", results, ["fit", "residuals"], noted)
    assert (done.status, done.results, done.message) == (COMPLETED, results, "")
    assert done.figures == ("fit", "residuals")
    assert done.finished_at is not None
    assert run.created_at <= done.finished_at
    rows = plots.of_user(database, user_id)
    assert [(p.experiment, p.file_path, p.url) for p in rows] == [
        ("millikan", plot.file_path, plot.url) for plot in noted
    ]
    assert runs.claim(database, run.id, "two", LEASE_S) is None
    assert runs.expired(database, 5) == []


def test_completing_twice_changes_nothing(database: Database, accept: Accept, user_id: int) -> None:
    run = accept()
    runs.claim(database, run.id, "one", LEASE_S)
    plot = [PlotFile("data/a", "/static/a")]
    done = runs.complete(database, run.id, "one", "1", ["fit"], plot)
    assert runs.complete(database, run.id, "one", "2", ["fit"], plot) == done
    assert runs.fail(database, run.id, "one", "坏") == done
    assert len(plots.of_user(database, user_id)) == 1


@pytest.mark.parametrize("close", ["complete", "fail"])
def test_old_owner_cannot_close_a_run_that_was_taken_over(
    database: Database, accept: Accept, user_id: int, close: str
) -> None:
    run = accept()
    runs.claim(database, run.id, "old", 0.0)
    time.sleep(0.01)
    held = runs.claim(database, run.id, "new", LEASE_S)
    if close == "complete":
        plot = PlotFile("data/a", "/static/a")
        after = runs.complete(database, run.id, "old", "0", ["fit"], [plot])
    else:
        after = runs.fail(database, run.id, "old", "坏")
    assert after == held == runs.get(database, run.id)
    assert plots.of_user(database, user_id) == []
    assert runs.complete(database, run.id, "new", "1", []).status == COMPLETED


def test_failed_run_begins_anew_when_sent_again(database: Database, accept: Accept) -> None:
    run = accept()
    runs.claim(database, run.id, "one", LEASE_S)
    runs.count_attempt(database, run.id, "one")
    failed = runs.fail(database, run.id, "one", "第 3 个读数不是数")
    assert (failed.status, failed.message) == (FAILED, "第 3 个读数不是数")
    assert failed.finished_at is not None
    again = accept()
    assert again.id == run.id
    assert (again.status, again.message, again.attempts, again.claims) == (PENDING, "", 0, 0)
    assert (again.lease_owner, again.finished_at) == (None, None)
    assert again.created_at == run.created_at
    assert runs.claim(database, run.id, "two", LEASE_S) is not None


def test_long_message_is_cut(database: Database, accept: Accept) -> None:
    run = accept()
    runs.claim(database, run.id, "one", LEASE_S)
    assert runs.fail(database, run.id, "one", "长😀" * 300).message == ("长😀" * 300)[:255]


def test_attempts_are_counted(database: Database, accept: Accept) -> None:
    run = accept()
    runs.claim(database, run.id, "one", LEASE_S)
    counted = [runs.count_attempt(database, run.id, "one") for _ in range(3)]
    assert counted == [1, 2, 3]
    assert runs.count_attempt(database, run.id, "two") == 3
    with pytest.raises(NotFound):
        runs.count_attempt(database, "0" * 32, "one")


def test_others_runs_cannot_be_told_from_missing_ones(database: Database, accept: Accept) -> None:
    run = accept()
    stranger = users.find_or_create(database, "stranger").user_id
    assert runs.get_own(database, run.id, run.user_id) == run
    refusals = []
    for run_id, asking in [(run.id, stranger), ("0" * 32, run.user_id), ("' OR 1=1 --", stranger)]:
        with pytest.raises(NotFound) as refused:
            runs.get_own(database, run_id, asking)
        refusals.append((str(refused.value), refused.value.message))
    assert len(set(refusals)) == 1


@pytest.mark.parametrize("run_id", ["", "图", "😀", "\ud800", "A" * 32, "0" * 32 + "\n", "1%"])
def test_what_cannot_be_an_id_is_not_found(database: Database, accept: Accept, run_id: str) -> None:
    """MySQL answers error 1267 where a sign beyond ASCII is compared with the column."""
    user_id = accept().user_id
    assert runs.find(database, run_id) is None
    with pytest.raises(NotFound):
        runs.get(database, run_id)
    with pytest.raises(NotFound):
        runs.get_own(database, run_id, user_id)
    assert not deletion.delete_run(database, run_id, user_id)
