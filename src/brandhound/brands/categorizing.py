"""Sectors and categories of an organization, and which of them fits a brand."""

import asyncio
from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from brandhound.brands.errors import CategoryExists
from brandhound.brands.models import BrandCategory
from brandhound.brands.proposing import ask_site
from brandhound.brands.schemas import CategoryOut, CategoryProposal, CategoryWish, NewCategory, SectorOut
from brandhound.brands.taxonomy import Category, ProposedCategory, propose_categories, taxonomy
from brandhound.brands.watching import name_key
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.providers.embedding import embedder
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


async def sectors_of(db: Db) -> list[SectorOut]:
    """Sectors by name, each with its categories; own ones among the others."""
    sectors: defaultdict[str, list[CategoryOut]] = defaultdict(list)
    for category in taxonomy():
        sectors[category.sector].append(CategoryOut(name=category.name))
    for own in await _own_rows(db):
        sectors[own.sector].append(CategoryOut(name=own.name, id=own.id))
    return [
        SectorOut(name=sector, categories=sorted(categories, key=lambda category: category.name.casefold()))
        for sector, categories in sorted(sectors.items())
    ]


async def add_category(db: Db, caller: Caller, new: NewCategory, now: datetime) -> CategoryOut:
    """Add an own category. Raises EmptyName or CategoryExists."""
    key = name_key(new.name)
    for one in (*taxonomy(), *map(_as_category, await _own_rows(db))):
        if name_key(one.name) == key:
            raise CategoryExists(one.sector)
    row = BrandCategory(name=new.name, name_key=key, sector=new.sector, created_at=now)
    db.add(row)
    await db.flush()
    await record(db, caller, "brands.category_added", "category", row.id, {"name": new.name, "sector": new.sector})
    publish(db, "brands", row.id)
    return CategoryOut(name=row.name, id=row.id)


async def drop_category(db: Db, caller: Caller, category_id: UUID) -> None:
    """Take an own category out of the list. Raises NotThere."""
    row = await db.get(BrandCategory, category_id)
    if row is None:
        raise NotThere("category")
    await record(db, caller, "brands.category_dropped", "category", row.id, {"name": row.name})
    await db.delete(row)
    publish(db, "brands", category_id)


async def proposals_for(organization_id: UUID, wish: CategoryWish) -> list[CategoryProposal]:
    """The likeliest categories. One polite request to the site where there is no description. Raises SiteUnreadable."""
    name, text = wish.name, wish.description
    if not text and wish.website:
        _, said = await ask_site(wish.website)
        name, text = name or said.name, said.description
    async with tenant_session(organization_id) as db:
        own = [_as_category(row) for row in await _own_rows(db)]
    found = await asyncio.to_thread(likeliest, name, text, own)
    return [
        CategoryProposal(
            sector=one.category.sector, name=one.category.name, confidence=round(one.probability, 3), why=one.why
        )
        for one in found
    ]


def likeliest(name: str, text: str, own: list[Category]) -> list[ProposedCategory]:
    """The same by what is at hand on this machine. Takes a moment the first time: the categories are read by the model."""
    model = embedder()
    return propose_categories(name, text, model.encode if model else None, own)


async def _own_rows(db: Db) -> list[BrandCategory]:
    return list(await db.scalars(select(BrandCategory).order_by(BrandCategory.name_key)))


def _as_category(row: BrandCategory) -> Category:
    words = tuple(dict.fromkeys(word for word in row.name_key.split() if len(word) > 2))
    return Category(row.sector, row.name, words)
