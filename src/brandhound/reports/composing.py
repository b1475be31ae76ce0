"""Composes a report: gathers the mentions of a range and what surrounds them, and has them counted."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from brandhound.brands.queries import present_ids
from brandhound.core.db import Db
from brandhound.mentions.standings import thresholds
from brandhound.mentions.tone_knowledge import tone_knowledge
from brandhound.reports import queries
from brandhound.reports.blocks import MentionListBlock, Presentation, StoryListBlock, blocks_of
from brandhound.reports.building import Detail, Frame, build_document, sources_in, with_subject
from brandhound.reports.caveats import Surroundings
from brandhound.reports.counting import Counted, Counts
from brandhound.reports.document import Range, ReportDocument
from brandhound.reports.errors import ComparedRangeUnclear, NoBrandsToReport, UnknownBrand
from brandhound.reports.presenting import presentation_of
from brandhound.reports.ranges import check_range, other_range, range_before, range_of, year_before
from brandhound.reports.ranking import RankedStory, listed_mentions, titled_stories, top_stories
from brandhound.reports.schemas import ReportWish
from brandhound.reports.sentences import sentence_of, stored_text
from brandhound.reports.summarizing import Source
from brandhound.reports.topics import Aboutness


async def frame_of(
    db: Db,
    wish: ReportWish,
    now: datetime,
    version: int | None = None,
    *,
    presentation: Presentation | None = None,
) -> Frame:
    """Check the wish against the organization's calendar and brands, and find the template: in a certain version, or that
    which is given.

    Raises RangeReversed, RangeInFuture, RangeOutOfCalendar, RangeTooLong, ComparedRangeUnclear, ComparedRangeOverlaps,
    UnknownBrand, NoBrandsToReport, or NotThere for the template.
    """
    organization = await queries.organization(db)
    range_ = _checked_range(wish, organization.time_zone, now)
    before = _compared_range(wish, range_, organization.time_zone, now)
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
        before=before,
        brands=with_subject(brands),
        min_confidence=thresholds().accept if wish.min_confidence is None else wish.min_confidence,
        title=wish.title,
        generated_at=now.replace(microsecond=0),
        presentation=presentation or await presentation_of(db, wish.template_id, version),
        told_against=wish.compare and wish.against != "before",
    )


async def compose_document(
    db: Db,
    wish: ReportWish,
    now: datetime,
    most_listed: int | None = None,
    *,
    presentation: Presentation | None = None,
) -> ReportDocument:
    """What a report on this wish says, now, with at most so many mentions in a list of it. Nothing is stored."""
    frame = await frame_of(db, wish, now, presentation=presentation)
    counts = await gather(db, frame)
    return await document_from(db, frame, counts, most_listed, about=await about_what(db, frame, counts))


async def gather(db: Db, frame: Frame) -> Counts:
    """Every mention that counts, of the range and of the range before."""
    rows = await queries.counted(db, frame.range, frame.brands, frame.min_confidence, frame.time_zone)
    before = (
        await queries.counted(db, frame.before, frame.brands, frame.min_confidence, frame.time_zone)
        if frame.before
        else None
    )
    return Counts(frame.brands, rows, before, await tone_knowledge(db), frame.scale)


async def sources_for(db: Db, frame: Frame, counts: Counts) -> list[Source]:
    """The mentions that a summary may rest on, those of the largest stories first."""
    stories = await asyncio.to_thread(top_stories, counts)
    details = await queries.details(db, sorted(_speaking(stories)))
    sentences = await asyncio.to_thread(_sentences, details)
    return [source for story in stories for source in sources_in(story, details, sentences, frame.brands)]


async def about_what(db: Db, frame: Frame, counts: Counts) -> Aboutness | None:
    """What the subject's mentions are about; None where the report does not tell."""
    return await queries.aboutness(db, counts.subject) if frame.tells_topics else None


async def document_from(
    db: Db, frame: Frame, counts: Counts, most_listed: int | None = None, *, about: Aboutness | None = None
) -> ReportDocument:
    """The document of mentions that were gathered."""
    around = await surroundings(db, frame)
    if frame.before and not around.can_compare(frame.before):
        counts = replace(counts, rows_before=None)
    stories, listed, largest = await asyncio.to_thread(_chosen, frame, counts, most_listed)
    details = await queries.details(db, sorted({row.id for row in listed} | _speaking(stories) | _speaking(largest)))
    told = {row.id for row in listed} | _speaking(largest)
    sentences = await asyncio.to_thread(_sentences, {id_: details[id_] for id_ in told if id_ in details})
    titles = await queries.story_titles(db, titled_stories(counts, stories))
    return await asyncio.to_thread(
        build_document, frame, counts, stories, listed, details, sentences, titles, around, largest, about
    )


def _chosen(
    frame: Frame, counts: Counts, most_listed: int | None
) -> tuple[list[RankedStory], list[Counted], list[RankedStory]]:
    """The stories and mentions that are told one by one, and, for what a template says of them, the largest stories."""
    if frame.presentation is None or not frame.has_template:
        return top_stories(counts), listed_mentions(counts)[:most_listed], []
    blocks = frame.presentation.blocks
    lists = blocks_of(blocks, MentionListBlock)
    if most_listed is not None:
        # Each by itself: of two lists the later one is not told to be empty since the first took all the places.
        lists = [block.model_copy(update={"most": min(block.most, most_listed)}) for block in lists]
    return (
        top_stories(counts, blocks_of(blocks, StoryListBlock)),
        listed_mentions(counts, lists),
        top_stories(counts),
    )


def _speaking(stories: Iterable[RankedStory]) -> set[UUID]:
    return {row.id for story in stories for row in (story.first, story.speaking, story.best)}


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


def _compared_range(wish: ReportWish, range_: Range, time_zone: str, now: datetime) -> Range | None:
    """Raises ComparedRangeUnclear, ComparedRangeOverlaps, or as `check_range`."""
    days = wish.before_since_on, wish.before_until_on
    if (wish.against == "range") != all(days) or (wish.against != "range" and any(days)):
        raise ComparedRangeUnclear
    if not wish.compare:
        return None
    if wish.against == "before":
        return range_before(range_, time_zone)
    today_on = now.astimezone(ZoneInfo(time_zone)).date()
    since_on, until_on = year_before(range_)
    if wish.before_since_on and wish.before_until_on:
        since_on, until_on = wish.before_since_on, wish.before_until_on
    return other_range(range_, since_on, until_on, time_zone, today_on)


def _sentences(details: Mapping[UUID, Detail]) -> dict[UUID, str | None]:
    return {
        id_: sentence_of(detail.evidence, detail.title, stored_text(detail.text_sha256))
        for id_, detail in details.items()
    }
