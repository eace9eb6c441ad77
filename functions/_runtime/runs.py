"""What callers may do with runs: submit, wait for, look at, delete."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

import anyio.to_thread
import msgspec

from config import Settings
from functions._lab.result import Caution
from functions._lab.rules import DEFAULT
from functions._runtime import claiming, reports, work
from functions._runtime.answers import plots
from functions._runtime.declared import ignored_fields, kept
from functions._runtime.errors import BadInput, Busy, HttpError, TooLarge, Unauthorized, Unavailable
from functions._runtime.experiment import Experiment, Plots
from functions._runtime.finishing import OUR_FAULT, Finisher
from functions._runtime.function import Call
from functions._runtime.gallery import Gallery
from functions._runtime.presence import unless_gone
from functions._runtime.rates import Rates
from functions._runtime.validation import check_readings
from functions._runtime.versions import analysis_version
from functions._runtime.workers import Errand, PoolStopped, Workers
from storage import deletion, history, runs
from storage.database import Database
from storage.errors import NotFound, StorageFull, StorageTooLarge
from storage.quota import Quota
from storage.records import ANALYSIS_MARK, FAILED, READINGS_DIGITS, RunPage, RunRecord

T = TypeVar("T")

CHECK_SECONDS = 6.0
"""Longest time of a quick check; one that is later is of no use to who is typing."""

_SECONDS_BETWEEN_LOOKS = 0.25


def digest(readings: msgspec.Struct, analysis: str) -> str:
    """Digest of the readings and their analysis, so that the same are the same run.

    Readings that are sent again after an update are a run of their own, and what the old analysis
    made of them stays as it was; instances of both versions do not disturb each other.
    """
    plain = msgspec.to_builtins(readings)
    plain.pop("return_data_uri", None)
    if plain.get("rules") == DEFAULT:
        del plain["rules"]
    found = hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()
    return f"{found[:READINGS_DIGITS]}{ANALYSIS_MARK}{analysis}"


class Readings(Protocol):
    """Readings that were stored: a run, or what was handed in."""

    @property
    def experiment(self) -> str: ...

    @property
    def readings(self) -> str: ...


class Runs:
    """All runs, as the functions see them.

    Parameters
    ----------
    settings : the settings of this process.
    database : where the rows are.
    workers : where analysis and drawing happen.
    experiments : the mounted experiments by wire name.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        workers: Workers,
        experiments: dict[str, Experiment],
    ) -> None:
        self._settings = settings
        self._database = database
        self._workers = workers
        self._experiments = experiments
        self.gallery = Gallery(settings, database, workers, experiments)
        self.finisher = Finisher(settings, database, workers, experiments, self.gallery)
        self.rates = Rates(settings.rate_per_minute)
        self._quota = Quota(
            settings.max_runs_per_user,
            settings.max_stored_runs_per_user,
            settings.max_stored_mb_per_user * 2**20,
        )
        self._checks: dict[int, asyncio.Task[bytes]] = {}

    async def submit(self, call: Call[Any]) -> tuple[RunRecord, list[Caution]]:
        """Store the call's readings as a run, warn of what is not stored, and begin to work on it.

        Raises BadInput, Busy, StorageError; what is raised is not stored.  An instance that is
        shutting down stores the run and leaves the work to another.
        """
        with self.finisher.reserved():
            run, _, cautions = await self._accept(call)
        if not run.is_finished:
            self.finisher.take_up(run)
        return run, cautions

    async def check(self, call: Call[Any]) -> bytes:
        """Findings of the call's readings as JSON; nothing is stored and nothing drawn.

        One of a user's at a time, the newest, and only while the client waits for it.  Raises
        BadInput, Busy; Unavailable when they take longer than :data:`CHECK_SECONDS`.
        """
        module = self._experiments[_wire_name(call)].name
        self._admit(call)
        return await self._now(call, work.check, module, call.body)

    async def _now(self, call: Call[Any], task: Callable[..., bytes], *args: Any) -> bytes:
        """What a worker makes of a short task while the client waits, one of a user's at a time."""
        seconds = min(self._settings.request_seconds, CHECK_SECONDS)
        errand = Errand(call.user.user_id, long=True, seconds=seconds)
        try:
            with self.finisher.reserved():
                async with asyncio.timeout(seconds):
                    asked = self._workers.run(task, *args, errand=errand)
                    return await unless_gone(call.request, self._newest(call.user.user_id, asked))
        except TimeoutError:
            raise Unavailable("等待计算的人过多，请稍后重试", retry_after=3) from None

    async def steps(self, run: Readings, call: Call[Any]) -> bytes:
        """The worked steps of an own run as JSON, worked out anew; :meth:`check` bounds them.

        Raises NotFound for a run whose experiment is not mounted here, BadInput, Busy, Unavailable.
        """
        name = self._module(run)
        return await self._now(call, work.steps, name, run.readings.encode())

    async def report(self, run: Readings, call: Call[Any], wanted: reports.Wanted) -> bytes:
        """The report of an own run, made anew.  Raises as :meth:`steps`."""
        asked = msgspec.json.encode(wanted)
        name = self._module(run)
        return await self._now(call, reports.report, name, run.readings.encode(), asked)

    async def claims(self, run: Readings, call: Call[Any], asked: list[claiming.Claim]) -> bytes:
        """Verdicts on a student's own numbers for an own run, as JSON.  Raises as :meth:`steps`."""
        told = msgspec.json.encode(asked)
        name = self._module(run)
        return await self._now(call, claiming.judge, name, run.readings.encode(), told)

    def _module(self, run: Readings) -> str:
        """Name of the module of a run's experiment.  Raises NotFound where it is not mounted."""
        experiment = self._experiments.get(run.experiment)
        if experiment is None:
            raise NotFound("这里没有这个实验")
        return experiment.name

    async def _newest(self, user_id: int, asked: Coroutine[Any, Any, bytes]) -> bytes:
        """What is asked; a newer question of the same user ends it.  Raises Busy where one does."""
        task = asyncio.ensure_future(asked)
        if older := self._checks.get(user_id):
            older.cancel()
        self._checks[user_id] = task
        try:
            await asyncio.wait({task})
            if task.cancelled():
                raise Busy("读数又有改动，请看新的检查结果", retry_after=1)
            return task.result()
        finally:
            task.cancel()
            if self._checks.get(user_id) is task:
                del self._checks[user_id]

    async def _accept(self, call: Call[Any]) -> tuple[RunRecord, bool, list[Caution]]:
        """The run of the call's declared fields, whether it is new, and warnings of the others."""
        self._admit(call)
        declared = await anyio.to_thread.run_sync(kept, call.body, call.input)
        try:
            run, created = await self._store(
                runs.accept,
                call.user.user_id,
                _wire_name(call),
                digest(call.input, analysis_version(self._experiments[_wire_name(call)].name)),
                declared.text,
                call.input.return_data_uri,
                self._quota,
            )
            return run, created, ignored_fields(declared.ignored)
        except NotFound:  # the user was erased after the token was checked
            raise Unauthorized("登录已失效，请重新登录") from None
        except StorageFull:
            await self.gallery.make_room()
            raise
        except StorageTooLarge as error:
            raise TooLarge(error.message) from None

    def _admit(self, call: Call[Any]) -> None:
        """Raise BadInput or Busy where the call cannot be worked on."""
        self.rates.admit(call.user.user_id)
        check_readings(call.input, self._settings.max_points)

    async def answer(self, call: Call[Any]) -> Plots:
        """Store, work, and answer with the outcome of the call's readings.

        Raises BadInput, and deletes a run that is new and nobody else waits for, where they cannot
        be analysed; Unavailable when they take longer than a request may.
        """
        began = time.monotonic()
        if self.finisher.closing:
            raise Unavailable(PoolStopped.message, retry_after=2)
        with self.finisher.reserved():
            run, created, cautions = await self._accept(call)
        if not run.is_finished:
            left = self._settings.request_seconds - (time.monotonic() - began)
            run = await self._outcome(run, left)
        if run.status == FAILED:
            if created:
                await self._store(deletion.withdraw, run.id)
            if run.message == OUR_FAULT:
                raise HttpError(run.message)
            raise BadInput(run.message)
        data = await self.gallery.images(run) if call.input.return_data_uri else None
        return plots(run, data, cautions, renewed=await self.is_renewed(run))

    async def is_renewed(self, run: RunRecord) -> bool:
        """Whether the same readings had been analysed before an update."""
        return await self._store(history.has_older, run)

    async def _outcome(self, run: RunRecord, seconds: float) -> RunRecord:
        """The finished run, whoever finishes it.  Raises Unavailable after ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                while not run.is_finished:
                    run = await self.finisher.look(run)
                    if not run.is_finished:
                        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
                return run
        except TimeoutError:
            raise Unavailable("仍在计算，请稍后用同样的读数重试", retry_after=3) from None
        except NotFound:
            raise Unavailable("记录在计算时被删除，请重新提交", retry_after=1) from None

    async def own(self, run_id: str, user_id: int) -> RunRecord:
        """A user's own run.  Raises storage NotFound for unknown and for others' runs alike."""
        return await self._store(runs.get_own, run_id, user_id)

    async def page(
        self, user_id: int, experiment: str | None, before: str | None, limit: int
    ) -> RunPage:
        """A page of a user's runs, newest first.  Raises storage CursorInvalid."""
        return await self._store(history.page, user_id, experiment, before, limit)

    async def delete(self, run_id: str, user_id: int) -> bool:
        """Delete a user's own run with its files; work on it ends.  False where there is none."""
        deleted = await self._store(deletion.delete_run, run_id, user_id)
        if deleted:
            self.finisher.drop(run_id)
        return deleted

    def take_up(self, run: RunRecord) -> None:
        """Work on an unfinished run that nobody holds, if this instance can."""
        self.finisher.take_up(run)

    async def _store(self, operation: Callable[..., T], *args: Any) -> T:
        return await anyio.to_thread.run_sync(operation, self._database, *args)


def _wire_name(call: Call[Any]) -> str:
    name: str = call.request.scope["function"]
    return name.replace("_", "-")
