"""Every experiment from a fresh start: log in, open, fill the sample, run, see every measurand and
figure; then change one reading to a slip and see the warning at its cell; break it and see the
error there."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.experiments import EXPERIMENTS, REPRESENTATIVE
from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor

# A decimal point in the wrong place, in a sample: the cell, what is typed, what was meant.
SLIPS: dict[tuple[str, int], tuple[str, str, str]] = {
    ("fiber", 0): ("U[9]", "10.2", "1.02"),
    ("fiber", 1): ("P[10]", "1.49", "0.149"),
    ("fiber", 2): ("I1[1]", "990", "99"),
    ("fit", 0): ("y[5]", "143.4", "14.34"),
    ("frank-hertz", 0): ("groups[0].currents[41]", "39.75", "3.975"),
    ("mechanics", 0): ("t2m.T10_avg_s[2]", "179.34", "17.934"),
    ("millikan", 0): ("qi[2]", "81.67", "8.167"),
    ("photo-devices", 0): ("pd_I_L[3]", "53", "5.3"),
    ("solar-cell", 0): ("light_current[10]", "88", "8.8"),
    ("thermal", 0): ("pt100_resistance[3]", "1328.5", "132.85"),
    ("ultrasound", 0): ("v_free_fall_1[4]", "26.4", "2.64"),
    ("uncertainty", 0): ("quantities[1].readings[3]", "20.047", "2.0047"),
}

CASES = [
    pytest.param(one.wire_name, size, id=f"{one.wire_name}-{word}")
    for one in REPRESENTATIVE
    for word, size in (("phone", PHONE), ("desktop", DESKTOP))
]
OTHERS = [one for one in EXPERIMENTS if one not in REPRESENTATIVE]
"""Declared, as some of those are: form and page are made of the declaration."""


def screenshot(visit: Visit, name: str) -> None:
    """Keep a picture in the folder that ``PAGE_SCREENSHOTS`` names, for people to look at."""
    if folder := os.environ.get("PAGE_SCREENSHOTS"):
        visit.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        visit.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def outcome(visit: Visit) -> dict[str, Any]:
    """What the bundle keeps of the run that the address names."""
    run = visit.page.url.rsplit("/", 1)[1]
    token = visit.page.evaluate("JSON.parse(localStorage['lab.session']).token")
    answer = visit.page.request.get(
        f"{visit.base}/api/runs/{run}", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.ok
    found: dict[str, Any] = json.loads(answer.text())
    return found


def expect_everything(visit: Visit) -> None:
    """Every measurand, warning and figure of the run is in the page, the figures loaded."""
    page = visit.page
    visit.page.wait_for_url("**/#/lab/*/*")
    run = outcome(visit)
    assert run["results"] or run["warnings"]
    assert run["images"]
    expect(page.locator(".measurand h3")).to_have_text([one["name"] for one in run["results"]])
    displays = [one["display"] for one in run["results"]]
    expect(page.locator(".measurand .display")).to_have_text(displays)
    expect(page.locator(".cautions li")).to_have_count(len(run["warnings"]))
    figures = page.locator("figure img")
    expect(figures).to_have_count(len(run["images"]))
    # A figure that is not loaded, or is none, fails to be decoded.
    figures.evaluate_all("images => Promise.all(images.map(image => image.decode()))")


def expect_sound(visit: Visit) -> None:
    """Nothing is wider than the screen, and no value of the language stands in a text."""
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visit.page.evaluate(width) == 0, "the page is wider than the screen"
    for nothing in ("null", "undefined", "NaN", "[object"):
        expect(visit.page.locator("#main")).not_to_contain_text(nothing)


def expect_slip_and_break(visit: Visit, slip: tuple[str, str, str]) -> None:
    """A slip is warned of while it is typed, a break refused by the bundle, both at the cell."""
    place, typed, meant = slip
    cell = visit.cell(place)
    cell.fill(typed)
    visit.page.locator(f".warning[data-cell='{place}']").wait_for()
    expect(visit.note(place)).to_contain_text(meant)
    assert cell.get_attribute("aria-describedby")
    cell.fill("1e31")
    visit.page.get_by_role("button", name="计算", exact=True).click()
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(cell).to_be_focused()
    expect(cell).to_be_in_viewport()
    expect(visit.note(place)).to_contain_text("应不大于")
    expect(visit.page.locator(".note-row")).to_have_count(1)


@pytest.mark.parametrize(("name", "size"), CASES)
def test_sample_slip_and_break(
    visitor: Visitor, size: dict[str, Any], name: str, request: pytest.FixtureRequest
) -> None:
    visit = visitor(size, "student")
    visit.page.locator(f'a[href="#/lab/{name}"]').click()
    tabs = visit.page.locator(".tabs button")
    visit.page.locator(".sections").wait_for()
    for number in range(max(1, tabs.count())):
        if tabs.count():
            visit.open(name)
            tabs.nth(number).click()
        visit.fill_sample()
        visit.run()
        expect_everything(visit)
        expect_sound(visit)
        screenshot(visit, f"{request.node.callspec.id}-{number}")
        if slip := SLIPS.get((name, number)):
            expect_slip_and_break(visit, slip)


@pytest.mark.parametrize("chapter", dict.fromkeys(one.chapter for one in OTHERS))
def test_every_other_sample_is_filled_and_checked(visitor: Visitor, chapter: str) -> None:
    visit = visitor(PHONE, "student")
    for one in [one for one in OTHERS if one.chapter == chapter]:
        visit.open(one.wire_name)
        expect(visit.page.locator("h1")).to_have_text(one.title)
        tabs = visit.page.locator(".tabs button")
        for number in range(max(1, tabs.count())):
            if tabs.count():
                tabs.nth(number).click()
            visit.fill_sample()
            expect(visit.page.locator(".preview dd").first).to_be_visible()
            expect_sound(visit)
            screenshot(visit, f"{one.wire_name}-{number}")
