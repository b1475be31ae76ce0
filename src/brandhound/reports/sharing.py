"""Links that open one report to whoever has them: made, counted, taken back."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.secrets import fingerprint, keyed_fingerprint, token
from brandhound.identity.passwords import hash_password
from brandhound.notifications.wording import own_address
from brandhound.reports.listing import check_there
from brandhound.reports.sending_models import ReportSending, ReportShare
from brandhound.reports.sending_schemas import NewShare, ShareMade, ShareOut
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


async def share_report(db: Db, caller: Caller, report_id: UUID, wish: NewShare) -> ShareMade:
    """A link to a report, told this once: only its hash is kept. Raises NotThere."""
    await check_there(db, report_id)
    secret = token()
    share = ReportShare(
        report_id=report_id,
        label=wish.label.strip(),
        token_hash=fingerprint(secret),
        password_hash=await hash_password(wish.password) if wish.password else None,
        expires_at=clock.now() + timedelta(days=wish.days),
        views=0,
        created_by=caller.user_id,
    )
    db.add(share)
    await db.flush()
    await record(db, caller, "reports.shared", "report", report_id, {"share_id": str(share.id), "days": wish.days})
    publish(db, "reports", report_id)
    return ShareMade(**share_out(share).model_dump(), url=share_address(secret))


async def share_for_sending(db: Db, sending_id: UUID, report_id: UUID, label: str, days: int) -> str | None:
    """The address that a mail carries; None if a person took it back before the mail left.

    The same for the same mail, however often it is written; its days count from the last time. A mail that a person sends
    once more is another, with a link of its own.
    """
    issue = await db.scalar(select(ReportSending.issue).where(ReportSending.id == sending_id))
    # Nobody can guess it without our key; and it need not be kept to be written once more.
    secret = keyed_fingerprint(f"{sending_id}:{issue}" if issue else str(sending_id), "reports.share")
    share = await db.scalar(select(ReportShare).where(ReportShare.token_hash == fingerprint(secret)))
    if share is None:
        share = ReportShare(
            report_id=report_id, sending_id=sending_id, label=label, token_hash=fingerprint(secret), views=0
        )
        db.add(share)
        publish(db, "reports", report_id)
    elif share.revoked_at is not None:
        return None
    share.expires_at = clock.now() + timedelta(days=days)
    await db.flush()
    return share_address(secret)


async def shares_of(db: Db, report_id: UUID) -> list[ShareOut]:
    """The links to a report, newest first. Raises NotThere."""
    await check_there(db, report_id)
    shares: Sequence[ReportShare] = (
        await db.scalars(
            select(ReportShare).where(ReportShare.report_id == report_id).order_by(ReportShare.id.desc()).limit(200)
        )
    ).all()
    return [share_out(share) for share in shares]


async def take_back(db: Db, caller: Caller, report_id: UUID, share_id: UUID) -> None:
    """End a link now. Safe to repeat. Raises NotThere."""
    await check_there(db, report_id)
    share = await db.scalar(select(ReportShare).where(ReportShare.id == share_id, ReportShare.report_id == report_id))
    if share is None:
        raise NotThere("share")
    if share.revoked_at is None:
        share.revoked_at = clock.now()
        await record(db, caller, "reports.share-taken-back", "report", report_id, {"share_id": str(share.id)})
        publish(db, "reports", report_id)


def is_shared(report_id: UUID | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether a link to the report is valid now. Such a report may also be read by the organization's guests."""
    return exists().where(
        ReportShare.report_id == report_id, ReportShare.revoked_at.is_(None), ReportShare.expires_at > clock.now()
    )


def share_out(share: ReportShare) -> ShareOut:
    return ShareOut(
        id=share.id,
        label=share.label,
        has_password=share.password_hash is not None,
        by_mail=share.sending_id is not None,
        views=share.views,
        last_viewed_at=share.last_viewed_at,
        expires_at=share.expires_at,
        revoked_at=share.revoked_at,
        created_at=share.created_at,
    )


def share_address(secret: str) -> str:
    return f"{own_address()}/api/shared-reports/{secret}"
