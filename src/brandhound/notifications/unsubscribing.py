"""The way out that every mail carries: one address for one reader, which needs no signing in."""

import base64
import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.secrets import CannotUnseal, seal, unseal
from brandhound.notifications.channel_models import NotificationChannel
from brandhound.notifications.failing import switch_off
from brandhound.notifications.models import NotificationPreference
from brandhound.notifications.wording import own_address

_CONTEXT = "notifications.unsubscribe"


@dataclass(frozen=True)
class Reader:
    """Who reads a mail: a person, or whoever is behind a channel."""

    organization_id: UUID
    user_id: UUID | None
    channel_id: UUID | None


def unsubscribe_address(organization_id: UUID, *, user_id: UUID | None = None, channel_id: UUID | None = None) -> str:
    """The address that ends mails to this reader: opened it asks, posted to it does (RFC 8058)."""
    named = json.dumps([str(organization_id), str(user_id or ""), str(channel_id or "")])
    token = base64.urlsafe_b64encode(seal(named, _CONTEXT).encode()).decode().rstrip("=")
    return f"{own_address()}/api/notifications/unsubscriptions/{token}"


def reader_of(token: str) -> Reader:
    """Whose address that is. Raises NotThere for anything that we did not make."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        organization, user, channel = json.loads(unseal(sealed, _CONTEXT))
        return Reader(UUID(organization), UUID(user) if user else None, UUID(channel) if channel else None)
    except (ValueError, CannotUnseal) as error:
        raise NotThere("unsubscription") from error


async def unsubscribe(reader: Reader) -> None:
    """Send this reader no more mails. Safe to repeat."""
    now = clock.now()
    async with tenant_session(reader.organization_id) as db:
        if reader.channel_id is not None:
            channel = await db.get(NotificationChannel, reader.channel_id)
            if channel is not None and channel.disabled_at is None:
                # Whose own it is did it; what belongs to all was ended by one of them, or by whom a mail was passed on to.
                own = channel.user_id is not None
                await switch_off(db, channel, "Its reader asked for no more mails", now, quietly=own)
        elif reader.user_id is not None:
            preference = await own_preference(db, reader.user_id)
            preference.email, preference.updated_at = False, now
        publish(db, "notifications", reader.user_id or reader.channel_id)


async def own_preference(db: Db, user_id: UUID) -> NotificationPreference:
    """The row with what a person chose; made if there is none."""
    found = await db.scalar(
        select(NotificationPreference).where(NotificationPreference.user_id == user_id).with_for_update()
    )
    if found is None:
        found = NotificationPreference(user_id=user_id, email=True, email_kinds={}, per_hour=20, updated_at=clock.now())
        db.add(found)
        await db.flush()
    return found
