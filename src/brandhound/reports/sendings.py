"""The list of what was sent, a test to oneself, and sending once more by hand."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import or_, select, tuple_

from brandhound.core import clock
from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.pages import Page, from_cursor, page_of
from brandhound.core.problems import NotThere
from brandhound.jobs.registry import enqueue
from brandhound.jobs.waiting import wake_these
from brandhound.reports.coming_due import PREPARE, queue_mail
from brandhound.reports.errors import CannotSendAgain, OnlyForPeople
from brandhound.reports.listing import is_there
from brandhound.reports.models import Report
from brandhound.reports.planning import schedule_by_id
from brandhound.reports.sending_models import ReportRecipient, ReportSending
from brandhound.reports.sending_schemas import SendingOut
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

_AGAIN = ("sent", "uncertain", "given_up", "failed", "cancelled")


async def page_of_sendings(
    db: Db, user_id: UUID | None, schedule_id: UUID | None, cursor: str | None, limit: int
) -> Page[SendingOut]:
    """Newest first. A digest is shown to its reader alone."""
    query = select(ReportSending).where(or_(ReportSending.sort != "digest", ReportSending.user_id == user_id))
    query = query.order_by(ReportSending.created_at.desc(), ReportSending.id.desc()).limit(limit + 1)
    if schedule_id is not None:
        query = query.where(ReportSending.schedule_id == schedule_id)
    if cursor:
        created_at, id_ = cast("tuple[datetime, UUID]", from_cursor(cursor, datetime, UUID))
        query = query.where(tuple_(ReportSending.created_at, ReportSending.id) < (created_at, id_))
    page = page_of((await db.scalars(query)).all(), limit, lambda row: (row.created_at, row.id))
    shown = [SendingOut.model_validate(row) for row in page.items]
    deleted = select(Report.id).where(
        Report.id == one_of(one.report_id for one in shown if one.report_id), Report.deleted_at.is_not(None)
    )
    gone = set(await db.scalars(deleted))
    for one in shown:
        if one.report_id in gone:
            one.report_id = None
    return Page(items=shown, next=page.next)


async def send_test(db: Db, caller: Caller, schedule_id: UUID) -> SendingOut:
    """Send it to whoever asks, now. Raises NotThere or OnlyForPeople."""
    schedule = await schedule_by_id(db, schedule_id)
    if caller.user_id is None:
        raise OnlyForPeople
    now, id_ = clock.now(), uuid7()
    run = await enqueue(
        db,
        PREPARE,
        {"schedule_id": str(schedule.id), "window_at": now.isoformat()},
        key=f"test:{id_}",
        title=f"Send a test of {schedule.title}"[:200],
        requested_by=caller.user_id,
    )
    sending = ReportSending(
        id=id_,
        sort="test",
        schedule_id=schedule.id,
        user_id=caller.user_id,
        reader=f"test:{id_}",
        window_at=now,
        title=schedule.title,
        address="",
        state="waiting",
        issue=0,
        attempts=0,
        run_id=run.id,
        created_at=now,
    )
    db.add(sending)
    await db.flush()
    await record(db, caller, "reports.test-sent", "report_schedule", schedule.id, {"title": schedule.title})
    publish(db, "reports", sending.id)
    return SendingOut.model_validate(sending)


async def send_again(db: Db, caller: Caller, sending_id: UUID) -> SendingOut:
    """Send it once more, as another mail. Raises NotThere or CannotSendAgain."""
    sending = await db.scalar(select(ReportSending).where(ReportSending.id == sending_id).with_for_update())
    if sending is None or (sending.sort == "digest" and sending.user_id != caller.user_id):
        raise NotThere("sending")
    if sending.state not in _AGAIN:
        raise CannotSendAgain(f"It is {sending.state.replace('_', ' ')}.")
    if sending.sort != "digest":
        if sending.schedule_id is None or not await is_there(db, sending.report_id):
            raise CannotSendAgain("Its schedule or its report was removed.")
        await _check_recipient(db, sending)
    sending.state, sending.reason, sending.due_at = "pending", None, clock.now()
    sending.attempts, sending.taken_at = 0, None
    sending.issue += 1
    await db.flush()
    run = await queue_mail(db, sending.id)
    # One that was being tried again sleeps until its next attempt, which a person does not want to wait for.
    await wake_these(db, [run.id])
    await record(db, caller, "reports.sent-again", "report_sending", sending.id, {"to": sending.address})
    publish(db, "reports", sending.id)
    return SendingOut.model_validate(sending)


async def _check_recipient(db: Db, sending: ReportSending) -> None:
    if sending.sort == "test":
        return
    recipient = await db.get(ReportRecipient, sending.recipient_id) if sending.recipient_id else None
    if recipient is None:
        raise CannotSendAgain("The recipient was removed.")
    if recipient.state != "active":
        raise CannotSendAgain(f"The recipient is {recipient.state}: {recipient.reason}")
