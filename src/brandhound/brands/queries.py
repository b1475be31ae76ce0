"""Reads of brands that several places need."""

from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from brandhound.brands.models import Brand
from brandhound.brands.names import BrandNames
from brandhound.core.db import Db
from brandhound.core.problems import NotThere

_KIND_ORDER = case({"own": 0, "client": 1}, value=Brand.kind, else_=2)


async def all_brands(db: Db) -> list[Brand]:
    """Every brand of the organization with its names: own first, then clients, then competitors."""
    found = await db.scalars(select(Brand).options(selectinload(Brand.names)).order_by(_KIND_ORDER, Brand.name_key))
    return list(found)


async def brand_by_id(db: Db, brand_id: UUID) -> Brand:
    """One brand with its names. Raises NotThere."""
    brand = await db.scalar(select(Brand).where(Brand.id == brand_id).options(selectinload(Brand.names)))
    if brand is None:
        raise NotThere("brand")
    return brand


async def brand_names_of(db: Db) -> list[BrandNames]:
    """The names of every brand that is not paused, as matching wants them."""
    found = await db.scalars(
        select(Brand).where(Brand.paused.is_(False)).options(selectinload(Brand.names)).order_by(Brand.id)
    )
    return [brand.as_names() for brand in found]


async def names_version(db: Db) -> str:
    """A stamp that differs whenever `brand_names_of` would: keep what was built from the names under it."""
    rows = select(Brand.id, Brand.revision).where(Brand.paused.is_(False)).order_by(Brand.id).subquery()
    stamp = func.md5(func.string_agg(func.concat(rows.c.id, ":", rows.c.revision), ","))
    return await db.scalar(select(func.coalesce(stamp, "none"))) or "none"
