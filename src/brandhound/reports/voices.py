"""How loud each brand is these days, beside the days before: what a report would say of them, without making one."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from brandhound.brands.queries import brand_by_id
from brandhound.core.db import Db
from brandhound.reports import counting, queries
from brandhound.reports.building import Frame, with_subject
from brandhound.reports.composing import frame_of, gather, surroundings
from brandhound.reports.counting import Counts
from brandhound.reports.document import Headline, OutletRow, Range, ReportBrand, ShareOfVoice, Volume
from brandhound.reports.parts import Part
from brandhound.reports.ranges import days_of
from brandhound.reports.schemas import ReportWish


class Voices(Part):
    """All brands that are not paused: their mentions by day, and how the attention is divided among them."""

    range: Range
    before: Range | None = Field(
        description="As many days before. None: nothing was listened to then, so nothing is compared."
    )
    brands: tuple[ReportBrand, ...]
    volume: Volume
    share: ShareOfVoice


class BrandVoice(Voices):
    """The same, with the figures of the one brand that is the subject and the outlets that wrote most about it."""

    headline: Headline
    outlets: tuple[OutletRow, ...]


async def voices(db: Db, days: int, now: datetime) -> Voices:
    """The last days up to today, in the organization's zone. Raises NoBrandsToReport."""
    frame = await _frame(db, days, now)
    counts = await _counts(db, frame)
    return await asyncio.to_thread(lambda: Voices(**_common(frame, counts)))


async def voice_of(db: Db, brand_id: UUID, days: int, now: datetime) -> BrandVoice:
    """One brand among the others; a paused one, too. Raises NotThere."""
    brand = await brand_by_id(db, brand_id)
    frame = await _frame(db, days, now, about=brand.id)
    counts = await _counts(db, frame)
    return await asyncio.to_thread(
        lambda: BrandVoice(
            **_common(frame, counts), headline=counting.headline(counts), outlets=counting.outlets(counts)
        )
    )


async def _frame(db: Db, days: int, now: datetime, *, about: UUID | None = None) -> Frame:
    today = now.astimezone(ZoneInfo((await queries.organization(db)).time_zone)).date()
    wish = ReportWish(since_on=today - timedelta(days=days - 1), until_on=today)
    if about is None:
        return await frame_of(db, wish, now)
    frame = await frame_of(db, wish.model_copy(update={"brand_ids": [about]}), now)
    there = {brand.id: brand for brand in (*frame.brands, *await queries.brands_of(db, ()))}
    marked = [brand.model_copy(update={"subject": brand.id == about}) for brand in with_subject([*there.values()])]
    return replace(frame, brands=tuple(marked))


async def _counts(db: Db, frame: Frame) -> Counts:
    counts = await gather(db, frame)
    around = await surroundings(db, frame)
    is_known = frame.before is not None and around.can_compare(frame.before)
    return counts if is_known else replace(counts, rows_before=None)


def _common(frame: Frame, counts: Counts) -> dict[str, Any]:
    return {
        "range": frame.range,
        "before": frame.before if counts.rows_before is not None else None,
        "brands": frame.brands,
        "volume": counting.volume(counts, days_of(frame.range)),
        "share": counting.share_of_voice(counts),
    }
