"""Choosing: which of the accounts that a token reads serve which brands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.access import keep_token
from brandhound.ads.connecting import SEALED_LOGIN, login_of
from brandhound.ads.errors import AccountNotOffered, LoginOver
from brandhound.ads.events import AdAccountsConnected
from brandhound.ads.models import AdAccount, AdLogin, BrandAdAccount
from brandhound.ads.queries import links_of_brand
from brandhound.ads.stopping import resume
from brandhound.brands.queries import brand_by_id, present_ids
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.secrets import CannotUnseal, unseal
from brandhound.jobs.registry import announce
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


@dataclass(frozen=True)
class Choice:
    """An account, and the brands that it is to serve."""

    external_id: str
    brand_ids: Sequence[UUID]


async def choose_accounts(
    db: Db, caller: Caller, session: str | None, login_id: UUID, choices: Sequence[Choice]
) -> list[UUID]:
    """Connect the chosen accounts with their brands; the accounts. What was mapped before keeps its place and its numbers.

    Raises NotThere, LoginElsewhere, LoginOver or AccountNotOffered.
    """
    login = await login_of(db, caller, session, login_id, lock=True)
    offered = {one["external_id"]: one for one in login.found.get("accounts", []) if one["usable"]}
    for choice in choices:
        if choice.external_id not in offered:
            raise AccountNotOffered(choice.external_id)
        for brand_id in await present_ids(db, choice.brand_ids):
            await brand_by_id(db, brand_id)
    given = _token_of(login)
    connected: list[UUID] = []
    for choice in choices:
        account = await _account(db, offered[choice.external_id])
        for brand_id in await present_ids(db, choice.brand_ids):
            for link in await _links(db, brand_id, account.id):
                _take_over(link, login, given, offered[choice.external_id], caller)
                await resume(db, link)
        connected.append(account.id)
        publish(db, "ad-accounts", account.id)
    login.ended_at, login.access_token = clock.now(), None
    facts: dict[str, object] = {
        "accounts": [choice.external_id for choice in choices],
        "auth_method": login.auth_method,
    }
    await record(db, caller, "ads.connected", "brand", login.brand_id, facts)
    if connected:
        await announce(db, AdAccountsConnected(account_ids=list(dict.fromkeys(connected))))
    return connected


def renewal_time(expires_at: datetime | None, issued_at: datetime) -> datetime | None:
    """When to exchange a token: at three quarters of its life, and up to a twentieth earlier, so that not all come at once."""
    if expires_at is None:
        return None
    life = max(expires_at - issued_at, timedelta())
    return issued_at + life * (0.75 - 0.05 * random())


async def _account(db: Db, offered: Mapping[str, Any]) -> AdAccount:
    told = {
        "name": offered["name"],
        "currency": offered["currency"],
        "time_zone": offered["time_zone"],
        "account_status": offered["account_status"],
        "disable_reason": offered["disable_reason"],
        "business_id": offered["business_id"],
        "business_name": offered["business_name"],
        "checked_at": clock.now(),
    }
    new = insert(AdAccount).values(
        id=uuid7(), platform="meta", external_id=offered["external_id"], created_at=clock.now(), **told
    )
    await db.execute(
        new.on_conflict_do_update(index_elements=["organization_id", "platform", "external_id"], set_=told)
    )
    return (
        await db.scalar(
            select(AdAccount)
            .where(AdAccount.platform == "meta", AdAccount.external_id == offered["external_id"])
            .execution_options(populate_existing=True)
        )
        or _gone()
    )


async def _links(db: Db, brand_id: UUID, account_id: UUID) -> list[BrandAdAccount]:
    """What ties the account to the brand: made if nothing does.

    A connection of a brand that was merged into this one is its own, and takes the new token in its place; if both have
    one, both take it, so that each has it when the merge is taken back.
    """
    if links := await links_of_brand(db, brand_id, account_id):
        return links
    new = insert(BrandAdAccount).values(
        id=uuid7(),
        brand_id=brand_id,
        ad_account_id=account_id,
        is_primary=not any(link.is_primary for link in await links_of_brand(db, brand_id)),
        connected_at=clock.now(),
        state_since=clock.now(),
    )
    await db.execute(new.on_conflict_do_nothing())
    return await links_of_brand(db, brand_id, account_id) or _gone()


def _take_over(
    link: BrandAdAccount, login: AdLogin, given: str | None, offered: Mapping[str, Any], caller: Caller
) -> None:
    facts, now = login.found["facts"], clock.now()
    keep_token(link, given)
    link.auth_method = login.auth_method
    link.app_id, link.subject_id, link.subject_name = facts["app_id"], facts["subject_id"], facts["subject_name"]
    issued_at = login.answered_at or now
    link.token_issued_at = issued_at
    link.token_expires_at = _moment(facts["expires_at"]) if given else None
    link.data_access_expires_at = _moment(facts["data_access_expires_at"]) if given else None
    link.scopes, link.granular, link.tasks = facts["scopes"], facts["granular"], list(offered["tasks"])
    link.renew_at = renewal_time(link.token_expires_at, issued_at)
    link.connected_by, link.connected_at = caller.user_id, now


def _token_of(login: AdLogin) -> str | None:
    """The token of a login; None stands for the installation's."""
    if login.access_token is None:
        if login.auth_method == "oauth":
            raise LoginOver
        return None
    try:
        return unseal(login.access_token, SEALED_LOGIN)
    except CannotUnseal as error:
        raise LoginOver from error


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _gone() -> Any:
    # Dropped between two statements of one transaction: the next try finds out properly.
    raise LoginOver
