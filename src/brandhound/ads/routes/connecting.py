"""Connecting ad accounts."""

from uuid import UUID

from fastapi import APIRouter, Request

from brandhound.ads.access import installation_token, is_allowed
from brandhound.ads.choosing import Choice, choose_accounts
from brandhound.ads.connecting import COMES_BACK_TO, begin_login, login_of, take_answer, take_token
from brandhound.ads.meta.calling import MetaNotSetUp, application
from brandhound.ads.meta.granting import SCOPES
from brandhound.ads.models import AdLogin
from brandhound.ads.queries import all_accounts, brands_served
from brandhound.ads.schemas import (
    AccountChoices,
    AdAccountList,
    BegunLogin,
    ConnectOptions,
    GivenToken,
    LoginAnswer,
    LoginOut,
    NewLogin,
)
from brandhound.ads.showing import shown_accounts, shown_login
from brandhound.brands.queries import brand_by_id, one_with
from brandhound.core.db import Db, tenant_session
from brandhound.core.settings import settings
from brandhound.tenancy.callers import COOKIE, Admin, TenantDb, Viewer

router = APIRouter(prefix="/api/ad-accounts", tags=["ad-accounts"])


@router.get("/options")
async def read_connect_options(request: Request, caller: Viewer) -> ConnectOptions:
    """Which ways there are to connect ad accounts here, and what is to be entered at Meta."""
    try:
        is_set_up, for_business = True, bool(application().config_id)
    except MetaNotSetUp:
        is_set_up, for_business = False, False
    base = here(request)
    lent = installation_token() is not None
    return ConnectOptions(
        is_set_up=is_set_up,
        for_business=for_business,
        system_user=("allowed" if is_allowed(caller.organization_id) else "not_allowed") if lent else "none",
        may_operate=caller.operator,
        scopes=list(SCOPES),
        redirect_uri=f"{base}{COMES_BACK_TO}",
        deauthorize_url=f"{base}/api/ad-accounts/meta/deauthorization",
        data_deletion_url=f"{base}/api/ad-accounts/meta/data-deletion",
        version=settings().meta_version,
    )


@router.post("/logins", status_code=201)
async def begin_ad_login(new: NewLogin, request: Request, db: TenantDb, caller: Admin) -> BegunLogin:
    """Begin a login at Meta; the person goes on at the address that comes back, within ten minutes."""
    session = request.cookies.get(COOKIE) if caller.user_id is not None else None
    login, address = await begin_login(db, caller, new.brand_id, session, here(request), again=new.again)
    return BegunLogin(id=login.id, dialog_url=address, expires_at=login.expires_at)


@router.post("/logins/answer")
async def answer_ad_login(answer: LoginAnswer, request: Request, caller: Admin) -> LoginOut:
    """Take what Meta sent the person back with, once, and look at what may be read."""
    told = {
        "code": answer.code.get_secret_value() if answer.code else None,
        "error": answer.error,
        "error_description": answer.error_description,
    }
    session = request.cookies.get(COOKIE)
    login_id = await take_answer(caller, session, answer.state, told)
    async with tenant_session(caller.organization_id) as db:
        return await _shown(db, await login_of(db, caller, session, login_id))


@router.post("/logins/system-user", status_code=201)
async def give_ad_token(given: GivenToken, request: Request, caller: Admin) -> LoginOut:
    """Look at what a system user's token may read: a pasted one, or the installation's where that is allowed."""
    token = given.token.get_secret_value().strip() if given.token else None
    login_id = await take_token(caller, given.brand_id, token or None)
    async with tenant_session(caller.organization_id) as db:
        return await _shown(db, await login_of(db, caller, request.cookies.get(COOKIE), login_id))


@router.get("/logins/{login_id}")
async def read_ad_login(login_id: UUID, request: Request, db: TenantDb, caller: Admin) -> LoginOut:
    """What can be chosen with a login."""
    return await _shown(db, await login_of(db, caller, request.cookies.get(COOKIE), login_id))


@router.post("/logins/{login_id}/accounts", status_code=201)
async def choose_ad_accounts(
    login_id: UUID, chosen: AccountChoices, request: Request, db: TenantDb, caller: Admin
) -> AdAccountList:
    """Connect the chosen accounts with their brands. What was mapped before keeps its place and its figures."""
    choices = [Choice(one.external_id, one.brand_ids) for one in chosen.accounts]
    ids = await choose_accounts(db, caller, request.cookies.get(COOKIE), login_id, choices)
    return AdAccountList(items=await shown_accounts(db, [one for one in await all_accounts(db) if one.id in ids]))


async def _shown(db: Db, login: AdLogin) -> LoginOut:
    # It may have been merged into another meanwhile.
    brand = await brand_by_id(db, (await one_with(db, login.brand_id))[0])
    names = [one["external_id"] for one in login.found.get("accounts", [])]
    return shown_login(login, brand, await brands_served(db, names))


def here(request: Request) -> str:
    """Where we are for people outside. Meta compares it letter by letter, so the public address wins over what was typed."""
    return settings().public_url or str(request.base_url).rstrip("/")
