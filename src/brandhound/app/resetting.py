"""`brandhound reset-password`: the way in for whoever has forgotten their password, above all the administrator."""

import asyncio
import sys

from sqlalchemy import select

from brandhound.app.database import ensure_database
from brandhound.app.preparing import prepare_database
from brandhound.app.supervising import address
from brandhound.core.db import close_engines
from brandhound.core.system import system_session
from brandhound.identity.models import User
from brandhound.tenancy.operating import operator_ids
from brandhound.tenancy.resetting import make_link_on_the_machine


def reset_password(email: str) -> int:
    """Print a link that lets whoever opens it choose a new password for that address; 1 if nobody has it."""
    ensure_database()
    prepare_database()
    return asyncio.run(_print_link(email))


async def _print_link(email: str) -> int:
    try:
        secret = await make_link_on_the_machine(email)
        if secret is None:
            # Whoever is here may read the database as well: to name the administrators tells nothing new.
            print(
                f"Nobody signs in with {email}. Administrators of this installation: {await _operators()}",
                file=sys.stderr,
            )
            return 1
    finally:
        await close_engines()
    print(f"Choose a new password (this link works once, for an hour): {address()}/reset/{secret}")
    return 0


async def _operators() -> str:
    async with system_session() as db:
        emails = await db.scalars(select(User.email).where(User.id.in_(operator_ids())).order_by(User.email))
        return ", ".join(emails) or "none"
