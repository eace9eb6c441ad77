"""Classes as they go on the wire."""

import typing
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from functions._lab.wording import words
from functions._runtime.experiment import Experiment
from functions._runtime.function import Call
from storage.records import CourseRecord, HandInHead


class ItemState(Struct, frozen=True):
    """An experiment of a class and what the caller handed in of it."""

    experiment: str
    title: str
    due: datetime | None
    handed_at: datetime | None
    run_id: str
    mark: str
    comment: str
    may_take_back: bool


class Course(Struct, frozen=True):
    """A class as the caller sees it; ``code`` is null for students, and where nobody may join."""

    id: int
    title: str
    rules: str
    closed: bool
    teaching: bool
    code: str | None
    items: list[ItemState]


class Courses(Struct, frozen=True):
    """The caller's classes, the newest first; ``may_teach`` where new ones can be made."""

    items: list[Course]
    may_teach: bool


def course_of(call: Call[Any], course: CourseRecord, own: list[HandInHead]) -> Course:
    """A class for the caller, with what they handed in to it."""
    teaching = course.teacher_id == call.user.user_id
    handed = {one.experiment: one for one in own if one.course_id == course.id}
    states = [
        _state(title_of(call, name), name, due, handed.get(name), course.closed)
        for name, due in course.items
    ]
    code = course.code if teaching else None
    return Course(course.id, course.title, course.rules, course.closed, teaching, code, states)


def title_of(call: Call[Any], experiment: str) -> str:
    """Chinese title of an experiment; its name where it is not mounted here."""
    known = call.services.experiments.get(experiment)
    return known.title if known else experiment


def column_name(experiment: Experiment, path: str) -> str:
    """A column as the form names it; its path where no kind of readings has it."""
    kinds = typing.get_args(experiment.input) or (experiment.input,)
    name = path.partition("[")[0]
    return next((said for kind in kinds if (said := words(kind).place(name, None))), path)


def _state(
    title: str, name: str, due: datetime | None, handed: HandInHead | None, closed: bool
) -> ItemState:
    if handed is None:
        return ItemState(name, title, due, None, "", "", "", may_take_back=False)
    free = handed.marked_at is None and not closed and (due is None or due > datetime.now(UTC))
    return ItemState(
        name, title, due, handed.handed_at, handed.run_id, handed.mark, handed.comment, free
    )
