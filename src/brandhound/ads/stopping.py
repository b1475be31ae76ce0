"""What becomes of a connection when Meta does not take its token, and when it does again."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.access import keep_token
from brandhound.ads.meta.refusing import Refusal
from brandhound.ads.models import AdAccount, BrandAdAccount, LinkState
from brandhound.ads.standing import REASONS, REMIND
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.notifications.notifying import notify, settle

LOOK_AGAIN = timedelta(days=1)
"""A token that may be well again by itself is looked at so often."""

OF_ONE_ACCOUNT = ("no_access", "missing_scope", "no_role")
"""These say something about one account; everything else about the token, and so about all its accounts."""


async def note_refusal(organization_id: UUID, link_id: UUID, refusal: Refusal, token_fingerprint: str | None) -> None:
    """Meta did not take the token of this connection: say so on it, and tell people once. Safe to repeat.

    `token_fingerprint` is of the token that was refused, None for the installation's: whoever has another one by now,
    since it was reconnected meanwhile, is not meant.
    """
    async with tenant_session(organization_id) as db:
        meant = await _meant(db, link_id, refusal, token_fingerprint)
        await stop(db, meant, refusal.reason, is_revoked=refusal.is_revoked, heals=refusal.heals)


async def note_success(organization_id: UUID, link_id: UUID) -> None:
    """Meta answered to the token of this connection. Safe to repeat."""
    async with tenant_session(organization_id) as db:
        link = await db.scalar(select(BrandAdAccount).where(BrandAdAccount.id == link_id).with_for_update())
        if link is not None:
            link.checked_at = clock.now()


async def stop(
    db: Db, links: Sequence[BrandAdAccount], reason: str, *, is_revoked: bool = False, heals: bool = False
) -> None:
    """These connections work no longer. What was revoked loses its token; what has none any more stays as it ended."""
    now, state = clock.now(), "revoked" if is_revoked else "needs_you"
    stopped = [
        link
        for link in links
        if (link.state, link.state_reason) != (state, reason) and link.state in ("connected", "needs_you")
    ]
    for link in stopped:
        put_into(link, "revoked" if is_revoked else "needs_you", reason)
        if heals:
            link.renew_at = now + LOOK_AGAIN
        elif reason not in OF_ONE_ACCOUNT:
            # The token of a lost account is good, and is kept so: once the account is given back, nothing else is needed.
            link.renew_at = None
        link.reminded_days = None
        if is_revoked:
            keep_token(link, None)
        publish(db, "ad-accounts", link.ad_account_id)
    if stopped:
        await db.flush()
        for brand_id in sorted({link.brand_id for link in stopped}):
            await _settle_what_ends(db, brand_id)
        await _tell(db, stopped, reason)


async def resume(db: Db, link: BrandAdAccount) -> None:
    """The connection works (again). What was told of its brand is settled once all of its connections do."""
    put_into(link, "connected", None)
    link.checked_at = clock.now()
    link.reminded_days = None
    await db.flush()
    await settle_if_well(db, link.brand_id)
    publish(db, "ad-accounts", link.ad_account_id)


async def settle_if_well(db: Db, brand_id: UUID) -> None:
    """End what was told of a brand's connections when none of them waits for anybody."""
    ill = BrandAdAccount.state.in_(("needs_you", "revoked"))
    if await db.scalar(select(BrandAdAccount.id).where(BrandAdAccount.brand_id == brand_id, ill).limit(1)) is None:
        await settle(db, lost_key(brand_id))
    await _settle_what_ends(db, brand_id)


async def _settle_what_ends(db: Db, brand_id: UUID) -> None:
    """End what was told of ends to come when none is to come any more: none, or it has."""
    near = BrandAdAccount.reminded_days.is_not(None)
    if await db.scalar(select(BrandAdAccount.id).where(BrandAdAccount.brand_id == brand_id, near).limit(1)) is None:
        for mark in REMIND:
            await settle(db, ending_key(brand_id, mark))


def put_into(link: BrandAdAccount, state: LinkState, reason: str | None) -> None:
    """Change how a connection stands."""
    if (link.state, link.state_reason) != (state, reason):
        link.state, link.state_reason, link.state_since = state, reason, clock.now()


def lost_key(brand_id: UUID) -> str:
    """The incident of a brand whose accounts cannot be read."""
    return f"ad-access-lost:{brand_id}"


def ending_key(brand_id: UUID, days: int) -> str:
    """The incident of a brand whose connections end within so many days."""
    return f"ad-access-ending:{brand_id}:{days}"


async def names_of(db: Db, links: Sequence[BrandAdAccount]) -> list[str]:
    """What the accounts of connections are called, each once."""
    ids = {link.ad_account_id for link in links}
    return list(await db.scalars(select(AdAccount.name).where(AdAccount.id.in_(ids)).order_by(AdAccount.name)))


def listed(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


async def _meant(db: Db, link_id: UUID, refusal: Refusal, token_fingerprint: str | None) -> Sequence[BrandAdAccount]:
    query = select(BrandAdAccount).where(BrandAdAccount.token_fingerprint.is_not_distinct_from(token_fingerprint))
    if token_fingerprint is None or refusal.reason in OF_ONE_ACCOUNT:
        query = query.where(BrandAdAccount.id == link_id)
    return (await db.scalars(query.order_by(BrandAdAccount.id).with_for_update())).all()


async def alike(db: Db, link: BrandAdAccount) -> Sequence[BrandAdAccount]:
    """All connections that have this one's token, this one among them."""
    if link.token_fingerprint is None:
        return [await _locked(db, link)]
    query = select(BrandAdAccount).where(BrandAdAccount.token_fingerprint == link.token_fingerprint)
    return (await db.scalars(query.order_by(BrandAdAccount.id).with_for_update())).all()


async def _locked(db: Db, link: BrandAdAccount) -> BrandAdAccount:
    return (await db.scalars(select(BrandAdAccount).where(BrandAdAccount.id == link.id).with_for_update())).one()


async def _tell(db: Db, links: Sequence[BrandAdAccount], reason: str) -> None:
    says, helps = REASONS.get(reason, REASONS["invalid"])
    for brand_id in sorted({link.brand_id for link in links}):
        own = [link for link in links if link.brand_id == brand_id]
        await notify(
            db,
            "ad_access_lost",
            f"Cannot be read any more: {listed(await names_of(db, own))}",
            f"{says} {helps} Until then no new numbers come in; nothing that is here is lost.",
            href=f"/ad-accounts?account={own[0].ad_account_id}",
            key=lost_key(brand_id),
            facts={"account_ids": [str(link.ad_account_id) for link in own], "reason": reason},
        )
