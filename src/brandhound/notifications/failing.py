"""A channel on which nothing arrives any more is switched off, and somebody is told."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.wording import count_of
from brandhound.notifications.channel_models import NotificationChannel
from brandhound.notifications.notifying import notify, settle
from brandhound.notifications.sending import Attempt

LONGEST = timedelta(days=3)
"""A channel that has failed for this long, and at least `FEWEST` times, is switched off."""

FEWEST = 5
MOST = 100
"""So many failures in a row are enough, however soon they came."""


async def note_attempt(db: Db, channel_id: UUID, attempt: Attempt, now: datetime, *, is_test: bool = False) -> None:
    """Keep the channel's book; switch it off if it has failed for too long or is gone."""
    channel = await db.scalar(select(NotificationChannel).where(NotificationChannel.id == channel_id).with_for_update())
    if channel is None:
        return
    if attempt.ok:
        channel.failures, channel.failing_since, channel.last_error = 0, None, None
        channel.last_ok_at = now
        return
    channel.last_error = attempt.error
    if is_test:
        return
    channel.failures += 1
    since = channel.failing_since or now
    channel.failing_since = since
    lasts = now - since
    if channel.disabled_at is None and (
        attempt.gone or channel.failures >= MOST or (lasts >= LONGEST and channel.failures >= FEWEST)
    ):
        how_long = "The other side says that it is gone" if attempt.gone else _how_long(lasts, channel.failures)
        await switch_off(db, channel, f"{how_long}. Last: {attempt.error}", now)


async def switch_off(
    db: Db, channel: NotificationChannel, reason: str, now: datetime, *, quietly: bool = False
) -> None:
    """Send nothing more on it, and tell whose it is unless they did it themselves."""
    channel.disabled_at, channel.disabled_reason = now, reason
    if quietly:
        return
    # Before the notice, which would else look for this very channel.
    await db.flush()
    await notify(
        db,
        "channel_disabled",
        f"Nothing is sent to {channel.name} any more",
        f"{reason}. Mend it, then switch it on again under Settings → Notifications.",
        href="/settings?tab=notifications",
        key=incident_of(channel.id),
        user_id=channel.user_id,
    )


async def switch_on(db: Db, channel: NotificationChannel) -> None:
    """Send on it again, as if it had never failed."""
    channel.disabled_at = channel.disabled_reason = None
    channel.failures, channel.failing_since, channel.last_error = 0, None, None
    await settle(db, incident_of(channel.id))


def incident_of(channel_id: UUID) -> str:
    """The incident of a channel on which nothing arrives."""
    return f"channel:{channel_id}"


def _how_long(lasts: timedelta, failures: int) -> str:
    days = round(lasts / timedelta(days=1))
    return f"It has failed for {count_of(days, 'day')}" if days else f"It has failed {failures} times in a row"
