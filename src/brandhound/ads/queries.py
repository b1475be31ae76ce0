"""Reads of ad accounts that several places need."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.brands.models import Brand
from brandhound.core.db import Db
from brandhound.core.problems import NotThere


@dataclass(frozen=True)
class LinkedBrand:
    """A connection with the brand it serves."""

    link: BrandAdAccount
    brand_id: UUID
    brand_name: str


async def all_accounts(db: Db) -> list[AdAccount]:
    """Every ad account of the organization, by name."""
    return list(await db.scalars(select(AdAccount).order_by(AdAccount.name, AdAccount.external_id)))


async def account_by_id(db: Db, account_id: UUID) -> AdAccount:
    """One ad account. Raises NotThere."""
    account = await db.get(AdAccount, account_id)
    if account is None:
        raise NotThere("ad account")
    return account


async def link_by_id(db: Db, link_id: UUID, *, lock: bool = False) -> BrandAdAccount:
    """One connection. Raises NotThere."""
    query = select(BrandAdAccount).where(BrandAdAccount.id == link_id)
    link = await db.scalar(query.with_for_update() if lock else query)
    if link is None:
        raise NotThere("connection")
    return link


async def links_of(db: Db, account_ids: Sequence[UUID] | None = None) -> dict[UUID, list[LinkedBrand]]:
    """The connections of accounts, of all unless some are named: by account, the primary ones first.

    A brand that was merged into another is shown as that other.
    """
    query = select(BrandAdAccount, Brand).join(Brand, Brand.id == BrandAdAccount.brand_id)
    if account_ids is not None:
        query = query.where(BrandAdAccount.ad_account_id.in_(account_ids))
    rows = (await db.execute(query.order_by(BrandAdAccount.is_primary.desc(), Brand.name_key))).all()
    merged = [brand.merged_into for _, brand in rows if brand.merged_into is not None]
    others: dict[UUID, Brand] = {}
    if merged:
        others = {brand.id: brand for brand in await db.scalars(select(Brand).where(Brand.id.in_(merged)))}
    found: dict[UUID, list[LinkedBrand]] = {}
    for link, brand in rows:
        shown = others.get(brand.merged_into, brand) if brand.merged_into else brand
        found.setdefault(link.ad_account_id, []).append(LinkedBrand(link, shown.id, shown.name))
    return found


async def brands_served(db: Db, external_ids: Sequence[str]) -> dict[str, list[UUID]]:
    """The brands that accounts at Meta serve already, by the accounts' names there."""
    rows = await db.execute(
        select(AdAccount.external_id, BrandAdAccount.brand_id)
        .join(BrandAdAccount, BrandAdAccount.ad_account_id == AdAccount.id)
        .where(AdAccount.platform == "meta", AdAccount.external_id.in_(external_ids))
    )
    found: dict[str, list[UUID]] = {}
    for external_id, brand_id in rows:
        found.setdefault(external_id, []).append(brand_id)
    return found
