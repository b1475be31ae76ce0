"""How tables have grown, and which migration they are at."""

from functools import lru_cache
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import text

from brandhound.admin.reading import rows
from brandhound.core.db import Db
from brandhound.core.migrating import alembic_config

_OLDEST = """
select distinct on (name) name, on_date, total_bytes from table_sizes
 where on_date >= current_date - 30 order by name, on_date
"""


async def grown(db: Db, tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tables, with how much each has grown since the oldest size of the last 30 days."""
    oldest = {row["name"]: row for row in await rows(db, _OLDEST)}
    for table in tables:
        known = oldest.get(table["name"])
        table["grown_bytes"] = table["total_bytes"] - known["total_bytes"] if known else None
        table["grown_since"] = known["on_date"] if known else None
    return tables


async def migrations(db: Db) -> dict[str, Any]:
    """The migration that the tables are at, and the one that this program needs."""
    # The table is the owner's: where its version cannot be read, the newest is told as needed and nothing as there.
    readable = await db.scalar(
        text("select has_table_privilege(oid, 'select') from pg_class where oid = to_regclass('alembic_version')")
    )
    here = await db.scalar(text("select version_num from alembic_version")) if readable else None
    return {"migration": here, "migration_needed": newest_migration()}


def lags(migration: str | None) -> bool:
    """Whether tables at this migration lack what this program needs.

    One that it does not know is of a later release, on whose tables it works while machines are updated one after the other.
    """
    return migration != newest_migration() and migration in _known_migrations()


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())


@lru_cache(maxsize=1)
def newest_migration() -> str:
    """The migration that this program needs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""
