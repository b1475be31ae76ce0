"""When not to call somebody: quiet hours in their zone, and more in an hour than they want to hear."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text

from brandhound.core.db import Db, organization_of
from brandhound.notifications.channel_models import NotificationDelivery
from brandhound.notifications.models import NotificationPreference
from brandhound.tenancy.models import Organization

PER_HOUR = 20
"""Messages outside the app that a person gets in an hour unless they chose another number."""

PER_HOUR_OF_CHANNEL = 120
"""The same for a channel of the organization, which several read together."""

_HOUR = timedelta(hours=1)


def quiet_until(now: datetime, begins: int, ends: int, zone: str) -> datetime | None:
    """The end of the quiet hours that `now` lies in; None outside of them. Minutes of the day, in that IANA zone.

    An end that the clocks skip in spring is the moment after the gap.
    """
    if begins == ends:
        return None
    local = now.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    is_quiet = begins <= minute < ends if begins < ends else minute >= begins or minute < ends
    if not is_quiet:
        return None
    day = local.date() if minute < ends else local.date() + timedelta(days=1)
    end = datetime.combine(day, time(ends // 60, ends % 60), ZoneInfo(zone)).astimezone(now.tzinfo)
    # In the hour that the clocks repeat in autumn the end may seem to have been.
    return end if end > now else end + _HOUR


async def quiet_of(db: Db, user_id: UUID, now: datetime) -> datetime | None:
    """Until when this person wants quiet; None if they may be called now."""
    preference = await preference_of(db, user_id)
    if preference is None or preference.quiet_from is None or preference.quiet_until is None:
        return None
    return quiet_until(
        now, preference.quiet_from, preference.quiet_until, preference.time_zone or await zone_of_organization(db)
    )


async def full_until(db: Db, user_id: UUID | None, channel_id: UUID | None, now: datetime) -> datetime | None:
    """When the next message may go out, if this hour's are used up; None if one may go now.

    Holds a lock for the rest of the transaction: of several runs at once none goes over the limit.
    """
    whose = user_id or channel_id
    await db.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"brandhound:notices:{organization_of(db)}:{whose}"},
    )
    limit = PER_HOUR_OF_CHANNEL
    query = select(func.count(), func.min(NotificationDelivery.taken_at)).where(
        NotificationDelivery.taken_at > now - _HOUR
    )
    if user_id is not None:
        preference = await preference_of(db, user_id)
        limit = preference.per_hour if preference else PER_HOUR
        query = query.where(NotificationDelivery.user_id == user_id)
    else:
        query = query.where(NotificationDelivery.channel_id == channel_id)
    taken, first = (await db.execute(query)).one()
    return None if taken < limit or first is None else first + _HOUR


async def preference_of(db: Db, user_id: UUID) -> NotificationPreference | None:
    """What this person chose, if anything."""
    return await db.scalar(select(NotificationPreference).where(NotificationPreference.user_id == user_id))


async def zone_of_organization(db: Db) -> str:
    """The zone that days are counted in."""
    return await db.scalar(select(Organization.time_zone).where(Organization.id == organization_of(db))) or "UTC"
