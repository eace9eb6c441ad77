"""Thirty students, three instances, one nginx, one MariaDB; and everything that can die dies."""

import random
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.mariadb import Mariadb
from tests.resilience.fleet import Fleet, Repeated
from tests.resilience.students import Diary, Student, samples, varied

STUDENTS = 30
RUNS_EACH = 34
AT_ONCE = 4
"""Runs of one student that are not over."""

OUTAGE_S = 5.0
NAME = "chaos"
_AFTERMATH_S = 8.0
"""After the database is back, operations that were begun before may still give up."""


@pytest.mark.slow
def test_nothing_is_lost_whatever_dies(mariadb: Mariadb, tmp_path: Path) -> None:
    mariadb.execute(f"DROP DATABASE IF EXISTS {NAME}")
    chance = random.Random(1913)
    diary = Diary()
    with (
        Fleet(tmp_path, 3, MYSQL_URL=mariadb.url(NAME)) as fleet,
        ThreadPoolExecutor(STUDENTS) as threads,
    ):
        base = fleet.base
        class_ = list(threads.map(lambda n: Student(base, f"s{n}", diary), range(STUDENTS)))
        usable = usable_samples(class_[0])
        began = time.monotonic()
        with (
            Repeated(5.0, lambda: fleet.kill(chance.randrange(3))) as killer,
            Repeated(1.0, lambda: fleet.kill_a_worker(chance)),
        ):
            outage: list[float] = []
            breaker = threading.Timer(15.0, stop_for_a_while, [mariadb, outage])
            breaker.start()
            work = [threads.submit(study, s, usable) for s in class_]
            for one in work:
                one.result()
            breaker.join()
        seconds = time.monotonic() - began
    rows = mariadb.execute("SELECT user_id, id, status FROM runs", name=NAME)
    report(diary, seconds, killer.times, fleet.workers_killed, len(rows))
    assert not diary.wrong, diary.wrong[:20]
    assert {(user, run) for (user, _), run in diary.accepted.items()} == {
        (user, run) for user, run, _ in rows
    }
    assert {status for _, _, status in rows} == {"completed"}
    assert len(rows) == len(set(diary.accepted.values())) >= 1000
    assert_refusals_are_of_the_database(diary, outage)


def usable_samples(student: Student) -> dict[str, dict[str, object]]:
    """The mounted experiments, with readings that they accept."""
    found = {}
    for experiment, readings in samples().items():
        status, _ = student.ask("POST", f"/api/plots/{experiment}/check", readings)
        if status == 200:
            found[experiment] = readings
    assert "millikan" in found
    return found


def study(student: Student, usable: dict[str, dict[str, object]]) -> None:
    """One student's afternoon: mostly oil drops, and all else; a new one while another is made."""
    chance = random.Random(student.user_id)
    others = sorted(usable.keys() - {"millikan"})
    begun: list[Begun] = []
    for number in range(RUNS_EACH):
        experiment = chance.choice(others) if others and chance.random() < 0.2 else "millikan"
        readings = varied(usable[experiment], number + 1)
        begun.append(Begun(experiment, submit(student, experiment, readings, chance), readings))
        if len(begun) == AT_ONCE:
            finish(student, begun.pop(0), chance)
    for one in begun:
        finish(student, one, chance)


class Begun(NamedTuple):
    """A run that a student has submitted and not seen yet."""

    experiment: str
    task: str
    readings: dict[str, object]


def submit(
    student: Student, experiment: str, readings: dict[str, object], chance: random.Random
) -> str:
    """Submit once, or impatiently twice together."""
    if chance.random() >= 0.15:
        return student.submit(experiment, readings)
    twin = threading.Thread(target=student.submit, args=(experiment, readings))
    twin.start()
    task = student.submit(experiment, readings)
    twin.join()
    return task


def finish(student: Student, begun: Begun, chance: random.Random) -> None:
    """Wait for a run, and look at what came of it."""
    answer = student.wait(begun.experiment, begun.task)
    if answer.get("images") and chance.random() < 0.3:
        student.look(answer["images"])
    if chance.random() < 0.1:
        student.compare(begun.task, begun.readings)


def stop_for_a_while(mariadb: Mariadb, outage: list[float]) -> None:
    outage.append(time.monotonic())
    mariadb.stop()
    time.sleep(OUTAGE_S)
    mariadb.start()
    outage.append(time.monotonic())


def assert_refusals_are_of_the_database(diary: Diary, outage: list[float]) -> None:
    """Every 5xx is a 503 in Chinese, and falls into the time when the database was away."""
    for moment, status, body in diary.refused:
        assert status == 503, body
        assert "请稍后重试" in body or "重试" in body, body
        assert outage[0] - 0.5 < moment < outage[1] + _AFTERMATH_S, (moment - outage[0], body)


def report(diary: Diary, seconds: float, kills: int, worker_kills: int, rows: int) -> None:
    waits = sorted(diary.waited)
    print(
        f"\n{rows} runs in {seconds:.0f} s; instances killed {kills}, workers {worker_kills}; "
        f"answers {dict(diary.statuses)}, connections broken {len(diary.broken)}; "
        f"figures fetched {diary.figures}; wait median {statistics.median(waits):.2f} s, "
        f"99 % {waits[int(len(waits) * 0.99)]:.1f} s, longest {waits[-1]:.1f} s"
    )
