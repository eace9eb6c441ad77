"""How the C library keeps freed memory: little, and in one place.

By default glibc gives each busy thread an arena of its own, up to eight for each core, and keeps
ever larger freed blocks; a process of 40 MB with a few dozen threads that each hold an image for a
moment grows to twice that and stays there.  Where there is no ``mallopt`` (musl, macOS) nothing is
changed.
"""

import ctypes

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


def trim() -> None:
    """Give back to the system what is free now."""
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
