"""The page in a real headless Chromium, against a really started bundle."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pylopdf_fonts_zh_cn
import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from tests.server import Server, running

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What waits to be written is written first: it would be after.
_FORGET = """() => {
  dispatchEvent(new Event("pagehide"));
  const session = localStorage.getItem("lab.session");
  localStorage.clear();
  if (session) localStorage.setItem("lab.session", session);
}"""
_PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
    cancelable: true}));
}"""
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{}</dir></fontconfig>
"""


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A bundle with an empty data folder."""
    with running(tmp_path_factory.mktemp("page") / "data") as started:
        yield started


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright for this package alone: its event loop must not outlive these tests."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium, with the Chinese font that the bundle draws with."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "these tests need Chromium: apt-get install chromium"
    fonts = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    fonts.write_text(_FONTS.format(Path(pylopdf_fonts_zh_cn.__file__).parent))
    chromium = playwright.chromium.launch(
        executable_path=path,
        headless=True,
        args=list(_QUIET),
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )
    yield chromium
    chromium.close()


@dataclass
class Visit:
    """A student's browser at the page, and everything that went wrong in it."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)
    name: str = ""

    def log_in(self, name: str) -> None:
        """Log in from a fresh start, to the cards."""
        self.page.goto(self.base)
        self.page.get_by_label("名字").fill(name)
        self.page.get_by_role("button", name="进入").click()
        expect(self.page.get_by_role("heading", name="选择实验")).to_be_visible(timeout=20_000)

    def open(self, experiment: str) -> None:
        """Open an experiment by its address."""
        self.page.goto(f"{self.base}/#/lab/{experiment}")
        self.page.locator(".sections").wait_for()

    def fill_sample(self) -> None:
        self.page.get_by_role("button", name="填入示例").click()

    def run(self) -> None:
        """Compute, and wait for the result."""
        self.page.get_by_role("button", name="计算", exact=True).click()
        self.page.locator(".result, .runbar .line.error").first.wait_for()
        refused = self.page.locator(".runbar .line.error")
        assert refused.count() == 0, refused.inner_text()

    def cell(self, place: str) -> Any:
        """The input of one reading, ``qi[2]``."""
        return self.page.locator(f'[data-cell="{place}"]')

    def note(self, place: str) -> Any:
        """What is said under the row of one reading."""
        return self.page.locator(f"tr:has([data-cell='{place}']) + .note-row")

    def paste(self, place: str, text: str) -> None:
        """Paste a text into a reading."""
        self.cell(place).focus()
        self.cell(place).evaluate(_PASTE, text)

    def watch(self) -> None:
        """Note errors of scripts, refusals of the policy, and requests to anywhere else."""
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("console", self._said)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", f"blob:{self.base}")):
            self.troubles.append(f"request to {request.url}")

    def arrive(self, name: str) -> None:
        """At the cards, as ``name``; whoever was here before in this tab stays logged in."""
        if self.name != name:
            if self.name:
                self.page.goto(self.base)
                self.page.evaluate("localStorage.clear()")
                self.page.goto("about:blank")
            self.log_in(name)
        else:
            self.page.goto(self.base)
            self.page.get_by_role("heading", name="选择实验").wait_for()
        self.name = name

    def forget(self) -> None:
        """Leave nothing of this visit but the login and the browser's cache of the page's files."""
        self.page.unroute_all()
        self.page.context.set_offline(False)
        self.page.context.clear_permissions()
        self.page.evaluate(_FORGET)
        self.page.goto("about:blank")


def column(visit: Visit, name: str) -> list[str]:
    """The filled cells of a column, top to bottom."""
    cells = visit.page.locator(f'[data-cell^="{name}["]')
    texts: list[str] = cells.evaluate_all("all => all.map(input => input.value)")
    while texts and not texts[-1]:
        texts.pop()
    return texts


def sent(page: Page) -> str:
    """Body of the submission that a click on the button makes."""
    with page.expect_request("**/start") as asked:
        page.get_by_role("button", name="计算", exact=True).click()
    return asked.value.post_data or ""


Visitor = Callable[..., Visit]


@pytest.fixture(scope="package")
def tabs(browser: Browser) -> list[Visit]:
    """Tabs that are used again: a new one costs half a second."""
    return []


@pytest.fixture
def visitor(browser: Browser, server: Server, tabs: list[Visit]) -> Iterator[Visitor]:
    """Opens browsers: ``visitor(PHONE)`` has not seen the page before, ``visitor(PHONE, "张三")``
    is logged in."""
    visits: list[Visit] = []

    def visit(size: dict[str, Any], name: str = "", base: str = server.base) -> Visit:
        free = (tab for tab in tabs if tab.page.viewport_size == size["viewport"] and name)
        made = next(free, None)
        if made is None:
            context = browser.new_context(**size)
            context.set_default_timeout(20_000)
            made = Visit(context.new_page(), base)
            made.watch()
        else:
            tabs.remove(made)
        visits.append(made)
        if name:
            made.arrive(name)
        return made

    yield visit
    troubles = [trouble for made in visits for trouble in made.troubles]
    for made in visits:
        if troubles or not made.name:
            made.page.context.close()
        else:
            made.forget()
            tabs.append(made)
    assert troubles == []


@pytest.fixture(scope="package")
def experiments(server: Server) -> list[dict[str, Any]]:
    """The forms of all experiments, as the bundle declares them."""
    with httpx.Client(base_url=server.base, trust_env=False) as client:
        items = client.get("/api/experiments").json()["items"]
        return [client.get(f"/api/experiments/{item['name']}").json() for item in items]
