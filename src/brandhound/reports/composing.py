"""Composes a report: gathers the mentions of a range and what surrounds them, and has them counted."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from brandhound.brands.queries import present_ids
from brandhound.core.db import Db
from brandhound.mentions.standings import thresholds
from brandhound.reports import queries
from brandhound.reports.building import Detail, Frame, build_document, with_subject
from brandhound.reports.caveats import Surroundings
from brandhound.reports.counting import Counts
from brandhound.reports.document import Range, ReportDocument
from brandhound.reports.errors import NoBrandsToReport, UnknownBrand
from brandhound.reports.ranges import check_range, range_before, range_of
from brandhound.reports.ranking import MOST_MENTIONS, listed_mentions, titled_stories, top_stories
from brandhound.reports.schemas import ReportWish
from brandhound.reports.sentences import sentence_of, stored_text


async def frame_of(db: Db, wish: ReportWish, now: datetime) -> Frame:
    """Check the wish against the organization's calendar and brands.

    Raises RangeReversed, RangeInFuture, RangeOutOfCalendar, RangeTooLong, UnknownBrand or NoBrandsToReport.
    """
    organization = await queries.organization(db)
    range_ = _checked_range(wish, organization.time_zone, now)
    wanted = await present_ids(db, wish.brand_ids)
    brands = await queries.brands_of(db, wanted)
    if missing := [brand_id for brand_id in wanted if brand_id not in {brand.id for brand in brands}]:
        raise UnknownBrand(missing)
    if not brands:
        raise NoBrandsToReport
    return Frame(
        organization_name=organization.name,
        time_zone=organization.time_zone,
        range=range_,
        before=range_before(range_, organization.time_zone) if wish.compare else None,
        brands=with_subject(brands),
        min_confidence=thresholds().accept if wish.min_confidence is None else wish.min_confidence,
        title=wish.title,
        generated_at=now.replace(microsecond=0),
    )


async def compose_document(db: Db, wish: ReportWish, now: datetime, most_listed: int = MOST_MENTIONS) -> ReportDocument:
    """What a report on this wish says, now, with so many of its mentions told one by one. Nothing is stored."""
    frame = await frame_of(db, wish, now)
    return await document_from(db, frame, await gather(db, frame), most_listed)


async def gather(db: Db, frame: Frame) -> Counts:
    """Every mention that counts, of the range and of the range before."""
    rows = await queries.counted(db, frame.range, frame.brands, frame.min_confidence, frame.time_zone)
    before = (
        await queries.counted(db, frame.before, frame.brands, frame.min_confidence, frame.time_zone)
        if frame.before
        else None
    )
    return Counts(frame.brands, rows, before)


async def document_from(db: Db, frame: Frame, counts: Counts, most_listed: int = MOST_MENTIONS) -> ReportDocument:
    """The document of mentions that were gathered."""
    around = await surroundings(db, frame)
    if frame.before and not around.can_compare(frame.before):
        counts = replace(counts, rows_before=None)
    stories, listed = await asyncio.to_thread(lambda: (top_stories(counts), listed_mentions(counts)[:most_listed]))
    shown = {row.id for row in listed} | {
        row.id for story in stories for row in (story.first, story.speaking, story.best)
    }
    details = await queries.details(db, sorted(shown))
    sentences = await asyncio.to_thread(_sentences, {row.id: details[row.id] for row in listed if row.id in details})
    titles = await queries.story_titles(db, titled_stories(counts, stories))
    return await asyncio.to_thread(build_document, frame, counts, stories, listed, details, sentences, titles, around)


async def surroundings(db: Db, frame: Frame) -> Surroundings:
    """How well the organization was listening in those days, and what it has not decided yet."""
    feeds = await queries.feeds_followed(db)
    return Surroundings(
        feeds=len(feeds),
        failing=tuple(feed.title for feed in feeds if feed.state != "active" and not feed.paused),
        paused=sum(feed.paused for feed in feeds),
        listening_since=min((feed.created_at for feed in feeds), default=None),
        earliest_mention_at=await queries.earliest_mention_at(db),
        waiting=await queries.waiting_for_judgement(db, frame.range, frame.brands, frame.min_confidence),
        time_zone=frame.time_zone,
    )


def _checked_range(wish: ReportWish, time_zone: str, now: datetime) -> Range:
    check_range(wish.since_on, wish.until_on, now.astimezone(ZoneInfo(time_zone)).date())
    return range_of(wish.since_on, wish.until_on, time_zone)


def _sentences(details: Mapping[UUID, Detail]) -> dict[UUID, str | None]:
    return {
        id_: sentence_of(detail.evidence, detail.title, stored_text(detail.text_sha256))
        for id_, detail in details.items()
    }
