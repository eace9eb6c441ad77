"""Log in, open each experiment, fill the sample, run, see every measurand and every figure."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from functions._runtime.discovery import discover
from functions._runtime.experiment import Experiment
from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor

NAMES = [found.wire_name for found in discover() if isinstance(found, Experiment)]


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
    expect(page.locator(".measurand")).to_have_count(len(run["results"]))
    for shown, measurand in zip(page.locator(".measurand").all(), run["results"], strict=True):
        expect(shown.locator("h3")).to_have_text(measurand["name"])
        expect(shown.locator(".display")).to_have_text(measurand["display"])
    expect(page.locator(".cautions li")).to_have_count(len(run["warnings"]))
    figures = page.locator("figure img")
    expect(figures).to_have_count(len(run["images"]))
    for figure in figures.all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_js_property("complete", True)
        assert figure.evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", NAMES)
def test_sample_gives_every_measurand_and_figure(
    visitor: Visitor, size: dict[str, Any], name: str, request: pytest.FixtureRequest
) -> None:
    visit = visitor(size, f"student-{name}")
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
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert visit.page.evaluate(width) == 0, "the page is wider than the screen"
        screenshot(visit, f"{request.node.callspec.id}-{number}")
