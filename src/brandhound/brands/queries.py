"""Reads of brands that several places need."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import selectinload

from brandhound.brands.models import Brand
from brandhound.brands.names import BrandNames
from brandhound.core.db import Db
from brandhound.core.problems import NotThere

_KIND_ORDER = case({"own": 0, "client": 1}, value=Brand.kind, else_=2)


async def all_brands(db: Db) -> list[Brand]:
    """Every brand of the organization with its names: own first, then clients, then competitors."""
    found = await db.scalars(
        select(Brand)
        .where(Brand.merged_into.is_(None))
        .options(selectinload(Brand.names))
        .order_by(_KIND_ORDER, Brand.name_key)
    )
    return list(found)


async def brand_by_id(db: Db, brand_id: UUID) -> Brand:
    """One brand with its names. Raises NotThere."""
    brand = await db.scalar(
        select(Brand).where(Brand.id == brand_id, Brand.merged_into.is_(None)).options(selectinload(Brand.names))
    )
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


async def present_ids(db: Db, brand_ids: Sequence[UUID]) -> list[UUID]:
    """The same brands as they are now: of those that were merged into others, the others; none twice.

    Whoever keeps identifiers of brands for long asks this, so that a merge need not look for all that is kept.
    """
    if not brand_ids:
        return []
    into = await _merged(db)
    return list(dict.fromkeys(_present(brand_id, into) for brand_id in brand_ids))


async def present_by_id(db: Db) -> dict[UUID, UUID]:
    """Of every brand that was merged into another, that other."""
    into = await _merged(db)
    return {gone: _present(gone, into) for gone in into}


async def one_with(db: Db, brand_id: UUID) -> list[UUID]:
    """A brand as it is now, and all that were merged into it: what those have is its own until that is taken back."""
    into = await _merged(db)
    present = _present(brand_id, into)
    return [present, *(gone for gone in into if _present(gone, into) == present)]


def and_merged_into(brand_id: UUID) -> Select[tuple[UUID]]:
    """A brand and all that were merged into it, as a part of larger questions."""
    kin = select(Brand.id).where(Brand.id == brand_id).cte("kin", recursive=True)
    kin = kin.union(select(Brand.id).where(Brand.merged_into == kin.c.id))
    return select(kin.c.id)


def all_one_with(brand_id: UUID) -> Select[tuple[UUID]]:
    """What `one_with` finds, as a part of larger questions: the brand as it is now, and all that were merged into it."""
    up = select(Brand.id, Brand.merged_into).where(Brand.id == brand_id).cte("up", recursive=True)
    up = up.union(select(Brand.id, Brand.merged_into).where(Brand.id == up.c.merged_into))
    kin = select(up.c.id).where(up.c.merged_into.is_(None)).cte("kin", recursive=True)
    kin = kin.union(select(Brand.id).where(Brand.merged_into == kin.c.id))
    return select(kin.c.id)


async def _merged(db: Db) -> dict[UUID, UUID]:
    merged = select(Brand.id, Brand.merged_into).where(Brand.merged_into.is_not(None))
    return {gone: kept for gone, kept in (await db.execute(merged)).all() if kept is not None}


def _present(brand_id: UUID, into: Mapping[UUID, UUID]) -> UUID:
    while brand_id in into:
        brand_id = into[brand_id]
    return brand_id
