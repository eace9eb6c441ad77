"""A teacher and two students in a browser: from the new class to the mark that the student sees."""

from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from storage import users
from storage.database import open_database
from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.page.test_accessible import violations
from tests.server import Server


def card(visit: Visit, name: str) -> None:
    visit.page.goto(f"{visit.base}/#/{name}")


def join(visit: Visit, code: str, name: str, number: str) -> None:
    card(visit, "classes")
    form = visit.page.get_by_role("form", name="加入班级")
    form.get_by_label("班级码").fill(code)
    form.get_by_label("姓名").fill(name)
    form.get_by_label("学号").fill(number)
    form.get_by_role("button", name="加入").click()
    expect(visit.page.get_by_role("heading", name="物理 1 班")).to_be_visible()


def test_from_the_new_class_to_the_mark(visitor: Visitor, server: Server, tmp_path: Path) -> None:
    teacher = visitor(DESKTOP, "class-teacher")
    database = open_database(None, server.log.parent)
    users.set_role(database, "mock_class-teacher", "teacher")
    database.close()
    card(teacher, "classes")
    form = teacher.page.get_by_role("form", name="建立班级")
    form.get_by_label("班级名称").fill("物理 1 班")
    form.get_by_label("实验", exact=True).select_option("pendulum")
    form.get_by_role("button", name="加上这个实验").click()
    form.get_by_role("button", name="建立").click()
    code = teacher.page.locator(".code").inner_text()

    student = visitor(PHONE, "class-student")
    join(student, code, "王小明", "2026007")
    join(visitor(PHONE, "class-mate"), code, "李雷", "2026008")
    student.page.get_by_role("link", name="单摆测重力加速度").click()
    student.page.locator(".sections").wait_for()
    student.fill_sample()
    student.run()
    shown = student.page.locator(".measurand .display").first.inner_text()
    student.page.get_by_role("button", name="交给“物理 1 班”的老师").click()
    student.page.get_by_role("button", name="交给老师", exact=True).click()
    expect(student.page.get_by_role("button", name="已交给“物理 1 班”的老师")).to_be_disabled()

    teacher.page.get_by_role("link", name="查看全班").click()
    rows = teacher.page.locator(".gradebook tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("未交")
    with teacher.page.expect_download() as saved:
        teacher.page.get_by_role("button", name="成绩单（Excel）").click()
    path = tmp_path / "book.xlsx"
    saved.value.save_as(path)
    line = [cell.value for cell in openpyxl.load_workbook(path)["成绩"][2]]
    assert line[:3] == ["2026007", "王小明", "单摆测重力加速度"]
    assert str(line[5]).replace(" ", "")[:8] == shown.replace(" ", "")[:8]
    teacher.page.screenshot(path=tmp_path / "table.png")
    assert violations(teacher) == []
    rows.nth(0).get_by_role("link").click()
    expect(teacher.page.get_by_role("heading", name="2026007 王小明")).to_be_visible()
    with teacher.page.expect_download() as saved:
        teacher.page.get_by_role("button", name="报告（PDF）").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF")
    teacher.page.get_by_label("成绩").fill("95")
    teacher.page.get_by_label("评语").fill("很好")
    teacher.page.screenshot(path=tmp_path / "work.png")
    assert violations(teacher) == []
    teacher.page.get_by_role("button", name="保存").click()
    expect(teacher.page.get_by_text("已保存，同学可以看到。")).to_be_visible()

    card(student, "classes")
    expect(student.page.locator(".class")).to_contain_text("成绩 95　很好")
    expect(student.page.get_by_role("button", name="撤回")).to_have_count(0)
    student.page.screenshot(path=tmp_path / "student.png", full_page=True)
    assert violations(student) == []
    for visit in (student, teacher):
        for nothing in ("null", "undefined", "NaN", "[object"):
            expect(visit.page.locator("#main")).not_to_contain_text(nothing)
    card(teacher, "classes")
    expect(teacher.page.get_by_text("班级码").first).to_be_visible()
    expect(teacher.page.locator("#main")).not_to_contain_text("null")
    teacher.page.screenshot(path=tmp_path / "classes.png", full_page=True)


def test_a_hand_in_is_taken_back(visitor: Visitor, server: Server) -> None:
    teacher = visitor(DESKTOP, "back-teacher")
    database = open_database(None, server.log.parent)
    users.set_role(database, "mock_back-teacher", "teacher")
    database.close()
    with server.client("back-teacher") as client:
        body = {"title": "物理 1 班", "items": [{"experiment": "pendulum"}]}
        made = client.post("/api/classes", json=body).json()
    student = visitor(PHONE, "back-student")
    join(student, made["code"], "赵四", "2026009")
    student.open("pendulum")
    student.fill_sample()
    student.run()
    student.page.get_by_role("button", name="交给“物理 1 班”的老师").click()
    student.page.get_by_role("button", name="交给老师", exact=True).click()
    expect(student.page.get_by_text("已交给老师")).to_be_visible()
    card(student, "classes")
    student.page.get_by_role("button", name="撤回").click()
    expect(student.page.locator(".class")).to_contain_text("未交")
    card(teacher, f"class/{made['id']}")
    expect(teacher.page.locator(".gradebook tbody tr")).to_contain_text("未交")
