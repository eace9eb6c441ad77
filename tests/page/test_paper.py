"""What is printed: all the readings, the result and the figures, and nothing to press."""

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor


@pytest.fixture
def visit(visitor: Visitor) -> Visit:
    made = visitor(DESKTOP, "printer")
    made.open("frank-hertz")
    made.fill_sample()
    made.run()
    made.page.emulate_media(media="print")
    return made


def test_readings_result_and_figures_are_printed(visit: Visit) -> None:
    page = visit.page
    try:
        frame = page.locator(".sheet-scroll").first
        assert frame.evaluate("frame => frame.scrollHeight - frame.clientHeight") <= 1
        expect(visit.cell("VG2K[81]")).to_be_visible()
        expect(visit.cell("VG2K[82]")).to_be_hidden()
        expect(page.locator(".display").first).to_be_visible()
        expect(page.locator("figure img").first).to_be_visible()
        for pressed in page.get_by_role("button").all():
            assert pressed.locator("img").count(), pressed.inner_text()
        expect(page.locator(".site, .site-foot, .saving").first).to_be_hidden()
    finally:
        page.emulate_media(media="screen")


def test_on_paper_the_sample_takes_two_pages(visit: Visit) -> None:
    try:
        visit.page.locator("figure img").first.scroll_into_view_if_needed()
        printed = visit.page.pdf(prefer_css_page_size=True, format="A4")
        assert printed.count(b"/Type /Page\n") == 2
    finally:
        visit.page.emulate_media(media="screen")


def test_phones_get_pads_of_digits_and_a_key_for_the_sign(visitor: Visitor) -> None:
    visit = visitor(PHONE, "typist")
    visit.open("frank-hertz")
    cell = visit.cell("groups[0].currents[0]")
    assert cell.get_attribute("inputmode") == "decimal"
    cell.fill("1.50")
    cell.focus()
    visit.page.get_by_role("button", name="变号").click()
    expect(cell).to_have_value("-1.50")
    expect(cell).to_be_focused()
