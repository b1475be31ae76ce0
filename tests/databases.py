"""Databases for tests: one server for the whole run, one template with the migrations, one copy a test process.

BRANDHOUND_TEST_DATABASE_URL runs the same tests against another server: the address of a role that may create
databases and roles. BRANDHOUND_TEST_POSTGRES_MAJOR=15 takes the machine's own programs of that version instead of the wheel's.
"""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from brandhound.core.addresses import database_url
from brandhound.core.postgres import EmbeddedPostgres
from brandhound.core.settings import reload_settings

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache"
MAJOR = os.environ.get("BRANDHOUND_TEST_POSTGRES_MAJOR", "")
ROLES = CACHE / f"test-roles{MAJOR}"
# What a test loses in a crash of the machine, it can make again; and plans and sizes are those that it made itself.
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "300",
}


@dataclass(frozen=True)
class TestDatabase:
    """A database of its own, with the three roles' addresses in the settings."""

    __test__ = False

    url: str
    data_dir: Path

    def look(self, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """What the owner reads past row-level security, of what is committed by now.

        The connection is kept, as some look many times a second; it is opened anew where the server has ended it.
        """
        for last in (False, True):
            if (connection := _looking.get(self.url)) is None:
                connection = _looking[self.url] = psycopg.connect(self.url, autocommit=True)
            try:
                return connection.execute(query, values or None).fetchall()
            except psycopg.OperationalError:
                _looking.pop(self.url).close()
                if last:
                    raise
        raise AssertionError


_looking: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}


@contextmanager
def test_database(name: str, data_dir: Path) -> Generator[TestDatabase]:
    """A migrated database; the settings of this process point at it until the block ends."""
    server, admin = _server()
    with _lock():
        template = _template(admin)
    database = f"bh_{name}_{os.getpid()}"
    with psycopg.connect(admin, autocommit=True) as connection:
        _do(connection, "drop database if exists {} with (force)", database)
        _do(connection, "create database {} template {}", database, template)
    data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROLES / "roles.json", data_dir / "roles.json")
    made = TestDatabase(make_conninfo(admin, dbname=database), data_dir)
    with pointing_at(made):
        try:
            yield made
        finally:
            while _looking:
                _looking.popitem()[1].close()
            _drop_own(admin, database)
            if server:
                server.stop()


@contextmanager
def pointing_at(database: TestDatabase) -> Generator[None]:
    """Let the product's settings name this database, and then again what they named before."""
    from brandhound.core import files, secrets

    before = {name: os.environ.get(name) for name in ("DATABASE_URL", "BRANDHOUND_DATA_DIR")}
    os.environ["DATABASE_URL"] = database.url
    os.environ["BRANDHOUND_DATA_DIR"] = str(database.data_dir)
    reload_settings()
    files.files.cache_clear()
    secrets._keys.cache_clear()  # pyright: ignore[reportPrivateUsage]
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        reload_settings()
        files.files.cache_clear()


def _drop_own(admin: str, database: str) -> None:
    """Drop it, though threads of this process, such as the one that brings log lines, may open another connection meanwhile."""
    for last in (False,) * 9 + (True,):
        _hang_up()
        try:
            with psycopg.connect(admin, autocommit=True) as connection:
                _do(connection, "drop database if exists {} with (force)", database)
        except psycopg.errors.InsufficientPrivilege:
            if last:
                raise
            time.sleep(0.2)
        else:
            return


def _hang_up() -> None:
    """End what the product's roles still have open: the owner, no superuser, may not do it for them."""
    for role in ("app", "system"):
        with psycopg.connect(database_url(role), autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = current_user and datname = current_database() and pid <> pg_backend_pid()"
            )


def cut_off(application: str) -> int:
    """End the connections of the product that go by that name, as a server does that restarts. How many they were."""
    with psycopg.connect(database_url("system"), autocommit=True) as connection:
        ended = connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = %s and datname = current_database()",
            [application],
        )
        return sum(was_ended for (was_ended,) in ended)


def _server() -> tuple[EmbeddedPostgres | None, str]:
    if url := os.environ.get("BRANDHOUND_TEST_DATABASE_URL"):
        return None, url
    server = EmbeddedPostgres(CACHE / f"test-postgres{MAJOR}", UNSAFE, int(MAJOR) if MAJOR else None).start()
    return server, server.url("brandhound")


@contextmanager
def _lock() -> Generator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "test-template.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _template(admin: str) -> str:
    """The name of the database that holds nothing but the migrations' result, made anew when they change."""
    digest = hashlib.sha256()
    for folder in ("migrations", "jobs"):
        for path in sorted((ROOT / "src/brandhound" / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    name = f"bh_template_{digest.hexdigest()[:12]}"
    roles = TestDatabase(make_conninfo(admin, dbname=f"{name}_new"), ROLES)
    with psycopg.connect(admin, autocommit=True) as connection:
        known = {
            row[0]
            for row in connection.execute("select datname from pg_database where datname like 'bh\\_template\\_%'")
        }
        if name in known and (roles.data_dir / "roles.json").exists():
            return name
        for old in known:
            _do(connection, "drop database {} with (force)", old)
        _do(connection, "create database {}", f"{name}_new")
    roles.data_dir.mkdir(parents=True, exist_ok=True)
    with pointing_at(roles):
        _migrate()
    with psycopg.connect(admin, autocommit=True) as connection:
        _do(connection, "alter database {} rename to {}", f"{name}_new", name)
    return name


def _migrate() -> None:
    from brandhound.app.preparing import prepare_database

    prepare_database()


def _do(connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def copy_of(database: TestDatabase) -> Generator[TestDatabase]:
    """A fresh copy of the migrated template, for a test that changes the tables themselves."""
    _, admin = _server()
    with _lock():
        template = _template(admin)
    name = f"bh_copy_{os.getpid()}"
    with psycopg.connect(admin, autocommit=True) as connection:
        _do(connection, "drop database if exists {} with (force)", name)
        _do(connection, "create database {} template {}", name, template)
    try:
        yield TestDatabase(make_conninfo(admin, dbname=name), database.data_dir)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            _do(connection, "drop database if exists {} with (force)", name)
