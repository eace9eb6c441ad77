"""Worker processes for analysis and drawing: warm, bounded in time, replaced when they die.

The pool is Pebble's.  Workers are forked from a template process that has loaded the laboratory
once (``forkserver`` with preloading), so a new worker is ready in milliseconds and shares its
memory.  Nothing heavy is ever loaded in the serving process.
"""

import asyncio
import logging
import multiprocessing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pebble import ProcessPool

T = TypeVar("T")

DEATHS_ALLOWED = 3
"""A task that kills its worker this often is given up."""

TEMPLATE = "functions._runtime.template"

log = logging.getLogger(__name__)


class WorkerError(Exception):
    """Base: the worker did not bring a result; ``message`` is for the student."""

    message = "计算失败，请稍后重试"


class TaskTooLong(WorkerError):
    """The task ran past its time and was ended."""

    message = "计算时间超过上限，请减少读数后重试"


class TaskKilled(WorkerError):
    """The task ended its worker too often."""

    message = "计算进程多次异常退出，请检查读数后重新提交"


class PoolStopped(WorkerError):
    """The bundle is shutting down."""

    message = "服务正在重启，请稍后重试"


class Workers:
    """A pool of worker processes.

    Parameters
    ----------
    count : number of processes.
    seconds : longest time of one task, counted from when a worker takes it up.
    """

    def __init__(self, count: int, seconds: float) -> None:
        self.count = count
        self.seconds = seconds
        self.ready = False
        self._pool: ProcessPool | None = None
        self._starting = asyncio.Lock()
        self._waiting: set[asyncio.Future[Any]] = set()

    async def start(self) -> None:
        """Start the template and the workers; returns when every worker has answered once."""
        await self._opened()
        await asyncio.gather(*(self.run(_nothing) for _ in range(self.count)))
        self.ready = True

    async def run(self, task: Callable[..., T], *args: Any) -> T:
        """Result of ``task(*args)`` in a worker; both must be importable by name and picklable.

        What the task raises is raised here.  Raises WorkerError where it takes too long, kills its
        worker :data:`DEATHS_ALLOWED` times, or the pool is stopped.
        """
        from pebble import ProcessExpired

        for death in range(1, DEATHS_ALLOWED + 1):
            pool = await self._opened()
            try:
                future = pool.schedule(task, args=args, timeout=self.seconds)
                return await self._awaited(asyncio.wrap_future(future))
            except ProcessExpired as end:
                log.warning("worker died", extra={"task": task.__name__, "exit": end.exitcode})
                if death == DEATHS_ALLOWED:
                    raise TaskKilled from end
            except TimeoutError as end:
                raise TaskTooLong from end
            except (asyncio.CancelledError, RuntimeError) as end:
                if self._stopped or not pool.active:
                    raise PoolStopped from end
                raise
        raise AssertionError("unreachable")

    _stopped = False

    async def _awaited(self, future: "asyncio.Future[T]") -> T:
        self._waiting.add(future)
        try:
            return await future
        finally:
            self._waiting.discard(future)

    async def _opened(self) -> "ProcessPool":
        if self._stopped:
            raise PoolStopped
        async with self._starting:
            if self._pool is None:
                self._pool = await asyncio.to_thread(_open_pool, self.count)
        return self._pool

    async def stop(self) -> None:
        """End all workers; tasks still running are cut off."""
        self._stopped = True
        if self._pool is not None:
            for future in self._waiting:
                future.cancel()
            self._pool.stop()  # type: ignore[no-untyped-call]
            await asyncio.to_thread(self._pool.join)


def _open_pool(count: int) -> "ProcessPool":
    from pebble import ProcessPool

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([TEMPLATE])
    return ProcessPool(max_workers=count, context=context)


def _nothing() -> None:
    """Do nothing in a worker, to know that it is there."""
