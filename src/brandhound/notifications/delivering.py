"""Bringing one notice to one address: taken, said outside of any transaction, booked. Safe to repeat.

pending → sent, or failed (tried again for a day) → given_up; held back for quiet hours or a full hour; dropped when it
was muted or read meanwhile. A process that dies between saying and booking says it twice, with the same identifier.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.live import publish
from brandhound.core.secrets import CannotUnseal, unseal
from brandhound.jobs.registry import enqueue
from brandhound.notifications.addressing import is_for, is_wanted, muted_by, subjects, wants_mail
from brandhound.notifications.channel_models import WAITING, NotificationChannel, NotificationDelivery
from brandhound.notifications.failing import note_attempt
from brandhound.notifications.kinds import kind_named
from brandhound.notifications.models import Notification
from brandhound.notifications.queries import has_read
from brandhound.notifications.quieting import full_until, preference_of, quiet_of
from brandhound.notifications.sending import Attempt, Way
from brandhound.notifications.unsubscribing import unsubscribe_address
from brandhound.notifications.wording import Message, absolute
from brandhound.providers.parking import Parked
from brandhound.tenancy.models import Member, Organization

RELEASE = "notifications.release"
SEALED_ADDRESS = "notification_channels.address"
SEALED_SECRET = "notification_channels.secret"

CANNOT_OPEN = (
    "The sealed address cannot be opened: the installation has another secret key now. Give the address again."
)

LEFT = "This person does not belong to the organization any more."
NO_MAIL = "This person wants no mail of this kind any more."
NOT_THERE = "The channel is not told of this kind, or of so little, any more."
ROLE_TOO_LOW = "This person's role does not let them read it any more."

MOST_ATTEMPTS = 50
"""Far more than a day has: something takes it up again and again."""

IN_HAND = timedelta(minutes=5)
"""For so long a run that has taken a delivery has it alone: longer than an attempt may take."""

PATIENCE = timedelta(hours=24)
"""After this long nothing is tried any more."""

LOOK_AGAIN = timedelta(minutes=15)
"""A delivery that waits for a service looks after it so often."""

_WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 21_600, 21_600)
)


@dataclass(frozen=True)
class Taken:
    """A delivery that is to be said now. Without an address it goes to the person's own mail."""

    delivery_id: UUID
    user_id: UUID | None
    way: Way
    message: Message


@dataclass(frozen=True)
class Over:
    """Nothing is to be said now, and why."""

    reason: str


async def take(db: Db, delivery_id: UUID, run_id: UUID) -> Taken | Over:
    """Take a delivery to say it, or find that it is not to be said now."""
    now = clock.now()
    delivery = await db.scalar(
        select(NotificationDelivery).where(NotificationDelivery.id == delivery_id).with_for_update()
    )
    if delivery is None:
        return Over("It was removed.")
    if delivery.state not in WAITING:
        return Over(f"It is {delivery.state.replace('_', ' ')} already.")
    # Its own run comes early when what it waited for is there early.
    if (
        delivery.state == "failed"
        and delivery.due_at is not None
        and delivery.due_at > now
        and delivery.run_id != run_id
    ):
        return Over("Another run tries it again later.")
    if delivery.run_id != run_id and delivery.is_in_hand(now):
        return Over("Another run is bringing it.")
    channel = await db.get(NotificationChannel, delivery.channel_id) if delivery.channel_id else None
    if channel is not None and channel.disabled_at is not None and delivery.notification_id is not None:
        return _close(db, delivery, "given_up", f"The channel is switched off: {channel.disabled_reason}")
    notice = await db.get(Notification, delivery.notification_id) if delivery.notification_id else None
    if why_not := await _may_not_be_told(db, delivery.user_id, notice):
        return _close(db, delivery, "dropped", why_not)
    if notice is not None and (why_not := await unchosen(db, delivery, channel, notice)):
        return _close(db, delivery, "dropped", why_not)
    if notice is not None and delivery.attempts == 0:
        if why_not := await unwanted(db, delivery, notice, now):
            return _close(db, delivery, "dropped", why_not)
        if notice.severity != "critical" and delivery.taken_at is None and (held := await _hold(db, delivery, now)):
            return held
    if delivery.attempts >= MOST_ATTEMPTS:
        return _close(db, delivery, "given_up", f"It did not arrive in {delivery.attempts} attempts.")
    message = await _message(db, delivery, notice, now)
    way = await way_of(db, delivery.sort, channel, delivery.user_id, message.kind)
    if way is None:
        return _close(db, delivery, "given_up", CANNOT_OPEN)
    if delivery.taken_at is None and delivery.notification_id is not None:
        delivery.taken_at = now
    delivery.attempts += 1
    delivery.run_id = run_id
    delivery.state = "pending"
    delivery.due_at = now + IN_HAND
    _tell_screens(db, delivery)
    return Taken(delivery.id, delivery.user_id, way, message)


async def book(db: Db, delivery_id: UUID, attempt: Attempt) -> timedelta | None:
    """Write down what came of an attempt. How long to wait before the next one; None when it is over."""
    now = clock.now()
    delivery = await db.scalar(
        select(NotificationDelivery).where(NotificationDelivery.id == delivery_id).with_for_update()
    )
    if delivery is None:
        return None
    _tell_screens(db, delivery)
    if attempt.parked is not None and delivery.notification_id is not None:
        return _wait(delivery, attempt, attempt.parked, now)
    _note(delivery, attempt)
    if delivery.channel_id is not None and not attempt.nobody:
        await note_attempt(db, delivery.channel_id, attempt, now, is_test=delivery.notification_id is None)
    if attempt.ok:
        delivery.state, delivery.sent_at, delivery.reason, delivery.due_at = "sent", now, None, None
        return None
    wait = next_wait(attempt, delivery.attempts, now - (delivery.taken_at or delivery.created_at))
    if wait is None or delivery.notification_id is None:
        delivery.state, delivery.due_at = "given_up", None
        return None
    delivery.state, delivery.due_at = "failed", now + wait
    return wait


def _wait(delivery: NotificationDelivery, attempt: Attempt, parked: Parked, now: datetime) -> timedelta | None:
    """It waits for the service, and is given up when a day is over. What was not even tried is no attempt."""
    if attempt.request:
        _note(delivery, attempt)
    else:
        delivery.attempts -= 1
        delivery.reason = attempt.error
    wait = parked_for(parked, now, delivery.taken_at or delivery.created_at)
    delivery.state, delivery.due_at = ("given_up", None) if wait is None else ("failed", now + wait)
    return wait


def parked_for(parked: Parked, now: datetime, since: datetime) -> timedelta | None:
    """How long to wait for a service at the most; None when what was to be said since then is not news any more.

    It looks again sooner than the service may be called: the settings may name another by then, and looking calls nobody.
    """
    left = since + PATIENCE - now
    soon = min(max(parked.until - now, timedelta(seconds=1)), LOOK_AGAIN)
    return None if left <= timedelta(0) else min(soon, left)


def next_wait(attempt: Attempt, attempts: int, since_first: timedelta) -> timedelta | None:
    """How long to wait after that many attempts; None to give up: it does not heal by itself, or a day is over."""
    if attempt.permanent:
        return None
    wait = _WAITS[min(attempts, len(_WAITS)) - 1] * random.uniform(0.8, 1.2)
    if attempt.retry_after is not None:
        wait = max(wait, timedelta(seconds=attempt.retry_after))
    return wait if since_first + wait <= PATIENCE else None


async def unwanted(db: Db, delivery: NotificationDelivery, notice: Notification, now: datetime) -> str | None:
    """Why the person need not be told outside any more; None if they should be."""
    if delivery.user_id is None:
        return None
    if why_not := await _may_not_be_told(db, delivery.user_id, notice):
        return why_not
    keys = subjects(notice.kind, notice.incident_key, notice.id)
    if delivery.user_id in await muted_by(db, organization_of(db), keys, now):
        return "It was muted or put off."
    return "It was read in the app before." if await has_read(db, delivery.user_id, notice.id) else None


async def unchosen(
    db: Db, delivery: NotificationDelivery, channel: NotificationChannel | None, notice: Notification
) -> str | None:
    """Why it is not to be said there: nobody wants such notices at that address any more. None where they do."""
    if channel is not None:
        return None if is_wanted(channel, notice.kind, notice.severity) else NOT_THERE
    if delivery.user_id is None:
        return None
    return None if wants_mail(notice.kind, await preference_of(db, delivery.user_id)) else NO_MAIL


async def _may_not_be_told(db: Db, user_id: UUID | None, notice: Notification | None) -> str | None:
    """Why the person is not among those whom it is for any more; None if they are. Without a notice it is a test."""
    if user_id is None:
        return None
    member = await db.scalar(select(Member).where(Member.user_id == user_id))
    if member is None:
        return LEFT
    # A test, and a notice for one person, is theirs who may read notices at all.
    audience, whose = (notice.audience, notice.user_id) if notice is not None else ("everyone", None)
    return None if is_for(member, audience, whose) else ROLE_TOO_LOW


async def way_of(db: Db, sort: str, channel: NotificationChannel | None, user_id: UUID | None, kind: str) -> Way | None:
    """How to reach it; None when what was sealed cannot be opened. The address of a person's own mail is left empty."""
    organization_id = organization_of(db)
    name = kind_named(kind).title
    if channel is None:
        why = f"You get this because you chose mail for “{name}”."
        return Way(sort, "", None, unsubscribe_address(organization_id, user_id=user_id), why)
    try:
        address = unseal(channel.address_sealed, SEALED_ADDRESS)
        secret = unseal(channel.secret_sealed, SEALED_SECRET) if channel.secret_sealed else None
    except CannotUnseal:
        return None
    why = f"This address is the channel “{channel.name}” of the organization, or of one of its members."
    return Way(sort, address, secret, unsubscribe_address(organization_id, channel_id=channel.id), why)


async def _hold(db: Db, delivery: NotificationDelivery, now: datetime) -> Over | None:
    """Keep it back if this is not the time; what is kept back goes out together."""
    until = await quiet_of(db, delivery.user_id, now) if delivery.user_id else None
    reason = "Quiet hours."
    if until is None:
        until = await full_until(db, delivery.user_id, delivery.channel_id, now)
        reason = "As many messages as an hour may bring have gone out; the rest comes in one."
    if until is None:
        return None
    delivery.state, delivery.due_at, delivery.reason = "held", until, reason
    _tell_screens(db, delivery)
    await queue_release(db, delivery.recipient, until)
    return Over(f"Held back until {until:%H:%M} UTC. {reason}")


async def queue_release(db: Db, recipient: str, due_at: datetime, *, organization_id: UUID | None = None) -> None:
    """Queue the run that lets go what was held back for an address, unless there is one."""
    await enqueue(db, RELEASE, {"recipient": recipient}, key=recipient, due_at=due_at, organization_id=organization_id)


async def _message(db: Db, delivery: NotificationDelivery, notice: Notification | None, now: datetime) -> Message:
    name = await organization_name(db)
    owner = organization_of(db)
    if notice is None:
        title = "This is a test"
        body = "Somebody asked brandhound to send it. Notices will arrive here like this one."
        return Message(delivery.id, "test", owner, name, "test", "info", title, body, absolute("/notifications"), now)
    return Message(
        delivery.id,
        "notification",
        owner,
        name,
        notice.kind,
        notice.severity,
        notice.title,
        notice.body,
        absolute(notice.href),
        notice.last_at,
        notice.count,
        notice.id,
        notice.incident_key,
        notice.facts,
    )


async def organization_name(db: Db) -> str:
    """What its people call the organization of this session."""
    return await db.scalar(select(Organization.name).where(Organization.id == organization_of(db))) or ""


def _close(db: Db, delivery: NotificationDelivery, state: str, reason: str) -> Over:
    delivery.state, delivery.reason, delivery.due_at = state, reason, None
    _tell_screens(db, delivery)
    return Over(reason)


def _note(delivery: NotificationDelivery, attempt: Attempt) -> None:
    delivery.status, delivery.took_ms, delivery.reason = attempt.status, attempt.took_ms, attempt.error
    delivery.request, delivery.response = attempt.request or None, attempt.response or None


def _tell_screens(db: Db, delivery: NotificationDelivery) -> None:
    publish(db, "notifications", delivery.id)
