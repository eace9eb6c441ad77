"""Blocking work in a thread, seen through to its end."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import anyio.to_thread

T = TypeVar("T")


async def to_the_end(work: Callable[..., T], *args: Any) -> T:
    """Run ``work(*args)`` in a thread; a cancellation is raised only when it has ended.

    A thread cannot be stopped.  Whoever cleans up after a cancellation would else do so while a row
    or a file is still being written.
    """
    doing = asyncio.ensure_future(anyio.to_thread.run_sync(work, *args))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait({doing})
        if not doing.cancelled():
            doing.exception()  # noted as seen
        raise


async def in_thread(work: Callable[..., T], *args: Any) -> T:
    """``work(*args)`` in a thread, so that the event loop stays free."""
    return await anyio.to_thread.run_sync(work, *args)
