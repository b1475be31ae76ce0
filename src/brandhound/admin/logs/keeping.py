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
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from brandhound.admin.logs.models import LogRetention
from brandhound.admin.logs.schemas import LEVELS, LevelName
from brandhound.admin.remembering import remember, remembered
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.pacing import Pace
from brandhound.core.settings import settings
from brandhound.core.system import system_session

Kind = Literal["details", "troubles"]
"""Debug and info, or warning and error."""

LEVELS_OF: dict[Kind, tuple[LevelName, ...]] = {"details": ("debug", "info"), "troubles": ("warning", "error")}
THINNED = "logs-thinned"
"""The fact that says what has been deleted line by line today, so that nothing is read through again every quarter of an hour."""
WEEK = timedelta(days=7)
LEAST_FREE = 0.05
"""Part of the disk that must stay free; below it log lines go early."""

_AT_ONCE = 2_000
_BREATH = 0.05
"""Seconds between emptying a week and dropping it, in which others have the disk."""
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
    def since_at(self) -> datetime:
        """The beginning of its time."""
        return datetime.combine(self.since, datetime.min.time(), UTC)

    @property
    def until(self) -> datetime:
        """When it was, or will be, full."""
        return self.since_at + WEEK


@dataclass(frozen=True)
class Keep:
    """Days that lines of one level are kept: usually, and by the organizations that chose otherwise."""

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


def usual_days() -> dict[LevelName, int]:
    """Days that lines of each level are kept where an organization chose nothing."""
    configured = settings()
    return {
        "debug": configured.log_days_debug or configured.log_days,
        "info": configured.log_days,
        "warning": configured.log_days_troubles,
        "error": configured.log_days_errors or configured.log_days_troubles,
    }


async def let_go_of_old() -> tuple[int, int]:
    """Drop weeks that nobody keeps, and delete lines that their organization does not keep; how many of each.

    Levels that are kept for different times lie in one week: it goes with the one that is kept longest.
    """
    dropped = deleted = 0
    async with system_session() as db:
        found = await partitions(db)
        keep = await _keep(db)
        done = await _done_today(db)
    for one in found:
        levels = LEVELS_OF[one.kind]
        if one.until <= clock.now() - timedelta(days=max(keep[level].longest for level in levels)):
            dropped += await drop(one)
        else:
            for level in levels:
                deleted += await _thin_out(one, level, keep[level], done)
    async with system_session() as db:
        await remember(db, THINNED, {name: at.isoformat() for name, at in done.items()})
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
    gone, pace = 0, Pace()
    while True:
        async with system_session() as db:
            joined = int((await db.execute(text(_JOIN), {"now": clock.now(), "at_once": _AT_ONCE})).scalar_one())
        gone += joined
        if joined == 0:
            return gone
        await pace.rest()


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


async def _keep(db: Db) -> dict[LevelName, Keep]:
    rows = (await db.execute(select(LogRetention))).scalars().all()
    kept: dict[LevelName, Keep] = {}
    for level, usual in usual_days().items():
        chosen = {row.organization_id: getattr(row, f"{level}_days") for row in rows}
        kept[level] = Keep(usual, {owner: days for owner, days in chosen.items() if days})
    return kept


async def _done_today(db: Db) -> dict[str, datetime]:
    """Until which time lines have been deleted already, by week, level and owner.

    Forgotten each day: lines that came late, or of somebody who keeps them no longer, are found by the next day.
    """
    told = (await remembered(db)).get(THINNED)
    if told is None or told.at.date() != clock.now().date():
        return {}
    return {name: datetime.fromisoformat(at) for name, at in told.facts.items()}


async def _thin_out(one: Partition, level: LevelName, keep: Keep, done: dict[str, datetime]) -> int:
    """Delete from a week what its organizations do not keep, little by little; how many rows."""
    deleted = 0
    everybody = f"{one.name}/{level}"
    # What everybody keeps for the usual time waits for its whole week, and then only goes row by row if that is held up: by
    # somebody, or by a level, that is kept for longer.
    if one.until <= clock.now() - timedelta(days=keep.usual) and everybody not in done:
        for owner in await _owners(one):
            if owner not in keep.chosen:
                deleted += await _delete(one, level, owner, one.since_at, one.until)
        done[everybody] = one.until
    for owner, days in keep.chosen.items():
        name = f"{everybody}/{owner}"
        since = done.get(name, one.since_at)
        before = min(clock.now() - timedelta(days=days), one.until)
        if since < before:
            deleted += await _delete(one, level, owner, since, before)
            done[name] = before
    return deleted


async def _owners(one: Partition) -> list[UUID]:
    """Whose lines there are, found by leaps over the index: a week may hold many millions of them."""
    table, at = _table(one)
    week = f"{at} >= :since and {at} < :until"
    statement = text(
        f"with recursive o as ((select organization_id from {table} where {week} order by organization_id limit 1) union all"
        f" select (select t.organization_id from {table} t where t.organization_id > o.organization_id and {week}"
        " order by t.organization_id limit 1) from o where o.organization_id is not null)"
        " select organization_id from o where organization_id is not null"
    )
    async with system_session() as db:
        return list(await db.scalars(statement, {"since": one.since_at, "until": one.until}))


async def _delete(one: Partition, level: LevelName, owner: UUID, since: datetime, before: datetime) -> int:
    table, at = _table(one)
    key = f"organization_id, {at}, id, level"
    statement = text(
        f"with gone as (delete from {table} where ({key}) in (select {key} from {table} where organization_id = :owner"
        f" and level = :level and {at} >= :since and {at} < :before order by {at} limit :at_once) returning {at} as at)"
        " select count(*), max(at) from gone"
    )
    values = {"owner": owner, "level": LEVELS[level], "before": before, "at_once": _AT_ONCE}
    deleted, pace = 0, Pace()
    while True:
        async with system_session() as db:
            gone, last = (await db.execute(statement, {**values, "since": since})).one()
        deleted += gone
        if gone < _AT_ONCE:
            return deleted
        # What was passed over belongs to other levels: it is not read again.
        since = last
        await pace.rest()


def _table(one: Partition) -> tuple[str, str]:
    """The table that a partition is of, and the column of its time."""
    return ("log_lines", "at") if one.name.startswith("log_lines") else ("log_pages", "to_at")
