"""People: who logged in, and who is an admin."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from storage import files
from storage.database import Database, operation
from storage.engine import Connection
from storage.errors import NotFound
from storage.models import (
    Course,
    CourseItem,
    HandIn,
    LoginCode,
    Member,
    Plot,
    Run,
    SchemaVersion,
    User,
)
from storage.orm import peewee
from storage.records import Role, UserRecord

LONGEST_OPENID = 64


@operation
def find_or_create(connection: Connection, openid: str) -> UserRecord:
    """Give the user of an openid, new with role ``normal`` at the first login.

    Raises
    ------
    ValueError : the openid has not 1 to 64 characters, or holds control characters, or blanks at
        an end (MySQL would compare it as if it had none).
    """
    if not 0 < len(openid) <= LONGEST_OPENID:
        raise ValueError("an openid has 1 to 64 characters")
    if not openid.isprintable() or openid != openid.strip():
        raise ValueError("an openid is printable and has no blanks at its ends")
    known = _one(connection, User.openid == openid)
    if known is not None:
        return known
    row = {User.openid: openid, User.role: "normal", User.created_at: datetime.now(UTC)}
    User.insert(row).execute(connection)
    return _existing(connection, User.openid == openid)


@operation
def find(connection: Connection, user_id: int) -> UserRecord | None:
    """Give a user by number, None where there is none (any more)."""
    return _one(connection, User.user_id == user_id)


@operation
def find_adopted(connection: Connection, user_id: int) -> UserRecord | None:
    """Give a user whose row is older than this bundle's tables: one of the older deployment.

    Where a database was lost and its numbers are given out anew, nobody is.
    """
    user = _one(connection, User.user_id == user_id)
    adopted = SchemaVersion.select(peewee.fn.MIN(SchemaVersion.applied_at)).scalar(connection)
    if user is None or adopted is None:
        return None
    # The column of the deployed table holds whole seconds.
    return user if user.created_at < adopted.replace(microsecond=0) else None


@operation
def everyone(connection: Connection) -> list[UserRecord]:
    """Give all users by ascending number."""
    rows = User.select().order_by(User.user_id).dicts().execute(connection)
    return [msgspec.convert(row, UserRecord) for row in rows]


@operation
def set_role(connection: Connection, openid: str, role: Role) -> UserRecord:
    """Make a user an admin or a teacher, or normal again.

    Raises
    ------
    NotFound : nobody has logged in with this openid.
    """
    user = _existing(connection, User.openid == openid)
    if user.openid != openid:
        raise NotFound("user")
    User.update({User.role: role}).where(User.user_id == user.user_id).execute(connection)
    return msgspec.structs.replace(user, role=role)


def hold(connection: Connection, user_id: int) -> None:
    """Keep a user as they are until this transaction ends.  Raises NotFound."""
    query = User.select(User.user_id).where(User.user_id == user_id)
    if connection.for_update:
        query = query.for_update()
    if query.tuples().first(connection) is None:
        raise NotFound("user")


def erase(database: Database, user_id: int) -> bool:
    """Erase a user and all that is stored of them: rows, runs, figures and their files.

    Files go last inside the transaction, so that a database that refuses leaves them, and a disk
    that refuses leaves the rows; and once more after it, for a figure drawn in between.

    Returns
    -------
    bool : False where there was no such user.

    Raises
    ------
    StorageUnavailable : the database or the disk refuses; the rows are all there still.
    """

    def body(connection: Connection) -> bool:
        erased = _erase_rows(connection, user_id)
        files.delete_user(database.data_dir, user_id)
        return erased

    erased = database.perform(body)
    files.delete_user(database.data_dir, user_id)
    database.give_back_space()
    return erased


def _erase_rows(connection: Connection, user_id: int) -> bool:
    """Delete what refers to the user first: deployed tables may have foreign keys.

    The lock of the user's row keeps a new run out meanwhile.
    """
    try:
        hold(connection, user_id)
    except NotFound:
        return False
    Plot.delete().where(Plot.user_id == user_id).execute(connection)
    Run.delete().where(Run.user_id == user_id).execute(connection)
    LoginCode.delete().where(LoginCode.user_id == user_id).execute(connection)
    _leave_courses(connection, user_id)
    User.delete().where(User.user_id == user_id).execute(connection)
    return True


def _leave_courses(connection: Connection, user_id: int) -> None:
    """Take a person out of all classes, and away with those that they teach.

    Of what they handed in the mark stays with the teacher; the readings and results go.
    """
    taught = Course.select(Course.id).where(Course.teacher_id == user_id)
    for (course_id,) in list(taught.tuples().execute(connection)):
        for model in (HandIn, Member, CourseItem):
            model.delete().where(model.course_id == course_id).execute(connection)
        Course.delete().where(Course.id == course_id).execute(connection)
    Member.delete().where(Member.user_id == user_id).execute(connection)
    emptied: dict[Any, Any] = {
        HandIn.user_id: None,
        HandIn.run_id: "",
        HandIn.readings: "",
        HandIn.results: "{}",
    }
    HandIn.update(emptied).where(HandIn.user_id == user_id).execute(connection)


def _one(connection: Connection, condition: Any) -> UserRecord | None:
    row = User.select().where(condition).dicts().first(connection)
    return None if row is None else msgspec.convert(row, UserRecord)


def _existing(connection: Connection, condition: Any) -> UserRecord:
    user = _one(connection, condition)
    if user is None:
        raise NotFound("user")
    return user
