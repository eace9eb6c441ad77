"""The figures of runs: files are a cache, and what is missing is drawn again from the row."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

import anyio.to_thread

from config import Settings
from functions._runtime import work
from functions._runtime.errors import NotFound
from functions._runtime.experiment import Experiment
from functions._runtime.workers import Workers
from storage import files, runs
from storage.database import Database
from storage.errors import StorageFull, StorageUnavailable
from storage.records import PlotFile, RunRecord

T = TypeVar("T")

log = logging.getLogger(__name__)


class Gallery:
    """Draws, keeps and finds figures.

    Parameters
    ----------
    settings : for the cap of the cache.
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
        return await self._workers.run(
            work.analyse, module, run.readings.encode(), on_death=on_death
        )

    async def hang(
        self,
        run: RunRecord,
        figures: dict[str, bytes],
        on_death: Callable[[], Awaitable[None]] | None = None,
    ) -> list[PlotFile]:
        """Draw all figures of an analysis, spread over the workers, and keep them."""
        drawn = await asyncio.gather(
            *(
                self._workers.run(work.draw_packed, figure, "png", on_death=on_death)
                for figure in figures.values()
            )
        )
        return [
            await self._keep(run, f"{run.id}-{name}.png", data)
            for name, data in zip(figures, drawn, strict=True)
        ]

    async def images(self, run: RunRecord) -> list[bytes]:
        """The figures of a completed run as PNG, drawn again where their files are gone."""
        return list(await asyncio.gather(*(self.figure(run, n, "png") for n in run.figures)))

    async def figure(self, run: RunRecord, name: str, format_: work.Format) -> bytes:
        """One figure of a completed run, from its file or drawn again, once for all who ask.

        Raises NotFound where the readings give no such figure, or the run is deleted meanwhile.
        """
        file = f"{run.id}-{name}.{format_}"
        kept = await anyio.to_thread.run_sync(
            files.read, self._data_dir, run.user_id, run.experiment, file
        )
        if kept is not None:
            return kept
        return await self._drawing.get(file, lambda: self._draw_again(run, name, format_))

    async def forget(self, run: RunRecord) -> None:
        """Delete the files of a run that is gone."""
        try:
            await anyio.to_thread.run_sync(
                files.delete_run, self._data_dir, run.user_id, run.experiment, run.id
            )
        except StorageUnavailable as error:
            log.warning("files of run %s not deleted: %s", run.id, error.detail)

    async def tidy(self) -> None:
        """Keep the cache under its cap, the least recently used going first."""
        cleared = await anyio.to_thread.run_sync(files.evict, self._data_dir, self._cap_bytes)
        if cleared:
            log.info("cleared %d bytes of figures", cleared)

    async def make_room(self) -> None:
        """Give up part of the cache where the disk is full: what must be stored goes before."""
        cleared = await self._clearing.get(
            "", lambda: anyio.to_thread.run_sync(files.make_room, self._data_dir)
        )
        log.warning("the disk is full: cleared %d bytes of figures", cleared)

    async def _draw_again(self, run: RunRecord, name: str, format_: work.Format) -> bytes:
        analysis = await self._analysing.get(run.id, lambda: self.analysis(run))
        if name not in analysis.figures:
            raise NotFound
        data = await self._workers.run(work.draw_packed, analysis.figures[name], format_)
        await self._keep(run, f"{run.id}-{name}.{format_}", data)
        if await anyio.to_thread.run_sync(runs.find, self._database, run.id) is None:
            await self.forget(run)
            raise NotFound
        return data

    async def _keep(self, run: RunRecord, file: str, data: bytes) -> PlotFile:
        """Write a figure's file; a disk that refuses is only a cache that stays empty."""
        place = (self._data_dir, run.user_id, run.experiment, file)
        try:
            await anyio.to_thread.run_sync(functools.partial(files.write, *place, data))
        except StorageUnavailable as error:
            log.warning("figure %s not kept: %s", file, error.detail)
            if isinstance(error, StorageFull):
                await self.make_room()
        return files.plot_file(*place)


class _Once(Generic[T]):
    """What is being made already is waited for, not made again."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[T]] = {}

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
