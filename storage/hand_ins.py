"""What students handed in to a class: a copy of the run, which stays as it was."""

from typing import Any

import msgspec

from storage.database import operation
from storage.engine import Connection, now
from storage.errors import NotFound
from storage.models import HandIn
from storage.records import HandInHead, HandInRecord, MemberRecord, RunRecord

_HEAD = [field for field in HandIn._meta.sorted_fields if field.name != "readings"]


@operation
def put(connection: Connection, hand_in_id: str, member: MemberRecord, run: RunRecord) -> bool:
    """Keep a copy of a run as what a student hands in, in the place of an earlier one of theirs.

    Returns
    -------
    bool : False where the earlier one was marked: it stays.
    """
    earlier = _mine(member.course_id, member.user_id, run.experiment)
    unmarked = HandIn.marked_at.is_null()
    HandIn.delete().where(earlier & unmarked).execute(connection)
    if HandIn.select().where(earlier).exists(connection):
        return False
    row: dict[Any, Any] = {
        HandIn.id: hand_in_id,
        HandIn.course_id: member.course_id,
        HandIn.user_id: member.user_id,
        HandIn.name: member.name,
        HandIn.number: member.number,
        HandIn.experiment: run.experiment,
        HandIn.run_id: run.id,
        HandIn.readings: run.readings,
        HandIn.results: run.results or "{}",
        HandIn.handed_at: now(connection),
        HandIn.mark: "",
        HandIn.comment: "",
        HandIn.marked_at: None,
    }
    HandIn.insert(row).execute(connection)
    return True


@operation
def take_back(connection: Connection, course_id: int, user_id: int, experiment: str) -> bool:
    """Delete what a student handed in and nobody has marked; False where there is none."""
    mine = _mine(course_id, user_id, experiment) & HandIn.marked_at.is_null()
    return bool(HandIn.delete().where(mine).execute(connection))


@operation
def of_course(connection: Connection, course_id: int) -> list[HandInHead]:
    """Give all that was handed in to a class, without the readings."""
    return _heads(connection, HandIn.course_id == course_id)


@operation
def of_user(connection: Connection, user_id: int) -> list[HandInHead]:
    """Give all that a student handed in anywhere, without the readings."""
    return _heads(connection, HandIn.user_id == user_id)


@operation
def find(connection: Connection, course_id: int, hand_in_id: str) -> HandInRecord | None:
    """Give one of a class, with its readings."""
    this = (HandIn.course_id == course_id) & (HandIn.id == hand_in_id)
    row = HandIn.select().where(this).dicts().first(connection)
    return None if row is None else msgspec.convert(row, HandInRecord)


@operation
def readings(connection: Connection, course_id: int) -> list[tuple[str, str, str]]:
    """Give id, experiment and readings of all that was handed in to a class."""
    columns = HandIn.id, HandIn.experiment, HandIn.readings
    query = HandIn.select(*columns).where(HandIn.course_id == course_id).order_by(HandIn.handed_at)
    return list(query.tuples().execute(connection))


@operation
def mark(
    connection: Connection, course_id: int, hand_in_id: str, given: str, comment: str
) -> HandInHead:
    """Note a mark and a comment; both empty take the mark away.  Raises NotFound."""
    this = (HandIn.course_id == course_id) & (HandIn.id == hand_in_id)
    row: dict[Any, Any] = {
        HandIn.mark: given,
        HandIn.comment: comment,
        HandIn.marked_at: now(connection) if given or comment else None,
    }
    HandIn.update(row).where(this).execute(connection)
    found = _heads(connection, this)
    if not found:
        raise NotFound("hand-in")
    return found[0]


def _mine(course_id: int, user_id: int, experiment: str) -> Any:
    return (
        (HandIn.course_id == course_id)
        & (HandIn.user_id == user_id)
        & (HandIn.experiment == experiment)
    )


def _heads(connection: Connection, condition: Any) -> list[HandInHead]:
    query = HandIn.select(*_HEAD).where(condition).order_by(HandIn.handed_at, HandIn.id)
    return [msgspec.convert(row, HandInHead) for row in query.dicts().execute(connection)]
