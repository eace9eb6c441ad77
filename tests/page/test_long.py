"""Columns of thousands of readings: only the rows near the view are built, and nothing is lost."""

import json

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor

N = 5000
ROWS = [f"{i / 100:.2f}\t{1 + i % 7}.0" for i in range(N)]
LAST = N - 1

BUILT = "document.querySelectorAll('.sheet input').length"


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def visit(visitor: Visitor, request: pytest.FixtureRequest) -> Visit:
    made: Visit = visitor(request.param, "patient")
    made.open("frank-hertz")
    # The sentences of the bundle are not needed here, and its analysis would only take time.
    made.page.route("**/check", lambda route: route.fulfill(json={"results": [], "warnings": []}))
    made.paste("VG2K[0]", "\n".join(ROWS))
    return made


def test_few_rows_are_built_and_all_are_sent(visit: Visit) -> None:
    page = visit.page
    expect(visit.cell("VG2K[0]")).to_have_value("0.00")
    assert page.evaluate(BUILT) < 600
    assert page.locator("table.sheet").first.get_attribute("aria-rowcount") == str(N + 2)
    refused = {"detail": "太大", "field": "groups[0].currents", "index": LAST}
    page.route("**/start", lambda route: route.fulfill(status=400, json=refused))
    with page.expect_request("**/start") as asked:
        page.get_by_role("button", name="计算", exact=True).click()
    sent = json.loads(asked.value.post_data or "")
    assert [f"{v:.2f}" for v in sent["VG2K"]] == [row.split("\t")[0] for row in ROWS]
    assert len(sent["groups"][0]["currents"]) == N
    # The error's cell was not built before: it is, and it is shown.
    far = f"groups[0].currents[{LAST}]"
    expect(visit.cell(far)).to_be_focused()
    expect(visit.cell(far)).to_be_in_viewport()
    expect(visit.note(far)).to_have_text("太大")


def test_keys_and_edits_reach_rows_that_were_not_built(visit: Visit) -> None:
    page = visit.page
    visit.cell("VG2K[49]").focus()
    page.keyboard.press("Enter")
    expect(visit.cell("VG2K[50]")).to_be_focused()
    page.keyboard.type("7.77")
    page.get_by_role("button", name="加一行").click()
    expect(visit.cell(f"VG2K[{N + 1}]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(visit.cell(f"VG2K[{LAST}]")).to_have_value("49.99")
    page.get_by_role("button", name=f"删除第 {N} 行").click()
    expect(visit.cell(f"VG2K[{LAST}]")).to_have_value("")
    page.reload()
    page.locator(".sections").wait_for()
    visit.cell("VG2K[49]").focus()
    page.keyboard.press("ArrowDown")
    expect(visit.cell("VG2K[50]")).to_have_value("7.77")


def test_scrolling_builds_what_comes_into_view(visit: Visit) -> None:
    page = visit.page
    frame = page.locator(".sheet-scroll").first
    frame.evaluate("frame => frame.scrollTo(0, frame.scrollHeight / 2)")
    expect(visit.cell(f"VG2K[{N // 2}]")).to_have_value("25.00")
    visit.cell(f"VG2K[{N // 2}]").fill("1.5")
    frame.evaluate("frame => frame.scrollTo(0, frame.scrollHeight)")
    expect(visit.cell(f"VG2K[{LAST}]")).to_have_value("49.99")
    assert page.evaluate(BUILT) < 900
    frame.evaluate("frame => frame.scrollTo(0, frame.scrollHeight / 2)")
    expect(visit.cell(f"VG2K[{N // 2}]")).to_have_value("1.5")
