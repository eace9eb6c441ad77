"""What the storage hands out: small frozen records, never rows that know their database.

All times are aware datetimes in UTC.
"""

import re
from datetime import UTC, datetime
from typing import Literal

import msgspec

Status = Literal["pending", "running", "completed", "failed"]
PENDING: Status = "pending"
RUNNING: Status = "running"
COMPLETED: Status = "completed"
FAILED: Status = "failed"

ANALYSIS_MARK = "-"
"""In the digest of a run: before it the readings, behind it the analysis."""
READINGS_DIGITS = 47
"""Digits of the readings' digest in a run's."""

RUN_ID = re.compile(r"[0-9a-f]{32}")
"""Nothing else is looked for: MySQL cannot even compare a sign beyond ASCII with an id."""

Role = Literal["normal", "teacher", "admin"]


class UserRecord(msgspec.Struct, frozen=True):
    """One user; ``role`` is ``normal``, ``teacher`` or ``admin``."""

    user_id: int
    openid: str
    role: str
    created_at: datetime

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def may_teach(self) -> bool:
        return self.role in ("teacher", "admin")


class RunRecord(msgspec.Struct, frozen=True):
    """One run with everything that is stored of it.

    ``readings`` and ``results`` are JSON texts; ``figures`` the names of the figures in order.
    ``attempts`` counts the workers that died over it, ``claims`` the instances that took it up and
    did not hand it back.  ``held`` tells whether somebody's lease ran when the row was read, on the
    database's clock.
    """

    id: str
    user_id: int
    experiment: str
    digest: str
    readings: str
    data_uri: bool
    status: Status
    message: str
    results: str | None
    figures: tuple[str, ...]
    attempts: int
    claims: int
    lease_owner: str | None
    lease_expires: datetime
    created_at: datetime
    finished_at: datetime | None
    held: bool = False

    @property
    def is_finished(self) -> bool:
        return self.status in (COMPLETED, FAILED)

    @property
    def analysis(self) -> str:
        """Which analysis it is a run of; empty for a run that is older than such notes."""
        return self.digest.partition(ANALYSIS_MARK)[2]


class RunHead(msgspec.Struct, frozen=True):
    """A line of the history: a run without its readings and results."""

    id: str
    experiment: str
    status: Status
    message: str
    figures: tuple[str, ...]
    created_at: datetime
    finished_at: datetime | None


class RunPage(msgspec.Struct, frozen=True):
    """A page of the history, newest first; ``next`` is the cursor of the following page."""

    runs: tuple[RunHead, ...]
    next: str | None


class CourseRecord(msgspec.Struct, frozen=True):
    """A class; ``items`` are its experiments with their due times, ``code`` lets students join."""

    id: int
    teacher_id: int
    title: str
    rules: str
    code: str | None
    closed: bool
    created_at: datetime
    items: tuple[tuple[str, datetime | None], ...]

    def due(self, experiment: str) -> datetime | None:
        """When an experiment is due; None for no time, or where the class has it not."""
        return dict(self.items).get(experiment)


class MemberRecord(msgspec.Struct, frozen=True):
    """A student of a class."""

    course_id: int
    user_id: int
    name: str
    number: str
    joined_at: datetime


class HandInHead(msgspec.Struct, frozen=True):
    """What was handed in, without its readings; ``user_id`` is None for a person who was erased."""

    id: str
    course_id: int
    user_id: int | None
    name: str
    number: str
    experiment: str
    run_id: str
    results: str
    handed_at: datetime
    mark: str
    comment: str
    marked_at: datetime | None


class HandInRecord(HandInHead, frozen=True, kw_only=True):
    """What was handed in, whole."""

    readings: str


class PlotFile(msgspec.Struct, frozen=True):
    """One figure file to be noted in ``plot_records``: path on disk and address."""

    file_path: str
    url: str


class PlotRecord(msgspec.Struct, frozen=True):
    """One row of ``plot_records``."""

    id: int
    user_id: int
    experiment: str
    file_path: str
    url: str
    created_at: datetime


class DatabaseInfo(msgspec.Struct, frozen=True):
    """Where the data are, without credentials; host and port are None for SQLite."""

    backend: str
    host: str | None
    port: int | None
    database: str
    tables: list[str]


def from_microseconds(value: int) -> datetime:
    """Give the UTC time of an integer of microseconds since 1970."""
    seconds, microseconds = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def to_microseconds(moment: datetime) -> int:
    """Give whole microseconds since 1970 of an aware time, exactly."""
    whole = moment.replace(microsecond=0)
    return round(whole.timestamp()) * 1_000_000 + moment.microsecond
