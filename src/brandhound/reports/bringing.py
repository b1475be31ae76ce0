"""Writing the mail of a sending and handing it over, once."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.jobs.registry import Run
from brandhound.notifications.delivering import organization_name
from brandhound.notifications.sending import Attempt, hand_over
from brandhound.notifications.wording import absolute
from brandhound.reports import leaving
from brandhound.reports.digest_mail import write_digest_mail
from brandhound.reports.digesting import begins, gather_digest
from brandhound.reports.judging_by_mail import Question, judge_address
from brandhound.reports.keeping_files import make_file
from brandhound.reports.keeping_files import path_of_form as file_path
from brandhound.reports.leaving import Ready
from brandhound.reports.mail_parts import Envelope
from brandhound.reports.reading import document_of
from brandhound.reports.report_mail import ReportMail, write_report_mail
from brandhound.reports.rhythms import in_words
from brandhound.reports.sending_models import Form, ReportDigest, ReportRecipient, ReportSchedule
from brandhound.reports.sharing import share_for_sending
from brandhound.reports.ways_out import Reader, unsubscribe_address
from brandhound.tenancy.models import Member
from brandhound.tenancy.roles import Role, role_of

_log = logging.getLogger("brandhound.reports")

NOTHING_NEW = "There is nothing new."


@dataclass(frozen=True)
class Written:
    """A mail, and until when what it tells was found."""

    mail: EmailMessage
    told_until: datetime | None = None


async def bring(run: Run, sending_id: UUID) -> tuple[str, timedelta | None]:
    """Send one mail; what came of it in words, and how long to wait before the next attempt.

    Safe to repeat: what was handed over once is not handed over again.
    """
    async with run.session() as db:
        ready = await leaving.look(db, sending_id)
    if isinstance(ready, str):
        return ready, None
    try:
        written = await (_digest if ready.sending.sort == "digest" else _report)(run.organization_id, ready)
    except Exception as error:
        # Ours to mend; until then it is tried again as if the mail server had failed, and a person sees why it waits.
        _log.exception("a mail could not be written")
        async with run.session() as db:
            return "It could not be written.", await leaving.note_unwritten(db, sending_id, run.id, error)
    async with run.session() as db:
        if written is None:
            await _skip(db, sending_id)
            return NOTHING_NEW, None
        if not await leaving.mark(db, sending_id, run.id, written.mail, ready.address):
            return "Another run was faster.", None
    attempt = await hand_over(written.mail, ready.address, run.organization_id)
    async with run.session() as db:
        wait = await leaving.book(db, sending_id, attempt)
        if written.told_until is not None and (attempt.ok or attempt.uncertain):
            await _note_told(db, ready.sending.user_id, written.told_until)
    return _in_words(attempt), wait


async def _report(organization_id: UUID, ready: Ready) -> Written:
    sending = ready.sending
    async with tenant_session(organization_id) as db:
        schedule = await db.get(ReportSchedule, sending.schedule_id)
        if schedule is None or sending.report_id is None:
            raise RuntimeError("a mail was looked at whose schedule is gone")
        document = await document_of(db, sending.report_id)
        recipient = await db.get(ReportRecipient, sending.recipient_id) if sending.recipient_id else None
        organization = await organization_name(db)
        link = (
            await share_for_sending(db, sending.id, sending.report_id, ready.address, schedule.link_days)
            if schedule.link and recipient is not None and recipient.user_id is None
            else None
        )
    reader = (
        Reader(organization_id, "recipient", recipient.id) if recipient else Reader(organization_id, "test", sending.id)
    )
    when = in_words(schedule.rhythm, schedule.weekdays, schedule.month_day, schedule.minute)
    envelope = Envelope(
        sending_id=sending.id,
        issue=sending.issue,
        to=ready.address,
        name=ready.name,
        organization=organization,
        list_name=schedule.title,
        list_id=f"report-{schedule.id.hex}",
        unsubscribe=unsubscribe_address(reader),
        why=f"{organization} sends you “{schedule.title}”. {when}, by the clock of {recipient.time_zone}."
        if recipient
        else f"You asked for a test of “{schedule.title}”.",
    )
    # Members sign in and see the evidence behind each number; a link that needs nothing is for those who cannot.
    place = absolute(f"/reports/{sending.report_id}") if sending.user_id is not None else None
    files: list[tuple[Form, Path]] = []
    for form in schedule.attachments:
        await make_file(organization_id, sending.report_id, form)
        files.append((form, await file_path(organization_id, sending.report_id, form)))
    told = ReportMail(schedule.title, document, link, place, sending.sort == "test", files)
    return Written(await asyncio.to_thread(write_report_mail, envelope, told))


async def _digest(organization_id: UUID, ready: Ready) -> Written | None:
    sending, user_id = ready.sending, ready.sending.user_id
    if user_id is None:
        raise RuntimeError("a digest is somebody's")
    until = clock.now()
    async with tenant_session(organization_id) as db:
        digest = (await db.scalars(select(ReportDigest).where(ReportDigest.user_id == user_id))).one()
        role = role_of(await db.scalar(select(Member.role).where(Member.user_id == user_id)) or Role.GUEST.word)
        if role < Role.VIEWER:
            # Since it was looked at a moment ago; skipping it looks once more, and says why.
            return None
        told = await gather_digest(db, begins(digest, sending.window_at), until, digest.time_zone, role)
        organization = await organization_name(db)
    if told.is_empty and sending.issue == 0:
        return None
    envelope = Envelope(
        sending_id=sending.id,
        issue=sending.issue,
        to=ready.address,
        name=ready.name,
        organization=organization,
        list_name="Digest",
        list_id=f"digest-{organization_id.hex}",
        unsubscribe=unsubscribe_address(Reader(organization_id, "digest", user_id)),
        why=(
            f"You chose the digest of {organization}. {in_words('weekdays', digest.weekdays, 1, digest.minute)}, by the "
            f"clock of {digest.time_zone}, when there is something new."
        ),
    )
    judge = partial(_judge_address, organization_id, user_id) if role >= Role.ANALYST else None
    return Written(await asyncio.to_thread(write_digest_mail, envelope, told, judge), until)


def _judge_address(organization_id: UUID, user_id: UUID, mention_id: UUID, verdict: str) -> str:
    answer = "yes" if verdict == "yes" else "no"
    return judge_address(Question(organization_id, user_id, mention_id, answer), clock.now())


async def _skip(db: Db, sending_id: UUID) -> None:
    ready = await leaving.look(db, sending_id)
    if not isinstance(ready, str):
        leaving.close(db, ready.sending, "skipped", NOTHING_NEW)


async def _note_told(db: Db, user_id: UUID | None, until: datetime) -> None:
    digest = await db.scalar(select(ReportDigest).where(ReportDigest.user_id == user_id).with_for_update())
    if digest is not None:
        digest.told_until_at = until


def _in_words(attempt: Attempt) -> str:
    if attempt.ok:
        return "It was taken by the mail server."
    return f"Not sent: {attempt.error}"
