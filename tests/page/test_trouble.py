"""Bad networks and refusals: each has a sentence and a way on, and nothing typed disappears."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.server import Server, running

APPID = "wx1234567890abcdef"

CHARGES = ["3.214", "3.191", "8.167", "9.302"]


@pytest.fixture
def visit(visitor: Visitor) -> Visit:
    made = visitor(PHONE, "unlucky")
    made.open("millikan")
    made.fill_sample()
    return made


def compute(visit: Visit) -> None:
    visit.page.get_by_role("button", name="计算", exact=True).click()


def charges(visit: Visit) -> list[str]:
    return [visit.cell(f"qi[{i}]").input_value() for i in range(4)]


def once(status: int, detail: str, **headers: str) -> Callable[[Route], None]:
    """Refuse the first request, let the others through."""
    refused: list[bool] = []

    def answer(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(True)
            route.fulfill(status=status, json={"detail": detail}, headers=headers)

    return answer


@pytest.mark.parametrize(
    ("status", "detail"),
    [(429, "您有太多任务在计算"), (503, "数据库暂时不可用"), (502, "网关没有回答")],
)
def test_a_passing_refusal_is_said_and_tried_again(visit: Visit, status: int, detail: str) -> None:
    visit.page.route("**/start", once(status, detail, **{"retry-after": "30"}))
    compute(visit)
    expect(visit.page.locator(".runbar")).to_contain_text(detail)
    expect(visit.page.locator(".runbar")).to_contain_text("30 秒后自动重试")
    visit.page.get_by_role("button", name="立即重试").click()
    visit.page.locator(".result").wait_for()


def test_offline_is_said_and_goes_on_when_the_network_is_back(visit: Visit) -> None:
    visit.page.context.set_offline(True)
    compute(visit)
    expect(visit.page.locator(".runbar")).to_contain_text("网络已断开")
    assert charges(visit) == CHARGES
    visit.page.context.set_offline(False)
    visit.page.locator(".result").wait_for()


def test_a_lost_poll_is_polled_again(visit: Visit) -> None:
    lost: list[bool] = []

    def drop(route: Route) -> None:
        if len(lost) < 2:
            lost.append(True)
            route.abort("connectionreset")
        else:
            route.continue_()

    visit.page.route("**/api/plots/status/*", drop)
    compute(visit)
    expect(visit.page.locator(".runbar")).to_contain_text("连不上服务器")
    visit.page.locator(".result").wait_for()
    assert len(lost) == 2


def test_progress_is_shown_while_a_run_is_pending_and_can_be_given_up(visit: Visit) -> None:
    pending: dict[str, Any] = {
        "status": "pending",
        "images": [],
        "images_data": None,
        "message": "",
    }
    visit.page.route("**/api/plots/status/*", lambda route: route.fulfill(json=pending))
    compute(visit)
    expect(visit.page.locator(".runbar")).to_contain_text("正在计算")
    visit.page.get_by_role("button", name="取消").click()
    expect(visit.page.locator(".runbar")).not_to_contain_text("正在计算")
    expect(visit.page.get_by_role("button", name="计算", exact=True)).to_be_enabled()
    assert charges(visit) == CHARGES


def test_a_failed_run_says_why_at_its_place(visit: Visit) -> None:
    failed: dict[str, Any] = {"status": "failed", "images": [], "images_data": None}
    failed["message"] = "第 2 个油滴电荷 q：太小"
    refused = {"detail": failed["message"], "field": "qi", "index": 1}
    visit.page.route("**/api/plots/status/*", lambda route: route.fulfill(json=failed))
    visit.page.route("**/check", lambda route: route.fulfill(status=400, json=refused))
    compute(visit)
    expect(visit.cell("qi[1]")).to_have_attribute("aria-invalid", "true")
    expect(visit.page.locator(".note-row")).to_contain_text("太小")


def test_an_expired_login_asks_again_and_keeps_what_was_typed(visit: Visit) -> None:
    visit.cell("qi[3]").fill("9.30")
    visit.page.route("**/start", once(401, "登录已过期"))
    compute(visit)
    expect(visit.page.get_by_text("登录已过期")).to_be_visible()
    visit.page.get_by_label("名字").fill("unlucky")
    visit.page.get_by_role("button", name="进入").click()
    visit.page.locator(".sections").wait_for()
    assert charges(visit) == [*CHARGES[:3], "9.30"]


def test_an_unexpected_failure_gives_the_number_to_report(visit: Visit) -> None:
    visit.page.route("**/start", once(500, "服务器内部错误", **{"x-request-id": "abc123"}))
    compute(visit)
    expect(visit.page.locator(".runbar")).to_contain_text("abc123")


def test_a_server_that_does_not_answer_at_the_start_offers_to_try_again(visitor: Visitor) -> None:
    visit = visitor(DESKTOP)
    visit.page.route("**/api/experiments", once(503, "数据库暂时不可用"))
    visit.page.goto(visit.base)
    visit.page.get_by_label("名字").fill("early")
    visit.page.get_by_role("button", name="进入").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("数据库暂时不可用")
    visit.page.get_by_role("button", name="重试").click()
    expect(visit.page.get_by_role("heading", name="选择实验")).to_be_visible()


def test_texts_of_the_server_are_never_markup(visit: Visit) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    visit.page.route("**/start", once(400, nasty))
    compute(visit)
    expect(visit.page.locator(".runbar .line")).to_have_text(nasty)
    assert visit.page.locator("img[src=x]").count() == 0


def production(folder: Path, **variables: str) -> AbstractContextManager[Server]:
    """A bundle as it is deployed, the platform's gateway before it."""
    return running(
        folder / "data",
        WECHAT_MOCK="0",
        WECHAT_TRUST_HEADERS="1",
        WECHAT_APPID=APPID,
        JWT_SECRET="q9Xw2-Zr7Lm4-Tb6Vn1-Kc8Pd3-Hs5Fj0",
        **variables,
    )


def test_production_says_that_login_is_by_wechat(visitor: Visitor, tmp_path: Path) -> None:
    with production(tmp_path, LOGIN_CODES="0") as server:
        visit = visitor(PHONE, base=server.base)
        visit.page.goto(server.base)
        expect(visit.page.get_by_text("请在微信小程序中登录使用")).to_be_visible()
        expect(visit.page.get_by_label("名字")).to_have_count(0)
        expect(visit.page.get_by_label("登录数字")).to_have_count(0)


def test_production_lets_in_by_a_code_from_the_mini_program(
    visitor: Visitor, tmp_path: Path
) -> None:
    with production(tmp_path) as server:
        visit = visitor(PHONE, base=server.base)
        visit.page.goto(server.base)
        field = visit.page.get_by_label("登录数字")
        identity = {"X-WX-SOURCE": "wx_client", "X-WX-APPID": APPID, "X-WX-OPENID": "o-li"}
        code = httpx.post(f"{server.base}/api/auth/code", headers=identity).json()["code"]
        field.fill(f"{(int(code) + 1) % 10**6:06d}")
        visit.page.get_by_role("button", name="进入").click()
        expect(visit.page.get_by_role("alert")).to_have_text(
            "登录数字不对或已过期，请在小程序里重新获取"
        )
        field.fill(f"{code[:3]} {code[3:]}")
        visit.page.get_by_role("button", name="进入").click()
        expect(visit.page.get_by_role("link", name="单摆")).to_be_visible()
        visit.page.reload()
        expect(visit.page.get_by_role("link", name="单摆")).to_be_visible()
