"""Forking a process from the template: a process that has loaded the laboratory once.

The template is the server of ``multiprocessing``'s ``forkserver`` with preloading.  It is started
where it is not there, and ended where it does not answer.
"""

import contextlib
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import types
from collections.abc import Callable, Iterator
from multiprocessing import forkserver, util
from multiprocessing.connection import Connection
from typing import Any

TEMPLATE = "functions._runtime.template"
SECONDS = 30.0
"""Longest time until a new process is there; 4 s are seen on a quarter of a core."""

_MEMORY = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
_starting = threading.Lock()

log = logging.getLogger(__name__)


def start(serve: Callable[[Connection], None]) -> tuple[Connection, Any]:
    """A new process that runs ``serve`` with its end of a pipe; our end of it, and the process.

    ``serve`` first sends anything.  Raises OSError or EOFError where the template died or did not
    answer within :data:`SECONDS`; the next start renews it.

    A child of ``multiprocessing`` imports the program's main module, which would load the whole
    bundle into every worker (140 ms instead of 7, measured).  No task is defined there, so it is
    kept out of sight for the moment.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([TEMPLATE])
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), name="lab-worker", daemon=True)
    with _starting, _template_ended_after(SECONDS):
        _keep_sockets_in_memory()
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main
    theirs.close()
    if not ours.poll(SECONDS):  # it is up: the time of a task begins after this
        process.kill()
    ours.recv()
    return ours, process


def _keep_sockets_in_memory() -> None:
    """Give ``multiprocessing`` a folder for its sockets that goes with the machine.

    It would make one in TMPDIR, which is the data volume in our container, and leave it there each
    time that the process is killed.
    """
    config = multiprocessing.current_process()._config  # type: ignore[attr-defined]  # not public
    if "tempdir" in config or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return
    config["tempdir"] = folder = tempfile.mkdtemp(prefix="lab-", dir=_MEMORY)
    util.Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=-100)


@contextlib.contextmanager
def _template_ended_after(seconds: float) -> Iterator[None]:
    """End a template that hangs, for whose answer ``multiprocessing`` would wait for ever."""
    timer = threading.Timer(seconds, _end_template)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end_template() -> None:
    """Kill it; until it is renewed it is a child of ours, and its number nobody else's."""
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # not public
    if pid is not None:
        log.error("the template does not answer and is ended", extra={"pid": pid})
        os.kill(pid, signal.SIGKILL)
