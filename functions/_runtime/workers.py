"""Worker processes for analysis and drawing: warm, bounded in time, replaced when they die.

Workers are forked from a template process that has loaded the laboratory once (``forking``), so a
new one is ready in milliseconds and shares its memory.  Nothing heavy is ever loaded in the serving
process.

Each worker has a pipe of its own, and nothing is shared between them: no queue, no lock.  One that
is killed in the middle of an answer ends its pipe, and the others never notice.
"""

import asyncio
import logging
import math
import pickle
import signal
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from functions._runtime import forking

T = TypeVar("T")

DEATHS_ALLOWED = 3
"""A task that kills its worker this often is given up."""

_OVERTIME_S = 5

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


class NoWorker(WorkerError):
    """No worker can be started at present; it says nothing against the task."""

    message = "计算进程无法启动，请稍后重试"


class PoolStopped(NoWorker):
    """The bundle is shutting down."""

    message = "服务正在重启，请稍后重试"


class _Died(Exception):
    """The worker's pipe ended before it had answered."""


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
        self._free = asyncio.Semaphore(count)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
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
        on_death: Callable[[], Awaitable[None]] | None = None,
    ) -> T:
        """Result of ``task(*args)`` in a worker; both must be importable by name and picklable.

        What the task raises is raised here, and what ``on_death`` raises, which is called whenever
        a worker died over the task.  Raises WorkerError where it takes too long, kills its worker
        :data:`DEATHS_ALLOWED` times, no worker can be started, or the pool is stopped.
        """
        async with self._free:
            for _ in range(DEATHS_ALLOWED):
                try:
                    return await self._attempt(task, args)
                except _Died as death:
                    if self._stopped:
                        raise PoolStopped from None
                    log.warning("worker died", extra={"task": task.__name__, "end": str(death)})
                if on_death:
                    await on_death()
        raise TaskKilled

    async def _attempt(self, task: Callable[..., T], args: tuple[Any, ...]) -> T:
        if self._stopped:
            raise PoolStopped
        worker = self._idle.pop() if self._idle else _Worker()
        self._busy.add(worker)
        try:
            done, value = await self._ask(worker, task, args)
        finally:
            self._busy.discard(worker)
            if worker.is_whole:
                self._idle.append(worker)
            else:  # it died, ran too long, or whoever asked went away
                worker.kill()
        if not done:
            raise value
        result: T = value
        return result

    async def _ask(
        self, worker: "_Worker", task: Callable[..., Any], args: tuple[Any, ...]
    ) -> tuple[bool, Any]:
        try:
            await self._in_thread(worker.ensure_alive)
        except (OSError, EOFError) as end:
            if self._stopped:
                raise PoolStopped from end
            log.error("no worker can be started", exc_info=end)
            raise NoWorker from end
        asking = self._in_thread(worker.ask, task, args, self.seconds)
        answered, _ = await asyncio.wait({asking}, timeout=self.seconds)
        if not answered:
            worker.kill()
            await asyncio.wait({asking})
            raise TaskTooLong
        return asking.result()

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


class _Worker:
    """One process and the pipe to it, used by one thread at a time; :meth:`kill` from any."""

    def __init__(self) -> None:
        self._pipe: Connection | None = None
        self._process: Any = None
        self._engaged = False
        self._killed = False

    @property
    def is_whole(self) -> bool:
        """Whether it can be asked again: started, and every question was answered."""
        return self._pipe is not None and not self._engaged and not self._killed

    def ensure_alive(self) -> None:
        """Start the process, or another one where it died idle."""
        self._engaged = True
        if self._process is not None and not self._process.is_alive():
            log.warning("idle worker died", extra={"end": str(self._process.exitcode)})
            self._close()
        if self._process is None:
            try:
                self._pipe, self._process = forking.start(_serve)
            except (OSError, EOFError):  # the template died just now; the next start renews it
                self._pipe, self._process = forking.start(_serve)
        if self._killed:
            self._process.kill()
        self._engaged = False

    def ask(
        self, task: Callable[..., Any], args: tuple[Any, ...], seconds: float
    ) -> tuple[bool, Any]:
        """(True, result of the task), or (False, what it raised).  Raises _Died."""
        assert self._pipe is not None
        self._engaged = True
        try:
            self._pipe.send((task, args, seconds))
            done, value = self._pipe.recv()
        except (EOFError, OSError) as end:
            self._process.join(1)
            code = self._process.exitcode
            self._close()
            raise _Died(f"exit status {code}") from end
        self._engaged = False
        return done, value

    def kill(self) -> None:
        """End the process at once; a thread that waits for its answer gets _Died."""
        self._killed = True
        process = self._process
        if process is not None:
            process.kill()

    def _close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        self._pipe = self._process = None


def _serve(pipe: Connection) -> None:
    """Answer tasks until the pipe ends; a Ctrl-C is for the serving process alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send(None)
    while True:
        try:
            task, args, seconds = pipe.recv()
        except (EOFError, OSError):
            return
        signal.alarm(math.ceil(seconds) + _OVERTIME_S)  # should nobody be left to end us
        answer = _answer(task, args)
        signal.alarm(0)
        try:
            pipe.send(answer)
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            pipe.send((False, RuntimeError(f"the result cannot be sent: {error}")))
        except OSError:
            return


def _answer(task: Callable[..., Any], args: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, task(*args)
    except Exception as error:  # the boundary of this process: the serving one decides
        error.add_note(traceback.format_exc())
        return False, error


def _nothing() -> None:
    """Do nothing in a worker, to know that it is there."""
