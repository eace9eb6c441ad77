"""What waits is bounded, in number and in time, and says so."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage import files
from storage.models import Run
from tests.conftest import Place
from tests.mariadb import Mariadb
from tests.resilience.instances import (
    READINGS,
    ROUTE,
    Instance,
    at_once,
    instance,
    logged_in,
    over,
)

MOST = 5
CAP_MB = 1


def readings(number: int) -> dict[str, Any]:
    return READINGS | {"qi": [3.214 + number * 1e-5, 3.191, 8.167, 9.302]}


@pytest.fixture
def client(place: Place) -> Iterator[Instance]:
    opened = instance(place, MAX_RUNS=str(MOST), MAX_RUNS_PER_USER="100", PLOTS_MAX_MB=str(CAP_MB))
    yield opened
    opened.close()


def hold_up_workers(client: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing that is given to a worker ever end."""

    async def never(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(client.app.state.services.workers, "run", never)


def test_a_burst_takes_exactly_as_many_places_as_there_are(
    client: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them are being accepted before the first is worked on."""
    headers = logged_in(client)
    hold_up_workers(client, monkeypatch)
    got = at_once(
        lambda n: client.post(f"{ROUTE}/start", json=readings(n), headers=headers), 6 * MOST
    )
    assert Counter(answer.status_code for answer in got) == {200: MOST, 429: 5 * MOST}
    assert_told_to_wait(got)


def assert_told_to_wait(answers: list[httpx.Response]) -> None:
    for answer in answers:
        if answer.status_code != 200:
            assert int(answer.headers["retry-after"]) >= 1
            assert "请稍后重试" in answer.json()["detail"]


def test_checks_are_bounded_in_number_and_time(
    sqlite_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = instance(sqlite_place, MAX_RUNS=str(MOST), REQUEST_SECONDS="2")
    headers = [logged_in(client, f"s{n}") for n in range(4 * MOST)]
    hold_up_workers(client, monkeypatch)
    got = at_once(
        lambda n: client.post(f"{ROUTE}/check", json=readings(n), headers=headers[n]), 4 * MOST
    )
    assert Counter(answer.status_code for answer in got) == {503: MOST, 429: 3 * MOST}
    assert_told_to_wait(got)
    client.close()


def test_figures_to_be_drawn_are_bounded_in_number_and_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = instance(place, MAX_RUNS=str(MOST), REQUEST_SECONDS="2")
    headers = logged_in(client)
    made = [client.post(ROUTE, json=readings(n), headers=headers).json() for n in range(2 * MOST)]
    for path in place.data_dir.rglob("*.png"):
        path.unlink()
    hold_up_workers(client, monkeypatch)
    got = at_once(lambda n: client.get(made[n // 2]["images"][0]), 4 * MOST)
    assert Counter(answer.status_code for answer in got) == {503: 2 * MOST, 429: 2 * MOST}
    assert_told_to_wait(got)
    client.close()


def test_the_cap_of_the_cache_holds_while_much_is_drawn(client: Instance, place: Place) -> None:
    """Not only every five minutes: a tenth of the cap is all that may come on top."""
    headers = logged_in(client)
    old = [f"{number:032x}-fit.png" for number in range(30)]
    for file in old:
        files.write(place.data_dir, 99, "millikan", file, bytes(50_000))
    for number in range(10):
        answer = client.post(ROUTE, json=readings(number), headers=headers)
        assert answer.status_code == 200
    left = sum(path.stat().st_size for path in (place.data_dir / "plots").rglob("*.png"))
    assert left < 1.2 * CAP_MB * 1_000_000
    assert client.get(answer.json()["images"][0]).status_code == 200


def test_a_poll_ends_where_a_figure_is_drawn_no_more(client: Instance, place: Place) -> None:
    """After an update that gives other figures, and on a new disk."""
    headers = logged_in(client)
    wanted = READINGS | {"return_data_uri": True}
    made = client.post(ROUTE, json=wanted, headers=headers).json()
    database = client.app.state.services.database
    database.perform(lambda c: Run.update({Run.figures: '["of-old"]'}).execute(c))
    answer = client.get(f"/api/plots/status/{made['run_id']}", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["status"] == "completed"
    assert answer.json()["images_data"] is None
    assert client.post(ROUTE, json=wanted, headers=headers).status_code == 200


def test_results_that_the_database_cannot_take_fail_the_run(
    mysql_place: Place, mariadb: Mariadb
) -> None:
    """Else it would be finished for ever, and polled for ever."""
    mariadb.execute("SET GLOBAL max_allowed_packet = 2048")
    try:
        client = instance(mysql_place)
        headers = logged_in(client)
        task = client.post(f"{ROUTE}/start", json=READINGS, headers=headers).json()["task_id"]
        answer = over(client, task, headers)
        assert answer["status"] == "failed"
        assert answer["message"] == "结果超过数据库一次能接收的大小，请减少读数后重新提交"
        many = READINGS | {"ni": [2] * 900, "qi": [3.2] * 900}
        refused = client.post(f"{ROUTE}/start", json=many, headers=headers)
        assert refused.status_code == 413
        assert refused.json()["detail"] == "内容超过数据库一次能接收的大小，没有保存，请减少读数"
        client.close()
    finally:
        mariadb.execute("SET GLOBAL max_allowed_packet = 16777216")


def test_the_limit_of_a_user_holds_over_two_instances(
    mysql_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted in the database, under the lock of the user's row."""
    two = [
        instance(mysql_place, tmp_path / name, MAX_RUNS_PER_USER=str(MOST)) for name in ("a", "b")
    ]
    headers = logged_in(two[0])
    for one in two:
        hold_up_workers(one, monkeypatch)
    got = at_once(
        lambda n: two[n % 2].post(f"{ROUTE}/start", json=readings(n), headers=headers), 6 * MOST
    )
    assert Counter(answer.status_code for answer in got) == {200: MOST, 429: 5 * MOST}
    for one in two:
        one.close()


def test_bytes_that_are_no_text_are_refused(client: Instance) -> None:
    """In a field that nobody reads, so that nobody has looked at it."""
    headers, whole = logged_in(client), json.dumps(READINGS).encode()
    for extra in (b', "note": "\xff"}', b', "\xc3\x28": 1}'):
        for way in ("", "/start", "/check"):
            answer = client.post(f"{ROUTE}{way}", content=whole[:-1] + extra, headers=headers)
            assert answer.status_code == 400
            assert answer.json()["detail"] == "请求体不是有效的 UTF-8 文本"


NO_FIGURES = (
    "9" * 5000 + "/millikan/a.png",
    "9" * 300 + "/millikan/a.png",
    "1/millikan/图.png",
    f"1/millikan/{'a' * 32}-图.png",
    f"1/{'m' * 199}/{'0' * 32}-fit.png",
)


def test_an_address_of_no_figure_is_not_found(client: Instance) -> None:
    for path in NO_FIGURES:
        assert client.get(f"/static/plots/{path}").status_code == 404, path
