"""Answers that would be too large, and work that takes too long, through callContainer."""

import time
from collections.abc import Iterator

import httpx
import pytest

from config import variables
from tests.platform.call_container import LARGEST_RESPONSE, LONGEST_S, CallContainer
from tests.platform.tree import plant
from tests.platform.waiting import finished
from tests.server import Server, start

ROUTE = "/api/plots/noise"
REQUEST_S = 2.0
FIGURES = 10
"""More than fit into one answer."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    tree = plant(tmp_path_factory.mktemp("tree"))
    given = {"FUNCTIONS": "noise,slow,wechat_auth", "REQUEST_SECONDS": str(REQUEST_S)}
    started = start(tmp_path_factory.mktemp("overflow") / "data", tree=tree, variables=given)
    yield started
    started.stop()


@pytest.fixture
def call(server: Server) -> Iterator[CallContainer]:
    made = CallContainer(server.base)
    token = made("POST", "/api/auth/wechat", {"code": "overflow"}).json()["token"]
    made.identity = {"authorization": f"Bearer {token}"}
    yield made
    made.close()


def test_as_many_figures_as_fit_and_addresses_for_the_rest(call: CallContainer) -> None:
    """Figure 1 is small, so it still fits where a larger one before it did not."""
    readings = {"figures": FIGURES, "return_data_uri": True}
    state = finished(call, ROUTE, readings)
    inside = [item.startswith("data:image/png;base64,") for item in state["images_data"]]
    left_out = inside.count(False)
    assert 0 < left_out < FIGURES
    assert inside[1]
    assert state["message"] == f"已完成，有 {left_out} 幅图因大小所限请按地址查看"
    assert len(state["images"]) == FIGURES
    for item, address in zip(state["images_data"], state["images"], strict=True):
        if not item.startswith("data:"):
            assert item == address
            image = call("GET", address)
            assert image.content.startswith(b"\x89PNG")
            room = LARGEST_RESPONSE - call.largest
            assert len(image.content) * 4 / 3 > room, "it would have fitted"
    direct = call("POST", ROUTE, readings).json()
    assert direct["images_data"] == state["images_data"]
    assert direct["message"] == state["message"]


def test_no_figures_inside_where_none_were_asked_for(call: CallContainer) -> None:
    state = finished(call, ROUTE, {"figures": 6, "seed": 2})
    assert (state["images_data"], state["message"]) == (None, "已完成")


def test_a_call_ends_in_time_and_the_work_is_not_lost(call: CallContainer) -> None:
    """The direct call gives up at REQUEST_SECONDS; the run goes on and is found by its readings."""
    readings = {"seconds": REQUEST_S + 2.0}
    began = time.monotonic()
    answer = call("POST", "/api/plots/slow", readings)
    took = time.monotonic() - began
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("仍在计算")
    assert float(answer.headers["retry-after"]) >= 1
    assert REQUEST_S - 0.1 <= took < LONGEST_S
    state = finished(call, "/api/plots/slow", readings)
    assert len(state["images"]) == 1


def test_starting_and_polling_are_quick_while_the_work_is_slow(call: CallContainer) -> None:
    readings = {"seconds": 3.0}
    answer: httpx.Response = call("POST", "/api/plots/slow/start", readings)
    state = call("GET", f"/api/plots/status/{answer.json()['task_id']}")
    assert state.json()["status"] == "pending"
    assert max(answer.elapsed.total_seconds(), state.elapsed.total_seconds()) < REQUEST_S
    finished(call, "/api/plots/slow", readings)


def test_the_default_deadline_is_inside_that_of_the_platform() -> None:
    assert float(variables()["REQUEST_SECONDS"][0]) < LONGEST_S
