"""Databases of all ages are brought to the newest version, once."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import migrations, plots, runs, users
from storage.database import Database
from storage.engine import Connection, execute
from storage.models import Plot, Run, SchemaVersion, User
from storage.orm import peewee
from tests.conftest import Place
from tests.mariadb import Mariadb
from tests.storage import processes

# The deployed database in both dialects, after the table in the wire contract.
DEPLOYED_MYSQL = (
    """CREATE TABLE {users} (user_id INT AUTO_INCREMENT PRIMARY KEY, created_at DATETIME NOT NULL,
       openid VARCHAR(64) NOT NULL UNIQUE, role VARCHAR(20) NOT NULL DEFAULT 'normal')
       ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci""",
    """CREATE TABLE plot_records (id INT AUTO_INCREMENT PRIMARY KEY, user_id INT NOT NULL,
       experiment VARCHAR(64) NOT NULL, file_path VARCHAR(255) NOT NULL, url VARCHAR(255) NOT NULL,
       created_at DATETIME NOT NULL, INDEX ix_plot_records_user_id (user_id){key})
       ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci""",
)
DEPLOYED_SQLITE = (
    """CREATE TABLE {users} (user_id INTEGER PRIMARY KEY, created_at DATETIME NOT NULL,
       openid VARCHAR(64) NOT NULL UNIQUE, role VARCHAR(20) NOT NULL DEFAULT 'normal')""",
    """CREATE TABLE plot_records (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL,
       experiment VARCHAR(64) NOT NULL, file_path VARCHAR(255) NOT NULL, url VARCHAR(255) NOT NULL,
       created_at DATETIME NOT NULL{key})""",
    "CREATE INDEX ix_plot_records_user_id ON plot_records (user_id)",
)
ROWS = (
    "INSERT INTO {users} VALUES (7, '2025-03-04 05:06:07', 'oAbC', 'admin')",
    "INSERT INTO {users} VALUES (9, '2025-03-05 00:00:00', 'o学生', 'normal')",
    "INSERT INTO plot_records VALUES (3, 9, 'millikan', 'data/plots/9/millikan/图1.png',"
    " '/static/plots/9/millikan/图1.png', '2025-03-05 01:00:00')",
)
ADMIN, STUDENT = 7, 9
TABLES = [
    *("course_items", "course_members", "courses", "hand_ins", "login_codes", "plot_records"),
    *("runs", "schema_version", "user_info"),
]


def run_sql(place: Place, mariadb: Mariadb, *statements: str, file: str = "lab.sqlite") -> None:
    """Prepare a database as an older deployment left it, without our code."""
    if place.mysql_url is not None:
        name = re.split("[/?]", place.mysql_url)[-2]
        mariadb.execute(f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb4")
        mariadb.execute(*statements, name=name)
        return
    place.data_dir.mkdir(exist_ok=True)
    connection = sqlite3.connect(place.data_dir / file)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def deploy(
    place: Place,
    mariadb: Mariadb,
    table: str = "user_info",
    *,
    foreign_key: bool = False,
    file: str = "lab.sqlite",
) -> None:
    """The deployed tables with their rows; some deployments tie them by a foreign key."""
    tables = DEPLOYED_MYSQL if place.is_mysql else DEPLOYED_SQLITE
    key = f", FOREIGN KEY (user_id) REFERENCES {table} (user_id)" if foreign_key else ""
    statements = [statement.format(users=table, key=key) for statement in (*tables, *ROWS)]
    run_sql(place, mariadb, *statements, file=file)


@contextmanager
def opened(place: Place) -> Iterator[Database]:
    database = place.open()
    yield database
    database.close()


def test_missing_database_is_made(place: Place) -> None:
    with opened(place) as database:
        info = database.info()
        assert info.tables == TABLES
        assert info.backend == ("mysql" if place.is_mysql else "sqlite")


def test_made_database_holds_every_character(mysql_place: Place) -> None:
    with opened(mysql_place) as database:
        rows = database.perform(
            lambda connection: execute(connection, "SELECT @@character_set_database")
        )
        assert rows == [("utf8mb4",)]


@pytest.mark.parametrize("table", ["user_info", "users"])
def test_deployed_database_is_adopted_with_its_rows(
    place: Place, mariadb: Mariadb, table: str
) -> None:
    deploy(place, mariadb, table)
    with opened(place) as database:
        assert database.info().tables == TABLES
        admin, student = users.everyone(database)
        assert (admin.user_id, admin.openid, admin.role) == (7, "oAbC", "admin")
        assert admin.created_at == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
        assert (student.user_id, student.openid, student.role) == (9, "o学生", "normal")
        (plot,) = plots.of_user(database, 9)
        assert (plot.id, plot.url) == (3, "/static/plots/9/millikan/图1.png")
        assert plot.created_at == datetime(2025, 3, 5, 1, tzinfo=UTC)
        assert users.find_or_create(database, "oAbC") == admin
        assert users.find_or_create(database, "oabc").user_id > 9
        assert runs.accept(database, 9, "millikan", "d", "{}", False)[1]


def test_adopted_columns_are_those_of_the_contract(mysql_place: Place, mariadb: Mariadb) -> None:
    deploy(mysql_place, mariadb)
    with opened(mysql_place) as database:
        rows = database.perform(
            lambda connection: execute(
                connection,
                "SELECT table_name, column_name, column_type, is_nullable, column_key, extra "
                "FROM information_schema.columns WHERE table_schema = DATABASE() "
                "AND table_name IN ('user_info', 'plot_records') "
                "ORDER BY table_name, ordinal_position",
            )
        )
    assert [(t, c, k.replace("int(11)", "int"), n, key, e) for t, c, k, n, key, e in rows] == [
        ("plot_records", "id", "int", "NO", "PRI", "auto_increment"),
        ("plot_records", "user_id", "int", "NO", "MUL", ""),
        ("plot_records", "experiment", "varchar(64)", "NO", "", ""),
        ("plot_records", "file_path", "varchar(255)", "NO", "", ""),
        ("plot_records", "url", "varchar(255)", "NO", "", ""),
        ("plot_records", "created_at", "datetime", "NO", "", ""),
        ("user_info", "user_id", "int", "NO", "PRI", "auto_increment"),
        ("user_info", "created_at", "datetime", "NO", "", ""),
        ("user_info", "openid", "varchar(64)", "NO", "UNI", ""),
        ("user_info", "role", "varchar(20)", "NO", "", ""),
    ]


def test_somebody_elses_users_table_is_left_alone(place: Place, mariadb: Mariadb) -> None:
    run_sql(place, mariadb, "CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(9))")
    with opened(place) as database:
        assert database.info().tables == [*TABLES, "users"]
        assert users.everyone(database) == []


def test_tables_have_the_columns_of_the_models(database: Database) -> None:
    def columns(connection: Connection) -> dict[str, list[str]]:
        names = {model: model._meta.table_name for model in (User, Plot, Run, SchemaVersion)}
        return {name: [c.name for c in connection.get_columns(name)] for name in names.values()}

    for model in (User, Plot, Run, SchemaVersion):
        found = database.perform(columns)[model._meta.table_name]
        assert found == [field.column_name for field in model._meta.sorted_fields]


def test_runs_from_before_the_quota_are_weighed(database: Database) -> None:
    user = users.find_or_create(database, "one").user_id
    run, _ = runs.accept(database, user, "fiber", "d", '{"备注": "℃"}', False)

    def as_before(connection: Connection) -> None:
        Run.update({Run.readings_bytes: 0}).execute(connection)
        for migration in migrations.MIGRATIONS:
            migration(connection)

    def weights(connection: Connection) -> list[tuple[str, int]]:
        return list(Run.select(Run.id, Run.readings_bytes).tuples().execute(connection))

    database.perform(as_before)
    assert database.perform(weights) == [(run.id, 17)]


def test_an_adopted_table_without_the_index_gets_it(place: Place, mariadb: Mariadb) -> None:
    deploy(place, mariadb)
    run_sql(
        place,
        mariadb,
        "DROP INDEX ix_plot_records_user_id" + (" ON plot_records" if place.is_mysql else ""),
    )
    with opened(place) as database:
        indexes = database.perform(lambda connection: connection.get_indexes("plot_records"))
        assert ["user_id"] in [index.columns for index in indexes]


@pytest.mark.parametrize("age", ["missing", "users"])
def test_instances_starting_at_once_migrate_once(place: Place, mariadb: Mariadb, age: str) -> None:
    if age == "users":
        deploy(place, mariadb, "users")
    seen = processes.at_once(processes.migrate, [(place,), (place,), (place,)])
    assert seen == [TABLES] * 3
    with opened(place) as database:
        versions = database.perform(
            lambda connection: execute(
                connection, "SELECT version FROM schema_version ORDER BY version"
            )
        )
        assert versions == [(number + 1,) for number in range(len(migrations.MIGRATIONS))]
        assert len(users.everyone(database)) == (2 if age == "users" else 0)


@pytest.mark.parametrize("broken", range(len(migrations.MIGRATIONS)))
def test_interrupted_migration_is_taken_up_where_it_broke(
    place: Place, mariadb: Mariadb, monkeypatch: pytest.MonkeyPatch, broken: int
) -> None:
    """A migration dies after its work, before its number is stored."""
    deploy(place, mariadb, "users")

    def die(connection: Connection) -> None:
        sound[broken](connection)
        raise KeyboardInterrupt

    sound = migrations.MIGRATIONS
    monkeypatch.setattr(migrations, "MIGRATIONS", (*sound[:broken], die, *sound[broken + 1 :]))
    with opened(place) as database, pytest.raises(KeyboardInterrupt):
        database.prepare()
    monkeypatch.setattr(migrations, "MIGRATIONS", sound)
    with opened(place) as database:
        assert database.info().tables == TABLES
        assert [user.user_id for user in users.everyone(database)] == [7, 9]


def test_migrated_database_needs_no_lock(mysql_place: Place, mariadb: Mariadb) -> None:
    with opened(mysql_place) as database:
        database.prepare()
        name = database.info().database
    holder = mysql_place.open()

    def start_another(connection: Connection) -> list[str]:
        assert execute(connection, "SELECT GET_LOCK(%s, 0)", f"lab_schema:{name}") == [(1,)]
        with opened(mysql_place) as other:
            return other.within(1.0).info().tables

    assert holder.perform(start_another) == TABLES
    holder.close()


def test_deleted_sqlite_file_is_made_again_with_its_tables(sqlite_place: Place) -> None:
    with opened(sqlite_place) as database:
        users.find_or_create(database, "before")
        for path in sorted(Path(sqlite_place.data_dir).iterdir()):
            path.unlink()
        sqlite_place.data_dir.rmdir()
        assert users.everyone(database) == []
        assert users.find_or_create(database, "after").openid == "after"
        with opened(sqlite_place) as other:
            assert [user.openid for user in users.everyone(other)] == ["after"]


def test_mistakes_of_ours_are_not_taken_for_an_outage(database: Database) -> None:
    with pytest.raises(peewee.PeeweeException):
        database.perform(lambda connection: execute(connection, "SELECT nothing FROM user_info"))
    assert users.everyone(database) == []
