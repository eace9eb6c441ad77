"""The probes: alive is one thing, ready another."""

import time
from pathlib import Path

import httpx

from tests.mariadb import Mariadb
from tests.server import Server, running


def ready(server: Server) -> tuple[int, str]:
    answer = httpx.get(f"{server.base}/health/ready", trust_env=False)
    return answer.status_code, answer.json()["status"]


def becomes(server: Server, wanted: tuple[int, str]) -> None:
    deadline = time.monotonic() + 30
    while ready(server) != wanted:
        assert time.monotonic() < deadline, ready(server)
        time.sleep(0.1)


def test_readiness_follows_the_database_and_life_does_not(mariadb: Mariadb, tmp_path: Path) -> None:
    with running(tmp_path, MYSQL_URL=mariadb.url("health"), WORKERS="1") as server:
        becomes(server, (200, "ready"))
        mariadb.stop()
        becomes(server, (503, "database"))
        refused = httpx.get(f"{server.base}/health/ready", trust_env=False)
        assert refused.headers["retry-after"]
        assert refused.json()["detail"] == "数据库暂时不可用"
        alive = httpx.get(f"{server.base}/health/live", trust_env=False)
        assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
        mariadb.start()
        becomes(server, (200, "ready"))


def test_an_instance_is_not_ready_before_its_workers(tmp_path: Path) -> None:
    with running(tmp_path, WORKERS="1") as server:
        assert ready(server)[1] in ("starting", "ready")
        becomes(server, (200, "ready"))
