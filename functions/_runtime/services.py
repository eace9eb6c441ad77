"""What the bundle offers its functions: settings, storage, tokens, workers, runs."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

from config import Settings
from functions._runtime.experiment import Experiment
from functions._runtime.function import Function
from functions._runtime.runs import Runs
from functions._runtime.tokens import Tokens
from functions._runtime.workers import Workers
from storage import users
from storage.database import Database, open_database
from storage.errors import StorageUnavailable
from storage.records import UserRecord

log = logging.getLogger(__name__)


class Services:
    """One instance's services; opened when the port is open, closed on shutdown.

    Parameters
    ----------
    settings : the settings of this process.
    found : the functions that are mounted.
    """

    def __init__(self, settings: Settings, found: Sequence[Function]) -> None:
        self.settings = settings
        self.functions = found
        self.experiments = {f.wire_name: f for f in found if isinstance(f, Experiment)}
        self.database: Database = open_database(settings.mysql_url or None, settings.data_dir)
        self.tokens = Tokens(settings.jwt_secret, settings.jwt_expire_minutes)
        self.workers = Workers(settings.worker_count, settings.analysis_seconds)
        self.runs = Runs(settings, self.database, self.workers, self.experiments)
        self.stopping = False
        self._warming: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin warming up in the background; the port opens meanwhile."""
        self._warming = asyncio.create_task(self._warm())
        self.runs.open()

    async def close(self) -> None:
        """Finish or hand back what is running, then end the workers and the connections."""
        self.stopping = True
        if self._warming:
            self._warming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._warming
        await self.runs.close(self.settings.shutdown_seconds)
        await self.workers.stop()
        await asyncio.to_thread(self.database.close)

    async def everyone(self) -> list[UserRecord]:
        """All users by ascending number."""
        return await asyncio.to_thread(users.everyone, self.database)

    async def _warm(self) -> None:
        """Have the tables and the workers ready before somebody waits for them."""
        preparing = asyncio.to_thread(self.database.prepare)
        starting = self.workers.start() if self.experiments else asyncio.sleep(0)
        prepared, started = await asyncio.gather(preparing, starting, return_exceptions=True)
        if isinstance(prepared, StorageUnavailable):
            log.warning("database not reached at start: %s", prepared.detail)
        elif isinstance(prepared, BaseException):
            log.error("database cannot be prepared", exc_info=prepared)
        if isinstance(started, BaseException):
            log.error("workers did not start", exc_info=started)
