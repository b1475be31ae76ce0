"""The session that is not bound to one organization. Importing this module is a reviewed act."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from brandhound.core.db import SYSTEM_ORGANIZATION, Db, engine_of, fence


@asynccontextmanager
async def system_session() -> AsyncGenerator[Db]:
    """Open one transaction as the role that runs jobs and sign-in.

    It sees the tables whose migration said so (`secure(..., system=True)`), across organizations, and no others.
    """
    info = {"organization_id": SYSTEM_ORGANIZATION, "sees_all": True}
    async with AsyncSession(engine_of("system"), expire_on_commit=False, info=info) as db, db.begin():
        yield db
        if check := fence.get():
            await check(db)
