"""Ad accounts as they are shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from brandhound.ads.meta.standings import delivers, disabled_because, standing_of
from brandhound.ads.models import AdAccount, AdLogin
from brandhound.ads.queries import LinkedBrand, links_of
from brandhound.ads.schemas import AdAccountOut, LinkOut, LoginOut, MissingAccount, OfferedAccount, OfferedBusiness
from brandhound.ads.standing import missing_scopes, standing_of_link
from brandhound.ads.synced import Synced, synced_of
from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import Db

_NEVER = Synced()


async def shown_accounts(db: Db, accounts: Sequence[AdAccount]) -> list[AdAccountOut]:
    """Accounts with their connections and how far they are synced: a fixed number of questions however many there are."""
    ids, now = [account.id for account in accounts], clock.now()
    links, synced = await links_of(db, ids), await synced_of(db, ids)
    return [_shown(one, links.get(one.id, []), synced.get(one.id, _NEVER), now) for one in accounts]


def _shown(account: AdAccount, links: Iterable[LinkedBrand], synced: Synced, now: datetime) -> AdAccountOut:
    return AdAccountOut(
        id=account.id,
        platform=account.platform,
        external_id=account.external_id,
        name=account.name,
        currency=account.currency,
        time_zone=account.time_zone,
        standing="imported" if account.platform == "file" else standing_of(account.account_status),
        delivers=delivers(account.account_status),
        disabled_because=disabled_because(account.disable_reason),
        business_name=account.business_name,
        checked_at=account.checked_at,
        created_at=account.created_at,
        synced_at=synced.last_ok_at,
        sync_error=synced.error,
        facts_until=synced.facts_until,
        sync_run_id=synced.run_id,
        brands=[_shown_link(linked, now) for linked in links],
    )


def _shown_link(linked: LinkedBrand, now: datetime) -> LinkOut:
    """A connection, without its secrets."""
    link = linked.link
    stands = standing_of_link(link, now)
    return LinkOut(
        id=link.id,
        brand_id=linked.brand_id,
        brand_name=linked.brand_name,
        is_primary=linked.is_primary,
        auth_method=link.auth_method,
        token="own" if link.access_token else "installation" if _is_lent(link.auth_method, link.state) else "none",
        state=link.state,
        status=stands.status,
        reason=stands.reason,
        says=stands.says,
        what_to_do=stands.what_to_do,
        expires_at=stands.expires_at,
        expires_in_days=stands.expires_in_days,
        token_expires_at=link.token_expires_at,
        data_access_expires_at=link.data_access_expires_at,
        renews_at=link.renew_at,
        scopes=sorted(link.scopes),
        missing_scopes=missing_scopes(link.scopes) if link.state == "connected" and link.auth_method != "file" else [],
        subject_name=link.subject_name,
        tasks=link.tasks,
        state_since=link.state_since,
        checked_at=link.checked_at,
        connected_at=link.connected_at,
    )


def _is_lent(auth_method: str, state: str) -> bool:
    return auth_method == "system_user" and state in ("connected", "needs_you")


_OUTCOMES: Mapping[str, tuple[str, str]] = {
    "waiting": ("Meta has not answered yet.", "Finish the dialog at Meta, or press Connect once more."),
    "choose": ("Meta let us in.", "Choose the accounts, and the brands they serve."),
    "declined": (
        "Nothing was connected: the dialog at Meta was cancelled.",
        "Press Ask again if that was a mistake.",
    ),
    "partial": (
        "Nothing was connected: the permission to read ads (ads_read) was switched off in Meta's dialog.",
        "Press Ask again, and leave it switched on. We only read: no ad, no budget is ever changed.",
    ),
    "nothing": (
        "Meta let us in, and there is no ad account that could be read.",
        "Log in as somebody with a role on the account, or give this person one in Meta's business settings.",
    ),
    "failed": ("Nothing was connected: Meta did not go through with it.", "Press Connect once more."),
}


def shown_login(login: AdLogin, brand: Brand, served: Mapping[str, Sequence[UUID]]) -> LoginOut:
    """A login with what can be chosen, without its token. `served` are the brands of accounts that are known already."""
    found: dict[str, Any] = login.found
    facts: dict[str, Any] = found.get("facts") or {}
    outcome = found.get("outcome") or "waiting"
    says, helps = _OUTCOMES[outcome]
    if outcome == "failed" and found.get("said"):
        says = f"{says} It said: {found['said']}"
    return LoginOut(
        id=login.id,
        brand_id=brand.id,
        brand_name=brand.name,
        auth_method=login.auth_method,
        outcome=outcome,
        says=says,
        what_to_do=helps,
        scopes=facts.get("scopes", []),
        missing_scopes=missing_scopes(facts["scopes"]) if facts else [],
        subject_name=facts.get("subject_name") or None,
        token_expires_at=facts.get("expires_at"),
        data_access_expires_at=facts.get("data_access_expires_at"),
        accounts=[
            OfferedAccount(
                external_id=one["external_id"],
                name=one["name"],
                currency=one["currency"],
                time_zone=one["time_zone"],
                standing=standing_of(one["account_status"]),
                business_name=one["business_name"],
                usable=one["usable"],
                why=one["why"],
                brand_ids=list(served.get(one["external_id"], ())),
            )
            for one in found.get("accounts", [])
        ],
        businesses=[OfferedBusiness(**one) for one in found.get("businesses", [])],
        missing=[MissingAccount(**one) for one in found.get("missing", [])],
        expires_at=login.expires_at,
    )
