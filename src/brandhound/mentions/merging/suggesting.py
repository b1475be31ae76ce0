"""Which brands of the organization may be the same, with what each has."""

import asyncio
from collections import OrderedDict
from threading import Lock
from uuid import UUID

from sqlalchemy import func, select

from brandhound.brands.comparing.kinship import Kinship, kin_among
from brandhound.brands.models import Brand, BrandsApart
from brandhound.brands.queries import all_brands
from brandhound.core.db import Db, organization_of
from brandhound.mentions.merging.keeping import pairs_told_apart
from brandhound.mentions.merging.schemas import BrandPair, BrandSide, MergeReason
from brandhound.mentions.models import Mention

MOST_PAIRS = 50
_KEPT = 64

_found: OrderedDict[UUID, tuple[int, list[Kinship]]] = OrderedDict()
_lock = Lock()


async def pairs_of(db: Db) -> list[BrandPair]:
    """Brands that may be the same and that nobody has told apart, the likeliest first."""
    brands = await all_brands(db)
    apart = pairs_told_apart((await db.scalars(select(BrandsApart))).all())
    kin = await _kin_of(organization_of(db), brands, apart)
    wanted = {UUID(key) for pair in kin for key in (pair.first, pair.second)}
    counted = await db.execute(
        select(Mention.brand_id, func.count())
        .where(Mention.brand_id.in_(wanted), Mention.standing != "rejected")
        .group_by(Mention.brand_id)
    )
    mentions = dict(counted.all())
    sides = {str(brand.id): _side(brand, mentions.get(brand.id, 0)) for brand in brands if brand.id in wanted}
    return [_pair(kinship, sides) for kinship in kin]


async def _kin_of(owner: UUID, brands: list[Brand], apart: frozenset[frozenset[str]]) -> list[Kinship]:
    """Compared once for the same names; a look at the list asks for nothing new."""
    names = [brand.as_names() for brand in brands]
    stamp = hash((tuple(names), apart))
    with _lock:
        kept = _found.get(owner)
        if kept and kept[0] == stamp:
            _found.move_to_end(owner)
            return kept[1]
    kin = (await asyncio.to_thread(kin_among, names, apart))[:MOST_PAIRS]
    with _lock:
        _found[owner] = (stamp, kin)
        _found.move_to_end(owner)
        while len(_found) > _KEPT:
            _found.popitem(last=False)
    return kin


def _side(brand: Brand, mentions: int) -> BrandSide:
    return BrandSide(
        id=brand.id, name=brand.name, color=brand.color, kind=brand.kind, names=len(brand.names), mentions=mentions
    )


def _pair(kinship: Kinship, sides: dict[str, BrandSide]) -> BrandPair:
    first, second = sides[kinship.first], sides[kinship.second]
    alike = list(kinship.names)
    if second.mentions > first.mentions:
        first, second, alike = second, first, alike[::-1]
    return BrandPair(
        first=first,
        second=second,
        alike=alike,
        probability=round(kinship.likeness.probability, 3),
        reasons=[MergeReason.model_validate(evidence, from_attributes=True) for evidence in kinship.likeness.evidence],
    )
