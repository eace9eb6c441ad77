"""What one user may have: runs in flight, stored runs, and bytes of readings.

All three are counted by one statement over an index that holds what it needs, so the count takes
as long as the user has runs and no longer, whatever they weigh.
"""

from dataclasses import dataclass

from storage.engine import Connection
from storage.errors import QuotaExceeded, RunsExceeded
from storage.models import Run
from storage.orm import peewee
from storage.records import PENDING, RUNNING

IN_FLIGHT = (PENDING, RUNNING)


@dataclass(frozen=True, slots=True)
class Quota:
    """The most of each; None where there is no limit."""

    in_flight: int | None = None
    runs: int | None = None
    readings_bytes: int | None = None


UNLIMITED = Quota()


def require_room(connection: Connection, user_id: int, quota: Quota, added: int | None) -> None:
    """Let one more run begin, which adds ``added`` bytes of readings; None for a stored one.

    Requests of one user are counted one after the other where the user's row is held.

    Raises
    ------
    RunsExceeded : too many runs in flight.
    QuotaExceeded : too many runs, or bytes, are stored.
    """
    if quota == UNLIMITED:
        return
    unfinished = peewee.Case(None, [(Run.status.in_(IN_FLIGHT), 1)], 0)
    query = Run.select(
        peewee.fn.COUNT(peewee.SQL("*")),
        peewee.fn.COALESCE(peewee.fn.SUM(Run.readings_bytes), 0),
        peewee.fn.COALESCE(peewee.fn.SUM(unfinished), 0),
    ).where(Run.user_id == user_id)
    stored, size, in_flight = query.tuples().first(connection)
    if quota.in_flight is not None and in_flight >= quota.in_flight:
        raise RunsExceeded(f"{in_flight} runs in flight")
    if added is None:
        return
    if quota.runs is not None and stored >= quota.runs:
        raise QuotaExceeded.of_runs(quota.runs)
    if quota.readings_bytes is not None and int(size) + added > quota.readings_bytes:
        raise QuotaExceeded.of_bytes(quota.readings_bytes)
