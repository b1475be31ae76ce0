"""What has come due, for every organization: whose connections need something, and logins that nobody ended.

Looks past the wall between organizations: it reads clocks, queues runs, and removes what is over.
"""

from sqlalchemy import delete, or_, select

from brandhound.ads.models import AdLogin, BrandAdAccount
from brandhound.ads.renewing import organizations_to_look_at
from brandhound.ads.standing import SOON
from brandhound.core import clock
from brandhound.core.db import rows_affected
from brandhound.core.system import system_session
from brandhound.jobs.registry import enqueue

RENEW = "ads.renew"


async def queue_due_renewals() -> int:
    """Queue a run for every organization with a connection that needs something; how many that are. Safe to repeat."""
    now = clock.now()
    async with system_session() as db:
        near = now + SOON
        links = await db.scalars(
            select(BrandAdAccount).where(
                BrandAdAccount.state.in_(("connected", "needs_you")),
                or_(
                    BrandAdAccount.renew_at <= now,
                    BrandAdAccount.token_expires_at <= near,
                    BrandAdAccount.data_access_expires_at <= near,
                ),
            )
        )
        due = organizations_to_look_at(links, now)
        for organization_id in due:
            await enqueue(db, RENEW, {}, key=f"renew:{organization_id}", organization_id=organization_id)
    return len(due)


async def remove_old_logins() -> int:
    """Remove logins that are over, and with them the tokens of those whom nobody ended. Safe to repeat."""
    async with system_session() as db:
        gone = delete(AdLogin).where(AdLogin.expires_at < clock.now())
        return rows_affected(await db.execute(gone.execution_options(synchronize_session=False)))
