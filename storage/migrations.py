"""The tables, made step by step.

Each migration has a number and is carried out once, under a lock that the database itself keeps
between instances.  MySQL ends a transaction at every CREATE or ALTER, so each migration is also
written to be repeated: what was done before a crash is found done.
"""

from collections.abc import Callable

from storage.engine import Connection, Engine, execute, now
from storage.models import Run, SchemaVersion
from storage.orm import peewee

_MYSQL_TABLE = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4"


def migrate(engine: Engine, connection: Connection, timeout: float) -> None:
    """Bring the tables to the newest version; do nothing, not even lock, where they are.

    Raises
    ------
    StorageUnavailable : another instance holds the lock for longer than ``timeout`` seconds.
    """
    if current_version(connection) >= len(MIGRATIONS):
        return
    with engine.migration_lock(connection, timeout):
        version = current_version(connection)
        for number, migration in enumerate(MIGRATIONS, start=1):
            if number > version:
                migration(connection)
                row = {SchemaVersion.version: number, SchemaVersion.applied_at: now(connection)}
                SchemaVersion.insert(row).execute(connection)


def current_version(connection: Connection) -> int:
    """Number of the newest migration that was carried out; 0 for a database without any."""
    if not _has_table(connection, "schema_version"):
        return 0
    newest = SchemaVersion.select(peewee.fn.MAX(SchemaVersion.version))
    return int(newest.scalar(connection) or 0)


def _is_mysql(connection: Connection) -> bool:
    return isinstance(connection, peewee.MySQLDatabase)


def _has_table(connection: Connection, name: str) -> bool:
    return name in connection.get_tables()


def _columns(connection: Connection, table: str) -> set[str]:
    return {column.name for column in connection.get_columns(table)}


def _adopt_deployed_tables(connection: Connection) -> None:
    """Take over ``user_info`` and ``plot_records`` with their rows, or make them.

    An older deployment calls the first one ``users``; a ``users`` table without an ``openid`` is
    somebody else's and stays.
    """
    if (
        not _has_table(connection, "user_info")
        and _has_table(connection, "users")
        and {"user_id", "openid"} <= _columns(connection, "users")
    ):
        execute(connection, "ALTER TABLE users RENAME TO user_info")
    for statement in _DEPLOYED_MYSQL if _is_mysql(connection) else _DEPLOYED_SQLITE:
        execute(connection, statement)


_DEPLOYED_MYSQL = (
    f"""CREATE TABLE IF NOT EXISTS user_info (
        user_id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
        created_at DATETIME NOT NULL,
        openid VARCHAR(64) NOT NULL,
        role VARCHAR(20) NOT NULL DEFAULT 'normal',
        UNIQUE KEY user_info_openid (openid)
    ) {_MYSQL_TABLE}""",
    f"""CREATE TABLE IF NOT EXISTS plot_records (
        id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
        user_id INT NOT NULL,
        experiment VARCHAR(64) NOT NULL,
        file_path VARCHAR(255) NOT NULL,
        url VARCHAR(255) NOT NULL,
        created_at DATETIME NOT NULL,
        KEY plot_records_user_id (user_id)
    ) {_MYSQL_TABLE}""",
)

# AUTOINCREMENT: the number of an erased user must never become somebody else's.
_DEPLOYED_SQLITE = (
    """CREATE TABLE IF NOT EXISTS user_info (
        user_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        created_at DATETIME NOT NULL,
        openid VARCHAR(64) NOT NULL UNIQUE,
        role VARCHAR(20) NOT NULL DEFAULT 'normal'
    )""",
    """CREATE TABLE IF NOT EXISTS plot_records (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        user_id INTEGER NOT NULL,
        experiment VARCHAR(64) NOT NULL,
        file_path VARCHAR(255) NOT NULL,
        url VARCHAR(255) NOT NULL,
        created_at DATETIME NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS plot_records_user_id ON plot_records (user_id)",
)


def _tell_openids_apart(connection: Connection) -> None:
    """Compare openids sign by sign: the deployed collation takes ``oAb`` and ``oaB`` for one."""
    if _is_mysql(connection):
        execute(
            connection,
            "ALTER TABLE user_info MODIFY openid VARCHAR(64) "
            "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
        )


_RUNS_MYSQL = (
    f"""CREATE TABLE IF NOT EXISTS runs (
        id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
        user_id INT NOT NULL,
        experiment VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        digest VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        readings LONGTEXT NOT NULL,
        data_uri BOOL NOT NULL,
        status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        message VARCHAR(255) NOT NULL,
        results LONGTEXT NULL,
        figures TEXT NOT NULL,
        attempts INT NOT NULL,
        claims INT NOT NULL,
        lease_owner VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
        lease_expires BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        finished_at BIGINT NULL,
        UNIQUE KEY runs_readings (user_id, experiment, digest),
        KEY runs_history (user_id, created_at, id),
        KEY runs_lease (status, lease_expires)
    ) {_MYSQL_TABLE}""",
)

_RUNS_SQLITE = (
    """CREATE TABLE IF NOT EXISTS runs (
        id VARCHAR(32) NOT NULL PRIMARY KEY,
        user_id INTEGER NOT NULL,
        experiment VARCHAR(64) NOT NULL,
        digest VARCHAR(64) NOT NULL,
        readings TEXT NOT NULL,
        data_uri INTEGER NOT NULL,
        status VARCHAR(16) NOT NULL,
        message VARCHAR(255) NOT NULL,
        results TEXT,
        figures TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        claims INTEGER NOT NULL,
        lease_owner VARCHAR(64),
        lease_expires BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        finished_at BIGINT
    )""",
    "CREATE UNIQUE INDEX IF NOT EXISTS runs_readings ON runs (user_id, experiment, digest)",
    "CREATE INDEX IF NOT EXISTS runs_history ON runs (user_id, created_at, id)",
    "CREATE INDEX IF NOT EXISTS runs_lease ON runs (status, lease_expires)",
)


def _create_runs(connection: Connection) -> None:
    """Make the table of runs."""
    for statement in _RUNS_MYSQL if _is_mysql(connection) else _RUNS_SQLITE:
        execute(connection, statement)


def _count_askers(connection: Connection) -> None:
    """Remember how often the same readings were sent while they were worked on."""
    if "asked" not in _columns(connection, "runs"):
        execute(connection, "ALTER TABLE runs ADD COLUMN asked INT NOT NULL DEFAULT 1")


def _weigh_readings(connection: Connection) -> None:
    """Keep the length of readings beside them, and all that a quota counts in one index."""
    if "readings_bytes" not in _columns(connection, "runs"):
        execute(connection, "ALTER TABLE runs ADD COLUMN readings_bytes INT NOT NULL DEFAULT 0")
    text = Run.readings if _is_mysql(connection) else Run.readings.cast("BLOB")
    weight = {Run.readings_bytes: peewee.fn.LENGTH(text)}
    Run.update(weight).where(Run.readings_bytes == 0).execute(connection)
    _add_index(connection, "runs", "runs_quota", ("user_id", "status", "readings_bytes"))


def _index_plots(connection: Connection) -> None:
    """Let the figures of a user be found without a look at those of all others."""
    _add_index(connection, "plot_records", "plot_records_user_id", ("user_id",))


def _create_login_codes(connection: Connection) -> None:
    """Make the table of codes by which a browser is logged in."""
    ascii_text = "CHARACTER SET ascii COLLATE ascii_bin" if _is_mysql(connection) else ""
    execute(
        connection,
        "CREATE TABLE IF NOT EXISTS login_codes (user_id INT NOT NULL PRIMARY KEY, "
        f"digest VARCHAR(64) {ascii_text} NOT NULL UNIQUE, expires BIGINT NOT NULL) "
        + (_MYSQL_TABLE if _is_mysql(connection) else ""),
    )


def _create_courses(connection: Connection) -> None:
    """Make the tables of classes, of who is in them, and of what was handed in."""
    mysql = _is_mysql(connection)
    ending = _MYSQL_TABLE if mysql else ""
    serial = "INT NOT NULL AUTO_INCREMENT PRIMARY KEY"
    words = {
        "serial": serial if mysql else "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
        "ascii": "CHARACTER SET ascii COLLATE ascii_bin" if mysql else "",
        "long": "LONGTEXT" if mysql else "TEXT",
    }
    for statement in _COURSES:
        execute(connection, statement.format(**words) + ending)
    _add_index(connection, "courses", "courses_teacher", ("teacher_id",))
    _add_index(connection, "course_members", "course_members_user", ("user_id",))
    _add_index(connection, "hand_ins", "hand_ins_user", ("user_id",))


_COURSES = (
    """CREATE TABLE IF NOT EXISTS courses (
        id {serial},
        teacher_id INT NOT NULL,
        title VARCHAR(80) NOT NULL,
        rules VARCHAR(64) NOT NULL,
        code VARCHAR(16) {ascii} NULL UNIQUE,
        closed BOOL NOT NULL,
        created_at BIGINT NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS course_items (
        course_id INT NOT NULL,
        experiment VARCHAR(64) {ascii} NOT NULL,
        place INT NOT NULL,
        due BIGINT NULL,
        PRIMARY KEY (course_id, experiment)
    )""",
    """CREATE TABLE IF NOT EXISTS course_members (
        course_id INT NOT NULL,
        user_id INT NOT NULL,
        name VARCHAR(40) NOT NULL,
        number VARCHAR(40) NOT NULL,
        joined_at BIGINT NOT NULL,
        PRIMARY KEY (course_id, user_id)
    )""",
    """CREATE TABLE IF NOT EXISTS hand_ins (
        id VARCHAR(32) {ascii} NOT NULL PRIMARY KEY,
        course_id INT NOT NULL,
        user_id INT NULL,
        name VARCHAR(40) NOT NULL,
        number VARCHAR(40) NOT NULL,
        experiment VARCHAR(64) {ascii} NOT NULL,
        run_id VARCHAR(32) {ascii} NOT NULL,
        readings {long} NOT NULL,
        results {long} NOT NULL,
        handed_at BIGINT NOT NULL,
        mark VARCHAR(16) NOT NULL,
        comment TEXT NOT NULL,
        marked_at BIGINT NULL,
        UNIQUE (course_id, experiment, user_id)
    )""",
)


def _add_index(connection: Connection, table: str, name: str, columns: tuple[str, ...]) -> None:
    """Make an index where none begins with these columns."""
    known = (tuple(index.columns) for index in connection.get_indexes(table))
    if not any(index[: len(columns)] == columns for index in known):
        execute(connection, f"CREATE INDEX {name} ON {table} ({', '.join(columns)})")


def _create_schema_version(connection: Connection) -> None:
    """Make the table that remembers what was carried out."""
    ending = _MYSQL_TABLE if _is_mysql(connection) else ""
    execute(
        connection,
        "CREATE TABLE IF NOT EXISTS schema_version "
        f"(version INT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL) {ending}",
    )


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    _create_schema_version,
    _adopt_deployed_tables,
    _tell_openids_apart,
    _create_runs,
    _count_askers,
    _weigh_readings,
    _index_plots,
    _create_login_codes,
    _create_courses,
)
"""In order; the first has number 1.  Add at the end, never change what was released."""
