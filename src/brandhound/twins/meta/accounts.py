"""What is told of people, businesses and ad accounts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np

from brandhound.twins.meta.admitting import Caller
from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.known_fields import known_fields
from brandhound.twins.meta.numbering import id_of
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.paging import DEFAULT, page, paging
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.selecting import Wanted, edge, pick, read_fields

BEGAN = datetime(2023, 3, 1, 9, tzinfo=UTC)


def account_record(kept: Kept, caller: Caller | None, account: AccountSpec) -> dict[str, Any]:
    """Everything that is told of one account."""
    now = kept.clock.now()
    offset = now.astimezone(account.zone).utcoffset()
    person = caller.person if caller else None
    record: dict[str, Any] = {
        "id": account.act,
        "account_id": account.id,
        "name": account.name,
        "currency": account.currency,
        "timezone_name": account.time_zone,
        "timezone_id": account.time_zone_id,
        "timezone_offset_hours_utc": offset.total_seconds() / 3600 if offset is not None else 0,
        "account_status": account.status,
        "disable_reason": 1 if account.status == 2 else 0,
        "business": {"id": account.business, "name": kept.owners.businesses.get(account.business, "")},
        "business_name": kept.owners.businesses.get(account.business, ""),
        "business_country_code": account.country,
        "user_tasks": list(person.tasks) if person else [],
        "created_time": BEGAN.astimezone(account.zone).strftime("%Y-%m-%dT%H:%M:%S%z"),
        "age": (now - BEGAN).days,
        "amount_spent": edge(lambda _: _spent(kept, account)),
        "balance": "0",
        "spend_cap": "0",
        "min_daily_budget": 100 if account.offset == 100 else 120,
        "owner": account.business,
        "is_personal": 0,
        "attribution_spec": [
            {"event_type": "CLICK_THROUGH", "window_days": 7},
            {"event_type": "VIEW_THROUGH", "window_days": 1},
        ],
    }
    if caller and caller.token.kind == "USER" and caller.token.data_access_expires_at:
        expires = datetime.fromtimestamp(caller.token.data_access_expires_at, UTC)
        record["user_access_expire_time"] = expires.strftime("%Y-%m-%dT%H:%M:%S%z")
    return record


def _spent(kept: Kept, account: AccountSpec) -> str:
    """What the account has spent in all, about, in its smallest unit."""
    world = kept.worlds.of(account)
    latents, today = world.latents, world.number(world.today(kept.clock.now()))
    ads = np.arange(latents.size)
    return str(round(float((latents.shown_between(ads, -10_000, today) * latents.cpm).sum()) / 1000 * account.offset))


def list_accounts(kept: Kept, caller: Caller, call: Call, accounts: list[AccountSpec]) -> dict[str, Any]:
    """A page of accounts, as each edge that lists accounts has it."""
    if not {"ads_read", "ads_management"} & set(caller.token.scopes):
        raise Refused("no_scope")
    wanted = read_fields(call.param("fields", "account_id"))
    return page(
        call,
        kept.cursors,
        accounts,
        lambda account: pick(account_record(kept, caller, account), wanted, "AdAccount", known_fields()["AdAccount"]),
    )


def tell_me(kept: Kept, caller: Caller, call: Call) -> dict[str, Any]:
    """`/me`: the person or system user that the token stands for."""
    if caller.person is None:
        return {"id": caller.app.id, "name": caller.app.name}
    record = {"id": caller.person.id, "name": caller.person.name}
    return pick(record, read_fields(call.param("fields", "id,name")), "User")


def list_permissions(caller: Caller) -> dict[str, Any]:
    """`/me/permissions`: what was asked for, and what was allowed."""
    return {"data": [{"permission": scope, "status": "granted"} for scope in caller.token.scopes]}


def list_pages(kept: Kept, caller: Caller, call: Call) -> dict[str, Any]:
    """`/me/accounts`: the pages somebody works for, each with a token. Raises Refused without `pages_show_list`."""
    if "pages_show_list" not in caller.token.scopes:
        raise Refused("needs_scope", scope="pages_show_list")
    wanted = read_fields(call.param("fields", "id,name,access_token,tasks"))
    pages = [(id_of("page", account.ordinal, 0), account.name) for account in caller.accounts]
    return page(
        call,
        kept.cursors,
        pages,
        lambda one: pick(
            {
                "id": one[0],
                "name": one[1],
                "category": "Product/service",
                "access_token": kept.grants.page_token(caller.token, one[0]),
                "tasks": ["ANALYZE", "ADVERTISE"],
            },
            wanted,
            "Page",
        ),
    )


def list_businesses(kept: Kept, caller: Caller, call: Call) -> dict[str, Any]:
    """`/me/businesses`: those of the person that the token reaches. Raises Refused without `business_management`."""
    if "business_management" not in caller.token.scopes:
        raise Refused("needs_scope", scope="business_management")
    mine = caller.person.businesses if caller.person else ()
    ids = sorted({one for account in caller.accounts for one in (account.business, *account.agencies) if one in mine})
    wanted = read_fields(call.param("fields", "id,name"))

    def record(business: str) -> Mapping[str, Any]:
        edges = ("owned_ad_accounts", "client_ad_accounts")
        told = {name: edge(partial(_accounts_below, kept, caller, call, business, name)) for name in edges}
        return {"id": business, "name": kept.owners.businesses[business], **told}

    return page(call, kept.cursors, ids, lambda business: pick(record(business), wanted, "Business"))


def accounts_of_business(caller: Caller, business: str, name: str) -> list[AccountSpec]:
    """Those that it owns, or works with as a client's, as far as the token reaches them."""
    if name == "owned_ad_accounts":
        return [account for account in caller.accounts if account.business == business]
    return [account for account in caller.accounts if business in account.agencies]


def _accounts_below(
    kept: Kept, caller: Caller, call: Call, business: str, name: str, wanted: Wanted
) -> dict[str, Any] | None:
    """The first of them, told below their business; nothing where there are none."""
    accounts = accounts_of_business(caller, business, name)[: int(wanted.modifiers.get("limit", DEFAULT))]
    below = wanted.below or read_fields("account_id")
    known = known_fields()["AdAccount"]
    told = [pick(account_record(kept, caller, account), below, "AdAccount", known) for account in accounts]
    return {"data": told} | paging(call, kept.cursors, 0, len(told), len(told)) if told else None
