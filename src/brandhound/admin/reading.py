"""Looking without touching: transactions that cannot write and do not take long."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from brandhound.core.addresses import READER_ROLE
from brandhound.core.db import Db
from brandhound.core.system import system_session

LIMIT = 3.0
"""Seconds after which a question to the database is given up: what watches a busy server must not load it further."""


@asynccontextmanager
async def looking(seconds: float = LIMIT) -> AsyncGenerator[Db]:
    """Read tables across organizations. Nothing can be written, and no statement takes longer than that."""
    async with system_session() as db:
        await _only_look(db, seconds)
        yield db


@asynccontextmanager
async def looking_at_server(seconds: float = LIMIT) -> AsyncGenerator[Db]:
    """Read the server's own statistics, as a role that can read no row of any table, if the server has that role."""
    async with system_session() as db:
        await _only_look(db, seconds)
        there = text("select pg_has_role(oid, 'member') from pg_roles where rolname = :role")
        if await db.scalar(there, {"role": READER_ROLE}):
            await db.execute(text(f"set local role {READER_ROLE}"))
        yield db


async def _only_look(db: Db, seconds: float) -> None:
    await db.execute(text(f"set local transaction read only; set local statement_timeout = {int(seconds * 1000)}"))


async def rows(db: Db, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    """The answer to a statement, each row by the names of its columns."""
    return [dict(row) for row in (await db.execute(text(statement), parameters)).mappings()]


async def has_table(db: Db, name: str) -> bool:
    """Whether this table is there, and we may read it."""
    found = await db.scalar(
        text("select has_table_privilege(oid, 'select') from pg_class where oid = to_regclass(:name)"), {"name": name}
    )
    return bool(found)
