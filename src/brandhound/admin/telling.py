"""Telling the people who run the installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, Db
from brandhound.core.ids import uuid7
from brandhound.core.settings import settings
from brandhound.notifications.addressing import queue_delivery
from brandhound.notifications.channel_models import NotificationChannel, NotificationDelivery
from brandhound.notifications.models import Notification, Severity
from brandhound.notifications.notifying import notify, settle
from brandhound.tenancy.models import Member
from brandhound.tenancy.operating import operator_ids
from brandhound.tenancy.roles import Role


@dataclass(frozen=True)
class Told:
    """What is told to every operator, once an incident."""

    kind: str
    title: str
    body: str
    href: str
    severity: Severity
    key: str


async def operators(db: Db, preferred: UUID | None = None) -> Sequence[tuple[UUID, UUID]]:
    """Each operator, and the organization in which they are told.

    That is the preferred one if they read notices there, else the one that they joined first; the installation's own, where
    hardly anybody looks, if there is no other.
    """
    found = await db.execute(
        select(Member.user_id, Member.organization_id)
        .where(Member.user_id.in_(operator_ids()), Member.role != Role.GUEST.word)
        .order_by(
            Member.user_id,
            (Member.organization_id == preferred).desc().nulls_last(),
            Member.organization_id == SYSTEM_ORGANIZATION,
            Member.created_at,
            Member.id,
        )
        .ext(distinct_on(Member.user_id))
    )
    return [(user_id, organization_id) for user_id, organization_id in found]


PREFERENCES = "preferences"
"""Through whatever each operator chose."""


async def tell_operators(db: Db, told: Told, through: str = PREFERENCES) -> int:
    """Tell every operator, in the transaction of the cause. Needs a system session. Returns how many there are.

    `through` may also be the identifier of a channel: that one is told as well, whatever else it takes.
    """
    channel = await channel_named(db, through)
    everyone = await operators(db, channel.organization_id if channel else None)
    for user_id, organization_id in everyone:
        notice_id = await notify(
            db, told.kind, told.title, told.body, href=told.href, severity=told.severity, key=_key(told.key, user_id),
            user_id=user_id, organization_id=organization_id,
        )  # fmt: skip
        if channel is not None and channel.organization_id == organization_id:
            await _send(db, channel, notice_id)
            channel = None
    return len(everyone)


async def channel_named(db: Db, through: str) -> NotificationChannel | None:
    """The channel that a rule names; None if it names none, or it is gone, switched off, or not an operator's to use.

    An operator may use the channels of their organizations and their own: nobody else's is told how the installation does.
    """
    if through == PREFERENCES:
        return None
    theirs = (
        select(Member.id)
        .where(Member.user_id.in_(operator_ids()))
        .where(Member.organization_id == NotificationChannel.organization_id)
        .where(or_(NotificationChannel.user_id.is_(None), NotificationChannel.user_id == Member.user_id))
    )
    query = select(NotificationChannel).where(
        cast(NotificationChannel.id, Text) == through, NotificationChannel.disabled_at.is_(None), theirs.exists()
    )
    return await db.scalar(query)


async def _send(db: Db, channel: NotificationChannel, notice_id: UUID) -> None:
    if settings().zero_egress:
        return
    now = clock.now()
    new = insert(NotificationDelivery).values(
        id=uuid7(),
        organization_id=channel.organization_id,
        notification_id=notice_id,
        channel_id=channel.id,
        user_id=channel.user_id,
        recipient=f"channel:{channel.id}",
        sort=channel.sort,
        alerted_at=now,
        state="pending",
        due_at=now,
        created_at=now,
    )
    # It may have been told already, because it takes alerts anyway.
    delivery_id = await db.scalar(new.on_conflict_do_nothing().returning(NotificationDelivery.id))
    if delivery_id is not None:
        await queue_delivery(db, delivery_id, organization_id=channel.organization_id)


async def settle_for_operators(db: Db, key: str) -> None:
    """The incident is over for everybody who was told, also for who has ceased to be an operator since."""
    told = select(Notification.incident_key).where(
        Notification.incident_key.startswith(_key(key, ""), autoescape=True), Notification.settled_at.is_(None)
    )
    for one in await db.scalars(told.distinct()):
        await settle(db, str(one))


def _key(key: str, user_id: UUID | str) -> str:
    return f"{key}:{user_id}"
