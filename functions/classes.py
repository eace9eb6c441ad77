"""Classes, for students: join, hand in, see the mark; and for teachers: make and change them."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from functions._runtime.classes import Classes
from functions._runtime.classroom import Course, Courses, course_of
from functions._runtime.function import Access, Call, Endpoint, Function

Name = Annotated[str, Meta(title="姓名", min_length=1, max_length=40, pattern=r"^\s*\S")]
Number = Annotated[str, Meta(title="学号", min_length=1, max_length=40, pattern=r"^\s*\S")]
JoinCode = Annotated[str, Meta(title="班级码", min_length=1, max_length=20)]
RunId = Annotated[str, Meta(title="记录", pattern="^[0-9a-f]{32}$(?!\n)")]


class Assigned(Struct, frozen=True):
    """An experiment of a class; ``due`` with its zone, or null."""

    experiment: Annotated[str, Meta(title="实验", max_length=64)]
    due: Annotated[datetime, Meta(tz=True, title="截止时间")] | None = None


class CourseInput(Struct, frozen=True):
    """What a teacher says of a class."""

    title: Annotated[str, Meta(title="班级名称", min_length=1, max_length=80, pattern=r"^\s*\S")]
    items: Annotated[list[Assigned], Meta(title="实验", max_length=60)]
    rules: Annotated[str, Meta(title="不确定度规则", max_length=64)] = ""
    closed: Annotated[bool, Meta(title="已结束")] = False


class Joining(Struct, frozen=True):
    """A code that the teacher gave, and who joins."""

    code: JoinCode
    name: Name
    number: Number


class HandingIn(Struct, frozen=True):
    """The own run that is handed in."""

    run_id: RunId


class Done(Struct, frozen=True):
    """That it was done."""

    done: bool


async def list_classes(call: Call[Any]) -> Courses:
    """The classes that the caller teaches, then those attended."""
    classes = Classes(call.services, call.user)
    own = await classes.handed_in()
    found = [*await classes.all_taught(), *await classes.all_attended()]
    once = {course.id: course for course in found}
    return Courses([course_of(call, one, own) for one in once.values()], call.user.may_teach)


async def create(call: Call[CourseInput]) -> Course:
    """Make a class; the caller teaches it."""
    given = call.input
    items = [(one.experiment, one.due) for one in given.items]
    made = await Classes(call.services, call.user).create(given.title.strip(), given.rules, items)
    return course_of(call, made, [])


async def change(call: Call[CourseInput]) -> Course:
    """Change an own class."""
    given = call.input
    items = [(one.experiment, one.due) for one in given.items]
    classes, number = Classes(call.services, call.user), call.path["course_id"]
    title = given.title.strip()
    return course_of(
        call, await classes.change(number, title, given.rules, items, given.closed), []
    )


async def new_code(call: Call[Any]) -> Course:
    """Another join code; the older one is over."""
    course = await Classes(call.services, call.user).new_code(call.path["course_id"])
    return course_of(call, course, [])


async def no_code(call: Call[Any]) -> Course:
    """Nobody may join any more."""
    course = await Classes(call.services, call.user).no_code(call.path["course_id"])
    return course_of(call, course, [])


async def join(call: Call[Joining]) -> Course:
    """Join a class by its code; once more to correct name and number."""
    given, classes = call.input, Classes(call.services, call.user)
    course = await classes.join(given.code, given.name, given.number)
    return course_of(call, course, await classes.handed_in())


async def leave(call: Call[Any]) -> Done:
    """Leave a class; what was handed in and not taken back stays with the teacher."""
    return Done(await Classes(call.services, call.user).leave(call.path["course_id"]))


async def hand_in(call: Call[HandingIn]) -> Course:
    """Give the teacher a copy of an own run, which stays as it is now."""
    classes = Classes(call.services, call.user)
    course = await classes.hand_in(call.path["course_id"], call.input.run_id)
    return course_of(call, course, await classes.handed_in())


async def take_back(call: Call[Any]) -> Done:
    """Take back what was handed in, while it is neither due nor marked."""
    classes = Classes(call.services, call.user)
    return Done(await classes.take_back(call.path["course_id"], call.path["experiment"]))


_ONE = "/api/classes/{course_id}"
_IN = Access.USER
_EXAMPLE = (
    b'{"title": "\xe7\x89\xa9\xe7\x90\x86 1 \xe7\x8f\xad", "items": [{"experiment": "pendulum"}]}'
)

function = Function(
    __file__,
    "班级",
    [
        Endpoint("/api/classes", "GET", "自己的班级", list_classes, output=Courses, access=_IN),
        Endpoint(
            *("/api/classes", "POST", "建立班级（教师）", create),
            output=Course,
            input=CourseInput,
            access=_IN,
            example=_EXAMPLE,
            refusals=(403,),
        ),
        Endpoint(
            *("/api/classes/join", "POST", "用班级码加入班级", join),
            output=Course,
            input=Joining,
            access=_IN,
            example='{"code": "ABCD2345", "name": "李雷", "number": "2026001"}'.encode(),
            refusals=(404, 409, 429),
        ),
        Endpoint(
            *(_ONE, "PUT", "修改班级（教师）", change),
            output=Course,
            input=CourseInput,
            access=_IN,
            example=_EXAMPLE,
            refusals=(404,),
        ),
        Endpoint(
            *(f"{_ONE}/code", "POST", "换一个班级码（教师）", new_code),
            output=Course,
            access=_IN,
            refusals=(404,),
        ),
        Endpoint(
            *(f"{_ONE}/code", "DELETE", "停用班级码（教师）", no_code),
            output=Course,
            access=_IN,
            refusals=(404,),
        ),
        Endpoint(
            *(f"{_ONE}/me", "DELETE", "退出班级", leave),
            output=Done,
            access=_IN,
            refusals=(404,),
        ),
        Endpoint(
            *(f"{_ONE}/handed-in", "POST", "交给老师", hand_in),
            output=Course,
            input=HandingIn,
            access=_IN,
            example=b'{"run_id": "0123456789abcdef0123456789abcdef"}',
            refusals=(404, 409),
        ),
        Endpoint(
            *(f"{_ONE}/handed-in/{{experiment}}", "DELETE", "撤回交给老师的", take_back),
            output=Done,
            access=_IN,
            refusals=(404, 409),
        ),
    ],
)
app = function.app
