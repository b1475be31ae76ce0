"""How long log lines are kept: a week of lines goes as a whole when nobody may keep them, and otherwise line by line."""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID

import structlog
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from brandhound.core import clock
from brandhound.core.db import Db, rows_affected
from brandhound.core.settings import settings
from brandhound.core.system import system_session

Kind = Literal["details", "troubles"]
"""Debug and info, or warning and error."""

LEVELS: dict[Kind, str] = {"details": "10, 20", "troubles": "30, 40"}
WEEK = timedelta(days=7)
LEAST_FREE = 0.05
"""Part of the disk that must stay free; below it log lines go early."""

_AT_ONCE = 5_000
_BREATH = 0.05
"""Seconds between two batches, in which others have the disk."""
_ATTEMPTS = 5
_log = structlog.get_logger("brandhound.logs")


@dataclass(frozen=True)
class Partition:
    """A week of lines, or of their pages, of one kind."""

    name: str
    kind: Kind
    since: date
    bytes: int

    @property
    def until(self) -> datetime:
        """When it was, or will be, full."""
        return datetime.combine(self.since, datetime.min.time(), UTC) + WEEK


@dataclass(frozen=True)
class Keep:
    """Days that lines of one kind are kept: usually, and by the organizations that chose otherwise."""

    usual: int
    chosen: Mapping[UUID, int]

    @property
    def longest(self) -> int:
        return max([self.usual, *self.chosen.values()])


async def make_partitions() -> int:
    """Make what the next weeks need; how many that were."""
    async with system_session() as db:
        return int((await db.execute(text("select make_log_partitions()"))).scalar_one())


async def partitions(db: Db) -> list[Partition]:
    """All of them, oldest first."""
    rows = await db.execute(text("select name, kind, since, bytes from log_partitions()"))
    return sorted((Partition(*row) for row in rows), key=lambda one: (one.since, one.kind, one.name))


async def let_go_of_old() -> tuple[int, int]:
    """Drop weeks that nobody keeps, and delete lines that their organization does not keep; how many of each."""
    dropped = deleted = 0
    async with system_session() as db:
        found = await partitions(db)
        keep = await _keep(db)
    for one in found:
        mine = keep[one.kind]
        if one.until <= clock.now() - timedelta(days=mine.longest):
            dropped += await drop(one)
        else:
            deleted += await _thin_out(one, mine)
    return dropped, deleted


async def drop(one: Partition) -> bool:
    """Drop a week as a whole. Whether it is gone: when somebody reads in it for long, it waits for the next time."""
    for attempt in range(_ATTEMPTS):
        try:
            for step in ("empty_log_partition", "drop_log_partition"):
                async with system_session() as db:
                    await db.execute(text(f"select {step}(:name)"), {"name": one.name})
                await asyncio.sleep(_BREATH)
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            await asyncio.sleep(attempt)
        else:
            return True
    _log.info("a week of log lines is in use, and goes later", partition=one.name)
    return False


async def guard_disk() -> tuple[list[Partition], int]:
    """Drop the oldest weeks, but not this one, until the lines fit into their limit and the disk has room.

    What was dropped, and the bytes by which they are too large all the same.
    """
    async with system_session() as db:
        found = await partitions(db)
    used = sum(one.bytes for one in found)
    too_much = max(used - limit_bytes(), _missing_on_disk())
    gone: list[Partition] = []
    for one in found:
        if too_much <= 0:
            break
        if one.until <= clock.now() and one.bytes > 0 and await drop(one):
            gone.append(one)
            too_much -= one.bytes
    return gone, max(too_much, 0)


def limit_bytes() -> int:
    """What all log lines may take; without a limit, more than there can be."""
    return settings().log_disk_limit_mb * 1_000_000 or 1 << 62


def _missing_on_disk() -> int:
    """Bytes that are missing to the room that must stay free. A database elsewhere has a disk that we cannot see."""
    folder = settings().data_dir / "postgres"
    if not folder.is_dir():
        return 0
    disk = shutil.disk_usage(folder)
    return max(0, int(disk.total * LEAST_FREE) - disk.free)


async def join_small_pages() -> int:
    """Make few large pages of the many small ones that quiet times leave; how many are gone. Safe to repeat."""
    gone = 0
    while True:
        async with system_session() as db:
            joined = int((await db.execute(text(_JOIN), {"now": clock.now(), "at_once": _AT_ONCE})).scalar_one())
        gone += joined
        if joined == 0:
            return gone
        await asyncio.sleep(_BREATH)


# Only whole groups of one owner, kind and week are joined, and only if that makes fewer of them. `lines` is summed up to
# about 1,000 a page: larger ones are slower to read for the few lines of a rare word.
_JOIN = """
with small as materialized (
  select organization_id, level, to_at, from_at, id, lines, folded from log_pages
  where lines < 200 and to_at < cast(:now as timestamptz) - interval '10 minutes'
  order by organization_id, level, to_at limit :at_once for update skip locked),
counted as (
  select *, date_trunc('week', to_at at time zone 'UTC') as week, sum(lines) over mine / 1000 as part
  from small window mine as (
    partition by organization_id, level, date_trunc('week', to_at at time zone 'UTC') order by to_at, id)),
grouped as (select *, count(*) over (partition by organization_id, level, week, part) as together from counted),
gone as (
  delete from log_pages p using grouped g
  where g.together > 1 and p.organization_id = g.organization_id and p.to_at = g.to_at and p.id = g.id and p.level = g.level
  returning 1),
made as (
  insert into log_pages (organization_id, level, to_at, from_at, lines, folded)
  select organization_id, level, max(to_at), min(from_at), sum(lines), string_agg(folded, E'\\n' order by to_at)
  from grouped where together > 1 group by organization_id, level, week, part)
select count(*) from gone
"""


async def _keep(db: Db) -> dict[Kind, Keep]:
    rows = (await db.execute(text("select organization_id, detail_days, trouble_days from log_retention"))).all()
    return {
        "details": Keep(settings().log_days, {row[0]: row[1] for row in rows if row[1]}),
        "troubles": Keep(settings().log_days_troubles, {row[0]: row[2] for row in rows if row[2]}),
    }


async def _thin_out(one: Partition, keep: Keep) -> int:
    """Delete from a week what its organizations do not keep, little by little; how many rows."""
    deleted = 0
    for organization_id, days in (await _who_gives_up(one, keep)).items():
        before = clock.now() - timedelta(days=days)
        if one.until - WEEK < before:
            deleted += await _delete(one, organization_id, before)
    return deleted


async def _who_gives_up(one: Partition, keep: Keep) -> dict[UUID, int]:
    """Whose lines go before their week does, and after how many days."""
    if one.until > clock.now() - timedelta(days=keep.usual):
        # What everybody keeps for the usual time waits for its whole week …
        return dict(keep.chosen)
    # … unless that is held up by somebody who keeps it for longer.
    table, at = _table(one)
    statement = text(f"select distinct organization_id from {table} where {at} >= :since and {at} < :until")
    async with system_session() as db:
        found = await db.scalars(statement, {"since": one.until - WEEK, "until": one.until})
        return dict.fromkeys(found, keep.usual) | dict(keep.chosen)


async def _delete(one: Partition, organization_id: UUID, before: datetime) -> int:
    table, at = _table(one)
    key = f"organization_id, {at}, id, level"
    statement = text(
        f"delete from {table} where ({key}) in (select {key} from {table} where organization_id = :owner"
        f" and level in ({LEVELS[one.kind]}) and {at} >= :since and {at} < :until limit :at_once)"
    )
    since = one.until - WEEK
    values = {"owner": organization_id, "since": since, "until": min(before, one.until), "at_once": _AT_ONCE}
    deleted = 0
    while True:
        async with system_session() as db:
            gone = rows_affected(await db.execute(statement, values))
        deleted += gone
        if gone < _AT_ONCE:
            return deleted
        await asyncio.sleep(_BREATH)


def _table(one: Partition) -> tuple[str, str]:
    """The table that a partition is of, and the column of its time."""
    return ("log_lines", "at") if one.name.startswith("log_lines") else ("log_pages", "to_at")
