"""Users as they go on the wire."""

from datetime import datetime

from msgspec import Struct

from storage.records import UserRecord


class User(Struct, frozen=True):
    """A user as the deployed client reads it."""

    user_id: int
    openid: str
    role: str
    created_at: datetime


class Session(Struct, frozen=True):
    """A token for the ``Authorization`` header, and whose it is."""

    token: str
    user: User


def user(record: UserRecord) -> User:
    """A stored user for the wire."""
    return User(record.user_id, record.openid, record.role, record.created_at)
