"""Runs are finished here: claimed, worked on, completed, or handed back; somebody always does.

An instance claims a run when it begins to work on it, not before.  So runs that wait for their turn
belong to nobody, any instance that is asked about one may begin with it, and a row's count of
claims is the number of instances that were lost over it.
"""

import asyncio
import contextlib
import functools
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from config import Settings
from functions._lab.errors import ReadingError
from functions._runtime.blocking import to_the_end
from functions._runtime.errors import Busy, HttpError, Unavailable
from functions._runtime.experiment import Experiment
from functions._runtime.gallery import Gallery
from functions._runtime.turns import Turns
from functions._runtime.workers import (
    NoWorker,
    TaskKilled,
    WorkerError,
    Workers,
)
from storage import runs
from storage.database import Database
from storage.errors import NotFound, StorageError, StorageTooLarge, StorageUnavailable
from storage.records import RunRecord

T = TypeVar("T")

log = logging.getLogger(__name__)

CLAIMS_ALLOWED = 8
"""A run over which this many instances were lost is given up."""

DEATHS_IN_ALL = 12
"""And one over which this many workers died, wherever.  One task that kills three workers one after
the other is given up by the pool at once; but a run is a dozen tasks, and workers die of other
causes too."""

RUNS_AT_ONCE = 2
"""Runs of one user that are worked on at once."""

_SECONDS_BETWEEN_TIDYING = 300.0
OUR_FAULT = "服务器内部错误，不是读数的问题，请稍后重试"
_GIVEN_UP = "多次计算都没有完成，请检查读数后重新提交"
_INTERRUPTED = "计算中断，请稍后用同样的读数重试"
_RESULT_TOO_LARGE = "结果超过数据库一次能接收的大小，请减少读数后重新提交"


class Finisher:
    """The runs that this instance works on.

    Parameters
    ----------
    settings : the settings of this process.
    database : where the rows are.
    workers : where analysis and drawing happen; two runs more than there are workers are held, so
        that no worker waits while rows are written.
    experiments : the mounted experiments by wire name; only their runs are taken up.
    gallery : where the figures go.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        workers: Workers,
        experiments: dict[str, Experiment],
        gallery: Gallery,
    ) -> None:
        self.owner = secrets.token_hex(8)
        self.closing = False
        self._lease_seconds = settings.lease_seconds
        self._most = settings.max_runs
        self._database = database
        self._experiments = experiments
        self._gallery = gallery
        self._tasks: dict[str, asyncio.Task[RunRecord]] = {}
        self._held: set[str] = set()
        self._reserved = 0
        self._places = workers.count + 2
        self._turns = Turns(self._places)
        self._loops: list[asyncio.Task[None]] = []
        self._handing_back: asyncio.TimerHandle | None = None

    @property
    def is_full(self) -> bool:
        """Whether as many runs wait here as may, those that are being accepted among them."""
        return len(self._tasks) + self._reserved >= self._most

    @contextlib.contextmanager
    def reserved(self) -> Iterator[None]:
        """Keep a place for a call until the block ends.  Raises Busy where none is left.

        What begins to work on a run directly after the block, without awaiting, takes the place.
        """
        if self.is_full:
            raise Busy("正在处理的任务过多，请稍后重试", retry_after=2)
        self._reserved += 1
        try:
            yield
        finally:
            self._reserved -= 1

    def take_up(self, run: RunRecord) -> None:
        """Work on an unfinished run that nobody holds, if this instance can, in its turn."""
        mine = run.experiment in self._experiments and not run.held
        if mine and not self.closing and not self.is_full:
            self._launch(run)

    async def look(self, run: RunRecord) -> RunRecord:
        """The run after this instance has worked on it, or found that another one does.

        Raises Unavailable where it is handed back or deleted meanwhile.
        """
        task = self._tasks.get(run.id)
        if task is None:
            if self.closing:
                raise Unavailable(_INTERRUPTED, retry_after=2)
            task = self._launch(run)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            asker = asyncio.current_task()
            if task.cancelled() and not (asker and asker.cancelling()):
                raise Unavailable(_INTERRUPTED, retry_after=2) from None
            raise

    def drop(self, run_id: str) -> None:
        """End the work on a run."""
        if task := self._tasks.get(run_id):
            task.cancel()

    def _launch(self, run: RunRecord) -> asyncio.Task[RunRecord]:
        task = self._tasks.get(run.id)
        if task is None:
            task = asyncio.create_task(self._work(run))
            self._tasks[run.id] = task
            task.add_done_callback(functools.partial(self._ended, run.id))
        return task

    def _ended(self, run_id: str, task: asyncio.Task[RunRecord]) -> None:
        self._tasks.pop(run_id, None)
        if task.cancelled():
            return
        match task.exception():
            case None | NotFound():
                return
            case StorageUnavailable() | NoWorker() as error:
                log.warning("run %s is left for later: %s", run_id, error)
            case error:
                log.error("run %s is left for later", run_id, exc_info=error)

    async def _work(self, run: RunRecord) -> RunRecord:
        """Claim and finish a run; the row as it is afterwards.  Raises NotFound if it is gone."""
        async with self._turns.of(run.user_id, RUNS_AT_ONCE):
            try:
                held = await self._store(runs.claim, run.id, self.owner, self._lease_seconds)
                if held is None:
                    return await self._store(runs.get, run.id)
                self._held.add(run.id)
                return await self._finish(held)
            except NotFound:
                await self._gallery.forget(run)
                raise
            except (asyncio.CancelledError, NoWorker, StorageUnavailable):
                await self._leave(run)
                raise
            finally:
                self._held.discard(run.id)

    async def _leave(self, run: RunRecord) -> None:
        """Hand a run back; one that was deleted meanwhile leaves no figure."""
        with contextlib.suppress(StorageError):
            if await self._store(runs.release, run.id, self.owner):
                return
            if await self._store(runs.find, run.id) is None:
                await self._gallery.forget(run)

    async def _finish(self, run: RunRecord) -> RunRecord:
        if run.claims > CLAIMS_ALLOWED or run.attempts >= DEATHS_IN_ALL:
            return await self._fail(run, _GIVEN_UP)
        on_death = functools.partial(self._count_death, run)
        try:
            analysis = await self._gallery.analysis(run, on_death)
            kept = await self._gallery.hang(run, analysis.figures, on_death)
        except ReadingError as error:
            return await self._fail(run, error.sentence)
        except (NoWorker, StorageError, HttpError):
            raise
        except WorkerError as error:
            log.warning("run %s failed: %s", run.id, type(error).__name__)
            return await self._fail(run, error.message)
        except Exception as error:  # a fault of ours: the run ends, or it would be tried for ever
            log.error("analysis of run %s failed", run.id, exc_info=error)
            return await self._fail(run, OUR_FAULT)
        names = tuple(analysis.figures)
        findings = analysis.findings.decode()
        try:
            return await self._store(runs.complete, run.id, self.owner, findings, names, kept)
        except StorageTooLarge:
            return await self._fail(run, _RESULT_TOO_LARGE)

    async def _count_death(self, run: RunRecord) -> None:
        """Note a worker's death in the row, so that deaths add up over instances."""
        try:
            deaths = await self._store(runs.count_attempt, run.id, self.owner)
        except StorageUnavailable:
            return  # the pool counts too
        if deaths >= DEATHS_IN_ALL:
            raise TaskKilled

    async def _fail(self, run: RunRecord, message: str) -> RunRecord:
        return await self._store(runs.fail, run.id, self.owner, message)

    async def _store(self, operation: Callable[..., T], *args: Any) -> T:
        return await to_the_end(operation, self._database, *args)

    def open(self) -> None:
        """Begin to renew leases, to look for runs that nobody finishes, and to tidy the cache."""
        third = self._lease_seconds / 3
        self._loops = [
            asyncio.create_task(_every(third, self._renew)),
            asyncio.create_task(_every(third, self._sweep)),
            asyncio.create_task(_every(_SECONDS_BETWEEN_TIDYING, self._gallery.tidy)),
        ]

    def wind_down(self, end: float) -> None:
        """Take up nothing more; what is unfinished at ``end`` (``time.monotonic()``) goes back."""
        if self.closing:
            return
        self.closing = True
        for loop in self._loops[1:]:
            loop.cancel()
        left = max(0.0, end - time.monotonic())
        self._handing_back = asyncio.get_running_loop().call_later(left, self._hand_back)

    def _hand_back(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    async def close(self) -> None:
        """Wait until all runs are finished or handed back, as :meth:`wind_down` has arranged."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())
        if self._handing_back:
            self._handing_back.cancel()
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def _renew(self) -> None:
        renewing = (
            self._store(runs.renew, run_id, self.owner, self._lease_seconds)
            for run_id in self._held
        )
        await asyncio.gather(*renewing)

    async def _sweep(self) -> None:
        """Take up runs that nobody holds, as far as there is room."""
        room = self._places - len(self._tasks)
        if room > 0:
            for run in await self._store(runs.expired, room, self._experiments.keys()):
                self.take_up(run)


async def _every(seconds: float, action: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await action()
        except StorageError as error:
            log.warning("not done this time: %s", error.detail)
        except Exception as error:  # whatever it was, leases must be renewed the next time
            log.error("not done this time", exc_info=error)
