"""Where the database is, for each of the three roles: owner (migrations), app (bound to a tenant), system (jobs, sign-in)."""

import contextlib
import json
import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from brandhound.core.settings import settings

APP_ROLE = "brandhound_app"
SYSTEM_ROLE = "brandhound_system"
READER_ROLE = "brandhound_reader"
"""What the operator's pages ask the server about itself as: it can read the statistics of the server, and no row of a table."""

ROLES = {"app": APP_ROLE, "system": SYSTEM_ROLE}


class DatabaseNotReady(RuntimeError):
    """The database has not been prepared: `brandhound migrate` (or `brandhound up`) does it."""


def database_url(role: str) -> str:
    """The libpq address for "owner", "app" or "system".

    Raises DatabaseNotReady when no server is configured or started, or its roles were not made yet.
    """
    configured = {
        "owner": settings().database_url,
        "app": settings().app_database_url,
        "system": settings().system_database_url,
    }[role]
    if configured is not None:
        return configured.get_secret_value()
    if role == "owner" or settings().database_url is None:
        raise DatabaseNotReady("no database: set DATABASE_URL, or start the embedded server with `brandhound up`")
    passwords = _passwords_file()
    if not passwords.exists():
        raise DatabaseNotReady("the database's roles are missing: run `brandhound migrate`")
    return _as_role(ROLES[role], json.loads(passwords.read_text())[ROLES[role]])


def sqlalchemy_url(role: str) -> str:
    """The same address in SQLAlchemy's words."""
    parts = conninfo_to_dict(database_url(role))
    # Everything goes into the query: a socket directory, a password with an @, sslmode all pass unharmed.
    from urllib.parse import quote, urlencode

    user = quote(str(parts.pop("user", "") or ""), safe="")
    password = quote(str(parts.pop("password", "") or ""), safe="")
    name = quote(str(parts.pop("dbname", "") or ""), safe="")
    rest = urlencode({key: value for key, value in parts.items() if value is not None})
    return f"postgresql+psycopg://{user}:{password}@/{name}?{rest}"


def prepare_roles() -> None:
    """Make the two roles that the product runs as, and let them connect. Safe to repeat.

    They own nothing, are no superusers and cannot bypass row-level security. Needs an owner who may create roles,
    or roles made beforehand together with APP_DATABASE_URL and SYSTEM_DATABASE_URL.
    """
    if settings().app_database_url is not None and settings().system_database_url is not None:
        return
    path = _passwords_file()
    passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    with psycopg.connect(database_url("owner"), autocommit=True) as connection:
        # Two processes that start together would both try to create the roles.
        connection.execute("select pg_advisory_lock(hashtextextended('brandhound:roles', 0))")
        for role in (APP_ROLE, SYSTEM_ROLE):
            exists = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
            if exists and role in passwords:
                continue
            passwords.setdefault(role, secrets.token_urlsafe(24))
            connection.execute(
                sql.SQL(
                    "{} role {} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit password {}"
                    if not exists
                    else "{} role {} login password {}"
                ).format(sql.SQL("alter" if exists else "create"), sql.Identifier(role), sql.Literal(passwords[role]))
            )
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("revoke all on database {} from public").format(database))
        for role in (APP_ROLE, SYSTEM_ROLE):
            connection.execute(
                sql.SQL("grant connect, temporary on database {} to {}").format(database, sql.Identifier(role))
            )
        _prepare_reader(connection)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(passwords, file)


def _prepare_reader(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The role without rights of its own that the system role takes on to look at the server. Safe to repeat."""
    reader = sql.Identifier(READER_ROLE)
    if not connection.execute("select 1 from pg_roles where rolname = %s", [READER_ROLE]).fetchone():
        connection.execute(
            sql.SQL("create role {} nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication").format(
                reader
            )
        )
    member = "select pg_has_role(%s, %s, 'member')"
    if connection.execute(member, [SYSTEM_ROLE, READER_ROLE]).fetchone() != (True,):
        connection.execute(sql.SQL("grant {} to {}").format(reader, sql.Identifier(SYSTEM_ROLE)))
    if connection.execute(member, [READER_ROLE, "pg_monitor"]).fetchone() != (True,):
        # Not every owner may pass that on; without it the statements of other roles stay hidden, and the page says so.
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("grant pg_monitor to {}").format(reader))


def _passwords_file() -> Path:
    return settings().data_dir / "roles.json"


def _as_role(role: str, password: str) -> str:
    parts = conninfo_to_dict(database_url("owner"))
    return make_conninfo(**{**parts, "user": role, "password": password})  # pyright: ignore[reportArgumentType]
