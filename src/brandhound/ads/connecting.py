"""Connecting: from the first click through Meta's dialog to the list of accounts that can be chosen.

Three transactions with the network between them and never inside: the login is begun; Meta's answer is taken, once; what the
token may read is kept until somebody chooses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select

from brandhound.ads.access import lent_token
from brandhound.ads.errors import (
    BrowserNeeded,
    LoginElsewhere,
    LoginOver,
    LoginUsed,
    TokenOfAnotherApplication,
    TokenReadsNoAds,
)
from brandhound.ads.meta import granting
from brandhound.ads.meta.calling import Application, application
from brandhound.ads.meta.granting import SCOPES, FoundAccount, FoundBusiness, TokenFacts
from brandhound.ads.meta.refusing import AccessRefused
from brandhound.ads.meta.standings import delivers, disabled_because, standing_of
from brandhound.ads.models import AdAccount, AdLogin, BrandAdAccount
from brandhound.brands.queries import brand_by_id, one_with
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.problems import NotThere
from brandhound.core.secrets import fingerprint, seal, token
from brandhound.providers.errors import ProviderFailed
from brandhound.providers.parking import Parked
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

DIALOG_TIME = timedelta(minutes=10)
CHOOSING_TIME = timedelta(minutes=30)
COMES_BACK_TO = "/ad-accounts/connecting"
"""The page that Meta sends people back to; to be entered at Meta among the valid OAuth redirect addresses."""
SEALED_LOGIN = "ad_logins.access_token"

Outcome = Literal["choose", "declined", "partial", "nothing", "failed"]

_READING = {"ANALYZE", "ADVERTISE", "MANAGE"}
_ZONES = available_timezones()


async def begin_login(
    db: Db, caller: Caller, brand_id: UUID, session: str | None, base: str, *, again: bool
) -> tuple[AdLogin, str]:
    """Begin a login at Meta for a brand; with it the address of the dialog.

    `session` is the secret of the browser's session: no other can end what it began. `again` asks anew for what was
    declined. Raises MetaNotSetUp, BrowserNeeded or NotThere.
    """
    if session is None or caller.user_id is None:
        application()
        raise BrowserNeeded
    await brand_by_id(db, brand_id)
    login = AdLogin(brand_id=brand_id, user_id=caller.user_id, session_hash=fingerprint(session))
    return login, await send_to_dialog(db, login, token(), base, again=again)


async def send_to_dialog(db: Db, login: AdLogin, state: str, base: str, *, again: bool = False) -> str:
    """Note a login that begins now; the address of Meta's dialog. Raises MetaNotSetUp."""
    app, now = application(), clock.now()
    login.state_hash, login.auth_method, login.found = fingerprint(state), "oauth", {}
    login.redirect_uri, login.asked = f"{base}{COMES_BACK_TO}", list(SCOPES)
    login.created_at, login.expires_at = now, now + DIALOG_TIME
    db.add(login)
    await db.flush()
    return granting.dialog_address(app, login.redirect_uri, state, again=again)


async def take_answer(caller: Caller, session: str | None, state: str, answer: Mapping[str, str | None]) -> UUID:
    """Take what Meta sent the person back with, once; the login with what came of it.

    Raises NotThere, LoginElsewhere, LoginUsed or LoginOver; AccessRefused, Parked or a ProviderFailed when Meta could not
    be asked. Opens transactions of its own.
    """
    app, now = application(), clock.now()
    async with tenant_session(caller.organization_id) as db:
        login = await db.scalar(select(AdLogin).where(AdLogin.state_hash == fingerprint(state)).with_for_update())
        if login is None:
            raise NotThere("login")
        check_own(login, caller, session)
        if login.answered_at is not None:
            raise LoginUsed
        if login.expires_at <= now:
            raise LoginOver
        # Spent before anything is asked: whatever happens next, this state opens nothing a second time.
        login.answered_at = now
        login_id, redirect_uri = login.id, login.redirect_uri
    code = answer.get("code")
    if not code:
        outcome: Outcome = "declined" if answer.get("error") == "access_denied" else "failed"
        await _keep(caller, login_id, outcome, None, {"said": (answer.get("error_description") or "")[:300]})
        return login_id
    try:
        short = await granting.redeem_code(app, code, redirect_uri, caller.organization_id)
        given = await _lasting(app, short, caller.organization_id)
        found = await look_at(app, given, caller.organization_id)
    except (AccessRefused, ProviderFailed, Parked) as problem:
        await _keep(caller, login_id, "failed", None, {"said": _words_of(problem)})
        raise
    await _keep(caller, login_id, found["outcome"], given, found)
    return login_id


async def take_token(caller: Caller, brand_id: UUID, given: str | None) -> UUID:
    """Take a system user's token that somebody pasted, or without one the installation's; the login with what it may read.

    Raises MetaNotSetUp, NotThere, SystemUserNotAllowed, TokenOfAnotherApplication, TokenReadsNoAds, AccessRefused, Parked or
    a ProviderFailed. Opens transactions of its own.
    """
    app, now = application(), clock.now()
    async with tenant_session(caller.organization_id) as db:
        await brand_by_id(db, brand_id)
    used = given or lent_token(caller.organization_id)
    found = await look_at(app, used, caller.organization_id)
    if found["outcome"] == "partial":
        raise TokenReadsNoAds(found["facts"]["scopes"])
    async with tenant_session(caller.organization_id) as db:
        login = AdLogin(
            brand_id=brand_id,
            user_id=caller.user_id,
            state_hash=fingerprint(token()),
            auth_method="system_user",
            created_at=now,
            answered_at=now,
            expires_at=now + CHOOSING_TIME,
            access_token=seal(given, SEALED_LOGIN) if given else None,
            found=await _with_missing(db, brand_id, found),
        )
        db.add(login)
        await db.flush()
        await record(db, caller, "ads.token_given", "brand", brand_id, {"own": given is not None})
        return login.id


async def login_of(db: Db, caller: Caller, session: str | None, login_id: UUID, *, lock: bool = False) -> AdLogin:
    """A login, for who began it. Raises NotThere, LoginElsewhere or LoginOver."""
    query = select(AdLogin).where(AdLogin.id == login_id)
    login = await db.scalar(query.with_for_update() if lock else query)
    if login is None:
        raise NotThere("login")
    check_own(login, caller, session)
    if login.expires_at <= clock.now() or login.ended_at is not None:
        raise LoginOver
    return login


def check_own(login: AdLogin, caller: Caller, session: str | None) -> None:
    """Raises LoginElsewhere unless it is the same person, and the same browser where one began it."""
    if login.user_id != caller.user_id:
        raise LoginElsewhere
    if login.session_hash is not None and (session is None or fingerprint(session) != login.session_hash):
        raise LoginElsewhere


async def look_at(app: Application, given: str, organization_id: UUID) -> dict[str, Any]:
    """What a token may read, as it is kept until accounts are chosen; the token itself is not in it.

    Raises TokenOfAnotherApplication, AccessRefused, Parked or a ProviderFailed.
    """
    facts = await granting.inspect(app, given, organization_id)
    if facts.app_id and facts.app_id != app.id:
        raise TokenOfAnotherApplication(facts.app_id)
    granting.check_of(facts)
    if "ads_read" not in facts.scopes and "ads_management" not in facts.scopes:
        return {"outcome": "partial", "facts": _plain(facts, ""), "accounts": [], "missing": []}
    name = await granting.name_of_subject(app, given, organization_id)
    accounts = await granting.accounts_of(app, given, organization_id)
    businesses = await _businesses(app, given, facts, organization_id)
    granted = facts.granted_ids("ads_read")
    shown = [_offered(account, granted) for account in accounts]
    listed = {account.external_id for account in accounts}
    missing = [
        {"external_id": f"act_{one}", "name": "", "why": "It was granted, and Meta does not list it: it was closed, or "
         "the person has no role on it any more."}
        for one in sorted(granted or ())
        if f"act_{one}" not in listed
    ]  # fmt: skip
    outcome: Outcome = "choose" if any(one["usable"] for one in shown) else "nothing"
    told = in_businesses(accounts, businesses)
    return {
        "outcome": outcome,
        "facts": _plain(facts, name),
        "accounts": shown,
        "missing": missing,
        "businesses": [asdict(one) for one in told],
    }


async def _businesses(
    app: Application, given: str, facts: TokenFacts, organization_id: UUID
) -> Sequence[FoundBusiness]:
    """The businesses with their accounts; none where they may not be asked for, or Meta does not tell."""
    if "business_management" not in facts.scopes:
        return ()
    try:
        return await granting.businesses_of(app, given, organization_id)
    except (AccessRefused, ProviderFailed):
        # They only bring order into the list: without them an account still says whose it is.
        return ()


def in_businesses(accounts: Sequence[FoundAccount], told: Sequence[FoundBusiness]) -> list[FoundBusiness]:
    """The businesses through which accounts are reached, in the order in which they were told.

    A business works with its own accounts and with those of its clients, so that an account may stand in several. What none
    of them names stands with whoever owns it.
    """
    there = {account.external_id: account for account in accounts}
    found = {
        one.id: FoundBusiness(one.id, one.name, tuple(name for name in one.account_ids if name in there))
        for one in told
    }
    named = {name for business in found.values() for name in business.account_ids}
    for account in accounts:
        if account.external_id not in named:
            key = account.business_id or ""
            business = found.get(key) or FoundBusiness(key, account.business_name or "", ())
            found[key] = replace(business, account_ids=(*business.account_ids, account.external_id))
    return [business for business in found.values() if business.account_ids]


async def _lasting(app: Application, short: str, organization_id: UUID) -> str:
    """A token for long. Those of a business integration last for ever as they are: exchanged, they would not."""
    facts = await granting.inspect(app, short, organization_id)
    if facts.refusal is None and facts.expires_at is None:
        return short
    return await granting.prolong(app, short, organization_id)


async def _keep(caller: Caller, login_id: UUID, outcome: Outcome, given: str | None, found: Mapping[str, Any]) -> None:
    async with tenant_session(caller.organization_id) as db:
        login = await db.scalar(select(AdLogin).where(AdLogin.id == login_id).with_for_update())
        if login is None:
            # The brand was dropped meanwhile.
            raise NotThere("login")
        login.found = await _with_missing(db, login.brand_id, {**found, "outcome": outcome})
        login.expires_at = clock.now() + CHOOSING_TIME
        # Without the permission it opens nothing, and need not lie about.
        login.access_token = seal(given, SEALED_LOGIN) if given and outcome == "choose" else None
        await record(db, caller, "ads.login_answered", "brand", login.brand_id, {"outcome": outcome})


async def _with_missing(db: Db, brand_id: UUID, found: Mapping[str, Any]) -> dict[str, Any]:
    """With the brand's accounts that are connected today and would be left out."""
    if found["outcome"] not in ("choose", "nothing"):
        return dict(found)
    rows = await db.execute(
        select(AdAccount.external_id, AdAccount.name)
        .join(BrandAdAccount, BrandAdAccount.ad_account_id == AdAccount.id)
        .where(BrandAdAccount.brand_id.in_(await one_with(db, brand_id)), AdAccount.platform == "meta")
        .distinct()
        .order_by(AdAccount.name)
    )
    known = {one["external_id"] for one in (*found["accounts"], *found["missing"])}
    left_out = [
        {
            "external_id": external_id,
            "name": name,
            "why": "It was connected before. This time it was not ticked in Meta's dialog, or the person has no role on it.",
        }
        for external_id, name in rows
        if external_id not in known
    ]
    return {**found, "missing": [*found["missing"], *left_out]}


def _offered(account: FoundAccount, granted: frozenset[str] | None) -> dict[str, Any]:
    """An account with whether it can be chosen, and what is to be known about it."""
    digits = account.external_id.removeprefix("act_")
    refused = None
    if granted is not None and digits not in granted and account.external_id not in granted:
        refused = "The permission to read ads was not given for this account."
    elif account.tasks and not _READING.intersection(account.tasks):
        refused = "The person may only draft ads in it. The task View performance is needed (ANALYZE at Meta)."
    elif account.time_zone not in _ZONES:
        refused = f"Its time zone {account.time_zone} is not known here, so its days would be wrong."
    elif not account.currency:
        refused = "Meta does not say its currency."
    note = None
    if not delivers(account.account_status):
        because = disabled_because(account.disable_reason)
        note = (
            f"It is {standing_of(account.account_status)}{f': {because}' if because else ''}. What it did can be read."
        )
    return {**asdict(account), "usable": refused is None, "why": refused or note}


def _plain(facts: TokenFacts, name: str) -> dict[str, Any]:
    return {
        "app_id": facts.app_id,
        "kind": facts.kind,
        "subject_id": facts.subject_id,
        "subject_name": name,
        "expires_at": _iso(facts.expires_at),
        "data_access_expires_at": _iso(facts.data_access_expires_at),
        "scopes": list(facts.scopes),
        "granular": list(facts.granular),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _words_of(problem: AccessRefused | ProviderFailed | Parked) -> str:
    return problem.title() if isinstance(problem, AccessRefused) else str(problem.detail)
