"""The worker pool: real processes that die, hang and are replaced."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

from functions._lab.errors import ReadingError
from functions._runtime import forking
from functions._runtime.workers import (
    Errand,
    NoWorker,
    PoolStopped,
    Stalled,
    TaskKilled,
    TaskTooLarge,
    TaskTooLong,
    Workers,
)
from tests.frozen import freeze


def square(n: int) -> int:
    return n * n


def refuse() -> None:
    raise ReadingError("太小", "qi", 2)


def die_until(marks: Path, times: int) -> int:
    """Kill the own process until it has been done ``times`` times."""
    (marks / str(time.monotonic_ns())).touch()
    if len(list(marks.iterdir())) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return len(list(marks.iterdir()))


def hang(mark: Path) -> None:
    """Write the own process id down, then reckon for ever."""
    mark.write_text(str(os.getpid()))
    while True:
        pass


def note(marks: Path) -> str:
    """Write the own process id down, and wait a little so that it can be stopped."""
    mark = marks / str(os.getpid())
    mark.touch()
    if len(list(marks.iterdir())) <= 1:
        time.sleep(60)
    return mark.name


def with_pool(
    body: Callable[[Workers], object], *, seconds: float = 5.0, memory_mb: int = 1024
) -> None:
    async def use() -> None:
        workers = Workers(2, seconds, memory_mb)
        try:
            await body(workers)  # type: ignore[misc]
        finally:
            await workers.stop()

    asyncio.run(use())


def test_results_and_errors_with_their_data_come_back() -> None:
    async def body(workers: Workers) -> None:
        await workers.start()
        assert workers.ready
        assert await asyncio.gather(*(workers.run(square, n) for n in range(20))) == [
            n * n for n in range(20)
        ]
        with pytest.raises(ReadingError) as caught:
            await workers.run(refuse)
        assert (caught.value.field, caught.value.index) == ("qi", 2)
        assert caught.value.sentence == "qi[2]：太小"

    with_pool(body)


def test_a_worker_that_is_killed_is_replaced_and_its_task_done_again(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        assert await workers.run(die_until, tmp_path, 2) == 3
        assert await workers.run(square, 3) == 9

    with_pool(body)


def test_a_task_that_always_kills_its_worker_is_given_up_after_three(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        with pytest.raises(TaskKilled):
            await workers.run(die_until, tmp_path, 99)
        assert len(list(tmp_path.iterdir())) == 3
        assert await workers.run(square, 3) == 9

    with_pool(body)


def test_a_task_that_hangs_is_ended_and_its_worker_replaced(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        for _ in range(5):  # a machine that gives it no time says nothing about the task
            try:
                await workers.run(hang, tmp_path / "pid")
            except TaskTooLong:
                break
            except Stalled:
                continue
        else:
            pytest.fail("it was not ended for taking too long")
        hung = int((tmp_path / "pid").read_text())
        assert not Path(f"/proc/{hung}").exists()
        assert await asyncio.gather(*(workers.run(square, n) for n in (2, 3))) == [4, 9]

    with_pool(body, seconds=1.0)


def test_a_worker_that_is_stopped_says_nothing_against_the_task(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        asking = asyncio.create_task(workers.run(note, tmp_path))
        while not list(tmp_path.iterdir()):
            await asyncio.sleep(0.01)
        (first,) = tmp_path.iterdir()
        freeze(int(first.name))
        assert await asking != first.name

    with_pool(body, seconds=1)


def test_a_task_that_is_never_run_is_left_for_later() -> None:
    async def body(workers: Workers) -> None:
        with pytest.raises(Stalled):
            await workers.run(time.sleep, 60)
        assert issubclass(Stalled, NoWorker)

    with_pool(body, seconds=0.3)


def test_users_get_workers_in_turn_and_long_tasks_leave_one() -> None:
    """Whoever asks for much waits behind who asks for one thing, and holds one of two places."""
    done: list[str] = []

    async def ask(workers: Workers, user: str, seconds: float) -> None:
        await workers.run(time.sleep, seconds, errand=Errand(user, long=True))
        done.append(user)

    async def body(workers: Workers) -> None:
        await workers.start()
        many = [asyncio.create_task(ask(workers, "many", 0.2)) for _ in range(8)]
        await asyncio.sleep(0.05)
        await asyncio.gather(*(ask(workers, user, 0.01) for user in ("one", "two")))
        assert done.count("many") <= 1
        await asyncio.gather(*many)

    with_pool(body)


def hand_over_much(mark: Path) -> bytes:
    """Let the test kill this process while it hands over more than a pipe holds at once."""
    if mark.exists():
        return b"second"
    mark.write_text(str(os.getpid()))
    return bytes(300_000_000)


def fill(megabytes: int) -> tuple[int, int]:
    """Own process id, and as much memory as that, touched."""
    return os.getpid(), len(bytearray(megabytes * 1_000_000))


def fill_an_array(megabytes: int) -> int:
    """The same in NumPy, whose own MemoryError the serving process could not read."""
    return int(numpy.ones(megabytes * 125_000).size)


def answer_much(megabytes: int) -> bytes:
    """A result that fits, of which a second one, for the pipe, does not."""
    return bytes(megabytes * 1_000_000)


def parent() -> int:
    return os.getppid()


@pytest.mark.parametrize("greedy", [fill, fill_an_array, answer_much])
def test_a_task_that_wants_too_much_memory_is_ended_and_its_worker_replaced(
    greedy: Callable[[int], object],
) -> None:
    async def body(workers: Workers) -> None:
        await workers.start()
        before = await asyncio.gather(*(workers.run(slow_pid) for _ in range(2)))
        with pytest.raises(TaskTooLarge) as caught:
            await workers.run(greedy, 150)
        assert caught.value.message.startswith("计算需要的内存超过上限")
        after = await asyncio.gather(*(workers.run(slow_pid) for _ in range(2)))
        assert len(set(before) & set(after)) == 1
        (gone,) = set(before) - set(after)
        assert not Path(f"/proc/{gone}").exists()
        assert (await workers.run(fill, 50))[1] == 50_000_000

    with_pool(body, memory_mb=200 if greedy is answer_much else 100)


def slow_pid() -> int:
    """Own process id, taking so long that two tasks take two workers."""
    time.sleep(0.2)
    return os.getpid()


def test_an_idle_worker_that_is_killed_is_replaced_before_the_next_task() -> None:
    async def body(workers: Workers) -> None:
        await workers.start()
        for _ in range(5):
            os.kill(await workers.run(os.getpid), signal.SIGKILL)
            assert await workers.run(square, 3) == 9

    with_pool(body)


def test_a_template_that_is_killed_is_started_again() -> None:
    async def body(workers: Workers) -> None:
        await workers.start()
        template = await workers.run(parent)
        os.kill(template, signal.SIGKILL)
        assert await asyncio.gather(*(workers.run(square, n) for n in range(4))) == [0, 1, 4, 9]
        assert await workers.run(parent) != template

    with_pool(body)


def test_a_template_that_hangs_is_ended_and_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it is stopped; without an end in time, no worker would ever be started again."""
    monkeypatch.setattr(forking, "SECONDS", 8.0)

    async def body(workers: Workers) -> None:
        await workers.start()
        template = await workers.run(parent)
        freeze(template)
        for _ in range(2):
            os.kill(await workers.run(os.getpid), signal.SIGKILL)
        assert await asyncio.gather(*(workers.run(square, n) for n in range(4))) == [0, 1, 4, 9]
        assert await workers.run(parent) != template

    with_pool(body)


def test_a_worker_killed_while_it_answers_spoils_nothing(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        await workers.start()
        mark = tmp_path / "pid"
        answer = asyncio.create_task(workers.run(hand_over_much, mark))
        while not mark.exists() or not mark.read_text():
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        os.kill(int(mark.read_text()), signal.SIGKILL)
        assert len(await answer) in (6, 300_000_000)
        assert await asyncio.gather(*(workers.run(square, n) for n in range(4))) == [0, 1, 4, 9]

    with_pool(body)


def test_whoever_goes_away_frees_the_worker(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        await workers.start()
        asking = [asyncio.create_task(workers.run(hang, tmp_path / f"{n}")) for n in range(2)]
        while len(list(tmp_path.iterdir())) < 2:
            await asyncio.sleep(0.01)
        for one in asking:
            one.cancel()
        assert await asyncio.wait_for(workers.run(square, 3), 5) == 9

    with_pool(body, seconds=60)


def test_a_result_that_cannot_be_sent_is_an_error_not_a_death() -> None:
    async def body(workers: Workers) -> None:
        with pytest.raises(RuntimeError, match="cannot be sent"):
            await workers.run(threading.Lock)
        assert await workers.run(square, 3) == 9

    with_pool(body)


def test_a_stopped_pool_says_so(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        running = asyncio.create_task(workers.run(hang, tmp_path / "pid"))
        while not (tmp_path / "pid").exists():
            await asyncio.sleep(0.01)
        await workers.stop()
        with pytest.raises(PoolStopped):
            await running
        with pytest.raises(PoolStopped):
            await workers.run(square, 1)

    with_pool(body)
