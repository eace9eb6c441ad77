"""What the tests let several processes do at once, each like an instance of its own."""

import itertools
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any

from storage import runs
from tests.conftest import Place

_SPAWN = multiprocessing.get_context("spawn")
_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload(["tests.storage.processes"])
_TOGETHER_S = 60.0


def at_once(work: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Call ``work(barrier, *arguments)`` in one process for each tuple; give what they return."""
    with _SPAWN.Manager() as manager:
        barrier = manager.Barrier(len(arguments))
        with _SPAWN.Pool(len(arguments)) as pool:
            waiting = [pool.apply_async(work, (barrier, *each)) for each in arguments]
            return [one.get(_TOGETHER_S) for one in waiting]


def migrate(barrier: Barrier, place: Place) -> list[str]:
    """Bring a database to the newest version; its tables afterwards."""
    database = place.open(patience_s=30)
    barrier.wait()
    database.prepare()
    return database.info().tables


def accept(barrier: Barrier, place: Place, user_id: int, threads: int) -> list[tuple[str, bool]]:
    """Accept the same readings from several threads; ids and whether they were new."""
    database = place.open(patience_s=30)
    database.prepare()
    barrier.wait()

    def once(_: int) -> tuple[str, bool]:
        run, created = runs.accept(database, user_id, "millikan", "d" * 64, "{}", False)
        return run.id, created

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(once, range(threads * 4)))


def write_for_ever(place: Place, user_id: int, name: str, told: Connection) -> None:
    """Accept one run after the other, and tell the id of each once it is acknowledged."""
    database = place.open()
    for n in itertools.count():
        readings = f"[{n}{' ' * (n % 20_000)}]"
        run, _ = runs.accept(database, user_id, "millikan", f"{name}-{n}", readings, False)
        told.send(run.id)


def start_writer(place: Place, user_id: int, name: str) -> tuple[BaseProcess, Connection]:
    """Start a process that writes until it is killed; what it tells can be received."""
    received, told = _FORKSERVER.Pipe(duplex=False)
    writer = _FORKSERVER.Process(target=write_for_ever, args=(place, user_id, name, told))
    writer.start()
    told.close()
    return writer, received


def claim_all(barrier: Barrier, place: Place, run_ids: list[str], owner: str) -> list[str]:
    """Try to claim every run; those that were got."""
    database = place.open(patience_s=30)
    database.prepare()
    barrier.wait()
    with ThreadPoolExecutor(4) as pool:
        got = pool.map(lambda run_id: runs.claim(database, run_id, owner, 60), run_ids)
        return [run.id for run in got if run is not None]
