"""Runs: accepted once, claimed by one instance at a time, completed by the one that holds them."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from storage.database import operation
from storage.engine import Connection, now
from storage.errors import NotFound, StorageUnavailable
from storage.models import Run
from storage.orm import peewee
from storage.plots import note_plots
from storage.quota import UNLIMITED, Quota, require_room
from storage.records import (
    COMPLETED,
    FAILED,
    PENDING,
    RUN_ID,
    RUNNING,
    PlotFile,
    RunRecord,
)
from storage.users import hold

_LONGEST_MESSAGE = 255
_FAR_S = 600.0
"""Twice the longest lease that the settings allow."""


@operation
def accept(
    connection: Connection,
    user_id: int,
    experiment: str,
    digest: str,
    readings: str,
    data_uri: bool,
    quota: Quota = UNLIMITED,
) -> tuple[RunRecord, bool]:
    """Store readings as a run, or give the run that they are already.

    A run that failed begins anew.  The unique key of user, experiment and digest lets two
    instances that accept at once get the same run.

    Parameters
    ----------
    digest : of the readings and the analysis, at most 64 characters.
    readings : JSON text of the declared fields.
    data_uri : whether images are wanted in the answer; kept once any request wanted them.
    quota : the most that this user may have.

    Returns
    -------
    tuple : the run, and True where it is new.

    Raises
    ------
    NotFound : the user was erased.
    RunsExceeded, QuotaExceeded : a limit is met and these readings are not in flight or finished
        already.
    """
    hold(connection, user_id)
    same = (Run.user_id == user_id) & (Run.experiment == experiment) & (Run.digest == digest)
    known = _one(connection, same)
    if known is not None and known.status != FAILED:
        return _share(connection, known, data_uri), False
    weight = len(readings.encode())
    require_room(connection, user_id, quota, weight if known is None else None)
    row: dict[Any, Any] = {
        Run.readings: readings,
        Run.readings_bytes: weight,
        Run.data_uri: data_uri,
        Run.status: PENDING,
        Run.message: "",
        Run.results: None,
        Run.figures: "[]",
        Run.attempts: 0,
        Run.claims: 0,
        Run.lease_owner: None,
        Run.lease_expires: now(connection),
        Run.finished_at: None,
    }
    if known is not None:
        row[Run.asked] = Run.asked + 1
        _change(connection, known, row)
        return _existing(connection, Run.id == known.id), False
    run_id = secrets.token_hex(16)
    identity = {Run.user_id: user_id, Run.experiment: experiment, Run.digest: digest}
    Run.insert({Run.id: run_id, **identity, **row, Run.created_at: now(connection)}).execute(
        connection
    )
    return _existing(connection, Run.id == run_id), True


def _share(connection: Connection, known: RunRecord, data_uri: bool) -> RunRecord:
    """Note that one more waits for a run, so that nobody who has its id finds it withdrawn."""
    change: dict[Any, Any] = {}
    if data_uri and not known.data_uri:
        change[Run.data_uri] = True
    if not known.is_finished:
        change[Run.asked] = Run.asked + 1
    if change:
        _change(connection, known, change)
    return msgspec.structs.replace(known, data_uri=known.data_uri or data_uri)


def _change(connection: Connection, known: RunRecord, change: Mapping[Any, Any]) -> None:
    """Change a run that is as it was read; else have the whole transaction tried again."""
    as_read = (Run.id == known.id) & (Run.status == known.status)
    if not _update(connection, as_read, change):
        raise StorageUnavailable("the run changed meanwhile", passing=True)


@operation
def claim(connection: Connection, run_id: str, owner: str, lease_s: float) -> RunRecord | None:
    """Take a run that nobody holds; None where somebody does, or it is finished or gone."""
    free = (Run.id == run_id) & _free(connection)
    taken = _update(
        connection,
        free,
        {
            Run.status: RUNNING,
            Run.lease_owner: owner,
            Run.lease_expires: now(connection) + round(lease_s * 1e6),
            Run.claims: Run.claims + 1,
        },
    )
    return _existing(connection, Run.id == run_id) if taken else None


@operation
def renew(connection: Connection, run_id: str, owner: str, lease_s: float) -> bool:
    """Hold a run for another ``lease_s`` seconds; False where it is not the owner's any more."""
    until = now(connection) + round(lease_s * 1e6)
    return _update(connection, _held(run_id, owner), {Run.lease_expires: until})


@operation
def release(connection: Connection, run_id: str, owner: str) -> bool:
    """Hand a run back, to be claimed by anybody at once; this claim does not count."""
    change = {
        Run.status: PENDING,
        Run.lease_owner: None,
        Run.lease_expires: now(connection),
        Run.claims: Run.claims - 1,
    }
    return _update(connection, _held(run_id, owner), change)


@operation
def count_attempt(connection: Connection, run_id: str, owner: str) -> int:
    """Note that a worker died over the run; how many have by now.

    Raises
    ------
    NotFound : the run is gone.
    """
    _update(connection, _held(run_id, owner), {Run.attempts: Run.attempts + 1})
    return _existing(connection, Run.id == run_id).attempts


@operation
def complete(
    connection: Connection,
    run_id: str,
    owner: str,
    results: str,
    figures: Sequence[str],
    plots: Sequence[PlotFile] = (),
) -> RunRecord:
    """Store the outcome of a run that ``owner`` holds, and note its figures in ``plot_records``.

    Where somebody else has taken the run over, nothing is changed.  Repeating is harmless.

    Returns
    -------
    RunRecord : the row as it is afterwards; its ``lease_owner`` is who finishes or finished it.

    Raises
    ------
    NotFound : the run was deleted meanwhile; the caller deletes the figures it wrote.
    """
    change = {
        Run.status: COMPLETED,
        Run.message: "",
        Run.results: results,
        Run.figures: msgspec.json.encode(list(figures)).decode(),
        Run.finished_at: now(connection),
    }
    done = _update(connection, _held(run_id, owner), change)
    run = _existing(connection, Run.id == run_id)
    if done:
        note_plots(connection, run.user_id, run.experiment, plots)
    return run


@operation
def fail(connection: Connection, run_id: str, owner: str, message: str) -> RunRecord:
    """Close a run that ``owner`` holds with a Chinese sentence; as :func:`complete` otherwise."""
    change = {
        Run.status: FAILED,
        Run.message: message[:_LONGEST_MESSAGE],
        Run.finished_at: now(connection),
    }
    _update(connection, _held(run_id, owner), change)
    return _existing(connection, Run.id == run_id)


@operation
def find(connection: Connection, run_id: str) -> RunRecord | None:
    """Give a run by id, None where there is none."""
    return _one(connection, Run.id == run_id) if RUN_ID.fullmatch(run_id) else None


@operation
def get(connection: Connection, run_id: str) -> RunRecord:
    """Give a run by id.  Raises NotFound."""
    if not RUN_ID.fullmatch(run_id):
        raise NotFound("run")
    return _existing(connection, Run.id == run_id)


@operation
def get_own(connection: Connection, run_id: str, user_id: int) -> RunRecord:
    """Give a user's own run.  Raises NotFound for an unknown run and for another's alike."""
    if not RUN_ID.fullmatch(run_id):
        raise NotFound("run")
    return _existing(connection, (Run.id == run_id) & (Run.user_id == user_id))


@operation
def expired(
    connection: Connection, limit: int, experiments: Collection[str] | None = None
) -> list[RunRecord]:
    """Give unfinished runs that nobody holds, the longest abandoned first.

    Parameters
    ----------
    experiments : only runs of these, where given.
    """
    abandoned = _free(connection)
    if experiments is not None:
        abandoned &= Run.experiment.in_(list(experiments))
    query = _rows(connection).where(abandoned).order_by(Run.lease_expires).limit(limit)
    return [_record(row) for row in query.dicts().execute(connection)]


def _free(connection: Connection) -> Any:
    """Unfinished and held by nobody; a waiting run has no holder whatever its lease says."""
    return (Run.status == PENDING) | ((Run.status == RUNNING) & ~_leased(connection))


def _leased(connection: Connection) -> Any:
    """Within a lease; one that reaches too far is from before the database's clock was put back."""
    moment = now(connection)
    return Run.lease_expires.between(moment + 1, moment + round(_FAR_S * 1e6))


def _held(run_id: str, owner: str) -> Any:
    return (Run.id == run_id) & (Run.status == RUNNING) & (Run.lease_owner == owner)


def _update(connection: Connection, condition: Any, change: Mapping[Any, Any]) -> bool:
    return bool(Run.update(dict(change)).where(condition).execute(connection))


def _one(connection: Connection, condition: Any) -> RunRecord | None:
    row = _rows(connection).where(condition).dicts().first(connection)
    return None if row is None else _record(row)


def _rows(connection: Connection) -> Any:
    held = (Run.status == RUNNING) & _leased(connection)
    return Run.select(Run, peewee.Case(None, [(held, 1)], 0).alias("held"))


def _existing(connection: Connection, condition: Any) -> RunRecord:
    run = _one(connection, condition)
    if run is None:
        raise NotFound("run")
    return run


def _record(row: dict[str, Any]) -> RunRecord:
    figures = msgspec.json.decode(row["figures"], type=tuple[str, ...])
    return msgspec.convert({**row, "figures": figures, "held": bool(row["held"])}, RunRecord)
