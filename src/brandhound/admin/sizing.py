"""How much each organization keeps: counted once a day, because counting all rows of everybody is no small question.

Bytes are shares: of what a table takes with its indexes an organization has as much as of its rows. Articles and their files are
there once for everybody who has mentions in them, so that the sum over all organizations may be more than there is.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from brandhound.admin.models import OrganizationSize
from brandhound.admin.queues import organization_standings, queues_by_organization
from brandhound.admin.reading import looking, rows
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.files import files
from brandhound.core.problems import NotThere
from brandhound.core.system import system_session

MEASURE = "admin.measure-organizations"
KEPT_DAYS = 400
PATIENCE_MS = 120_000
"""For the count of one organization: a million mentions take about two seconds."""
SAMPLE = 300

_COUNTS = """
select count(*) as mentions, count(distinct article_id) as articles,
       count(distinct body_sha256) as bodies, count(distinct text_sha256) as texts
  from mentions
"""
# Identifiers sort by time: the newest and the oldest, since articles change over the years.
_SAMPLE = """
(select body_sha256, text_sha256 from mentions order by id desc limit :half)
union all (select body_sha256, text_sha256 from mentions order by id limit :half)
"""
_LOGS = """
select organization_id, sum(lines)::bigint as lines, sum(pg_column_size(folded))::bigint as weight
  from log_pages group by 1
"""
_TABLES = """
select pg_total_relation_size('mentions') as mentions, pg_total_relation_size('articles') as articles,
       (select count(*) from articles) as articles_there, (select coalesce(sum(bytes), 0)::bigint from log_partitions()) as logs
"""
_LATEST = """
select o.id as organization_id, o.name, o.created_at,
       to_jsonb(s) - 'organization_id' as size, to_jsonb(b) - 'organization_id' as before
  from organizations o
  left join lateral (select * from organization_sizes s where s.organization_id = o.id order by on_date desc limit 1) s on true
  left join lateral (select * from organization_sizes b where b.organization_id = o.id and b.on_date >= s.on_date - 30
                      and b.on_date < s.on_date order by on_date limit 1) b on true
 where cast(:id as uuid) is null or o.id = :id
 order by s.mentions_bytes + s.files_bytes + s.log_bytes + s.articles_bytes desc nulls last, o.name limit 500
"""


@dataclass(frozen=True)
class _Counted:
    organization_id: UUID
    mentions: int
    articles: int
    bodies: int
    texts: int
    body_bytes: float
    """Of one, on average."""
    text_bytes: float


async def measure_organizations() -> int:
    """Count for every organization what it keeps, and write it down for today; how many there are. Safe to repeat."""
    now = clock.now()
    async with system_session() as db:
        ids = list(await db.scalars(text("select id from organizations order by id")))
        await db.execute(text(f"set local statement_timeout = {PATIENCE_MS}"))
        logs = {row["organization_id"]: row for row in await rows(db, _LOGS)}
        tables = (await rows(db, _TABLES))[0]
    # One after the other, each in a transaction of its own: nobody is held up, and no snapshot is kept for long.
    counted = [await _count(organization_id) for organization_id in ids]
    values = [_size(one, counted, logs, tables, now) for one in counted]
    async with system_session() as db:
        for row in values:
            new = insert(OrganizationSize).values(row)
            await db.execute(new.on_conflict_do_update(index_elements=["organization_id", "on_date"], set_=row))
        await db.execute(
            text("delete from organization_sizes where on_date < current_date - cast(:days as int)"),
            {"days": KEPT_DAYS},
        )
    return len(ids)


async def organization_sizes(db: Db, organization_id: UUID | None = None) -> list[dict[str, Any]]:
    """Every organization, those that keep most first, with its last size, the one before it a month ago, and its load."""
    found = await rows(db, _LATEST, id=organization_id)
    load = {row["organization_id"]: row for row in await queues_by_organization(db)}
    for row in found:
        row["load"] = load.get(row["organization_id"])
    return found


async def organization_detail(organization_id: UUID) -> dict[str, Any]:
    """One organization with its part of each queue. Raises NotThere."""
    async with looking() as db:
        found = await organization_sizes(db, organization_id)
        if not found:
            raise NotThere("organization")
        return {**found[0], "queues": await organization_standings(db, organization_id)}


async def _count(organization_id: UUID) -> _Counted:
    async with tenant_session(organization_id) as db:
        await db.execute(text(f"set local transaction read only; set local statement_timeout = {PATIENCE_MS}"))
        counts = (await rows(db, _COUNTS))[0]
        sample = await rows(db, _SAMPLE, half=SAMPLE // 2)
    body, words = await asyncio.to_thread(_sizes_of, sample)
    return _Counted(organization_id, **counts, body_bytes=body, text_bytes=words)


def _sizes_of(sample: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """The mean sizes of the bodies and of the texts that are there."""
    means: list[float] = []
    for kind in ("body_sha256", "text_sha256"):
        sizes: list[int] = []
        for name in {row[kind] for row in sample if row[kind]}:
            try:
                sizes.append(files().path(name).stat().st_size)
            except (OSError, ValueError):
                # Let go of meanwhile.
                continue
        means.append(sum(sizes) / len(sizes) if sizes else 0.0)
    return means[0], means[1]


def _size(
    one: _Counted, all_: Sequence[_Counted], logs: dict[UUID, dict[str, Any]], tables: dict[str, Any], now: datetime
) -> dict[str, Any]:
    log = logs.get(one.organization_id, {"lines": 0, "weight": 0})
    return {
        "organization_id": one.organization_id,
        "on_date": now.date(),
        "mentions": one.mentions,
        "mentions_bytes": _share(tables["mentions"], one.mentions, sum(other.mentions for other in all_)),
        "articles": one.articles,
        "articles_bytes": _share(tables["articles"], one.articles, tables["articles_there"]),
        "files": one.bodies + one.texts,
        "files_bytes": round(one.bodies * one.body_bytes + one.texts * one.text_bytes),
        "log_lines": log["lines"],
        "log_bytes": _share(tables["logs"], log["weight"], sum(other["weight"] for other in logs.values())),
        "measured_at": now,
    }


def _share(whole: int, part: int, of: int) -> int:
    return round(whole * part / of) if of else 0
