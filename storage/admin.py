"""``python -m storage.admin``: who is an admin, and who a teacher.

::

    python -m storage.admin list
    python -m storage.admin list --all
    python -m storage.admin grant OPENID
    python -m storage.admin grant --role teacher OPENID
    python -m storage.admin revoke OPENID

Exit status: 0; 1 where the user does not exist, ADMIN_OPENIDS would make them an admin again, or
the database cannot be reached; 2 for a wrong setting or a wrong command line.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from config import SettingsError, load_settings
from storage import users
from storage.database import Database, open_database
from storage.errors import AddressInvalid, NotFound, StorageError
from storage.records import Role

_USAGE = "用法：python -m storage.admin list，或 grant OPENID、revoke OPENID（-h 查看说明）"
_STATES = {"admin": "已是管理员", "teacher": "已是教师", "normal": "已不是管理员或教师"}
_LISTED = "这个 openid 在 ADMIN_OPENIDS 里，下次登录又会成为管理员：请先从那里删去"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; messages are Chinese, for the operator."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = load_settings(serving=False)
        database = open_database(settings.mysql_url or None, settings.data_dir)
    except SettingsError as exception:
        return _complain(str(exception), 2)
    except AddressInvalid as exception:
        return _complain(exception.detail, 2)
    try:
        if chosen.command == "list":
            _list(database, everybody=chosen.all)
        else:
            if chosen.command == "revoke" and chosen.openid in settings.admin_openids:
                return _complain(_LISTED, 1)
            _set_role(database, chosen.openid, chosen.role)
    except NotFound:
        return _complain(f"没有 openid 为 {chosen.openid} 的用户：须先登录一次", 1)
    except StorageError as exception:
        return _complain(f"{exception.message}（{exception.detail}）", 1)
    finally:
        database.close()
    return 0


class _Parser(argparse.ArgumentParser):
    """A parser whose one answer to a mistake is the usage, in Chinese."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - its words are English
        sys.exit(_complain(_USAGE, 2))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m storage.admin", description="管理员、教师的授予与撤销")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    listing = commands.add_parser("list", help="列出管理员与教师")
    listing.add_argument("--all", action="store_true", help="列出所有登录过的用户，新的在后")
    grant = commands.add_parser("grant", help="授予管理员权限，或者教师权限")
    roles = ("admin", "teacher")
    grant.add_argument("--role", choices=roles, default="admin", help="admin（默认）或 teacher")
    revoke = commands.add_parser("revoke", help="撤销权限")
    revoke.set_defaults(role="normal")
    for command in (grant, revoke):
        command.add_argument("openid", metavar="OPENID", help="用户的 openid")
    return parser


def _list(database: Database, *, everybody: bool) -> None:
    found = [user for user in users.everyone(database) if everybody or user.may_teach]
    for user in found:
        role = f"\t{user.role}" if everybody or not user.is_admin else ""
        _say(f"{user.user_id}\t{user.openid}\t{user.created_at:%Y-%m-%d %H:%M:%S} UTC{role}")
    if not found:
        _say("还没有人登录过" if everybody else "还没有管理员")


def _set_role(database: Database, openid: str, role: Role) -> None:
    user = users.set_role(database, openid, role)
    _say(f"用户 {user.user_id}（{user.openid}）{_STATES[user.role]}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _complain(sentence: str, status: int) -> int:
    sys.stderr.write(sentence + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
