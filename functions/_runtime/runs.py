"""The life of a run: stored, claimed, worked, completed; whatever dies, somebody finishes it."""

import asyncio
import contextlib
import functools
import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

import anyio.to_thread
import msgspec

from config import Settings
from functions._lab.errors import ReadingError
from functions._runtime import work
from functions._runtime.answers import plots
from functions._runtime.errors import BadInput, Busy, Unavailable
from functions._runtime.experiment import Experiment, Plots
from functions._runtime.function import Call
from functions._runtime.gallery import Gallery
from functions._runtime.rates import Rates
from functions._runtime.validation import check_readings
from functions._runtime.workers import PoolStopped, WorkerError, Workers
from storage import history, runs
from storage.database import Database
from storage.errors import StorageError, StorageUnavailable
from storage.records import FAILED, RunPage, RunRecord

T = TypeVar("T")

log = logging.getLogger(__name__)

CLAIMS_ALLOWED = 8
"""A run that this many instances took up and lost is given up."""

_SECONDS_BETWEEN_LOOKS = 0.25
_SECONDS_BETWEEN_TIDYING = 300.0


def digest(readings: msgspec.Struct) -> str:
    """Digest of the readings alone, so that the same readings are the same run."""
    plain = msgspec.to_builtins(readings)
    plain.pop("return_data_uri", None)
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()


class Runs:
    """All runs that this instance works on.

    Parameters
    ----------
    settings : the settings of this process.
    database : where the rows are.
    workers : where analysis and drawing happen.
    experiments : the mounted experiments by wire name; only their runs are taken up.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        workers: Workers,
        experiments: dict[str, Experiment],
    ) -> None:
        self.owner = secrets.token_hex(8)
        self._settings = settings
        self._database = database
        self._workers = workers
        self._experiments = experiments
        self._tasks: dict[str, asyncio.Task[RunRecord]] = {}
        self.gallery = Gallery(settings, database.data_dir, workers, experiments)
        self._loops: list[asyncio.Task[None]] = []
        self._closing = False
        self._rates = Rates(settings.rate_per_minute)

    async def submit(self, call: Call[Any]) -> RunRecord:
        """Store the call's readings as a run and begin to work on it.

        Raises BadInput, Busy, Unavailable; what is raised is not stored.
        """
        self._admit(call)
        store = functools.partial(runs.accept, per_user=self._settings.max_runs_per_user)
        run, _created = await self._store(
            store,
            call.user.user_id,
            _wire_name(call),
            digest(call.input),
            call.body.decode(),
            call.input.return_data_uri,
        )
        if not run.is_finished:
            self._launch(run)
        return run

    async def check(self, call: Call[Any]) -> bytes:
        """Findings of the call's readings as JSON; nothing is stored and nothing drawn."""
        self._admit(call)
        module = self._experiments[_wire_name(call)].name
        analysis = await self._workers.run(work.analyse, module, call.body)
        return analysis.findings

    def _admit(self, call: Call[Any]) -> None:
        """Raise BadInput, Busy or Unavailable where the call cannot be worked on."""
        check_readings(call.input, self._settings.max_points)
        if self._closing:
            raise Unavailable("服务正在重启，请稍后重试", retry_after=2)
        if len(self._tasks) >= self._settings.max_runs:
            raise Busy("正在处理的任务过多，请稍后重试", retry_after=2)
        self._rates.admit(call.user.user_id)

    async def answer(self, call: Call[Any]) -> Plots:
        """Store, work, and answer with the outcome of the call's readings.

        Raises BadInput, and deletes the run, where they cannot be analysed; Unavailable when they
        take longer than a request may.
        """
        began = time.monotonic()
        run = await self.submit(call)
        if not run.is_finished:
            left = self._settings.request_seconds - (time.monotonic() - began)
            run = await self._outcome(run, left)
        if run.status == FAILED:
            await self._store(runs.delete, run.id, run.user_id)
            raise BadInput(run.message)
        data = await self.gallery.images(run) if call.input.return_data_uri else None
        return plots(run, data)

    async def own(self, run_id: str, user_id: int) -> RunRecord:
        """A user's own run.  Raises storage NotFound for unknown and for others' runs alike."""
        return await self._store(runs.get_own, run_id, user_id)

    async def page(
        self, user_id: int, experiment: str | None, before: str | None, limit: int
    ) -> RunPage:
        """A page of a user's runs, newest first.  Raises storage CursorInvalid."""
        return await self._store(history.page, user_id, experiment, before, limit)

    async def delete(self, run_id: str, user_id: int) -> bool:
        """Delete a user's own run with its files; work on it ends."""
        if task := self._tasks.get(run_id):
            task.cancel()
        return await self._store(runs.delete, run_id, user_id)

    def take_up(self, run: RunRecord) -> None:
        """Work on a pending run that nobody holds, if this instance can."""
        if run.experiment in self._experiments and not self._closing:
            self._launch(run)

    def _launch(self, run: RunRecord) -> asyncio.Task[RunRecord]:
        task = self._tasks.get(run.id)
        if task is None:
            task = asyncio.create_task(self._work(run))
            self._tasks[run.id] = task
            task.add_done_callback(functools.partial(self._ended, run.id))
        return task

    def _ended(self, run_id: str, task: asyncio.Task[RunRecord]) -> None:
        self._tasks.pop(run_id, None)
        if not task.cancelled() and (error := task.exception()):
            log.error("run %s was left for later", run_id, exc_info=error)

    async def _outcome(self, run: RunRecord, seconds: float) -> RunRecord:
        """The finished run, whoever finishes it.  Raises Unavailable after ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                while not run.is_finished:
                    run = await asyncio.shield(self._launch(run))
                    if not run.is_finished:
                        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
                return run
        except TimeoutError:
            raise Unavailable("仍在计算，请稍后用同样的读数重试", retry_after=3) from None

    async def _work(self, run: RunRecord) -> RunRecord:
        """Claim and finish a run; the row as it is afterwards."""
        held = await self._store(runs.claim, run.id, self.owner, self._settings.lease_seconds)
        if held is None:
            return await self._store(runs.get, run.id)
        try:
            return await self._finish(held)
        except (asyncio.CancelledError, PoolStopped, StorageUnavailable):
            with contextlib.suppress(StorageError):
                await self._store(runs.release, run.id, self.owner)
            raise

    async def _finish(self, run: RunRecord) -> RunRecord:
        if run.claims > CLAIMS_ALLOWED:
            return await self._fail(run, "多次计算都没有完成，请检查读数后重新提交")
        try:
            analysis = await self.gallery.analysis(run)
            kept = await self.gallery.hang(run, analysis.figures)
        except ReadingError as error:
            return await self._fail(run, error.sentence)
        except PoolStopped:
            raise
        except WorkerError as error:
            return await self._fail(run, error.message)
        except ArithmeticError as error:
            log.error("analysis of run %s failed", run.id, exc_info=error)
            return await self._fail(run, "计算失败，请检查读数")
        names = tuple(analysis.figures)
        findings = analysis.findings.decode()
        return await self._store(runs.complete, run.id, self.owner, findings, names, kept)

    async def _fail(self, run: RunRecord, message: str) -> RunRecord:
        return await self._store(runs.fail, run.id, self.owner, message)

    async def _store(self, operation: Callable[..., T], *args: Any) -> T:
        return await anyio.to_thread.run_sync(operation, self._database, *args)

    def open(self) -> None:
        """Begin to renew leases and to look for runs that nobody finishes."""
        third = self._settings.lease_seconds / 3
        self._loops = [
            asyncio.create_task(self._every(third, self._renew)),
            asyncio.create_task(self._every(third, self._sweep)),
            asyncio.create_task(self._every(_SECONDS_BETWEEN_TIDYING, self.gallery.tidy)),
        ]

    async def close(self, grace: float) -> None:
        """Finish what is running inside ``grace`` seconds, then hand back the rest."""
        self._closing = True
        for loop in self._loops[1:]:
            loop.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=grace)
        for task in [*self._tasks.values(), *self._loops]:
            task.cancel()
        await asyncio.gather(*self._tasks.values(), *self._loops, return_exceptions=True)

    async def _every(self, seconds: float, action: Callable[[], Any]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await action()
            except StorageError as error:
                log.warning("%s: %s", action.__name__, error.detail)

    async def _renew(self) -> None:
        for run_id in list(self._tasks):
            await self._store(runs.renew, run_id, self.owner, self._settings.lease_seconds)

    async def _sweep(self) -> None:
        """Take up runs whose lease has expired, as far as there is room."""
        room = self._workers.count * 2 - len(self._tasks)
        if room > 0:
            for run in await self._store(runs.expired, room):
                self.take_up(run)


def _wire_name(call: Call[Any]) -> str:
    name: str = call.request.scope["function"]
    return name.replace("_", "-")
