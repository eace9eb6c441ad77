"""Users on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import files, plots, runs, users
from storage.database import Database
from storage.errors import NotFound
from storage.records import UserRecord


def test_first_login_makes_a_normal_user(database: Database) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    user = users.find_or_create(database, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M")
    assert user.openid == "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
    assert user.role == "normal"
    assert not user.is_admin
    assert before <= user.created_at <= datetime.now(UTC)
    assert user.created_at.utcoffset() == timedelta(0)
    assert users.find(database, user.user_id) == user


def test_second_login_gives_the_same_user(database: Database) -> None:
    first = users.find_or_create(database, "mock_a")
    assert users.find_or_create(database, "mock_a") == first
    assert users.everyone(database) == [first]


def test_many_first_logins_at_once_make_one_user(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: users.find_or_create(database, "mock_a"), range(24)))
    assert len(set(made)) == 1
    assert len(users.everyone(database)) == 1


@pytest.mark.parametrize("other", ["MOCK_A", "mock_á", "mock_a\u0301", "mock_"])
def test_openids_are_told_apart_sign_by_sign(database: Database, other: str) -> None:
    first = users.find_or_create(database, "mock_a")
    second = users.find_or_create(database, other)
    assert second.user_id != first.user_id
    assert (second.openid, first.openid) == (other, "mock_a")


@pytest.mark.parametrize("openid", ["学生😀", "'; DROP TABLE user_info; --", "%s%%", "x" * 64])
def test_any_text_is_only_text(database: Database, openid: str) -> None:
    user = users.find_or_create(database, openid)
    assert users.find(database, user.user_id) == user
    assert user.openid == openid


@pytest.mark.parametrize(
    "openid", ["", "x" * 65, "mock_a ", " mock_a", "a\0b", "a\nb", "\ud800", "mock_a\u3000"]
)
def test_impossible_openids_are_refused(database: Database, openid: str) -> None:
    with pytest.raises(ValueError, match="an openid"):
        users.find_or_create(database, openid)
    assert users.everyone(database) == []


def test_everyone_is_ordered_by_number(database: Database) -> None:
    made = [users.find_or_create(database, name) for name in ("c", "a", "b")]
    assert users.everyone(database) == made
    assert [u.user_id for u in made] == sorted(u.user_id for u in made)


def test_role(database: Database) -> None:
    user = users.find_or_create(database, "mock_a")
    assert users.set_role(database, "mock_a", "admin").is_admin
    assert users.find(database, user.user_id) == UserRecord(
        user.user_id, "mock_a", "admin", user.created_at
    )
    assert users.set_role(database, "mock_a", "admin").is_admin
    assert not users.set_role(database, "mock_a", "normal").is_admin
    with pytest.raises(NotFound):
        users.set_role(database, "nobody", "admin")
    with pytest.raises(NotFound):
        users.set_role(database, "mock_a ", "admin")


def test_erase_takes_everything_of_one_user_only(database: Database) -> None:
    owners = [users.find_or_create(database, name) for name in ("a", "b")]
    for owner in owners:
        run, _ = runs.accept(database, owner.user_id, "millikan", "d", "{}", False)
        runs.claim(database, run.id, "i", 60)
        file = f"{run.id}-fit.png"
        files.write(database.data_dir, owner.user_id, "millikan", file, b"png")
        files.write(database.data_dir, owner.user_id, "millikan", "deployed.png", b"old")
        plot = files.plot_file(database.data_dir, owner.user_id, "millikan", file)
        runs.complete(database, run.id, "i", "{}", ["fit"], [plot])
    gone, stays = owners

    assert users.erase(database, gone.user_id)

    assert users.everyone(database) == [stays]
    assert plots.of_user(database, gone.user_id) == []
    assert len(plots.of_user(database, stays.user_id)) == 1
    assert not _folder(database, gone).exists()
    assert len(files.of_user(database.data_dir, stays.user_id)) == 2
    assert not users.erase(database, gone.user_id)
    with pytest.raises(NotFound):
        runs.accept(database, gone.user_id, "millikan", "d2", "{}", False)


def test_number_of_an_erased_user_is_not_given_again(database: Database) -> None:
    old = users.find_or_create(database, "a")
    users.erase(database, old.user_id)
    assert users.find_or_create(database, "b").user_id > old.user_id


def _folder(database: Database, user: UserRecord) -> Path:
    return database.data_dir / "plots" / str(user.user_id)
