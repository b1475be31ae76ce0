"""Opening a shared report to somebody whom we do not know: exactly this report, while its link works, and not too often.

Looks past the wall between organizations for one thing: whose link this is.
"""

from dataclasses import dataclass
from datetime import timedelta
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
from brandhound.reports.reading import document_of
from brandhound.reports.sending_models import ReportShare

MINUTE = timedelta(minutes=1)

MOST_A_MINUTE = 60
"""Times that one link may be asked for in a minute; more than any team that opens it together."""

MOST_GUESSES = 10
"""The same for a link with a password, whose every question costs 50 ms and may be a guess."""


@dataclass(frozen=True)
class Opened:
    """What a link opens. Without a document it asks for its password first."""

    document: ReportDocument | None
    was_wrong: bool = False


async def open_share(secret: str, password: str | None) -> Opened:
    """The report behind a link.

    Raises NoSuchLink for one that never was, has ended or was taken back, all alike; TooManyRequests.
    """
    share = await _counted(secret)
    if share.password_hash is not None:
        if password is None:
            return Opened(None)
        if not await password_matches(share.password_hash, password):
            return Opened(None, was_wrong=True)
    async with tenant_session(share.organization_id) as db:
        document = await document_of(db, share.report_id)
        seen = await db.scalar(select(ReportShare).where(ReportShare.id == share.id).with_for_update())
        if seen is not None:
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


async def _counted(secret: str) -> _Share:
    """The link, with this question counted."""
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
        if share.asked >= (MOST_GUESSES if share.password_hash else MOST_A_MINUTE):
            raise TooManyRequests(int((share.asked_at + MINUTE - now).total_seconds()) + 1)
        share.asked += 1
        return _Share(share.id, share.organization_id, share.report_id, share.password_hash)
