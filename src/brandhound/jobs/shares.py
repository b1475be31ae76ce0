"""How much of a queue one organization may have at work, so that one that floods it does not starve the others.

What goes beyond its share is held in our own table and not given to the engine: the next one goes when one ends. The share
is less than the whole, so that a worker always has room for somebody else.
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, text

from brandhound.core.db import SYSTEM_ORGANIZATION, Db
from brandhound.core.live import publish
from brandhound.core.settings import settings
from brandhound.jobs.models import QUEUED, Queue, RunRow, WorkerRow
from brandhound.jobs.states import AT_WORK

DEAD_AFTER = timedelta(seconds=15)
"""A worker that has said nothing for that long is taken for dead."""

# Chosen first and once: as a part of the condition the limit would hold for each time that the plan asks, and a plan may ask
# again for every row.
_ADMIT = text("""
with chosen as materialized (
   select id from runs where organization_id = :owner and queue = :queue and state = 'queued' and not admitted
    order by created_at, id
    limit (select greatest(0, :share * greatest(1, (select count(*) from workers where beat_at > now() - :dead)) - count(*))
             from runs where organization_id = :owner and queue = :queue and admitted and state in ('queued', 'running'))
      for update skip locked)
update runs set admitted = true, round = round + 1 from chosen where runs.id = chosen.id
returning runs.id
""")

# From one organization and queue to the next by the index, however many runs each of them holds back.
_HELD = """
with recursive held as (
  (select organization_id, queue from runs where state = 'queued' and not admitted order by organization_id, queue limit 1)
  union all
  select following.organization_id, following.queue from held cross join lateral (
    select organization_id, queue from runs
     where state = 'queued' and not admitted and (organization_id, queue) > (held.organization_id, held.queue)
     order by organization_id, queue limit 1) following)
select organization_id, queue from held
"""


def at_once() -> dict[Queue, int]:
    """Runs of each queue that one worker does at the same time. Fetching mostly waits for others."""
    base = settings().worker_concurrency
    return {"interactive": base, "fetch": base * 4, "analyse": base, "report": max(2, base // 4)}


def share_of(queue: str) -> int:
    """Runs of that queue that one organization may have at work, for each worker that lives."""
    slots = next((slots for name, slots in at_once().items() if name == queue), 1)
    return max(1, math.floor(slots * settings().organization_share))


def is_within_share(owner: UUID, queue: str) -> ColumnElement[bool]:
    """Whether one more run may go to the workers at once. The installation's own always may."""
    if owner == SYSTEM_ORGANIZATION:
        return literal(True)
    at_work = (
        select(func.count())
        .select_from(RunRow)
        .where(
            RunRow.organization_id == owner,
            RunRow.queue == queue,
            # In the words of the index: “is true” would read every run there ever was.
            RunRow.admitted,
            RunRow.state.in_(AT_WORK),
        )
        .scalar_subquery()
    )
    workers = select(func.count()).where(WorkerRow.beat_at > func.now() - DEAD_AFTER).scalar_subquery()
    return at_work < share_of(queue) * func.greatest(1, workers)


async def admit(db: Db, owner: UUID, queue: str) -> int:
    """Give the workers what an organization has held back, as far as there is room; how many that were."""
    share = share_of(queue) if owner != SYSTEM_ORGANIZATION else 1_000_000
    values = {"owner": owner, "queue": queue, "share": share, "dead": DEAD_AFTER}
    admitted = len((await db.execute(_ADMIT, values)).all())
    if admitted:
        publish(db, QUEUED, queue, organization_id=SYSTEM_ORGANIZATION)
    return admitted


async def admit_all(db: Db) -> int:
    """The same for whoever holds something back and is visible here. A net: the end of a run admits the next by itself."""
    held: Sequence[tuple[UUID, str]] = [(owner, queue) for owner, queue in await db.execute(text(_HELD))]
    return sum([await admit(db, owner, queue) for owner, queue in held])
