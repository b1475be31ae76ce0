"""The way out that every mail carries: one address for one reader of one thing, which needs no signing in."""

import base64
import json
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.secrets import CannotUnseal, seal, unseal
from brandhound.notifications.wording import own_address
from brandhound.reports.sending_models import ReportDigest, ReportRecipient, ReportSchedule

_CONTEXT = "reports.unsubscribe"
Sort = Literal["recipient", "digest", "test"]


@dataclass(frozen=True)
class Reader:
    """Whose mails end: a recipient's of one schedule, or a member's digest."""

    organization_id: UUID
    sort: Sort
    id: UUID


def unsubscribe_address(reader: Reader) -> str:
    """Opened it asks, posted to it does."""
    named = json.dumps([str(reader.organization_id), reader.sort, str(reader.id)])
    return f"{own_address()}/api/reports/unsubscriptions/{sealed(named, _CONTEXT)}"


def reader_of(token: str) -> Reader:
    """Whose address that is. Raises NotThere for anything that we did not make."""
    try:
        organization, sort, id_ = json.loads(unsealed(token, _CONTEXT))
        return Reader(UUID(organization), sort, UUID(id_))
    except ValueError as error:
        raise NotThere("unsubscription") from error


async def what_ends(reader: Reader) -> str:
    """What they get no more, in words."""
    if reader.sort != "recipient":
        return "the digest" if reader.sort == "digest" else "this test"
    async with tenant_session(reader.organization_id) as db:
        title = await db.scalar(
            select(ReportSchedule.title)
            .join(ReportRecipient, ReportRecipient.schedule_id == ReportSchedule.id)
            .where(ReportRecipient.id == reader.id)
        )
    return f"“{title}”" if title else "this report"


async def unsubscribe(reader: Reader) -> None:
    """Send this reader no more of it. Safe to repeat."""
    now = clock.now()
    async with tenant_session(reader.organization_id) as db:
        if reader.sort == "digest":
            digest = await db.scalar(select(ReportDigest).where(ReportDigest.user_id == reader.id).with_for_update())
            if digest is not None:
                digest.wanted, digest.next_at, digest.updated_at = False, None, now
                publish(db, "reports", digest.id)
        elif reader.sort == "recipient":
            recipient = await db.scalar(
                select(ReportRecipient).where(ReportRecipient.id == reader.id).with_for_update()
            )
            if recipient is not None and recipient.state != "unsubscribed":
                recipient.state, recipient.next_at = "unsubscribed", None
                recipient.reason = f"Asked for no more on {now:%d %B %Y}."
                publish(db, "reports", recipient.schedule_id)


def sealed(plain: str, context: str) -> str:
    """A text that only we can read and nobody can change, fit for an address."""
    return base64.urlsafe_b64encode(seal(plain, context).encode()).decode().rstrip("=")


def unsealed(token: str, context: str) -> str:
    """The text again. Raises ValueError for anything that we did not make."""
    try:
        return unseal(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode(), context)
    except (ValueError, CannotUnseal) as error:
        raise ValueError("not one of ours") from error
