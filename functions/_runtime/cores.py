"""How many cores this process may use, and how much a process has used."""

import math
import os
from pathlib import Path


def available_cores(limits: Path = Path("/sys/fs/cgroup")) -> int:
    """Cores that this process may use: its affinity, cut down to the container's quota.

    ``limits`` is the control group's folder, version 2 (``cpu.max``) or 1 (``cpu/…``).
    """
    cores = len(os.sched_getaffinity(0))
    try:
        if (limits / "cpu.max").exists():
            quota, period = (limits / "cpu.max").read_text().split()
        else:
            quota = (limits / "cpu/cpu.cfs_quota_us").read_text().strip()
            period = (limits / "cpu/cpu.cfs_period_us").read_text().strip()
        if quota not in ("max", "-1"):
            cores = min(cores, max(1, math.ceil(int(quota) / int(period))))
    except (OSError, ValueError):
        pass  # no quota that we can read
    return cores


def used_seconds(pid: int) -> float | None:
    """Processor time of a process so far, user and system; None where it is not known."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
