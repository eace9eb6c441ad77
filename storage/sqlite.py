"""SQLite in the data folder: one file, write-ahead log, every commit synced.

``synchronous=FULL``: with NORMAL a killed process loses nothing, but a power cut or a host taken
away can take the last commits with it (https://www.sqlite.org/pragma.html#pragma_synchronous), and
a run that was answered must be there afterwards.  Runs are written some times a second at most, so
the one ``fsync`` for each is affordable.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.engine import Connection, execute, transaction
from storage.errors import StorageFull, StorageReadOnly, StorageUnavailable
from storage.orm import peewee
from storage.records import DatabaseInfo

FILE_NAME = "lab.sqlite"
OLDER_NAME = "dev.sqlite"
"""What the older deployment calls it."""

_BUSY_S = 5.0
_CACHE_KIB = 256
"""Pages kept by one connection of the pool; the system keeps the file's anyway."""
_LOG_BYTES = 4 * 2**20
"""Size to which the write-ahead log is cut when it begins anew."""
_MANY_PAGES, _PAGES_AT_ONCE = 256, 1000
"""Free pages (of 4 KiB) that are worth giving back; fewer are used again."""
_MISTAKES = ("no such column", "syntax error", "no such function", "has no column")


def database_path(folder: Path) -> Path:
    """Give the database file in ``folder``: ``lab.sqlite``, or that of the older deployment.

    The latter is adopted where it lies, so that going back to the older deployment loses nothing.
    """
    own, older = folder / FILE_NAME, folder / OLDER_NAME
    return older if older.is_file() and not own.exists() else own


class SqliteEngine:
    """The database file in ``folder``, as :func:`database_path` gives it."""

    def __init__(self, folder: Path) -> None:
        self.path = database_path(folder)

    @property
    def identity(self) -> object:
        """Device and inode of the file; None while there is none."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def connect(self, timeout: float) -> Connection:
        """Open the file, and create it with its folder where missing."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as exception:
            raise peewee.OperationalError(str(exception)) from exception
        connection = peewee.SqliteDatabase(
            str(self.path),
            pragmas=[
                ("auto_vacuum", "incremental"),  # of a new file; it counts before the first page
                ("journal_mode", "wal"),
                ("journal_size_limit", _LOG_BYTES),
                ("synchronous", "full"),
                ("foreign_keys", 1),
                ("cache_size", -_CACHE_KIB),
            ],
            timeout=min(_BUSY_S, timeout),
            lock_type="IMMEDIATE",
            thread_safe=False,
            check_same_thread=False,
        )
        connection.register_function(lambda: time.time_ns() // 1000, "now_us", 0)
        connection.connect()
        return connection

    def is_usable(self, connection: Connection, idle_s: float) -> bool:  # noqa: ARG002
        """A connection is good for as long as the pool does not find the file replaced."""
        return True

    def limit(self, connection: Connection, seconds: float) -> None:
        """Wait for another process's lock no longer than that."""
        execute(connection, f"PRAGMA busy_timeout = {round(min(_BUSY_S, seconds) * 1000)}")

    def judge(self, exception: Exception) -> StorageUnavailable | None:
        """Translate by SQLite's result codes (https://www.sqlite.org/rescode.html)."""
        text = str(exception)
        code = getattr(getattr(exception, "orig", None), "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return StorageFull(text)
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            return StorageReadOnly(text)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return StorageUnavailable(text, passing=True)
        if not isinstance(exception, peewee.OperationalError) and code not in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_NOTADB,
        ):
            return None
        if any(mistake in text for mistake in _MISTAKES):
            return None
        return StorageUnavailable(text, lost=True)

    @contextmanager
    def migration_lock(self, connection: Connection, timeout: float) -> Iterator[None]:  # noqa: ARG002
        """Migrate in one exclusive transaction: all of it or nothing."""
        with transaction(connection, "EXCLUSIVE"):
            yield

    def give_back_space(self, connection: Connection) -> None:
        """Cut free pages off the file, some at a time, so that no writer waits for long.

        A file that was made without this is written anew, once, which takes a second for 100 MB.
        """
        size = _pragma(connection, "page_count") * _pragma(connection, "page_size")
        kept_by_a_reader = self._bytes_on_disk() > size + 2 * _LOG_BYTES
        if _pragma(connection, "freelist_count") < _MANY_PAGES and not kept_by_a_reader:
            return
        raw: sqlite3.Connection = connection.connection()  # type: ignore[no-untyped-call]
        # A script is carried out to its end; a single statement would free one page.
        with suppress(sqlite3.OperationalError):
            if not _pragma(connection, "auto_vacuum"):
                raw.executescript("PRAGMA auto_vacuum = incremental; VACUUM")
            while _pragma(connection, "freelist_count"):
                raw.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
            raw.executescript("PRAGMA wal_checkpoint(truncate)")

    def _bytes_on_disk(self) -> int:
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def info(self, connection: Connection) -> DatabaseInfo:
        """Name the file, without its folder."""
        tables = [name for name in connection.get_tables() if not name.startswith("sqlite_")]
        return DatabaseInfo("sqlite", None, None, self.path.name, sorted(tables))


def _pragma(connection: Connection, name: str) -> int:
    return int(execute(connection, f"PRAGMA {name}")[0][0])
