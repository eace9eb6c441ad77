"""The figures of runs: files are a cache, and what is missing is drawn again from the row."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar

import anyio.to_thread

from config import Settings
from functions._runtime import work
from functions._runtime.blocking import to_the_end
from functions._runtime.errors import Busy, NotFound, Unavailable
from functions._runtime.experiment import Experiment
from functions._runtime.versions import analysis_version
from functions._runtime.workers import Errand, NoWorker, Workers
from storage import deletion, files, runs
from storage.database import Database
from storage.errors import StorageFull, StorageUnavailable
from storage.records import PlotFile, RunRecord

T = TypeVar("T")

log = logging.getLogger(__name__)

_PART_OF_REQUEST = 4 / 7
"""Part of a request's time that a figure is waited for; the database may have taken the rest."""

_MOST_OF_USER = 32
"""Figures that are drawn for one user at once."""

_TIDY_AFTER = 0.1
"""Part of the cap that may be written before it is looked at again."""


class Gallery:
    """Draws, keeps and finds figures.

    Parameters
    ----------
    settings : for the cap of the cache, and how many figures may wait for how long.
    database : where the rows are, and beside it the files.
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
        self._cap_bytes = settings.plots_max_mb * 1_000_000
        self._written = 0
        self._most = settings.max_runs
        self._seconds = settings.request_seconds * _PART_OF_REQUEST
        self._database = database
        self._data_dir = database.data_dir
        self._workers = workers
        self._experiments = experiments
        self._clearing: _Once[int] = _Once()
        self._drawing: _Once[bytes] = _Once()
        self._analysing: _Once[work.Analysis] = _Once()

    async def analysis(
        self, run: RunRecord, on_death: Callable[[], Awaitable[None]] | None = None
    ) -> work.Analysis:
        """Findings and figures of a run's readings, reckoned in a worker.

        Raises NotFound where the experiment is not mounted here, and as ``Workers.run``.
        """
        if run.experiment not in self._experiments:
            raise NotFound
        module = self._experiments[run.experiment].name
        stored = None if run.analysis == analysis_version(module) else run.results
        errand = Errand(run.user_id, long=True)
        return await self._workers.run(
            work.analyse, module, run.readings.encode(), stored, errand=errand, on_death=on_death
        )

    async def hang(
        self,
        run: RunRecord,
        figures: dict[str, bytes],
        on_death: Callable[[], Awaitable[None]] | None = None,
    ) -> list[PlotFile]:
        """Draw all figures of an analysis, spread over the workers, and keep them."""
        errand = Errand(run.user_id)
        drawn = await asyncio.gather(
            *(
                self._workers.run(work.draw_packed, figure, "png", errand=errand, on_death=on_death)
                for figure in figures.values()
            )
        )
        return [
            await self._keep(run, f"{run.id}-{name}.png", data)
            for name, data in zip(figures, drawn, strict=True)
        ]

    async def images(self, run: RunRecord) -> list[bytes] | None:
        """The figures of a completed run as PNG, drawn again where their files are gone.

        None where one cannot be drawn, now or ever, as after an update that draws other figures:
        a client that polls must come to an end.  Raises as :meth:`figure` what will pass.
        """
        try:
            return list(await asyncio.gather(*(self.figure(run, n, "png") for n in run.figures)))
        except (Busy, Unavailable, NoWorker, StorageUnavailable):
            raise
        except Exception as error:
            log.error("figures of run %s cannot be drawn", run.id, exc_info=error)
            return None

    async def figure(self, run: RunRecord, name: str, format_: work.Format) -> bytes:
        """One figure of a completed run, from its file or drawn again, once for all who ask.

        Raises NotFound where the readings give no such figure, or the run is deleted meanwhile;
        Busy where too many are being drawn, Unavailable where it is not drawn in time.
        """
        file = f"{run.id}-{name}.{format_}"
        key = f"{run.user_id}/{file}"
        kept = await anyio.to_thread.run_sync(
            files.read, self._data_dir, run.user_id, run.experiment, file
        )
        if kept is not None:
            return kept
        own = sum(other.startswith(f"{run.user_id}/") for other in self._drawing)
        full = len(self._drawing) >= self._most or own >= _MOST_OF_USER
        if full and key not in self._drawing:
            raise Busy("正在绘制的图过多，请稍后重试", retry_after=2)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._drawing.get(key, lambda: self._draw_again(run, name, format_))
        except TimeoutError:
            raise Unavailable("图仍在绘制，请稍后重试", retry_after=2) from None

    async def forget(self, run: RunRecord) -> None:
        """Delete the files of a run that is gone."""
        try:
            await to_the_end(files.delete_run, self._data_dir, run.user_id, run.experiment, run.id)
        except StorageUnavailable as error:
            log.warning("files of run %s not deleted: %s", run.id, error.detail)

    async def tidy(self) -> None:
        """Keep the cache under its cap, and free of figures whose runs were deleted elsewhere."""
        await self._keep_under_cap()
        gone = await to_the_end(deletion.clear_orphans, self._database)
        if gone:
            log.info("cleared the figures of %d deleted runs", gone)

    async def _keep_under_cap(self) -> None:
        """Clear the least recently used figures where the cap is passed."""
        self._written = 0
        cleared = await self._clearing.get(
            "cap", lambda: anyio.to_thread.run_sync(files.evict, self._data_dir, self._cap_bytes)
        )
        if cleared:
            log.info("cleared %d bytes of figures", cleared)

    async def make_room(self) -> None:
        """Give up part of the cache where the disk is full: what must be stored goes before."""
        cleared = await self._clearing.get(
            "room", lambda: anyio.to_thread.run_sync(files.make_room, self._data_dir)
        )
        log.warning("the disk is full: cleared %d bytes of figures", cleared)

    async def _draw_again(self, run: RunRecord, name: str, format_: work.Format) -> bytes:
        analysis = await self._analysing.get(run.id, lambda: self.analysis(run))
        if name not in analysis.figures:
            raise NotFound
        data = await self._workers.run(
            work.draw_packed, analysis.figures[name], format_, errand=Errand(run.user_id)
        )
        await self._keep(run, f"{run.id}-{name}.{format_}", data)
        if await anyio.to_thread.run_sync(runs.find, self._database, run.id) is None:
            await self.forget(run)
            raise NotFound
        return data

    async def _keep(self, run: RunRecord, file: str, data: bytes) -> PlotFile:
        """Write a figure's file; a disk that refuses is only a cache that stays empty."""
        place = (self._data_dir, run.user_id, run.experiment, file)
        try:
            await to_the_end(files.write, *place, data)
            self._written += len(data)
            if self._written > _TIDY_AFTER * self._cap_bytes:
                await self._keep_under_cap()
        except StorageUnavailable as error:
            log.warning("figure %s not kept: %s", file, error.detail)
            if isinstance(error, StorageFull):
                await self.make_room()
        return files.plot_file(*place)


class _Once(Generic[T]):
    """What is being made already is waited for, not made again."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[T]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tasks)

    async def get(self, key: str, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What ``make`` gives; an asker who goes away does not spoil it for the others."""
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.create_task(make())
            self._tasks[key] = task
            task.add_done_callback(functools.partial(self._made, key))
        return await asyncio.shield(task)

    def _made(self, key: str, task: asyncio.Task[T]) -> None:
        del self._tasks[key]
        if not task.cancelled():
            task.exception()  # noted as seen: all askers may have gone away
