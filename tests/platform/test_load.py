"""What taking a function out is for: two instances of it serve what one bundle cannot.

Each call of the hot function sleeps, so what one worker can do in a request's time is known without
a clock: :data:`CALLS` times :data:`EACH_S` is more than :data:`REQUEST_S`, half of it is less.
"""

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.platform.split import exported_nginx
from tests.platform.tree import plant
from tests.server import Server, start, wait_until_ready

CALLS, EACH_S, REQUEST_S = 14, 0.5, 6.5
assert CALLS / 2 * EACH_S < REQUEST_S < CALLS * EACH_S

VARIABLES = {"WORKERS": "1", "REQUEST_SECONDS": str(REQUEST_S)}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    return plant(tmp_path / "tree")


@contextlib.contextmanager
def instances(tree: Path, data_dir: Path, mounted: list[str]) -> Iterator[list[Server]]:
    """One instance for each value of ``FUNCTIONS``, all ready."""
    running: list[Server] = []
    try:
        for functions in mounted:
            given = {**VARIABLES, "FUNCTIONS": functions}
            running.append(start(data_dir, variables=given, tree=tree))
        for server in running:
            wait_until_ready(server.base)
        yield running
    finally:
        for server in running:
            server.stop()


def load(base: str) -> dict[str, Any]:
    """All calls at once: how many were answered in time, and how quick other functions were."""
    token = httpx.post(f"{base}/api/auth/wechat", json={"code": "load"}, trust_env=False).json()
    header = {"Authorization": f"Bearer {token['token']}"}
    with httpx.Client(base_url=base, headers=header, timeout=30, trust_env=False) as client:

        def call(number: int) -> httpx.Response:
            return client.post("/api/plots/slow", json={"seconds": EACH_S + number / 1e6})

        def beside() -> float:
            time.sleep(0.2)
            return client.get("/api/me").raise_for_status().elapsed.total_seconds()

        began = time.monotonic()
        with ThreadPoolExecutor(CALLS) as pool:
            pending = [pool.submit(call, number) for number in range(CALLS)]
            waits = [beside() for _ in range(10)]
            answers = [future.result() for future in pending]
        took = time.monotonic() - began
    assert {answer.status_code for answer in answers} <= {200, 503}
    served = sum(answer.status_code == 200 for answer in answers)
    print(
        f"\n{served} of {CALLS} calls served in time, {served / took:.1f} a second; "
        f"GET /api/me beside them at most {1000 * max(waits):.0f} ms",
        end=" ",
    )
    return {"served": served}


def test_two_instances_of_a_hot_function_serve_what_one_bundle_cannot(
    tree: Path, tmp_path: Path
) -> None:
    with instances(tree, tmp_path / "one", [""]) as (bundle,):
        print("\none bundle:", end="")
        one = load(bundle.base)
    hot = "slow,health"
    with instances(tree, tmp_path / "two", [hot, hot, ""]) as servers:
        first, second, rest = (int(server.base.rpartition(":")[2]) for server in servers)
        ports = {"slow": [first, second], "bundle": [rest]}
        with exported_nginx(tmp_path / "nginx", ports, ["slow"], tree) as base:
            print("\ntwo instances of it, one of the others:", end="")
            two = load(base)
    assert one["served"] < CALLS
    assert two["served"] == CALLS
