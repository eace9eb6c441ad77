"""Every experiment through callContainer: 100 KiB in, 1000 KiB out, 15 s, no login call."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from functions._lab.errors import ReadingError
from functions._runtime.discovery import discover
from functions._runtime.experiment import Experiment
from tests.platform.call_container import (
    LARGEST_REQUEST,
    REQUEST_TOO_LARGE,
    CallContainer,
    CallFailed,
    own,
    sharing,
)
from tests.platform.growing import largest
from tests.platform.waiting import finished
from tests.server import Server, running

APPID = "wx1234567890abcdef"
SECRET = "plum-kettle-97-orbit-Zx81-qwErty-33"
CASES = [
    (function, path)
    for function in discover()
    if isinstance(function, Experiment)
    for path in function.sample_paths
]
each_sample = pytest.mark.parametrize(
    ("experiment", "path"), CASES, ids=[path.stem for _, path in CASES]
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A bundle as it is deployed with public access off: no mock login, header identity."""
    variables = {"WECHAT_MOCK": "0", "WECHAT_TRUST_HEADERS": "1", "WECHAT_APPID": APPID}
    folder = tmp_path_factory.mktemp("platform") / "data"
    with running(folder, JWT_SECRET=SECRET, **variables) as started:
        yield started


@pytest.fixture(scope="module")
def student(server: Server) -> Iterator[CallContainer]:
    call = CallContainer(server.base, own("o6_bmjrPTlm6_2sgVt7hMZOPfL2M", APPID))
    yield call
    print(f"\nslowest {call.slowest_s:.2f} s, largest answer {call.largest / 1024:.0f} KiB")
    call.close()


def check(experiment: Experiment, answer: dict[str, Any]) -> None:
    """All figures came inside the answer."""
    assert answer["message"] == "已完成"
    assert len(answer["images_data"]) == len(answer["images"]) > 0
    assert all(data.startswith("data:image/png;base64,") for data in answer["images_data"])
    for address in answer["images"]:
        assert address.split("/")[4] == experiment.wire_name


@each_sample
def test_a_sample_passes(experiment: Experiment, path: Path, student: CallContainer) -> None:
    readings = {**json.loads(path.read_bytes()), "return_data_uri": True}
    direct = student("POST", experiment.route, readings)
    assert direct.status_code == 200, direct.text
    check(experiment, direct.json())
    polled = finished(student, experiment.route, readings)
    assert {name: direct.json()[name] for name in direct.json()} == {
        name: polled[name] for name in direct.json()
    }


@each_sample
def test_the_largest_readings_pass(
    experiment: Experiment, path: Path, student: CallContainer
) -> None:
    def accepted(readings: dict[str, Any]) -> bool:
        try:
            msgspec.convert(readings, experiment.input)
        except (msgspec.ValidationError, ReadingError):
            return False
        return True

    readings = largest(json.loads(path.read_bytes()), accepted)
    polled = finished(student, experiment.route, readings)
    check(experiment, polled)
    direct = student("POST", experiment.route, readings)
    assert direct.status_code == 200, direct.text
    check(experiment, direct.json())


def test_methods_of_the_client_are_enough(student: CallContainer) -> None:
    me = student("GET", "/api/me").json()
    assert me["openid"] == "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
    listed = student("GET", "/api/runs?limit=1").json()["items"]
    if listed:
        run_id = listed[0]["id"]
        assert student("DELETE", f"/api/runs/{run_id}").json() == {"id": run_id, "deleted": True}
    for method in ("PATCH", "HEAD", "OPTIONS", "TRACE"):
        with pytest.raises(CallFailed):
            student(method, "/api/me")


def test_what_the_platform_does_not_let_through(student: CallContainer) -> None:
    with pytest.raises(CallFailed) as refused:
        student("POST", "/api/plots/millikan", b" " * (LARGEST_REQUEST + 1))
    assert refused.value.code == REQUEST_TOO_LARGE
    assert student("POST", "/api/plots/millikan", b" " * LARGEST_REQUEST).status_code == 400


def test_identity_is_what_the_gateway_says(server: Server, student: CallContainer) -> None:
    claims = own("somebody-else", APPID)
    assert student("GET", "/api/me", header=claims).json()["openid"].startswith("o6_")
    guest = CallContainer(server.base, sharing("o-guest", "wxfedcba0987654321", APPID))
    assert guest("GET", "/api/me").json()["openid"] == "wxfedcba0987654321:o-guest"
    stranger = CallContainer(server.base, own("o-stranger", "wx0000000000000000"))
    assert stranger("GET", "/api/me").status_code == 401
    for call in (guest, stranger):
        call.close()


def test_a_call_over_the_public_domain_carries_no_identity(server: Server) -> None:
    outside = CallContainer(server.base)
    answer: httpx.Response = outside("GET", "/api/me")
    assert (answer.status_code, answer.json()) == (401, {"detail": "请先登录"})
    outside.close()
