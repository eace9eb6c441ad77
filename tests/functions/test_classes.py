"""Classes on both engines: nobody sees or changes what is not theirs, and what was handed in stays.

The numbers of a run are those of its own answer; here only who sees which is looked at.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import openpyxl
import pytest

from config import read_settings
from functions._runtime.experiment import SAMPLES
from storage import courses, hand_ins, users
from storage.engine import execute
from storage.records import MemberRecord, RunRecord
from tests.conftest import Place
from tests.in_process import Client

APPID = "wx1234567890abcdef"
KEY = "k3y-f0r-tokens-aB9xQ7-k3y-f0r-tokens"
READINGS = json.loads((SAMPLES / "pendulum.json").read_bytes())
FUNCTIONS = [
    *("classes", "teaching", "runs", "pendulum", "plot_status", "me", "my_data", "newton_rings")
]
PEOPLE = ("teacher", "other-teacher", "student", "classmate", "stranger", "admin")


@dataclass
class School:
    """A started bundle, and calls of persons by name."""

    client: Client
    place: Place

    def call(self, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
        """One call as ``who``; nobody is logged in for ""."""
        headers = {"X-WX-SOURCE": "wx_client", "X-WX-APPID": APPID, "X-WX-OPENID": who}
        more: dict[str, Any] = {} if body is None else {"json": body}
        return self.client.request(method, path, headers=headers if who else {}, **more)

    def ok(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a call that must succeed."""
        answer = self.call(who, method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def run(self, who: str, **changed: Any) -> str:
        """An own run of the pendulum."""
        done = self.ok(who, "POST", "/api/plots/pendulum", {**READINGS, **changed})
        run_id: str = done["run_id"]
        return run_id

    def course(self, who: str = "teacher", due: datetime | None = None) -> Any:
        """A new class with the pendulum."""
        items = [{"experiment": "pendulum", "due": due.isoformat() if due else None}]
        return self.ok(who, "POST", "/api/classes", {"title": "物理 1 班", "items": items})

    def join(self, who: str, course: Any, number: str = "2026001") -> None:
        given = {"code": course["code"], "name": f"甲 {who}", "number": number}
        self.ok(who, "POST", "/api/classes/join", given)

    def hand_in(self, who: str, course: Any, **changed: Any) -> str:
        """Hand in a run; its number in the teacher's table."""
        body = {"run_id": self.run(who, **changed)}
        self.ok(who, "POST", f"/api/classes/{course['id']}/handed-in", body)
        received = self.table(course)["received"]
        found: str = received[-1]["id"]
        return found

    def table(self, course: Any) -> Any:
        return self.ok("teacher", "GET", f"/api/teaching/{course['id']}/table")


@pytest.fixture
def school(place: Place) -> Iterator[School]:
    given = {
        "WECHAT_APPID": APPID,
        "WECHAT_TRUST_HEADERS": "1",
        "JWT_SECRET": KEY,
        "MYSQL_URL": place.mysql_url or "",
        "DATA_DIR": str(place.data_dir),
        "WORKERS": "1",
        "REQUEST_SECONDS": "60",  # the first one waits for the workers to start
        "ADMIN_OPENIDS": "admin",
    }
    client = Client(read_settings(given), FUNCTIONS)
    made = School(client, place)
    for who in PEOPLE:
        made.ok(who, "GET", "/api/me")
    database = client.app.state.services.database
    for who in ("teacher", "other-teacher"):
        users.set_role(database, who, "teacher")
    yield made
    client.run_async(client.app.state.services.close)
    client.close()


def test_from_the_class_to_the_mark(school: School) -> None:
    course = school.course()
    assert (course["teaching"], len(course["code"])) == (True, 8)
    school.join("student", course)
    (seen,) = school.ok("student", "GET", "/api/classes")["items"]
    assert (seen["title"], seen["teaching"], seen["code"]) == ("物理 1 班", False, None)
    assert seen["items"][0]["title"] == "单摆测重力加速度"
    assert school.table(course)["received"] == []
    hand_in_id = school.hand_in("student", course)
    table = school.table(course)
    (student,) = table["students"]
    assert (student["name"], student["number"]) == ("甲 student", "2026001")
    (received,) = table["received"]
    own = school.ok("student", "GET", "/api/runs")["items"][0]["id"]
    results = school.ok("student", "GET", f"/api/runs/{own}")["results"]
    assert [q["display"] for q in received["quantities"]] == [m["display"] for m in results]
    address = f"/api/teaching/{course['id']}/received/{hand_in_id}"
    work = school.ok("teacher", "GET", address)
    assert work["readings"] == READINGS
    report = school.call("teacher", "GET", f"{address}/report.html")
    assert report.status_code == 200
    assert "甲 student" in report.text
    assert results[0]["symbol"] in report.text
    marked = {"mark": "92", "comment": "周期数对"}
    school.ok("teacher", "PUT", f"{address}/mark", marked)
    (seen,) = school.ok("student", "GET", "/api/classes")["items"]
    state = seen["items"][0]
    assert (state["mark"], state["comment"], state["may_take_back"]) == ("92", "周期数对", False)


def test_what_was_handed_in_stays_as_it_was(school: School) -> None:
    course = school.course()
    school.join("student", course)
    hand_in_id = school.hand_in("student", course)
    own = school.ok("student", "GET", "/api/runs")["items"][0]["id"]
    school.ok("student", "DELETE", f"/api/runs/{own}")
    work = school.ok("teacher", "GET", f"/api/teaching/{course['id']}/received/{hand_in_id}")
    assert work["readings"] == READINGS


def test_it_can_be_changed_and_taken_back_until_it_is_marked(school: School) -> None:
    course = school.course()
    school.join("student", course)
    address = f"/api/classes/{course['id']}/handed-in"
    school.hand_in("student", course)
    second = school.hand_in("student", course, title="再算一次")
    (received,) = school.table(course)["received"]
    assert received["id"] == second
    school.ok("student", "DELETE", f"{address}/pendulum")
    assert school.table(course)["received"] == []
    assert school.call("student", "DELETE", f"{address}/pendulum").status_code == 404
    third = school.hand_in("student", course)
    mark = f"/api/teaching/{course['id']}/received/{third}/mark"
    school.ok("teacher", "PUT", mark, {"mark": "85"})
    refused = school.call("student", "DELETE", f"{address}/pendulum")
    assert (refused.status_code, refused.json()) == (409, {"detail": "老师已经批改，不能撤回"})
    again = school.call("student", "POST", address, {"run_id": school.run("student")})
    assert (again.status_code, again.json()) == (409, {"detail": "老师已经批改，不能再换"})
    school.ok("teacher", "PUT", mark, {"mark": "", "comment": ""})
    school.ok("student", "DELETE", f"{address}/pendulum")


def test_after_the_due_time_it_is_late_and_stays(school: School) -> None:
    course = school.course(due=datetime.now(UTC) - timedelta(minutes=1))
    school.join("student", course)
    school.hand_in("student", course)
    (received,) = school.table(course)["received"]
    assert received["late"] is True
    address = f"/api/classes/{course['id']}/handed-in"
    refused = school.call("student", "DELETE", f"{address}/pendulum")
    assert (refused.status_code, refused.json()) == (409, {"detail": "已过截止时间，不能撤回"})
    again = school.call("student", "POST", address, {"run_id": school.run("student")})
    assert (again.status_code, again.json()) == (409, {"detail": "已过截止时间，交过的不能再换"})


def routes(course: Any, hand_in_id: str, run_id: str) -> dict[str, tuple[str, str, Any]]:
    """Every route about a class, with a body that its rightful caller may send."""
    one = f"/api/classes/{course['id']}"
    two = f"/api/teaching/{course['id']}"
    work = f"{two}/received/{hand_in_id}"
    changed = {"title": "物理 2 班", "items": [{"experiment": "pendulum"}]}
    return {
        "table": ("GET", f"{two}/table", None),
        "csv": ("GET", f"{two}/table.csv", None),
        "alike": ("GET", f"{two}/alike", None),
        "xlsx": ("GET", f"{two}/table.xlsx", None),
        "work": ("GET", work, None),
        "report": ("GET", f"{work}/report.html", None),
        "mark": ("PUT", f"{work}/mark", {"mark": "60"}),
        "change": ("PUT", one, changed),
        "code": ("POST", f"{one}/code", None),
        "no code": ("DELETE", f"{one}/code", None),
        "hand in": ("POST", f"{one}/handed-in", {"run_id": run_id}),
        "take back": ("DELETE", f"{one}/handed-in/pendulum", None),
        "leave": ("DELETE", f"{one}/me", None),
        "remove": ("DELETE", f"{two}/members/999999", None),
    }


TEACHERS = [
    *["table", "csv", "alike", "xlsx", "work", "report", "mark", "change", "code", "remove"],
    "no code",
]
STUDENTS = ("hand in", "take back", "leave")


def test_rights(school: School) -> None:
    """Every route by everybody; who may not is answered as for a class that does not exist."""
    course = school.course()
    for who in ("student", "classmate"):
        school.join(who, course)
    hand_in_id = school.hand_in("student", course)
    run_id = school.run("student")
    nowhere = {"id": course["id"] + 1000}
    for name, (method, path, body) in routes(course, hand_in_id, run_id).items():
        assert school.call("", method, path, body).status_code == 401, name
        outsiders = ["other-teacher", "stranger", "admin"]
        outsiders += ["student", "classmate"] if name in TEACHERS else ["teacher"]
        _, unknown, _ = routes(nowhere, hand_in_id, run_id)[name]
        for who in outsiders:
            refused = school.call(who, method, path, body)
            as_unknown = school.call(who, method, unknown, body)
            assert refused.status_code == 404, (name, who, refused.text)
            assert refused.json() == as_unknown.json(), (name, who)
    after = school.table(course)
    assert len(after["students"]) == 2
    assert after["received"][0]["mark"] == ""
    assert after["title"] == "物理 1 班"
    taken = school.call("classmate", "POST", *_handing(course, run_id))
    assert taken.status_code == 404, "somebody else's run"
    back = school.call("classmate", "DELETE", f"/api/classes/{course['id']}/handed-in/pendulum")
    assert back.status_code == 404


def _handing(course: Any, run_id: str) -> tuple[str, Any]:
    return f"/api/classes/{course['id']}/handed-in", {"run_id": run_id}


def test_a_teacher_reaches_nothing_that_was_not_handed_in(school: School) -> None:
    course = school.course()
    school.join("student", course)
    handed = school.hand_in("student", course)
    kept = school.run("student", title="自己留着")
    for address in (f"/api/runs/{kept}", f"/api/runs/{kept}/steps", f"/api/runs/{kept}/data.csv"):
        assert school.call("teacher", "GET", address).status_code == 404
    other = school.course()
    wrong = f"/api/teaching/{other['id']}/received/{handed}"
    assert school.call("teacher", "GET", wrong).status_code == 404
    assert kept not in json.dumps(school.table(course))


def test_only_teachers_make_classes(school: School) -> None:
    body = {"title": "我的班", "items": []}
    for who in ("student", "stranger"):
        refused = school.call(who, "POST", "/api/classes", body)
        assert refused.status_code == 403
        assert refused.json() == {"detail": "需要教师权限，请联系管理员"}
    assert school.ok("admin", "POST", "/api/classes", body)["teaching"]


def test_a_code_is_worth_nothing_after_another_or_none(school: School) -> None:
    course = school.course()
    one = f"/api/classes/{course['id']}"
    newer = school.ok("teacher", "POST", f"{one}/code")
    given = {"name": "乙", "number": "2"}
    old = school.call("student", "POST", "/api/classes/join", {**given, "code": course["code"]})
    assert (old.status_code, old.json()) == (404, {"detail": "没有这个班级码，请向老师核对"})
    school.ok("student", "POST", "/api/classes/join", {**given, "code": newer["code"].lower()})
    assert school.ok("teacher", "DELETE", f"{one}/code")["code"] is None
    gone = school.call("classmate", "POST", "/api/classes/join", {**given, "code": newer["code"]})
    assert gone.status_code == 404


def test_codes_cannot_be_tried_out(school: School) -> None:
    body = {"code": "AAAAAAAA", "name": "丙", "number": "3"}
    statuses = [
        school.call("stranger", "POST", "/api/classes/join", body).status_code for _ in range(25)
    ]
    assert statuses == [404] * 20 + [429] * 5
    course = school.course()
    school.join("student", course)


def test_a_closed_class_takes_nothing(school: School) -> None:
    course = school.course()
    school.join("student", course)
    school.hand_in("student", course)
    closed = {"title": "物理 1 班", "items": [{"experiment": "pendulum"}], "closed": True}
    school.ok("teacher", "PUT", f"/api/classes/{course['id']}", closed)
    late = school.call("student", "POST", *_handing(course, school.run("student")))
    assert (late.status_code, late.json()) == (409, {"detail": "这个班级已经结束"})
    back = school.call("student", "DELETE", f"/api/classes/{course['id']}/handed-in/pendulum")
    assert (back.status_code, back.json()) == (409, {"detail": "这个班级已经结束"})
    joining = {"code": course["code"], "name": "丁", "number": "4"}
    assert school.call("classmate", "POST", "/api/classes/join", joining).status_code == 409


def test_another_experiment_is_not_taken(school: School) -> None:
    course = school.course()
    school.join("student", course)
    rings = json.loads((SAMPLES / "newton-rings.json").read_bytes())
    run_id = school.ok("student", "POST", "/api/plots/newton-rings", rings)["run_id"]
    refused = school.call("student", "POST", *_handing(course, run_id))
    assert (refused.status_code, refused.json()) == (
        400,
        {"detail": "这个班级没有布置这个实验"},
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"title": "", "items": []}, "班级名称"),
        ({"title": " ", "items": []}, "班级名称"),
        ({"title": "x" * 81, "items": []}, "班级名称"),
        ({"title": "班", "items": [{"experiment": "nonsense"}]}, "没有名为 nonsense 的实验"),
        ({"title": "班", "items": [{"experiment": "pendulum"}] * 2}, "重复"),
        ({"title": "班", "items": [{"experiment": "pendulum", "due": "明天"}]}, "截止时间"),
        ({"title": "班", "items": [{"experiment": "pendulum", "due": "2026-11-27T10:00:00"}]}, ""),
        ({"title": "班"}, "实验"),
        ({"title": "班", "items": [], "rules": "nonsense"}, "规则"),
    ],
)
def test_a_class_that_makes_no_sense_is_refused(
    school: School, body: dict[str, Any], said: str
) -> None:
    refused = school.call("teacher", "POST", "/api/classes", body)
    assert refused.status_code == 400, refused.text
    assert said in refused.json()["detail"]
    assert school.ok("teacher", "GET", "/api/classes")["items"] == []


def test_erasing_takes_readings_and_leaves_the_mark(school: School) -> None:
    course = school.course()
    school.join("student", course)
    hand_in_id = school.hand_in("student", course)
    address = f"/api/teaching/{course['id']}/received/{hand_in_id}"
    school.ok("teacher", "PUT", f"{address}/mark", {"mark": "77"})
    school.ok("student", "DELETE", "/api/me")
    table = school.table(course)
    assert table["students"] == []
    (received,) = table["received"]
    assert (received["user_id"], received["mark"], received["quantities"]) == (None, "77", [])
    assert school.ok("teacher", "GET", address)["readings"] == {}
    assert school.call("teacher", "GET", f"{address}/report.html").status_code == 404
    stored = school.client.app.state.services.database.perform(
        lambda connection: execute(connection, "SELECT readings, results FROM hand_ins")
    )
    assert [tuple(row) for row in stored] == [("", "{}")]


def test_a_teacher_who_is_erased_takes_the_class_along(school: School) -> None:
    course = school.course()
    school.join("student", course)
    school.hand_in("student", course)
    school.ok("teacher", "DELETE", "/api/me")
    assert school.ok("student", "GET", "/api/classes")["items"] == []
    database = school.client.app.state.services.database
    for name in ("courses", "course_items", "course_members", "hand_ins"):
        count = database.perform(
            lambda connection: execute(connection, f"SELECT COUNT(*) FROM {name}")  # noqa: B023 - runs at once
        )
        assert [tuple(row) for row in count] == [(0,)], name


def test_the_export_holds_what_was_handed_in(school: School) -> None:
    course = school.course()
    school.join("student", course)
    hand_in_id = school.hand_in("student", course)
    mark = f"/api/teaching/{course['id']}/received/{hand_in_id}/mark"
    school.ok("teacher", "PUT", mark, {"mark": "88", "comment": "好"})
    archive = school.call("student", "GET", "/api/me/export")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        found = json.loads(opened.read("classes.json"))
    assert found["classes"][0]["title"] == "物理 1 班"
    assert (found["handed_in"][0]["mark"], found["handed_in"][0]["comment"]) == ("88", "好")


def test_a_copied_table_is_shown_to_the_teacher(school: School) -> None:
    """Times that scatter, and their copy; the lengths are set and say nothing."""
    course = school.course()
    scatter = [0.13, -0.21, 0.08, 0.17, -0.11, 0.24, -0.19, 0.05]
    lengths = [40 + 10 * step for step in range(8)]
    for who, sign in (("student", 1), ("classmate", 1), ("stranger", -1)):
        school.join(who, course, who)
        times = [
            round(2.006 * (length / 100) ** 0.5 * 50 + sign * noise, 2)
            for length, noise in zip(lengths, scatter, strict=True)
        ]
        table = {"method": "line", "l": lengths, "t": times, "n": 50}
        run_id = school.ok(who, "POST", "/api/plots/pendulum", table)["run_id"]
        school.ok(who, "POST", *_handing(course, run_id))
    (pair,) = school.ok("teacher", "GET", f"/api/teaching/{course['id']}/alike")["items"]
    received = {one["id"]: one["number"] for one in school.table(course)["received"]}
    assert {received[pair["first"]], received[pair["second"]]} == {"student", "classmate"}
    assert (pair["rows"], pair["agreeing"], pair["factor"]) == (8, 8, 1.0)
    assert pair["column"] == "n 个周期的时间 t"


def test_no_work_is_lost_with_its_experiment_or_student(school: School) -> None:
    course = school.course()
    for who in ("student", "classmate"):
        school.join(who, course, who)
        school.hand_in(who, course)
    changed = {"title": "物理 1 班", "items": [{"experiment": "newton-rings"}]}
    school.ok("teacher", "PUT", f"/api/classes/{course['id']}", changed)
    school.ok("classmate", "DELETE", f"/api/classes/{course['id']}/me")
    answer = school.call("teacher", "GET", f"/api/teaching/{course['id']}/table.csv")
    _, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert [(row[0], row[2], bool(row[3])) for row in rows] == [
        ("student", "牛顿环测曲率半径", False),
        ("student", "pendulum", True),
        ("classmate", "pendulum", True),
    ]


def test_times_are_those_of_beijing(school: School) -> None:
    course = school.course()
    school.join("student", course)
    before = datetime.now(UTC) + timedelta(hours=8)
    school.hand_in("student", course)
    answer = school.call("teacher", "GET", f"/api/teaching/{course['id']}/table.csv")
    _, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    shown = datetime.strptime(row[3], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert abs(shown - before) < timedelta(minutes=2)


def test_files_hold_texts_and_no_formulas(school: School) -> None:
    course = school.course()
    given = {"code": course["code"], "name": "=1+1", "number": "@SUM(A1)"}
    school.ok("student", "POST", "/api/classes/join", given)
    hand_in_id = school.hand_in("student", course)
    mark = f"/api/teaching/{course['id']}/received/{hand_in_id}/mark"
    school.ok("teacher", "PUT", mark, {"mark": "-5", "comment": '=HYPERLINK("http://x")'})
    one = f"/api/teaching/{course['id']}/table"
    text = school.call("teacher", "GET", f"{one}.csv").content.decode("utf-8-sig")
    head, row = list(csv.reader(io.StringIO(text)))
    assert head[:3] == ["学号", "姓名", "实验"]
    assert row[:3] == ["'@SUM(A1)", "'=1+1", "单摆测重力加速度"]
    assert row[-2:] == ["'-5", '\'=HYPERLINK("http://x")']
    book = openpyxl.load_workbook(io.BytesIO(school.call("teacher", "GET", f"{one}.xlsx").content))
    cells = list(book["成绩"].iter_rows())
    assert [cell.value for cell in cells[1]][:2] == ["@SUM(A1)", "=1+1"]
    assert all(cell.data_type in ("s", "n") for line in cells for cell in line)
    assert all(cell.value is None for line in cells for cell in line if cell.data_type == "n")


def test_the_table_of_a_class_is_found_by_indexes(place: Place) -> None:
    """Among 200 works of 40 classes: no statement of the table reads them all."""
    database = place.open()
    people = [users.find_or_create(database, f"s{number}") for number in range(5)]
    moment = datetime.now(UTC)
    for number in range(40):
        code = f"CODE{number:04d}"
        teacher = users.find_or_create(database, f"t{number}")
        course = courses.create(database, teacher.user_id, "班", "", [("pendulum", None)], code)
        for student in people:
            courses.join(database, course.id, student.user_id, "甲", "1")
            run = RunRecord(
                *("0" * 32, student.user_id, "pendulum", "d", "{}", False, "completed", "", "{}"),
                *((), 0, 0, None, moment, moment, moment),
            )
            number_of_copy = f"{course.id:02x}{student.user_id:030x}"
            own = MemberRecord(course.id, student.user_id, "甲", "1", moment)
            assert hand_ins.put(database, number_of_copy, own, run)
    asked = [
        *(("hand_ins", "course_id"), ("course_members", "course_id"), ("courses", "teacher_id")),
        *(("course_items", "course_id"), ("courses", "id")),
    ]
    for table, column in asked:
        query = f"SELECT * FROM {table} WHERE {column} = {course.id}"
        word = "EXPLAIN" if place.is_mysql else "EXPLAIN QUERY PLAN"
        (row,) = database.perform(
            lambda connection: execute(connection, f"{word} {query}")  # noqa: B023 - runs at once
        )
        said = row[3]
        if place.is_mysql:
            assert said in ("ref", "const", "range"), (table, row)
        else:
            assert re.search("SEARCH .* USING .*(INDEX|PRIMARY KEY)", said), (table, row)
    assert len(hand_ins.of_course(database, course.id)) == 5
    database.close()
