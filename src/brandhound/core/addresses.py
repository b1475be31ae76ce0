"""Where the database is, for each of the three roles: owner (migrations), app (bound to a tenant), system (jobs, sign-in)."""

import json
import os
from pathlib import Path
from typing import cast

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from brandhound.core.settings import settings

APP_ROLE = "brandhound_app"
SYSTEM_ROLE = "brandhound_system"
READER_ROLE = "brandhound_reader"
"""What the operator's pages ask the server about itself as: it can read the statistics of the server, and no row of a table."""

# Times come back in the zone of the connection. libpq names this one to the server whoever opens a connection, and over the
# server's own, the role's and the database's; `options=-c timezone=UTC` in an address would too, but poolers refuse it
# (PgBouncer before 1.20).
os.environ["PGTZ"] = "UTC"

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
    if (password := kept_passwords().get(ROLES[role])) is None:
        raise DatabaseNotReady("the database's roles are missing: run `brandhound migrate`")
    return address_as(ROLES[role], password)


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


def passwords_file() -> Path:
    """Where the passwords of the two roles are kept that `brandhound migrate` made."""
    return settings().data_dir / "roles.json"


def kept_passwords() -> dict[str, str]:
    """The passwords by the names of their roles; none where none were made yet. Raises DatabaseNotReady for a damaged file."""
    path = passwords_file()
    try:
        kept: object = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        raise DatabaseNotReady(
            f"{path} is damaged: remove it and run `brandhound migrate`, which gives the database's roles new passwords"
        )
    return cast("dict[str, str]", kept)


def address_as(role: str, password: str) -> str:
    """The libpq address of the same database for another role."""
    parts = conninfo_to_dict(database_url("owner"))
    return make_conninfo(**{**parts, "user": role, "password": password})  # pyright: ignore[reportArgumentType]
