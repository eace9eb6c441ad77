"""Stopping a process so that it is stopped: a signal that was sent has not arrived yet."""

import os
import signal
import time
from pathlib import Path

_SECONDS = 10.0


def freeze(pid: int) -> None:
    """Send SIGSTOP and wait until every thread stands still; SIGCONT lets it go on.

    Raises TimeoutError where one does not.
    """
    os.kill(pid, signal.SIGSTOP)
    deadline = time.monotonic() + _SECONDS
    while not all(_stands_still(path) for path in Path(f"/proc/{pid}/task").iterdir()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"process {pid} does not stop")
        time.sleep(0.001)


def _stands_still(thread: Path) -> bool:
    """By the state in proc(5); a thread that has ended does too."""
    try:
        return (thread / "stat").read_text().rpartition(")")[2].split()[0] in "TtXZ"
    except (FileNotFoundError, ProcessLookupError):
        return True
