"""A new experiment appears without touching the page: forms come from declarations alone.

The declarations are those of an experiment that the bundle does not have, put in place of the
answer of ``GET /api/experiments/{name}``; what would be submitted is compared with the JSON
expected.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.page.conftest import DESKTOP, PHONE, Visit, Visitor


def column(path: str, symbol: str, unit: str, **more: Any) -> dict[str, Any]:
    name = path.rsplit(".", 1)[-1]
    declared = {"name": name, "path": path, "kind": "column", "title": f"量{symbol}"}
    return {**declared, "symbol": symbol, "unit": unit, **more}


def single(path: str, kind: str = "scalar", **more: Any) -> dict[str, Any]:
    name = path.rsplit(".", 1)[-1]
    return {"name": name, "path": path, "kind": kind, "title": name, **more}


CURVES = [
    column("V", "V_G2K", "V", required=True),
    single("gas", "choice", choices=["argon", "neon"], default="argon"),
    single("note", "text", max_length=20),
    single("panels", default=False),
    column("groups[].currents", "I", "μA", required=True),
    single("groups[].label", "text"),
]
PARTS = [
    single("part.m0_g", unit="g", symbol="m_0"),
    column("part.weights", "m", "g", table="砝码"),
    column("part.times", "T", "s", table="砝码"),
    column("drops", "U", "V", table="油滴"),
    column("falls", "t", "s", table="油滴", kind="repeats"),
    single("apparatus.gap", unit="mm", default=5.0),
]
INVENTED = {
    "name": "invented",
    "title": "新实验",
    "route": "/api/plots/invented",
    "fields": CURVES,
    "variants": [
        {"tag_field": "plot", "tag": "curves", "title": "曲线", "fields": CURVES},
        {"tag_field": "plot", "tag": "parts", "title": "部件", "fields": PARTS},
    ],
    "samples": {
        "invented": {
            "plot": "curves",
            "V": [1, 2],
            "groups": [{"currents": [0.10, 0.2], "label": "甲"}, {"currents": [0.3, 0.4]}],
        },
        "invented-parts": {"plot": "parts", "part": {"m0_g": 1, "weights": [2], "times": [3]}},
    },
    "schema": {},
}


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def visit(visitor: Visitor, request: pytest.FixtureRequest) -> Visit:
    line = {key: INVENTED[key] for key in ("name", "title", "route")}
    listed = {**line, "chapter": "光学", "keywords": [], "initials": "xsy", "symbols": ["V"]}

    def declare(route: Route) -> None:
        route.fulfill(json={"items": [listed]})

    def describe(route: Route) -> None:
        route.fulfill(json=INVENTED)

    made = visitor(request.param, "inventor")
    made.page.route("**/api/experiments", declare)
    made.page.route("**/api/experiments/invented", describe)
    made.page.reload()
    made.page.get_by_role("link", name="新实验").click()
    return made


def submitted(page: Page) -> Any:
    with page.expect_request("**/invented/start") as asked:
        page.get_by_role("button", name="计算", exact=True).click()
    return json.loads(asked.value.post_data or "")


def test_groups_stand_beside_the_column_they_share(visit: Visit) -> None:
    page = visit.page
    visit.cell("V[0]").fill("1.0")
    visit.cell("groups[0].currents[0]").fill("0.5")
    page.get_by_role("button", name="加一组").click()
    visit.cell("groups[1].currents[0]").fill("0.7")
    page.locator(".group").nth(1).get_by_label("label").fill("第二条")
    expect(page.locator("thead th").last).to_contain_text("第二条 量I")
    page.locator(".field", has_text="gas").locator("select").select_option("neon")
    page.get_by_label("panels").check()
    assert submitted(page) == {
        "plot": "curves",
        "V": [1.0],
        "gas": "neon",
        "panels": True,
        "groups": [{"currents": [0.5]}, {"label": "第二条", "currents": [0.7]}],
    }


def test_defaults_are_left_to_the_bundle(visit: Visit) -> None:
    visit.cell("V[0]").fill("1")
    assert submitted(visit.page) == {"plot": "curves", "V": [1]}


def test_sample_fills_groups_and_keeps_decimals(visit: Visit) -> None:
    visit.fill_sample()
    expect(visit.cell("groups[0].currents[0]")).to_have_value("0.1")
    expect(visit.cell("groups[1].currents[1]")).to_have_value("0.4")
    expect(visit.page.locator(".group")).to_have_count(2)
    assert submitted(visit.page) == INVENTED["samples"]["invented"]  # type: ignore[index]


def test_variants_keep_their_own_values(visit: Visit) -> None:
    page = visit.page
    visit.cell("V[0]").fill("7")
    page.get_by_role("button", name="部件").click()
    visit.fill_sample()
    expect(visit.cell("part.weights[0]")).to_have_value("2")
    page.get_by_role("button", name="曲线").click()
    expect(visit.cell("V[0]")).to_have_value("7")


def test_parts_repeats_and_parameters(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="部件").click()
    visit.cell("drops[0]").fill("200")
    visit.cell("falls[0]").fill("20.1 20.3，20.20")
    page.locator("summary", has_text="更多参数").click()
    page.get_by_label("gap", exact=True).fill("6.0")
    assert submitted(page) == {
        "plot": "parts",
        "drops": [200],
        "falls": [[20.1, 20.3, 20.2]],
        "apparatus": {"gap": 6.0},
    }


def test_notes_find_groups_and_parts(visit: Visit) -> None:
    page = visit.page
    visit.fill_sample()
    detail = {"detail": "第 2 组第 1 个 I：太大", "field": "groups[1].currents", "index": 0}
    page.route("**/invented/start", lambda route: route.fulfill(status=400, json=detail))
    page.get_by_role("button", name="计算", exact=True).click()
    expect(visit.cell("groups[1].currents[0]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".note-row")).to_contain_text("太大")
    page.get_by_role("button", name="部件").click()
    visit.fill_sample()
    missing = {"detail": "缺少 m₀", "field": "part.m0_g", "index": None}
    page.unroute("**/invented/start")
    page.route("**/invented/start", lambda route: route.fulfill(status=400, json=missing))
    page.get_by_role("button", name="计算", exact=True).click()
    expect(page.get_by_label("m0_g m_0")).to_have_attribute("aria-invalid", "true")
