"""Opening a shared report to somebody whom we do not know: exactly this report, while its link works, and not too often.

Looks past the wall between organizations for one thing: whose link this is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.core.problems import TooManyRequests
from brandhound.core.secrets import fingerprint
from brandhound.core.system import system_session
from brandhound.identity.passwords import password_matches
from brandhound.reports.document import ReportDocument
from brandhound.reports.errors import NoSuchLink
from brandhound.reports.listing import check_there
from brandhound.reports.reading import document_of
from brandhound.reports.sending_models import ReportShare

MINUTE = timedelta(minutes=1)

MOST_A_MINUTE = 60
"""Times that one link may be asked for in a minute; more than any team that opens it together."""

GUESS = 6
"""As how many a wrong password counts: ten within a minute are guessing. A right one counts as one, and so does asking for it."""


@dataclass(frozen=True)
class Opened:
    """What a link opens. Without a document it asks for its password first."""

    document: ReportDocument | None
    was_wrong: bool = False


async def open_share(secret: str, password: str | None) -> Opened:
    """The report behind a link.

    Raises NoSuchLink for one that never was, has ended or was taken back, all alike; TooManyRequests.
    """
    share = await _counted(secret, 1 if password is None else GUESS)
    if share.password_hash is not None:
        async with tenant_session(share.organization_id) as db:
            # Of a report that is gone no password is asked for.
            await check_there(db, share.report_id)
        if password is None:
            return Opened(None)
        if not await password_matches(share.password_hash, password):
            return Opened(None, was_wrong=True)
    async with tenant_session(share.organization_id) as db:
        document = await document_of(db, share.report_id)
        seen = await db.scalar(select(ReportShare).where(ReportShare.id == share.id).with_for_update())
        if seen is not None:
            if seen.asked_at == share.asked_at:
                seen.asked -= share.counted - 1
            seen.views += 1
            seen.last_viewed_at = clock.now()
            publish(db, "reports", share.report_id)
    return Opened(document)


@dataclass(frozen=True)
class _Share:
    id: UUID
    organization_id: UUID
    report_id: UUID
    password_hash: str | None
    asked_at: datetime
    counted: int


async def _counted(secret: str, times: int) -> _Share:
    """The link, with this question counted: before it is looked at, so that many at the same time are many."""
    now = clock.now()
    async with system_session() as db:
        share = await db.scalar(
            select(ReportShare)
            .where(
                ReportShare.token_hash == fingerprint(secret),
                ReportShare.revoked_at.is_(None),
                ReportShare.expires_at > now,
            )
            .with_for_update()
        )
        if share is None:
            raise NoSuchLink
        if share.asked_at is None or not now - MINUTE < share.asked_at <= now:
            share.asked, share.asked_at = 0, now
        if share.asked >= MOST_A_MINUTE:
            raise TooManyRequests(int((share.asked_at + MINUTE - now).total_seconds()) + 1)
        share.asked += times
        return _Share(
            share.id, share.organization_id, share.report_id, share.password_hash, share.asked_at, counted=times
        )
