"""Wanting quiet about something: a kind, an incident, or one notice until later. Each person for themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db, organization_of, rows_affected
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.notifications.errors import NothingToMute, TooShort
from brandhound.notifications.kinds import kind_named
from brandhound.notifications.models import Notification, NotificationMute
from brandhound.notifications.queries import UNREAD, give_receipt

Scope = Literal["notice", "incident", "kind"]


async def mute(db: Db, reader: UUID, notice: Notification, scope: Scope, until: datetime | None) -> NotificationMute:
    """Not to be called for this notice, its incident or its kind: until a moment, or for good.

    What is put off until later is unread again when that moment has come. Raises TooShort or NothingToMute.
    """
    if until is not None and until <= clock.now():
        raise TooShort
    if scope == "incident" and notice.incident_key is None:
        raise NothingToMute
    subject, title = {
        "notice": (f"notice:{notice.id}", notice.title),
        "incident": (f"incident:{notice.incident_key}", notice.title),
        "kind": (f"kind:{notice.kind}", kind_named(notice.kind).title),
    }[scope]
    if until is not None:
        await give_receipt(db, reader, notice.id, UNREAD)
    return await mute_subject(db, reader, subject, title, until)


async def mute_subject(
    db: Db, reader: UUID, subject: str, title: str, until: datetime | None = None
) -> NotificationMute:
    """Not to be called for that subject. Said again, the later word counts."""
    new = insert(NotificationMute).values(
        id=uuid7(),
        organization_id=organization_of(db),
        user_id=reader,
        subject=subject,
        title=title,
        until_at=until,
        created_at=clock.now(),
    )
    changed = new.on_conflict_do_update(
        index_elements=["organization_id", "user_id", "subject"], set_={"until_at": until, "title": title}
    )
    made = (await db.scalars(changed.returning(NotificationMute))).one()
    publish(db, "notifications", reader)
    return made


async def unmute_subjects(db: Db, reader: UUID, subjects: Sequence[str]) -> None:
    """To be called for these again."""
    await db.execute(
        delete(NotificationMute).where(NotificationMute.user_id == reader, NotificationMute.subject.in_(subjects))
    )
    publish(db, "notifications", reader)


async def unmute(db: Db, reader: UUID, mute_id: UUID) -> None:
    """To be called for it again. Raises NotThere."""
    gone = await db.execute(
        delete(NotificationMute).where(NotificationMute.id == mute_id, NotificationMute.user_id == reader)
    )
    if rows_affected(gone) == 0:
        raise NotThere("mute")
    publish(db, "notifications", reader)


async def mutes_of(db: Db, reader: UUID) -> Sequence[NotificationMute]:
    """What this reader wants quiet about now, newest first."""
    return (
        await db.scalars(
            select(NotificationMute)
            .where(NotificationMute.user_id == reader)
            .where(or_(NotificationMute.until_at.is_(None), NotificationMute.until_at > clock.now()))
            .order_by(NotificationMute.created_at.desc())
            .limit(500)
        )
    ).all()
