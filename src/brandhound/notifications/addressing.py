"""Who wants to hear of a notice outside the app; a row for each, and a run that brings it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.settings import settings
from brandhound.jobs.registry import enqueue
from brandhound.notifications.channel_models import NotificationChannel, NotificationDelivery
from brandhound.notifications.kinds import kind_named
from brandhound.notifications.models import NotificationMute, NotificationPreference, rank
from brandhound.tenancy.models import Member
from brandhound.tenancy.operating import operates
from brandhound.tenancy.roles import Role, role_of

DELIVER = "notifications.deliver"


@dataclass(frozen=True)
class Alert:
    """A notice at a moment at which people are to be called."""

    notification_id: UUID
    organization_id: UUID
    kind: str
    severity: str
    audience: str
    user_id: UUID | None
    incident_key: str | None
    at: datetime


async def call_people(db: Db, alert: Alert) -> int:
    """Queue what brings this alert to those who want it outside the app; says how many will be told.

    In the caller's transaction. Safe to repeat: each address is told once an alert.
    """
    if settings().zero_egress:
        return 0
    rows = await _wanted(db, alert)
    if not rows:
        return 0
    new = insert(NotificationDelivery).values(rows).on_conflict_do_nothing().returning(NotificationDelivery.id)
    ids = list(await db.scalars(new))
    for delivery_id in ids:
        await queue_delivery(db, delivery_id, organization_id=alert.organization_id)
    return len(ids)


async def queue_delivery(
    db: Db, delivery_id: UUID, *, organization_id: UUID | None = None, at_once: bool = False
) -> None:
    """Queue the run that brings one delivery, unless there is one. `at_once`: even if one waits for its next attempt."""
    key = f"{delivery_id}:at-once" if at_once else str(delivery_id)
    await enqueue(db, DELIVER, {"delivery_id": str(delivery_id)}, key=key, organization_id=organization_id)


def is_wanted(channel: NotificationChannel, kind: str, severity: str) -> bool:
    """Whether a channel takes notices of that kind and severity."""
    if channel.disabled_at is not None or rank(severity) < rank(channel.min_severity):
        return False
    return channel.kinds is None or kind in channel.kinds


def wants_mail(kind: str, preference: NotificationPreference | None) -> bool:
    """Whether a person wants mail for that kind: as they chose, else as the kind says."""
    default = "email" in kind_named(kind).places
    if preference is None:
        return default
    return preference.email and bool(preference.email_kinds.get(kind, default))


def may_see(role: Role, audience: str, *, operator: bool = False) -> bool:
    """Whether somebody in that role is among those whom a notice is for. Guests read reports, and no notices."""
    if role < Role.VIEWER:
        return False
    return audience == "everyone" or (audience == "admins" and role >= Role.ADMIN) or operator


def is_for(member: Member, audience: str, user_id: UUID | None) -> bool:
    """Whether a notice is for a member: one for a single person, or one of that audience without a `user_id`."""
    role = role_of(member.role)
    if user_id is not None:
        return may_see(role, "everyone")
    return may_see(role, audience, operator=operates(member.organization_id, role))


async def _wanted(db: Db, alert: Alert) -> list[dict[str, Any]]:
    """The rows of those who are to be told."""
    channels = await _channels(db, alert)
    mailing = settings().smtp_url is not None
    rows = [
        _row(alert, channel.sort, f"channel:{channel.id}", channel_id=channel.id)
        for channel in channels
        if channel.user_id is None and alert.user_id is None
    ]
    own = [channel for channel in channels if channel.user_id is not None]
    if not (own or mailing):
        return rows
    preferences = await _preferences(db, alert)
    by_default = "email" in kind_named(alert.kind).places
    if not (own or by_default or any(wants_mail(alert.kind, one) for one in preferences.values())):
        return rows
    people = await _people(db, alert)
    rows += [
        _row(alert, channel.sort, f"channel:{channel.id}", channel_id=channel.id, user_id=channel.user_id)
        for channel in own
        if channel.user_id in people
    ]
    if mailing:
        rows += [
            _row(alert, "email", f"person:{user_id}", user_id=user_id)
            for user_id in people
            if wants_mail(alert.kind, preferences.get(user_id))
        ]
    return rows


async def _channels(db: Db, alert: Alert) -> Sequence[NotificationChannel]:
    found = await db.scalars(
        select(NotificationChannel).where(
            NotificationChannel.organization_id == alert.organization_id, NotificationChannel.disabled_at.is_(None)
        )
    )
    return [channel for channel in found if is_wanted(channel, alert.kind, alert.severity)]


async def _preferences(db: Db, alert: Alert) -> Mapping[UUID, NotificationPreference]:
    query = select(NotificationPreference).where(NotificationPreference.organization_id == alert.organization_id)
    if alert.user_id:
        query = query.where(NotificationPreference.user_id == alert.user_id)
    return {one.user_id: one for one in await db.scalars(query)}


async def _people(db: Db, alert: Alert) -> list[UUID]:
    """The members whom it is for and who have not muted it."""
    query = select(Member).where(Member.organization_id == alert.organization_id).order_by(Member.id)
    if alert.user_id:
        query = query.where(Member.user_id == alert.user_id)
    muted = await muted_by(
        db, alert.organization_id, subjects(alert.kind, alert.incident_key, alert.notification_id), alert.at
    )
    return [
        member.user_id
        for member in await db.scalars(query)
        if member.user_id not in muted and is_for(member, alert.audience, alert.user_id)
    ]


def subjects(kind: str, incident_key: str | None, notification_id: UUID | None) -> list[str]:
    """The ways in which a notice may be muted."""
    found = [f"kind:{kind}"]
    if incident_key:
        found.append(f"incident:{incident_key}")
    if notification_id:
        found.append(f"notice:{notification_id}")
    return found


async def muted_by(db: Db, organization_id: UUID, subjects: Sequence[str], now: datetime) -> set[UUID]:
    """Who has muted one of these for now."""
    return set(
        await db.scalars(
            select(NotificationMute.user_id).where(
                NotificationMute.organization_id == organization_id,
                NotificationMute.subject.in_(subjects),
                or_(NotificationMute.until_at.is_(None), NotificationMute.until_at > now),
            )
        )
    )


def _row(
    alert: Alert, sort: str, recipient: str, *, channel_id: UUID | None = None, user_id: UUID | None = None
) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "organization_id": alert.organization_id,
        "notification_id": alert.notification_id,
        "channel_id": channel_id,
        "user_id": user_id,
        "recipient": recipient,
        "sort": sort,
        "alerted_at": alert.at,
        "state": "pending",
        "due_at": alert.at,
        "created_at": alert.at,
    }
