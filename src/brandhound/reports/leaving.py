"""Bringing one mail to one reader: looked at, written, marked, handed over, booked.

waiting → pending → sending → sent, or failed (tried again for a day) → given_up. What was handed over without an answer,
because the line or this process died at the wrong moment, is uncertain: it is not sent again by itself, because nobody
gets the same report twice. A person may send it again.
"""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.notifications.delivering import next_wait, parked_for
from brandhound.notifications.notifying import notify
from brandhound.notifications.sending import Attempt
from brandhound.reports.listing import REMOVED, is_there
from brandhound.reports.sending_models import ReportDigest, ReportRecipient, ReportSchedule, ReportSending
from brandhound.tenancy.models import Member
from brandhound.tenancy.people import user_by_id
from brandhound.tenancy.roles import Role, role_of

LEFT = "This person does not belong to the organization any more."
ROLE_TOO_LOW = "Guests get no digest: it tells of everything that is found."
UNCERTAIN = (
    "It was handed over, but the mail server's answer was lost: it may have arrived. Nothing is sent twice by itself."
)

STOPPED = "Nothing more is sent to this address until somebody mends it, or lets it be tried again, under its schedule."

OPEN = ("pending", "failed")


@dataclass(frozen=True)
class Ready:
    """A mail that is to be sent now, and to whom."""

    sending: ReportSending
    address: str
    name: str


async def look(db: Db, sending_id: UUID) -> Ready | str:
    """What is to be sent, or why it is not. Changes only what will never be sent."""
    sending = await _locked(db, sending_id)
    if sending is None:
        return "It was removed."
    if sending.state == "sending":
        close(db, sending, "uncertain", UNCERTAIN)
        return UNCERTAIN
    if sending.state not in OPEN:
        return f"It is {sending.state.replace('_', ' ')} already."
    if sending.due_at is not None and sending.due_at > clock.now() and sending.state == "failed":
        return "Another run tries it again later."
    if why_not := await _unwanted(db, sending):
        if why_not in (LEFT, ROLE_TOO_LOW):
            await _stop_for_member(db, sending, why_not)
        close(db, sending, "cancelled", why_not)
        return why_not
    if sending.user_id is not None:
        user = await user_by_id(sending.user_id)
        if user is None or user.disabled_at is not None:
            close(db, sending, "cancelled", LEFT)
            return LEFT
        return Ready(sending, user.email, user.name)
    recipient = await db.get(ReportRecipient, sending.recipient_id) if sending.recipient_id else None
    if recipient is None or recipient.email is None:
        close(db, sending, "cancelled", "The recipient was removed.")
        return "The recipient was removed."
    return Ready(sending, recipient.email, recipient.name)


async def mark(db: Db, sending_id: UUID, run_id: UUID, mail: EmailMessage, address: str) -> bool:
    """Say that it is being handed over. False if another run was faster."""
    now = clock.now()
    sending = await _locked(db, sending_id)
    if sending is None or sending.state not in OPEN:
        return False
    sending.state, sending.run_id, sending.address = "sending", run_id, address
    sending.title = str(mail["Subject"])
    sending.attempts += 1
    sending.taken_at = sending.taken_at or now
    sending.due_at = now + timedelta(minutes=5)
    publish(db, "reports", sending.id)
    return True


async def note_unwritten(db: Db, sending_id: UUID, run_id: UUID, error: Exception) -> timedelta | None:
    """It could not even be written. How long to wait before the next attempt; None when it is over."""
    sending = await _locked(db, sending_id)
    if sending is None or sending.state not in OPEN:
        return None
    sending.run_id, sending.taken_at = run_id, sending.taken_at or clock.now()
    sending.attempts += 1
    words = f"The mail could not be written ({type(error).__name__}); the log of its run says more."
    return await book(db, sending_id, Attempt(False, 0, error=words))


async def book(db: Db, sending_id: UUID, attempt: Attempt) -> timedelta | None:
    """Write down what came of it. How long to wait before the next attempt; None when it is over."""
    now = clock.now()
    sending = await _locked(db, sending_id)
    if sending is None:
        return None
    sending.status, sending.took_ms, sending.reason = attempt.status, attempt.took_ms, attempt.error
    sending.request, sending.response, sending.due_at = attempt.request or None, attempt.response or None, None
    publish(db, "reports", sending.id)
    if attempt.ok:
        sending.state, sending.sent_at, sending.reason = "sent", now, None
        return None
    if attempt.uncertain:
        reason = f"{UNCERTAIN} ({attempt.error})"
        sending.state, sending.reason = "uncertain", reason
        await _tell(db, sending, f"It may have arrived: {sending.title}", reason)
        return None
    since = sending.since_at
    if attempt.parked is not None:
        # The mail server is left alone: what was not even tried is no attempt.
        sending.attempts -= not attempt.request
        wait = parked_for(attempt.parked, now, since)
    else:
        wait = next_wait(attempt, sending.attempts, now - since)
    if wait is not None and sending.sort != "test":
        sending.state, sending.due_at = "failed", now + wait
        return wait
    sending.state = "given_up"
    if attempt.refused:
        await _stop_for(db, sending, attempt)
    else:
        await _tell(db, sending, f"Not sent: {sending.title}", attempt.error or "")
    return None


def close(db: Db, sending: ReportSending, state: str, reason: str) -> None:
    """It goes nowhere, for that reason."""
    sending.state, sending.reason, sending.due_at = state, reason, None  # pyright: ignore[reportAttributeAccessIssue]
    publish(db, "reports", sending.id)


async def _tell(db: Db, sending: ReportSending, title: str, reason: str) -> None:
    """Somebody looks after reports that are expected; who tests one, or waits for their digest, sees for themselves."""
    if sending.sort == "report":
        await notify(
            db,
            "report_not_sent",
            title,
            f"To {sending.address}: {reason}",
            href=f"/reports?tab=sent&sending={sending.id}",
            key=f"report-not-sent:{sending.schedule_id}",
        )


async def _stop_for_member(db: Db, sending: ReportSending, why_not: str) -> None:
    """Who has left the organization, or may not read it any more, is not tried each morning anew."""
    recipient = await db.get(ReportRecipient, sending.recipient_id) if sending.recipient_id else None
    if recipient is not None and recipient.state == "active":
        recipient.state, recipient.reason, recipient.next_at = "paused", why_not, None
    if sending.sort == "digest":
        digest = await db.scalar(select(ReportDigest).where(ReportDigest.user_id == sending.user_id))
        if digest is not None:
            digest.wanted, digest.next_at = False, None


async def _stop_for(db: Db, sending: ReportSending, attempt: Attempt) -> None:
    """The mail server knows no such reader: send them nothing more until a person says so, and tell somebody."""
    reason = f"{sending.address} is refused: {attempt.error}"
    recipient = await db.get(ReportRecipient, sending.recipient_id) if sending.recipient_id else None
    if recipient is not None and recipient.state == "active":
        recipient.state, recipient.reason, recipient.next_at = "refused", attempt.error, None
        sending.reason = f"{attempt.error}. {STOPPED}"
        await notify(
            db,
            "recipient_refused",
            f"No more reports to {sending.address}",
            f"{attempt.error}. Mend the address, or let it be tried again.",
            href=f"/reports?tab=schedules&schedule={recipient.schedule_id}",
            key=f"recipient-refused:{recipient.id}",
        )
    if sending.sort == "digest" and sending.user_id is not None:
        digest = await db.scalar(select(ReportDigest).where(ReportDigest.user_id == sending.user_id))
        if digest is not None:
            digest.next_at, digest.wanted = None, False
            await notify(
                db,
                "recipient_refused",
                "Your digest is refused by the mail server",
                f"{reason}. It is switched off; choose it again when the address works.",
                href="/settings?tab=notifications",
                key=f"digest-refused:{sending.user_id}",
                user_id=sending.user_id,
            )


async def _unwanted(db: Db, sending: ReportSending) -> str | None:
    """Why it is not to be sent any more."""
    if sending.user_id is not None:
        role = await db.scalar(select(Member.role).where(Member.user_id == sending.user_id))
        if role is None:
            return LEFT
        # A report goes to a guest whom somebody made its recipient; a digest shows what only members read.
        if sending.sort == "digest" and role_of(role) < Role.VIEWER:
            return ROLE_TOO_LOW
    if sending.sort == "digest":
        digest = await db.scalar(select(ReportDigest).where(ReportDigest.user_id == sending.user_id))
        return None if digest is not None and digest.wanted else "The digest was switched off meanwhile."
    schedule = await db.get(ReportSchedule, sending.schedule_id) if sending.schedule_id else None
    if schedule is None:
        return "The schedule was removed."
    if not await is_there(db, sending.report_id):
        return REMOVED
    if sending.sort == "test":
        return None
    recipient = await db.get(ReportRecipient, sending.recipient_id) if sending.recipient_id else None
    if recipient is None:
        return "The recipient was removed."
    if recipient.state == "unsubscribed":
        return "The reader asked for no more."
    if schedule.paused or recipient.state != "active":
        return "It was paused meanwhile."
    return None


async def _locked(db: Db, sending_id: UUID) -> ReportSending | None:
    return await db.scalar(select(ReportSending).where(ReportSending.id == sending_id).with_for_update())
