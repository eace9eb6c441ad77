"""What a process and its descendants use, read from ``/proc``; and limits put on them."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

QUARTER = 0.25
_PERIOD_S = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")
_CGROUPS = Path("/sys/fs/cgroup")


def family(pid: int) -> list[int]:
    """A process and all that descend from it; those that end meanwhile are left out."""
    found = [pid]
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += family(int(child))
    except OSError:
        pass
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time that the family has used, with that of its members that ended."""
    ticks = 0
    for member in family(pid):
        fields = _read(member, "stat").rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])  # utime stime cutime cstime
    return ticks / _TICKS


def resident_mb(pid: int) -> float:
    """Resident memory of one process."""
    return _kilobytes(_read(pid, "status"), "VmRSS:") / 1024


def proportional_mb(pid: int) -> float:
    """Memory of the family, every shared page counted once over those that share it."""
    return sum(_kilobytes(_read(one, "smaps_rollup"), "Pss:") for one in family(pid)) / 1024


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""


def _kilobytes(text: str, key: str) -> float:
    return next((float(line.split()[1]) for line in text.splitlines() if line.startswith(key)), 0.0)


Confine = Callable[[int], None]
"""Puts a process that was just started under a limit."""


def one_core(pid: int) -> None:
    """Keep a process on the first core that this process may use."""
    os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))})


@contextmanager
def quarter_core() -> Iterator[tuple[Confine, str]]:
    """Something that holds a process down to a quarter of a core, and what it is."""
    for place, confine, name in (
        (_CGROUPS, _version_2, "cgroup v2, cpu.max 25000 100000"),
        (_CGROUPS / "cpu", _version_1, "cgroup v1, cpu.cfs_quota_us 25000 of 100000"),
    ):
        group = place / f"bench-{os.getpid()}"
        if _prepared(group, confine):
            try:
                yield lambda pid, group=group: _enter(group, pid), name  # type: ignore[misc]
            finally:
                _remove(group)
            return
    ended = threading.Event()
    try:
        yield lambda pid: _duty_cycle(pid, ended), "SIGSTOP and SIGCONT, 25 ms of each 100 ms"
    finally:
        ended.set()


def _version_2(group: Path) -> None:
    (group / "cpu.max").write_text("25000 100000")


def _version_1(group: Path) -> None:
    (group / "cpu.cfs_period_us").write_text("100000")
    (group / "cpu.cfs_quota_us").write_text("25000")


def _prepared(group: Path, confine: Callable[[Path], None]) -> bool:
    if not (group.parent / "cgroup.procs").exists():
        return False
    try:
        group.mkdir()
    except OSError:
        return False
    try:
        if not any((group / name).exists() for name in ("cpu.max", "cpu.cfs_quota_us")):
            raise FileNotFoundError
        confine(group)
    except OSError:
        group.rmdir()
        return False
    return True


def _enter(group: Path, pid: int) -> None:
    (group / "cgroup.procs").write_text(str(pid))


def _remove(group: Path) -> None:
    """Remove the group as soon as the kernel has seen its last process end."""
    for _ in range(100):
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.05)
        else:
            return


def _duty_cycle(pid: int, ended: threading.Event) -> None:
    def turn() -> None:
        while not ended.is_set() and Path(f"/proc/{pid}").exists():
            for sent, seconds in (
                (signal.SIGSTOP, _PERIOD_S * (1 - QUARTER)),
                (signal.SIGCONT, _PERIOD_S * QUARTER),
            ):
                for member in family(pid):
                    try:
                        os.kill(member, sent)
                    except ProcessLookupError:
                        continue
                ended.wait(seconds)

    threading.Thread(target=turn, daemon=True).start()
