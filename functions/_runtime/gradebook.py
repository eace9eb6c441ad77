"""What a class handed in, as its teacher reads it: on the page, as CSV, as a workbook."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
from msgspec import Struct

from functions._runtime.classroom import title_of
from functions._runtime.function import Call
from functions._runtime.table import defused
from storage.records import CourseRecord, HandInHead, MemberRecord

_BEIJING = timezone(timedelta(hours=8))
_DEVIATES = 1.0
"""Of the normalized error: beyond it, estimate and reference disagree."""


class Quantity(Struct, frozen=True):
    """A measured quantity: its line as on a report, and whether it deviates from the reference."""

    symbol: str
    display: str
    deviates: bool


class Received(Struct, frozen=True):
    """One that was handed in; ``user_id`` is null for a student who erased their data."""

    id: str
    user_id: int | None
    name: str
    number: str
    experiment: str
    handed_at: datetime
    late: bool
    quantities: list[Quantity]
    warnings: list[str]
    mark: str
    comment: str


class Student(Struct, frozen=True):
    """A student of the class, with name and number as they typed them."""

    user_id: int
    name: str
    number: str


class Column(Struct, frozen=True):
    """An experiment of the class."""

    experiment: str
    title: str
    due: datetime | None


class Gradebook(Struct, frozen=True):
    """The table of a class: students by number, experiments in order, what was handed in."""

    id: int
    title: str
    closed: bool
    students: list[Student]
    experiments: list[Column]
    received: list[Received]


class _Reference(Struct):
    normalized_error: float | None = None


class _Measurand(Struct):
    symbol: str
    display: str
    reference: _Reference | None = None


class _Warning(Struct):
    message: str


class _Findings(Struct):
    results: list[_Measurand] = []
    warnings: list[_Warning] = []


def gradebook(
    call: Call[Any],
    course: CourseRecord,
    members: list[MemberRecord],
    received: list[HandInHead],
) -> Gradebook:
    """The table of a class."""
    return Gradebook(
        course.id,
        course.title,
        course.closed,
        [Student(one.user_id, one.name, one.number) for one in members],
        [Column(name, title_of(call, name), due) for name, due in course.items],
        [received_of(course, one) for one in received],
    )


def received_of(course: CourseRecord, one: HandInHead) -> Received:
    """One that was handed in, for its teacher."""
    found = msgspec.json.decode(one.results, type=_Findings)
    due = course.due(one.experiment)
    return Received(
        one.id,
        one.user_id,
        one.name,
        one.number,
        one.experiment,
        one.handed_at,
        due is not None and one.handed_at > due,
        [Quantity(m.symbol, m.display, _deviates(m)) for m in found.results],
        [warning.message for warning in found.warnings],
        one.mark,
        one.comment,
    )


def _deviates(measurand: _Measurand) -> bool:
    error = measurand.reference.normalized_error if measurand.reference else None
    return error is not None and abs(error) > _DEVIATES


def _lines(book: Gradebook) -> Iterator[list[str]]:
    """A line for each student and experiment, then for what else was handed in.

    That is by students who have left, and of experiments that the class has no more.
    """
    yield ["学号", "姓名", "实验", "交的时间（北京时间）", "迟交", "结果", "提示", "成绩", "评语"]
    left = {one.id: one for one in book.received}
    handed = {(one.user_id, one.experiment): one for one in book.received}
    titles = {column.experiment: column.title for column in book.experiments}
    for student in book.students:
        for column in book.experiments:
            one = handed.get((student.user_id, column.experiment))
            head = [student.number, student.name, column.title]
            yield [*head, *(_cells(left.pop(one.id)) if one else [""] * 6)]
    for one in left.values():
        yield [one.number, one.name, titles.get(one.experiment, one.experiment), *_cells(one)]


def _cells(one: Received) -> list[str]:
    return [
        f"{one.handed_at.astimezone(_BEIJING):%Y-%m-%d %H:%M}",
        "是" if one.late else "",
        "；".join(quantity.display for quantity in one.quantities),
        "；".join(one.warnings),
        one.mark,
        one.comment,
    ]


def as_csv(book: Gradebook) -> bytes:
    """The table as CSV with a mark for Excel; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    for line in _lines(book):
        writer.writerow(map(defused, line))
    return ("\ufeff" + text.getvalue()).encode()


def as_workbook(book: Gradebook) -> bytes:
    """The table as a workbook; every cell is a text."""
    import xlsxwriter

    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("成绩")
        bold = workbook.add_format({"bold": True})
        for row, line in enumerate(_lines(book)):
            for column, cell in enumerate(line):
                sheet.write_string(row, column, cell, bold if row == 0 else None)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return sink.getvalue()


WRITERS: dict[str, tuple[str, Callable[[Gradebook], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
}
