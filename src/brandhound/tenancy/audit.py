"""The book of who did what."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from brandhound.core.clock import now
from brandhound.tenancy.models import AuditEntry
from brandhound.tenancy.people import Caller


async def record(
    db: AsyncSession, caller: Caller, action: str, kind: str, thing_id: UUID | None, facts: dict[str, object]
) -> None:
    """Note what the caller did, in the same transaction as the deed. `facts` must be plain JSON and hold no secret."""
    db.add(
        AuditEntry(
            at=now(),
            user_id=caller.user_id,
            key_id=caller.key_id,
            action=action,
            kind=kind,
            thing_id=thing_id,
            facts=dict(facts),
        )
    )
    await db.flush()
