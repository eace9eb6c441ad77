"""One worker process and the pipe to it.

Each worker has a pipe of its own, and nothing is shared between them: no queue, no lock.  One that
is killed in the middle of an answer ends its pipe, and the others never notice.
"""

import contextlib
import functools
import logging
import math
import pickle
import signal
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from functions._runtime import forking, heap
from functions._runtime.cores import used_seconds

_OVERTIME_S = 5
_PAUSES_S = (0.0, 0.1, 0.5, 2.0)
"""Before a further try where the template has died: it may take a moment to be gone."""

log = logging.getLogger(__name__)


class Died(Exception):
    """The worker's pipe ended before it had answered."""


class OutOfMemory(Exception):
    """Answer of a worker whose task wanted more memory than it may have."""


class Worker:
    """One process and the pipe to it, used by one thread at a time; :meth:`kill` from any."""

    def __init__(self, memory_mb: int) -> None:
        self._serve = functools.partial(_serve, memory_mb)
        self._pipe: Connection | None = None
        self._process: Any = None
        self._engaged = False
        self._killed = False

    @property
    def is_whole(self) -> bool:
        """Whether it can be asked again: started, and every question was answered."""
        return self._pipe is not None and not self._engaged and not self._killed

    @property
    def used_seconds(self) -> float | None:
        """Processor time of its process so far; None where that is not known."""
        return None if self._process is None else used_seconds(self._process.pid)

    def ensure_alive(self) -> None:
        """Start the process, or another one where it died idle."""
        self._engaged = True
        if self._process is not None and not self._process.is_alive():
            log.warning("idle worker died", extra={"end": str(self._process.exitcode)})
            self._close()
        if self._process is None:
            self._pipe, self._process = self._started()
        if self._killed:
            self._process.kill()
        self._engaged = False

    def _started(self) -> tuple[Connection, Any]:
        """A new process.  Raises OSError or EOFError where none can be had."""
        for pause in _PAUSES_S:
            with contextlib.suppress(OSError, EOFError):
                return forking.start(self._serve)
            time.sleep(pause)  # the template died; the next start renews it once it is gone
        return forking.start(self._serve)

    def ask(
        self, task: Callable[..., Any], args: tuple[Any, ...], seconds: float
    ) -> tuple[bool, Any]:
        """(True, result of the task), or (False, what it raised).  Raises Died."""
        assert self._pipe is not None
        self._engaged = True
        try:
            self._pipe.send((task, args, seconds))
            done, value = self._pipe.recv()
        except (EOFError, OSError) as end:
            self._process.join(1)
            code = self._process.exitcode
            self._close()
            raise Died(f"exit status {code}") from end
        self._engaged = False
        return done, value

    def kill(self) -> None:
        """End the process at once; a thread that waits for its answer gets Died."""
        self._killed = True
        process = self._process
        if process is not None:
            process.kill()

    def _close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        self._pipe = self._process = None


def _serve(memory_mb: int, pipe: Connection) -> None:
    """Answer tasks until the pipe ends; a Ctrl-C is for the serving process alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    heap.limit(memory_mb)
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
        except MemoryError:
            pipe.send((False, OutOfMemory()))
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            pipe.send((False, RuntimeError(f"the result cannot be sent: {error}")))
        except OSError:
            return


def _answer(task: Callable[..., Any], args: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, task(*args)
    except MemoryError:
        return False, OutOfMemory()
    except Exception as error:  # the boundary of this process: the serving one decides
        error.add_note(traceback.format_exc())
        return False, error
