"""The error inbox: faults, how often and to whom they happen, and what became of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from brandhound.admin.reading import rows
from brandhound.core.db import Db
from brandhound.core.problems import NotThere

_GROUPS = """
select g.*, coalesce(s.organizations, 0) as organizations, coalesce(m.last_day, 0) as last_day
  from error_groups g
  left join lateral (select count(*) as organizations from error_sightings s where s.group_id = g.id) s on true
  left join lateral (select sum(count)::bigint as last_day from error_minutes m
                      where m.group_id = g.id and m.at > now() - interval '1 day') m on true
 where (cast(:state as text) is null or g.state = :state)
   and (cast(:before as timestamptz) is null or (g.last_seen_at, g.id) < (:before, cast(:before_id as uuid)))
 order by g.last_seen_at desc, g.id desc limit :limit
"""

_SIGHTINGS = """
select s.organization_id, coalesce(o.name, 'the installation itself') as organization, s.count, s.first_seen_at,
       s.last_seen_at, s.message, s.run_id, s.request
  from error_sightings s left join organizations o on o.id = s.organization_id
 where s.group_id = :id order by s.last_seen_at desc limit 100
"""

_HOURS = """
select date_trunc('hour', at) as at, sum(count)::bigint as count from error_minutes
 where group_id = :id and at > now() - interval '7 days' group by 1 order by 1
"""

_CHANGE = {
    "resolved": "state = 'resolved', resolved_at = now(), regressed_at = null",
    "ignored": "state = 'ignored'",
    "open": "state = 'open'",
}


async def error_groups(
    db: Db, state: str | None, before: tuple[object, object] | None, limit: int
) -> list[dict[str, Any]]:
    """Faults, the last seen first, and one more than the limit if there are more."""
    at, before_id = before or (None, None)
    return await rows(db, _GROUPS, state=state, before=at, before_id=before_id, limit=limit + 1)


async def error_group(db: Db, group_id: UUID) -> dict[str, Any]:
    """One fault with its sightings and its last week by the hour. Raises NotThere."""
    found = await rows(
        db,
        "select g.*, (select count(*) from error_sightings s where s.group_id = g.id) as organizations,"
        " coalesce((select sum(count)::bigint from error_minutes m where m.group_id = g.id"
        " and m.at > now() - interval '1 day'), 0) as last_day from error_groups g where g.id = :id",
        id=group_id,
    )
    if not found:
        raise NotThere("error group")
    sightings = await rows(db, _SIGHTINGS, id=group_id)
    return {**found[0], "sightings": sightings, "hours": await rows(db, _HOURS, id=group_id)}


async def change_state(db: Db, group_id: UUID, state: str) -> None:
    """Say what became of a fault. Raises NotThere."""
    changed = await db.execute(
        text(f"update error_groups set {_CHANGE[state]} where id = :id returning id"), {"id": group_id}
    )
    if changed.first() is None:
        raise NotThere("error group")


async def forget_faults(db: Db, days: int) -> None:
    """Delete the minutes that are that old, and faults that nobody has seen for three times as long."""
    await db.execute(text("delete from error_minutes where at < now() - make_interval(days => :days)"), {"days": days})
    await db.execute(
        text("delete from error_groups where last_seen_at < now() - make_interval(days => :days)"), {"days": 3 * days}
    )
