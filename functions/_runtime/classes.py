"""Classes and what is handed in to them: every right over them is decided here.

- A class is its teacher's; its students see its title, experiments and due times.
- Nothing of a student is seen by a teacher but what the student handed in to that class: a copy,
  which stays as it was.  It can be taken back until it is due or marked.
- Who may not see a thing is told that there is none.
"""

import secrets
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from functions._lab import rules as lab_rules
from functions._lab.alike import Likeness
from functions._lab.errors import ReadingError
from functions._runtime import work
from functions._runtime.blocking import in_thread
from functions._runtime.errors import BadInput, Conflict, Forbidden, NotFound
from functions._runtime.services import Services
from functions._runtime.workers import Errand
from storage import courses, hand_ins
from storage.records import (
    COMPLETED,
    CourseRecord,
    HandInHead,
    HandInRecord,
    MemberRecord,
    UserRecord,
)


class Alike(NamedTuple):
    """Two works of an experiment that agree."""

    experiment: str
    pair: Likeness


_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of a join code: none that is mistaken for another."""
CODE_LENGTH = 8
_CLOSED = "这个班级已经结束"


class Classes:
    """The classes, as one person may see and change them.

    Parameters
    ----------
    services : what the bundle offers.
    user : the person.
    """

    def __init__(self, services: Services, user: UserRecord) -> None:
        self._services = services
        self._user = user

    async def create(self, title: str, rules: str, items: courses.Items) -> CourseRecord:
        """A new class of this teacher.  Raises Forbidden for who is none, BadInput."""
        if not self._user.may_teach:
            raise Forbidden("需要教师权限，请联系管理员")
        self._require_known(rules, items)
        return await in_thread(
            courses.create, self._database, self._user.user_id, title, rules, items, _code()
        )

    async def change(
        self, course_id: str, title: str, rules: str, items: courses.Items, closed: bool
    ) -> CourseRecord:
        """Change an own class.  Raises NotFound, BadInput."""
        course = await self.taught(course_id)
        self._require_known(rules, items)
        return await in_thread(
            courses.change, self._database, course.id, title, rules, items, closed
        )

    async def new_code(self, course_id: str) -> CourseRecord:
        """Another join code for an own class; the older one is over.  Raises NotFound."""
        course = await self.taught(course_id)
        return await in_thread(courses.set_code, self._database, course.id, _code())

    async def no_code(self, course_id: str) -> CourseRecord:
        """Let nobody join an own class any more.  Raises NotFound."""
        course = await self.taught(course_id)
        return await in_thread(courses.set_code, self._database, course.id, None)

    async def all_taught(self) -> list[CourseRecord]:
        """The classes that this person teaches, the newest first."""
        return await in_thread(courses.taught_by, self._database, self._user.user_id)

    async def all_attended(self) -> list[CourseRecord]:
        """The classes that this person is a student of, the newest first."""
        return await in_thread(courses.attended_by, self._database, self._user.user_id)

    async def handed_in(self) -> list[HandInHead]:
        """What this person handed in anywhere."""
        return await in_thread(hand_ins.of_user, self._database, self._user.user_id)

    async def join(self, code: str, name: str, number: str) -> CourseRecord:
        """Join a class by its code.  Raises NotFound, Busy for too many wrong ones, Conflict."""
        wrong, key = self._services.wrong_codes, f"user {self._user.user_id}"
        async with wrong.one_at_a_time:
            wrong.require_room(key, short=False)
            course = await in_thread(courses.find_by_code, self._database, code.strip().upper())
            if course is None:
                wrong.count(key, short=False)
                raise NotFound("没有这个班级码，请向老师核对")
        if course.closed:
            raise Conflict(_CLOSED)
        await in_thread(
            courses.join,
            self._database,
            course.id,
            self._user.user_id,
            name.strip(),
            number.strip(),
        )
        return course

    async def leave(self, course_id: str) -> bool:
        """Leave a class; what was handed in and not taken back stays.  Raises NotFound."""
        course, _ = await self._attended(course_id)
        return await in_thread(courses.leave, self._database, course.id, self._user.user_id)

    async def hand_in(self, course_id: str, run_id: str) -> CourseRecord:
        """Give the teacher of a class a copy of an own run; the class.

        Raises NotFound; Conflict where the class is over or the earlier one is marked, or is due
        and was handed in already; BadInput for an experiment that the class has not.
        """
        course, member = await self._attended(course_id)
        run = await self._services.runs.own(run_id, self._user.user_id)
        if course.closed:
            raise Conflict(_CLOSED)
        if run.experiment not in dict(course.items):
            raise BadInput("这个班级没有布置这个实验")
        if run.status != COMPLETED:
            raise BadInput("这条记录没有算完，不能交")
        if _is_over(course, run.experiment) and await self._has(course, run.experiment):
            raise Conflict("已过截止时间，交过的不能再换")
        kept = await in_thread(hand_ins.put, self._database, secrets.token_hex(16), member, run)
        if not kept:
            raise Conflict("老师已经批改，不能再换")
        return course

    async def take_back(self, course_id: str, experiment: str) -> bool:
        """Take back what was handed in.

        Raises NotFound; Conflict where the class is over, or it is due or marked.
        """
        course, _ = await self._attended(course_id)
        if not await self._has(course, experiment):
            raise NotFound
        if course.closed:
            raise Conflict(_CLOSED)
        if _is_over(course, experiment):
            raise Conflict("已过截止时间，不能撤回")
        mine = self._user.user_id
        if not await in_thread(hand_ins.take_back, self._database, course.id, mine, experiment):
            raise Conflict("老师已经批改，不能撤回")
        return True

    async def taught(self, course_id: str) -> CourseRecord:
        """A class of this teacher.  Raises NotFound for unknown and for others' alike."""
        course = await self._find(course_id)
        if course is None or course.teacher_id != self._user.user_id:
            raise NotFound
        return course

    async def members(self, course: CourseRecord) -> list[MemberRecord]:
        """The students of a class that :meth:`taught` gave."""
        return await in_thread(courses.members, self._database, course.id)

    async def received(self, course: CourseRecord) -> list[HandInHead]:
        """All that was handed in to a class that :meth:`taught` gave."""
        return await in_thread(hand_ins.of_course, self._database, course.id)

    async def one_received(self, course_id: str, hand_in_id: str) -> HandInRecord:
        """One that was handed in to an own class, with its readings.  Raises NotFound."""
        course = await self.taught(course_id)
        found = await in_thread(hand_ins.find, self._database, course.id, hand_in_id)
        if found is None:
            raise NotFound
        return found

    async def alike(self, course: CourseRecord) -> list[Alike]:
        """Pairs in a class that :meth:`taught` gave whose readings agree beyond chance."""
        works: dict[str, dict[str, bytes]] = {}
        for one, experiment, body in await in_thread(hand_ins.readings, self._database, course.id):
            if body:
                works.setdefault(experiment, {})[one] = body.encode()
        errand = Errand(self._user.user_id, long=True)
        told = await self._services.workers.run(work.alike, works, errand=errand)
        found = msgspec.json.decode(told, type=dict[str, list[Likeness]])
        return [Alike(experiment, pair) for experiment, pairs in found.items() for pair in pairs]

    async def mark(self, course_id: str, hand_in_id: str, mark: str, comment: str) -> HandInHead:
        """Mark one that was handed in to an own class.  Raises NotFound."""
        course = await self.taught(course_id)
        return await in_thread(
            hand_ins.mark, self._database, course.id, hand_in_id, mark.strip(), comment.strip()
        )

    async def remove(self, course_id: str, user_id: str) -> bool:
        """Take a student out of an own class.  Raises NotFound."""
        course = await self.taught(course_id)
        number = _number(user_id)
        if number is None or not await in_thread(courses.leave, self._database, course.id, number):
            raise NotFound
        return True

    @property
    def _database(self) -> Any:
        return self._services.database

    async def _find(self, course_id: str) -> CourseRecord | None:
        number = _number(course_id)
        return None if number is None else await in_thread(courses.find, self._database, number)

    async def _attended(self, course_id: str) -> tuple[CourseRecord, MemberRecord]:
        course = await self._find(course_id)
        if course is None:
            raise NotFound
        member = await in_thread(courses.member, self._database, course.id, self._user.user_id)
        if member is None:
            raise NotFound
        return course, member

    async def _has(self, course: CourseRecord, experiment: str) -> bool:
        own = await self.handed_in()
        return any(h.course_id == course.id and h.experiment == experiment for h in own)

    def _require_known(self, rules: str, items: courses.Items) -> None:
        try:
            lab_rules.chosen(rules or "gum")
        except ReadingError as error:
            raise BadInput.at(error.message, "rules") from None
        names = [name for name, _ in items]
        for index, name in enumerate(names):
            if name not in self._services.experiments:
                raise BadInput.at(f"没有名为 {name} 的实验", "items", index)
            if name in names[:index]:
                raise BadInput.at(f"实验 {name} 重复了", "items", index)


def _is_over(course: CourseRecord, experiment: str) -> bool:
    due = course.due(experiment)
    return due is not None and due <= datetime.now(UTC)


def _code() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(CODE_LENGTH))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
