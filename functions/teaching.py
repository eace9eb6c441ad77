"""What a class handed in, for its teacher: the table, one work beside its report, and its mark."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from functions._runtime.classes import Alike, Classes
from functions._runtime.classroom import column_name, title_of
from functions._runtime.errors import NotFound
from functions._runtime.function import Access, Call, Endpoint, Function
from functions._runtime.gradebook import WRITERS, Gradebook, Received, gradebook, received_of
from functions._runtime.reports import MEDIA_TYPES, SANDBOX, Format, ReportQuery, wanted


class Work(Struct, frozen=True):
    """One that was handed in, with its readings as they were typed."""

    received: Received
    readings: msgspec.Raw


class Marking(Struct, frozen=True):
    """A mark and a comment; both empty take the mark away."""

    mark: Annotated[str, Meta(title="成绩", max_length=16)] = ""
    comment: Annotated[str, Meta(title="评语", max_length=2000)] = ""


class Pair(Struct, frozen=True):
    """Two works whose readings agree beyond chance: a hint, no verdict.

    ``column`` as the form names it; ``factor`` by which the second is the first.
    """

    experiment: str
    title: str
    first: str
    second: str
    column: str
    rows: int
    agreeing: int
    factor: float


class Pairs(Struct, frozen=True):
    """Pairs of works, the least likely first."""

    items: list[Pair]


class Removed(Struct, frozen=True):
    """That a student is not in the class any more."""

    removed: bool


async def _gradebook(call: Call[Any]) -> Gradebook:
    classes = Classes(call.services, call.user)
    course = await classes.taught(call.path["course_id"])
    members, received = await classes.members(course), await classes.received(course)
    return await call.blocking(gradebook, call, course, members, received)


async def table(call: Call[Any]) -> Gradebook:
    """Students by number, experiments, and what was handed in."""
    return await _gradebook(call)


def _written(kind: str) -> Callable[[Call[Any]], Awaitable[Response]]:
    """A handler that answers the table as a file."""
    media_type, write = WRITERS[kind]

    async def handle(call: Call[Any]) -> Response:
        book = await _gradebook(call)
        headers = {"Content-Disposition": f'attachment; filename="class-{book.id}.{kind}"'}
        return Response(await call.blocking(write, book), media_type=media_type, headers=headers)

    return handle


async def alike(call: Call[Any]) -> Pairs:
    """Pairs of works whose readings agree beyond chance."""
    classes = Classes(call.services, call.user)
    found = await classes.alike(await classes.taught(call.path["course_id"]))
    return Pairs([_pair(call, one) for one in found])


def _pair(call: Call[Any], one: Alike) -> Pair:
    like, experiment = one.pair, call.services.experiments.get(one.experiment)
    column = column_name(experiment, like.first_path) if experiment else like.first_path
    title = title_of(call, one.experiment)
    return Pair(
        *(one.experiment, title, like.first, like.second, column),
        *(like.rows, like.agreeing, like.factor),
    )


async def work(call: Call[Any]) -> Work:
    """One that was handed in: results, warnings and readings."""
    classes = Classes(call.services, call.user)
    course = await classes.taught(call.path["course_id"])
    one = await classes.one_received(call.path["course_id"], call.path["hand_in_id"])
    return Work(received_of(course, one), msgspec.Raw((one.readings or "{}").encode()))


def _reporting(format_: Format) -> Callable[[Call[Any]], Awaitable[Response]]:
    """A handler that answers the report of one that was handed in, in a format."""

    async def handle(call: Call[Any]) -> Response:
        classes = Classes(call.services, call.user)
        one = await classes.one_received(call.path["course_id"], call.path["hand_in_id"])
        if not one.readings:
            raise NotFound("这位同学已经注销，读数已删除")
        names = ReportQuery(student=one.name, number=one.number, whole=False)
        made = await call.services.runs.report(one, call, wanted(names, format_))
        return Response(made, media_type=MEDIA_TYPES[format_], headers=SANDBOX)

    return handle


async def mark(call: Call[Marking]) -> Received:
    """Give a mark and a comment, which the student sees."""
    classes, path = Classes(call.services, call.user), call.path
    course = await classes.taught(path["course_id"])
    given = call.input
    one = await classes.mark(path["course_id"], path["hand_in_id"], given.mark, given.comment)
    return received_of(course, one)


async def remove(call: Call[Any]) -> Removed:
    """Take a student out of the class; what they handed in stays."""
    classes = Classes(call.services, call.user)
    return Removed(await classes.remove(call.path["course_id"], call.path["user_id"]))


_ONE = "/api/teaching/{course_id}"
_WORK = f"{_ONE}/received/{{hand_in_id}}"
_IN = Access.USER
_FORMATS: tuple[Format, ...] = ("html", "pdf")

function = Function(
    __file__,
    "教师",
    [
        Endpoint(
            *(f"{_ONE}/table", "GET", "全班交的实验（教师）", table),
            output=Gradebook,
            access=_IN,
            refusals=(404,),
        ),
        *(
            Endpoint(
                *(f"{_ONE}/table.{kind}", "GET", f"成绩单 {kind}（教师）", _written(kind)),
                media_type=WRITERS[kind][0].partition(";")[0],
                access=_IN,
                refusals=(404,),
            )
            for kind in WRITERS
        ),
        Endpoint(
            *(f"{_ONE}/alike", "GET", "读数相同的两份（教师，仅供参考）", alike),
            output=Pairs,
            access=_IN,
            refusals=(404, 503),
        ),
        Endpoint(
            *(_WORK, "GET", "一份交来的实验（教师）", work),
            output=Work,
            access=_IN,
            refusals=(404,),
        ),
        *(
            Endpoint(
                f"{_WORK}/report.{format_}",
                "GET",
                f"一份交来的实验的报告 {format_}（教师）",
                _reporting(format_),
                media_type=MEDIA_TYPES[format_].partition(";")[0],
                access=_IN,
                refusals=(404, 429, 503),
            )
            for format_ in _FORMATS
        ),
        Endpoint(
            *(f"{_WORK}/mark", "PUT", "批改（教师）", mark),
            output=Received,
            input=Marking,
            access=_IN,
            example='{"mark": "90", "comment": "有效数字注意对齐"}'.encode(),
            refusals=(404,),
        ),
        Endpoint(
            *(f"{_ONE}/members/{{user_id}}", "DELETE", "移出班级（教师）", remove),
            output=Removed,
            access=_IN,
            refusals=(404,),
        ),
    ],
)
app = function.app
