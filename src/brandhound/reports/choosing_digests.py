"""A person's own choice: the digest, on which days, at what time."""

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.settings import settings
from brandhound.reports.coming_due import queue_mail
from brandhound.reports.errors import DigestOff, OnlyForPeople
from brandhound.reports.planning import time_text
from brandhound.reports.rhythms import check_zone, cron_of, in_words, next_times, planned
from brandhound.reports.sending_models import ReportDigest, ReportSending
from brandhound.reports.sending_schemas import DigestIn, DigestOut, SendingOut
from brandhound.tenancy.people import Caller

WEEKDAYS = [1, 2, 3, 4, 5]
MORNING = 8 * 60


async def digest_of(db: Db, caller: Caller) -> DigestOut:
    """What they chose, or what would be proposed. Raises OnlyForPeople."""
    return await _out(db, caller, await _row(db, caller))


async def choose_digest(db: Db, caller: Caller, wish: DigestIn) -> DigestOut:
    """Send it then, from now on, or no more. Raises OnlyForPeople or UnknownTimeZone."""
    digest = await _row(db, caller)
    now = clock.now()
    time_zone = check_zone(wish.time_zone or caller.time_zone)
    minute = int(wish.time[:2]) * 60 + int(wish.time[3:])
    if digest is None:
        digest = ReportDigest(user_id=caller.user_id)
        db.add(digest)
    was_wanted = bool(digest.wanted)
    digest.wanted, digest.weekdays, digest.minute = wish.wanted, sorted(set(wish.weekdays)), minute
    digest.time_zone, digest.updated_at = time_zone, now
    if not was_wanted:
        # Whoever wants it again wants what is new, not what they did without.
        digest.told_until_at = None
    cron = cron_of("weekdays", digest.weekdays, 1, minute)
    digest.next_at = planned(cron, time_zone, digest.next_at, now) if wish.wanted else None
    await db.flush()
    publish(db, "reports", digest.id)
    return await _out(db, caller, digest)


async def send_now(db: Db, caller: Caller) -> DigestOut:
    """Send theirs now. Raises OnlyForPeople or DigestOff."""
    digest = await _row(db, caller)
    if digest is None or not digest.wanted:
        raise DigestOff
    now = clock.now()
    sending = ReportSending(
        id=uuid7(),
        sort="digest",
        user_id=caller.user_id,
        reader=f"digest:{caller.user_id}",
        window_at=now,
        title="Digest",
        address="",
        state="pending",
        # Asked for by a person: it comes even if there is nothing new.
        issue=1,
        attempts=0,
        due_at=now,
        created_at=now,
    )
    db.add(sending)
    await db.flush()
    await queue_mail(db, sending.id)
    publish(db, "reports", sending.id)
    return await _out(db, caller, digest)


async def _row(db: Db, caller: Caller) -> ReportDigest | None:
    if caller.user_id is None:
        raise OnlyForPeople
    return await db.scalar(select(ReportDigest).where(ReportDigest.user_id == caller.user_id).with_for_update())


async def _out(db: Db, caller: Caller, digest: ReportDigest | None) -> DigestOut:
    wanted = digest is not None and digest.wanted
    weekdays = list(digest.weekdays) if digest else WEEKDAYS
    minute = digest.minute if digest else MORNING
    time_zone = digest.time_zone if digest else caller.time_zone
    last = await db.scalar(
        select(ReportSending)
        .where(ReportSending.reader == f"digest:{caller.user_id}")
        .order_by(ReportSending.window_at.desc())
        .limit(1)
    )
    cron = cron_of("weekdays", weekdays, 1, minute)
    return DigestOut(
        wanted=wanted,
        weekdays=weekdays,
        time=time_text(minute),
        time_zone=time_zone,
        when=in_words("weekdays", weekdays, 1, minute),
        next_times=next_times(cron, [time_zone], clock.now()) if wanted else [],
        mail=settings().smtp_url is not None,
        last=SendingOut.model_validate(last) if last else None,
    )
