"""How all feeds of the installation do, whoever follows them."""

from typing import Any

from brandhound.admin.reading import rows
from brandhound.core.db import Db
from brandhound.feeds.health import NEXT_STEPS, OTHERWISE

_STATES = """
select case when state = 'active' and silent_since is not null then 'silent' else state end as state, count(*) as feeds,
       count(*) filter (where next_check_at < now() - interval '10 minutes' and coalesce(claimed_until, now()) <= now()) as late
  from feed_documents group by 1
"""
_CODES = """
select coalesce(error_code, 'unknown') as code, count(*) as feeds from feed_documents
 where state in ('failing', 'gone') group by 1 order by 2 desc, 1 limit 30
"""
_ITEMS = """
select d.id as document_id, case when d.private then null else d.title end as title, d.url, d.private,
       case when d.state = 'active' then 'late' else d.state end as state, d.error_code, d.failing_since, d.last_ok_at,
       d.next_check_at, (select count(*) from feeds f where f.document_id = d.id) as followers
  from feed_documents d
 where d.state in ('failing', 'gone') or (d.state = 'active' and d.next_check_at < now() - interval '10 minutes'
       and coalesce(d.claimed_until, now()) <= now())
 order by followers desc, d.failing_since limit :limit
"""


async def feeds_across(db: Db, limit: int = 100) -> dict[str, Any]:
    """Feed documents by state, why they fail, and the ones that most people miss."""
    states = await rows(db, _STATES)
    items = await rows(db, _ITEMS, limit=limit)
    for item in items:
        late = item["state"] == "late"
        step = NEXT_STEPS.get(item["error_code"] or "", OTHERWISE)
        item["what_to_do"] = "Are enough workers alive? See Queues, fetch." if late else step
        if item.pop("private"):
            # One organization's own address, which may hold a key.
            item["url"] = "an address that only its organization sees"
    return {
        "states": {row["state"]: row["feeds"] for row in states},
        "late": sum(row["late"] for row in states),
        "codes": await rows(db, _CODES),
        "items": items,
    }
