"""Telling the people who run the installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from brandhound.admin.reading import rows
from brandhound.core.db import Db
from brandhound.notifications.models import Severity
from brandhound.notifications.notifying import notify, settle

# Notices live in an organization: each operator is told in the one that they joined first.
_OPERATORS = """
select distinct on (u.id) u.id as user_id, m.organization_id
  from users u join members m on m.user_id = u.id where u.operator order by u.id, m.created_at
"""


@dataclass(frozen=True)
class Told:
    """What is told to every operator, once an incident."""

    kind: str
    title: str
    body: str
    href: str
    severity: Severity
    key: str


async def operators(db: Db) -> Sequence[tuple[UUID, UUID]]:
    """Each operator, and the organization in which they are told."""
    return [(row["user_id"], row["organization_id"]) for row in await rows(db, _OPERATORS)]


async def tell_operators(db: Db, told: Told) -> int:
    """Tell every operator, in the transaction of the cause. Needs a system session. Returns how many there are."""
    everyone = await operators(db)
    for user_id, organization_id in everyone:
        await notify(
            db, told.kind, told.title, told.body, href=told.href, severity=told.severity, key=_key(told.key, user_id),
            user_id=user_id, organization_id=organization_id,
        )  # fmt: skip
    return len(everyone)


async def settle_for_operators(db: Db, key: str) -> None:
    """The incident is over for everybody who was told."""
    for user_id, _ in await operators(db):
        await settle(db, _key(key, user_id))


def _key(key: str, user_id: UUID) -> str:
    return f"{key}:{user_id}"
