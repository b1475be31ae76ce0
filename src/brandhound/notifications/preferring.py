"""What a person wants to hear, where, and when not: one table of kinds and places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.jobs.errors import UnknownTimeZone
from brandhound.notifications.addressing import wants_mail
from brandhound.notifications.channel_models import NotificationChannel
from brandhound.notifications.errors import UnknownKind
from brandhound.notifications.kinds import KINDS, Kind
from brandhound.notifications.models import NotificationMute, NotificationPreference
from brandhound.notifications.muting import mute_subject, unmute_subjects
from brandhound.notifications.quieting import preference_of, zone_of_organization
from brandhound.notifications.unsubscribing import own_preference


@dataclass(frozen=True)
class Choice:
    """Where a person hears of a kind: in the app, by mail, on which of their own channels."""

    kind: Kind
    app: bool
    email: bool
    channels: tuple[UUID, ...]


@dataclass(frozen=True)
class Wishes:
    """Everything that a person chose, and the defaults for what they did not."""

    preference: NotificationPreference | None
    zone: str
    own_channels: Sequence[NotificationChannel]
    choices: Sequence[Choice]


async def wishes_of(db: Db, user_id: UUID, *, admin: bool, operator: bool) -> Wishes:
    """What this person chose, for the kinds that somebody in their role is told of."""
    preference = await preference_of(db, user_id)
    channels = await own_channels(db, user_id)
    muted = set(
        await db.scalars(
            select(NotificationMute.subject).where(
                NotificationMute.user_id == user_id, NotificationMute.until_at.is_(None)
            )
        )
    )
    choices = [
        Choice(
            kind,
            f"kind:{kind.name}" not in muted,
            wants_mail(kind.name, preference),
            tuple(channel.id for channel in channels if channel.kinds is None or kind.name in channel.kinds),
        )
        for kind in KINDS.values()
        if kind.told == "everyone" or operator or (admin and kind.told == "admins")
    ]
    return Wishes(preference, await zone_of_organization(db), channels, choices)


async def choose(
    db: Db, user_id: UUID, kind: str, *, app: bool | None, email: bool | None, channels: Mapping[UUID, bool]
) -> None:
    """Hear of a kind there, and not elsewhere; what is None stays as it is.

    Raises UnknownKind. Channels that are not the person's own are passed over.
    """
    if kind not in KINDS:
        raise UnknownKind(kind)
    if app is not None:
        subject = f"kind:{kind}"
        await (
            unmute_subjects(db, user_id, [subject]) if app else mute_subject(db, user_id, subject, KINDS[kind].title)
        )
    if email is not None:
        preference = await own_preference(db, user_id)
        preference.email_kinds = {**preference.email_kinds, kind: email}
        preference.updated_at = clock.now()
    for channel in await own_channels(db, user_id) if channels else ():
        if channel.id in channels:
            known = set(KINDS if channel.kinds is None else channel.kinds)
            known = known | {kind} if channels[channel.id] else known - {kind}
            channel.kinds = None if known >= set(KINDS) else sorted(known)
    publish(db, "notifications", user_id)


async def set_quiet_hours(
    db: Db, user_id: UUID, begins: int | None, ends: int | None, zone: str | None, per_hour: int, *, email: bool
) -> NotificationPreference:
    """Set when not to be called, how often in an hour, and whether by mail at all. Raises UnknownTimeZone."""
    if zone is not None and zone not in available_timezones():
        raise UnknownTimeZone(zone)
    preference = await own_preference(db, user_id)
    preference.quiet_from, preference.quiet_until, preference.time_zone = begins, ends, zone
    preference.per_hour, preference.email, preference.updated_at = per_hour, email, clock.now()
    publish(db, "notifications", user_id)
    return preference


async def own_channels(db: Db, user_id: UUID) -> Sequence[NotificationChannel]:
    """This person's own channels, by name."""
    return (
        await db.scalars(
            select(NotificationChannel).where(NotificationChannel.user_id == user_id).order_by(NotificationChannel.name)
        )
    ).all()
