"""What has come due, for every organization: a row for each mail, and the runs that make and bring them.

The one place where reports look past an organization's wall: it reads clocks and writes rows, and tells nobody anything.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Text, or_, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.jobs.states import ACTIVE
from brandhound.jobs.timing import zone
from brandhound.notifications.notifying import notify
from brandhound.reports.planning import cron_for
from brandhound.reports.rhythms import cron_of, missed_and_next
from brandhound.reports.sending_models import ReportDigest, ReportRecipient, ReportSchedule, ReportSending

PREPARE = "reports.send"
BRING = "reports.bring"
_AT_ONCE = 200

LEFT_ALONE = timedelta(minutes=10)
"""A mail that nobody has touched for this long past its time, and that has no run, has lost it."""


async def queue_due_reports() -> int:
    """Queue the reports whose moment has come, each once however late it is; how many mails that will be."""
    now = clock.now()
    async with system_session() as db:
        due = (
            await db.execute(
                select(ReportRecipient, ReportSchedule)
                .join(
                    ReportSchedule,
                    (ReportSchedule.organization_id == ReportRecipient.organization_id)
                    & (ReportSchedule.id == ReportRecipient.schedule_id),
                )
                .where(ReportRecipient.next_at <= now)
                .order_by(ReportRecipient.next_at)
                .limit(_AT_ONCE)
                .with_for_update(of=ReportRecipient, skip_locked=True)
            )
        ).all()
        wanted: dict[tuple[UUID, UUID, datetime, date], list[dict[str, object]]] = {}
        for recipient, schedule in due:
            if recipient.next_at is None:
                continue
            window_at, recipient.next_at = missed_and_next(
                cron_for(schedule), recipient.time_zone, recipient.next_at, now
            )
            day = window_at.astimezone(zone(recipient.time_zone)).date()
            group = schedule.organization_id, schedule.id, window_at, day
            wanted.setdefault(group, []).append(_row(recipient, schedule, window_at, now))
        made = 0
        for (organization_id, schedule_id, window_at, day), rows in wanted.items():
            made += await _queue(db, organization_id, schedule_id, window_at, day, rows)
    return made


async def queue_due_digests() -> int:
    """Queue the digests whose moment has come; how many that is."""
    now = clock.now()
    async with system_session() as db:
        due = await db.scalars(
            select(ReportDigest)
            .where(ReportDigest.next_at <= now)
            .order_by(ReportDigest.next_at)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        made = 0
        for digest in due.all():
            if digest.next_at is None:
                continue
            cron = cron_of("weekdays", digest.weekdays, 1, digest.minute)
            window_at, digest.next_at = missed_and_next(cron, digest.time_zone, digest.next_at, now)
            row = {
                "id": uuid7(),
                "organization_id": digest.organization_id,
                "sort": "digest",
                "user_id": digest.user_id,
                "reader": f"digest:{digest.user_id}",
                "window_at": window_at,
                "title": "Digest",
                "state": "pending",
                "due_at": now,
                "created_at": now,
            }
            for sending_id in await _insert(db, [row]):
                await queue_mail(db, sending_id, organization_id=digest.organization_id)
                made += 1
    return made


async def take_up_forgotten() -> int:
    """Take up what has lost its run, and give up what could not be prepared; how many mails that were."""
    now = clock.now()
    async with system_session() as db:
        for sending, run in await _not_prepared(db):
            if run.state in ("done", "partial"):
                await _put_to_another(db, sending, run)
                continue
            reason = "The report could not be made; the run that tried says why."
            sending.state, sending.due_at, sending.reason = "given_up", None, reason
            publish(db, "reports", sending.id, organization_id=sending.organization_id)
            await notify(
                db,
                "report_not_sent",
                f"Not sent: {sending.title}",
                reason,
                href=f"/jobs?run={sending.run_id}",
                key=f"report-not-made:{sending.schedule_id}",
                organization_id=sending.organization_id,
            )
        lost = await _without_run(db, now)
        for sending in lost:
            await queue_mail(db, sending.id, organization_id=sending.organization_id)
    return len(lost)


async def queue_mail(db: Db, sending_id: UUID, *, organization_id: UUID | None = None) -> RunRow:
    """The run that brings one mail: a new one, unless there is one."""
    given = {"sending_id": str(sending_id)}
    return await enqueue(db, BRING, given, key=str(sending_id), organization_id=organization_id)


def _row(recipient: ReportRecipient, schedule: ReportSchedule, window_at: datetime, now: datetime) -> dict[str, object]:
    return {
        "id": uuid7(),
        "organization_id": recipient.organization_id,
        "sort": "report",
        "schedule_id": schedule.id,
        "recipient_id": recipient.id,
        "user_id": recipient.user_id,
        "reader": f"recipient:{recipient.id}",
        "window_at": window_at,
        "title": schedule.title,
        "address": recipient.email or "",
        "state": "waiting",
        "created_at": now,
    }


async def _queue(
    db: Db,
    organization_id: UUID,
    schedule_id: UUID,
    window_at: datetime,
    day: date,
    rows: Sequence[Mapping[str, object]],
) -> int:
    """One run for those who read at that moment and whose clocks show the same day."""
    ids = await _insert(db, rows)
    if not ids:
        return 0
    run = await enqueue(
        db,
        PREPARE,
        {"schedule_id": str(schedule_id), "window_at": window_at.isoformat(), "day": day.isoformat()},
        key=f"{schedule_id}:{window_at.isoformat()}:{day.isoformat()}",
        title=f"Send {rows[0]['title']}",
        organization_id=organization_id,
    )
    for sending in await db.scalars(select(ReportSending).where(ReportSending.id.in_(ids))):
        sending.run_id = run.id
        publish(db, "reports", sending.id, organization_id=organization_id)
    return len(ids)


async def _insert(db: Db, rows: Sequence[Mapping[str, object]]) -> list[UUID]:
    """The rows that are new: one for each reader and moment, whatever clocks and workers do."""
    new = insert(ReportSending).values([dict(row) for row in rows]).on_conflict_do_nothing().returning(ReportSending.id)
    return list(await db.scalars(new))


async def _put_to_another(db: Db, sending: ReportSending, run: RunRow) -> None:
    """It came due while the run of its moment was ending, which did not see it any more: another one takes it along."""
    other = await enqueue(
        db, PREPARE, run.parameters, key=run.key, title=run.title, organization_id=sending.organization_id
    )
    sending.run_id = other.id


async def _not_prepared(db: Db) -> Sequence[tuple[ReportSending, RunRow]]:
    query = (
        select(ReportSending, RunRow)
        .join(RunRow, (RunRow.organization_id == ReportSending.organization_id) & (RunRow.id == ReportSending.run_id))
        .where(ReportSending.state == "waiting", RunRow.state.not_in(ACTIVE))
        .limit(_AT_ONCE)
        .with_for_update(of=ReportSending, skip_locked=True)
    )
    return [(sending, run) for sending, run in await db.execute(query)]


async def _without_run(db: Db, now: datetime) -> Sequence[ReportSending]:
    active = select(RunRow.id).where(
        RunRow.organization_id == ReportSending.organization_id,
        RunRow.job == BRING,
        RunRow.state.in_(ACTIVE),
        RunRow.key == ReportSending.id.cast(Text),
    )
    query = (
        select(ReportSending)
        .where(
            ReportSending.state.in_(("pending", "failed", "sending")),
            or_(ReportSending.due_at.is_(None), ReportSending.due_at < now - LEFT_ALONE),
            ReportSending.created_at < now - LEFT_ALONE,
            ~active.exists(),
        )
        .limit(_AT_ONCE)
    )
    return (await db.scalars(query)).all()
