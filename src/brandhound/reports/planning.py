"""Setting up what leaves by itself: schedules of reports, and who gets them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.identity.signing_in import email_key
from brandhound.reports.errors import (
    NoRecipient,
    RecipientNotMember,
    RecipientTwice,
    RecipientUnsubscribed,
    UnknownBrand,
)
from brandhound.reports.rhythms import check_zone, cron_of, in_words, next_times, planned
from brandhound.reports.sending_models import ReportRecipient, ReportSchedule, ReportSending
from brandhound.reports.sending_schemas import (
    LastSending,
    RecipientIn,
    RecipientOut,
    ReportScheduleIn,
    ReportScheduleOut,
)
from brandhound.reports.templating import check_template
from brandhound.tenancy.audit import record
from brandhound.tenancy.inviting import Person, members_of
from brandhound.tenancy.people import Caller

_WAITING = ("waiting", "pending", "sending", "failed")


def cron_for(schedule: ReportSchedule) -> str:
    return cron_of(schedule.rhythm, schedule.weekdays, schedule.month_day, schedule.minute)


async def add_schedule(db: Db, caller: Caller, wish: ReportScheduleIn) -> ReportSchedule:
    """Send a report by itself from now on.

    Raises UnknownBrand, NotThere for its template, UnknownTimeZone, NoRecipient, RecipientTwice or RecipientNotMember.
    """
    schedule = ReportSchedule(created_by=caller.user_id)
    await _fill(db, schedule, wish)
    db.add(schedule)
    await db.flush()
    await _set_recipients(db, schedule, wish.recipients, caller.time_zone)
    await _note(db, caller, "reports.schedule-added", schedule)
    return schedule


async def change_schedule(db: Db, caller: Caller, schedule_id: UUID, wish: ReportScheduleIn) -> ReportSchedule:
    """Change it; it holds from now on. Whoever unsubscribed stays so.

    Raises as `add_schedule`, and NotThere.
    """
    schedule = await schedule_by_id(db, schedule_id)
    await _fill(db, schedule, wish)
    schedule.updated_at = clock.now()
    await _set_recipients(db, schedule, wish.recipients, caller.time_zone)
    await _note(db, caller, "reports.schedule-changed", schedule)
    return schedule


async def remove_schedule(db: Db, caller: Caller, schedule_id: UUID) -> None:
    """Send it no more. What was sent stays in the list of sendings. Raises NotThere."""
    schedule = await schedule_by_id(db, schedule_id)
    await _note(db, caller, "reports.schedule-removed", schedule)
    await db.delete(schedule)
    await db.flush()


async def pause_schedule(db: Db, caller: Caller, schedule_id: UUID, *, paused: bool) -> ReportSchedule:
    """Keep it at home, or let it leave again; what came due meanwhile is not made up for. Raises NotThere."""
    schedule = await schedule_by_id(db, schedule_id)
    schedule.paused, schedule.updated_at = paused, clock.now()
    _plan(schedule, await recipients_of(db, [schedule.id]), clock.now())
    await _note(db, caller, "reports.schedule-paused" if paused else "reports.schedule-resumed", schedule)
    return schedule


async def pause_recipient(db: Db, caller: Caller, schedule_id: UUID, recipient_id: UUID, *, paused: bool) -> None:
    """Send one of them nothing for now, or again: also after a mail server had refused them.

    Raises NotThere, or RecipientUnsubscribed: who does not want it can be taken in again by nobody but themselves.
    """
    schedule = await schedule_by_id(db, schedule_id)
    recipient = await db.scalar(
        select(ReportRecipient)
        .where(ReportRecipient.id == recipient_id, ReportRecipient.schedule_id == schedule.id)
        .with_for_update()
    )
    if recipient is None:
        raise NotThere("recipient")
    is_own = recipient.user_id is not None and recipient.user_id == caller.user_id
    if recipient.state == "unsubscribed" and not is_own:
        raise RecipientUnsubscribed([recipient.email or ""])
    recipient.state, recipient.reason = ("paused", "A person paused it.") if paused else ("active", None)
    _plan(schedule, [recipient], clock.now())
    action = "reports.recipient-paused" if paused else "reports.recipient-resumed"
    await record(db, caller, action, "report_schedule", schedule.id, {"recipient_id": str(recipient.id)})
    publish(db, "reports", schedule.id)


async def schedule_by_id(db: Db, schedule_id: UUID) -> ReportSchedule:
    """Raises NotThere."""
    schedule = await db.scalar(select(ReportSchedule).where(ReportSchedule.id == schedule_id).with_for_update())
    if schedule is None:
        raise NotThere("schedule")
    return schedule


async def schedules_by_title(db: Db) -> list[ReportScheduleOut]:
    """All schedules of reports, by title."""
    schedules = (await db.scalars(select(ReportSchedule).order_by(ReportSchedule.title, ReportSchedule.id))).all()
    return await schedules_out(db, schedules)


async def schedules_out(db: Db, schedules: Sequence[ReportSchedule]) -> list[ReportScheduleOut]:
    """As they are shown: with recipients, the next times, and what became of the last."""
    ids = [schedule.id for schedule in schedules]
    recipients = await recipients_of(db, ids)
    people = {person.user_id: person for person in await members_of(organization_of(db))} if recipients else {}
    last = await _last_sendings(db, ids)
    now = clock.now()
    return [
        _out(schedule, [one for one in recipients if one.schedule_id == schedule.id], people, last, now)
        for schedule in schedules
    ]


async def recipients_of(db: Db, schedule_ids: Sequence[UUID]) -> Sequence[ReportRecipient]:
    query = select(ReportRecipient).where(ReportRecipient.schedule_id.in_(schedule_ids)).order_by(ReportRecipient.id)
    return (await db.scalars(query)).all()


async def _fill(db: Db, schedule: ReportSchedule, wish: ReportScheduleIn) -> None:
    known = set(await db.scalars(select(Brand.id).where(Brand.id.in_(wish.brand_ids))))
    if missing := [brand_id for brand_id in wish.brand_ids if brand_id not in known]:
        raise UnknownBrand(missing)
    await check_template(db, wish.template_id)
    schedule.title = wish.title
    schedule.template_id, schedule.against = wish.template_id, wish.against
    schedule.brand_ids = list(dict.fromkeys(wish.brand_ids))
    schedule.period, schedule.compare, schedule.min_confidence = wish.period, wish.compare, wish.min_confidence
    schedule.rhythm, schedule.weekdays = wish.rhythm, sorted(set(wish.weekdays))
    schedule.month_day, schedule.minute = wish.month_day, wish.minute
    schedule.attachments = list(dict.fromkeys(wish.attachments))
    schedule.link, schedule.link_days = wish.link, wish.link_days
    schedule.skip_if_empty = wish.skip_if_empty


async def _set_recipients(db: Db, schedule: ReportSchedule, wished: Sequence[RecipientIn], own_zone: str) -> None:
    keys = [_key(one) for one in wished]
    if not keys:
        raise NoRecipient
    if len(set(keys)) < len(keys):
        raise RecipientTwice
    members = {person.user_id for person in await members_of(organization_of(db))}
    if strangers := [one.user_id for one in wished if one.user_id and one.user_id not in members]:
        raise RecipientNotMember(strangers)
    zones = [check_zone(one.time_zone or own_zone) for one in wished]
    there = {one.user_id or one.email_key or "": one for one in await recipients_of(db, [schedule.id])}
    for key, one, time_zone in zip(keys, wished, zones, strict=True):
        recipient = there.get(key)
        if recipient is None:
            recipient = ReportRecipient(schedule_id=schedule.id, user_id=one.user_id, state="active")
            if one.email is not None:
                recipient.email, recipient.email_key = one.email.strip(), email_key(one.email)
            db.add(recipient)
        recipient.name, recipient.time_zone = one.name.strip(), time_zone
    for key, recipient in there.items():
        # Who unsubscribed is remembered, so that nobody takes them in again by mistake.
        if key not in keys and recipient.state != "unsubscribed":
            await db.delete(recipient)
    await db.flush()
    _plan(schedule, await recipients_of(db, [schedule.id]), clock.now())
    await db.flush()


def _key(one: RecipientIn) -> UUID | str:
    return one.user_id or email_key(one.email or "")


def _plan(schedule: ReportSchedule, recipients: Sequence[ReportRecipient], now: datetime) -> None:
    cron = cron_for(schedule)
    for one in recipients:
        is_sent = one.state == "active" and not schedule.paused
        one.next_at = planned(cron, one.time_zone, one.next_at, now) if is_sent else None


def _out(
    schedule: ReportSchedule,
    recipients: Sequence[ReportRecipient],
    people: Mapping[UUID, Person],
    last: Mapping[UUID, LastSending],
    now: datetime,
) -> ReportScheduleOut:
    zones = [one.time_zone for one in recipients if one.state == "active"]
    times = next_times(cron_for(schedule), zones, now) if zones and not schedule.paused else []
    return ReportScheduleOut(
        id=schedule.id,
        title=schedule.title,
        brand_ids=schedule.brand_ids,
        period=schedule.period,
        compare=schedule.compare,
        against=schedule.against,
        template_id=schedule.template_id,
        min_confidence=schedule.min_confidence,
        rhythm=schedule.rhythm,
        weekdays=list(schedule.weekdays),
        month_day=schedule.month_day,
        time=time_text(schedule.minute),
        when=in_words(schedule.rhythm, schedule.weekdays, schedule.month_day, schedule.minute),
        attachments=schedule.attachments,
        link=schedule.link,
        link_days=schedule.link_days,
        skip_if_empty=schedule.skip_if_empty,
        paused=schedule.paused,
        recipients=[_recipient_out(one, people) for one in recipients],
        next_times=times,
        last=last.get(schedule.id),
        created_at=schedule.created_at,
    )


def _recipient_out(one: ReportRecipient, people: Mapping[UUID, Person]) -> RecipientOut:
    person = people.get(one.user_id) if one.user_id else None
    return RecipientOut(
        id=one.id,
        user_id=one.user_id,
        name=person.name if person else one.name,
        email=person.email if person else one.email or "",
        time_zone=one.time_zone,
        state=one.state,
        reason=one.reason,
        next_at=one.next_at,
    )


async def _last_sendings(db: Db, schedule_ids: Sequence[UUID]) -> dict[UUID, LastSending]:
    """The newest moment of each schedule, and how many of its mails went how."""
    mine = ReportSending.schedule_id.in_(schedule_ids), ReportSending.sort == "report"
    newest = (
        select(ReportSending.schedule_id, func.max(ReportSending.window_at).label("window_at"))
        .where(*mine)
        .group_by(ReportSending.schedule_id)
        .subquery()
    )
    rows = await db.execute(
        select(ReportSending.schedule_id, ReportSending.window_at, ReportSending.state, func.count())
        .join(
            newest,
            (newest.c.schedule_id == ReportSending.schedule_id) & (newest.c.window_at == ReportSending.window_at),
        )
        .where(*mine)
        .group_by(ReportSending.schedule_id, ReportSending.window_at, ReportSending.state)
    )
    found: dict[UUID, LastSending] = {}
    for schedule_id, window_at, state, number in rows:
        if schedule_id is None:
            continue
        one = found.setdefault(schedule_id, LastSending(window_at=window_at, sent=0, waiting=0, skipped=0, failed=0))
        kind = (
            "sent"
            if state == "sent"
            else "waiting"
            if state in _WAITING
            else "skipped"
            if state == "skipped"
            else "failed"
        )
        setattr(one, kind, getattr(one, kind) + number)
    return found


def time_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


async def _note(db: Db, caller: Caller, action: str, schedule: ReportSchedule) -> None:
    await record(db, caller, action, "report_schedule", schedule.id, {"title": schedule.title})
    publish(db, "reports", schedule.id)
