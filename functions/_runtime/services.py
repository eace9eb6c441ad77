"""What the bundle offers its functions: settings, storage, tokens, workers, runs."""

import asyncio
import logging
import math
import signal
import threading
import time
import types
from collections.abc import Sequence

from config import Settings
from functions._runtime.cores import available_cores
from functions._runtime.experiment import Experiment
from functions._runtime.function import Function
from functions._runtime.rates import CODES_PER_MINUTE, Guesses, Rates
from functions._runtime.runs import Runs
from functions._runtime.tokens import Tokens
from functions._runtime.wechat import FAILED_PER_MINUTE
from functions._runtime.workers import WorkerError, Workers
from storage import users
from storage.database import Database, open_database
from storage.errors import StorageError, StorageUnavailable
from storage.records import UserRecord
from storage.sqlite import OLDER_NAME, database_path

log = logging.getLogger(__name__)

_PATIENCE_OF_REQUEST = 3 / 7
"""Part of a request's time that one storage operation may take: it may need two that wait."""

_SECONDS_TO_END = 1.5
"""At the end of the grace, for handing back, ending workers and closing connections."""

_CHECK_S = 1.0
_SECONDS_BETWEEN_CHECKS = 1.0
_SECONDS_BETWEEN_STARTS = 2.0


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
        self.database: Database = open_database(
            settings.mysql_url or None,
            settings.data_dir,
            patience_s=settings.request_seconds * _PATIENCE_OF_REQUEST,
        )
        self.tokens = Tokens(settings.jwt_secret, settings.jwt_expire_minutes)
        self.reading = asyncio.Lock()
        """For large bodies: between two of them everybody else is served."""
        self.failed_logins = Rates(FAILED_PER_MINUTE, "登录失败的次数过多，请稍后再试")
        self.asked_codes = Rates(CODES_PER_MINUTE, "取登录数字过于频繁，请稍后再试")
        self.wrong_codes = Guesses()
        self.workers = Workers(
            settings.workers or available_cores(),
            settings.analysis_seconds,
            settings.worker_memory_mb,
        )
        self.runs = Runs(settings, self.database, self.workers, self.experiments)
        self.stopping = False
        self._warming: asyncio.Task[None] | None = None
        self._checked: tuple[float, bool] = (-math.inf, False)
        self._checking = asyncio.Lock()

    async def open(self) -> None:
        """Begin warming up in the background; the port opens meanwhile."""
        self._heed_sigterm()
        _note_risks(self.settings)
        self._warming = asyncio.create_task(self._warm())
        self._warming.add_done_callback(_note_failure)
        self.runs.finisher.open()

    def stop_soon(self) -> None:
        """Take up no more work; all of it is finished or handed back inside the grace."""
        if self.stopping:
            return
        self.stopping = True
        log.info("stopping")
        grace = self.settings.shutdown_seconds
        end = time.monotonic() + grace - min(_SECONDS_TO_END, grace / 4)
        self.database.end_by(end)
        self.runs.finisher.wind_down(end)

    async def close(self) -> None:
        """Finish or hand back what is running, then end the workers and the connections."""
        self.stop_soon()
        if self._warming:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        await self.runs.finisher.close()
        await self.workers.stop()
        await asyncio.to_thread(self.database.close)

    def _heed_sigterm(self) -> None:
        """Begin to stop at the signal itself: Uvicorn tells us when the last answer is out."""
        loop = asyncio.get_running_loop()
        servers_own = signal.getsignal(signal.SIGTERM)
        if not callable(servers_own) or threading.current_thread() is not threading.main_thread():
            return

        def heed(number: int, frame: types.FrameType | None) -> None:
            loop.call_soon_threadsafe(self.stop_soon)
            servers_own(number, frame)

        signal.signal(signal.SIGTERM, heed)

    async def state(self) -> str:
        """``ready``, or what is missing: ``stopping``, ``starting``, ``database``."""
        if self.stopping:
            return "stopping"
        if self.experiments and not self.workers.ready:
            return "starting"
        async with self._checking:
            asked, reached = self._checked
            if time.monotonic() - asked > _SECONDS_BETWEEN_CHECKS:
                reached = await asyncio.to_thread(self._reaches_database)
                self._checked = (time.monotonic(), reached)
        return "ready" if reached else "database"

    def _reaches_database(self) -> bool:
        try:
            self.database.within(_CHECK_S).prepare()
        except StorageError as error:
            log.warning("database not reached: %s", error.detail)
            return False
        return True

    async def everyone(self) -> list[UserRecord]:
        """All users by ascending number."""
        return await asyncio.to_thread(users.everyone, self.database)

    async def _warm(self) -> None:
        """Have the tables and the workers ready before somebody waits for them."""
        await asyncio.gather(self._prepare_tables(), self._start_workers())

    async def _prepare_tables(self) -> None:
        try:
            await asyncio.to_thread(self.database.prepare)
        except StorageUnavailable as error:
            log.warning("database not reached at start: %s", error.detail)

    async def _start_workers(self) -> None:
        while self.experiments and not self.workers.ready:
            try:
                await self.workers.start()
            except WorkerError as error:
                log.error("workers did not start", exc_info=error)
                await asyncio.sleep(_SECONDS_BETWEEN_STARTS)


def _note_risks(settings: Settings) -> None:
    """Say in the log what an operator may have overlooked; the bundle works without it."""
    older = settings.data_dir / OLDER_NAME
    if older.is_file():
        if not settings.mysql_url and database_path(settings.data_dir) == older:
            log.info("the database of the older deployment, %s, is adopted", OLDER_NAME)
        else:
            log.warning("the database of the older deployment, %s, is not used", OLDER_NAME)
    if settings.wechat_mock:
        log.warning("WECHAT_MOCK is 1: anybody can log in as anybody, for development only")
        return
    named = {
        "WECHAT_APPID": settings.wechat_appid,
        "WECHAT_APP_SECRET": settings.wechat_app_secret,
    }
    for name, value in named.items():
        if not value and not settings.wechat_trust_headers:
            log.warning("%s is not set: the login answers 503", name)
    if not settings.mysql_url:
        log.warning(
            "MYSQL_URL is not set: everything is in SQLite in the data folder, and gone with the "
            "instance unless a volume is mounted there"
        )


def _note_failure(warming: asyncio.Task[None]) -> None:
    if not warming.cancelled() and (error := warming.exception()):
        log.error("not made ready", exc_info=error)
