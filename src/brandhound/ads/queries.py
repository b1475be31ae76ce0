"""Reads of ad accounts that several places need."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.access import best_first
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.brands.models import Brand
from brandhound.brands.queries import one_with, present_by_id
from brandhound.core.db import Db
from brandhound.core.problems import NotThere


@dataclass(frozen=True)
class LinkedBrand:
    """A connection with the brand it serves."""

    link: BrandAdAccount
    brand_id: UUID
    brand_name: str
    is_primary: bool


async def all_accounts(db: Db) -> list[AdAccount]:
    """Every ad account of the organization, by name."""
    return list(await db.scalars(select(AdAccount).order_by(AdAccount.name, AdAccount.external_id)))


async def account_by_id(db: Db, account_id: UUID) -> AdAccount:
    """One ad account. Raises NotThere."""
    account = await db.get(AdAccount, account_id)
    if account is None:
        raise NotThere("ad account")
    return account


async def name_of_account(db: Db, account_id: UUID) -> str | None:
    """What an ad account is called; None where there is none."""
    return await db.scalar(select(AdAccount.name).where(AdAccount.id == account_id))


async def link_by_id(db: Db, link_id: UUID) -> BrandAdAccount:
    """One connection. Raises NotThere."""
    link = await db.scalar(select(BrandAdAccount).where(BrandAdAccount.id == link_id))
    if link is None:
        raise NotThere("connection")
    return link


async def links_of_brand(db: Db, brand_id: UUID, account_id: UUID | None = None) -> list[BrandAdAccount]:
    """A brand's connections, of one account if it is named, held until the transaction ends.

    Those of brands that were merged into it are its own, until that is taken back.
    """
    query = select(BrandAdAccount).where(BrandAdAccount.brand_id.in_(await one_with(db, brand_id)))
    if account_id is not None:
        query = query.where(BrandAdAccount.ad_account_id == account_id)
    held = query.order_by(BrandAdAccount.id).with_for_update().execution_options(populate_existing=True)
    return list(await db.scalars(held))


async def links_of(db: Db, account_ids: Sequence[UUID] | None = None) -> dict[UUID, list[LinkedBrand]]:
    """The connections of accounts, of all unless some are named: by account, the primary ones first.

    A brand that was merged into another is shown as that other; if both have a connection, the better one is shown.
    """
    query = select(BrandAdAccount)
    if account_ids is not None:
        query = query.where(BrandAdAccount.ad_account_id.in_(account_ids))
    links = list(await db.scalars(query))
    present = await present_by_id(db)
    names = {brand.id: brand for brand in await db.scalars(select(Brand).where(Brand.merged_into.is_(None)))}
    together: dict[tuple[UUID, UUID], list[BrandAdAccount]] = {}
    for link in links:
        together.setdefault((link.ad_account_id, present.get(link.brand_id, link.brand_id)), []).append(link)
    shown = [
        (account_id, names[brand_id], best_first(same)[0], any(link.is_primary for link in same))
        for (account_id, brand_id), same in together.items()
    ]
    found: dict[UUID, list[LinkedBrand]] = {}
    for account_id, brand, link, is_primary in sorted(shown, key=lambda one: (not one[3], one[1].name_key)):
        found.setdefault(account_id, []).append(LinkedBrand(link, brand.id, brand.name, is_primary))
    return found


async def brands_served(db: Db, external_ids: Sequence[str]) -> dict[str, list[UUID]]:
    """The brands that accounts at Meta serve already, by the accounts' names there."""
    rows = await db.execute(
        select(AdAccount.external_id, BrandAdAccount.brand_id)
        .join(BrandAdAccount, BrandAdAccount.ad_account_id == AdAccount.id)
        .where(AdAccount.platform == "meta", AdAccount.external_id.in_(external_ids))
    )
    present = await present_by_id(db)
    found: dict[str, list[UUID]] = {}
    for external_id, brand_id in rows:
        brands = found.setdefault(external_id, [])
        if (shown := present.get(brand_id, brand_id)) not in brands:
            brands.append(shown)
    return found
