"""What verdicts rest on, in one short text: as long as it is the same, they are, too."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from brandhound.ads.fact_models import AdDailyFact, AdWindowReach
from brandhound.ads.object_models import Ad, AdActivity, AdCampaign, AdCreative, AdSet
from brandhound.ads.standings.models import WINDOWS, AdAim, AdBaseline
from brandhound.core.db import Db


async def rests_on(db: Db, account_id: UUID, until: date) -> str:
    """A digest of it: figures up to that day, whom windows reached, what ads are and what was done to them, and the aim.

    A row of figures has the moment from which on it was as it is, so that no figure has to be looked at.
    """
    parts: list[tuple[Any, ...]] = [("until", until.isoformat())]
    for asked in _questions(account_id, until):
        parts += [tuple(row) for row in await db.execute(asked)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


async def is_judged(db: Db, account_id: UUID, digest: str) -> bool:
    """Whether the verdicts that stand were made from just this."""
    facts = await db.scalar(select(AdBaseline.facts).where(AdBaseline.ad_account_id == account_id))
    return bool(facts) and facts.get("rests_on") == digest


def _questions(account_id: UUID, until: date) -> Sequence[Select[*tuple[Any, ...]]]:
    since = until - timedelta(days=WINDOWS[-1] - 1)
    what = func.concat_ws(
        " ", Ad.id, Ad.effective_status, Ad.creative_id, AdCreative.version, AdSet.learning_stage, AdCampaign.objective
    ).cast(String)
    return [
        select(func.count(), func.max(AdDailyFact.observed_at)).where(
            AdDailyFact.ad_account_id == account_id, AdDailyFact.day >= since, AdDailyFact.day <= until
        ),
        select(func.count(), func.max(AdWindowReach.observed_at)).where(
            AdWindowReach.ad_account_id == account_id, AdWindowReach.until >= since
        ),
        select(func.count(), func.max(AdActivity.happened_at)).where(AdActivity.account_id == account_id),
        select(AdAim.changed_at).where(AdAim.ad_account_id == account_id),
        select(func.md5(func.string_agg(what, aggregate_order_by(literal(","), Ad.id))))
        .outerjoin(AdCampaign, AdCampaign.id == Ad.campaign_id)
        .outerjoin(AdSet, AdSet.id == Ad.ad_set_id)
        .outerjoin(AdCreative, AdCreative.id == Ad.creative_id)
        .where(Ad.account_id == account_id),
    ]
