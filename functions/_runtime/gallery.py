"""The figures of runs: files are a cache, and what is missing is drawn again from the row."""

import asyncio
import functools
import logging
from pathlib import Path

import anyio.to_thread

from config import Settings
from functions._lab.figure import Figure
from functions._runtime import work
from functions._runtime.errors import NotFound
from functions._runtime.experiment import Experiment
from functions._runtime.workers import Workers
from storage import files
from storage.errors import StorageUnavailable
from storage.records import PlotFile, RunRecord

log = logging.getLogger(__name__)


class Gallery:
    """Draws, keeps and finds figures.

    Parameters
    ----------
    settings : for the cap of the cache.
    data_dir : where the files are.
    workers : where analysis and drawing happen.
    experiments : the mounted experiments by wire name.
    """

    def __init__(
        self,
        settings: Settings,
        data_dir: Path,
        workers: Workers,
        experiments: dict[str, Experiment],
    ) -> None:
        self._cap_bytes = settings.plots_max_mb * 1_000_000
        self._data_dir = data_dir
        self._workers = workers
        self._experiments = experiments
        self._drawing: dict[str, asyncio.Task[bytes]] = {}

    async def analysis(self, run: RunRecord) -> work.Analysis:
        """Findings and figures of a run's readings, reckoned in a worker."""
        module = self._experiments[run.experiment].name
        return await self._workers.run(work.analyse, module, run.readings.encode())

    async def hang(self, run: RunRecord, figures: dict[str, Figure]) -> list[PlotFile]:
        """Draw all figures of a run, spread over the workers, and keep them."""
        drawn = await asyncio.gather(
            *(self._workers.run(work.draw, figure, "png") for figure in figures.values())
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

        Raises NotFound where the readings give no such figure.
        """
        file = f"{run.id}-{name}.{format_}"
        kept = await anyio.to_thread.run_sync(
            files.read, self._data_dir, run.user_id, run.experiment, file
        )
        if kept is not None:
            return kept
        task = self._drawing.get(file)
        if task is None:
            task = asyncio.create_task(self._draw_again(run, name, format_))
            self._drawing[file] = task
            task.add_done_callback(lambda _: self._drawing.pop(file, None))
        return await asyncio.shield(task)

    async def tidy(self) -> None:
        """Keep the cache under its cap, the least recently used going first."""
        cleared = await anyio.to_thread.run_sync(files.evict, self._data_dir, self._cap_bytes)
        if cleared:
            log.info("cleared %d bytes of figures", cleared)

    async def _draw_again(self, run: RunRecord, name: str, format_: work.Format) -> bytes:
        figures = (await self.analysis(run)).figures
        if name not in figures:
            raise NotFound
        data = await self._workers.run(work.draw, figures[name], format_)
        await self._keep(run, f"{run.id}-{name}.{format_}", data)
        return data

    async def _keep(self, run: RunRecord, file: str, data: bytes) -> PlotFile:
        """Write a figure's file; a disk that refuses is only a cache that stays empty."""
        place = (self._data_dir, run.user_id, run.experiment, file)
        try:
            await anyio.to_thread.run_sync(functools.partial(files.write, *place, data))
        except StorageUnavailable as error:
            log.warning("figure %s not kept: %s", file, error.detail)
        return files.plot_file(*place)
