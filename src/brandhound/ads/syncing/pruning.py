"""Forgetting old answers of platforms: they are kept so that figures can be counted again, and the figures stay.

Looks past the wall between organizations for one thing: the same bytes may be somebody else's answer, too, and are one file.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from brandhound.ads.sync_models import AdRawPage
from brandhound.core import clock
from brandhound.core.files import files
from brandhound.core.settings import settings
from brandhound.core.system import system_session

_PORTION = 1_000


async def forget_old_pages() -> int:
    """Remove answers that came last before they are to be forgotten, file first; how many. Safe to repeat."""
    before, gone = clock.now() - timedelta(days=settings().ad_pages_days), 0
    old = select(AdRawPage.sha256).where(AdRawPage.last_at < before).distinct().limit(_PORTION)
    while True:
        async with system_session() as db:
            named = set(await db.scalars(old))
            if not named:
                return gone
            young = select(AdRawPage.sha256).where(AdRawPage.sha256.in_(named), AdRawPage.last_at >= before)
            used = set(await db.scalars(young))
        # A row without its file is taken out the next time; a file without a row would lie there for ever.
        await asyncio.to_thread(_drop, named - used, before)
        async with system_session() as db:
            rows = delete(AdRawPage).where(AdRawPage.sha256.in_(named), AdRawPage.last_at < before)
            gone += len((await db.scalars(rows.returning(AdRawPage.id))).all())


def _drop(names: Iterable[str], before: datetime) -> None:
    for name in names:
        files().drop(name, before.timestamp())
