"""Looking back on runs, page by page."""

import pytest

from storage import deletion, history, runs, users
from storage.database import Database
from storage.errors import CursorInvalid
from storage.models import Run


@pytest.fixture
def user_id(database: Database) -> int:
    return users.find_or_create(database, "student").user_id


def accept(database: Database, user_id: int, count: int, experiment: str = "millikan") -> list[str]:
    """Accept runs one after the other; ids, the newest first."""
    made = [
        runs.accept(database, user_id, experiment, f"{n}", f"[{n}]", False)[0] for n in range(count)
    ]
    return [run.id for run in sorted(made, key=lambda r: (r.created_at, r.id), reverse=True)]


@pytest.mark.parametrize(("count", "limit"), [(0, 3), (1, 3), (3, 3), (4, 3), (7, 3), (5, 1)])
def test_pages_give_every_run_once_newest_first(
    database: Database, user_id: int, count: int, limit: int
) -> None:
    expected = accept(database, user_id, count)
    seen, before = [], None
    for _ in range(count + 1):
        page = history.page(database, user_id, before=before, limit=limit)
        seen += [head.id for head in page.runs]
        before = page.next
        if before is None:
            break
        assert len(page.runs) == limit
    assert before is None
    assert seen == expected


def test_runs_of_one_moment_are_not_lost_between_pages(database: Database, user_id: int) -> None:
    accept(database, user_id, 5)
    database.perform(lambda c: Run.update({Run.created_at: 1}).execute(c))
    first = history.page(database, user_id, limit=2)
    second = history.page(database, user_id, before=first.next, limit=3)
    ids = [head.id for head in first.runs + second.runs]
    assert second.next is None
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 5


def test_new_and_deleted_runs_do_not_disturb_later_pages(database: Database, user_id: int) -> None:
    ids = accept(database, user_id, 4)
    first = history.page(database, user_id, limit=2)
    assert deletion.delete_run(database, ids[1], user_id)
    runs.accept(database, user_id, "millikan", "new", "{}", False)
    second = history.page(database, user_id, before=first.next, limit=2)
    assert [head.id for head in second.runs] == ids[2:]


def test_by_experiment_and_by_user(database: Database, user_id: int) -> None:
    other = users.find_or_create(database, "other").user_id
    fiber = accept(database, user_id, 2, "fiber")
    accept(database, user_id, 2, "thermal")
    accept(database, other, 2, "fiber")
    page = history.page(database, user_id, experiment="fiber")
    assert [head.id for head in page.runs] == fiber
    assert [head.experiment for head in page.runs] == ["fiber"] * 2
    assert history.page(database, user_id, experiment="' OR 1=1").runs == ()


@pytest.mark.parametrize(
    "cursor",
    ["", "1", "x-" + "0" * 32, "1-" + "0" * 31, "1-" + "G" * 32, "9" * 30 + "-" + "0" * 32],
)
def test_foreign_cursors_are_refused(database: Database, user_id: int, cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        history.page(database, user_id, before=cursor)


def test_all_runs_of_a_user_come_in_full(database: Database, user_id: int) -> None:
    expected = accept(database, user_id, 45)
    accept(database, users.find_or_create(database, "other").user_id, 2)
    everything = list(history.all_of(database, user_id))
    assert [run.id for run in everything] == expected
    assert {run.readings for run in everything} == {f"[{n}]" for n in range(45)}
