"""The readings table as a spreadsheet, and what becomes of what was typed."""

import json

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor, column, sent


@pytest.fixture
def visit(visitor: Visitor) -> Visit:
    made = visitor(DESKTOP, "typist")
    made.open("millikan")
    return made


def test_arrows_and_enter_move_as_in_a_spreadsheet(visit: Visit) -> None:
    page = visit.page
    visit.cell("ni[0]").focus()
    page.keyboard.type("2")
    page.keyboard.press("ArrowRight")
    expect(visit.cell("qi[0]")).to_be_focused()
    page.keyboard.type("3.214")
    page.keyboard.press("Enter")
    expect(visit.cell("qi[1]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(visit.cell("qi[0]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(visit.cell("ni[0]")).to_be_focused()
    for _ in range(9):
        page.keyboard.press("Enter")
    expect(visit.cell("ni[9]")).to_be_focused()


def test_rows_come_and_go(visit: Visit) -> None:
    visit.paste("qi[0]", "1.6\n3.2\n4.8")
    visit.cell("qi[1]").focus()
    visit.page.get_by_role("button", name="删除第 2 行").first.click()
    assert column(visit, "qi") == ["1.6", "4.8"]
    rows = visit.page.locator('[data-cell^="qi["]').count()
    visit.page.get_by_role("button", name="加一行").first.click()
    expect(visit.page.locator('[data-cell^="qi["]')).to_have_count(rows + 1)


def test_numbers_are_sent_as_they_were_typed(visit: Visit) -> None:
    visit.paste("ni[0]", "2\t3.210\n3\t4.80\n4\t６．４０")
    assert sent(visit.page) == '{"ni":[2,3,4],"qi":[3.210,4.80,6.40]}'


def test_a_slip_and_a_break_are_shown_at_their_cells(visit: Visit) -> None:
    visit.fill_sample()
    cell = visit.cell("qi[2]")
    row = visit.page.locator("tr:has([data-cell='qi[2]']) + .note-row")
    cell.fill("81.67")
    expect(row).to_contain_text("8.167")
    expect(cell).to_have_class("warning")
    cell.fill("-3e5")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(row).to_contain_text("应不小于")
    cell.fill("3..1")
    expect(row).to_contain_text("不是数字")
    cell.fill("8.167")
    expect(visit.page.locator(".note-row")).to_have_count(0)
    expect(cell).not_to_have_attribute("aria-invalid", "true")


def test_an_error_of_the_submission_is_shown_at_its_cell(visit: Visit) -> None:
    visit.fill_sample()
    visit.cell("ni[1]").fill("-2e5")
    visit.page.get_by_role("button", name="计算", exact=True).click()
    expect(visit.cell("ni[1]")).to_have_attribute("aria-invalid", "true")
    expect(visit.cell("ni[1]")).to_be_focused()


def test_a_gap_in_a_column_is_shown_where_it_is(visit: Visit) -> None:
    visit.fill_sample()
    visit.cell("qi[1]").fill("")
    visit.page.get_by_role("button", name="计算", exact=True).click()
    expect(visit.page.locator(".note-row")).to_contain_text("这里空着")


def test_back_and_forward_between_cards_form_and_result(visitor: Visitor) -> None:
    visit = visitor(PHONE, "walker")
    page = visit.page
    page.locator('a[href="#/lab/millikan"]').click()
    visit.fill_sample()
    visit.run()
    page.go_back()
    expect(page.get_by_role("heading", name="即时结果")).to_be_visible()
    assert column(visit, "qi") == ["3.214", "3.191", "8.167", "9.302"]
    page.go_back()
    expect(page.get_by_role("heading", name="选择实验")).to_be_visible()
    page.go_forward()
    page.go_forward()
    page.locator(".result").wait_for()
    assert column(visit, "qi") == ["3.214", "3.191", "8.167", "9.302"]


def test_drafts_belong_to_their_user(visitor: Visitor) -> None:
    visit = visitor(DESKTOP, "first")
    visit.open("millikan")
    visit.cell("qi[0]").fill("1.60")
    visit.page.get_by_role("button", name="退出").click()
    visit.log_in("second")
    visit.open("millikan")
    assert column(visit, "qi") == []
    visit.page.get_by_role("button", name="退出").click()
    visit.log_in("first")
    visit.open("millikan")
    assert column(visit, "qi") == ["1.60"]


def test_instrument_limits_are_sent(visit: Visit) -> None:
    visit.fill_sample()
    visit.page.locator("summary", has_text="仪器误差限").click()
    visit.page.locator(".field", has_text="油滴电荷").locator("input").fill("0.010")
    assert json.loads(sent(visit.page))["instrument"] == {"qi": 0.01}


def test_an_address_that_names_nothing_leads_to_the_cards(visit: Visit) -> None:
    for address in ["/#/lab/nothing", "/#/%E0%A4%A", "/#/history/nothing/x"]:
        visit.page.goto(f"{visit.base}{address}")
        expect(visit.page.locator("h1")).to_be_visible()
    visit.page.goto(f"{visit.base}/#/lab/millikan/{'0' * 32}")
    expect(visit.page.locator(".runbar .line")).to_have_text("记录不存在")
    expect(visit.cell("qi[0]")).to_be_visible()


def test_rows_that_are_whole_are_judged_while_the_others_are_typed(visitor: Visitor) -> None:
    visit = visitor(DESKTOP, "typist")
    visit.open("fit")
    visit.paste("x[0]", "\n".join(str(i) for i in range(1, 21)))
    visit.paste("y[0]", "\n".join(["3.0", "5.1", "6.9", "9.0", "11.1", "131", "15.0", "17.1"]))
    expect(visit.cell("y[5]")).to_have_class("warning")
    expect(visit.note("y[5]")).to_contain_text("13.1")
    expect(visit.page.locator(".note-row")).to_have_count(1)


def test_two_pages_of_one_user_lose_nothing(visit: Visit) -> None:
    page = visit.page
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".sections").wait_for()
    visit.cell("qi[0]").fill("1.61")
    page.wait_for_function("() => Object.values(localStorage).some(v => v.includes('1.61'))")
    other.locator('[data-cell="qi[0]"]').fill("3.22")
    expect(other.get_by_text("另一个页面也填了这个实验")).to_be_visible()
    other.get_by_role("button", name="换成那边的").click()
    expect(other.locator('[data-cell="qi[0]"]')).to_have_value("1.61")
    other.close()
