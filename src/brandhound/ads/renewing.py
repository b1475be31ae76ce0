"""Renewing tokens while they are valid, since one that has ended cannot be; and telling people in time what cannot be renewed.

A token never leaves a step: what a step returns is written down.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from random import random
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.access import keep_token, token_of
from brandhound.ads.choosing import renewal_time
from brandhound.ads.meta import granting
from brandhound.ads.meta.calling import Application, application
from brandhound.ads.meta.granting import TokenFacts
from brandhound.ads.meta.refusing import AccessRefused
from brandhound.ads.models import BrandAdAccount
from brandhound.ads.standing import REMIND, ends_at, renews_in_time, run_out
from brandhound.ads.stopping import (
    LOOK_AGAIN,
    OF_ONE_ACCOUNT,
    ending_key,
    listed,
    names_of,
    note_refusal,
    resume,
    settle_if_well,
    stop,
)
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.secrets import CannotUnseal
from brandhound.notifications.notifying import notify, settle
from brandhound.providers.errors import ProviderFailed
from brandhound.providers.parking import Parked

_TRY_AGAIN = timedelta(hours=6)


def needs_look(link: BrandAdAccount, now: datetime) -> bool:
    """Whether something is to be done about a connection: renew, look again, tell, or say that it has ended."""
    if link.access_token is not None and link.renew_at is not None and link.renew_at <= now:
        return True
    return link.state == "connected" and (run_out(link, now) is not None or due_reminder(link, now) is not None)


def due_reminder(link: BrandAdAccount, now: datetime) -> int | None:
    """The reminder that is due, by its days before the end; None when there is none, or it was given."""
    end = ends_at(link)
    if end is None or end <= now:
        return None
    days = ceil((end - now) / timedelta(days=1))
    due = min((mark for mark in REMIND if days <= mark), default=None)
    if due is None or (link.reminded_days is not None and link.reminded_days <= due):
        return None
    return None if end == link.token_expires_at and renews_in_time(link, now) else due


async def fingerprints_due(organization_id: UUID) -> list[str]:
    """The tokens of an organization that are to be renewed or looked at now, by what stands for them."""
    now = clock.now()
    async with tenant_session(organization_id) as db:
        links = await db.scalars(
            select(BrandAdAccount).where(
                BrandAdAccount.renew_at <= now, BrandAdAccount.state.in_(("connected", "needs_you"))
            )
        )
        return sorted({link.token_fingerprint for link in links if link.token_fingerprint})


async def renew_token(organization_id: UUID, token_fingerprint: str) -> str:
    """Exchange one token, for all connections that have it; in words what came of it. Safe to repeat.

    The new one is looked at before it takes the place of the old one, which stays until then.
    """
    app = application()
    async with tenant_session(organization_id) as db:
        links = await _with_token(db, token_fingerprint)
        if not links:
            return "gone"
        # What stopped for one account says nothing of the token: for the others, and until it is given back, it is renewed.
        of_token = [link for link in links if link.state_reason not in OF_ONE_ACCOUNT]
        first = next((link for link in of_token if link.state == "connected"), (of_token or links)[0])
        try:
            old = token_of(first)
        except CannotUnseal:
            await stop(db, links, "unreadable")
            return "unreadable"
        link_id, subject_id, waits = first.id, first.subject_id, bool(of_token) and first.state == "needs_you"
    if old is None:
        return "gone"
    try:
        if waits:
            facts = await granting.inspect(app, old, organization_id)
            granting.check_of(facts)
            return await _well_again(organization_id, token_fingerprint)
        new = await granting.prolong(app, old, organization_id)
        facts = await granting.inspect(app, new, organization_id)
    except AccessRefused as refused:
        if waits:
            await _later(organization_id, token_fingerprint, LOOK_AGAIN)
        else:
            await note_refusal(organization_id, link_id, refused.refusal, token_fingerprint)
            if refused.refusal.reason in OF_ONE_ACCOUNT:
                await _later(organization_id, token_fingerprint, LOOK_AGAIN)
        return refused.refusal.reason
    except (ProviderFailed, Parked):
        await _later(organization_id, token_fingerprint, _TRY_AGAIN)
        return "tried in vain"
    if not _is_as_good(app, facts, subject_id):
        await _later(organization_id, token_fingerprint, LOOK_AGAIN)
        return "the new one is not as good"
    return await _swap(organization_id, token_fingerprint, new, facts)


async def tell_what_ends(organization_id: UUID) -> int:
    """Tell people what ends soon, and say of what has ended that it has; how many connections that were. Safe to repeat."""
    now = clock.now()
    async with tenant_session(organization_id) as db:
        links = (await db.scalars(
            select(BrandAdAccount)
            .where(BrandAdAccount.state == "connected")
            .order_by(BrandAdAccount.brand_id, BrandAdAccount.id)
            .with_for_update()
        )).all()  # fmt: skip
        ended = [(link, reason) for link in links if (reason := run_out(link, now)) is not None]
        for reason in sorted({reason for _, reason in ended}):
            await stop(db, [link for link, its in ended if its == reason], reason)
        soon = [(link, days) for link in links if (days := due_reminder(link, now)) is not None]
        for brand_id in sorted({link.brand_id for link, _ in soon}):
            await _remind(db, brand_id, [(link, days) for link, days in soon if link.brand_id == brand_id])
    return len(ended) + len(soon)


async def _remind(db: Db, brand_id: UUID, due: Sequence[tuple[BrandAdAccount, int]]) -> None:
    links = [link for link, _ in due]
    ends = [(link, end) for link in links if (end := ends_at(link)) is not None]
    first, days = min(end for _, end in ends), min(days for _, days in due)
    why = (
        "The token could not be renewed by itself so far."
        if all(end == link.token_expires_at for link, end in ends)
        else "Meta wants the person to log in again every 90 days, and nobody can do that for them."
    )
    for mark in REMIND:
        if mark != days:
            await settle(db, ending_key(brand_id, mark))
    await notify(
        db,
        "ad_access_ending",
        f"Access ends in {'a day' if days == 1 else f'{days} days'} or less: {listed(await names_of(db, links))}",
        f"{why} It ends on {first:%-d %B %Y at %H:%M} UTC. Press Reconnect before that, and nothing stops.",
        href=f"/ad-accounts?account={links[0].ad_account_id}",
        severity="critical" if days == 1 else "warning",
        # Each mark is an incident of its own: the second one is told although the first one was read.
        key=ending_key(brand_id, days),
        facts={"account_ids": [str(link.ad_account_id) for link in links], "ends_at": first.isoformat()},
    )
    for link, its in due:
        link.reminded_days = its
        publish(db, "ad-accounts", link.ad_account_id)


async def _swap(organization_id: UUID, token_fingerprint: str, new: str, facts: TokenFacts) -> str:
    now = clock.now()
    async with tenant_session(organization_id) as db:
        # Whoever reconnected meanwhile has another token, and keeps it.
        links = await _with_token(db, token_fingerprint)
        brands: set[UUID] = set()
        for link in links:
            keep_token(link, new)
            link.token_issued_at, link.token_expires_at = now, facts.expires_at
            link.data_access_expires_at = facts.data_access_expires_at
            link.scopes, link.granular = list(facts.scopes), list(facts.granular)
            link.renew_at = renewal_time(facts.expires_at, now)
            link.checked_at, link.reminded_days = now, None
            brands.add(link.brand_id)
            publish(db, "ad-accounts", link.ad_account_id)
        await db.flush()
        for brand_id in brands:
            await settle_if_well(db, brand_id)
    return "renewed"


async def _well_again(organization_id: UUID, token_fingerprint: str) -> str:
    async with tenant_session(organization_id) as db:
        for link in await _with_token(db, token_fingerprint):
            link.renew_at = renewal_time(link.token_expires_at, link.token_issued_at or clock.now())
            if link.state_reason not in OF_ONE_ACCOUNT:
                await resume(db, link)
    return "well again"


async def _later(organization_id: UUID, token_fingerprint: str, wait: timedelta) -> None:
    async with tenant_session(organization_id) as db:
        for link in await _with_token(db, token_fingerprint):
            link.renew_at = clock.now() + wait * (0.9 + 0.2 * random())


async def _with_token(db: Db, token_fingerprint: str) -> Sequence[BrandAdAccount]:
    query = select(BrandAdAccount).where(
        BrandAdAccount.token_fingerprint == token_fingerprint, BrandAdAccount.state.in_(("connected", "needs_you"))
    )
    return (await db.scalars(query.order_by(BrandAdAccount.id).with_for_update())).all()


def _is_as_good(app: Application, facts: TokenFacts, subject_id: str | None) -> bool:
    """Whether a new token may take the old one's place: the same person, the same application, and it reads ads."""
    return (
        facts.refusal is None
        and facts.app_id == app.id
        and subject_id in (None, facts.subject_id)
        and bool({"ads_read", "ads_management"}.intersection(facts.scopes))
    )


def organizations_to_look_at(links: Iterable[BrandAdAccount], now: datetime) -> list[UUID]:
    """Whose connections need something now."""
    return sorted({link.organization_id for link in links if needs_look(link, now)})
