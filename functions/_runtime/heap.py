"""How the C library keeps freed memory: little, and in one place; and how much there may be.

By default glibc gives each busy thread an arena of its own, up to eight for each core, and keeps
ever larger freed blocks; a process of 40 MB with a few dozen threads that each hold an image for a
moment grows to twice that and stays there.  Where there is no ``mallopt`` (musl, macOS) nothing is
changed.
"""

import contextlib
import ctypes
import resource
from pathlib import Path

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Numbers of the options in glibc's ``malloc.h``."""

_MIB = 1024 * 1024


def bound(kept_mib: int) -> None:
    """Use one arena, keep at most ``kept_mib`` freed at its end, and map larger blocks singly.

    Call before the process has threads.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
        mallopt(_TRIM_THRESHOLD, kept_mib * _MIB)
        mallopt(_MMAP_THRESHOLD, min(kept_mib, 32) * _MIB)


def limit(more_mib: int) -> None:
    """Let this process map ``more_mib`` beyond what it has; then allocating raises MemoryError.

    Nothing is limited where the system does not tell what is mapped (macOS).
    """
    with contextlib.suppress(FileNotFoundError):
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = mapped + more_mib * _MIB
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def trim() -> None:
    """Give back to the system what is free now."""
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
