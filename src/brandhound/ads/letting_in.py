"""Letting a client connect who has a link and no account here: their ad accounts, one brand, once.

Looks past the wall between organizations for one thing: whose link, or whose login by a link, this is. From there on the client
acts inside that organization, and is told of it no more than its name and the brand's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from brandhound.ads.choosing import Choice, choose_accounts
from brandhound.ads.connecting import login_of, send_to_dialog, take_answer
from brandhound.ads.errors import LoginOver, NoSuchConnectLink
from brandhound.ads.models import AdAccount, AdConnectLink, AdLogin
from brandhound.ads.queries import brands_served
from brandhound.ads.schemas import LoginOut
from brandhound.ads.showing import shown_login
from brandhound.brands.models import Brand
from brandhound.brands.queries import brand_by_id, one_with
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.problems import TooManyRequests
from brandhound.core.secrets import fingerprint, token
from brandhound.core.system import system_session
from brandhound.notifications.notifying import notify
from brandhound.tenancy.audit import record
from brandhound.tenancy.models import Organization
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role

MARK = "link-"
"""The one-time word of a client's login begins so: Meta sends everybody back to the same address."""
MINUTE = timedelta(minutes=1)
MOST_A_MINUTE = 30
"""Times that one link may be asked for in a minute."""


@dataclass(frozen=True)
class Invited:
    """What a client is told of who asks."""

    organization: str
    brand: str
    expires_at: datetime


@dataclass(frozen=True)
class SetOut:
    """A client on the way to Meta: the dialog, and what their browser keeps meanwhile."""

    dialog_url: str
    session: str


@dataclass(frozen=True)
class Connected:
    """What a client connected."""

    invited: Invited
    names: list[str]


@dataclass(frozen=True)
class _Found:
    organization_id: UUID
    organization: str
    link_id: UUID
    time_zone: str

    @property
    def caller(self) -> Caller:
        """The client: nobody who is known here."""
        return Caller(self.organization_id, Role.GUEST, self.time_zone)


async def look(secret: str) -> Invited:
    """Who asks, and for which brand. Raises NoSuchConnectLink for one that never was, is over or was taken back."""
    found = await _link(secret)
    async with tenant_session(found.organization_id) as db:
        link, brand = await _open_link(db, found.link_id)
        return Invited(found.organization, brand.name, link.expires_at)


async def set_out(secret: str, base: str) -> SetOut:
    """Begin a login at Meta. Raises NoSuchConnectLink or MetaNotSetUp."""
    found, session = await _link(secret), token()
    async with tenant_session(found.organization_id) as db:
        link, brand = await _open_link(db, found.link_id)
        login = AdLogin(brand_id=brand.id, connect_link_id=link.id, session_hash=fingerprint(session))
        address = await send_to_dialog(db, login, f"{MARK}{token()}", base)
        link.opened_at = clock.now()
        facts: dict[str, object] = {"link_id": str(link.id), "label": link.label}
        await record(db, found.caller, "ads.connect_link_opened", "brand", brand.id, facts)
        publish(db, "ad-accounts", link.id)
    return SetOut(address, session)


async def come_back(state: str, answer: Mapping[str, str | None], session: str | None) -> UUID:
    """Take what Meta sent the client back with, once; the login with what came of it.

    Raises NoSuchConnectLink and whatever `take_answer` does.
    """
    found = await _login_found(AdLogin.state_hash == fingerprint(state))
    async with tenant_session(found.organization_id) as db:
        await _open_link(db, found.link_id)
    return await take_answer(found.caller, session, state, answer)


async def offer(login_id: UUID, session: str | None) -> tuple[Invited, LoginOut]:
    """What the client may choose among. Raises NoSuchConnectLink, LoginElsewhere or LoginOver."""
    found = await _login_found(AdLogin.id == login_id)
    async with tenant_session(found.organization_id) as db:
        link, brand = await _open_link(db, found.link_id)
        login = await login_of(db, found.caller, session, login_id)
        names = [one["external_id"] for one in login.found.get("accounts", [])]
        # What other brands have, and what this one had before, is none of the client's business.
        served = {
            name: [one for one in ids if one == brand.id] for name, ids in (await brands_served(db, names)).items()
        }
        shown = shown_login(login, brand, served).model_copy(update={"missing": []})
        if login.found.get("facts", {}).get("kind") == "SYSTEM_USER":
            # Meta makes one for the connection: the client logged in as somebody else.
            shown.subject_name = None
        return Invited(found.organization, brand.name, link.expires_at), shown


async def choose(login_id: UUID, session: str | None, external_ids: Sequence[str]) -> Connected:
    """Connect what the client chose with the link's brand, and with no other; then the link is over.

    Raises NoSuchConnectLink, LoginElsewhere, LoginOver or AccountNotOffered.
    """
    found = await _login_found(AdLogin.id == login_id)
    async with tenant_session(found.organization_id) as db:
        # Held until the end, so that two tabs do not use it twice.
        link, brand = await _open_link(db, found.link_id, lock=True)
        if not external_ids:
            raise LoginOver
        login = await login_of(db, found.caller, session, login_id, lock=True)
        told: Mapping[str, Any] = login.found.get("facts") or {}
        choices = [Choice(one, [brand.id]) for one in dict.fromkeys(external_ids)]
        ids = await choose_accounts(db, found.caller, session, login_id, choices)
        link.used_at, link.accounts = clock.now(), len(ids)
        link.used_by, link.subject_id = told.get("subject_name") or None, told.get("subject_id") or None
        # Others that were begun by it hold tokens, and come to nothing any more.
        await db.execute(delete(AdLogin).where(AdLogin.connect_link_id == link.id, AdLogin.id != login_id))
        names = list(await db.scalars(select(AdAccount.name).where(AdAccount.id.in_(ids)).order_by(AdAccount.name)))
        # Without a name from Meta: nothing leaves the book again, and whose it is may ask that it be deleted.
        facts: dict[str, object] = {
            "link_id": str(link.id),
            "label": link.label,
            "accounts": [choice.external_id for choice in choices],
        }
        await record(db, found.caller, "ads.connect_link_used", "brand", brand.id, facts)
        await notify(
            db,
            "ad_client_connected",
            f"A client connected {'an ad account' if len(ids) == 1 else f'{len(ids)} ad accounts'} with {brand.name}",
            f"{', '.join(names[:5])}{' and more' if len(names) > 5 else ''}. Figures come in by themselves from now on.",
            href=f"/ad-accounts?account={ids[0]}",
            facts={"account_ids": [str(one) for one in ids], "brand_id": str(brand.id)},
        )
        publish(db, "ad-accounts", link.id)
        return Connected(Invited(found.organization, brand.name, link.expires_at), names)


async def _open_link(db: Db, link_id: UUID, *, lock: bool = False) -> tuple[AdConnectLink, Brand]:
    query = select(AdConnectLink).where(AdConnectLink.id == link_id)
    link = await db.scalar(query.with_for_update() if lock else query)
    if link is None or link.used_at or link.revoked_at or link.expires_at <= clock.now():
        raise NoSuchConnectLink
    # It may have been merged into another meanwhile.
    return link, await brand_by_id(db, (await one_with(db, link.brand_id))[0])


async def _link(secret: str) -> _Found:
    """The link, with this question counted."""
    now = clock.now()
    async with system_session() as db:
        link = await db.scalar(
            select(AdConnectLink).where(AdConnectLink.token_hash == fingerprint(secret)).with_for_update()
        )
        if link is None:
            raise NoSuchConnectLink
        if link.asked_at is None or not now - MINUTE < link.asked_at <= now:
            link.asked, link.asked_at = 0, now
        if link.asked >= MOST_A_MINUTE:
            raise TooManyRequests(int((link.asked_at + MINUTE - now).total_seconds()) + 1)
        link.asked += 1
        return await _found(db, link.organization_id, link.id)


async def _login_found(condition: ColumnElement[bool]) -> _Found:
    async with system_session() as db:
        login = await db.scalar(select(AdLogin).where(condition, AdLogin.connect_link_id.is_not(None)))
        if login is None or login.connect_link_id is None:
            raise NoSuchConnectLink
        return await _found(db, login.organization_id, login.connect_link_id)


async def _found(db: Db, organization_id: UUID, link_id: UUID) -> _Found:
    organization = await db.get(Organization, organization_id)
    if organization is None:
        raise NoSuchConnectLink
    return _Found(organization_id, organization.name, link_id, organization.time_zone)
