"""Each brand's limits: from which confidence on its mentions count, and which are put to a person."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.mentions.models import BrandLimits
from brandhound.mentions.standings import Thresholds, thresholds

Limits = Mapping[UUID, Thresholds]


def limits_from(accept: float) -> Thresholds:
    """The limits of a brand that counts from `accept` on. What is put to a person is never more certain than that."""
    return Thresholds(accept, min(thresholds().doubtful, accept))


async def limits_of(db: Db, brand_ids: Iterable[UUID]) -> dict[UUID, Thresholds]:
    """The limits of these brands: their own, else the installation's."""
    wanted = set(brand_ids)
    own = await db.execute(select(BrandLimits.brand_id, BrandLimits.accept).where(BrandLimits.brand_id.in_(wanted)))
    general = thresholds()
    return dict.fromkeys(wanted, general) | {brand_id: limits_from(accept) for brand_id, accept in own}
