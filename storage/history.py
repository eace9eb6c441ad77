"""A user's runs as they look back on them: page by page, or all of them."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from storage import runs
from storage.database import Database, operation
from storage.engine import Connection
from storage.errors import CursorInvalid
from storage.models import Run
from storage.records import READINGS_DIGITS, RunHead, RunPage, RunRecord, to_microseconds

_CURSOR = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})")
_HEAD = (
    Run.id,
    Run.experiment,
    Run.status,
    Run.message,
    Run.figures,
    Run.created_at,
    Run.finished_at,
)


@operation
def page(
    connection: Connection,
    user_id: int,
    experiment: str | None = None,
    before: str | None = None,
    limit: int = 20,
) -> RunPage:
    """Give a user's runs, newest first.

    Parameters
    ----------
    experiment : only runs of this one.
    before : the ``next`` of the page before; None for the newest.
    limit : runs on a page, 1 or more.

    Raises
    ------
    CursorInvalid : ``before`` was not given out by us.
    """
    query = Run.select(*_HEAD).where(Run.user_id == user_id)
    if experiment is not None:
        query = query.where(Run.experiment == experiment)
    if before is not None:
        query = query.where(_older_than(before))
    query = query.order_by(Run.created_at.desc(), Run.id.desc()).limit(limit + 1)
    heads = [_head(row) for row in query.dicts().execute(connection)]
    last = heads[limit - 1] if len(heads) > limit else None
    cursor = None if last is None else f"{to_microseconds(last.created_at)}-{last.id}"
    return RunPage(tuple(heads[:limit]), cursor)


@operation
def has_older(connection: Connection, run: RunRecord) -> bool:
    """Tell whether the same readings were analysed before, by an analysis that is no more."""
    same = (Run.user_id == run.user_id) & (Run.experiment == run.experiment)
    readings = Run.digest.startswith(run.digest[:READINGS_DIGITS])
    before = (Run.digest != run.digest) & (Run.created_at < run.created_at)
    return bool(Run.select(Run.id).where(same & readings & before).limit(1).count(connection))


def all_of(database: Database, user_id: int) -> Iterator[RunRecord]:
    """Give every run of a user in full, newest first, one page of rows at a time."""
    before: str | None = None
    while True:
        part = page(database, user_id, before=before)
        for head in part.runs:
            run = runs.find(database, head.id)
            if run is not None and run.user_id == user_id:
                yield run
        if part.next is None:
            return
        before = part.next


def _older_than(cursor: str) -> Any:
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise CursorInvalid("page cursor")
    moment, run_id = int(match[1]), match[2]
    return (Run.created_at < moment) | ((Run.created_at == moment) & (Run.id < run_id))


def _head(row: dict[str, Any]) -> RunHead:
    figures = msgspec.json.decode(row["figures"], type=tuple[str, ...])
    return msgspec.convert({**row, "figures": figures}, RunHead)
