"""What can be done with a result: figures, budget, copying, history."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DESKTOP, Visit, Visitor
from tests.page.test_accessible import violations

FORMATS = {"PNG": b"\x89PNG\r\n", "SVG": b"<?xml", "PDF": b"%PDF-"}


@pytest.fixture
def visit(visitor: Visitor, request: pytest.FixtureRequest) -> Visit:
    """A computed sample of Millikan's experiment; a test of the history has its own user."""
    name = request.node.name.removeprefix("test_").replace("_", "-")[:40]
    made = visitor(DESKTOP, name if "history" in name or "base" in name else "reader")
    made.open("millikan")
    made.fill_sample()
    made.run()
    return made


def test_figures_are_saved(visit: Visit) -> None:
    for format_, start in FORMATS.items():
        with visit.page.expect_download() as saved:
            visit.page.get_by_role("link", name=f"保存 q-n 为 {format_}").click()
        assert saved.value.suggested_filename == f"millikan-q-n.{format_.lower()}"
        assert Path(saved.value.path()).read_bytes().startswith(start)


def test_figure_is_enlarged_and_closed_by_keyboard(visit: Visit) -> None:
    visit.page.get_by_role("button", name="放大").click()
    expect(visit.page.locator("dialog.viewer img")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("dialog")).to_have_count(0)


def test_back_closes_the_figure_and_leaves_the_result(visit: Visit) -> None:
    address = visit.page.url
    visit.page.get_by_role("button", name="放大").click()
    expect(visit.page.locator("dialog.viewer img")).to_be_visible()
    visit.page.go_back()
    expect(visit.page.locator("dialog")).to_have_count(0)
    expect(visit.page.locator(".result")).to_be_visible()
    assert visit.page.url == address


def test_budget_and_fit_on_demand(visit: Visit) -> None:
    first = visit.page.locator(".measurand").first
    expect(first.locator("table")).not_to_be_visible()
    first.locator("summary").click()
    expect(first.locator("table")).to_contain_text("合成")
    # Student's t at P = 95 % and 3 degrees of freedom is 3.182 (GUM, table G.2).
    expect(first).to_contain_text("k = 3.18（P = 95 %）")
    visit.page.locator(".fits summary").click()
    expect(visit.page.locator(".fits")).to_contain_text("n = 4，ν = 3")


def test_results_are_copied_as_text_and_as_a_table(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    display = visit.page.locator(".display").first.inner_text()
    visit.page.get_by_role("button", name="复制文本").click()
    expect(visit.page.locator("#notice")).to_contain_text("已复制")
    text = visit.page.evaluate("navigator.clipboard.readText()")
    assert display in text
    assert text.startswith("密立根油滴")
    visit.page.get_by_role("button", name="复制为 Word 表格").click()
    html = visit.page.evaluate(
        "navigator.clipboard.read().then(([one]) => one.getType('text/html'))"
        ".then((blob) => blob.text())"
    )
    assert "<table" in html
    assert display in html


def test_an_edit_marks_the_result_as_older_than_the_readings(visit: Visit) -> None:
    stale = visit.page.locator(".stale-note")
    expect(stale).not_to_be_visible()
    visit.cell("qi[0]").fill("3.215")
    expect(stale).to_be_visible()
    visit.cell("qi[0]").fill("3.214")
    expect(stale).not_to_be_visible()


def test_history_opens_a_run_again_with_its_readings(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="清空").click()
    page.get_by_role("link", name="我的记录").click()
    page.get_by_role("link", name="打开 密立根油滴").click()
    page.locator(".result").wait_for()
    expect(visit.cell("qi[3]")).to_have_value("9.302")


def test_history_never_replaces_readings_that_are_not_computed(visit: Visit) -> None:
    page = visit.page
    visit.cell("qi[0]").fill("4.80")
    page.get_by_role("link", name="我的记录").click()
    page.get_by_role("link", name="打开 密立根油滴").click()
    page.locator(".result").wait_for()
    expect(visit.cell("qi[0]")).to_have_value("4.80")
    page.get_by_role("button", name="填入这次的读数").click()
    expect(visit.cell("qi[0]")).to_have_value("3.214")
    page.get_by_role("button", name="撤销").click()
    expect(visit.cell("qi[0]")).to_have_value("4.80")


def test_a_run_is_the_base_of_another(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="清空").click()
    page.get_by_role("link", name="我的记录").click()
    page.get_by_role("link", name="以此为底稿").click()
    expect(visit.cell("qi[0]")).to_have_value("3.214")
    visit.cell("qi[0]").fill("3.20")
    page.reload()
    expect(visit.cell("qi[0]")).to_have_value("3.20")
    visit.run()
    page.get_by_role("link", name="我的记录").click()
    expect(page.locator(".run")).to_have_count(2)


def test_history_exports_csv_and_deletes_with_a_question(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="这个实验的记录").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出 CSV").click()
    rows = list(csv.reader(Path(saved.value.path()).read_text("utf-8-sig").splitlines()))
    assert rows[:2] == [["ni", "qi"], ["2", "3.214"]]
    page.get_by_role("button", name="删除").click()
    page.locator("dialog").get_by_role("button", name="取消").click()
    expect(page.locator(".run")).to_have_count(1)
    page.get_by_role("button", name="删除").click()
    page.locator("dialog").get_by_role("button", name="删除").click()
    expect(page.locator(".run")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("还没有记录")).to_be_visible()


def test_a_result_is_there_after_a_reload(visit: Visit) -> None:
    display = visit.page.locator(".display").first.inner_text()
    visit.page.reload()
    expect(visit.page.locator(".display").first).to_have_text(display)


def test_a_warning_of_the_result_leads_to_its_reading(visit: Visit) -> None:
    visit.cell("qi[2]").fill("81.67")
    visit.run()
    visit.page.locator(".cautions button", has_text="第 3 个").click()
    expect(visit.cell("qi[2]")).to_be_focused()
    expect(visit.cell("qi[2]")).to_be_in_viewport()


def test_beside_a_slip_the_cause_comes_first_and_no_agreement_is_claimed(visitor: Visitor) -> None:
    visit = visitor(DESKTOP, "reader")
    visit.open("thermal")
    visit.fill_sample()
    visit.cell("pt100_resistance[2]").fill("1.196")
    visit.run()
    cautions = visit.page.locator(".cautions")
    assert "第 3 个 Pt100 电阻 R" in cautions.locator("li").first.inner_text()
    expect(visit.page.locator(".agrees")).to_have_count(0)


def test_missing_limits_of_instruments_are_said(visit: Visit) -> None:
    expect(visit.page.locator(".result")).to_contain_text("未计入 B 类不确定度")
    visit.page.locator("summary", has_text="仪器误差限").click()
    visit.page.locator(".field", has_text="油滴电荷").locator("input").fill("0.010")
    visit.run()
    expect(visit.page.locator(".result")).not_to_contain_text("未计入 B 类不确定度")


def test_the_steps_unfold_with_their_formulas_and_are_copied_as_latex(visit: Visit) -> None:
    page = visit.page
    visit.open("young-modulus")
    visit.fill_sample()
    visit.run()
    page.get_by_text("计算步骤").click()
    modulus = page.locator(".step-section").filter(has_text="杨氏模量 E")
    expect(modulus).to_contain_text("结果：E = (201.1 ± 6.8) GPa")
    fraction = modulus.locator("math mfrac").first
    above, below = (fraction.locator("> *").nth(i).bounding_box() for i in (0, 1))
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"] + 1
    assert "π" in (modulus.locator(".formula").first.get_attribute("aria-label") or "")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制 LaTeX").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "\\frac{KmgLD}{\\pi {d}^{2}b\\Delta n}" in copied


def test_experiments_are_found_by_name_initials_and_symbol(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.base}/#/")
    field = page.get_by_label("查找")
    cards = page.locator(".chapter:not([aria-label='最近']) .card-title")
    for asked, title in (
        ("光杠杆", "拉伸法测杨氏模量（光杠杆）"),
        ("ndhc", "牛顿环测曲率半径"),
        ("V₁", "霍尔效应（改变工作电流）"),
    ):
        field.fill(asked)
        expect(cards.get_by_text(title, exact=True)).to_be_visible()
        assert cards.count() < 5
    field.fill("没有这种实验")
    expect(page.locator(".chapter")).to_have_count(0)
    field.fill("")
    expect(page.get_by_role("region", name="最近").locator(".card-title").first).to_be_visible()


def test_the_rules_of_a_school_are_chosen_once_and_said_with_the_result(visit: Visit) -> None:
    page = visit.page
    visit.open("pendulum")
    page.get_by_role("button", name="一个摆长，多次测时间").click()
    visit.fill_sample()
    page.get_by_label("评定规则").select_option(label="中国科学技术大学")
    visit.run()
    line = page.locator(".measurand .display").first
    expect(line).to_have_text("g = (9.82 ± 0.20) m/s² (P = 0.95)")
    page.get_by_text("计算步骤").click()
    steps = page.locator(".steps-body")
    expect(steps).to_contain_text("结果（按中国科学技术大学的规则）")
    page.reload()
    expect(page.get_by_label("评定规则")).to_have_value("ustc")
    expect(line).to_have_text("g = (9.82 ± 0.20) m/s² (P = 0.95)")


def test_a_report_is_saved_with_the_title_block_typed_once(visit: Visit) -> None:
    page = visit.page
    visit.open("young-modulus")
    visit.fill_sample()
    visit.run()
    page.get_by_text("实验报告", exact=True).click()
    page.get_by_label("姓名").fill("李华")
    for label, start in (("PDF", b"%PDF"), ("Word", b"PK"), ("LaTeX", b"PK")):
        with page.expect_download() as saved:
            page.locator(".report").get_by_role("button", name=label).click()
        assert Path(saved.value.path()).read_bytes().startswith(start)
    with page.expect_download() as saved:
        page.locator(".report").get_by_role("button", name="网页").click()
    assert "姓名：李华" in Path(saved.value.path()).read_text()
    page.reload()
    page.get_by_text("实验报告", exact=True).click()
    expect(page.get_by_label("姓名")).to_have_value("李华")


def test_own_numbers_are_judged_where_they_stand(visit: Visit) -> None:
    page = visit.page
    visit.open("pendulum")
    page.get_by_role("button", name="一个摆长，多次测时间").click()
    visit.fill_sample()
    visit.run()
    page.get_by_text("核对自己算的").click()
    group = page.get_by_role("group", name="n 个周期的时间")
    group.get_by_label("标准偏差 s").fill("0.02906")
    group.get_by_label("u_A").fill("0.02906")
    result = page.get_by_role("group", name="重力加速度")
    result.get_by_label("结果表示").fill("g = (9.82 ± 0.21) m/s²")
    page.get_by_role("button", name="核对", exact=True).click()
    expect(group.locator(".claim", has_text="标准偏差 s")).to_contain_text("对")
    expect(group.locator(".claim", has_text="u_A")).to_contain_text("不对 忘了除以 √n")
    expect(result.locator(".claim", has_text="结果表示").locator(".agrees")).to_have_text("对")
    assert violations(visit) == []
