"""Leases: given up even in an awkward moment, renewed whatever happens once."""

import asyncio
import json
import logging
import threading
import time

import pytest

from functions._runtime import finishing
from functions._runtime.blocking import to_the_end
from storage import runs, users
from storage.records import COMPLETED, PENDING
from tests.conftest import Place
from tests.resilience.instances import READINGS, ROUTE, HeldUp, Instance, instance, logged_in, over


def test_a_lease_that_is_being_got_at_the_end_is_given_up(
    client: Instance, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grace ends while a thread is about to claim the row; before and after that is easy."""
    headers = logged_in(client)
    claim = HeldUp(runs.claim, before=True)
    monkeypatch.setattr(runs, "claim", claim)
    task = client.post(f"{ROUTE}/start", json=READINGS, headers=headers).json()["task_id"]
    assert claim.reached.wait(30)
    finisher = client.app.state.services.runs.finisher

    async def end() -> None:
        finisher.wind_down(time.monotonic())
        asyncio.get_running_loop().call_later(0.3, claim.go_on.set)
        await finisher.close()

    client.wait(end)
    assert claim.ended.wait(30)
    left = runs.get(client.app.state.services.database, task)
    assert (left.status, left.lease_owner, left.claims) == (PENDING, None, 0)
    heir = instance(place)
    assert over(heir, task, headers)["status"] == COMPLETED
    heir.close()


def test_polls_leave_a_run_alone_that_another_instance_holds(
    client: Instance, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No attempt to claim it at each poll, until its lease has run out."""
    headers = logged_in(client)
    database = client.app.state.services.database
    (user,) = users.everyone(database)
    readings = json.dumps(READINGS)
    run, _ = runs.accept(database, user.user_id, "millikan", "d", readings, False)
    assert runs.claim(database, run.id, "elsewhere", 0.6)
    claim = HeldUp(runs.claim)
    claim.go_on.set()
    monkeypatch.setattr(runs, "claim", claim)
    status = f"/api/plots/status/{run.id}"
    for _ in range(5):
        assert client.get(status, headers=headers).json()["status"] == "pending"
    assert not claim.reached.is_set() or not runs.get(database, run.id).held
    assert over(client, run.id, headers)["status"] == COMPLETED
    assert claim.reached.is_set()


def test_a_cancelled_call_waits_for_its_thread() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert go_on.wait(30)
        ended.set()

    async def cancel() -> None:
        task = asyncio.create_task(to_the_end(work))
        await asyncio.to_thread(begun.wait, 30)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=0.1)
        assert not done
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.is_set()

    asyncio.run(cancel())


def test_what_goes_wrong_once_is_done_the_next_time(caplog: pytest.LogCaptureFixture) -> None:
    """A fault that nobody foresaw must not end the renewing of leases for ever."""
    times: list[int] = []

    async def renew() -> None:
        times.append(len(times))
        if len(times) == 1:
            raise OSError(116, "Stale file handle")

    async def renewing() -> None:
        loop = asyncio.create_task(finishing._every(0.01, renew))
        while len(times) < 3 and not loop.done():
            await asyncio.sleep(0.01)
        loop.cancel()

    with caplog.at_level(logging.ERROR):
        asyncio.run(renewing())
    assert len(times) >= 3
    assert "not done this time" in caplog.text
