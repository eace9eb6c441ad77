"""Classes: who teaches one, which experiments it has, and who is in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from storage.database import operation
from storage.engine import Connection, now
from storage.errors import NotFound
from storage.models import Course, CourseItem, Member
from storage.records import CourseRecord, MemberRecord, from_microseconds, to_microseconds
from storage.users import hold

Items = Sequence[tuple[str, datetime | None]]
"""Experiments with their due times."""


@operation
def create(
    connection: Connection, teacher_id: int, title: str, rules: str, items: Items, code: str
) -> CourseRecord:
    """Make a class with a code by which students join.  Raises NotFound for an erased teacher."""
    hold(connection, teacher_id)
    row: dict[Any, Any] = {
        Course.teacher_id: teacher_id,
        Course.title: title,
        Course.rules: rules,
        Course.code: code,
        Course.closed: False,
        Course.created_at: now(connection),
    }
    course_id = int(Course.insert(row).execute(connection))
    _set_items(connection, course_id, items)
    return _existing(connection, course_id)


@operation
def change(
    connection: Connection, course_id: int, title: str, rules: str, items: Items, closed: bool
) -> CourseRecord:
    """Change what a class is.  Raises NotFound."""
    row: dict[Any, Any] = {Course.title: title, Course.rules: rules, Course.closed: closed}
    Course.update(row).where(Course.id == course_id).execute(connection)
    CourseItem.delete().where(CourseItem.course_id == course_id).execute(connection)
    _set_items(connection, course_id, items)
    return _existing(connection, course_id)


@operation
def set_code(connection: Connection, course_id: int, code: str | None) -> CourseRecord:
    """Give a class another code, or none: the older one is worth nothing.  Raises NotFound."""
    Course.update({Course.code: code}).where(Course.id == course_id).execute(connection)
    return _existing(connection, course_id)


@operation
def find(connection: Connection, course_id: int) -> CourseRecord | None:
    """Give a class by number."""
    return _one(connection, Course.id == course_id)


@operation
def find_by_code(connection: Connection, code: str) -> CourseRecord | None:
    """Give the class that a code lets join."""
    return _one(connection, Course.code == code)


@operation
def taught_by(connection: Connection, user_id: int) -> list[CourseRecord]:
    """Give the classes of a teacher, the newest first."""
    return _all(connection, Course.teacher_id == user_id)


@operation
def attended_by(connection: Connection, user_id: int) -> list[CourseRecord]:
    """Give the classes that a student is in, the newest first."""
    ids = Member.select(Member.course_id).where(Member.user_id == user_id)
    return _all(connection, Course.id.in_([row[0] for row in ids.tuples().execute(connection)]))


@operation
def join(connection: Connection, course_id: int, user_id: int, name: str, number: str) -> None:
    """Put a student into a class, or correct name and number.  Raises NotFound."""
    hold(connection, user_id)
    _existing(connection, course_id)
    names: dict[Any, Any] = {Member.name: name, Member.number: number}
    mine = (Member.course_id == course_id) & (Member.user_id == user_id)
    if Member.update(names).where(mine).execute(connection):
        return
    if Member.select().where(mine).exists(connection):  # MySQL counts what was changed
        return
    row = {
        **names,
        Member.course_id: course_id,
        Member.user_id: user_id,
        Member.joined_at: now(connection),
    }
    Member.insert(row).execute(connection)


@operation
def leave(connection: Connection, course_id: int, user_id: int) -> bool:
    """Take a student out of a class; what was handed in stays.  False where they were not in it."""
    mine = (Member.course_id == course_id) & (Member.user_id == user_id)
    return bool(Member.delete().where(mine).execute(connection))


@operation
def member(connection: Connection, course_id: int, user_id: int) -> MemberRecord | None:
    """Give a student of a class; None where they are not in it."""
    mine = (Member.course_id == course_id) & (Member.user_id == user_id)
    row = Member.select().where(mine).dicts().first(connection)
    return None if row is None else msgspec.convert(row, MemberRecord)


@operation
def members(connection: Connection, course_id: int) -> list[MemberRecord]:
    """Give the students of a class by number, then name."""
    query = Member.select().where(Member.course_id == course_id)
    rows = query.order_by(Member.number, Member.name, Member.user_id).dicts().execute(connection)
    return [msgspec.convert(row, MemberRecord) for row in rows]


def _set_items(connection: Connection, course_id: int, items: Items) -> None:
    for place, (experiment, due) in enumerate(items):
        row: dict[Any, Any] = {
            CourseItem.course_id: course_id,
            CourseItem.experiment: experiment,
            CourseItem.place: place,
            CourseItem.due: None if due is None else to_microseconds(due),
        }
        CourseItem.insert(row).execute(connection)


def _one(connection: Connection, condition: Any) -> CourseRecord | None:
    found = _all(connection, condition)
    return found[0] if found else None


def _existing(connection: Connection, course_id: int) -> CourseRecord:
    course = _one(connection, Course.id == course_id)
    if course is None:
        raise NotFound("course")
    return course


def _all(connection: Connection, condition: Any) -> list[CourseRecord]:
    rows = list(
        Course.select().where(condition).order_by(Course.id.desc()).dicts().execute(connection)
    )
    items: dict[int, list[tuple[str, datetime | None]]] = {row["id"]: [] for row in rows}
    query = CourseItem.select().where(CourseItem.course_id.in_(list(items)))
    for item in query.order_by(CourseItem.place).dicts().execute(connection) if rows else ():
        due = None if item["due"] is None else from_microseconds(item["due"])
        items[item["course_id"]].append((item["experiment"], due))
    return [
        msgspec.convert({**row, "items": tuple(items[row["id"]])}, CourseRecord) for row in rows
    ]
