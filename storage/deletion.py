"""Runs that go: deleted by their owner, withdrawn, or gone while a copy of a figure stayed.

The row goes first.  Figures are served for rows only, so a file that outlives its row, because the
disk refused, the process ended in between, or it lies on the disk of another instance, is out of
reach at once, and :func:`clear_orphans` takes it away.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from storage import files
from storage.database import Database, operation
from storage.engine import Connection
from storage.errors import StorageUnavailable
from storage.models import Run
from storage.plots import forget_run
from storage.records import FAILED, RUN_ID

_IDS_AT_ONCE = 500


def delete_run(database: Database, run_id: str, user_id: int) -> bool:
    """Delete a user's own run: its row, its rows in ``plot_records`` and its files.

    Returns
    -------
    bool : False where there is none, or it is another's.
    """
    if not RUN_ID.fullmatch(run_id):
        return False
    experiment = _delete_rows(database, run_id, user_id)
    if experiment is None:
        return False
    with suppress(StorageUnavailable):
        files.delete_run(database.data_dir, user_id, experiment, run_id)
    database.give_back_space()
    return True


@operation
def withdraw(connection: Connection, run_id: str) -> bool:
    """Delete a failed run that nobody else has asked for; False where somebody has its id."""
    alone = (Run.id == run_id) & (Run.status == FAILED) & (Run.asked == 1)
    return bool(Run.delete().where(alone).execute(connection))


def clear_orphans(database: Database) -> int:
    """Delete the figures, on this disk, of runs that exist no more.

    Returns
    -------
    int : runs whose figures were deleted.

    Raises
    ------
    StorageUnavailable : the database is not reached, or the disk refuses.
    """
    kept = files.kept_runs(database.data_dir)
    ids, gone = list(kept), 0
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[start : start + _IDS_AT_ONCE]
        for run_id in set(some) - _existing(database, some):
            files.delete_run(database.data_dir, *kept[run_id], run_id)
            gone += 1
    return gone


@operation
def _existing(connection: Connection, run_ids: Sequence[str]) -> set[str]:
    query = Run.select(Run.id).where(Run.id.in_(run_ids))
    return {run_id for (run_id,) in query.tuples().execute(connection)}


@operation
def _delete_rows(connection: Connection, run_id: str, user_id: int) -> str | None:
    own: Any = (Run.id == run_id) & (Run.user_id == user_id)
    experiment = Run.select(Run.experiment).where(own).scalar(connection)
    if experiment is None or not Run.delete().where(own).execute(connection):
        return None
    forget_run(connection, user_id, run_id)
    return str(experiment)
