"""What time does to notices: incidents that are over, snoozes that end, deliveries that nobody works on, old ones."""

from datetime import datetime, timedelta

from sqlalchemy import Text, delete, select, text

from brandhound.core import clock
from brandhound.core.db import Db, rows_affected
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.models import ACTIVE, RunRow
from brandhound.notifications.addressing import DELIVER, queue_delivery
from brandhound.notifications.channel_models import NotificationDelivery
from brandhound.notifications.delivering import RELEASE, queue_release
from brandhound.notifications.models import Notification, NotificationMute

LEFT_ALONE = timedelta(minutes=2)
"""A delivery that is due for longer, and has no run, has lost it."""

KEPT = timedelta(days=90)
"""How long the log of deliveries is kept."""

REMEMBERED = timedelta(days=400)
"""How long notices are kept."""

_AT_ONCE = 1_000

# A later success of the same schedule, or about the same thing, ends the incident at once. Without either other runs of the
# same job may go well in between: it is over when for half an hour none has failed.
_SETTLE = """
update notifications n set settled_at = :now
 where settled_at is null and split_part(incident_key, ':', 1) in ('run-failed', 'run-timed_out', 'run-lost', 'run-dead')
   and exists (
     select from runs r
      where r.organization_id = n.organization_id and r.job = split_part(n.incident_key, ':', 2)
        and r.created_at > n.last_at - interval '1 day' and r.state = 'done' and r.finished_at > n.last_at
        and case split_part(n.incident_key, ':', 3)
              when '-' then n.last_at < cast(:now as timestamptz) - interval '30 minutes' and r.schedule_id is null
              else split_part(n.incident_key, ':', 3) = r.schedule_id::text
                or split_part(n.incident_key, ':', 3) in (select value from jsonb_each_text(r.parameters)) end)
returning n.id, n.organization_id
"""


async def settle_run_incidents() -> int:
    """End the incidents of runs that failed and have gone well since; says how many."""
    async with system_session() as db:
        settled = (await db.execute(text(_SETTLE), {"now": clock.now()})).all()
        for notice_id, organization_id in settled:
            publish(db, "notifications", notice_id, organization_id=organization_id)
    return len(settled)


async def end_snoozes() -> int:
    """Put what was put off before its readers again; says how many."""
    async with system_session() as db:
        ended = delete(NotificationMute).where(NotificationMute.until_at <= clock.now())
        rows = (await db.execute(ended.returning(NotificationMute.organization_id, NotificationMute.user_id))).all()
        for organization_id, user_id in rows:
            publish(db, "notifications", user_id, organization_id=organization_id)
    return len(rows)


async def requeue_forgotten() -> int:
    """Queue what is due and has no run (it was cancelled, or lost); says how many."""
    async with system_session() as db:
        forgotten = await _without_run(db, clock.now())
        for delivery in forgotten:
            if delivery.state == "held":
                await queue_release(db, delivery.recipient, clock.now(), organization_id=delivery.organization_id)
            else:
                await queue_delivery(db, delivery.id, organization_id=delivery.organization_id)
    return len(forgotten)


async def forget_old() -> int:
    """Forget what was told and delivered long ago; says how many."""
    async with system_session() as db:
        old = (
            select(NotificationDelivery.id)
            .where(NotificationDelivery.created_at < clock.now() - KEPT)
            .limit(_AT_ONCE)
            .scalar_subquery()
        )
        forgotten = rows_affected(
            await db.execute(delete(NotificationDelivery).where(NotificationDelivery.id.in_(old)))
        )
        ancient = (
            select(Notification.id)
            .where(Notification.last_at < clock.now() - REMEMBERED)
            .limit(_AT_ONCE)
            .scalar_subquery()
        )
        return forgotten + rows_affected(await db.execute(delete(Notification).where(Notification.id.in_(ancient))))


async def _without_run(db: Db, now: datetime) -> list[NotificationDelivery]:
    active = select(RunRow.id).where(
        RunRow.organization_id == NotificationDelivery.organization_id,
        RunRow.job.in_([DELIVER, RELEASE]),
        RunRow.state.in_(ACTIVE),
        RunRow.key.in_([NotificationDelivery.recipient, NotificationDelivery.id.cast(Text)]),
    )
    return list(
        await db.scalars(
            select(NotificationDelivery)
            .where(NotificationDelivery.state.in_(["pending", "failed", "held"]))
            .where(NotificationDelivery.due_at < now - LEFT_ALONE, ~active.exists())
            .limit(_AT_ONCE)
        )
    )
