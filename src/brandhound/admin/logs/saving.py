"""Searches that people keep under a name."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.admin.logs.errors import NotAPerson
from brandhound.admin.logs.models import LogRetention, LogSearch
from brandhound.admin.logs.schemas import LevelName
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.tenancy.people import Caller


async def searches_of(db: Db, caller: Caller) -> list[LogSearch]:
    """The caller's searches, by name; a program has none."""
    query = select(LogSearch).where(LogSearch.user_id == caller.user_id).order_by(LogSearch.name)
    return list(await db.scalars(query)) if caller.user_id else []


async def save_search(db: Db, caller: Caller, name: str, query: dict[str, Any]) -> LogSearch:
    """Keep a search; one of the same name is replaced.

    Raises NotAPerson.
    """
    if caller.user_id is None:
        raise NotAPerson
    mine = select(LogSearch).where(LogSearch.user_id == caller.user_id, LogSearch.name == name.strip())
    search = await db.scalar(mine)
    if search is None:
        search = LogSearch(user_id=caller.user_id, name=name.strip(), query=query, created_at=clock.now())
        db.add(search)
    else:
        search.query = query
    await db.flush()
    return search


async def forget_search(db: Db, caller: Caller, search_id: UUID) -> None:
    """Remove one of the caller's searches. Raises NotThere."""
    search = await db.get(LogSearch, search_id)
    if search is None or search.user_id != caller.user_id:
        raise NotThere("search")
    await db.delete(search)
    await db.flush()


async def retention_of(db: Db) -> LogRetention | None:
    """What the organization chose, if it chose anything."""
    return await db.scalar(select(LogRetention))


async def choose_retention(db: Db, days: Mapping[LevelName, int | None]) -> None:
    """Keep the organization's lines of each level for so many days from now on; None for the usual time."""
    chosen = await retention_of(db)
    if chosen is None:
        chosen = LogRetention(updated_at=clock.now())
        db.add(chosen)
    for level, number in days.items():
        setattr(chosen, f"{level}_days", number)
    chosen.updated_at = clock.now()
    await db.flush()
