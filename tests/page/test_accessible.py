"""Accessibility by axe-core, by the keyboard alone, and the weight of the page."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor

HEAVIEST = 200 * 1024
"""Bytes of the whole page as sent (issue: page weight under 200 KiB)."""

PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def violations(visit: Visit) -> list[str]:
    """What axe finds serious or critical on the page as it stands."""
    found = Axe().run(visit.page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def cards(visit: Visit) -> None:
    visit.log_in("axe")


def form(visit: Visit) -> None:
    visit.open("millikan")
    for summary in visit.page.locator(".sections details:not([open]) > summary").all()[::-1]:
        summary.click()


def notes(visit: Visit) -> None:
    visit.fill_sample()
    visit.cell("qi[2]").fill("81.67")
    visit.page.locator(".note-row").wait_for()


def result(visit: Visit) -> None:
    visit.run()
    for summary in visit.page.locator(".result details > summary").all():
        summary.click()
    visit.cell("qi[2]").fill("8.167")


def figure(visit: Visit) -> None:
    visit.page.get_by_role("button", name="放大").first.click()
    visit.page.locator("dialog.viewer").wait_for()


def history(visit: Visit) -> None:
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("link", name="我的记录").click()
    visit.page.locator(".run").first.wait_for()


def long_table(visit: Visit) -> None:
    visit.open("frank-hertz")
    visit.paste("VG2K[0]", "\n".join(f"{i}\t{i % 10}" for i in range(300)))


VIEWS: list[Callable[[Visit], None]] = [cards, form, notes, result, figure, history, long_table]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious(visitor: Visitor, size: dict[str, Any]) -> None:
    visit = visitor(size)
    visit.page.goto(visit.base)
    visit.page.get_by_label("名字").wait_for()
    found = {"login": violations(visit)}
    for view in VIEWS:
        view(visit)
        found[view.__name__] = violations(visit)
    assert {name: list_ for name, list_ in found.items() if list_} == {}


def test_an_experiment_is_done_with_the_keyboard_alone(visitor: Visitor) -> None:
    visit = visitor(DESKTOP)
    page = visit.page
    page.goto(visit.base)

    def tab_to(text: str) -> None:
        focused = "document.activeElement.textContent + document.activeElement.id"
        for _ in range(150):
            page.keyboard.press("Tab")
            if text in page.evaluate(focused):
                return
        raise AssertionError(f"{text} is not reached")

    page.get_by_label("名字").wait_for()
    tab_to("name")
    page.keyboard.type("keys")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="选择实验").wait_for()
    tab_to("密立根油滴")
    page.keyboard.press("Enter")
    page.locator(".sections").wait_for()
    page.keyboard.press("Tab")
    visit.cell("ni[0]").focus()
    for n, q in [("2", "3.214"), ("2", "3.191"), ("5", "8.167"), ("6", "9.302")]:
        page.keyboard.type(n)
        page.keyboard.press("Tab")
        page.keyboard.type(q)
        page.keyboard.press("Tab")
    tab_to("计算")
    page.keyboard.press("Enter")
    expect(page.locator(".display").first).to_contain_text("1.586")
    expect(page.get_by_role("button", name="计算", exact=True)).to_be_focused()
    tab_to("开发者接口文档")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "/docs"


def test_the_page_is_light(visitor: Visitor, capsys: pytest.CaptureFixture[str]) -> None:
    visit = visitor(PHONE)
    sizes: dict[str, int] = {}
    visit.page.on(
        "requestfinished",
        lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}),
    )
    cards(visit)
    visit.page.wait_for_load_state("networkidle")
    paint = visit.page.evaluate(PAINT)
    with capsys.disabled():
        print(f"\nfirst contentful paint {paint:.0f} ms, page {sum(sizes.values()) / 1024:.0f} KiB")
    assert sum(sizes.values()) < HEAVIEST
