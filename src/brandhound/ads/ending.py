"""Ending: disconnecting here, and what Meta calls back about when somebody ends it there.

Looks past the wall between organizations for one thing: which connections the person has whom Meta names. Meta knows no
organizations, and the person may have connected accounts in several.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.access import keep_token
from brandhound.ads.meta.calling import application
from brandhound.ads.meta.signed import Signed, read_signed
from brandhound.ads.models import AdConnectLink, AdLogin, BrandAdAccount, MetaDataDeletion
from brandhound.ads.queries import link_by_id, links_of_brand
from brandhound.ads.stopping import put_into, settle_if_well, stop
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.secrets import fingerprint, keyed_fingerprint
from brandhound.core.system import system_session
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


@dataclass(frozen=True)
class DeletionStatus:
    """What the public page of a request to delete data says."""

    requested_at: datetime
    done_at: datetime | None
    tokens: int
    accounts: int


async def disconnect(db: Db, caller: Caller, link_id: UUID) -> UUID:
    """Delete the token of a connection; the mapping and all figures stay. Safe to repeat. Raises NotThere."""
    named = await link_by_id(db, link_id)
    # With those of brands that were merged into the same one: they are shown as one, and end as one.
    links = await links_of_brand(db, named.brand_id, named.ad_account_id)
    alive = [link for link in links if link.state != "disconnected"]
    for link in alive:
        _empty(link)
        put_into(link, "disconnected", "disconnected")
    await db.flush()
    for link in alive:
        await settle_if_well(db, link.brand_id)
        await record(db, caller, "ads.disconnected", "ad_account", link.ad_account_id, {"brand_id": str(link.brand_id)})
        publish(db, "ad-accounts", link.ad_account_id)
    return named.ad_account_id


async def unmap(db: Db, caller: Caller, account_id: UUID, brand_id: UUID) -> None:
    """Take an account out of a brand's service, token and all; its figures stay. Raises NotThere."""
    links = await links_of_brand(db, brand_id, account_id)
    if not links:
        raise NotThere("connection")
    for link in links:
        await db.delete(link)
    await db.flush()
    rest = await links_of_brand(db, brand_id)
    if rest and not any(link.is_primary for link in rest):
        rest[0].is_primary = True
    for link in links:
        await settle_if_well(db, link.brand_id)
    await record(db, caller, "ads.unmapped", "ad_account", account_id, {"brand_id": str(brand_id)})
    publish(db, "ad-accounts", account_id)


async def make_primary(db: Db, account_id: UUID, brand_id: UUID) -> None:
    """Make an account the brand's first one. Safe to repeat. Raises NotThere."""
    links = await links_of_brand(db, brand_id)
    if all(link.ad_account_id != account_id for link in links):
        raise NotThere("connection")
    for link in links:
        link.is_primary = False
    # There is never a moment with two.
    await db.flush()
    first = next(link for link in links if link.ad_account_id == account_id)
    for link in links:
        link.is_primary = link is first
        publish(db, "ad-accounts", link.ad_account_id)


async def deauthorize(signed_request: str) -> int:
    """Somebody removed the application at Meta: delete their tokens; how many connections ended. Safe to repeat.

    Raises MetaNotSetUp or NotSigned.
    """
    signed = read_signed(application(), signed_request)
    ended = await _end_all(signed, "removed", forget=False)
    return len(ended)


async def delete_data(signed_request: str) -> str:
    """Somebody asked Meta that their data be deleted: delete it; the confirmation code. The same request has the same code.

    Raises MetaNotSetUp or NotSigned.
    """
    app = application()
    signed = read_signed(app, signed_request)
    named = f"{app.id}:{signed.subject_id}:{signed.issued_at.timestamp():.0f}"
    code, now = keyed_fingerprint(named, "meta-data-deletion")[:24], clock.now()
    async with system_session() as db:
        new = insert(MetaDataDeletion).values(
            id=uuid7(),
            code_hash=fingerprint(code),
            subject_hash=keyed_fingerprint(signed.subject_id, "meta-subject"),
            requested_at=now,
            tokens=0,
            accounts=0,
        )
        await db.execute(new.on_conflict_do_nothing())
    ended = await _end_all(signed, "deleted", forget=True)
    async with system_session() as db:
        row = await db.scalar(
            select(MetaDataDeletion).where(MetaDataDeletion.code_hash == fingerprint(code)).with_for_update()
        )
        if row is not None and row.done_at is None:
            row.done_at, row.accounts = clock.now(), len(ended)
            row.tokens = len({one for one in ended if one})
    return code


async def deletion_status(code: str) -> DeletionStatus:
    """What became of a request. Raises NotThere for a code that is none of ours."""
    async with system_session() as db:
        row = await db.scalar(select(MetaDataDeletion).where(MetaDataDeletion.code_hash == fingerprint(code)))
    if row is None:
        raise NotThere("deletion request")
    return DeletionStatus(row.requested_at, row.done_at, row.tokens, row.accounts)


async def _end_all(signed: Signed, reason: str, *, forget: bool) -> list[str | None]:
    """End every connection of a person, whoever made it; of each what stood for its token."""
    of_the_person = BrandAdAccount.subject_id == signed.subject_id
    by_the_person = AdConnectLink.subject_id == signed.subject_id
    async with system_session() as db:
        organizations = set(await db.scalars(select(BrandAdAccount.organization_id).where(of_the_person).distinct()))
        organizations |= set(await db.scalars(select(AdConnectLink.organization_id).where(by_the_person).distinct()))
        # Logins that are under way hold a token, too.
        gone = delete(AdLogin).where(
            AdLogin.found["facts"]["subject_id"].astext == signed.subject_id,
            or_(AdLogin.answered_at.is_(None), AdLogin.answered_at < _newer_from(signed)),
        )
        await db.execute(gone.execution_options(synchronize_session=False))
    ended: list[str | None] = []
    for organization_id in sorted(organizations):
        async with tenant_session(organization_id) as db:
            query = select(BrandAdAccount).where(of_the_person).order_by(BrandAdAccount.id).with_for_update()
            links = [link for link in await db.scalars(query) if not _is_newer(link.token_issued_at, signed)]
            ended += await _end(db, links, reason, forget=forget)
            for used in (
                await db.scalars(select(AdConnectLink).where(by_the_person).with_for_update()) if forget else ()
            ):
                if not _is_newer(used.used_at, signed):
                    used.used_by = used.subject_id = None
    return ended


async def _end(db: Db, links: Sequence[BrandAdAccount], reason: str, *, forget: bool) -> list[str | None]:
    alive = [link for link in links if link.state in ("connected", "needs_you")]
    prints = [link.token_fingerprint for link in alive]
    await stop(db, alive, reason, is_revoked=True)
    for link in links if forget else ():
        _empty(link)
        link.subject_id = link.subject_name = None
        link.scopes, link.granular, link.tasks = [], [], []
    return prints


def _is_newer(let_in_at: datetime | None, signed: Signed) -> bool:
    """Whether the person let us in again after they had said this: an old request that comes twice ends nothing new."""
    return let_in_at is not None and let_in_at >= _newer_from(signed)


def _newer_from(signed: Signed) -> datetime:
    # Meta counts whole seconds.
    return signed.issued_at + timedelta(seconds=1)


def _empty(link: BrandAdAccount) -> None:
    keep_token(link, None)
    link.token_expires_at = link.data_access_expires_at = link.renew_at = link.reminded_days = None
