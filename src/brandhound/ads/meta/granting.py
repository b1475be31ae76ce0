"""How an application comes by a token, and what a token may do. Meta has no refresh tokens: one that is still valid is exchanged.

Read on 2026-11-20 in Meta's pages on manual login flows, long-lived tokens, system users and debug_token.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from brandhound.ads.meta.calling import Application, ask_as_application, ask_graph
from brandhound.ads.meta.refusing import AccessRefused, Refusal, refusal_in

SCOPES = ("ads_read", "business_management")
"""What we ask for. The first is needed; without the second businesses have no names."""

_ACCOUNT_FIELDS = "id,account_id,name,currency,timezone_name,account_status,disable_reason,business{id,name},user_tasks"
_BUSINESS_FIELDS = "id,name,owned_ad_accounts.limit(500){account_id},client_ad_accounts.limit(500){account_id}"
"""An account beyond so many of one business stands with its owner."""
_PAGE = 100
_BUSINESS_PAGE = 25
_MOST_PAGES = 200


@dataclass(frozen=True)
class TokenFacts:
    """What Meta says about a token. `expires_at` None: it does not expire."""

    app_id: str
    kind: str
    subject_id: str
    expires_at: datetime | None
    data_access_expires_at: datetime | None
    scopes: tuple[str, ...]
    granular: tuple[dict[str, Any], ...]
    refusal: Refusal | None = None
    """Set for a token that is not valid."""

    def granted_ids(self, scope: str) -> frozenset[str] | None:
        """For which things a permission was given; None: for all that the person can reach."""
        for one in self.granular:
            if one["scope"] == scope:
                return frozenset(one["target_ids"]) if one["target_ids"] else None
        return None


@dataclass(frozen=True)
class FoundAccount:
    """An ad account that a token lists."""

    external_id: str
    name: str
    currency: str
    time_zone: str
    account_status: int | None
    disable_reason: int | None
    business_id: str | None
    business_name: str | None
    tasks: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class FoundBusiness:
    """A business that a token reaches, and the accounts that it works with: its own and its clients'."""

    id: str
    name: str
    account_ids: tuple[str, ...]


def dialog_address(app: Application, redirect_uri: str, state: str, *, again: bool = False) -> str:
    """Where the person lets us in. `again` asks once more for what was declined before."""
    given = {"client_id": app.id, "redirect_uri": redirect_uri, "state": state, "response_type": "code"}
    # With Facebook Login for Business the configuration says what is asked for.
    given |= {"config_id": app.config_id} if app.config_id else {"scope": ",".join(SCOPES)}
    if again:
        given["auth_type"] = "rerequest"
    return f"{app.dialog_url}/{app.version}/dialog/oauth?{urlencode(given)}"


async def redeem_code(app: Application, code: str, redirect_uri: str, organization_id: UUID) -> str:
    """The token for a code, which is good for this once. Raises like `ask_graph`."""
    given = {"client_id": app.id, "client_secret": app.secret, "redirect_uri": redirect_uri, "code": code}
    return _token_in(await ask_as_application(app, "oauth/access_token", given, organization_id))


async def prolong(app: Application, token: str, organization_id: UUID) -> str:
    """A token that lives longer, for one that is still valid. Safe to repeat. Raises like `ask_graph`."""
    given = {
        "grant_type": "fb_exchange_token",
        "client_id": app.id,
        "client_secret": app.secret,
        "fb_exchange_token": token,
        # Only system users' tokens listen to this.
        "set_token_expires_in_60_days": "true",
    }
    return _token_in(await ask_as_application(app, "oauth/access_token", given, organization_id))


async def inspect(app: Application, token: str, organization_id: UUID) -> TokenFacts:
    """What Meta says about a token, valid or not. Raises like `ask_graph` when it does not say."""
    given = {"input_token": token, "access_token": app.own_token}
    reply = await ask_as_application(app, "debug_token", given, organization_id)
    told = _object(_object(reply.data).get("data"))
    refusal = None
    if told.get("is_valid") is not True:
        refusal = refusal_in(told) or Refusal("invalid", "190")
    return TokenFacts(
        str(told.get("app_id", "")),
        str(told.get("type", "")),
        str(told.get("user_id", "")),
        _moment(told.get("expires_at")),
        _moment(told.get("data_access_expires_at")),
        tuple(str(one) for one in _list(told.get("scopes"))),
        tuple(
            {"scope": str(one.get("scope", "")), "target_ids": [str(target) for target in _list(one.get("target_ids"))]}
            for one in map(_object, _list(told.get("granular_scopes")))
        ),
        refusal,
    )


async def name_of_subject(app: Application, token: str, organization_id: UUID) -> str:
    """What the person or system user is called. Raises like `ask_graph`."""
    reply = await ask_graph(app, token, "me", {"fields": "id,name"}, organization_id)
    return str(_object(reply.data).get("name") or "")


async def accounts_of(app: Application, token: str, organization_id: UUID) -> list[FoundAccount]:
    """Every ad account that the token lists, page by page. Raises like `ask_graph`."""
    told = await _listed(app, token, "me/adaccounts", _ACCOUNT_FIELDS, _PAGE, organization_id)
    found = {account.external_id: account for account in map(read_account, told)}
    return list(found.values())


async def businesses_of(app: Application, token: str, organization_id: UUID) -> list[FoundBusiness]:
    """Every business that the token lists, with the accounts it works with. Raises like `ask_graph`."""
    told = await _listed(app, token, "me/businesses", _BUSINESS_FIELDS, _BUSINESS_PAGE, organization_id)
    return [read_business(one) for one in told]


async def _listed(
    app: Application, token: str, path: str, fields: str, limit: int, organization_id: UUID
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    given = {"fields": fields, "limit": str(limit)}
    for _ in range(_MOST_PAGES):
        page = _object((await ask_graph(app, token, path, given, organization_id)).data)
        found += map(_object, _list(page.get("data")))
        paging = _object(page.get("paging"))
        after = _object(paging.get("cursors")).get("after")
        # A page may be short, or empty, and not be the last one. The address under `next` holds the token: only its mark is used.
        if not paging.get("next") or not isinstance(after, str):
            break
        given = {**given, "after": after}
    return found


def read_business(told: dict[str, Any]) -> FoundBusiness:
    """A business as Meta tells it."""
    ids: list[str] = []
    for edge in ("owned_ad_accounts", "client_ad_accounts"):
        for one in map(_object, _list(_object(told.get(edge)).get("data"))):
            ids.append(f"act_{one.get('account_id') or str(one.get('id', '')).removeprefix('act_')}")
    return FoundBusiness(
        str(told.get("id", "")), str(told.get("name") or told.get("id", "")), tuple(dict.fromkeys(ids))
    )


def read_account(told: dict[str, Any]) -> FoundAccount:
    """An ad account as Meta tells it."""
    business = _object(told.get("business"))
    digits = str(told.get("account_id") or str(told.get("id", "")).removeprefix("act_"))
    return FoundAccount(
        f"act_{digits}",
        str(told.get("name") or digits),
        str(told.get("currency") or ""),
        str(told.get("timezone_name") or "UTC"),
        _number(told.get("account_status")),
        _number(told.get("disable_reason")),
        str(business["id"]) if business.get("id") else None,
        str(business["name"]) if business.get("name") else None,
        tuple(str(task) for task in _list(told.get("user_tasks"))),
    )


def check_of(facts: TokenFacts) -> None:
    """Raises AccessRefused for a token that is not valid."""
    if facts.refusal is not None:
        raise AccessRefused(facts.refusal)


def _token_in(reply: Any) -> str:
    token = _object(reply.data).get("access_token")
    if not isinstance(token, str) or not token:
        raise AccessRefused(Refusal("invalid", "no-token"))
    return token


def _moment(value: object) -> datetime | None:
    """Seconds since 1970; 0 says never."""
    seconds = _number(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else None


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else ()
