"""``python -m storage.admin`` as an operator runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import config
from storage import users
from tests.conftest import Place

ROOT = Path(__file__).parents[2]


def admin(place: Place, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    settings = {"DATA_DIR": str(place.data_dir), "MYSQL_URL": place.mysql_url or ""}
    settings |= {"PYTHONIOENCODING": "utf-8", **variables}
    return subprocess.run(
        [sys.executable, "-m", "storage.admin", *arguments],
        cwd=ROOT,
        env={n: v for n, v in os.environ.items() if n not in config.variables()} | settings,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_grant_list_revoke(place: Place) -> None:
    database = place.open()
    user = users.find_or_create(database, "o学生")
    assert admin(place, "list").stdout == "还没有管理员\n"
    granted = admin(place, "grant", "o学生")
    assert (granted.returncode, granted.stdout) == (0, f"用户 {user.user_id}（o学生）已是管理员\n")
    found = users.find(database, user.user_id)
    assert found is not None
    assert found.is_admin
    assert "o学生" in admin(place, "list").stdout
    revoked = admin(place, "revoke", "o学生")
    assert revoked.stdout == f"用户 {user.user_id}（o学生）已不是管理员或教师\n"
    assert admin(place, "list").stdout == "还没有管理员\n"
    made = admin(place, "grant", "--role", "teacher", "o学生")
    assert made.stdout == f"用户 {user.user_id}（o学生）已是教师\n"
    found = users.find(database, user.user_id)
    assert found is not None
    assert (found.is_admin, found.may_teach) == (False, True)
    assert admin(place, "list").stdout.endswith("\tteacher\n")
    database.close()


def test_everybody_is_listed_with_their_openid(place: Place) -> None:
    """How an operator finds the openid of somebody who has logged in just now."""
    assert admin(place, "list", "--all").stdout == "还没有人登录过\n"
    database = place.open()
    made = [users.find_or_create(database, openid) for openid in ("o1", "o2")]
    users.set_role(database, "o2", "admin")
    database.close()
    lines = [line.split("\t") for line in admin(place, "list", "--all").stdout.splitlines()]
    assert [(line[0], line[1], line[3]) for line in lines] == [
        (str(made[0].user_id), "o1", "normal"),
        (str(made[1].user_id), "o2", "admin"),
    ]


def test_revoking_who_is_listed_says_where(sqlite_place: Place) -> None:
    """Else the next login would undo it without a word."""
    database = sqlite_place.open()
    users.find_or_create(database, "o1")
    users.set_role(database, "o1", "admin")
    done = admin(sqlite_place, "revoke", "o1", ADMIN_OPENIDS="o0,o1")
    assert done.returncode == 1
    assert "ADMIN_OPENIDS" in done.stderr
    assert [user.role for user in users.everyone(database)] == ["admin"]
    database.close()


def test_unknown_user(sqlite_place: Place) -> None:
    done = admin(sqlite_place, "grant", "nobody")
    assert done.returncode == 1
    assert done.stderr == "没有 openid 为 nobody 的用户：须先登录一次\n"


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MYSQL_URL": "mysql://u:s3cr3tPw@h"}, "MYSQL_URL"),
        ({"WECHAT_MOCK": "maybe"}, "WECHAT_MOCK"),
    ],
)
def test_wrong_setting_is_named(sqlite_place: Place, variables: dict[str, str], named: str) -> None:
    done = admin(sqlite_place, "list", **variables)
    assert done.returncode == 2
    assert named in done.stderr
    assert "s3cr3tPw" not in done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("promote", "x"), ("grant",), ("revoke", "a", "b")])
def test_wrong_command(sqlite_place: Place, words: tuple[str, ...]) -> None:
    done = admin(sqlite_place, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("用法：python -m storage.admin ")
