"""Worker processes for analysis and drawing: warm, bounded, replaced when they die.

Workers are forked from a template process that has loaded the laboratory once (``forking``), so a
new one is ready in milliseconds and shares its memory.  Nothing heavy is ever loaded in the serving
process.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from functions._runtime.turns import Turns
from functions._runtime.worker import Died, OutOfMemory, Worker

T = TypeVar("T")

DEATHS_ALLOWED = 3
"""A task that kills its worker this often is given up."""

_RUNNING_SHARE = 0.3
"""Share of its time that a task must have run for its length to be its own fault."""

log = logging.getLogger(__name__)


class WorkerError(Exception):
    """Base: the worker did not bring a result; ``message`` is for the student."""

    message = "计算失败，请稍后重试"


class TaskTooLong(WorkerError):
    """The task ran past its time and was ended."""

    message = "计算时间超过上限，请减少读数后重试"


class TaskTooLarge(WorkerError):
    """The task wanted more memory than a worker may have."""

    message = "计算需要的内存超过上限，请检查读数的单位与小数点后重新提交"


class TaskKilled(WorkerError):
    """The task ended its worker too often."""

    message = "计算进程多次异常退出，请检查读数后重新提交"


class NoWorker(WorkerError):
    """No worker can be started at present; it says nothing against the task."""

    message = "计算进程无法启动，请稍后重试"


class Stalled(NoWorker):
    """The task's workers were given no processor time, so its length is not known."""

    message = "服务器太忙，计算没有完成，请稍后重试"


class PoolStopped(NoWorker):
    """The bundle is shutting down."""

    message = "服务正在重启，请稍后重试"


class _Idled(Exception):
    """The worker's time ran out before it had run: stopped, or on a machine too busy."""


@dataclass(frozen=True, slots=True)
class Errand:
    """For whom a task is done.

    Parameters
    ----------
    user : whose turn it takes.
    long : it may take seconds, as an analysis does and the drawing of a figure does not.
    seconds : longest time of this task, where that is shorter than the pool's.
    """

    user: Hashable = None
    long: bool = False
    seconds: float = math.inf


NOBODYS = Errand()


class Workers:
    """A pool of worker processes.

    Parameters
    ----------
    count : number of processes.
    seconds : longest time of one task, counted from when a worker takes it up.
    memory_mb : what a worker may map beyond what it has when it starts.
    """

    def __init__(self, count: int, seconds: float, memory_mb: int) -> None:
        self.count = count
        self.seconds = seconds
        self._memory_mb = memory_mb
        self.ready = False
        self._turns = Turns(count)
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._stopped = False
        self._threads = ThreadPoolExecutor(count, "worker-pipe")

    async def start(self) -> None:
        """Start the template and the workers; returns when every worker has answered once."""
        await asyncio.gather(*(self.run(_nothing) for _ in range(self.count)))
        self.ready = True

    async def run(
        self,
        task: Callable[..., T],
        *args: Any,
        errand: Errand = NOBODYS,
        on_death: Callable[[], Awaitable[None]] | None = None,
    ) -> T:
        """Result of ``task(*args)`` in a worker; both must be importable by name and picklable.

        Users get workers in turn; a user's long tasks never hold the last one.

        What the task raises is raised here, and what ``on_death`` raises, which is called whenever
        a worker died over the task.  Raises WorkerError where it takes too long or too much memory,
        kills its worker or is not run :data:`DEATHS_ALLOWED` times, no worker can be had, or the
        pool is stopped.
        """
        most = max(1, self.count - 1) if errand.long else None
        seconds = min(self.seconds, errand.seconds)
        async with self._turns.of(errand.user, most):
            for attempt in range(DEATHS_ALLOWED):
                try:
                    return await self._attempt(task, args, seconds)
                except _Idled:
                    log.warning("worker idled", extra={"task": task.__name__})
                    if attempt == DEATHS_ALLOWED - 1:
                        raise Stalled from None
                    continue
                except Died as death:
                    if self._stopped:
                        raise PoolStopped from None
                    log.warning("worker died", extra={"task": task.__name__, "end": str(death)})
                if on_death:
                    await on_death()
        raise TaskKilled

    async def _attempt(self, task: Callable[..., T], args: tuple[Any, ...], seconds: float) -> T:
        if self._stopped:
            raise PoolStopped
        worker = self._idle.pop() if self._idle else Worker(self._memory_mb)
        self._busy.add(worker)
        try:
            done, value = await self._ask(worker, task, args, seconds)
        finally:
            self._busy.discard(worker)
            if worker.is_whole:
                self._idle.append(worker)
            else:  # it died, went beyond a bound, or whoever asked went away
                worker.kill()
        if not done:
            raise value
        result: T = value
        return result

    async def _ask(
        self, worker: Worker, task: Callable[..., Any], args: tuple[Any, ...], seconds: float
    ) -> tuple[bool, Any]:
        try:
            await self._in_thread(worker.ensure_alive)
        except (OSError, EOFError) as end:
            if self._stopped:
                raise PoolStopped from end
            log.error("no worker can be started", exc_info=end)
            raise NoWorker from end
        before = worker.used_seconds
        asking = self._in_thread(worker.ask, task, args, seconds)
        answered, _ = await asyncio.wait({asking}, timeout=seconds)
        if not answered:
            after = worker.used_seconds
            worker.kill()
            await asyncio.wait({asking})
            ran = math.inf if before is None or after is None else after - before
            raise TaskTooLong if ran >= _RUNNING_SHARE * seconds else _Idled
        done, value = asking.result()
        if isinstance(value, OutOfMemory):  # what is left of it may fill the process
            worker.kill()
            raise TaskTooLarge
        return done, value

    def _in_thread(self, work: Callable[..., T], *args: Any) -> "asyncio.Future[T]":
        """The work in a thread, where it ends with the worker, whether it is awaited or not."""
        future = asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        future.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        return future

    async def stop(self) -> None:
        """End all workers; tasks still running are cut off."""
        self._stopped = True
        for worker in [*self._idle, *self._busy]:
            worker.kill()
        await asyncio.to_thread(self._threads.shutdown)


def _nothing() -> None:
    """Do nothing in a worker, to know that it is there."""
