"""Codes by which a person who is logged in elsewhere logs in a browser: few minutes, once.

Kept is a digest under the caller's key, so that the table alone lets nobody in.
"""

from typing import Any

import msgspec

from storage.database import operation
from storage.engine import Connection, now
from storage.models import LoginCode, User
from storage.orm import peewee
from storage.records import UserRecord
from storage.users import hold

_SECOND = 1_000_000


@operation
def put(connection: Connection, user_id: int, digest: str, seconds: int) -> bool:
    """Keep the one code of a user, in the place of an older one, for so many seconds.

    Returns
    -------
    bool : False where somebody else's code has this digest: another must be drawn.

    Raises
    ------
    NotFound : there is no such user (any more).
    """
    hold(connection, user_id)
    over = LoginCode.expires <= now(connection)
    LoginCode.delete().where(over | (LoginCode.user_id == user_id)).execute(connection)
    if LoginCode.select().where(LoginCode.digest == digest).exists(connection):
        return False
    row: dict[Any, Any] = {
        LoginCode.user_id: user_id,
        LoginCode.digest: digest,
        LoginCode.expires: peewee.NodeList((now(connection), peewee.SQL("+"), seconds * _SECOND)),
    }
    LoginCode.insert(row).execute(connection)
    return True


@operation
def take(connection: Connection, digest: str) -> UserRecord | None:
    """Give the user of a code and end it; None where there is none, or it is over.

    Of two that come with the same code at once, one is given the user.
    """
    valid = (LoginCode.digest == digest) & (LoginCode.expires > now(connection))
    found = LoginCode.select(LoginCode.user_id).where(valid).tuples().first(connection)
    if found is None:
        return None
    mine = valid & (LoginCode.user_id == found[0])
    if LoginCode.delete().where(mine).execute(connection) != 1:
        return None
    row = User.select().where(User.user_id == found[0]).dicts().first(connection)
    return None if row is None else msgspec.convert(row, UserRecord)
