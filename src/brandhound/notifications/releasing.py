"""Letting go what was held back for an address: one notice goes out as itself, several in one summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.wording import count_of
from brandhound.notifications.addressing import queue_delivery
from brandhound.notifications.channel_models import NotificationChannel, NotificationDelivery
from brandhound.notifications.delivering import (
    CANNOT_OPEN,
    next_wait,
    organization_name,
    parked_for,
    unchosen,
    unwanted,
    way_of,
)
from brandhound.notifications.failing import note_attempt
from brandhound.notifications.models import Notification, rank
from brandhound.notifications.quieting import quiet_of
from brandhound.notifications.sending import Attempt, Way
from brandhound.notifications.wording import Line, Message, absolute

SUMMARY = "summary"


@dataclass(frozen=True)
class Summary:
    """Several notices that go out in one message."""

    user_id: UUID | None
    way: Way
    message: Message


async def gather(db: Db, recipient: str, run_id: UUID) -> Summary | timedelta | None:
    """What is to be said to this address now; else how long to wait; None when nothing is held back any more."""
    now = clock.now()
    held = list(
        await db.scalars(
            select(NotificationDelivery)
            .where(NotificationDelivery.recipient == recipient, NotificationDelivery.state == "held")
            .where(NotificationDelivery.due_at <= now)
            .order_by(NotificationDelivery.created_at, NotificationDelivery.id)
            .with_for_update()
        )
    )
    if not held:
        return await _until_next(db, recipient, now)
    publish(db, "notifications", *(delivery.id for delivery in held))
    user_id = held[0].user_id
    if user_id and (until := await quiet_of(db, user_id, now)):
        for delivery in held:
            delivery.due_at = until
        return until - now
    channel = await db.get(NotificationChannel, held[0].channel_id) if held[0].channel_id else None
    left = [delivery for delivery in held if not await _is_closed(db, delivery, channel, now)]
    if len(left) == 1 and left[0].summary_id is None:
        # Not asked about the hour again: it has waited for its turn.
        left[0].state, left[0].due_at, left[0].taken_at, left[0].reason = "pending", now, now, None
        left[0].attempts = 0
        await queue_delivery(db, left[0].id)
        return await _until_next(db, recipient, now)
    if not left:
        return await _until_next(db, recipient, now)
    # The same identifier if this is tried again, so that the other side recognizes it: then with the same notices, because
    # of one that it has already it may throw away what came later.
    summary_id = next((one.summary_id for one in left if one.summary_id), None)
    left = [one for one in left if one.summary_id == summary_id]
    summary_id = summary_id or uuid7()
    for delivery in left:
        delivery.summary_id, delivery.run_id = summary_id, run_id
        delivery.attempts += 1
    way = await way_of(db, held[0].sort, channel, user_id, SUMMARY)
    if way is None:
        for delivery in left:
            delivery.state, delivery.reason, delivery.due_at = "given_up", CANNOT_OPEN, None
        return None
    return Summary(user_id, way, await _message(db, summary_id, left, now))


async def book_summary(db: Db, message: Message, attempt: Attempt) -> timedelta | None:
    """Write down what came of a summary. How long to wait before the next attempt; None when it is over."""
    now = clock.now()
    told = list(
        await db.scalars(
            select(NotificationDelivery)
            .where(NotificationDelivery.summary_id == message.id, NotificationDelivery.state == "held")
            .with_for_update()
        )
    )
    if not told:
        return None
    first = min(delivery.due_at or now for delivery in told)
    if attempt.parked is not None:
        wait = parked_for(attempt.parked, now, first)
    else:
        wait = None if attempt.ok else next_wait(attempt, told[0].attempts, now - first)
    was_tried = attempt.ok or bool(attempt.request) or attempt.parked is None
    for delivery in told:
        delivery.status, delivery.took_ms, delivery.reason = attempt.status, attempt.took_ms, attempt.error
        delivery.request, delivery.response = attempt.request or None, attempt.response or None
        delivery.attempts -= 0 if was_tried else 1
        if attempt.ok:
            delivery.state, delivery.sent_at, delivery.due_at = "summed", now, None
        elif wait is None:
            delivery.state, delivery.due_at = "given_up", None
    if told[0].channel_id and attempt.parked is None and not attempt.nobody:
        await note_attempt(db, told[0].channel_id, attempt, now)
    publish(db, "notifications", *(delivery.id for delivery in told))
    return wait


async def _until_next(db: Db, recipient: str, now: datetime) -> timedelta | None:
    await db.flush()
    due = await db.scalar(
        select(func.min(NotificationDelivery.due_at)).where(
            NotificationDelivery.recipient == recipient, NotificationDelivery.state == "held"
        )
    )
    return None if due is None else max(due - now, timedelta(seconds=1))


async def _is_closed(
    db: Db, delivery: NotificationDelivery, channel: NotificationChannel | None, now: datetime
) -> bool:
    """Close what need not be told any more."""
    notice = await db.get(Notification, delivery.notification_id) if delivery.notification_id else None
    if channel is not None and channel.disabled_at is not None:
        reason = f"The channel is switched off: {channel.disabled_reason}"
    elif notice is None:
        reason = "The notice was removed."
    else:
        reason = await unwanted(db, delivery, notice, now) or await unchosen(db, delivery, channel, notice)
    if reason is None:
        return False
    delivery.state, delivery.reason, delivery.due_at = "dropped", reason, None
    return True


async def _message(db: Db, summary_id: UUID, told: Sequence[NotificationDelivery], now: datetime) -> Message:
    ids = [delivery.notification_id for delivery in told if delivery.notification_id]
    found = await db.scalars(
        select(Notification).where(Notification.id.in_(ids)).order_by(Notification.last_at, Notification.id)
    )
    notices = list(found)
    worst = max((notice.severity for notice in notices), key=rank)
    return Message(
        summary_id,
        SUMMARY,
        organization_of(db),
        await organization_name(db),
        SUMMARY,
        worst,
        f"{count_of(len(notices), 'notice')}: {notices[-1].title}{' and more' if len(notices) > 1 else ''}",
        "What was held back for quiet hours, or because an hour was full:",
        absolute("/notifications"),
        now,
        lines=tuple(Line(notice.title, notice.severity, absolute(notice.href)) for notice in notices),
    )
