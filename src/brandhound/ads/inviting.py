"""Inviting a client to connect their ad accounts: links that are good for once, told once, ended by time or by hand."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from brandhound.ads.errors import ConnectLinkUsed
from brandhound.ads.meta.calling import application
from brandhound.ads.models import AdConnectLink, AdLogin
from brandhound.ads.schemas import ConnectLinkMade, ConnectLinkOut, NewConnectLink
from brandhound.brands.models import Brand
from brandhound.brands.queries import all_brands, brand_by_id, one_with, present_by_id
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.secrets import fingerprint, token
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

ADDRESS = "/api/connect-ads"
_SHOWN = 100


async def make_link(db: Db, caller: Caller, wish: NewConnectLink, base: str) -> ConnectLinkMade:
    """A link for one brand; only its hash is kept. Raises MetaNotSetUp or NotThere."""
    application()
    brand = await brand_by_id(db, wish.brand_id)
    secret = token()
    link = AdConnectLink(
        brand_id=brand.id,
        label=wish.label.strip(),
        token_hash=fingerprint(secret),
        expires_at=clock.now() + timedelta(days=wish.days),
        created_by=caller.user_id,
        created_at=clock.now(),
        accounts=0,
        asked=0,
    )
    db.add(link)
    await db.flush()
    facts: dict[str, object] = {"link_id": str(link.id), "label": link.label, "days": wish.days}
    await record(db, caller, "ads.connect_link_made", "brand", brand.id, facts)
    publish(db, "ad-accounts", link.id)
    return ConnectLinkMade(**_shown(link, brand, clock.now()).model_dump(), url=f"{base}{ADDRESS}/{secret}")


async def links_made(db: Db, brand_id: UUID | None) -> list[ConnectLinkOut]:
    """The links, of one brand if it is named, the latest first."""
    query = select(AdConnectLink).order_by(AdConnectLink.id.desc()).limit(_SHOWN)
    if brand_id is not None:
        query = query.where(AdConnectLink.brand_id.in_(await one_with(db, brand_id)))
    links = await db.scalars(query)
    present, now = await present_by_id(db), clock.now()
    brands = {brand.id: brand for brand in await all_brands(db)}
    return [_shown(link, brands[present.get(link.brand_id, link.brand_id)], now) for link in links]


async def take_back(db: Db, caller: Caller, link_id: UUID) -> None:
    """End a link now, with the logins that were begun by it. Safe to repeat. Raises NotThere or ConnectLinkUsed."""
    link = await db.scalar(select(AdConnectLink).where(AdConnectLink.id == link_id).with_for_update())
    if link is None:
        raise NotThere("connect link")
    if link.used_at is not None:
        raise ConnectLinkUsed
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        # What is under way holds a token.
        await db.execute(delete(AdLogin).where(AdLogin.connect_link_id == link_id))
        facts: dict[str, object] = {"link_id": str(link.id), "label": link.label}
        await record(db, caller, "ads.connect_link_taken_back", "brand", link.brand_id, facts)
        publish(db, "ad-accounts", link.id)


def _shown(link: AdConnectLink, brand: Brand, now: datetime) -> ConnectLinkOut:
    return ConnectLinkOut(
        id=link.id,
        brand_id=brand.id,
        brand_name=brand.name,
        label=link.label,
        state="used"
        if link.used_at
        else "revoked"
        if link.revoked_at
        else "expired"
        if link.expires_at <= now
        else "open",
        expires_at=link.expires_at,
        opened_at=link.opened_at,
        used_at=link.used_at,
        used_by=link.used_by,
        accounts=link.accounts,
        created_at=link.created_at,
    )
