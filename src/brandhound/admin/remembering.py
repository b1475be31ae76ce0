"""What the installation remembers about itself: its last backup, its last look at itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from brandhound.admin.models import Fact
from brandhound.admin.reading import rows
from brandhound.core import clock
from brandhound.core.addresses import database_url
from brandhound.core.db import Db

LOOKED = "watched"
"""The fact that says when everything was last looked at, to the end."""


@dataclass(frozen=True)
class Remembered:
    """Something that was so at a moment."""

    at: datetime
    facts: dict[str, Any]


async def remember(db: Db, name: str, facts: dict[str, Any], at: datetime | None = None) -> None:
    """Remember it, in the place of what was known before."""
    values = {"at": at or clock.now(), "facts": facts}
    new = insert(Fact).values(name=name, **values)
    await db.execute(new.on_conflict_do_update(index_elements=["name"], set_=values))


async def remembered(db: Db) -> dict[str, Remembered]:
    """All that is remembered."""
    return {
        row["name"]: Remembered(row["at"], row["facts"]) for row in await rows(db, "select * from installation_facts")
    }


async def claim_minute(db: Db, name: str) -> datetime | None:
    """Take this minute's turn at something that one process does for all. Returns the minute, or None if somebody has it."""
    return await db.scalar(
        text(
            "insert into installation_facts as f (name, at) values (:name, date_trunc('minute', now()))"
            " on conflict (name) do update set at = excluded.at where f.at < excluded.at returning f.at"
        ),
        {"name": name},
    )


def remember_backup(size: int) -> None:
    """Remember that a backup was just written. For the command line, which has no event loop."""
    with psycopg.connect(database_url("system")) as connection:
        connection.execute(
            "insert into installation_facts (name, at, facts) values ('backup', now(), %s)"
            " on conflict (name) do update set at = excluded.at, facts = excluded.facts",
            [Jsonb({"bytes": size})],
        )
